"""The assistance service."""

from functools import partial

from fastapi import FastAPI

from services.assistance import registrations
from services.assistance.access import ACCESS
from services.assistance.applications import APPLICATIONS
from services.assistance.areas import AREAS, DUTY_AREAS, FINDING_AREAS, UNIT_AREAS, UNIT_CHANGED_SINCE_REVIEW
from services.assistance.collections.api import collections_router
from services.assistance.consequences import EFFECTS
from services.assistance.document_kinds import FIRST_TEXTS, FOLLOWED, KINDS, OBLIGATIONS
from services.assistance.employment.assembly import employment_routers
from services.assistance.employment.deaths import reconcile_work
from services.assistance.employment.domain import stream_of as work_stream
from services.assistance.employment.pay_queries import PostDue
from services.assistance.employment.wages import ReportedWages
from services.assistance.entitlements import store as entitlement_store
from services.assistance.entitlements.api import suspensions_router
from services.assistance.entitlements.domain import stream_of as entitlement_stream
from services.assistance.entitlements.due import DueSources
from services.assistance.entitlements.due_queries import EntitlementDue
from services.assistance.entitlements.matter import ProgrammeMatters
from services.assistance.entitlements.proposal_queries import ProposalQueries
from services.assistance.entitlements.proposals_api import proposals_router
from services.assistance.entitlements.quantity_lists.api import quantity_lists_router
from services.assistance.entitlements.queries import EntitlementQueries
from services.assistance.entitlements.quota_api import quota_router
from services.assistance.entitlements.read_api import entitlements_router
from services.assistance.entitlements.told_api import told_router
from services.assistance.entitlements.why_api import why_router
from services.assistance.entitlements.why_queries import WhyQueries
from services.assistance.findings.risks.feed import risk_findings_view
from services.assistance.findings.risks.store import CHECKS as RISK_CHECKS
from services.assistance.findings.risks.store import CheckedRiskHouseholds
from services.assistance.findings.store import CHECKS, CaseloadNotice, CheckedHelpers
from services.assistance.handovers import leavers
from services.assistance.handovers.api import handovers_router
from services.assistance.handovers.departures import Departures
from services.assistance.handovers.leavers_inbox import LeaversInbox
from services.assistance.handovers.queries import HandoverQueries
from services.assistance.handovers.store import HandoverCommands
from services.assistance.inbox.source import AssistanceInbox
from services.assistance.loans.applications import LOAN, LoanMatter
from services.assistance.loans.assembly import loan_routers
from services.assistance.loans.benefits import LoanBenefits
from services.assistance.loans.feed import LoanReaction
from services.assistance.loans.inbox_source import LoanInbox
from services.assistance.loans.queries import LoanQueries
from services.assistance.loans.subsidy_inbox import OverpaidSubsidyInbox
from services.assistance.measures.assembly import measure_routers
from services.assistance.open_acts import subject_acts
from services.assistance.pairs.api import pairs_router
from services.assistance.pairs.deaths import PairDeaths
from services.assistance.pairs.ended_households_inbox import EndedHouseholdsInbox
from services.assistance.pairs.feed import DutyReaction, VisitReaction
from services.assistance.pairs.queries import PairQueries
from services.assistance.pairs.read_api import pair_queries_router
from services.assistance.pairs.register_store import reconcile_register
from services.assistance.pairs.store import PairCommands
from services.assistance.pairs.streams import following_stream
from services.assistance.parties.api import parties_router
from services.assistance.payments import accounts as payment_accounts
from services.assistance.payments import deaths as payment_deaths
from services.assistance.payments.assembly import payment_inboxes, payment_routers
from services.assistance.payments.feed import DeathHold
from services.assistance.payments.fund_quotas import MONITORING, fund_quotas_view
from services.assistance.payments.ledger import Ledger
from services.assistance.programmes.queries import ProgrammeQueries
from services.assistance.programmes.read_api import programmes_router
from services.assistance.reactions import HouseholdReaction, UnitReaction
from services.assistance.record_subjects import RegisterSubjects
from services.assistance.standings import NamedBefore
from services.assistance.training.assembly import training_routers
from services.assistance.training.deaths import TraineeDeaths
from services.assistance.views import assistance_views
from services.casework.directory.admission import admit_by
from services.casework.directory.feed import view as directory_view
from services.casework.directory.queries import Directory
from services.casework.documents.api import documents_router
from services.casework.documents.feed import FollowedDocuments
from services.casework.documents.first_texts import FirstTexts
from services.casework.documents.open_acts import acts_of_documents
from services.casework.documents.reading import Documents
from services.casework.duties.api import duties_router
from services.casework.duties.feed import ChangedDutySets, DutySweep
from services.casework.duties.inbox_source import DutyInbox
from services.casework.duties.queries import DutyQueries
from services.casework.duties.repository import DutySetRepository
from services.casework.duties.standing import OwedDuties
from services.casework.duties.store import Duties
from services.casework.evidence.api import evidence_router
from services.casework.evidence.assembly import evidence_of
from services.casework.evidence.citations import Citations
from services.casework.exports.api import exports_router
from services.casework.exports.lists import ListExports
from services.casework.exports.numbers import RegisteredNumbers
from services.casework.findings.api import findings_router
from services.casework.findings.check_sets import CheckSets
from services.casework.findings.entry_warnings import FactFindings
from services.casework.findings.feed import CurrentEditions, FindingRows
from services.casework.findings.inbox_source import FindingInbox
from services.casework.findings.queries import FindingQueries
from services.casework.findings.sweep import FindingsSweep
from services.casework.inbox.api import inbox_router
from services.casework.people import view as people
from services.casework.positions import wait_for_positions
from services.casework.procedures import repository
from services.casework.procedures.api import cases_router
from services.casework.procedures.application_forms import with_applications
from services.casework.procedures.command_service import CaseCommandService
from services.casework.procedures.feed import deadlines
from services.casework.procedures.inbox_source import case_inboxes
from services.casework.procedures.matters import Matter
from services.casework.procedures.queries import CaseQueries, never_leaves
from services.casework.procedures.read_api import case_queries_router
from services.casework.procedures.steps import CaseSteps
from services.casework.procedures.store import CaseCommands
from services.casework.records import view as record_view
from services.casework.records.api import confirmations_router, records_router
from services.casework.records.command_service import RecordCommandService
from services.casework.records.file_access import RecordFiles
from services.casework.records.queries import RecordQueries
from services.casework.records.read_api import person_records_router, record_queries_router
from services.casework.records.reader import RecordReader
from services.casework.records.store import RecordCommands
from services.casework.revocations import view as revocations
from services.casework.revocations.view import refuse_revoked_tokens
from services.chassis.environment import Environment
from services.chassis.following.foresight import Reactions
from services.chassis.following.sealed_subjects import KeyComparison, SealedSubjectsView
from services.chassis.service import Service
from services.chassis.store_opening import open_store

NAME = "assistance"


def assistance(environment: Environment, first_texts: FirstTexts = FIRST_TEXTS) -> tuple[Service, FastAPI]:
    """The service and its HTTP application. ``first_texts``: the documents that an empty log takes in."""
    store = open_store(NAME, environment)
    sealer = environment.sealer(store)
    documents = Documents(store, KINDS, FOLLOWED)
    duties = Duties(DutySetRepository(documents), OBLIGATIONS)
    sweep = DutySweep(duties)
    procedures = repository.ProcedureRepository(documents)
    directory = Directory(store, people.REGISTRY)
    admit_by(directory, environment.verifier.admission)
    findings = FactFindings(CHECKS, CheckedHelpers(), documents, directory.accounts_known_to)
    finding_rows = FindingRows(CHECKS, CurrentEditions(documents, CHECKS.key))
    risks = FactFindings(RISK_CHECKS, CheckedRiskHouseholds(), documents, directory.accounts_known_to)
    risk_rows = FindingRows(RISK_CHECKS, CurrentEditions(documents, RISK_CHECKS.key))
    risk_findings = risk_findings_view(risk_rows)
    case_matters = NamedBefore[Matter]({LOAN: LoanMatter(documents)}, ProgrammeMatters(documents))
    case_commands = CaseCommands(NAME, procedures, case_matters, directory.accounts_known_to)
    pair_commands = PairCommands(documents, duties, CaseloadNotice(findings))
    handovers = HandoverCommands(pair_commands)
    # In this order: the reactions query the households view as it is after the same facts.
    reactions = (
        FollowedDocuments(),
        ChangedDutySets(),
        directory_view(people.REGISTRY),
        leavers.view(),
        revocations.view(people.REGISTRY),
        people.view(),
        risk_findings,
        registrations.view(),
        payment_deaths.view(),
        payment_accounts.view(),
        UnitReaction("entitlement_reaction", entitlement_stream, entitlement_store.reconcile_entitlements, documents),
        HouseholdReaction("pairing_reaction", following_stream, reconcile_register, documents),
        LoanReaction(documents),
        DutyReaction(duties),
        DeathHold(),
        TraineeDeaths(documents),
        PairDeaths(documents, duties),
        UnitReaction("work_reaction", work_stream, reconcile_work, documents),
        record_view.followed_view(people.REGISTRY),
        VisitReaction(duties),
        SealedSubjectsView(people.view().types | record_view.TYPES | payment_accounts.view().types),
    )
    service = Service(
        name=NAME,
        title="Lika assistance",
        environment=environment,
        store=store,
        access=ACCESS,
        views=assistance_views(procedures, finding_rows, risk_findings),
        reads={people.REGISTRY: reactions, MONITORING: (fund_quotas_view(),)},
        foresight=Reactions(
            store, people.REGISTRY, reactions, EFFECTS, (OwedDuties(duties), ReportedWages(), LoanBenefits())
        ),
        at_start=(partial(first_texts.adopt, store), partial(sweep.begin, store)),
        deadlines={**deadlines(case_commands), **sweep.deadlines, **handovers.deadlines},
        background=(
            FindingsSweep(store, finding_rows),
            FindingsSweep(store, risk_rows),
            KeyComparison(store, sealer.data_keys),
        ),
        closes=(sealer.data_keys.close,),
    )
    refuse_revoked_tokens(environment.verifier, store)
    evidence = evidence_of(service, AREAS, RecordFiles(store, documents).hidden_from)
    areas, wait = UNIT_AREAS, partial(wait_for_positions, service)
    numbers = RegisteredNumbers(copied=True)
    entitlement_queries = EntitlementQueries(store, documents)
    case_queries = CaseQueries(store, procedures, areas, never_leaves, UNIT_CHANGED_SINCE_REVIEW, numbers=numbers)
    case_steps = CaseSteps(store, procedures, case_matters, directory.accounts_known_to)
    duty_inbox = DutyInbox(store, duties, DUTY_AREAS, lambda act, actor: ACCESS.row(act).refusal(actor))
    dues = DueSources((EntitlementDue(store, documents), PostDue(store, documents)))
    duty_queries = DutyQueries(store, duties, DUTY_AREAS, numbers, payment_accounts.households_of)
    pair_queries = PairQueries(store, documents, DUTY_AREAS)
    finding_queries = FindingQueries(store, CheckSets(findings, risks), FINDING_AREAS)
    finding_inbox = FindingInbox(NAME, store, FINDING_AREAS, finding_queries)
    subjects, citations = RegisterSubjects(), Citations(service, evidence)
    record_commands = RecordCommands(NAME, documents, subjects, directory.accounts_known_to, duties.reconcile)
    records = RecordQueries(store, subjects.areas)
    reader = RecordReader(records, documents)
    record_service = RecordCommandService(record_commands, records, sealer, citations)
    exports = ListExports(service, wait, numbers)
    case_service = CaseCommandService(store, case_commands, case_queries, sealer, citations)
    routers = (
        cases_router(case_service, wait),
        case_queries_router(case_queries, case_steps, wait, directory),
        programmes_router(service, ProgrammeQueries(store, documents)),
        entitlements_router(service, entitlement_queries),
        proposals_router(service, case_service, ProposalQueries(store, entitlement_queries)),
        quota_router(service, documents),
        suspensions_router(service),
        told_router(service, documents),
        quantity_lists_router(service, documents, evidence),
        collections_router(service, documents),
        why_router(service, WhyQueries(store, documents)),
        records_router(record_service, wait),
        confirmations_router(record_service),
        person_records_router(store, reader, wait),
        record_queries_router(store, reader, sealer.data_keys, wait),
        pairs_router(service, pair_commands, citations),
        pair_queries_router(service, pair_queries),
        handovers_router(service, handovers, HandoverQueries(store, duty_queries, pair_queries)),
        parties_router(service, duties, Departures(pair_commands, handovers).follow),
        *loan_routers(service, documents, evidence),
        *training_routers(service, documents, citations),
        *employment_routers(service, documents, citations),
        *measure_routers(service, documents, duties, citations),
        findings_router(service, finding_queries, sealer, citations, numbers),
        *payment_routers(service, documents, dues, directory.accounts_known_to, evidence, sealer.data_keys, wait),
        duties_router(store, duty_queries, wait),
        inbox_router(
            store,
            (
                *case_inboxes(NAME, store, areas, case_steps),
                AssistanceInbox(NAME, store, ACCESS, Ledger(store, dues).owed_without_plan),
                LoanInbox(NAME, store, ACCESS),
                LeaversInbox(NAME, store, ACCESS, pair_queries, DUTY_AREAS),
                EndedHouseholdsInbox(NAME, store, ACCESS, pair_queries),
                OverpaidSubsidyInbox(NAME, store, LoanQueries(store, documents), ACCESS),
                duty_inbox,
                finding_inbox,
                *payment_inboxes(NAME, store, dues, ACCESS),
            ),
            wait,
            numbers,
        ),
        documents_router(service, documents, directory.accounts_known_to),
        evidence_router(service, evidence),
        exports_router(exports),
    )
    return service, service.app(
        *routers,
        exports=exports,
        subjects={
            **subject_acts(store, case_steps, pair_queries, directory.accounts_known_to, documents),
            **acts_of_documents(documents, directory.accounts_known_to),
        },
        besides=with_applications(APPLICATIONS),
    )
