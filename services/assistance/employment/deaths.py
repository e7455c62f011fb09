"""What the register's deaths and moves do to work: what runs ends on the day of the death, and goes on where the death is taken
back; a household's public post goes with whoever holds it."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance.employment import EmploymentFact, WorkerDeathsAnnulled, WorkerDied
from contracts.facts import Recorded
from contracts.registry.members import MemberDied
from contracts.selection import surviving, timeline
from services.assistance.employment.domain import stream_of
from services.assistance.employment.store import settle
from services.assistance.employment.work import work_of
from services.assistance.reconciliation import Annulment, reconcile
from services.casework.documents.lookup import Lookup
from services.chassis.log.unit import Tx


def reconcile_work(tx: Tx, person_id: UUID, known: Sequence[Recorded], lookup: Lookup) -> None:
    """Brings the deaths in the person's stream in line with the register's."""
    told = tx.load(stream_of(person_id))
    own = next((r.fact for r in surviving(told) if isinstance(r.fact, EmploymentFact)), None)
    if own is None:
        return
    before = work_of(timeline(told))

    def annul(each: Annulment) -> WorkerDeathsAnnulled:
        return WorkerDeathsAnnulled(person_id=person_id, **each.fields())

    desired = list(_died(person_id, own.household_id, known))
    reconcile(tx, stream_of(person_id), (WorkerDied,), desired, known, lookup, annul)
    settle(tx, before, work_of(timeline(tx.load(stream_of(person_id)))), known)


def _died(person_id: UUID, household_id: UUID, known: Sequence[Recorded]) -> Iterator[WorkerDied]:
    for r in timeline(known):
        if isinstance(r.fact, MemberDied) and r.fact.person_id == person_id:
            yield WorkerDied(
                household_id=household_id, person_id=person_id, effective_on=r.fact.effective_on,
                entered_by=SYSTEM_ACTOR, caused_by=r.id,
            )  # fmt: skip
            return
