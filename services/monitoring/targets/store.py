"""Targets in the log and in their view, and what the register says was achieved of an exit target."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor

from contracts.civil import end_of_day
from contracts.facts import DecidedFrom, Fact, LogPosition, Recorded
from contracts.monitoring.targets import (
    MilestonePlanned,
    MilestoneReached,
    ProgressReported,
    TargetKind,
    TargetOverdue,
    TargetSet,
    TargetStruckOff,
    TargetWithdrawn,
)
from contracts.quantities import Figures
from contracts.selection import timeline
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.views.view import Row, Table, View, view_of_streams
from services.monitoring.targets.domain import item_key, set_target, stream_of, work_key
from services.monitoring.targets.rules import ITEM_LISTED
from services.monitoring.targets.state import Target, TargetState, fold, newly_set, pictured

DEADLINE = "target_deadline"
"""The timer that fires when a target's last day is over."""

ITEM, DONE = "work_list_item", "work_done"
"""Claims: who holds an item's code on its list, and under which target a piece of work was done last."""

REGISTRY = "registry"
NOW = datetime(9999, 1, 1, tzinfo=UTC)

Decide = Callable[[tuple[Recorded, ...], Tx, Target], Sequence[Fact]]
"""What is decided about one target: its facts, the unit and the target as it stands; new facts out."""


def where(target_id: UUID) -> str:
    return f"/monitoring/targets/{target_id}"


def setting(wish: TargetSet, actor: Actor) -> Callable[[Tx], Reply]:
    """The unit's work of setting a target: its code is taken, its deadline watched, work done already pointed out."""

    def work(tx: Tx) -> Reply:
        if not actor.covers(wish.division):
            raise Refused(NOT_FOUND)
        stream = stream_of(wish.target_id)
        set_target(wish, tx.today)
        target = newly_set(wish)
        taken = _digest(item_key(target))
        if tx.holders(ITEM, taken):
            raise Refused(ITEM_LISTED)
        tx.claim(ITEM, taken, wish.target_id)
        (fact_id,) = tx.append(stream, msgspec.structs.replace(wish, already_done=_already_done(tx, target)))
        tx.set_timer(DEADLINE, stream, end_of_day(wish.deadline), fact_id)
        return Reply(location=where(wish.target_id))

    return work


def deciding(
    target_id: UUID, actor: Actor, decide: Decide, location: Callable[[Target], str] | None = None
) -> Callable[[Tx], Reply]:
    """The unit's work of a command about a target in the actor's area."""

    def work(tx: Tx) -> Reply:
        stream = stream_of(target_id)
        before = visible(tx.load(stream), actor)
        tx.append(stream, *decide(tx.load(stream), tx, before))
        target = fold(timeline(tx.load(stream)))
        assert target is not None
        _settle_claims(tx, target)
        return Reply(location=location(target) if location else where(target_id))

    return work


def visible(known: Sequence[Recorded], actor: Actor) -> Target:
    """The target as known now. Raises ``NOT_FOUND`` when it was never set or lies outside the actor's area."""
    target = fold(timeline(known))
    if target is None or not actor.covers(target.division):
        raise Refused(NOT_FOUND)
    return target


def exited(
    cur: Cursor[Any], target: Target, through: date | None = None, known_at: datetime | None = None
) -> tuple[Figures, int]:
    """Exits of the target's year in its division, up to ``through`` and as known before ``known_at``, and the position
    in the registry's log up to which this service has read. Nothing is counted for a target that is reported."""
    if target.kind is not TargetKind.EXIT:
        return Figures(), registry_position(cur)
    first, last = date(target.year, 1, 1), date(target.year, 12, 31)
    instant = known_at or NOW
    # One statement, one snapshot: figures and position belong together.
    cur.execute(
        "SELECT count(*), coalesce(sum(persons), 0),"
        " coalesce((SELECT position FROM cursors WHERE consumer = 'monitoring' AND log = 'registry'), 0)"
        " FROM exits WHERE division >= %s AND division < %s AND exited_on BETWEEN %s AND %s"
        " AND known_from < %s AND coalesce(known_to, 'infinity') >= %s",
        (target.division, target.division + "~", first, min(last, through or last), instant, instant),
    )
    households, persons, position = cur.fetchone() or (0, 0, 0)
    return Figures(households, persons), position


def registry_position(cur: Cursor[Any]) -> int:
    """How far this service has read the registry's log."""
    cur.execute("SELECT position FROM cursors WHERE consumer = 'monitoring' AND log = 'registry'")
    row = cur.fetchone()
    return row[0] if row else 0


def known_when_deciding(tx: Tx, target: Target, through: date) -> tuple[Figures, DecidedFrom | None]:
    """What the register says on an exit target, and on which position of its log that rests."""
    if target.kind is not TargetKind.EXIT:
        return Figures(), None
    figures, position = exited(tx.cur, target, through)
    return figures, DecidedFrom(logs=(LogPosition(log=REGISTRY, position=position),))


def view() -> View[UUID]:
    """Keeps ``targets`` and ``target_owners``."""
    types = (
        TargetSet, ProgressReported, MilestonePlanned, MilestoneReached, TargetStruckOff, TargetOverdue, TargetWithdrawn,
    )  # fmt: skip
    return view_of_streams("targets", (TARGETS, OWNERS), frozenset(t.type_name for t in types), "target-", UUID, _rows)


TARGETS = Table(
    "targets", "target_id",
    ("target_id", "division", "year", "item", "deadline", "quantities_met", "households", "persons", "when_met",
     "when_short", "picture"),
)  # fmt: skip
OWNERS = Table("target_owners", "target_id", ("target_id", "division", "owner"))


def _rows(_: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row], Iterable[Row]]:
    target = fold(timeline(facts))
    if target is None:
        return (), ()
    is_exit = target.kind is TargetKind.EXIT
    wanted = target.figures() if is_exit else None
    row = (
        target.target_id, target.division, target.year, target.item, target.deadline,
        None if is_exit else not target.missing(), wanted and wanted.households, wanted and wanted.persons,
        target.state(met=True), target.state(met=False), pictured(target),
    )  # fmt: skip
    return [row], [(target.target_id, target.division, owner.label) for owner in target.owners]


def _settle_claims(tx: Tx, target: Target) -> None:
    """A line that is done stands as done work; one corrected below its quantity no longer does. A withdrawn item gives
    its code back."""
    if target.kind is TargetKind.REPORTED:
        short = {lacking.line for lacking in target.missing()}
        for line in target.lines:
            done = _digest(work_key(target, line.line))
            if line.line not in short:
                tx.claim(DONE, done, target.target_id)
            elif target.target_id in tx.holders(DONE, done).values():
                tx.release(DONE, done)
    if target.closed is TargetState.WITHDRAWN:
        tx.release(ITEM, _digest(item_key(target)))


def _already_done(tx: Tx, target: Target) -> tuple[UUID, ...]:
    if target.kind is TargetKind.EXIT:
        return ()
    works = [digest for line in target.lines for digest in _digest(work_key(target, line.line))]
    return tuple(dict.fromkeys(tx.holders(DONE, works).values()))


def _digest(key: str) -> tuple[tuple[int, bytes], ...]:
    """Nothing personal is in a work list: the digest needs no key and has number 0."""
    return ((0, hashlib.sha256(key.encode()).digest()),)
