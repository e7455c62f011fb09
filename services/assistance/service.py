"""The assistance service."""

from functools import partial
from pathlib import Path

from fastapi import FastAPI

from services.assistance.access import wait_for_positions
from services.assistance.aid import store as aid_store
from services.assistance.aid.domain import EDUCATION_AID
from services.assistance.aid.feed import PupilAidReaction
from services.assistance.aid.queries import AidQueries
from services.assistance.aid.read_api import aid_query_router
from services.assistance.beneficiaries import store as beneficiaries
from services.assistance.inbox import store as inbox_store
from services.assistance.inbox.api import inbox_router
from services.assistance.pairing import feed as pairing_feed
from services.assistance.pairing import store as pairing_store
from services.assistance.pairing.api import pairing_router
from services.assistance.pairing.queries import PairingQueries
from services.casework.procedures import store as case_store
from services.casework.procedures.api import cases_router
from services.casework.procedures.command_service import CaseCommandService
from services.casework.procedures.feed import deadlines
from services.casework.procedures.queries import CaseQueries, never_leaves
from services.casework.procedures.read_api import case_queries_router
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.store import CaseCommands
from services.chassis.law.parameter_files import load
from services.chassis.law.parameters import Parameters
from services.chassis.service import Environment, Service, open_store

NAME = "assistance"
PARAMETERS = Path(__file__).parent / "parameters"


def assistance(environment: Environment, parameters: Parameters | None = None) -> tuple[Service, FastAPI]:
    """The service and its HTTP application. ``parameters``: the dated rules, by default those that come with the service."""
    parameters = load(PARAMETERS) if parameters is None else parameters
    store, sealer = open_store(NAME, environment), environment.sealer()
    procedures = ProcedureRepository(parameters)
    case_commands = CaseCommands(NAME, procedures, {EDUCATION_AID: aid_store.EducationAidMatter(parameters)})
    service = Service(
        name=NAME,
        title="Lika assistance",
        environment=environment,
        store=store,
        views=(case_store.view(procedures), aid_store.view(), pairing_store.view(), inbox_store.view()),
        # In this order: the reactions query the households view as it is after the same facts.
        reads={
            "registry": (
                beneficiaries.view(),
                PupilAidReaction(parameters),
                pairing_feed.PairingReaction(parameters),
            ),
        },
        deadlines={
            **deadlines(case_commands),
            pairing_store.HELPER_DUTY_TIMER: pairing_feed.duty_deadline_passed,
        },
        closes=(sealer.data_keys.close,),
    )
    case_queries, wait = (
        CaseQueries(store, procedures, beneficiaries.CURRENT_DIVISIONS, never_leaves),
        partial(wait_for_positions, service),
    )
    routers = (
        cases_router(CaseCommandService(store, case_commands, case_queries, sealer), wait),
        case_queries_router(case_queries, wait),
        aid_query_router(service, AidQueries(store, parameters)),
        pairing_router(service, pairing_store.PairingCommands(parameters), PairingQueries(store)),
        inbox_router(service, inbox_store.InboxQueries(store)),
    )
    return service, service.app(*routers)
