"""What is due for one period in layers, each on an occasion of its own: what was due when it fell due, and what was added since, by
an edition that raised it above all before or by a quantity that was told. What lowers it takes from the last occasions first, and
what raises it again fills the same ones: nothing is paid anew beside what is owed. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from heapq import merge
from operator import attrgetter, itemgetter

import msgspec
from msgspec.structs import replace

from services.assistance.entitlements.due import REGULAR
from services.assistance.entitlements.state import Told
from services.assistance.programmes.amounts.parts import NOTHING, Inputs, Payable
from services.assistance.programmes.document import DatedAmount, Programme

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
    """``tops``: (occasion, cause, yuan): of each occasion on which more became due than ever before, how much that was in all;
    ``due``: yuan that is due in all now."""

    tops: list[tuple[str, str, Decimal]] = field(default_factory=list)
    due: Decimal = NOTHING

    def move_to(self, amount: Decimal | None, fact_id: str) -> None:
        """``amount``: yuan that is due in all, ``None`` where not known; ``fact_id``: by what that became so. Nothing at all until an
        amount is known."""
        self.due = amount or NOTHING
        if not self.tops:
            if amount is not None:
                self.tops.append((REGULAR, fact_id, amount))
        elif self.due > self.tops[-1][2]:
            if any(occasion == fact_id for occasion, _, _ in self.tops):  # an edition that is restored, and adds anew
                self.tops[-1] = (*self.tops[-1][:2], self.due)
            else:
                self.tops.append((fact_id, fact_id, self.due))

    @property
    def found(self) -> list[tuple[str, str, Decimal]]:
        """(occasion, cause, yuan): what each occasion added, as far as that is due still."""
        found: list[tuple[str, str, Decimal]] = []
        floor = NOTHING
        for occasion, cause, top in self.tops:
            found.append((occasion, cause, max(min(self.due, top) - floor, NOTHING)))
            floor = top
        return found


class ToldOfComponent:
    """What was told of a component, in the order in which it was, and of each period what it is reckoned from."""

    def __init__(self, told: Iterable[Told]) -> None:
        self._every = list(told)
        self._of_period: dict[date, list[int]] = {}
        self._until_told = list[int]()
        for number, each in enumerate(self._every):
            self._of_period.setdefault(each.said.period_from, []).append(number)
            if each.said.income is not None or each.said.other_grants is not None:
                self._until_told.append(number)

    def __bool__(self) -> bool:
        return bool(self._every)

    def before(self, start: date, instant: datetime) -> Told | None:
        """What was told last of the period that begins on ``start`` or of one before, by that instant."""
        until = bisect_right(self._every, instant, key=attrgetter("at"))
        return next((each for each in reversed(self._every[:until]) if each.said.period_from <= start), None)

    def of(self, start: date) -> list[Told]:
        """All that says something of the period that begins on ``start``."""
        of = self._of_period.get(start, [])
        lasting = [number for number in self._until_told if self._every[number].said.period_from < start]
        return [self._every[number] for number in (sorted((*of, *lasting)) if lasting else of)]


class OfPeriod(msgspec.Struct, frozen=True, gc=False):
    """One period of one component. ``start``: its first day; ``rate_day``: on which its rate is looked up; ``number``: which period since
    the grant, from 1; ``base``: what the application says."""

    component: str
    start: date
    rate_day: date
    number: int
    base: Inputs

    def rate_in(self, programme: Programme) -> DatedAmount | None:
        component = programme.component(self.component)
        return component.rate_on(self.rate_day) if component is not None else None

    def amount(self, rate: DatedAmount | None, told: Sequence[Told]) -> Decimal | None:
        """Yuan; ``None``: not known."""
        if rate is None or (rate.amount.is_counted and not told):
            return None
        payable = rate.amount.payable(self.inputs(rate, told))
        return payable.yuan if isinstance(payable, Payable) else None

    def inputs(self, rate: DatedAmount, told: Sequence[Told]) -> Inputs:
        """``told``: what says something of the period, in the order in which it was. Of it the one that the amount is reckoned from."""
        if rate.amount.by_instalment:
            return replace(self.base, instalment=self.number)
        name = rate.amount.told
        since = [
            (of, value)
            for t in (told if name in OF_ONE_PERIOD or name in UNTIL_TOLD else ())
            if (value := getattr(t.said, name)) is not None
            and ((of := t.said.period_from) == self.start or name in UNTIL_TOLD)
        ]
        if not since:
            return self.base
        if len(since) > 1:
            since.sort(key=itemgetter(0))
        # Of the last period of which it was told, what was told last.
        return replace(self.base, **{name: since[-1][1]})

    def layers(
        self, rate: DatedAmount | None, editions: Sequence[KnownProgramme], told: ToldOfComponent, granted_by: str,
        fell_due: datetime,
    ) -> list[tuple[str, str, Decimal]]:  # fmt: skip
        """``rate``: when it fell due; ``editions``: that came to hold since; ``told``: of this component; ``granted_by``: id of the
        grant."""
        of = told.of(self.start)
        known = [t for t in of if t.at <= fell_due]
        amount, cause = self.amount(rate, known), granted_by
        if amount is not None and (before := told.before(self.start, fell_due)) is not None:
            cause = before.fact_id
        since = len(of) - len(known)
        if not editions and (since == 0 or (since == 1 and amount is None)):  # as nearly always: it became known once
            if since:
                amount, cause = self.amount(rate, of), of[-1].fact_id
            return [] if amount is None else [(REGULAR, cause, amount)]
        found = Layers()
        if amount is not None:
            found.move_to(amount, cause)
        changes: Iterable[KnownProgramme | Told] = of[len(known) :]
        for change in merge(editions, changes, key=_known_since) if editions else changes:
            if isinstance(change, Told):
                known.append(change)
                fact_id = change.fact_id
            else:
                rate, fact_id = self.rate_in(change.programme), change.document
            found.move_to(self.amount(rate, known), fact_id)
        return found.found


def _known_since(change: KnownProgramme | Told) -> datetime:
    return change.at if isinstance(change, Told) else change.known_since
