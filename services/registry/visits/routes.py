"""Visits, put together: the sheet that is taken along, the way back as one command, and the records that it yields."""

from services.casework.directory.store import accounts_of
from services.casework.duties.store import Duties
from services.casework.evidence.citations import Citations
from services.casework.records.api import records_router
from services.casework.records.command_service import RecordCommandService
from services.casework.records.queries import RecordQueries
from services.casework.records.read_api import record_queries_router
from services.casework.records.reader import RecordReader
from services.casework.records.store import RecordCommands
from services.chassis.service import Service
from services.chassis.web.routing import DeferredRouter
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.reading import HouseholdReader
from services.registry.visits.api import visits_router
from services.registry.visits.command_service import VisitCommandService
from services.registry.visits.sheet_api import AsksAll, visit_sheet_router
from services.registry.visits.subjects import VisitedHouseholds


def visit_routers(
    service: Service, commands: HouseholdCommandService, households: HouseholdReader, asks: AsksAll, citations: Citations,
    duties: Duties, areas: str,
) -> tuple[DeferredRouter, ...]:  # fmt: skip
    """``areas``: SQL of where each household is today."""
    documents, subjects = households.documents, VisitedHouseholds(areas)
    records = RecordCommands(service.name, documents, subjects, accounts_of, duties.reconcile)
    queries = RecordQueries(service.store, subjects.areas)
    reader = RecordReader(queries, documents)
    return (
        visit_sheet_router(service, asks, households),
        visits_router(VisitCommandService(commands, records, households.queries, documents)),
        records_router(RecordCommandService(records, queries, commands.sealer, citations), service.wait_for_positions),
        record_queries_router(service.store, reader, commands.sealer.data_keys, service.wait_for_positions),
    )
