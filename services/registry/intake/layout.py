"""Keys of the household-collection form. Its sheets, columns and headers are a document (``parameters/layouts``)."""

from services.casework.workbooks.layout import ColumnType, Fields, Needed

FORM = "household_form"

HOUSEHOLDS, MEMBERS, HISTORY = "households", "members", "history"

INCOME = ("income_year", "wages", "business", "property", "transfers", "business_costs")
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
LABELLED_UNDER = {(HOUSEHOLDS, "account"): "HouseholdRecorded", (MEMBERS, "national_no"): "Member"}
"""The fact, or part of one, under which a column is labelled, where its key alone is labelled otherwise."""
