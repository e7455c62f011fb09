"""Loans as the service mounts them."""

from collections.abc import Sequence

from services.assistance.loans.api import loan_changes_router, loans_router
from services.assistance.loans.bank_statements.api import bank_statements_router
from services.assistance.loans.bank_statements.matter import StatementRows
from services.assistance.loans.queries import LoanQueries
from services.assistance.loans.read_api import loan_queries_router
from services.assistance.loans.restatement_api import loan_restatements_router
from services.assistance.loans.risk_funds.api import risk_funds_router
from services.assistance.loans.risk_funds.queries import RiskFundQueries
from services.assistance.loans.risk_funds.store import RiskFundCommands
from services.assistance.loans.store import LoanCommands
from services.casework.documents.reading import Documents
from services.casework.evidence.store import EvidenceStore
from services.casework.workbooks.importing.importer import WorkbookImporter
from services.casework.workbooks.importing.seats import Seats
from services.casework.workbooks.web import MAX_CONCURRENT, WorkbookRequests
from services.chassis.service import Service
from services.chassis.web.routing import DeferredRouter


def loan_routers(service: Service, documents: Documents, evidence: EvidenceStore) -> Sequence[DeferredRouter]:
    store = service.store
    commands, queries = LoanCommands(documents), LoanQueries(store, documents)
    statements = WorkbookImporter(store, evidence, StatementRows(store, documents, commands))
    return (
        loans_router(service, commands, queries),
        loan_changes_router(service, commands, queries),
        risk_funds_router(service, RiskFundCommands(documents), RiskFundQueries(store)),
        loan_queries_router(service, queries),
        loan_restatements_router(service, queries),
        bank_statements_router(WorkbookRequests(service.name, statements, Seats(MAX_CONCURRENT))),
    )
