"""Lists of quantities over HTTP."""

from services.assistance.entitlements.quantity_lists.matter import QuantityRows, TellingRow
from services.casework.documents.reading import Documents
from services.casework.evidence.store import EvidenceStore
from services.casework.workbooks.importing.importer import WorkbookImporter
from services.casework.workbooks.importing.seats import Seats
from services.casework.workbooks.row_imports import RowImportActs, row_imports_router
from services.casework.workbooks.web import MAX_CONCURRENT, WorkbookRequests
from services.chassis.service import Service
from services.chassis.web.routing import DeferredRouter

ACTS = RowImportActs(
    template="read_quantity_list_template", imported="import_quantity_list", annotated="annotate_quantity_list",
    found="find_quantity_list_imports", read="read_quantity_list_import",
)  # fmt: skip


def quantity_lists_router(service: Service, documents: Documents, evidence: EvidenceStore) -> DeferredRouter:
    importer: WorkbookImporter[TellingRow] = WorkbookImporter(
        service.store, evidence, QuantityRows(service.store, documents)
    )
    requests = WorkbookRequests(service.name, importer, Seats(MAX_CONCURRENT))
    return row_imports_router("/quantity-lists", "entitlements", ACTS, requests)
