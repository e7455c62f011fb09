"""The assistance service."""

from pathlib import Path

from fastapi import FastAPI

from services.assistance.access import ACCESS
from services.assistance.aid import feed as aid_feed
from services.assistance.aid import store as aid_store
from services.assistance.aid.api import applications_router
from services.assistance.aid.queries import AidQueries
from services.assistance.aid.read_api import aid_query_router
from services.assistance.beneficiaries import store as beneficiaries
from services.assistance.inbox import store as inbox_store
from services.assistance.inbox.api import inbox_router
from services.assistance.pairing import feed as pairing_feed
from services.assistance.pairing import store as pairing_store
from services.assistance.pairing.api import pairing_router
from services.assistance.pairing.queries import PairingQueries
from services.chassis.law.parameter_files import load
from services.chassis.law.parameters import Parameters
from services.chassis.service import Environment, Service, open_store

NAME = "assistance"
PARAMETERS = Path(__file__).parent / "parameters"


def assistance(environment: Environment, parameters: Parameters | None = None) -> tuple[Service, FastAPI]:
    """The service and its HTTP application. ``parameters``: the dated rules, by default those that come with the service."""
    parameters = load(PARAMETERS) if parameters is None else parameters
    store = open_store(NAME, environment)
    service = Service(
        name=NAME,
        title="Lika assistance",
        environment=environment,
        store=store,
        access=ACCESS,
        views=(aid_store.view(), pairing_store.view(), inbox_store.view()),
        # In this order: the reactions query the households view as it is after the same facts.
        reads={
            "registry": (
                beneficiaries.view(),
                aid_feed.PupilAidReaction(parameters),
                pairing_feed.PairingReaction(parameters),
            ),
        },
        deadlines={
            aid_store.NOTICE_TIMER: aid_feed.notice_deadline_passed(parameters),
            pairing_store.HELPER_DUTY_TIMER: pairing_feed.duty_deadline_passed,
        },
    )
    routers = (
        applications_router(service, aid_store.AidCommands(parameters)),
        aid_query_router(service, AidQueries(store, parameters), parameters),
        pairing_router(service, pairing_store.PairingCommands(parameters), PairingQueries(store)),
        inbox_router(service, inbox_store.InboxQueries(store)),
    )
    return service, service.app(*routers)
