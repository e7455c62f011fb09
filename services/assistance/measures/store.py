"""Command handlers of measures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.assistance.measures import MeasuresFact
from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.measures import domain, rules
from services.assistance.measures.domain import stream_of
from services.assistance.measures.kinds import MeasureKind, kind_in_force
from services.assistance.measures.state import Measures, contradictions, measures_of
from services.assistance.programmes.predicates import Candidate
from services.casework.contradictions import append_fitting
from services.casework.dates import require_not_future
from services.casework.documents.reading import Documents
from services.casework.duties.store import Duties
from services.casework.people.domain import fold
from services.casework.people.queries import facts_about_households
from services.casework.people.state import household_state
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx

HOUSEHOLD = b"SELECT division FROM households WHERE household_id = %s"
InScope = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class HouseholdOnDay:
    """``candidate``: as kinds of measures ask of it."""

    division: str
    persons: int
    candidate: Candidate


Decide = Callable[[Measures, HouseholdOnDay, Tx], MeasuresFact]
"""A decision about one household's measures as they stand, and the household on the day; the fact to append out."""


class MeasureCommands:
    """Handlers of the commands about measures."""

    def __init__(self, documents: Documents, duties: Duties) -> None:
        self._documents, self._duties = documents, duties

    def enter(self, household_id: UUID, day: date, in_scope: InScope, decide: Decide) -> Callable[[Tx], Reply]:
        """What contradicts nothing is recorded. The office that the household belongs to today enters it."""

        def handle(tx: Tx) -> Reply:
            row = tx.cur.execute(HOUSEHOLD, (household_id,), prepare=True).fetchone()
            if row is None or not in_scope(row[0]):
                raise Refused(NOT_FOUND)
            require_not_future(day, tx.today)
            household = _household(tx, household_id, day)
            fact = decide(measures_of(timeline(tx.load(stream_of(household_id)))), household, tx)
            append_fitting(tx, stream_of(household_id), [fact], contradictions)
            self._duties.reconcile(tx, [household_id])
            return Reply(location=location(household_id))

        return handle

    def kind(self, tx: Tx, key: str, day: date, division: str) -> MeasureKind | None:
        return kind_in_force(self._documents.in_unit(tx), key, day, division)

    def require_entries(self, tx: Tx, household_id: UUID, named: Sequence[str]) -> None:
        domain.require_entries(tx.load(stream_of(household_id)), named)


def location(household_id: UUID) -> str:
    return f"/assistance/measures/households/{household_id}"


def _household(tx: Tx, household_id: UUID, day: date) -> HouseholdOnDay:
    about = facts_about_households(tx.cur, [household_id])[household_id]
    tx.after(max(r.recorded_at for r in about))
    return household_on_day(about, household_id, day)


def household_on_day(about: Sequence[Recorded], household_id: UUID, day: date) -> HouseholdOnDay:
    """``about``: all that the register knows of it and of its ancestors. Raises ``Refused``."""
    state = fold(timeline(about, of=household_id, as_of=day))
    found = state.households.get(household_id)
    if found is None:
        raise Refused(rules.NOT_A_HOUSEHOLD_THEN)
    candidate = Candidate(household_state(state, household_id), day, found.monitoring)
    return HouseholdOnDay(found.division, len(state.members(household_id)), candidate)
