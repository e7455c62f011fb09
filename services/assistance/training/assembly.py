"""Training as the service mounts it."""

from collections.abc import Sequence

from services.assistance.training.api import CourseEntries, courses_router, planning_router, trainees_router
from services.assistance.training.queries import TrainingQueries
from services.assistance.training.read_api import training_queries_router
from services.assistance.training.roster_api import roster_router
from services.assistance.training.store import TrainingCommands
from services.casework.documents.reading import Documents
from services.casework.evidence.citations import Citations
from services.casework.workbooks.importing.seats import Seats
from services.casework.workbooks.web import MAX_CONCURRENT
from services.chassis.service import Service
from services.chassis.web.routing import DeferredRouter


def training_routers(service: Service, documents: Documents, citations: Citations) -> Sequence[DeferredRouter]:
    commands = TrainingCommands(documents)
    entries = CourseEntries(service, commands, citations)
    return (
        planning_router(service, commands, citations),
        courses_router(entries),
        trainees_router(entries),
        roster_router(service, commands, documents, Seats(MAX_CONCURRENT)),
        training_queries_router(service, TrainingQueries(service.store)),
    )
