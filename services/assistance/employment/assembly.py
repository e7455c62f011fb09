"""Employment as the service mounts it."""

from collections.abc import Sequence

from services.assistance.employment.api import WorkEntries, kept_jobs_router, offers_router, placements_router
from services.assistance.employment.candidates import PostQueries
from services.assistance.employment.queries import EmploymentQueries
from services.assistance.employment.read_api import employment_queries_router, post_queries_router
from services.assistance.employment.store import EmploymentCommands
from services.casework.documents.reading import Documents
from services.casework.evidence.citations import Citations
from services.chassis.service import Service
from services.chassis.web.routing import DeferredRouter


def employment_routers(service: Service, documents: Documents, citations: Citations) -> Sequence[DeferredRouter]:
    commands = EmploymentCommands(documents)
    entries = WorkEntries(service, commands, citations)
    return (
        offers_router(service, commands, citations),
        placements_router(entries),
        kept_jobs_router(entries),
        employment_queries_router(service, EmploymentQueries(service.store)),
        post_queries_router(service, PostQueries(service.store, documents)),
    )
