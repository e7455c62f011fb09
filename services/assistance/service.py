"""The assistance service."""

from functools import partial
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
from services.casework.documents.api import documents_router
from services.casework.documents.feed import FollowedDocuments
from services.casework.documents.first_texts import FirstTexts
from services.casework.documents.kinds import DocumentKinds
from services.casework.documents.reading import Documents
from services.chassis.law import parameter_documents
from services.chassis.service import Environment, Service, open_store

NAME = "assistance"
KINDS: DocumentKinds = {parameter_documents.KIND: parameter_documents.parameters_from}
FIRST_TEXTS = FirstTexts(Path(__file__).parent / "parameters", KINDS)
FOLLOWED = {"calendar": beneficiaries.REGISTRY}
"""Kind of document → the log that holds those of it."""


def assistance(environment: Environment, first_texts: FirstTexts = FIRST_TEXTS) -> tuple[Service, FastAPI]:
    """The service and its HTTP application. ``first_texts``: the documents that an empty log takes in."""
    store = open_store(NAME, environment)
    documents = Documents(store, KINDS, FOLLOWED)
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
                FollowedDocuments(),
                beneficiaries.view(),
                aid_feed.PupilAidReaction(documents),
                pairing_feed.PairingReaction(documents),
            ),
        },
        at_start=(partial(first_texts.adopt, store),),
        deadlines={
            aid_store.NOTICE_TIMER: aid_feed.notice_deadline_passed(documents),
            pairing_store.HELPER_DUTY_TIMER: pairing_feed.duty_deadline_passed,
        },
    )
    routers = (
        applications_router(service, aid_store.AidCommands(documents)),
        aid_query_router(service, AidQueries(store, documents), documents),
        pairing_router(service, pairing_store.PairingCommands(documents), PairingQueries(store)),
        inbox_router(service, inbox_store.InboxQueries(store)),
        documents_router(service, documents),
    )
    return service, service.app(*routers)
