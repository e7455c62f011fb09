"""For which periods a grant is due, and how much. Pure.

A period is due in full as soon as the unit is entitled on any day of it that is not suspended: the papers know no part of a period
(M112, B02–B11), so nothing is prorated.

What is due is reckoned from what is known: the grant, what was told of the period (days, a cost), and, where a component follows its
rate, each edition of the programme as it became known. What raises it for a period makes the difference due on an occasion of its
own; what lowers it takes from the last occasions first, so that what is due is always what is known last (``layers``).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from contracts.assistance.entitlements import EntitlementApplied, GrantedAmount
from contracts.civil import start_of_day
from contracts.registry.codes import SchoolStage
from services.assistance.entitlements.due import REGULAR, DueLine
from services.assistance.entitlements.layers import EditionsFor, OfPeriod, ToldOfComponent
from services.assistance.entitlements.rules import TERMS_MISSING
from services.assistance.entitlements.state import Grant
from services.assistance.programmes.amounts.counted import SharedBetweenLevels
from services.assistance.programmes.amounts.parts import NOTHING, Inputs, Payable
from services.assistance.programmes.document import Cadence, Component, DatedAmount, Pays, Programme, Raised
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
                reckoned = self._of_component(component, granted)
                for number, period in enumerate(self._periods(component, as_of), 1):
                    yield from self._of_period(reckoned, period, number, as_of)

    def _periods(self, component: Component, as_of: date) -> Iterator[Period]:
        grant = self.grant
        first = grant.granted
        return periods_of(
            component.period, first.effective_on, grant.until, as_of, self.programme.school_year_month, first.division,
            self.calendars,
        )  # fmt: skip

    def _of_component(self, component: Component, granted: GrantedAmount) -> "Reckoned":
        told = ToldOfComponent(each for each in self.grant.told if each.said.component == component.key)
        base = inputs_of(self.applied, self.grant.granted.stage, self.grant.granted.persons)
        rate = component.rate_on(granted.since)
        # Another amount than was granted: counted as it happens, or told since.
        differs = rate is not None and (rate.amount.is_counted or rate.amount.by_instalment or bool(told))
        shared = (
            rate.amount.payable(base) if rate is not None and isinstance(rate.amount, SharedBetweenLevels) else None
        )
        return Reckoned(component, granted, base, told, rate, differs, shared if isinstance(shared, Payable) else None)

    def _of_period(self, reckoned: "Reckoned", period: Period, number: int, as_of: date) -> Iterator[DueLine]:
        """``number``: which period since the grant, from 1."""
        grant, granted, shared = self.grant, self.grant.granted, reckoned.shared
        back_pay = suspended_through(grant, period, grant.until, as_of) if grant.suspensions else None
        if back_pay == NEVER:
            return
        residence = grant.residence_on(max(period.start, granted.effective_on))
        # Lists are made where it is paid, so a unit that lives elsewhere stands on the list of the county that granted it.
        place = granted.division if self.programme.pays is Pays.GRANTING else residence.division
        for occasion, cause, amount in self._layers(reckoned, period, number):
            if amount > NOTHING:
                named = back_pay if back_pay and occasion == REGULAR else occasion
                is_shared = shared is not None and shared.yuan == amount
                yield DueLine(
                    unit=granted.unit_id, programme=granted.programme,
                    component=reckoned.component.key, period=period, occasion=named, amount=amount,
                    payee=reckoned.component.payee, household_id=residence.household_id, division=place,
                    county=place[:COUNTY_DIGITS], cause=back_pay or cause,
                    borne=tuple(shared.by_level.items()) if shared is not None and is_shared else (),
                    gap=shared.gap if shared is not None and is_shared else NOTHING,
                )  # fmt: skip

    def _layers(self, reckoned: "Reckoned", period: Period, number: int) -> list[tuple[str, str, Decimal]]:
        """(occasion, cause, yuan): first what was due when it fell due, then what was added since."""
        grant, granted = self.grant, reckoned.granted
        follows_rates = reckoned.component.raised is not Raised.AS_GRANTED
        if not follows_rates and not reckoned.differs:
            return [(REGULAR, grant.fact_id, granted.yuan)]
        day = max(period.start, grant.granted.effective_on)
        fell_due = max(grant.granted_at, start_of_day(day))
        rate_day = day if follows_rates else granted.since
        of_period = OfPeriod(reckoned.component.key, period.start, rate_day, number, reckoned.base)
        if not follows_rates:
            return of_period.layers(reckoned.rate, (), reckoned.told, grant.fact_id, fell_due)
        editions = self.editions(grant.granted.programme, day, grant.residence_on(day).division, fell_due)
        if not editions:
            return [(REGULAR, grant.fact_id, granted.yuan)]
        rate = of_period.rate_in(editions[0].programme)
        return of_period.layers(rate, editions[1:], reckoned.told, grant.fact_id, fell_due)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A component of a grant, as all of its periods need it. ``rate``: by which it was granted, where the programme still has one;
    ``differs``: whether a period's amount may be another than was granted; ``shared``: who bears how much, where several levels share
    it."""

    component: Component
    granted: GrantedAmount
    base: Inputs
    told: ToldOfComponent
    rate: DatedAmount | None
    differs: bool
    shared: Payable | None


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
