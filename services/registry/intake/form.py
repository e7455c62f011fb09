"""The form with what the register knows of its columns: code lists, ID numbers, and rules of its own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.casework.documents.lookup import Lookup
from services.casework.workbooks import cell_rules
from services.casework.workbooks.cells import PARSERS
from services.casework.workbooks.form import CellParser, CodeList, Form, FormColumn, Reading
from services.casework.workbooks.layout import KIND, ColumnType, layouts_for
from services.casework.workbooks.reading.messages import Cell
from services.chassis.ground.refusals import Refused, Rule, rule
from services.chassis.law.dated import NotInForce, UnknownName
from services.registry.households.resident_id import ID_NUMERIC, parse_resident_id
from services.registry.intake import codes
from services.registry.intake.layout import FIELDS, FORM
from services.registry.intake.reading import row_rules

CODE_LISTS: Mapping[str, CodeList] = {
    "sex": codes.SEXES,
    "yes_no": codes.YES_NO,
    "household_attribute": codes.ATTRIBUTES,
    "poverty_cause": codes.CAUSES,
    "relation": codes.RELATIONS,
    "school_stage": codes.STAGES,
    "labour_skill": codes.SKILLS,
    "health": codes.HEALTH,
    "disability_level": codes.DISABILITY,
    "status_event": codes.STATUS_EVENTS,
}
RULES: Mapping[tuple[str, Rule], Rule] = {
    ("main_cause", cell_rules.ONE_CODE): row_rules.TWO_MAIN_CAUSES,
    ("other_causes", cell_rules.TOO_MANY_CODES): row_rules.TOO_MANY_CAUSES,
    ("other_causes", cell_rules.CODE_REPEATED): row_rules.CAUSE_REPEATED,
    ("relation", cell_rules.UNKNOWN_LABEL): row_rules.UNKNOWN_RELATION,
    ("relation", cell_rules.ONE_CODE): row_rules.UNKNOWN_RELATION,
}
NO_LAYOUT = rule(
    "intake_no_layout",
    zh="当日没有生效的采集表版式：请管理员确认版式文件。",
    en="No layout of the collection form is in force on that day: have an operator adopt one.",
    source="layout documents of this installation",
)

read_layout = layouts_for(CODE_LISTS, {FORM: FIELDS})
"""Reads a layout that the register can use. Raises ``msgspec.ValidationError`` and ``ValueError``."""


def form_in_force(lookup: Lookup, day: date, area: str) -> Form:
    """The form of this day and area. Raises ``Refused``."""
    try:
        return lookup.in_force(KIND, FORM, day, area or None).typed(form_from)
    except (NotInForce, UnknownName):
        raise Refused(NO_LAYOUT, on=day.isoformat()) from None


def form_from(content: Mapping[str, Any]) -> Form:
    """The form in a document. Raises ``msgspec.ValidationError`` and ``ValueError``."""
    return Form(read_layout(content), CODE_LISTS, _PARSERS, RULES)


def _resident_id(cell: Cell, _: FormColumn) -> Reading:
    if not isinstance(cell, str):
        raise Refused(ID_NUMERIC)
    return Reading(parse_resident_id(cell))


_PARSERS: Mapping[ColumnType, CellParser] = {**PARSERS, ColumnType.RESIDENT_ID: _resident_id}
