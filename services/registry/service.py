"""The registry, put together."""

from pathlib import Path

from fastapi import FastAPI

from services.casework.directory.admission import admit_by
from services.casework.directory.api import directory_router
from services.casework.directory.feed import view as directory_view
from services.casework.directory.queries import Directory
from services.casework.directory.read_api import directory_queries_router
from services.casework.directory.store import DirectoryCommands, accounts_of
from services.casework.procedures import store as case_store
from services.casework.procedures.api import cases_router
from services.casework.procedures.command_service import CaseCommandService
from services.casework.procedures.feed import deadlines
from services.casework.procedures.queries import CaseQueries
from services.casework.procedures.read_api import case_queries_router
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.store import CaseCommands
from services.chassis.law.parameter_files import load
from services.chassis.service import Environment, Service, open_store
from services.registry.access import ACCESS
from services.registry.cases.store import POVERTY_STATUS, PovertyStatusMatter
from services.registry.disclosures.api import disclosures_router
from services.registry.divisions import store as divisions
from services.registry.divisions.api import divisions_router
from services.registry.households import store as households
from services.registry.households.api import households_router
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.dry_runs import DryRuns
from services.registry.households.member_api import members_router
from services.registry.households.queries import CURRENT_DIVISIONS, HouseholdQueries
from services.registry.households.read_api import household_queries_router
from services.registry.intake.api import intake_router
from services.registry.intake.history.api import history_router
from services.registry.intake.importing.importer import WorkbookImporter

NAME = "registry"
PARAMETERS = Path(__file__).parent / "parameters"


def registry(environment: Environment) -> tuple[Service, FastAPI]:
    """The service and its HTTP face."""
    store = open_store(NAME, environment)
    sealer = environment.sealer()
    procedures = ProcedureRepository(load(PARAMETERS))
    case_commands = CaseCommands(NAME, procedures, {POVERTY_STATUS: PovertyStatusMatter()}, accounts_of)
    service = Service(
        name=NAME,
        title="立卡 · 登记 / Lika registry",
        environment=environment,
        store=store,
        access=ACCESS,
        views=(
            divisions.view(),
            households.view(),
            households.memberships_view(),
            case_store.view(procedures),
            directory_view(),
        ),
        deadlines=deadlines(case_commands),
        closes=(sealer.data_keys.close,),
    )
    household_queries = HouseholdQueries(store)
    case_queries = CaseQueries(store, procedures, CURRENT_DIVISIONS, household_queries.left_area)
    directory = Directory(store)
    environment.verifier.admission.find_province = lambda: divisions.province(store)
    admit_by(directory, environment.verifier.admission)
    dry_runs = DryRuns(store, environment.settings.dry_run_persons_per_day)
    household_commands = HouseholdCommandService(store, sealer, dry_runs)
    return service, service.app(
        divisions_router(service, divisions.Divisions(store)),
        households_router(household_commands),
        members_router(household_commands),
        household_queries_router(service, household_queries, directory),
        cases_router(CaseCommandService(store, case_commands, case_queries, sealer), service.wait_for_positions),
        case_queries_router(case_queries, service.wait_for_positions),
        history_router(store),
        intake_router(service, WorkbookImporter(store, sealer, dry_runs)),
        disclosures_router(service, sealer.data_keys),
        directory_router(store, DirectoryCommands("/registry/staff", divisions.is_declared), sealer),
        directory_queries_router(service, directory),
    )
