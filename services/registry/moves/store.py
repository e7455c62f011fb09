"""Moves in the log: command handlers under the append lock, and the table of proposed ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import msgspec

from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.registry.households import HouseholdMoved
from contracts.registry.moves import MoveOutcome, MoveProposalEnded, MoveProposalFact, MoveProposed
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import Claim, unkeyed
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.registry.deadlines import MOVE_DAYS
from services.registry.households import domain as households
from services.registry.households.store import (
    location_of,
    naming_facts_in_area,
    relatives_in,
    require_in_area,
    save,
)
from services.registry.households.villages import require_village
from services.registry.households.visibility import division_today
from services.registry.moves.domain import (
    MOVE_ALREADY_PROPOSED,
    Move,
    ended,
    fold,
    next_of,
    require_answerable,
    require_withdrawable,
    stream_of,
)

OPEN_MOVE = "open_move"
"""Kind of the claim by which one move of a household is proposed at a time."""


def open_move_claim(household: UUID) -> Claim:
    return OPEN_MOVE, *unkeyed(household)


def location_of_move(move_id: UUID) -> str:
    return f"/registry/moves/{move_id}"


def move_handler(
    moved: HouseholdMoved, move_id: UUID, actor: Actor, documents: Documents, *, earlier_move_missing: bool
) -> Callable[[Tx], Reply]:
    """Handles a move out of the actor's area: recorded where they cover the receiving village, too, else proposed to it. What
    could not be recorded is not proposed either."""

    def work(tx: Tx) -> Reply:
        known = tx.load(households.stream_of(moved.household_id))
        require_in_area(known, actor, relatives_in(tx))
        require_village(tx, moved.to_division, moved.effective_on)
        require_village(tx, moved.from_division)
        with naming_facts_in_area(tx, actor):
            decided = households.move(
                known, moved, tx.today, relatives_in(tx), earlier_move_missing=earlier_move_missing
            )
        if actor.covers(moved.to_division):
            save(tx, {moved.household_id: decided})
            return Reply(location=location_of(moved.household_id))
        _require_no_other(tx, moved.household_id)
        lookup = documents.in_unit(tx)
        days = lookup.at(MOVE_DAYS, tx.today, moved.to_division).count
        proposed = MoveProposed(
            move_id=move_id, household_id=moved.household_id, effective_on=moved.effective_on, precision=moved.precision,
            entered_by=moved.entered_by, evidence=moved.evidence, from_division=moved.from_division,
            to_division=moved.to_division, earlier_move_missing=earlier_move_missing, answer_by=tx.today + timedelta(days),
            decided_from=lookup.basis(tx.log, tx.head),
        )  # fmt: skip
        tx.append(stream_of(move_id), proposed)
        tx.claim(OPEN_MOVE, [unkeyed(moved.household_id)], move_id)
        return Reply(location=location_of_move(move_id))

    return work


def _require_no_other(tx: Tx, household: UUID) -> None:
    id_ = unkeyed(household)
    if (other := tx.holders(OPEN_MOVE, [id_]).get(id_)) is None:
        return
    move = fold(tx.load(stream_of(other)))
    raise Refused(MOVE_ALREADY_PROPOSED, move=other).advising(*(() if move is None else next_of(move)))


@dataclass(frozen=True, slots=True)
class Acceptance:
    """``to_division``: the village, where it is another one than was proposed."""

    to_division: str | None
    moved: Callable[[Move, str], HouseholdMoved]


def acceptance_handler(move_id: UUID, acceptance: Acceptance, actor: Actor) -> Callable[[Tx], Reply]:
    """Handles the receiving side's yes: the household moved, on the day of the paper."""

    def work(tx: Tx) -> Reply:
        move, known = _loaded(tx, move_id)
        move = require_answerable(move, actor, division_today(known, relatives_in(tx)))
        village = acceptance.to_division or move.proposed.to_division
        if not actor.covers(village):
            raise Refused(NOT_FOUND)
        require_village(tx, village, move.proposed.effective_on)
        moved = acceptance.moved(move, village)
        try:
            with naming_facts_in_area(tx, actor):
                decided = households.move(
                    known, moved, tx.today, relatives_in(tx), earlier_move_missing=move.proposed.earlier_move_missing
                )
        except Refused as no:
            # The household has changed since: what was proposed can still be ended.
            raise no.advising(*next_of(move)[1:]) from no.__cause__
        save(tx, {moved.household_id: decided})
        end = ended(move, MoveOutcome.ACCEPTED, tx.today, actor.subject)
        _end(tx, msgspec.structs.replace(end, to_division=village))
        return Reply(location=location_of(moved.household_id))

    return work


def ending_handler(
    move_id: UUID, outcome: MoveOutcome, actor: Actor, with_reason: Callable[[MoveProposalEnded], MoveProposalEnded]
) -> Callable[[Tx], Reply]:
    """Handles the receiving side's no, or that the proposing side takes it back."""
    require = require_answerable if outcome is MoveOutcome.DECLINED else require_withdrawable

    def work(tx: Tx) -> Reply:
        move, known = _loaded(tx, move_id)
        found = require(move, actor, division_today(known, relatives_in(tx)))
        _end(tx, with_reason(ended(found, outcome, tx.today, actor.subject)))
        return Reply(location=location_of_move(move_id))

    return work


def _loaded(tx: Tx, move_id: UUID) -> tuple[Move, Sequence[Recorded]]:
    move = fold(tx.load(stream_of(move_id)))
    if move is None:
        raise Refused(NOT_FOUND)
    return move, tx.load(households.stream_of(move.proposed.household_id))


def _end(tx: Tx, fact: MoveProposalEnded) -> None:
    tx.append(stream_of(fact.move_id), fact)
    tx.release(OPEN_MOVE, [unkeyed(fact.household_id)])


MOVES = Table(
    "move_proposals",
    "move_id",
    ("move_id", "household_id", "from_division", "to_division", "moves_on", "proposed_on", "answer_by", "outcome"),
)


def view() -> View[UUID]:
    """Keeps the table ``move_proposals``."""
    types = frozenset(kind.type_name for kind in MoveProposalFact.__subclasses__())
    return view_of_streams("move_proposals", (MOVES,), types, "move-", UUID, _rows)


def _rows(move_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    move = fold(facts)
    if move is None:
        return ([],)
    proposed, on = move.proposed, facts[0].recorded_at
    return (
        [
            (
                move_id, proposed.household_id, proposed.from_division, proposed.to_division, proposed.effective_on,
                civil_day(on), proposed.answer_by, move.outcome,
            )
        ],
    )  # fmt: skip
