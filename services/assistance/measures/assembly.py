"""Measures as the service mounts them."""

from collections.abc import Sequence

from services.assistance.measures.api import MeasureEntries, measures_router
from services.assistance.measures.queries import MeasureQueries
from services.assistance.measures.read_api import measure_queries_router
from services.assistance.measures.store import MeasureCommands
from services.casework.documents.reading import Documents
from services.casework.duties.store import Duties
from services.casework.evidence.citations import Citations
from services.chassis.service import Service
from services.chassis.web.routing import DeferredRouter


def measure_routers(
    service: Service, documents: Documents, duties: Duties, citations: Citations
) -> Sequence[DeferredRouter]:
    entries = MeasureEntries(service, MeasureCommands(documents, duties), citations)
    return measures_router(entries), measure_queries_router(service, MeasureQueries(service.store))
