"""The monitoring service."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from services.casework.assembly import Casework, SubjectsOfCases
from services.casework.documents.first_texts import FirstTexts
from services.casework.documents.kinds import DocumentKinds
from services.casework.evidence.api import evidence_router
from services.casework.evidence.assembly import evidence_of
from services.casework.evidence.citations import Citations
from services.casework.exports.api import exports_router
from services.casework.exports.lists import ListExports
from services.casework.findings import document as check_rules
from services.casework.findings.api import findings_router
from services.casework.findings.check_sets import CheckSets
from services.casework.findings.entry_warnings import FactFindings
from services.casework.findings.feed import CurrentEditions, FindingRows, answers_view, findings_view
from services.casework.findings.inbox_source import FindingInbox
from services.casework.findings.queries import FindingQueries
from services.casework.findings.sweep import FindingsSweep
from services.casework.inbox.api import inbox_router
from services.casework.inbox.entries import InboxSource
from services.casework.positions import wait_for_own_head, wait_for_positions
from services.casework.procedures import repository
from services.chassis.environment import Environment
from services.chassis.following.foresight import Reactions
from services.chassis.law import parameter_documents, parameter_values
from services.chassis.service import Service
from services.chassis.store_opening import open_store
from services.monitoring.access import ACCESS
from services.monitoring.agreements import kinds as agreement_kinds
from services.monitoring.agreements import parameters as agreement_parameters
from services.monitoring.agreements import store as agreements
from services.monitoring.agreements.api import agreements_router
from services.monitoring.agreements.inbox_source import AgreementInbox
from services.monitoring.agreements.queries import AgreementQueries
from services.monitoring.agreements.read_api import agreement_query_router
from services.monitoring.areas import AREAS
from services.monitoring.findings.store import CHECKS, CheckedProjects
from services.monitoring.funds import parameters as fund_parameters
from services.monitoring.funds import store as funds
from services.monitoring.funds.api import FundCommandService, funds_router
from services.monitoring.funds.common_money_api import common_money_router
from services.monitoring.funds.draws import DrawsOnFunds
from services.monitoring.funds.floor_inbox import FloorInbox
from services.monitoring.funds.inbox_source import FundInbox
from services.monitoring.funds.keeping_api import fund_keeping_router
from services.monitoring.funds.payments_api import programme_payments_router
from services.monitoring.funds.programme_payments import ASSISTANCE, payments_view
from services.monitoring.funds.queries import FundQueries
from services.monitoring.funds.read_api import fund_query_router
from services.monitoring.funds.watch_api import fund_watch_router
from services.monitoring.projects import kinds as project_kinds
from services.monitoring.projects import store as projects
from services.monitoring.projects.api import projects_router
from services.monitoring.projects.command_service import ProjectCommandService
from services.monitoring.projects.domain import PROJECT_ACCEPTANCE, PROJECT_LIBRARY, PROJECT_STREAMS
from services.monitoring.projects.figures_api import project_figures_router
from services.monitoring.projects.funding_api import project_funding_router
from services.monitoring.projects.matters import (
    AcceptanceMatter,
    LibraryMatter,
    require_acceptance_procedure,
    require_library_procedure,
)
from services.monitoring.projects.open_acts import acts_of_projects
from services.monitoring.projects.queries import CHANGED_SINCE_REVIEW, PROJECT_AREAS, ProjectQueries
from services.monitoring.projects.read_api import project_query_router
from services.monitoring.projects.works_api import works_router
from services.monitoring.targets import store as targets
from services.monitoring.targets.api import targets_router
from services.monitoring.targets.cascade_api import target_cascade_router
from services.monitoring.targets.cascade_queries import CascadeQueries
from services.monitoring.targets.counted import CountedExits
from services.monitoring.targets.feed import deadline_passed, exits_view
from services.monitoring.targets.inbox_source import TargetInbox
from services.monitoring.targets.open_acts import acts_of_targets
from services.monitoring.targets.project_works import follow_accepted
from services.monitoring.targets.queries import TargetQueries
from services.monitoring.targets.read_api import target_query_router
from services.monitoring.targets.works_api import target_works_router

NAME = "monitoring"
KINDS: DocumentKinds = {
    repository.KIND: repository.procedures_changing(
        {PROJECT_LIBRARY: require_library_procedure, PROJECT_ACCEPTANCE: require_acceptance_procedure}
    ),
    project_kinds.KIND: project_kinds.project_kind_from,
    agreement_kinds.KIND: agreement_kinds.agreement_kind_from,
    check_rules.KIND: check_rules.check_rules_of({CHECKS.key: CHECKS.limits}),
    parameter_documents.KIND: parameter_values.parameters_expected(
        {**fund_parameters.PARAMETERS, **agreement_parameters.PARAMETERS}
    ),
}
"""The kinds of documents that monitoring reads."""
FIRST_TEXTS = FirstTexts(Path(__file__).parent / "parameters", KINDS)


def monitoring(environment: Environment, first_texts: FirstTexts = FIRST_TEXTS) -> tuple[Service, FastAPI]:
    """The service and its HTTP application. It reads the logs of the registry and of assistance. ``first_texts``: the
    documents that an empty log takes in."""
    store = open_store(NAME, environment)
    casework = Casework(
        environment, store, first_texts, SubjectsOfCases(PROJECT_AREAS, CHANGED_SINCE_REVIEW),
        lambda documents: {
            PROJECT_LIBRARY: LibraryMatter(documents), PROJECT_ACCEPTANCE: AcceptanceMatter(documents, follow_accepted),
        },
    )  # fmt: skip
    findings = FactFindings(CHECKS, CheckedProjects(), casework.documents, casework.persons)
    finding_rows = FindingRows(CHECKS, CurrentEditions(casework.documents, CHECKS.key))
    project_findings = findings_view(finding_rows, PROJECT_STREAMS, projects.TYPES, projects.TYPES)
    reactions = *casework.reactions, exits_view()
    service = Service(
        name=NAME,
        title="立卡 · 监测 / Lika monitoring",
        environment=environment,
        store=store,
        access=ACCESS,
        views=(
            *casework.views,
            targets.view(),
            projects.view(),
            funds.view(),
            agreements.view(),
            project_findings,
            answers_view(),
        ),
        reads={targets.REGISTRY: reactions, ASSISTANCE: (payments_view(), DrawsOnFunds())},
        foresight=Reactions(store, targets.REGISTRY, reactions, {}, (CountedExits(),)),
        deadlines={**casework.deadlines, targets.DEADLINE_TIMER: deadline_passed},
        at_start=casework.at_start,
        background=(*casework.background, FindingsSweep(store, finding_rows)),
        closes=casework.closes,
    )
    evidence, exports = evidence_of(service, AREAS), ListExports(service, service.wait_for_positions)
    citations = Citations(service, evidence)
    project_work = ProjectCommandService(
        projects.ProjectCommands(casework.documents),
        citations,
        findings.checking,
        partial(wait_for_own_head, service, {}),
    )
    fund_work = FundCommandService(citations, partial(wait_for_positions, service))
    finding_queries = FindingQueries(store, CheckSets(findings), PROJECT_AREAS)
    waiting: Sequence[InboxSource] = (
        TargetInbox(store), FundInbox(store), FloorInbox(FundQueries(store), casework.documents),
        AgreementInbox(store, casework.documents), *casework.inbox,
        FindingInbox(NAME, store, PROJECT_AREAS, finding_queries),
    )  # fmt: skip
    return service, service.app(
        *casework.routers(service, citations),
        targets_router(citations),
        target_works_router(citations),
        target_query_router(service, TargetQueries(store)),
        target_cascade_router(service, TargetQueries(store), CascadeQueries(store)),
        projects_router(project_work),
        project_figures_router(service),
        project_funding_router(project_work),
        works_router(project_work),
        project_query_router(service, ProjectQueries(store)),
        funds_router(fund_work),
        fund_keeping_router(fund_work),
        fund_query_router(service, FundQueries(store)),
        programme_payments_router(service),
        fund_watch_router(service, FundQueries(store), ProjectQueries(store), casework.documents),
        common_money_router(service, FundQueries(store), casework.documents),
        agreements_router(agreements.AgreementCommands(casework.documents), citations),
        agreement_query_router(service, AgreementQueries(store), casework.documents),
        evidence_router(service, evidence),
        findings_router(service, finding_queries, casework.sealer, citations),
        inbox_router(store, waiting, service.wait_for_positions),
        exports_router(exports),
        exports=exports,
        subjects={
            **casework.subject_acts,
            **acts_of_targets(TargetQueries(store)),
            **acts_of_projects(store, ProjectQueries(store), casework.documents),
        },
    )
