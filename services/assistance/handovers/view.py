"""The table ``handovers``: the last handover of everybody who left."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from contracts.assistance.handovers import HandoverFact
from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.handovers.domain import PREFIX, handover
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

TYPES = frozenset(kind.type_name for kind in HandoverFact.__subclasses__())
HANDOVERS = Table(
    "handovers",
    "handover_id",
    ("handover_id", "helper", "leader", "leader_unit", "division", "effective_on", "accept_by", "accepted", "closed"),
)


def view() -> View[UUID]:
    return view_of_streams("handovers", (HANDOVERS,), TYPES, PREFIX, UUID, _rows)


def _rows(handover_id: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row]]:
    found = handover(timeline(facts))
    if found is None:
        return ((),)
    opened = found.opened
    row = (
        handover_id, opened.helper, opened.leader, opened.leader_unit, opened.area, opened.effective_on, opened.accept_by,
        len(found.accepted), found.closed,
    )  # fmt: skip
    return ([row],)
