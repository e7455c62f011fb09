"""Bank statements over HTTP."""

from services.assistance.loans.bank_statements.lines import StatementOfLoan
from services.casework.workbooks.row_imports import RowImportActs, row_imports_router
from services.casework.workbooks.web import WorkbookRequests
from services.chassis.web.routing import DeferredRouter

ACTS = RowImportActs(
    template="read_statement_template", imported="import_bank_statement", annotated="annotate_bank_statement",
    found="find_bank_statements", read="read_statement_import",
)  # fmt: skip


def bank_statements_router(requests: WorkbookRequests[StatementOfLoan]) -> DeferredRouter:
    return row_imports_router("/loan-statements", "loans", ACTS, requests)
