"""What is known of somebody on the day on which they are paired."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from contracts.assistance.pairs import PairFormed
from contracts.assistance.parties import PEOPLE
from contracts.registry.poverty_status import PovertyStatus
from contracts.selection import timeline
from services.assistance.parties.domain import party, stream_of
from services.casework.people.domain import household_on
from services.casework.people.queries import facts_about_households
from services.casework.records.state import standing
from services.casework.records.streams import streams_of
from services.chassis.log.unit import Tx

LOOKED_BACK = 2
"""How many years ago what comes first may have been recorded."""


def status_then(tx: Tx, fact: PairFormed) -> PovertyStatus | None:
    """Of the household on the day."""
    household = household_on(
        facts_about_households(tx.cur, [fact.subject])[fact.subject], fact.subject, as_of=fact.effective_on
    )
    return None if household is None else household.status


def is_organisation(tx: Tx, helper: UUID | None) -> bool:
    """Whether a helper is on record as one, which sends people: a person of the register is not."""
    found = None if helper is None else party(timeline(tx.load(stream_of(helper))))
    return found is not None and found.entered.kind not in PEOPLE


def recorded_until(tx: Tx, subject: UUID, day: date) -> Collection[str]:
    """Kinds of the records about the subject that stand, up to that day."""
    since = day.replace(year=day.year - LOOKED_BACK, day=1)
    streams = tx.load_many(streams_of([subject], since, day))
    return {s.fact.kind for facts in streams.values() for s in standing(facts) if s.fact.effective_on <= day}
