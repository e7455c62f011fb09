"""Units that headers and titles of a table name. Nothing is converted: a column in another unit than the form's is not read as
if it were in that. Pure; all texts are folded."""

import re

from services.casework.workbooks.layout import Column, folded
from services.chassis.ground.field_texts import UNITS, spellings_of

_LARGER = "[十百千万亿]元|公顷"
_UNITS = "|".join(re.escape(folded(each)) for names in UNITS for each in names)
_OF_UNITS = re.compile(f"{_LARGER}|{_UNITS}")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_PERIODS = re.compile("/年|每年")
_BEFORE = re.compile("^(?:单位:?)?(?:人民币)?")
_TITLE = re.compile(f"(?<![报扶制主管])单位:?[^:]{{0,8}}?(?:{_LARGER})")
"""Not the unit (单位) that reports, helps or is in charge, which is an organisation."""


def names_other_unit(header: str, column: Column) -> bool:
    """Whether the header has, in brackets, a unit that is not the column's: 工资性收入(万元) where yuan are meant."""
    if column.unit is None or header in map(folded, column.headers):
        return False
    own = _own(column.unit)
    return any(_OF_UNITS.search(each) and each not in own for each in _within_brackets(header))


def names_own_unit(header: str, column: Column) -> bool:
    """Whether what the header has in brackets is the column's unit and nothing else."""
    return column.unit is not None and _within_brackets(header) <= _own(column.unit)


def _own(unit: str) -> frozenset[str]:
    return frozenset(map(folded, spellings_of(unit)))


def _within_brackets(header: str) -> set[str]:
    return {_BEFORE.sub("", _PERIODS.sub("", each)) for each in _BRACKETS.findall(header)}


def title_names_other_unit(title: str) -> bool:
    """Whether a line above the table counts in a larger unit than any form does: 单位:万元."""
    return _TITLE.search(title) is not None
