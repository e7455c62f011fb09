"""The registry, put together."""

from functools import partial

from fastapi import FastAPI

from services.casework.code_lists.reading import FormWords
from services.casework.directory.admission import admit_by
from services.casework.directory.api import directory_router
from services.casework.directory.command_service import StaffCommandService
from services.casework.directory.post_api import posts_router
from services.casework.directory.queries import Directory
from services.casework.directory.read_api import directory_queries_router
from services.casework.directory.staff_list.api import staff_list_router
from services.casework.directory.staff_list.matter import StaffRows
from services.casework.directory.store import DirectoryCommands, accounts_of
from services.casework.documents.api import documents_router
from services.casework.documents.first_texts import FirstTexts
from services.casework.documents.open_acts import acts_of_documents
from services.casework.documents.reading import Documents
from services.casework.duties.api import duties_router
from services.casework.duties.feed import DutySweep
from services.casework.duties.queries import DutyQueries
from services.casework.duties.repository import DutySetRepository
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
from services.casework.findings.queries import FindingQueries, flagged
from services.casework.findings.store import Findings
from services.casework.findings.sweep import FindingsSweep
from services.casework.inbox.api import inbox_router
from services.casework.procedures import repository
from services.casework.procedures.api import cases_router
from services.casework.procedures.application_forms import with_applications
from services.casework.procedures.command_service import CaseCommandService
from services.casework.procedures.feed import deadlines
from services.casework.procedures.matters import Matters
from services.casework.procedures.queries import CaseQueries
from services.casework.procedures.read_api import case_queries_router
from services.casework.procedures.steps import CaseSteps
from services.casework.procedures.store import CaseCommands
from services.casework.records.file_access import RecordFiles
from services.casework.revocations.api import revocations_router
from services.casework.revocations.view import refuse_revoked_tokens
from services.casework.workbooks.importing.importer import WorkbookImporter
from services.casework.workbooks.importing.seats import Seats
from services.casework.workbooks.web import MAX_CONCURRENT, WorkbookRequests
from services.chassis.environment import Environment
from services.chassis.following.sealed_subjects import KeyComparison
from services.chassis.ground.clock import SystemClock
from services.chassis.service import Service
from services.chassis.store_opening import open_store
from services.chassis.web.consequences import DecisiveCommand
from services.registry.access import ACCESS
from services.registry.applications import APPLICATIONS
from services.registry.areas import AREAS, CHECKED_AREAS, HOUSEHOLD_AREAS, OWED_AREAS
from services.registry.authorisations.api import authorisations_router
from services.registry.authorisations.comparing import AuthorisationsOfCases
from services.registry.authorisations.store import AuthorisationQueries
from services.registry.cases import monitoring_terms
from services.registry.cases.monitoring import MonitoringMatter
from services.registry.cases.store import POVERTY_STATUS, PovertyStatusMatter
from services.registry.clues.api import clues_router
from services.registry.clues.queries import ClueQueries
from services.registry.clues.read_api import clue_queries_router
from services.registry.clues.receiving_api import receiving_router
from services.registry.clues.store import ClueCommands
from services.registry.clues.taking_up import CluesOfCases
from services.registry.consequences.api import shown_consequences_router
from services.registry.consequences.collecting import CollectedConsequences
from services.registry.consequences.register_foresight import RegisterForesight
from services.registry.consequences.store import ShownQueries
from services.registry.corrections import reporting
from services.registry.corrections.api import reports_router
from services.registry.corrections.consequence_api import consequences_router
from services.registry.corrections.consequence_queries import ConsequenceQueries, GroundlessCases
from services.registry.corrections.queries import ReportQueries
from services.registry.corrections.store import REGISTER_RECORD, RegisterRecordMatter
from services.registry.disclosures.api import disclosures_router
from services.registry.disclosures.matters import OpenMatters
from services.registry.disclosures.store import Disclosures
from services.registry.division_changes.api import division_changes_router
from services.registry.divisions import store as divisions
from services.registry.divisions.api import divisions_router
from services.registry.document_kinds import FIRST_TEXTS, KINDS, OBLIGATIONS, STAFF
from services.registry.dossiers.api import dossiers_router
from services.registry.dossiers.queries import DossierQueries
from services.registry.findings.accounts.feed import account_findings_view
from services.registry.findings.accounts.notice import AccountNotice
from services.registry.findings.accounts.store import ACCOUNT_CHECKS, naming
from services.registry.findings.member_naming import member_naming
from services.registry.findings.store import CHECKS, CheckedHouseholds
from services.registry.households import store as households
from services.registry.households.api import households_router
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.dry_runs import DryRuns
from services.registry.households.member_api import members_router
from services.registry.households.queries import CHANGED_SINCE_REVIEW, HouseholdQueries
from services.registry.households.read_api import household_queries_router
from services.registry.households.reading import HouseholdReader
from services.registry.identities.api import identities_router
from services.registry.identities.store import IDENTITY, IdentityMatter
from services.registry.inbox import inbox_sources
from services.registry.intake.api import intake_router
from services.registry.intake.history.api import history_router
from services.registry.intake.importing.matter import HouseholdRows
from services.registry.intake.layout import LayoutKey
from services.registry.lifecycle import terms as lifecycle
from services.registry.lifecycle.store import HouseholdRecordMatter
from services.registry.moves.api import moves_router
from services.registry.moves.queries import MoveQueries
from services.registry.national_register.api import national_register_router
from services.registry.national_register.store import NationalRegister
from services.registry.number_reviews.api import number_reviews_router
from services.registry.number_reviews.feed import set_aside_pending
from services.registry.number_reviews.queries import NumberReviewQueries
from services.registry.open_acts import subject_acts
from services.registry.opening_balances.api import opening_balances_router
from services.registry.opening_balances.queries import OpeningBalanceQueries
from services.registry.opening_balances.read_api import opening_balance_queries_router
from services.registry.reconciliations.api import reconciliations_router
from services.registry.reconciliations.checks import RECONCILIATION_CHECKS, ReconciledNumbers
from services.registry.rosters.matter import RosterRows
from services.registry.rosters.routes import education_routers
from services.registry.schools.pupils import PupilQueries
from services.registry.screenings.api import screenings_router
from services.registry.screenings.progress import ScreeningQueries
from services.registry.screenings.store import ScreeningCommands
from services.registry.searches.api import searches_router
from services.registry.searches.feed import IdentityDigests, identity_digests_view
from services.registry.searches.queries import SearchQueries
from services.registry.searches.quotas import SearchQuota
from services.registry.searches.shredded import DigestsOfShredded
from services.registry.views import registry_views
from services.registry.villages.api import villages_router
from services.registry.visits.routes import visit_routers

NAME = "registry"


def registry(environment: Environment, first_texts: FirstTexts = FIRST_TEXTS) -> tuple[Service, FastAPI]:
    """The service and its HTTP face. ``first_texts``: the documents that an empty log takes in."""
    store = open_store(NAME, environment)
    sealer = environment.sealer(store)
    settings = environment.settings
    digests = identity_digests_view(IdentityDigests(environment.open_data_keys, sealer.digest))
    documents = Documents(store, KINDS)
    duty_sets = DutySetRepository(documents)
    duties = Duties(duty_sets, OBLIGATIONS)
    sweep = DutySweep(duties)
    procedures = repository.ProcedureRepository(documents)
    numbers = RegisteredNumbers(copied=False)
    findings = FactFindings(CHECKS, CheckedHouseholds(), documents, accounts_of, member_naming(numbers))
    shared_accounts = Findings(ACCOUNT_CHECKS, CheckedHouseholds(), documents, accounts_of, naming)
    account_notice = AccountNotice(shared_accounts, sealer.digest)
    reconciled = FactFindings(RECONCILIATION_CHECKS, ReconciledNumbers(), documents, accounts_of)
    check_sets = CheckSets(findings, shared_accounts, reconciled)
    finding_rows = FindingRows(CHECKS, CurrentEditions(documents, CHECKS.key))
    account_rows = FindingRows(ACCOUNT_CHECKS, CurrentEditions(documents, ACCOUNT_CHECKS.key))
    account_findings = account_findings_view(account_rows, digests)
    reconciled_rows = FindingRows(RECONCILIATION_CHECKS, CurrentEditions(documents, RECONCILIATION_CHECKS.key))
    dry_runs = DryRuns(store, settings.dry_run_persons_per_day)
    matters: Matters = {
        POVERTY_STATUS: PovertyStatusMatter(),
        monitoring_terms.MONITORING_STATUS: MonitoringMatter(documents, procedures),
        lifecycle.HOUSEHOLD_RECORD: HouseholdRecordMatter(procedures),
        REGISTER_RECORD: RegisterRecordMatter(procedures),
        IDENTITY: IdentityMatter(store, sealer, dry_runs),
    }
    case_commands = CaseCommands(
        NAME, procedures, matters, accounts_of, check_sets.unanswered, CluesOfCases(), AuthorisationsOfCases(documents)
    )
    service = Service(
        name=NAME,
        title="立卡 · 登记 / Lika registry",
        environment=environment,
        store=store,
        access=ACCESS,
        views=registry_views(procedures, finding_rows, digests, account_findings, reconciled_rows),
        deadlines={
            **deadlines(case_commands),
            **sweep.deadlines,
            households.NUMBER_CHECK: set_aside_pending,
        },
        at_start=(partial(first_texts.adopt, store), partial(sweep.begin, store)),
        background=(
            FindingsSweep(store, finding_rows),
            FindingsSweep(store, account_rows),
            FindingsSweep(store, reconciled_rows),
            DigestsOfShredded(store, sealer.data_keys, account_findings),
            KeyComparison(store, sealer.data_keys),
        ),
        closes=(sealer.data_keys.close,),
        foresight=RegisterForesight(store, GroundlessCases(procedures)),
    )
    service.previews = collected = CollectedConsequences(store, lambda: service.asks)
    household_queries, pupils = HouseholdQueries(store), PupilQueries(store)
    case_steps = CaseSteps(store, procedures, case_commands.matters, accounts_of, check_sets.unanswered)
    case_queries = CaseQueries(
        store, procedures, HOUSEHOLD_AREAS, household_queries.left_area, CHANGED_SINCE_REVIEW, partial(flagged, check_sets),
        numbers,
    )  # fmt: skip
    finding_queries = FindingQueries(store, check_sets, CHECKED_AREAS)
    number_reviews = NumberReviewQueries(store, documents)
    directory = Directory(store)
    environment.verifier.admission.find_province = lambda: divisions.province(store)
    admit_by(directory, environment.verifier.admission)
    refuse_revoked_tokens(environment.verifier, store)
    evidence = evidence_of(service, AREAS, RecordFiles(store, documents).hidden_from)
    citations = Citations(service, evidence)
    household_commands = HouseholdCommandService(
        store, sealer, dry_runs, citations, FormWords(documents), findings.checking, account_notice.noticing
    )
    exports = ListExports(service, service.wait_for_positions, numbers)
    directory_commands = DirectoryCommands(STAFF, divisions.is_declared, duties.reconcile)
    staff_commands = StaffCommandService(directory_commands, directory, sealer, citations)
    household_rows = {
        key: HouseholdRows(store, sealer, documents, dry_runs, findings.noticing, account_notice, key) for key in LayoutKey
    }  # fmt: skip
    staff_rows = StaffRows(STAFF, store, sealer, documents, directory_commands, divisions.divisions_named)
    seats = Seats(MAX_CONCURRENT)
    roster_rows = RosterRows(store, sealer, documents, dry_runs)
    rosters = WorkbookRequests(NAME, WorkbookImporter(store, evidence, roster_rows), seats)
    disclosures = Disclosures(store, documents, OpenMatters(finding_queries), accounts_of)
    case_command_service = CaseCommandService(store, case_commands, case_queries, sealer, citations)
    households_read = HouseholdReader(household_queries, documents, pupils.schooling)
    visits = visit_routers(service, household_commands, households_read, collected, citations, duties, HOUSEHOLD_AREAS)
    held = DossierQueries(store, household_queries, procedures, documents, HOUSEHOLD_AREAS)
    return service, service.app(
        divisions_router(service, divisions.Divisions(store)),
        division_changes_router(citations),
        villages_router(service, citations),
        screenings_router(service, ScreeningCommands(duties), ScreeningQueries(store, duty_sets)),
        households_router(household_commands),
        moves_router(household_commands, MoveQueries(store), documents, service.wait_for_positions),
        members_router(household_commands),
        identities_router(service, household_commands, sealer.data_keys),
        household_queries_router(service, households_read, directory),
        reports_router(
            service,
            household_commands,
            reporting.Reporting(documents),
            ReportQueries(store, HOUSEHOLD_AREAS),
            citations,
        ),
        consequences_router(service, ConsequenceQueries(store, procedures)),
        shown_consequences_router(service, ShownQueries(store)),
        *visits,
        dossiers_router(service, collected, households_read, held),
        cases_router(case_command_service, service.wait_for_positions, DecisiveCommand),
        history_router(store),
        authorisations_router(
            service, household_commands, AuthorisationQueries(store, household_queries, documents), documents
        ),
        receiving_router(household_commands, documents),
        clues_router(household_commands, ClueCommands(documents)),
        clue_queries_router(service, ClueQueries(store), sealer.data_keys),
        case_queries_router(case_queries, case_steps, service.wait_for_positions, directory),
        findings_router(service, finding_queries, sealer, citations, numbers),
        inbox_router(
            store,
            inbox_sources(NAME, store, documents, duties, case_steps, finding_queries, number_reviews),
            service.wait_for_positions,
            numbers,
        ),
        duties_router(store, DutyQueries(store, duties, OWED_AREAS, numbers), service.wait_for_positions),
        documents_router(service, documents, accounts_of),
        evidence_router(service, evidence),
        intake_router(
            {
                layout: WorkbookRequests(NAME, WorkbookImporter(store, evidence, rows), seats)
                for layout, rows in household_rows.items()
            }
        ),
        staff_list_router(WorkbookRequests(NAME, WorkbookImporter(store, evidence, staff_rows), seats)),
        *education_routers(service, citations, household_commands, household_queries, pupils, documents, rosters),
        disclosures_router(service, sealer.data_keys, disclosures, accounts_of),
        national_register_router(service, NationalRegister(store, sealer.data_keys, documents), disclosures),
        directory_router(staff_commands),
        posts_router(staff_commands),
        revocations_router(store, SystemClock().now),
        number_reviews_router(service, number_reviews, citations),
        reconciliations_router(service, sealer, documents, dry_runs, evidence, seats),
        opening_balances_router(store, documents),
        opening_balance_queries_router(service, OpeningBalanceQueries(store, household_queries, documents)),
        searches_router(service, SearchQueries(store, sealer), SearchQuota.of(settings), accounts_of),
        directory_queries_router(service, directory),
        exports_router(exports),
        exports=exports,
        subjects={**subject_acts(store, case_steps), **acts_of_documents(documents, accounts_of)},
        besides=with_applications(APPLICATIONS),
    )
