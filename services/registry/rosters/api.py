"""Rosters of pupils over HTTP."""

from services.casework.workbooks.row_imports import RowImportActs, row_imports_router
from services.casework.workbooks.web import WorkbookRequests
from services.chassis.web.routing import DeferredRouter
from services.registry.rosters.domain import RosterLine

ACTS = RowImportActs(
    template="read_roster_template", imported="import_roster", annotated="annotate_roster", found="find_rosters",
    read="read_roster_import",
)  # fmt: skip


def rosters_router(requests: WorkbookRequests[RosterLine]) -> DeferredRouter:
    return row_imports_router("/rosters", "enrolments", ACTS, requests)
