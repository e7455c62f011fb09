"""What stands in the register's inbox."""

from services.casework.documents.reading import Documents
from services.casework.duties.inbox_source import DutyInbox
from services.casework.duties.store import Duties
from services.casework.findings.inbox_source import FindingInbox
from services.casework.findings.queries import FindingQueries
from services.casework.inbox.entries import InboxSource
from services.casework.procedures.inbox_source import case_inboxes
from services.casework.procedures.steps import CaseSteps
from services.chassis.log.store import Store
from services.registry.access import ACCESS
from services.registry.areas import CHECKED_AREAS, HOUSEHOLD_AREAS, OWED_AREAS
from services.registry.clues.inbox_source import ClueInbox
from services.registry.corrections.inbox_source import ReportInbox
from services.registry.disclosures.inbox_source import UnusualReadings
from services.registry.moves.inbox_source import MoveInbox
from services.registry.number_reviews.inbox_source import NumberReviewInbox
from services.registry.number_reviews.queries import NumberReviewQueries
from services.registry.opening_balances.inbox_source import OpeningBalanceInbox


def inbox_sources(
    name: str,
    store: Store,
    documents: Documents,
    duties: Duties,
    steps: CaseSteps,
    findings: FindingQueries,
    reviews: NumberReviewQueries,
) -> tuple[InboxSource, ...]:
    """``name``: of the service."""
    return (
        *case_inboxes(name, store, HOUSEHOLD_AREAS, steps),
        FindingInbox(name, store, CHECKED_AREAS, findings),
        UnusualReadings(name, documents),
        DutyInbox(store, duties, OWED_AREAS, lambda act, actor: ACCESS.row(act).refusal(actor)),
        MoveInbox(store, documents),
        ReportInbox(store, HOUSEHOLD_AREAS),
        NumberReviewInbox(reviews),
        ClueInbox(store, documents),
        OpeningBalanceInbox(store, ACCESS),
    )
