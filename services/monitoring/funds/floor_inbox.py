"""Yearly floors as entries of the inbox (每年不少于): in the last month of a year what units and villages' funds still lack waits until its
end, and in the year after what they lacked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import NAMESPACE_OID, uuid5

from contracts.registry.divisions import DIGITS, Level
from services.casework.documents.reading import Documents
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.casework.ledgers.money import fen_of, yuan_of
from services.chassis.ground.messages import Message
from services.chassis.law.dated import NotInForce, UnknownName
from services.monitoring.access import ACCESS
from services.monitoring.funds.parameters import VILLAGE_FLOOR, YEARLY_FLOOR
from services.monitoring.funds.queries import FundQueries
from services.monitoring.messages import say

DECEMBER = 12


class FloorInbox:
    """Implements ``InboxSource``. What a place lacks is computed, of a county's units and villages: who has more of them in view reads
    the lists."""

    def __init__(self, queries: FundQueries, documents: Documents) -> None:
        self._queries, self._documents = queries, documents

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        found = sorted(self._short(asked), key=lambda e: (e.since, e.id))
        return [each for each in found if (each.since, each.id) > after and asked.kind in (None, each.kind)][:limit]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        kinds = [each.kind for each in self._short(asked)]
        return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}

    def _short(self, asked: Asked) -> Iterator[InboxEntry]:
        today, former = asked.today, asked.today.year - 1
        if len(asked.division) < DIGITS[Level.COUNTY]:
            return
        yield from self._of_year(asked, former, EntryKind.OVERDUE, date(today.year, 1, 1))
        if today.month == DECEMBER:
            yield from self._of_year(asked, today.year, EntryKind.DUE, date(today.year, DECEMBER, 1))

    def _of_year(self, asked: Asked, year: int, kind: EntryKind, since: date) -> Iterator[InboxEntry]:
        units = self._queries.raised(asked.division, year, asked.today)
        villages = self._queries.received_by_villages(asked.division, year, asked.today)
        told = [(unit, place, fen, YEARLY_FLOOR) for unit, place, fen in units]
        told += [("", village, fen, VILLAGE_FLOOR) for village, fen in villages]
        for unit, place, fen, floor in told:
            short = self._floor(floor, year, place) - fen
            if short > 0:
                yield _entry(asked, unit, place, year, short, kind, since)

    def _floor(self, name: str, year: int, place: str) -> int:
        """Fen; nothing where no document says any."""
        try:
            return fen_of(self._documents.current().at(name, date(year, 12, 31), place).amount)
        except (NotInForce, UnknownName):
            return 0


def _entry(
    asked: Asked, unit: str, place: str, year: int, short: int, kind: EntryKind, since: date
) -> InboxEntry:  # fmt: skip
    missing = yuan_of(short)
    form = {"division": place, "year": year, **({"raised_by": unit} if unit else {"village_fund": True})}
    return InboxEntry(
        id=f"floor {year} {place} {unit}".strip(), kind=kind, since=since, due_by=date(year, 12, 31), division=place,
        subject=uuid5(NAMESPACE_OID, f"{place} {unit}"), household_id=None, why=_why(unit, year, f"{missing:f}"),
        act=Act("declare_fund", "POST", "/monitoring/funds", form), refused=ACCESS.row("declare_fund").refusal(asked.actor),
        details={"year": year, "missing": [{"line": 1, "amount": f"{missing:f}", "unit": "yuan"}]},
    )  # fmt: skip


def _why(unit: str, year: int, missing: str) -> Message:
    if unit:
        return say("fund_floor_of_unit_short", unit=unit, year=year, missing=missing)
    return say("fund_floor_of_village_short", year=year, missing=missing)
