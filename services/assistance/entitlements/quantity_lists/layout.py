"""Keys of the list of quantities. Its sheet, columns and headers are a document (kind ``layout``)."""

from services.assistance.entitlements.told import QUANTITIES
from services.casework.workbooks.layout import ColumnType
from services.casework.workbooks.needed_columns import Fields, Needed

LIST, LINES = "entitlement_quantities", "lines"
_TEXT, _YUAN = Needed(ColumnType.TEXT, required=True), Needed(ColumnType.NUMBER, decimals=2)
_COUNT, _DAY = Needed(ColumnType.NUMBER), Needed(ColumnType.DAY, required=True)
FIELDS: Fields = {
    LINES: {
        "unit_no": Needed(ColumnType.IDENTIFIER, required=True),
        "programme": _TEXT,
        "component": _TEXT,
        "period_from": _DAY,
        **{name: _YUAN if name in ("cost", "income", "other_grants") else _COUNT for name in QUANTITIES},
        "on": _DAY,
        "paper": _TEXT,
    }
}
"""Columns that every layout of the list has."""
