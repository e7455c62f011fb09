"""The table ``clues``: each clue as it stands. Nothing personal is in it."""

from collections.abc import Sequence
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.clues import ClueFact
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.registry.clues.domain import PREFIX, fold

CLUES = Table(
    "clues",
    "clue_id",
    (
        "clue_id", "receipt_no", "source", "channel", "department", "item", "reference", "division",
        "received_in", "household_id", "received_on", "document", "accept_by", "end_by", "state", "accepted_on",
        "refused_for", "answer", "duplicate_of", "case_id", "ended_on",
    ),
)  # fmt: skip
TYPES = frozenset(kind.type_name for kind in ClueFact.__subclasses__())


def view() -> View[UUID]:
    """Keeps the table ``clues``."""
    return view_of_streams("clues", (CLUES,), TYPES, PREFIX, UUID, _rows)


def _rows(clue_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    clue = fold(facts)
    if clue is None:
        return ([],)
    got = clue.received
    alert = (None, None, None) if got.alert is None else (got.alert.department, got.alert.item, got.alert.reference)
    return (
        [
            (
                clue_id, got.receipt_no, got.source, got.channel, *alert, clue.division, got.received_in,
                clue.household_id, got.effective_on, got.document, got.accept_by, got.end_by, clue.state,
                clue.accepted_on, clue.refused_for, clue.answer, clue.duplicate_of, clue.case_id, clue.ended_on,
            )
        ],
    )  # fmt: skip
