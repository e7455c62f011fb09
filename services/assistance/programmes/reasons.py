"""Why a programme is for a unit, or not: named, so that the unit itself can be told."""

from enum import StrEnum


class Reason(StrEnum):
    """Each is labelled (``contracts/labels``)."""

    ELIGIBLE = "eligible"
    NOT_IN_REGISTER = "not_in_register"
    HOUSEHOLD_EXITED = "household_exited"
    HOUSEHOLD_REMOVED = "household_removed"
    HOUSEHOLD_ENDED = "household_ended"
    NOT_MONITORED = "not_monitored"
    NOT_IN_SCHOOL = "not_in_school"
    NOT_IN_STAGE = "not_in_stage"
    NO_STANDARD_IN_FORCE = "no_standard_in_force"
    NOT_A_BOARDER = "not_a_boarder"
    BIRTH_YEAR_UNKNOWN = "birth_year_unknown"
    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    ANOTHER_SEX = "another_sex"
    NOT_DISABLED = "not_disabled"
    NOT_DISABLED_ENOUGH = "not_disabled_enough"
    NO_LABOUR_ABILITY_STATED = "no_labour_ability_stated"
    LABOUR_NOT_ASKED = "labour_not_asked"
    INCOME_UNKNOWN = "income_unknown"
    INCOME_ABOVE_LINE = "income_above_line"
    RECEIVES_ANOTHER = "receives_another"
    LACKS_ANOTHER = "lacks_another"
    NOT_PROVED = "not_proved"
    ANOTHER_KIND_OF_UNIT = "another_kind_of_unit"
