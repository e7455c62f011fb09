"""Rules that look at several cells of one row."""

from calendar import monthrange
from datetime import date

from contracts.facts import Precision
from contracts.registry.households import PovertyCause, Sex
from services.registry.households.resident_id import ResidentId, birth_date_of, sex_of
from services.registry.intake.codes import DisabilityLevel
from services.registry.intake.layout import CONDITIONS, DECISION, INCOME
from services.registry.intake.reading import row_rules as rules
from services.registry.intake.reading.drafts import Day
from services.registry.intake.reading.rows import Row


def check_household(row: Row) -> None:
    """Groups are filled together; the main cause is not among the others."""
    if _half_filled(row, INCOME):
        row.wrong(rules.INCOME_INCOMPLETE, _first_blank(row, INCOME))
    if _half_filled(row, CONDITIONS):
        row.wrong(rules.CONDITIONS_INCOMPLETE, _first_blank(row, CONDITIONS))
    main = row.get("main_cause", PovertyCause)
    if main is not None and main in (row.get("other_causes", tuple) or ()):
        row.wrong(rules.CAUSE_REPEATED, "other_causes")


def check_member(row: Row, household: Row | None) -> None:
    """The ID number against what stands beside it."""
    read = row.get("id_number", ResidentId)
    if read is None:
        if not row.has("id_number") and not row.has("national_no"):
            row.wrong(rules.ID_MISSING, "id_number")
        return
    sex = row.get("sex", Sex)
    if sex is not None and sex is not sex_of(read.number):
        row.wrong(rules.SEX_CONTRADICTS_ID, "sex")
    surveyed = household.get("surveyed_on", Day) if household else None
    if surveyed is not None and birth_date_of(read.number) > _last_day(surveyed):
        row.wrong(rules.BIRTH_AFTER_SURVEY, "id_number")
    level = row.get("disability_level", DisabilityLevel)
    if level is not None and read.disability_level is not None and level.value != read.disability_level:
        row.wrong(rules.LEVEL_CONTRADICTS_CARD, "disability_level")


def check_history(row: Row) -> None:
    """A decision is whole, and was not recorded before it was made."""
    if _half_filled(row, DECISION):
        row.wrong(rules.DECISION_INCOMPLETE, _first_blank(row, DECISION))
    decided, recorded = row.get("decided_on", date), row.get("source_recorded_on", date)
    if decided is not None and recorded is not None and decided > recorded:
        row.wrong(rules.DECIDED_LATER, "decided_on")


def _half_filled(row: Row, keys: tuple[str, ...]) -> bool:
    return 0 < sum(row.has(key) for key in keys) < len(keys)


def _first_blank(row: Row, keys: tuple[str, ...]) -> str:
    return next(key for key in keys if not row.has(key))


def _last_day(known: Day) -> date:
    """The last day that the date may mean."""
    if known.precision is Precision.DAY:
        return known.day
    month = 12 if known.precision is Precision.YEAR else known.day.month
    return date(known.day.year, month, monthrange(known.day.year, month)[1])
