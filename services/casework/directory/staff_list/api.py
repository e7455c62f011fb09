"""The staff list over HTTP."""

from services.casework.directory.staff_list.drafts import Draft
from services.casework.workbooks.row_imports import RowImportActs, row_imports_router
from services.casework.workbooks.web import WorkbookRequests
from services.chassis.web.routing import DeferredRouter

ACTS = RowImportActs(
    template="read_staff_template", imported="import_staff_list", annotated="annotate_staff_list",
    found="find_staff_imports", read="read_staff_import",
)  # fmt: skip


def staff_list_router(requests: WorkbookRequests[Draft]) -> DeferredRouter:
    return row_imports_router("/staff", "staff", ACTS, requests)
