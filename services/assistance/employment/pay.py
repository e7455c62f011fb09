"""What is due for attendance in posts that a programme pays (公益性岗位, 4050援助): the days of a month by the programme's rate. Pure.

A month is due once its days were told. What is told or decided later moves no key to another amount: more days, or an edition that
raises the rate, make due on an occasion of their own what is more than ever before; fewer days, or a lower rate, take from the last
occasions first, and what is told anew after an annulment goes on with them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from contracts.assistance.employment import JobPlaced, PostAttended
from contracts.facts import Recorded
from services.assistance.employment.work import contradictions, next_month
from services.assistance.entitlements.due import DueLine
from services.assistance.entitlements.layers import EditionsFor, KnownProgramme, Layers
from services.assistance.entitlements.reckoning import COUNTY_DIGITS
from services.assistance.programmes.amounts.parts import NOTHING, Inputs, Payable
from services.casework.calendars.periods import Period
from services.casework.contradictions import counted_versions

PaidBy = Callable[[JobPlaced], str | None]
"""The programme that pays a post, by its kind as of the day of placement."""


@dataclass(frozen=True, slots=True)
class ToldDays:
    """Days of a month in a post, as they counted from ``since`` until before ``until``. ``fact``: by which they were told."""

    placed: JobPlaced
    month: date
    days: int
    fact: str
    since: datetime
    until: datetime | None

    def counts_at(self, instant: datetime) -> bool:
        return self.since <= instant and (self.until is None or instant < self.until)


@dataclass(frozen=True, slots=True)
class PostPay:
    """``editions``: see ``EditionsFor``."""

    paid_by: PaidBy
    editions: EditionsFor

    def lines(
        self, person_id: UUID, of_person: Sequence[Recorded], as_of: date, known_at: datetime | None
    ) -> Iterator[DueLine]:
        """By programme, component, month and occasion. ``known_at``: excluded; ``None``: now."""
        told: dict[tuple[str, date], list[ToldDays]] = {}
        for each in told_days(of_person, as_of, known_at):
            if (programme := self.paid_by(each.placed)) is not None:
                told.setdefault((programme, each.month), []).append(each)
        found = (
            line for (programme, _), months in told.items() for line in self._of_month(person_id, programme, months)
        )
        yield from sorted(found, key=lambda line: (line.programme, line.component, line.period, line.occasion))

    def _of_month(self, person_id: UUID, programme: str, told: Sequence[ToldDays]) -> Iterator[DueLine]:
        last = max(told, key=lambda each: each.placed.effective_on)
        placed, month = last.placed, last.month
        day = max(month, min(each.placed.effective_on for each in told))
        editions = self.editions(programme, day, placed.division, min(each.since for each in told))
        for key in dict.fromkeys(c.key for known in editions for c in known.programme.components):
            payee = next(c.payee for known in editions if (c := known.programme.component(key)) is not None)
            for occasion, cause, amount in _layers(key, day, told, editions):
                if amount > NOTHING:
                    yield DueLine(
                        unit=person_id, programme=programme, component=key, occasion=occasion, amount=amount, payee=payee,
                        period=Period(month, next_month(month) - timedelta(days=1)), household_id=placed.household_id,
                        division=placed.division, county=placed.division[:COUNTY_DIGITS], cause=cause,
                    )  # fmt: skip


def told_days(of_person: Sequence[Recorded], as_of: date, known_at: datetime | None) -> Iterator[ToldDays]:
    """Those told of a day until ``as_of``, each version in which they counted."""
    known = [r for r in of_person if known_at is None or r.recorded_at < known_at]
    placed = {r.fact.placement_id: r.fact for r in known if isinstance(r.fact, JobPlaced)}
    for version in counted_versions(known, contradictions):
        fact = version.recorded.fact
        if isinstance(fact, PostAttended) and fact.effective_on <= as_of:
            yield ToldDays(
                placed[fact.placement_id], fact.month, fact.days, version.recorded.id, version.known_from, version.known_until
            )  # fmt: skip


def _layers(
    key: str, day: date, told: Sequence[ToldDays], editions: Sequence[KnownProgramme]
) -> list[tuple[str, str, Decimal]]:
    """(occasion, cause, yuan), over every instant at which days or editions came or went."""
    causes = {each.until: each.fact for each in told if each.until is not None}
    causes |= {known.known_since: known.document for known in editions} | {each.since: each.fact for each in told}
    found = Layers()
    for instant in sorted(causes):
        days = sum(each.days for each in told if each.counts_at(instant))
        holding = [known for known in editions if known.known_since <= instant]
        amount = _amount(holding[-1], key, day, days) if holding and days else NOTHING
        found.move_to(amount or None, causes[instant])
    return found.found


def _amount(known: KnownProgramme, key: str, day: date, days: int) -> Decimal:
    component = known.programme.component(key)
    rate = None if component is None else component.rate_on(day)
    payable = None if rate is None else rate.amount.payable(Inputs(days=days))
    return payable.yuan if isinstance(payable, Payable) else NOTHING
