"""The table ``duty_misses``: the misses that stand."""

from collections.abc import Sequence
from uuid import UUID

from contracts.casework.duties import DutyMissed, DutyMissesAnnulled
from contracts.facts import Recorded
from contracts.selection import timeline
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

DUTY_TYPES = frozenset({DutyMissed.type_name, DutyMissesAnnulled.type_name})
MISSES = Table(
    "duty_misses",
    "subject",
    (
        "miss", "subject", "household_id", "obligation", "duty_set", "duty", "document", "obliged", "first", "last", "since",
    ),
)  # fmt: skip


def view() -> View[UUID]:
    return view_of_streams("duty_misses", (MISSES,), DUTY_TYPES, "duties-", UUID, _rows)


def _rows(subject: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    misses = ((r.id, r.fact) for r in timeline(facts) if isinstance(r.fact, DutyMissed))
    return (
        [
            (
                miss, subject, f.household_id, f.obligation, f.duty_set, f.duty, f.document, f.obliged or "", f.first, f.last,
                f.effective_on,
            )
            for miss, f in misses
        ],
    )  # fmt: skip
