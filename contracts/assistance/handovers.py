"""Facts about handovers (移交): somebody who helps leaves, and everything they had in hand is accepted line by line; what nobody
accepted by a day falls to the leader. Stream ``handover-<handover_id>``.
"""

from datetime import date
from uuid import UUID

from contracts.facts import Fact, published


class HandoverFact(Fact, frozen=True, kw_only=True):
    handover_id: UUID


@published("HandoverOpened", rank=10)
class HandoverOpened(HandoverFact, frozen=True, kw_only=True):
    """``helper`` leaves on ``effective_on``; up to ``accept_by``, included, others accept; ``leader`` of ``leader_unit`` takes the
    rest. ``area``: of the office that opened it."""

    helper: str
    leader: str
    leader_unit: str
    accept_by: date
    area: str


@published("HandoverLineAccepted", rank=20)
class HandoverLineAccepted(HandoverFact, frozen=True, kw_only=True):
    """``helper`` took over the pair of this number with the subject, or where it has none, the household, whose helper was
    not a pair in the first edition. ``fell``: nobody had
    accepted it, and it fell to the leader."""

    subject: UUID
    pair: int | None = None
    helper: str
    unit: str
    fell: bool = False


@published("HandoverClosed", rank=90)
class HandoverClosed(HandoverFact, frozen=True, kw_only=True):
    """Nothing is left with whoever left."""
