"""The staff list with what the directory knows of its columns."""

import re
from collections.abc import Mapping
from datetime import date

from services.casework.code_lists.coded_columns import coded_columns
from services.casework.code_lists.repository import CodeLists
from services.casework.directory.staff_list import rules
from services.casework.directory.staff_list.layout import ENUMERATIONS, LIST
from services.casework.documents.lookup import Lookup
from services.casework.workbooks.cells import PARSERS, plain_text
from services.casework.workbooks.form import CellParser, Form, FormColumn
from services.casework.workbooks.layout import KIND, ColumnType, layout_from
from services.casework.workbooks.reading.messages import Cell
from services.casework.workbooks.values import PlaceName
from services.chassis.ground.readings import Reading
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import NotInForce, UnknownName

_CODE = re.compile(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}", re.ASCII)
_NAME = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf〇·]{2,40}")


def form_in_force(lookup: Lookup, day: date, area: str) -> Form:
    """The list of this day and area, in the words of its code lists. Raises ``Refused``."""
    try:
        layout = lookup.in_force(KIND, LIST, day, area or None).typed(layout_from)
    except (NotInForce, UnknownName):
        raise Refused(rules.NO_LAYOUT, on=day.isoformat()) from None
    return Form(layout, coded_columns(ENUMERATIONS, CodeLists(lookup, day, area)), _PARSERS)


def _division(cell: Cell, _: FormColumn) -> Reading[object]:
    """Posts are of every level, where a household's division is a village."""
    text = plain_text(cell)
    if _NAME.fullmatch(text):
        return Reading(PlaceName(text))
    if _CODE.fullmatch(text) is None:
        raise Refused(rules.BAD_DIVISION)
    return Reading(text)


_PARSERS: Mapping[ColumnType, CellParser] = {**PARSERS, ColumnType.DIVISION: _division}
