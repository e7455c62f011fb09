"""Keys of the household-collection form. Its sheets, columns and headers are a document (``parameters/layouts``)."""

FORM = "household_form"

HOUSEHOLDS, MEMBERS, HISTORY = "households", "members", "history"

INCOME = ("income_year", "wages", "business", "property", "transfers", "business_costs")
CONDITIONS = ("food", "clothing", "education", "medical", "housing", "water")
DECISION = ("document_no", "organ", "decided_on", "signer")
"""Groups of columns that are filled together or not at all."""

FIELDS = {
    HOUSEHOLDS: (
        "national_no", "division", "surveyed_on", "address", "phone", "account", "attribute", "main_cause", "other_causes",
        "arable_mu", "forest_mu", "housing_m2", *INCOME, *CONDITIONS,
    ),
    MEMBERS: (
        "household_no", "national_no", "name", "sex", "id_number", "relation", "school_stage", "boarder", "school", "health",
        "disability_level", "labour_skill", "phone",
    ),
    HISTORY: ("household_no", "event", "effective_on", "source_recorded_on", *DECISION),
}  # fmt: skip
"""Columns that every layout of the form has: the register asks them by these keys."""
