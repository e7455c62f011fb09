"""What follows from a correction, before it is confirmed and afterwards, as far as the caller's area reaches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from contracts.facts import Recorded
from contracts.quantities import Figures
from contracts.registry.corrections import CorrectionMade
from contracts.selection import timeline
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.state import CaseState, fold
from services.casework.procedures.store import claim_kind
from services.casework.procedures.store import stream_of as case_stream
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.needs import unkeyed
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.cases.store import POVERTY_STATUS
from services.registry.corrections.consequences import (
    HouseholdChange,
    LineKey,
    as_mapping,
    household_change,
    line_changes,
)
from services.registry.corrections.store import REGISTER_RECORD, changes_of, household_in
from services.registry.corrections.streams import stream_of
from services.registry.households import domain as households
from services.registry.households.lineage import Relatives, children_of
from services.registry.households.rehydration import current_state_without_surveys
from services.registry.households.store import naming_facts_in_area, relatives_in
from services.registry.households.visibility import division_today


@dataclass(frozen=True, slots=True)
class GroundlessCase:
    """An open case about a poverty status that its procedure is not for: it can only be rejected or withdrawn. ``status``: the
    one that the household has then."""

    case_id: UUID
    household_id: UUID
    procedure: str
    status: str | None


class GroundlessCases:
    """Open cases of households that their procedures are not for once something is recorded."""

    def __init__(self, procedures: ProcedureRepository) -> None:
        self._procedures = procedures

    def among(self, tx: Tx, concerned: Sequence[UUID], will: Relatives) -> Iterator[GroundlessCase]:
        for household in concerned:
            id_ = unkeyed(household)
            holder = tx.holders(claim_kind(POVERTY_STATUS), [id_]).get(id_)
            state = None if holder is None else fold(timeline(tx.load(case_stream(holder))))
            if state is None or holder is None:
                continue
            edition = self._procedures.edition(state.procedure, state.edition)
            status = current_state_without_surveys(will(household), will).status
            if status not in edition.statuses:
                yield GroundlessCase(holder, household, state.procedure, status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """``position``: of the registry's log, as far as it was read; ``refused``: why the correction could not be carried out now;
    ``elsewhere``: how many households outside the caller's area are concerned; ``void`` and ``entered``: the facts."""

    case: CaseState
    position: int
    carried_out: bool
    refused: Refused | None = None
    elsewhere: int = 0
    changes: Sequence[HouseholdChange] = ()
    lines: Mapping[LineKey, Figures] = field(default_factory=dict)
    cases: Sequence[GroundlessCase] = ()
    void: Sequence[Recorded] = ()
    entered: Sequence[Recorded] = ()


class ConsequenceQueries:
    """Blocking reads, each on one snapshot."""

    def __init__(self, store: Store, procedures: ProcedureRepository) -> None:
        self._store, self._groundless = store, GroundlessCases(procedures)

    def of(self, case_id: UUID, actor: Actor) -> Consequences:
        """Raises ``NOT_FOUND`` where there is no such correction, or its household is not in the actor's area today."""
        return self._store.on_snapshot(lambda tx: self._read(tx, case_id, actor), case_stream(case_id))

    def _read(self, tx: Tx, case_id: UUID, actor: Actor) -> Consequences:
        case = fold(timeline(tx.load(case_stream(case_id))))
        if case is None or case.standing != REGISTER_RECORD:
            raise Refused(NOT_FOUND)
        known = relatives_in(tx)
        if not actor.covers(division_today(known(case.subject), known)):
            raise Refused(NOT_FOUND)
        made = next((r for r in tx.load(stream_of(case.subject)) if _is_made_by(r, case_id)), None)
        try:
            with naming_facts_in_area(tx, actor):
                before, after = _as_carried_out(tx, made) if made is not None else _as_proposed(tx, case)
        except Refused as no:
            return Consequences(case=case, position=tx.head, carried_out=False, refused=no)
        was, will = as_mapping(before, known), as_mapping(after, known)
        concerned = _with_descendants([*after], will)
        here = [h for h in concerned if any(actor.covers(division_today(by(h), by)) for by in (was, will))]
        old = {r.id for household in after for r in before[household]}
        new = [r for household in after if household in here for r in after[household] if r.id not in old]
        annulled = {fact_id for r in new for fact_id in r.fact.annuls}
        changes = (household_change(household, was, will) for household in here)
        return Consequences(
            case=case, position=tx.head, carried_out=made is not None, elsewhere=len(concerned) - len(here),
            changes=[change for change in changes if change is not None], lines=line_changes(here, was, will),
            cases=[] if made is not None else [*self._groundless.among(tx, here, will)],
            void=[r for household in after if household in here for r in before[household] if r.id in annulled],
            entered=new,
        )  # fmt: skip


Known = Mapping[UUID, Sequence[Recorded]]


def _as_proposed(tx: Tx, case: CaseState) -> tuple[Known, Known]:
    """Raises ``Refused`` where it cannot be carried out."""
    changes = changes_of(tx, case)
    before = {household: tx.load(households.stream_of(household)) for household in changes}
    after = {
        household: households.with_appended(before[household], facts, households.stream_of(household))
        for household, facts in changes.items()
    }
    return before, after


def _as_carried_out(tx: Tx, made: Recorded) -> tuple[Known, Known]:
    """As the log stood just before, and just after."""
    assert isinstance(made.fact, CorrectionMade)
    concerned = {household_in(fact_id) for fact_id in (*made.fact.annulled, *made.fact.recorded)}
    facts = {household: tx.load(households.stream_of(household)) for household in concerned}
    return (
        {h: [r for r in of if r.recorded_at < made.recorded_at] for h, of in facts.items()},
        {h: [r for r in of if r.recorded_at <= made.recorded_at] for h, of in facts.items()},
    )


def _with_descendants(found: list[UUID], will: Relatives) -> list[UUID]:
    for household in found:
        found += [child for child in children_of(will(household)) if child not in found]
    return found


def _is_made_by(recorded: Recorded, case_id: UUID) -> bool:
    return isinstance(recorded.fact, CorrectionMade) and recorded.fact.case_id == case_id
