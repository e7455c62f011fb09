"""The monitoring service."""

from fastapi import FastAPI

from services.casework.directory.admission import admit_by
from services.casework.directory.feed import view as directory_view
from services.casework.directory.queries import Directory
from services.casework.evidence.api import evidence_router
from services.casework.evidence.assembly import evidence_of
from services.casework.evidence.citations import Citations
from services.casework.exports.api import exports_router
from services.casework.exports.lists import ListExports
from services.casework.inbox.api import inbox_router
from services.casework.revocations import view as revocations
from services.casework.revocations.view import refuse_revoked_tokens
from services.chassis.environment import Environment
from services.chassis.following.foresight import Reactions
from services.chassis.service import Service
from services.chassis.store_opening import open_store
from services.monitoring.access import ACCESS
from services.monitoring.areas import AREAS
from services.monitoring.targets import store as targets
from services.monitoring.targets.api import targets_router
from services.monitoring.targets.counted import CountedExits
from services.monitoring.targets.feed import deadline_passed, exits_view
from services.monitoring.targets.inbox_source import TargetInbox
from services.monitoring.targets.queries import TargetQueries
from services.monitoring.targets.read_api import target_query_router

NAME = "monitoring"


def monitoring(environment: Environment) -> tuple[Service, FastAPI]:
    """The service and its HTTP application. It reads the registry's log."""
    store = open_store(NAME, environment)
    reactions = exits_view(), directory_view(targets.REGISTRY), revocations.view(targets.REGISTRY)
    service = Service(
        name=NAME,
        title="立卡 · 监测 / Lika monitoring",
        environment=environment,
        store=store,
        access=ACCESS,
        views=(targets.view(),),
        reads={targets.REGISTRY: reactions},
        foresight=Reactions(store, targets.REGISTRY, reactions, {}, (CountedExits(),)),
        deadlines={targets.DEADLINE_TIMER: deadline_passed},
    )
    admit_by(Directory(store, targets.REGISTRY), environment.verifier.admission)
    refuse_revoked_tokens(environment.verifier, store)
    evidence, exports = evidence_of(service, AREAS), ListExports(service, service.wait_for_positions)
    return service, service.app(
        targets_router(Citations(service, evidence)),
        target_query_router(service, TargetQueries(store)),
        evidence_router(service, evidence),
        inbox_router(store, (TargetInbox(store),), service.wait_for_positions),
        exports_router(exports),
        exports=exports,
    )
