"""The form with what the register knows of its columns: code lists, ID numbers, and rules of its own."""

from collections.abc import Mapping
from datetime import date

from services.casework.code_lists.coded_columns import coded_columns
from services.casework.code_lists.repository import CodeLists
from services.casework.documents.lookup import Lookup
from services.casework.workbooks import cell_rules
from services.casework.workbooks.cells import PARSERS
from services.casework.workbooks.form import CellParser, Form, FormColumn
from services.casework.workbooks.layout import KIND, ColumnType, layout_from
from services.casework.workbooks.reading.messages import Cell
from services.chassis.ground.readings import Reading
from services.chassis.ground.refusals import Refused, Rule, rule
from services.chassis.law.dated import NotInForce, UnknownName
from services.registry.households.health import category_named
from services.registry.households.place_names import read_natural_village, read_village_group
from services.registry.households.resident_id import ID_NUMERIC
from services.registry.intake import codes
from services.registry.intake.layout import FORM
from services.registry.intake.reading import row_rules

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


def form_in_force(lookup: Lookup, day: date, area: str, key: str = FORM) -> Form:
    """The form of this day and area, in the words of its code lists. ``key``: of its layout. Raises ``Refused``."""
    try:
        layout = lookup.in_force(KIND, key, day, area or None).typed(layout_from)
    except (NotInForce, UnknownName):
        raise Refused(NO_LAYOUT, on=day.isoformat()) from None
    return Form(layout, coded_columns(codes.ENUMERATIONS, CodeLists(lookup, day, area)), _PARSERS, RULES)


def _code(cell: Cell, column: FormColumn) -> Reading[object]:
    """肢体二级 says the kind of disability, too."""
    found = PARSERS[ColumnType.CODE](cell, column)
    if isinstance(found.value, codes.DisabilityLevel) and isinstance(cell, str):
        category = category_named(cell.strip())
        return found if category is None else Reading(codes.LevelAndCategory(found.value, category), found.changes)
    return found


def _resident_id(cell: Cell, _: FormColumn) -> Reading[object]:
    """Its check is that of the kind of document, which another cell names."""
    if not isinstance(cell, str):
        raise Refused(ID_NUMERIC)
    return Reading(cell)


def _text(cell: Cell, column: FormColumn) -> Reading[object]:
    """Names of places within the village are read as over HTTP."""
    found, read = PARSERS[ColumnType.TEXT](cell, column), PLACES.get(column.layout.key)
    if read is None or not isinstance(found.value, str):
        return found
    place = read(found.value)
    return Reading(place.value, (*found.changes, *place.changes))


PLACES = {"village_group": read_village_group, "natural_village": read_natural_village}

_PARSERS: Mapping[ColumnType, CellParser] = {
    **PARSERS,
    ColumnType.RESIDENT_ID: _resident_id,
    ColumnType.CODE: _code,
    ColumnType.TEXT: _text,
}
