"""The reaction of pairing to the registry's facts, and the timer of a duty."""

from collections.abc import Sequence

from contracts.civil import civil_day
from contracts.facts import HouseholdFact, Recorded
from contracts.selection import timeline
from services.assistance.beneficiaries.domain import SUBSCRIBED_TYPES
from services.assistance.beneficiaries.store import facts_about_households, households_affected_by
from services.assistance.pairing.derived_facts import missed_duties
from services.assistance.pairing.domain import stream_of
from services.assistance.pairing.state import fold
from services.assistance.pairing.store import append_with_timers, reconcile_pairing
from services.casework.documents.reading import Documents
from services.chassis.log.needs import Timer
from services.chassis.log.unit import Tx


class PairingReaction:
    """Derives facts about a household's helper from the registry's facts about it and about those it started from."""

    name = "pairing_reaction"
    types = SUBSCRIBED_TYPES
    appends = True

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        households = households_affected_by(tx.cur, facts)
        about = facts_about_households(tx.cur, households)
        tx.load_many(stream_of(household) for household in households)
        for household in households:
            reconcile_pairing(tx, household, about[household], self._documents.in_unit(tx))


def duty_deadline_passed(tx: Tx, timer: Timer) -> None:
    """The due day of a duty is over: it is missed unless a helper was assigned or the pairing has ended."""
    own = tx.load(timer.stream)
    household = next(r.fact.household_id for r in own if isinstance(r.fact, HouseholdFact))
    append_with_timers(tx, timer.stream, missed_duties(fold(timeline(own)), household, civil_day(timer.due_at)))
