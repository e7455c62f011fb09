"""The timer of a duty to assign a helper."""

from contracts.civil import civil_day
from contracts.facts import HouseholdFact
from contracts.selection import timeline
from services.assistance.pairing.derived_facts import missed_duties
from services.assistance.pairing.state import fold
from services.chassis.log.needs import Timer
from services.chassis.log.unit import Tx


def duty_deadline_passed(tx: Tx, timer: Timer) -> None:
    """The due day of a duty is over: it is missed unless a helper was assigned or the pairing has ended."""
    own = tx.load(timer.stream)
    household = next(r.fact.household_id for r in own if isinstance(r.fact, HouseholdFact))
    tx.append(timer.stream, *missed_duties(fold(timeline(own)), household, civil_day(timer.due_at)))
