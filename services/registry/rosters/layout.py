"""Keys of the pupil roster. Its sheet, columns and headers are a document (kind ``layout``)."""

from collections.abc import Mapping
from enum import Enum

from contracts.registry.codes import SchoolStage
from contracts.registry.enrolments import EnrolmentEnd, SchoolTerm
from services.casework.workbooks.layout import ColumnType
from services.casework.workbooks.needed_columns import Fields, Needed
from services.registry.intake.codes import YesNo

ROSTER, PUPILS = "pupil_roster", "pupils"
ENUMERATIONS: Mapping[str, type[Enum]] = {
    "school_stage": SchoolStage,
    "yes_no": YesNo,
    "enrolment_end": EnrolmentEnd,
    "school_term": SchoolTerm,
}
"""Key of a code list → the enumeration of the codes that a row has."""

_DAY, _NUMBER = Needed(ColumnType.DAY), Needed(ColumnType.NUMBER)
FIELDS: Fields = {
    PUPILS: {
        "id_number": Needed(ColumnType.RESIDENT_ID, required=True),
        "school_code": Needed(ColumnType.IDENTIFIER, required=True),
        "stage": Needed(ColumnType.CODE, required=True, codes="school_stage"),
        "enrolled_on": Needed(ColumnType.DAY, required=True),
        "listed_on": Needed(ColumnType.DAY, required=True),
        "grade": _NUMBER,
        "class_no": _NUMBER,
        "boarding": Needed(ColumnType.YES_NO, required=True, codes="yes_no"),
        "ended_on": _DAY,
        "ended_because": Needed(ColumnType.CODE, codes="enrolment_end"),
        "school_year": Needed(ColumnType.YEAR),
        "term": Needed(ColumnType.CODE, codes="school_term"),
        "missed_days": _NUMBER,
        "dropped_out": Needed(ColumnType.YES_NO, codes="yes_no"),
    },
}
"""Columns that every layout of the roster has."""
