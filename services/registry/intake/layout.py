"""Keys of the household-collection form. Its sheets, columns and headers are a document (``parameters/layouts``)."""

from enum import StrEnum

from services.casework.workbooks.layout import ColumnType
from services.casework.workbooks.needed_columns import Fields, Needed


class LayoutKey(StrEnum):
    """In which columns the rows of households and members stand."""

    FORM = "household_form"  # for a visit
    NATIONAL = "national_register"  # the national system's own


FORM, NATIONAL = LayoutKey.FORM.value, LayoutKey.NATIONAL.value

HOUSEHOLDS, MEMBERS, HISTORY = "households", "members", "history"

INCOME = ("income_year", "wages", "business", "property", "transfers", "business_costs")
REFERENCE = ("insurance_payouts", "compliant_spending")
RESIDENCE = ("lives_in_common", "residence_reason")
CONDITIONS = ("food", "clothing", "education", "medical", "housing", "water")
DECISION = ("document_no", "organ", "decided_on", "signer")
"""Groups of columns that are filled together or not at all."""

TEXT, PARTIAL_DATE, DAY = (
    Needed(ColumnType.TEXT),
    Needed(ColumnType.PARTIAL_DATE, required=True),
    Needed(ColumnType.DAY),
)
NUMBER_OF_HOUSEHOLD = Needed(ColumnType.IDENTIFIER, required=True)
MONEY, AREA = Needed(ColumnType.NUMBER, decimals=2), Needed(ColumnType.NUMBER, decimals=3)
YES_NO = Needed(ColumnType.YES_NO, codes="yes_no")


def _code(codes: str, *, required: bool = False) -> Needed:
    return Needed(ColumnType.CODE, required, codes)


FIELDS: Fields = {
    HOUSEHOLDS: {
        "national_no": NUMBER_OF_HOUSEHOLD,
        "division": Needed(ColumnType.DIVISION, required=True),
        "surveyed_on": PARTIAL_DATE,
        "address": TEXT,
        "phone": Needed(ColumnType.PHONE),
        "account": Needed(ColumnType.ACCOUNT),
        "attribute": _code("household_attribute"),
        "main_cause": _code("poverty_cause"),
        "other_causes": Needed(ColumnType.CODES, codes="poverty_cause", most=2),
        "arable_mu": AREA,
        "forest_mu": AREA,
        "housing_m2": AREA,
        "village_group": TEXT,
        "natural_village": TEXT,
        "risks": Needed(ColumnType.CODES, codes="risk", most=5),
        **dict.fromkeys(("irrigated_mu", "orchard_mu", "reforested_mu", "pasture_mu", "water_surface_mu"), AREA),
        "housing_grade": _code("housing_grade"),
        "road_km": AREA,
        "water_supply": _code("water_supply"),
        "power_supply": _code("power_supply"),
        "toilet": _code("toilet"),
        "cooperative_member": YES_NO,
        "relocated": YES_NO,
        "income_period": _code("income_period"),
        **dict.fromkeys(REFERENCE, MONEY),
        INCOME[0]: Needed(ColumnType.YEAR),
        **dict.fromkeys(INCOME[1:], MONEY),
        **dict.fromkeys(CONDITIONS, YES_NO),
    },
    MEMBERS: {
        "household_no": NUMBER_OF_HOUSEHOLD,
        "national_no": Needed(ColumnType.IDENTIFIER),
        "name": Needed(ColumnType.NAME, required=True),
        "sex": _code("sex"),
        "birth_year": Needed(ColumnType.YEAR),
        "document_kind": _code("document_kind"),
        "id_number": Needed(ColumnType.RESIDENT_ID),
        "no_document_reason": _code("no_document_reason"),
        "relation": _code("relation", required=True),
        "school_stage": _code("school_stage"),
        "boarder": YES_NO,
        "school": TEXT,
        "health": Needed(ColumnType.CODES, codes="health", most=4),
        "disability_level": _code("disability_level"),
        "labour_skill": _code("labour_skill"),
        "phone": Needed(ColumnType.PHONE),
        "lives_in_common": YES_NO,
        "residence_reason": _code("residence_reason"),
        "nation": _code("nation"),
        "education_level": _code("education"),
        "political_status": _code("political_status"),
        "disability_category": _code("disability_category"),
        "disability_card": Needed(ColumnType.RESIDENT_ID),
        "assistance_track": _code("assistance_track"),
        "work_place": _code("work_place"),
        "work_months": Needed(ColumnType.NUMBER),
        **dict.fromkeys(("medical_insurance", "pension_insurance"), _code("social_insurance")),
        **dict.fromkeys(("medical_contribution", "pension_contribution"), _code("contribution")),
        **dict.fromkeys(("serious_illness_insurance", "hukou_here", "lives_here"), YES_NO),
        "social_assistance": _code("social_assistance"),
        "military_service": _code("military_service"),
        "hukou_address": TEXT,
    },
    HISTORY: {
        "household_no": NUMBER_OF_HOUSEHOLD,
        "event": _code("status_event", required=True),
        "effective_on": PARTIAL_DATE,
        "source_recorded_on": DAY,
        "document_no": TEXT,
        "organ": TEXT,
        "decided_on": DAY,
        "signer": TEXT,
    },
}
"""Columns that every layout of the form has: the register asks them by these keys, and takes them for what they are here."""
NATIONAL_FIELDS: Fields = {
    **FIELDS,
    HOUSEHOLDS: {**FIELDS[HOUSEHOLDS], "income_surveyed_on": DAY},
}
COMPARED = ("head_name", "size", "poverty_status", "monitored_kind", "net_per_head")
"""Columns of the national layout that say of a household what the register knows from its facts."""
LABELLED_UNDER = {
    (HOUSEHOLDS, "division"): "HouseholdRecorded",
    (HOUSEHOLDS, "account"): "HouseholdRecorded",
    (MEMBERS, "national_no"): "Member",
}
"""The fact, or part of one, under which a column is labelled, where its key alone is labelled otherwise."""
