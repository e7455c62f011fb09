"""A made-up service whose subject is a works project, approved by village, township and county: what a new procedure for a
new kind of subject costs, beside its document."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import FastAPI

import services.registry
from contracts.facts import DecidedFrom, Fact, published
from contracts.selection import surviving, timeline
from services.casework.access.cases import CASE_ROWS, INBOX_ROWS
from services.casework.access.evidence import EVIDENCE_ROWS
from services.casework.calendars import day_count
from services.casework.documents.first_texts import FirstTexts
from services.casework.documents.kinds import DocumentKinds
from services.casework.documents.reading import Documents
from services.casework.evidence.api import evidence_router
from services.casework.evidence.assembly import evidence_of
from services.casework.evidence.citations import Citations
from services.casework.inbox.api import inbox_router
from services.casework.procedures import repository
from services.casework.procedures import view as case_view
from services.casework.procedures.api import cases_router
from services.casework.procedures.command_service import CaseCommandService
from services.casework.procedures.document import Procedure
from services.casework.procedures.feed import deadlines
from services.casework.procedures.inbox_source import CaseInbox
from services.casework.procedures.matters import no_terms
from services.casework.procedures.queries import CaseQueries, areas_of_cases, never_leaves
from services.casework.procedures.read_api import case_queries_router
from services.casework.procedures.state import CaseState, Subject
from services.casework.procedures.steps import CaseSteps
from services.casework.procedures.store import CaseCommands
from services.chassis.environment import Environment
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.unit import Tx
from services.chassis.security.access_table import AccessTable
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.store_opening import open_store
from services.chassis.web.access_rows import RUNTIME_ROWS

NAME, APPROVAL = "casework", "project_approval"
HOLIDAYS = Path(services.registry.__file__).parent / "parameters" / "holidays" / "cn.yaml"
VILLAGE = "990101001001"
NOTHING_CHANGES = "false"
AREAS = f"SELECT DISTINCT subject, '{VILLAGE}' AS division FROM cases"


@published("TestProjectProposed")
class ProjectProposed(Fact, frozen=True, kw_only=True):
    project_id: UUID
    division: str


@published("TestProjectApproved")
class ProjectApproved(Fact, frozen=True, kw_only=True):
    project_id: UUID
    case_id: UUID


def stream_of(project: UUID) -> str:
    return f"project-{project}"


def require_document(procedure: Procedure) -> None:
    if procedure.effect.fact != ProjectApproved.type_name:
        raise ValueError(f"{procedure.effect.fact} approves no project")


class ProjectApproval:
    """Implements ``Matter``."""

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return (stream_of(subject),)

    def subject(self, tx: Tx, subject: UUID, on: date) -> Subject:
        standing: str | None = None
        area, hands = None, set[str]()
        for recorded in timeline(tx.load(stream_of(subject))):
            if isinstance(recorded.fact, ProjectProposed):
                standing, area = "proposed", recorded.fact.division
                hands.add(recorded.fact.entered_by)
            elif isinstance(recorded.fact, ProjectApproved):
                standing = "approved"
        if area is None:
            raise Refused(NOT_FOUND)
        return Subject(id=subject, household_id=None, area=area, standing=standing, hands=frozenset(hands))

    def open(self, tx: Tx, case: CaseState, terms: Mapping[str, Any], basis: DecidedFrom) -> None:
        no_terms(terms)

    def take_effect(
        self, tx: Tx, case: CaseState, procedure: Procedure, actor: Actor, caused_by: str, basis: DecidedFrom
    ) -> None:
        assert case.decision is not None
        approved = ProjectApproved(
            effective_on=case.decision.decided_on, entered_by=actor.subject, caused_by=caused_by, decided_from=basis,
            decision=case.decision, project_id=case.subject, case_id=case.case_id,
        )  # fmt: skip
        tx.append(stream_of(case.subject), approved)

    def effect_stands(self, tx: Tx, case: CaseState) -> bool:
        own = surviving(tx.load(stream_of(case.subject)))
        return any(isinstance(r.fact, ProjectApproved) and not r.fact.annuls for r in own)

    def revoke_effect(self, tx: Tx, case: CaseState, actor: Actor, caused_by: str) -> None:
        effect = [r for r in tx.load(stream_of(case.subject)) if getattr(r.fact, "case_id", None) == case.case_id]
        void = ProjectApproved(
            effective_on=effect[0].fact.effective_on, entered_by=actor.subject, caused_by=caused_by, project_id=case.subject,
            case_id=case.case_id, annuls=tuple(r.id for r in effect),
        )  # fmt: skip
        tx.append(stream_of(case.subject), void)


KINDS: DocumentKinds = {
    repository.KIND: repository.procedures_changing({APPROVAL: require_document}),
    day_count.KIND: day_count.holidays_from,
}
TEXTS = FirstTexts(Path(__file__).parent, KINDS, also=(HOLIDAYS,))


def works(environment: Environment) -> tuple[Service, FastAPI]:
    """The service and its HTTP application."""
    store = open_store(NAME, environment)
    sealer = environment.sealer(store)
    documents = Documents(store, KINDS)
    procedures = repository.ProcedureRepository(documents)
    commands = CaseCommands(NAME, procedures, {APPROVAL: ProjectApproval()})
    steps = CaseSteps(store, procedures, commands.matters)
    queries = CaseQueries(store, procedures, AREAS, never_leaves, NOTHING_CHANGES)
    service = Service(
        name=NAME, title="works", environment=environment, store=store, views=(case_view.view(procedures),),
        deadlines=deadlines(commands), at_start=(partial(TEXTS.adopt, store),), closes=(sealer.data_keys.close,),
        access=AccessTable(*RUNTIME_ROWS, *CASE_ROWS, *INBOX_ROWS, *EVIDENCE_ROWS),
    )  # fmt: skip
    evidence = evidence_of(service, f"{AREAS} UNION ALL {areas_of_cases(AREAS)}")
    command_service = CaseCommandService(store, commands, queries, sealer, Citations(service, evidence))
    return service, service.app(
        cases_router(command_service, service.wait_for_positions),
        evidence_router(service, evidence),
        case_queries_router(queries, steps, service.wait_for_positions),
        inbox_router(store, (CaseInbox(NAME, store, AREAS, steps),), service.wait_for_positions),
    )
