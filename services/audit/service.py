"""The audit service: it copies every log and answers from its own folds of them."""

from collections.abc import Mapping, Sequence

from fastapi import FastAPI

from services.audit.access import ACCESS
from services.audit.histories.admission import admit_by_copies
from services.audit.histories.api import histories_router
from services.audit.histories.derived_facts_api import derived_facts_router
from services.audit.histories.feed import staff_view
from services.audit.provenance import SnapshotReader
from services.audit.readings.api import readings_router
from services.audit.readings.feed import readings_view
from services.audit.readings.store import Readings
from services.audit.revisions.api import revisions_router
from services.audit.statements.api import statements_router
from services.audit.statements.feed import divisions_view, stock_view
from services.audit.statements.openings import openings_view
from services.audit.statements.state import REGISTRY
from services.casework.exports.api import exports_router
from services.casework.exports.lists import ListExports
from services.casework.exports.numbers import RegisteredNumbers
from services.casework.revocations import view as revocations
from services.casework.revocations.view import refuse_revoked_tokens
from services.chassis.environment import Environment
from services.chassis.following.reactions import Reaction
from services.chassis.service import Service
from services.chassis.store_opening import open_store

NAME = "audit"
LOGS = (REGISTRY, "assistance", "monitoring")


def audit(environment: Environment, logs: Sequence[str] = LOGS) -> tuple[Service, FastAPI]:
    """The service and its HTTP application. ``logs``: the logs to copy; each needs a source when the service starts."""
    views: Mapping[str, tuple[Reaction, ...]] = {
        REGISTRY: (stock_view(), divisions_view(), openings_view(), staff_view(), revocations.view(REGISTRY))
    }
    followed = [log for log in logs if log in LOGS]
    service = Service(
        name=NAME,
        title="立卡 · 审计 / Lika audit",
        environment=environment,
        store=open_store(NAME, environment),
        access=ACCESS,
        views=(readings_view(NAME, own=True),),
        reads={log: (*views.get(log, ()), *([readings_view(log)] if log in followed else [])) for log in logs},
        keeps_all=True,
    )
    refuse_revoked_tokens(environment.verifier, service.store)
    admit_by_copies(service.store, environment.verifier.admission)
    reader = SnapshotReader(service)
    exports = ListExports(service, service.wait_for_positions, RegisteredNumbers(copied=True))
    return service, service.app(
        histories_router(service, reader), derived_facts_router(service, reader), statements_router(service, reader),
        revisions_router(service, reader),
        readings_router(service, reader, Readings([*followed, NAME])), exports_router(exports), exports=exports,
    )  # fmt: skip
