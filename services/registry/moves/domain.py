"""A move that waits for the receiving side: its state, who may answer it, and until when. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.moves import MoveOutcome, MoveProposalEnded, MoveProposed
from contracts.roles import Role
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.chassis.security.actor import Actor

MOVE_ALREADY_PROPOSED = rule(
    "move_already_proposed",
    zh="该户已有一次迁移待迁入地接收，请待其办理，或先撤回。",
    en="A move of this household waits to be accepted where it leads; wait for that, or withdraw it first.",
    source="Lika: one move is proposed at a time",
)
MOVE_ALREADY_ANSWERED = rule(
    "move_already_answered",
    zh="该迁移已经接收、退回或撤回。",
    en="This move was accepted, declined or withdrawn already.",
    source="Lika: a proposed move is answered once",
)
ANSWERED_WHERE_IT_LEADS = rule(
    "move_answered_where_it_leads",
    zh="迁移由迁入地接收或退回；迁出地可以撤回。",
    en="A move is accepted or declined by the side that it leads to; the side that proposed it may withdraw it.",
    source="Lika access rules: nobody moves a household into an area by their own word",
    status=403,
)
WITHDRAWN_BY_PROPOSER = rule(
    "move_withdrawn_by_proposer",
    zh="待接收的迁移由迁出地撤回；迁入地可以退回。",
    en="A move that waits is withdrawn by the side that proposed it; the side that it leads to may decline it.",
    source="Lika access rules",
    status=403,
)


@dataclass(frozen=True, slots=True)
class Move:
    """``fact_id``: of the proposal."""

    fact_id: str
    proposed: MoveProposed
    outcome: MoveOutcome | None = None


def stream_of(move_id: UUID) -> str:
    return f"move-{move_id}"


def fold(facts: Iterable[Recorded]) -> Move | None:
    move: Move | None = None
    for recorded in facts:
        match recorded.fact:
            case MoveProposed() as proposed:
                move = Move(recorded.id, proposed)
            case MoveProposalEnded(outcome=outcome) if move is not None:
                move = replace(move, outcome=outcome)
    return move


def is_seen_by(proposed: MoveProposed, actor: Actor, division: str) -> bool:
    """``division``: where the household is today."""
    return any(map(actor.covers, (proposed.to_division, proposed.from_division, division)))


def require_answerable(move: Move | None, actor: Actor, division: str) -> Move:
    """The open move, for whoever accepts or declines it. Raises ``Refused``."""
    found = _open(move, actor, division)
    if not actor.covers(found.proposed.to_division):
        raise Refused(ANSWERED_WHERE_IT_LEADS, to_division=found.proposed.to_division).advising(*next_of(found))
    return found


def require_withdrawable(move: Move | None, actor: Actor, division: str) -> Move:
    """The open move, for whoever takes it back. Raises ``Refused``."""
    found = _open(move, actor, division)
    if not (actor.covers(found.proposed.from_division) or actor.covers(division)):
        raise Refused(WITHDRAWN_BY_PROPOSER, from_division=found.proposed.from_division).advising(*next_of(found))
    return found


def _open(move: Move | None, actor: Actor, division: str) -> Move:
    if move is None or not is_seen_by(move.proposed, actor, division):
        raise Refused(NOT_FOUND)
    if move.outcome is not None:
        raise Refused(MOVE_ALREADY_ANSWERED, outcome=move.outcome)
    return move


def next_of(move: Move) -> tuple[NextStep, ...]:
    """What ends an open move."""
    proposed, ids = move.proposed, {"move_id": move.proposed.move_id}
    there, here = (Office((Role.CADRE,), division=d) for d in (proposed.to_division, proposed.from_division))
    sides = (("accept_move", there), ("decline_move", there), ("withdraw_move", here))
    return tuple(NextStep(act, side, ids) for act, side in sides)


def ended(move: Move, outcome: MoveOutcome, today: date, by: str) -> MoveProposalEnded:
    proposed = move.proposed
    return MoveProposalEnded(
        move_id=proposed.move_id, household_id=proposed.household_id, effective_on=today, entered_by=by, outcome=outcome,
        to_division=proposed.to_division,
    )  # fmt: skip
