"""Telling what an amount is reckoned from: days attended, a cost that arose, an income, other grants. Whoever knows it enters it for a
period; what is due follows. What was entered wrongly is told anew, and takes its place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from contracts.assistance.entitlements import EntitlementQuantityTold
from contracts.facts import Evidence
from contracts.selection import timeline
from services.assistance.entitlements import rules
from services.assistance.entitlements.domain import stream_of
from services.assistance.entitlements.due_queries import edition_of_grant
from services.assistance.entitlements.reckoning import periods_of
from services.assistance.entitlements.state import Grant, fold
from services.assistance.entitlements.suspensions import unit_of_case
from services.assistance.programmes.amounts.moneyless import InKind
from services.assistance.programmes.document import Component, DatedAmount, Programme
from services.casework.calendars.periods import Calendars, Period
from services.casework.dates import require_not_future
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

PAPER = "quantity_paper"
QUANTITIES = ("days", "cost", "income", "other_grants", "delivered")
"""What is told of a period; what is collected is entered donation by donation."""
LAST_PERIODS = 6
"""So many are named where another day was given."""
ONE_DAY = timedelta(days=1)
Quantity = int | Decimal


@dataclass(frozen=True, slots=True)
class Telling:
    """``period_from``: first day of the period; ``said``: quantity by its name; ``on``: day on which it was counted; ``paper``: number of
    the paper that says so (a roll, a bill)."""

    case_id: UUID
    component: str
    period_from: date
    said: Mapping[str, Quantity]
    on: date
    paper: str


def tell(
    telling: Telling, grant: Grant, programme: Programme, periods: Sequence[Period], common: Mapping[str, Any]
) -> EntitlementQuantityTold:
    """``periods``: of the component under the grant, as far as they had begun on the day that it was counted. Raises ``Refused``."""
    component = component_granted(telling.component, grant, programme)
    asked = told_of(component, grant)
    if set(telling.said) != {asked}:
        raise Refused(rules.QUANTITY_NOT_ASKED, asked=[asked] if asked in QUANTITIES else [])
    period = next((period for period in periods if period.start == telling.period_from), None)
    if period is None:
        last = [each.start.isoformat() for each in periods[-LAST_PERIODS:]]
        raise Refused(rules.PERIOD_NOT_GRANTED, periods=last)
    most, days = _days_so_far(period, grant, telling.on), telling.said.get("days")
    if days is not None and days > most:
        raise Refused(rules.MORE_DAYS_THAN_PERIOD, most=most)
    rate = rate_granted(component, grant)
    if rate is not None and isinstance(rate.amount, InKind) and telling.said["delivered"] > rate.amount.quantity:
        raise Refused(rules.MORE_THAN_GRANTED, most=str(rate.amount.quantity))
    return EntitlementQuantityTold(
        **common, component=component.key, period_from=period.start, period_to=period.end,
        **telling.said,  # type: ignore[arg-type]
    )  # fmt: skip


def component_granted(named: str, grant: Grant, programme: Programme) -> Component:
    """``named``: by its key, or as the programme calls it. Raises ``Refused``."""
    granted = [amount.component for amount in grant.granted.amounts]
    of_grant = (component for component in programme.components if component.key in granted)
    component = next((each for each in of_grant if named in (each.key, each.zh, each.en)), None)
    if component is None:
        raise Refused(rules.COMPONENT_NOT_GRANTED, granted=granted)
    return component


def told_of(component: Component, grant: Grant) -> str:
    """What is told of it; empty where nothing is."""
    rate = rate_granted(component, grant)
    return "" if rate is None else rate.amount.told


def rate_granted(component: Component, grant: Grant) -> DatedAmount | None:
    """By which it was granted."""
    return component.rate_on(next(a.since for a in grant.granted.amounts if a.component == component.key))


def _days_so_far(period: Period, grant: Grant, on: date) -> int:
    """Days of the period on which it was granted, through that day."""
    first = max(period.start, grant.granted.effective_on)
    last = min(period.end, on, (grant.until or date.max) - ONE_DAY)
    return max((last - first).days + 1, 0)


@dataclass(frozen=True, slots=True)
class UnitTold:
    """What would be recorded of the unit. ``before``: what stands for the same period."""

    unit: UUID
    fact: EntitlementQuantityTold
    before: EntitlementQuantityTold | None

    @property
    def stands_already(self) -> bool:
        """Whether it was told so on that day before, by the same paper."""
        before = self.before
        return before is not None and _said_by(before) == _said_by(self.fact)

    def with_evidence(self, evidence: Evidence) -> EntitlementQuantityTold:
        """Beside its paper."""
        return msgspec.structs.replace(self.fact, evidence=(*self.fact.evidence, evidence))


def told_under(tx: Tx, telling: Telling, documents: Documents, actor: Actor) -> UnitTold:
    """The telling with the grant that it is about. Raises ``Refused``."""
    unit = unit_of_case(tx.cur, telling.case_id, actor)
    require_not_future(telling.on, tx.today)
    grant = fold(timeline(tx.load(stream_of(unit)))).grants.get(telling.case_id)
    programme = None if grant is None else edition_of_grant(documents.own().as_known())(grant)
    if grant is None or programme is None:
        raise Refused(NOT_FOUND)
    residence = grant.residence_on(telling.on)
    common = {
        "household_id": residence.household_id, "unit_id": unit, "programme": grant.granted.programme,
        "case_id": telling.case_id, "effective_on": telling.on, "entered_by": actor.subject,
        "evidence": (Evidence(kind=PAPER, archive_no=telling.paper),),
    }  # fmt: skip
    component = component_granted(telling.component, grant, programme)
    periods = list(
        periods_of(
            component.period, grant.granted.effective_on, grant.until, telling.on, programme.school_year_month,
            grant.granted.division, Calendars(documents.in_unit(tx)),
        )
    )  # fmt: skip
    fact = tell(telling, grant, programme, periods, common)
    of_period = (
        t.said for t in grant.told if (t.said.component, t.said.period_from) == (fact.component, fact.period_from)
    )
    return UnitTold(unit, fact, next(reversed([*of_period]), None))


def _said_by(fact: EntitlementQuantityTold) -> tuple[object, ...]:
    papers = tuple(each.archive_no for each in fact.evidence if each.kind == PAPER)
    return fact.effective_on, papers, *(getattr(fact, name) for name in QUANTITIES)


def telling_handler(telling: Telling, documents: Documents, actor: Actor) -> Callable[[Tx], Reply]:
    """Records it with the grant."""

    def work(tx: Tx) -> Reply:
        told = told_under(tx, telling, documents, actor)
        tx.append(stream_of(told.unit), told.fact)
        return Reply(location=f"/assistance/entitlements/{telling.case_id}/quantities")

    return work
