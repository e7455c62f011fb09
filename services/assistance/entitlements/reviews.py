"""What was due by what was known until the cause of a stop was recorded, and is not due now. Pure."""

from collections.abc import Iterator
from datetime import date

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance import entitlements as facts
from contracts.civil import civil_day
from contracts.facts import Recorded
from services.assistance.entitlements.reckoning import NEVER, periods_of, suspended_through
from services.assistance.entitlements.state import Grant
from services.assistance.programmes.lookup import Programmes
from services.chassis.law.dated import NotInForce


def review(
    grant: Grant, stop: facts.EntitlementStopped, cause: Recorded, end_known_before: date | None, programmes: Programmes
) -> facts.OverpaidReviewOpened | None:
    """``cause``: of the stop; ``end_known_before``: the end of the grant, as known before it was recorded."""
    learned_on = civil_day(cause.recorded_at)
    lines = tuple(_lines(grant, stop.effective_on, end_known_before, learned_on, programmes))
    if not lines:
        return None
    return facts.OverpaidReviewOpened(
        household_id=stop.household_id, unit_id=stop.unit_id, programme=stop.programme, case_id=stop.case_id,
        effective_on=max(stop.effective_on, learned_on), entered_by=SYSTEM_ACTOR, caused_by=stop.caused_by, lines=lines,
        amount=sum((line.amount for line in lines[1:]), lines[0].amount),
    )  # fmt: skip


def _lines(
    grant: Grant, stopped_on: date, end_known_before: date | None, learned_on: date, programmes: Programmes
) -> Iterator[facts.OverpaidLine]:
    granted = grant.granted
    try:
        programme = programmes.in_force(granted.programme, granted.effective_on, granted.division)
    except NotInForce:
        return
    for amount in granted.amounts:
        component = programme.component(amount.component)
        if component is None:
            continue
        due_before, due_now = (
            list(
                periods_of(
                    component.period, granted.effective_on, end, learned_on, programme.school_year_month,
                    granted.division, programmes.calendars,
                )
            )
            for end in (end_known_before, stopped_on)
        )  # fmt: skip
        for period in due_before:
            if period not in due_now and suspended_through(grant, period, end_known_before, learned_on) != NEVER:
                yield facts.OverpaidLine(
                    component=amount.component, first=period.start, last=period.end, amount=amount.yuan
                )
