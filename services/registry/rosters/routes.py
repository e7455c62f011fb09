"""What departments of education enter and read, put together."""

from services.casework.documents.reading import Documents
from services.casework.evidence.citations import Citations
from services.casework.workbooks.web import WorkbookRequests
from services.chassis.service import Service
from services.chassis.web.routing import DeferredRouter
from services.registry.enrolments.api import enrolments_router
from services.registry.enrolments.queries import EnrolmentQueries
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.queries import HouseholdQueries
from services.registry.rosters.api import rosters_router
from services.registry.rosters.domain import RosterLine
from services.registry.schools.api import schools_router
from services.registry.schools.pupil_api import pupils_router
from services.registry.schools.pupils import PupilQueries


def education_routers(
    service: Service, citations: Citations, commands: HouseholdCommandService, households: HouseholdQueries,
    pupils: PupilQueries, documents: Documents, rosters: WorkbookRequests[RosterLine],
) -> tuple[DeferredRouter, ...]:  # fmt: skip
    """Schools, their pupils, enrolments and rosters."""
    return (
        schools_router(service, citations, pupils.schools),
        pupils_router(service, pupils),
        enrolments_router(service, commands, EnrolmentQueries(service.store, households, pupils), documents),
        rosters_router(rosters),
    )
