"""The registry, put together."""

from pathlib import Path

from fastapi import FastAPI

from services.casework.evidence.api import evidence_router
from services.casework.evidence.assembly import evidence_of
from services.casework.evidence.citations import Citations
from services.chassis.law.parameter_files import load
from services.chassis.security.sealing import KeyedDigest
from services.chassis.service import Environment, Service, open_store
from services.registry.areas import areas
from services.registry.cases import store as case_store
from services.registry.cases.api import cases_router
from services.registry.cases.feed import deadlines
from services.registry.cases.procedure_repository import ProcedureRepository
from services.registry.cases.store import CaseCommands
from services.registry.disclosures.api import disclosures_router
from services.registry.divisions import store as divisions
from services.registry.divisions.api import divisions_router
from services.registry.households import store as households
from services.registry.households.api import households_router
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.member_api import members_router
from services.registry.households.queries import HouseholdQueries
from services.registry.households.read_api import household_queries_router
from services.registry.intake.api import intake_router
from services.registry.intake.importing.importer import WorkbookImporter
from services.registry.vault.keys import Vault
from services.registry.vault.sealer import Sealer

NAME = "registry"
PARAMETERS = Path(__file__).parent / "parameters"
VAULT = "vault"
"""The vault of data keys is a database of its own, with short-lived backups."""


def registry(environment: Environment) -> tuple[Service, FastAPI]:
    """The service and its HTTP face."""
    settings = environment.settings
    store = open_store(NAME, environment)
    vault = Vault.of(settings, environment.conninfo(VAULT))
    sealer = Sealer(vault, KeyedDigest(settings.load_index_keys()))
    procedures = ProcedureRepository(load(PARAMETERS))
    case_commands = CaseCommands(procedures)
    service = Service(
        name=NAME,
        title="立卡 · 登记 / Lika registry",
        environment=environment,
        store=store,
        views=(divisions.view(), households.view(), households.memberships_view(), case_store.view(procedures)),
        deadlines=deadlines(case_commands),
        closes=(vault.close,),
    )
    evidence = evidence_of(service, areas, lambda: vault)
    citations = Citations(service, evidence)
    household_commands = HouseholdCommandService(store, sealer, citations)
    return service, service.app(
        divisions_router(service, divisions.Divisions(store)),
        households_router(household_commands),
        members_router(household_commands),
        household_queries_router(service, HouseholdQueries(store)),
        cases_router(service, case_commands, sealer, citations),
        intake_router(service, WorkbookImporter(store, sealer, evidence)),
        disclosures_router(service, vault),
        evidence_router(service, evidence),
    )
