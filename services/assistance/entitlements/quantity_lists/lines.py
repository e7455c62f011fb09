"""Rows of a list of quantities, each a telling of its own. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.assistance.entitlements.quantity_lists import rules
from services.assistance.entitlements.told import QUANTITIES, Quantity, Telling
from services.casework.workbooks.rows import Row
from services.chassis.ground.refusals import Rule

LONGEST_PAPER = 120
COUNTED = frozenset({"days", "delivered"})


@dataclass(frozen=True, slots=True)
class QuantityLine:
    """``unit_no``: the number of a person or household, or the id of the unit; ``programme``, ``component``: key or name."""

    row: int
    unit_no: str
    programme: str
    component: str
    period_from: date
    said: Mapping[str, Quantity]
    on: date
    paper: str

    def telling(self, case_id: UUID, component: str) -> Telling:
        return Telling(case_id, component, self.period_from, self.said, self.on, self.paper)

    @property
    def of(self) -> tuple[str, str, str, date]:
        """What a second row about the same would say otherwise."""
        return self.unit_no, self.programme, self.component, self.period_from


@dataclass(frozen=True, slots=True)
class Granted:
    """What somebody has: ``names`` of the unit (its numbers and its id) and of the programme (its key and what it is called);
    ``until``: first day without it."""

    case_id: UUID
    unit_id: UUID
    names: frozenset[str]
    programme: frozenset[str]
    since: date
    until: date | None

    def is_meant_by(self, line: QuantityLine) -> bool:
        return (
            line.unit_no in self.names and line.programme in self.programme and self.since <= line.on
            and (self.until is None or line.period_from < self.until)
        )  # fmt: skip


def check(row: Row) -> None:
    """What can be said of a row by itself."""
    paper = row.get("paper", str)
    if paper is not None and len(paper) > LONGEST_PAPER:
        row.refuse_cell(rules.TOO_LONG, "paper")
    if not row.errors and len(_said(row)) != 1:
        row.add_error(rules.NOT_ONE_QUANTITY)


def line_of(row: Row) -> QuantityLine:
    return QuantityLine(
        row.number, row.require("unit_no", str), row.require("programme", str), row.require("component", str),
        row.require("period_from", date), _said(row), row.require("on", date), row.require("paper", str),
    )  # fmt: skip


def _said(row: Row) -> Mapping[str, Quantity]:
    found = {name: value for name in QUANTITIES if (value := row.get(name, Decimal)) is not None}
    return {name: int(value) if name in COUNTED else value for name, value in found.items()}


def twice(lines: Iterable[QuantityLine]) -> dict[int, int]:
    """Row → the row before it that tells of the same."""
    first: dict[tuple[str, str, str, date], int] = {}
    return {line.row: at for line in lines if (at := first.setdefault(line.of, line.row)) != line.row}


def grant_of(line: QuantityLine, granted: Sequence[Granted]) -> Granted | Rule:
    """The latest grant that the row is about, or why there is none."""
    meant = [each for each in granted if each.is_meant_by(line)]
    if not meant:
        return rules.UNKNOWN_GRANT
    if len({each.unit_id for each in meant}) > 1:
        return rules.SEVERAL_GRANTS
    return max(meant, key=lambda each: (each.since, each.case_id))
