"""What assistance paid by programmes, and is still to pay, as its log says: the view ``programme_payments``, and what one list says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.assistance import payments as facts
from contracts.facts import Recorded
from contracts.selection import timeline
from services.casework.ledgers.money import fen_of
from services.casework.normalized_texts import normalized
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

ASSISTANCE = "assistance"
PAY_LISTS = "pay-list-"
TYPES = frozenset(
    kind.type_name
    for kind in (
        facts.PayListCompiled, facts.PaymentsReleased, facts.PaymentsSettled, facts.PaymentsReturned,
        facts.PaymentOutcomesAnnulled, facts.PayListWithdrawn,
    )
)  # fmt: skip
"""What is followed: the lines of a list are not, so that nobody who is paid is known here."""
PAYMENTS = Table(
    "programme_payments", "list_id",
    ("list_id", "programme", "division", "fund_document", "document_key", "cause", "on_day", "fen"),
)  # fmt: skip
COMMITMENTS = Table(
    "programme_commitments", "list_id",
    ("list_id", "programme", "division", "fund_document", "document_key", "fen"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProgrammePayment:
    """``fen``: below zero where it came back; ``cause``: id of assistance's fact."""

    list_id: UUID
    programme: str
    division: str
    fund_document: str
    cause: str
    on: date
    fen: int


def payments(list_id: UUID, of_list: Sequence[Recorded]) -> list[ProgrammePayment]:
    """What stands: settled, and of that what the bank returned later. Nothing before the release named the money."""
    compiled: facts.PayListCompiled | None = None
    released: facts.PaymentsReleased | None = None
    found: list[ProgrammePayment] = []
    counting = timeline(of_list)
    for recorded in counting:
        match recorded.fact:
            case facts.PayListCompiled() as fact:
                compiled = fact
            case facts.PaymentsReleased() as fact:
                released = fact
    if compiled is None or released is None:
        return []
    for recorded in counting:
        match recorded.fact:
            case facts.PaymentsSettled(total=total):
                fen = fen_of(total)
            case facts.PaymentsReturned(of_settled=total):
                fen = -fen_of(total)
            case _:
                continue
        if fen:
            found.append(
                ProgrammePayment(
                    list_id, compiled.programme, compiled.division, released.fund_document, recorded.id,
                    recorded.fact.effective_on, fen,
                )
            )  # fmt: skip
    return found


def committed(of_list: Sequence[Recorded]) -> int:
    """Fen of what was reserved at its release and neither paid nor returned; zero where the list is withdrawn."""
    left = 0
    for recorded in timeline(of_list):
        match recorded.fact:
            case facts.PaymentsReleased(reserved=reserved):
                left += fen_of(reserved)
            case facts.PaymentsSettled(total=total):
                left -= fen_of(total)
            case facts.PaymentsReturned(total=total, of_settled=of_settled):
                left -= fen_of(total) - fen_of(of_settled)
            case facts.PayListWithdrawn():
                return 0
    return left


def document_key(document_no: str) -> str:
    return normalized((document_no,))


def payments_view() -> View[UUID]:
    """Keeps ``programme_payments`` and ``programme_commitments``."""
    return view_of_streams("programme_payments", (PAYMENTS, COMMITMENTS), TYPES, PAY_LISTS, UUID, _rows, log=ASSISTANCE)


def _rows(list_id: UUID, of_list: Sequence[Recorded]) -> tuple[Iterable[Row], Iterable[Row]]:
    paid = [
        (
            p.list_id, p.programme, p.division, p.fund_document, document_key(p.fund_document), p.cause, p.on, p.fen,
        )
        for p in payments(list_id, of_list)
    ]  # fmt: skip
    standing = [r.fact for r in timeline(of_list)]
    compiled = next((f for f in standing if isinstance(f, facts.PayListCompiled)), None)
    released = next((f for f in standing if isinstance(f, facts.PaymentsReleased)), None)
    if compiled is None or released is None or not (fen := committed(of_list)):
        return paid, ()
    document = released.fund_document
    return paid, [(list_id, compiled.programme, compiled.division, document, document_key(document), fen)]
