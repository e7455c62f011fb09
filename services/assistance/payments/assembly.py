"""The payments slice, put together for the service."""

from services.assistance.entitlements.due import DueSource
from services.assistance.payments.account_readings_api import account_readings_router
from services.assistance.payments.api import corrections_router, pay_lists_router
from services.assistance.payments.bench import MoneyBench, PaymentInbox
from services.assistance.payments.compiling import Compiler
from services.assistance.payments.funds_api import fund_postings_router
from services.assistance.payments.ledger import Ledger
from services.assistance.payments.money_api import money_router
from services.assistance.payments.payees import PayeeChecks
from services.assistance.payments.payees_api import PayeeInbox, payee_checks_router
from services.assistance.payments.queries import PaymentQueries
from services.assistance.payments.quotas_api import quotas_router
from services.assistance.payments.read_api import payment_queries_router
from services.assistance.payments.results_api import payment_results_router
from services.assistance.payments.store import PaymentCommands
from services.assistance.payments.totals import totals_router
from services.assistance.payments.units import UnitCommands
from services.assistance.payments.units_api import unit_payments_router
from services.assistance.payments.year_end import year_end_router
from services.assistance.payments.years import YearCommands
from services.casework.documents.reading import Documents
from services.casework.documents.store import Persons
from services.casework.evidence.store import EvidenceStore
from services.casework.workbooks.importing.seats import Seats
from services.casework.workbooks.web import MAX_CONCURRENT
from services.chassis.ground.refusals import Refused
from services.chassis.log.store import Store
from services.chassis.security.access_table import AccessTable
from services.chassis.security.actor import Actor
from services.chassis.security.data_keys import DataKeys
from services.chassis.service import Service
from services.chassis.web.positions import Waits
from services.chassis.web.routing import DeferredRouter


def payment_routers(
    service: Service, documents: Documents, dues: DueSource, persons: Persons, evidence: EvidenceStore, keys: DataKeys,
    wait: Waits,
) -> tuple[DeferredRouter, ...]:  # fmt: skip
    """``dues``: where payments learn what is due; ``persons``: which accounts are one person's; ``keys``: by which accounts of the
    register are opened."""
    store = service.store
    commands, compiler, ledger = (
        PaymentCommands(documents, persons),
        Compiler(store, documents, dues),
        Ledger(store, dues),
    )
    return (
        pay_lists_router(service, commands, compiler, ledger, wait),
        corrections_router(service, commands),
        payment_queries_router(PaymentQueries(store, compiler), wait),
        account_readings_router(service, keys, wait),
        totals_router(service, ledger, wait),
        year_end_router(service, ledger, wait),
        payment_results_router(service, commands, documents, evidence, Seats(MAX_CONCURRENT)),
        unit_payments_router(service, UnitCommands(store, dues), ledger, wait),
        fund_postings_router(service, wait),
        quotas_router(service, documents, wait),
        money_router(
            service, documents, ledger, YearCommands(ledger, persons), MoneyBench(store, documents, ledger), wait
        ),
        payee_checks_router(PayeeChecks(store), wait),
    )


def payment_inboxes(name: str, store: Store, dues: DueSource, access: AccessTable) -> tuple[PaymentInbox, PayeeInbox]:
    def refusal(act: str, actor: Actor) -> Refused | None:
        return access.row(act).refusal(actor)

    return PaymentInbox(name, store, Ledger(store, dues), refusal), PayeeInbox(name, store, refusal)
