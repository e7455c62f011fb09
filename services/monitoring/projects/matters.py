"""What the procedure engine is told about projects: entry into the library, and acceptance of the works."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from contracts.facts import DecidedFrom
from contracts.monitoring.projects import ProjectAccepted, ProjectListed
from contracts.selection import surviving, timeline
from services.casework.documents.reading import Documents
from services.casework.procedures.document import Appraisal, Inspection, Notice, Procedure
from services.casework.procedures.matters import no_terms
from services.casework.procedures.state import CaseState, Subject
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.content import DocumentError
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.monitoring.projects import rules
from services.monitoring.projects.domain import (
    DRAFT,
    UNDER_WAY,
    acceptance_standing,
    library_standing,
    require_acceptable,
    require_known,
    stream_of,
)
from services.monitoring.projects.drafts import require_complete
from services.monitoring.projects.state import Project, ProjectStage, fold
from services.monitoring.projects.store import claim_done, require_kind


def require_library_procedure(procedure: Procedure) -> None:
    """Raises ``ValueError`` for a procedure by which nothing should enter the library."""
    if procedure.effect.fact != ProjectListed.type_name or procedure.effect.terms or procedure.statuses != (DRAFT,):
        raise DocumentError(
            (), "只有拟议项目进入项目库，请更正 effect 和 statuses", "a draft enters the library, and nothing else"
        )
    _require_no_green_channel(procedure)
    if not any(isinstance(step, Notice) for step in procedure.steps):
        raise DocumentError(
            (), "入库须经公示，请加上公示步骤", "nothing enters the library without a notice (practice: projects)"
        )
    kinds = [type(step) for step in procedure.steps]
    if Appraisal in kinds and Notice not in kinds[kinds.index(Appraisal) :]:
        raise DocumentError((), "村民表决之后须公示，请加上公示步骤", "what a village votes on is posted afterwards")


def require_acceptance_procedure(procedure: Procedure) -> None:
    """Raises ``ValueError`` for a procedure by which nothing should be accepted."""
    fact, statuses = procedure.effect.fact, procedure.statuses
    if fact != ProjectAccepted.type_name or procedure.effect.terms or statuses != (UNDER_WAY,):
        raise DocumentError(
            (),
            "只有在建工程可以验收，请更正 effect 和 statuses",
            "works that are under way are accepted, and nothing else",
        )
    _require_no_green_channel(procedure)
    if not any(isinstance(step, Inspection) for step in procedure.steps):
        raise DocumentError((), "验收之前须检查（M193），请加上检查步骤", "no acceptance without inspection (M193)")


def _require_no_green_channel(procedure: Procedure) -> None:
    if procedure.green_channel is not None:
        raise DocumentError(
            (),
            "项目各关须依次通过，没有绿色通道；请删去",
            "gates of projects are passed in order: there is no green channel",
        )


class _ProjectMatter:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return (stream_of(subject),)

    def _project(self, tx: Tx, subject: UUID) -> Project:
        return require_known(tx.load(stream_of(subject)))

    def _stands(self, tx: Tx, case: CaseState, fact: type[ProjectListed | ProjectAccepted]) -> bool:
        own = surviving(tx.load(stream_of(case.subject)))
        return any(isinstance(r.fact, fact) and r.fact.case_id == case.case_id for r in own)


class LibraryMatter(_ProjectMatter):
    """Implements ``Matter``. Whoever wrote the draft is among its hands."""

    def subject(self, tx: Tx, subject: UUID, on: date) -> Subject:
        facts = tx.load(stream_of(subject))
        now, then = fold(timeline(facts)), fold(timeline(facts, as_of=on))
        if now is None:
            raise Refused(NOT_FOUND)
        standing = None if then is None else library_standing(now)
        return Subject(
            id=subject, household_id=None, area=now.division, standing=standing, since=now.gate_on,
            hands=frozenset(now.hands),
        )  # fmt: skip

    def open(self, tx: Tx, case: CaseState, terms: Mapping[str, Any], basis: DecidedFrom) -> None:
        no_terms(terms)
        project = self._project(tx, case.subject)
        kind = require_kind(self._documents.in_unit(tx), project)
        if case.procedure != kind.library:
            raise Refused(rules.OTHER_PROCEDURE, procedure=kind.library)

    def take_effect(
        self, tx: Tx, case: CaseState, procedure: Procedure, actor: Actor, caused_by: str, basis: DecidedFrom
    ) -> None:
        assert case.decision is not None
        project = self._project(tx, case.subject)
        require_complete(project.components, project.gaps, require_kind(self._documents.in_unit(tx), project))
        listed = ProjectListed(
            project_id=case.subject, case_id=case.case_id, effective_on=case.decision.decided_on,
            entered_by=actor.subject, decision=case.decision, caused_by=caused_by, decided_from=basis,
        )  # fmt: skip
        tx.append(stream_of(case.subject), listed)

    def effect_stands(self, tx: Tx, case: CaseState) -> bool:
        return self._stands(tx, case, ProjectListed)

    def revoke_effect(self, tx: Tx, case: CaseState, actor: Actor, caused_by: str) -> None:
        raise AssertionError("a procedure of projects takes no green channel")


class AcceptanceMatter(_ProjectMatter):
    """Implements ``Matter``. Whoever reported progress does not accept it. ``accepted``: is told of each project as it is accepted,
    with the fact's id, in the same unit."""

    def __init__(self, documents: Documents, accepted: Callable[[Tx, UUID, str], None]) -> None:
        super().__init__(documents)
        self._accepted = accepted

    def subject(self, tx: Tx, subject: UUID, on: date) -> Subject:
        facts = tx.load(stream_of(subject))
        now, then = fold(timeline(facts)), fold(timeline(facts, as_of=on))
        if now is None:
            raise Refused(NOT_FOUND)
        then = now if now.reached(ProjectStage.ACCEPTED) else then
        standing = None if then is None else acceptance_standing(then)
        reporters = frozenset(
            r.fact.entered_by for r in timeline(facts) if r.fact.type_name == "ComponentProgressReported"
        )
        return Subject(
            id=subject, household_id=None, area=now.division, standing=standing, since=now.gate_on, hands=reporters
        )

    def open(self, tx: Tx, case: CaseState, terms: Mapping[str, Any], basis: DecidedFrom) -> None:
        no_terms(terms)
        project = self._project(tx, case.subject)
        kind = require_kind(self._documents.in_unit(tx), project)
        if case.procedure != kind.acceptance:
            raise Refused(rules.OTHER_PROCEDURE, procedure=kind.acceptance)
        require_acceptable(project, kind)

    def take_effect(
        self, tx: Tx, case: CaseState, procedure: Procedure, actor: Actor, caused_by: str, basis: DecidedFrom
    ) -> None:
        assert case.decision is not None
        project = self._project(tx, case.subject)
        require_acceptable(project, require_kind(self._documents.in_unit(tx), project))
        accepted = ProjectAccepted(
            project_id=case.subject, case_id=case.case_id, effective_on=case.decision.decided_on,
            entered_by=actor.subject, decision=case.decision, caused_by=caused_by, decided_from=basis,
        )  # fmt: skip
        (fact_id,) = tx.append(stream_of(case.subject), accepted)
        claim_done(tx, project)
        self._accepted(tx, case.subject, fact_id)

    def effect_stands(self, tx: Tx, case: CaseState) -> bool:
        return self._stands(tx, case, ProjectAccepted)

    def revoke_effect(self, tx: Tx, case: CaseState, actor: Actor, caused_by: str) -> None:
        raise AssertionError("a procedure of projects takes no green channel")
