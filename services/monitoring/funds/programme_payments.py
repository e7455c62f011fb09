"""What assistance paid by programmes, as its log says: the view ``programme_payments``, and the payments of one list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.assistance import payments as facts
from contracts.facts import Recorded
from contracts.selection import timeline
from services.casework.ledgers.money import fen_of
from services.chassis.views.view import Row, Table, View, view_of_streams

ASSISTANCE = "assistance"
PAY_LISTS = "pay-list-"
TYPES = frozenset(
    kind.type_name
    for kind in (
        facts.PayListCompiled, facts.PaymentsReleased, facts.PaymentsSettled, facts.PaymentsReturned,
        facts.PaymentOutcomesAnnulled,
    )
)  # fmt: skip
"""What is followed: the lines of a list are not, so that nobody who is paid is known here."""
PAYMENTS = Table(
    "programme_payments", "list_id",
    ("list_id", "programme", "division", "fund_document", "cause", "on_day", "fen"),
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


def payments_view() -> View[UUID]:
    """Keeps ``programme_payments``."""
    return view_of_streams("programme_payments", (PAYMENTS,), TYPES, PAY_LISTS, UUID, _rows, log=ASSISTANCE)


def _rows(list_id: UUID, of_list: Sequence[Recorded]) -> tuple[Iterable[Row]]:
    return (
        [
            (p.list_id, p.programme, p.division, p.fund_document, p.cause, p.on, p.fen)
            for p in payments(list_id, of_list)
        ],
    )
