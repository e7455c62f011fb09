"""Keys of the staff list. Its sheets, columns and headers are a document (kind ``layout``)."""

from collections.abc import Mapping
from enum import Enum

from contracts.casework.directory import Appointment, LeavingReason
from contracts.roles import Role
from services.casework.workbooks.layout import ColumnType
from services.casework.workbooks.needed_columns import Fields, Needed

LIST = "staff_list"

STAFF, POSTS, DELEGATIONS = "staff", "posts", "delegations"

ENUMERATIONS: Mapping[str, type[Enum]] = {
    "staff_role": Role,
    "appointment": Appointment,
    "leaving_reason": LeavingReason,
}
"""Key of a code list → the enumeration of the codes that facts carry."""

_TEXT, _DAY = Needed(ColumnType.TEXT, required=True), Needed(ColumnType.DAY, required=True)
_NUMBER, _DIVISION = Needed(ColumnType.IDENTIFIER, required=True), Needed(ColumnType.DIVISION, required=True)

FIELDS: Fields = {
    STAFF: {
        "staff_no": _NUMBER,
        "name": Needed(ColumnType.NAME, required=True),
        "accounts": Needed(ColumnType.TEXT),
        "since": Needed(ColumnType.DAY),
    },
    POSTS: {
        "staff_no": _NUMBER,
        "role": Needed(ColumnType.CODE, required=True, codes="staff_role"),
        "title": _TEXT,
        "division": _DIVISION,
        "appointment": Needed(ColumnType.CODE, required=True, codes="appointment"),
        "since": _DAY,
        "term_ends": Needed(ColumnType.DAY),
        "left_on": Needed(ColumnType.DAY),
        "left_because": Needed(ColumnType.CODE, codes="leaving_reason"),
    },
    DELEGATIONS: {
        "staff_no": _NUMBER,
        "title": _TEXT,
        "division": _DIVISION,
        "deputy_no": _NUMBER,
        "since": _DAY,
        "until": _DAY,
        "ordered_by_no": _NUMBER,
    },
}
"""Columns that every layout of the list has."""
