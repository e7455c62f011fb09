"""The steps of a case, for whoever asks: what was taken, what is due, and whether they may take it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from uuid import UUID

from contracts.facts import Recorded
from contracts.selection import timeline
from services.casework.procedures.applicable_acts import ApplicableAct, applicable_acts
from services.casework.procedures.case_findings import CaseFinding, FindingsOf, no_findings
from services.casework.procedures.document import Procedure
from services.casework.procedures.matters import Matters
from services.casework.procedures.progress import (
    Caller,
    StepProgress,
    progress,
    refusal_of_closing,
    refusal_of_resolution,
)
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.state import CaseState, fold
from services.casework.procedures.store import Persons, nobody_known, stream_of
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor


@dataclass(frozen=True, slots=True)
class CaseProgress:
    """``position``: of the log, as far as it was read; ``as_of``: today; ``facts``: those of the case that stand, in order;
    ``area``: the division where its subject is today; ``on_record``: whether anything of that stands; ``acts``: that apply;
    ``resolution_refused``, ``closing_refused``: why the caller may not resolve the first open objection, or close the case;
    ``findings``: about its subject, today, that nobody has answered."""

    position: int
    as_of: date
    facts: Sequence[Recorded]
    state: CaseState
    procedure: Procedure
    steps: Sequence[StepProgress]
    area: str
    on_record: bool
    acts: Sequence[ApplicableAct]
    resolution_refused: Refused | None
    closing_refused: Refused | None
    findings: Sequence[CaseFinding] = ()


class CaseSteps:
    """Blocking reads, each on one snapshot. ``persons``: which accounts are one person's; ``findings``: what
    check rules found about a subject."""

    def __init__(
        self, store: Store, procedures: ProcedureRepository, matters: Matters, persons: Persons = nobody_known,
        findings: FindingsOf = no_findings,
    ) -> None:  # fmt: skip
        self._store, self._procedures, self._matters, self._persons = store, procedures, matters, persons
        self._findings = findings

    def of(self, case_id: UUID, actor: Actor) -> CaseProgress:
        """Raises ``NOT_FOUND`` where there is no such case, or its subject is not in the actor's area today."""

        def read(tx: Tx) -> CaseProgress:
            found = self._read(tx, case_id, actor)
            if not actor.covers(found.area):
                raise Refused(NOT_FOUND)
            return replace(found, findings=self._findings(tx, found.state.subject))

        return self._store.on_snapshot(read, stream_of(case_id))

    def of_many(self, case_ids: Iterable[UUID], actor: Actor) -> dict[UUID, CaseProgress]:
        """Of cases that a list has found in the actor's area: a subject that has left since is still on that list."""
        wanted = tuple(case_ids)

        def read(tx: Tx) -> dict[UUID, CaseProgress]:
            return {case_id: self._read(tx, case_id, actor) for case_id in wanted}

        return self._store.on_snapshot(read, *map(stream_of, wanted))

    def _read(self, tx: Tx, case_id: UUID, actor: Actor) -> CaseProgress:
        facts = timeline(tx.load(stream_of(case_id)))
        state = fold(facts)
        if state is None:
            raise Refused(NOT_FOUND)
        subject = self._matters[state.standing].subject(tx, state.subject, tx.today)
        procedure = self._procedures.edition(state.procedure, state.edition)
        caller = Caller(actor.subject, actor.roles, actor.level, tx.today, partial(self._persons, tx))
        steps, open_ = progress(facts, state, procedure, subject, caller), state.open_objections
        refused = refusal_of_resolution(open_[0].no, state, procedure, subject, caller) if open_ else None
        closing = refusal_of_closing(caller)
        on_record = subject.standing is not None
        acts = applicable_acts(steps, state, procedure, subject, caller)
        return CaseProgress(
            tx.head, tx.today, facts, state, procedure, steps, subject.area, on_record, acts, refused, closing
        )
