"""For which periods a grant is due, and how much. Pure.

A period is due in full as soon as the unit is entitled on any day of it that is not suspended: the papers know no part of a period
(M112, B02–B11), so nothing is prorated.

What is due is reckoned from what is known: the grant, and, where a component follows its rate, each edition of the programme as
it became known. An edition that raises what is due for a period makes the difference due on an occasion of its own; one that
lowers it takes from the last occasions first, so that what is due is always what the edition known last says.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from contracts.assistance.entitlements import EntitlementApplied
from contracts.civil import end_of_day
from contracts.registry.codes import SchoolStage
from services.assistance.entitlements.due import REGULAR, DueLine
from services.assistance.entitlements.rules import TERMS_MISSING
from services.assistance.entitlements.state import Grant
from services.assistance.programmes.amounts.parts import NOTHING, Inputs, Payable
from services.assistance.programmes.document import Cadence, Component, Pays, Programme, Raised
from services.casework.calendars.periods import Calendars, Frequency, Period
from services.casework.calendars.school_years import years_due
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import NotInForce, UnknownName

ONE_DAY = timedelta(days=1)
COUNTY_DIGITS = 6
NEVER = ""
"""Instead of the id of a resumption: what fell into the suspension is not due."""
FREQUENCIES = {
    Cadence.MONTH: Frequency.MONTH, Cadence.TERM: Frequency.TERM, Cadence.HALF_YEAR: Frequency.HALF_YEAR,
    Cadence.YEAR: Frequency.YEAR,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownProgramme:
    """An edition as it holds for a period. ``document``: its id; ``known_since``: when that became so."""

    programme: Programme
    document: str
    known_since: datetime


EditionsFor = Callable[[str, date, str, datetime], Sequence[KnownProgramme]]
"""Programme, day, division and an instant → the edition known at the instant to hold there on that day, and each that came to
hold there since, as far as is known, in order of knowledge. Empty where none was known."""


def periods_of(
    cadence: Cadence, since: date, until: date | None, through: date, month: int, place: str, calendars: Calendars
) -> Iterator[Period]:
    """The periods of which some day is on or after ``since`` and before ``until``, as far as they have begun by ``through``.
    ``month``: on whose first day a school year begins. Raises ``Refused`` where no calendar says
    the terms of a year: what is due is never quietly short of them."""
    last = through if until is None else min(through, until - ONE_DAY)
    if last < since:
        return
    if cadence is Cadence.ONCE:
        yield Period(since, since)
    elif cadence is Cadence.SCHOOL_YEAR:
        for year in years_due(since, until, through, month):
            yield Period(date(year, month, 1), date(year + 1, month, 1) - ONE_DAY)
    else:
        for year in range(since.year - 1, last.year + 1):
            county = place[:COUNTY_DIGITS]
            try:
                found = calendars.beginning_in(year, FREQUENCIES[cadence], county)
            except (NotInForce, UnknownName) as missing:
                raise Refused(TERMS_MISSING, year=year, division=county) from missing
            yield from (period for period in found if period.end >= since and period.start <= last)


@dataclass(frozen=True, slots=True)
class Reckoner:
    """What is due of a grant on an application. ``programme``: the edition that it was decided by; ``editions``: see
    ``EditionsFor``; ``calendars``: of school terms."""

    grant: Grant
    applied: EntitlementApplied
    programme: Programme
    editions: EditionsFor
    calendars: Calendars

    def lines(self, as_of: date) -> Iterator[DueLine]:
        """By component, period and occasion."""
        for granted in self.grant.granted.amounts:
            component = self.programme.component(granted.component)
            if component is not None:
                for period in self._periods(component, as_of):
                    yield from self._of_period(component, granted.yuan, period, as_of)

    def _periods(self, component: Component, as_of: date) -> Iterator[Period]:
        grant = self.grant
        first = grant.granted
        return periods_of(
            component.period, first.effective_on, grant.until, as_of, self.programme.school_year_month, first.division,
            self.calendars,
        )  # fmt: skip

    def _of_period(self, component: Component, granted: Decimal, period: Period, as_of: date) -> Iterator[DueLine]:
        back_pay = suspended_through(self.grant, period, self.grant.until, as_of)
        if back_pay == NEVER:
            return
        if component.raised is Raised.AS_GRANTED:
            layers = [(REGULAR, self.grant.fact_id, granted)]
        else:
            layers = self._layers(component, granted, period)
        residence = self.grant.residence_on(max(period.start, self.grant.granted.effective_on))
        of_county = self.grant.granted.division if self.programme.pays is Pays.GRANTING else residence.division
        for occasion, cause, amount in layers:
            if amount > NOTHING:
                named = back_pay if back_pay and occasion == REGULAR else occasion
                yield DueLine(
                    unit=self.grant.granted.unit_id, programme=self.grant.granted.programme, component=component.key,
                    period=period, occasion=named, amount=amount, payee=component.payee,
                    household_id=residence.household_id, division=residence.division, county=of_county[:COUNTY_DIGITS],
                    cause=back_pay or cause,
                )  # fmt: skip

    def _layers(self, component: Component, granted: Decimal, period: Period) -> list[tuple[str, str, Decimal]]:
        """(occasion, cause, yuan): first what was due when it fell due, then what each edition since has added."""
        grant = self.grant
        day = max(period.start, grant.granted.effective_on)
        fell_due = max(grant.granted_at, end_of_day(day - ONE_DAY))
        layers: list[tuple[str, str, Decimal]] = []
        for number, known in enumerate(
            self.editions(grant.granted.programme, day, grant.residence_on(day).division, fell_due)
        ):
            amount = self._amount(known.programme, component.key, day)
            before = sum((yuan for _, _, yuan in layers), NOTHING)
            if number == 0:
                layers.append((REGULAR, grant.fact_id, amount))
            elif amount > before:
                _add(layers, known.document, amount - before)
            else:
                _take(layers, before - amount)
        return layers or [(REGULAR, grant.fact_id, granted)]

    def _amount(self, programme: Programme, key: str, day: date) -> Decimal:
        component = programme.component(key)
        rate = component.rate_on(day) if component is not None else None
        payable = rate.amount.payable(self._inputs()) if rate is not None else None
        return payable.yuan if isinstance(payable, Payable) else NOTHING

    def _inputs(self) -> Inputs:
        return inputs_of(self.applied, self.grant.granted.stage, self.grant.granted.persons)


def inputs_of(applied: EntitlementApplied, stage: SchoolStage, persons: int) -> Inputs:
    """What its amounts are reckoned from, as far as the application says it."""
    return Inputs(
        stage=stage, level=applied.level, persons=persons, other_grants=applied.other_grants, income=applied.income,
        decided=applied.decided,
    )  # fmt: skip


def suspended_through(grant: Grant, period: Period, until: date | None, as_of: date) -> str | None:
    """``None``: it is not suspended on some day of the period before ``until`` and through ``as_of``; else the id of the resumption by
    which it is due after all, or ``NEVER``."""
    day = max(period.start, grant.granted.effective_on)
    last = min(period.end, as_of, (until or date.max) - ONE_DAY)
    found = NEVER
    while day <= last:
        suspension = grant.suspended_on(day)
        if suspension is None:
            return None
        found = suspension.back_pay or found
        day = suspension.until or date.max
    return found


def _add(layers: list[tuple[str, str, Decimal]], document: str, more: Decimal) -> None:
    """An edition that is restored goes on with the occasion that it had."""
    for place, (occasion, cause, yuan) in enumerate(layers):
        if occasion == document:
            layers[place] = (occasion, cause, yuan + more)
            return
    layers.append((document, document, more))


def _take(layers: list[tuple[str, str, Decimal]], less: Decimal) -> None:
    """From the last occasions first."""
    for place in range(len(layers) - 1, -1, -1):
        occasion, cause, yuan = layers[place]
        taken = min(yuan, less)
        layers[place] = (occasion, cause, yuan - taken)
        less -= taken
