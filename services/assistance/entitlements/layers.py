"""What is due for one period in layers, each on an occasion of its own: what was due when it fell due, and what was added since, by
an edition that raised it or by a quantity that was told. What lowers it takes from the last occasions first. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from heapq import merge
from operator import itemgetter
from typing import Any

from services.assistance.entitlements.due import REGULAR
from services.assistance.entitlements.state import Told
from services.assistance.programmes.amounts.parts import NOTHING, Inputs, Payable
from services.assistance.programmes.document import Programme

OF_ONE_PERIOD = ("days", "cost", "collected")
"""Told for the period alone; whatever else is told holds from its period on."""
UNTIL_TOLD = ("income", "other_grants")


@dataclass(frozen=True, slots=True)
class KnownProgramme:
    """An edition as it holds for a period. ``document``: its id; ``known_since``: when that became so."""

    programme: Programme
    document: str
    known_since: datetime


EditionsFor = Callable[[str, date, str, datetime], Sequence[KnownProgramme]]
"""Programme, day, division and an instant → the edition known at the instant to hold there on that day, and each that came to
hold there since, as far as is known, in order of knowledge. Empty where none was known."""


@dataclass(slots=True)
class Layers:
    """(occasion, cause, yuan). Nothing at all until an amount is known."""

    found: list[tuple[str, str, Decimal]] = field(default_factory=list)

    def move_to(self, amount: Decimal | None, fact_id: str) -> None:
        """``amount``: yuan that is due in all, ``None`` where not known; ``fact_id``: by what that became so."""
        if not self.found:
            if amount is not None:
                self.found.append((REGULAR, fact_id, amount))
            return
        before, now = sum((yuan for _, _, yuan in self.found), NOTHING), amount or NOTHING
        if now > before:
            self._add(fact_id, now - before)
        else:
            self._take(before - now)

    def _add(self, fact_id: str, more: Decimal) -> None:
        """An edition that is restored goes on with the occasion that it had."""
        for place, (occasion, cause, yuan) in enumerate(self.found):
            if occasion == fact_id:
                self.found[place] = (occasion, cause, yuan + more)
                return
        self.found.append((fact_id, fact_id, more))

    def _take(self, less: Decimal) -> None:
        """From the last occasions first."""
        for place in range(len(self.found) - 1, -1, -1):
            occasion, cause, yuan = self.found[place]
            taken = min(yuan, less)
            self.found[place] = (occasion, cause, yuan - taken)
            less -= taken


@dataclass(frozen=True, slots=True)
class OfPeriod:
    """One period of one component. ``start``: its first day; ``rate_day``: on which its rate is looked up; ``number``: which period since
    the grant, from 1; ``base``: what the application says."""

    component: str
    start: date
    rate_day: date
    number: int
    base: Inputs

    def amount(self, programme: Programme, told: Sequence[Told]) -> Decimal | None:
        """Yuan; ``None``: not known."""
        component = programme.component(self.component)
        rate = component.rate_on(self.rate_day) if component is not None else None
        payable = rate.amount.payable(self.inputs(told)) if rate is not None else None
        return payable.yuan if isinstance(payable, Payable) else None

    def inputs(self, told: Sequence[Told]) -> Inputs:
        """``told``: in the order in which it was."""
        said: dict[str, Any] = {}
        for name in OF_ONE_PERIOD:
            of = [
                value for t in told if t.said.period_from == self.start and (value := getattr(t.said, name)) is not None
            ]
            said.update({name: of[-1]} if of else {})
        for name in UNTIL_TOLD:
            since = [(t.said.period_from, value) for t in told if (value := getattr(t.said, name)) is not None]
            # Of the last period of which it was told, what was told last.
            said.update({name: sorted(since, key=itemgetter(0))[-1][1]} if since else {})
        return replace(self.base, instalment=self.number, **said)

    def layers(
        self, editions: Sequence[KnownProgramme], told: Sequence[Told], granted_by: str, fell_due: datetime
    ) -> list[tuple[str, str, Decimal]]:
        """``editions``: the first of them held when it fell due; ``granted_by``: id of the grant."""
        of = [t for t in told if t.said.component == self.component and t.said.period_from <= self.start]
        known = [t for t in of if t.at <= fell_due]
        programme, found = editions[0].programme, Layers()
        found.move_to(self.amount(programme, known), known[-1].fact_id if known else granted_by)
        for change, fact_id in _changes(editions[1:], of[len(known) :]):
            if isinstance(change, Told):
                known.append(change)
            else:
                programme = change.programme
            found.move_to(self.amount(programme, known), fact_id)
        return found.found


def _changes(editions: Sequence[KnownProgramme], told: Sequence[Told]) -> Iterator[tuple[KnownProgramme | Told, str]]:
    """In order of knowledge, with the id of each."""
    raised: list[tuple[datetime, KnownProgramme | Told, str]] = [(e.known_since, e, e.document) for e in editions]
    said: list[tuple[datetime, KnownProgramme | Told, str]] = [(t.at, t, t.fact_id) for t in told]
    for _, change, fact_id in merge(raised, said, key=itemgetter(0)):
        yield change, fact_id
