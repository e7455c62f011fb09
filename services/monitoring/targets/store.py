"""Command handlers of targets, their view, and the exits that an exit target counts."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Cursor

from contracts.civil import end_of_day
from contracts.facts import DecidedFrom, Fact, LogPosition, Recorded
from contracts.monitoring.targets import (
    AccountabilityRaised,
    MilestonePlanned,
    MilestoneReached,
    ProgressReported,
    TargetKind,
    TargetOverdue,
    TargetSet,
    TargetSetInCascade,
    TargetStruckOff,
    TargetWithdrawn,
    TargetWorkNamed,
    TargetWorkRemoved,
)
from contracts.quantities import Figures
from contracts.selection import timeline
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.monitoring.targets.checks import require_part
from services.monitoring.targets.domain import item_key, set_target, stream_of, work_key
from services.monitoring.targets.rules import ITEM_LISTED
from services.monitoring.targets.state import Target, TargetState, fold, is_level, target_to_json
from services.monitoring.works import DONE_WORK_CLAIM, digest

DEADLINE_TIMER = "target_deadline"
"""The timer that fires when a target's last day is over."""

ITEM_CLAIM = "work_list_item"
"""Kind of claim: which target holds an item's code on its list."""

REGISTRY = "registry"
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)

Decide = Callable[[tuple[Recorded, ...], Tx, Target], Sequence[Fact]]
"""A decision about one target: its facts, the transaction and its current state in, the facts to append out."""


def location_of(target_id: UUID) -> str:
    return f"/monitoring/targets/{target_id}"


def set_target_handler(proposed: TargetSet, actor: Actor) -> Callable[[Tx], Reply]:
    """Sets a target: claims its item's code, sets the timer of its deadline, and names work that is done already."""

    def handle(tx: Tx) -> Reply:
        if not actor.covers(proposed.division):
            raise Refused(NOT_FOUND)
        stream = stream_of(proposed.target_id)
        set_target(proposed, tx.today)
        if isinstance(proposed, TargetSetInCascade) and proposed.part_of is not None:
            require_part(proposed, fold(timeline(tx.load(stream_of(proposed.part_of)))))
        target = Target.from_fact(proposed)
        item = digest(item_key(target))
        if tx.holders(ITEM_CLAIM, item):
            raise Refused(ITEM_LISTED)
        tx.claim(ITEM_CLAIM, item, proposed.target_id)
        (fact_id,) = tx.append(stream, msgspec.structs.replace(proposed, already_done=_already_done(tx, target)))
        tx.set_timer(DEADLINE_TIMER, stream, end_of_day(proposed.deadline), fact_id)
        return Reply(location=location_of(proposed.target_id))

    return handle


def command_handler(
    target_id: UUID, actor: Actor, decide: Decide, location: Callable[[Target], str] | None = None
) -> Callable[[Tx], Reply]:
    """Decides a command about a target in the actor's area and appends what it yields."""

    def handle(tx: Tx) -> Reply:
        stream = stream_of(target_id)
        before = target_in_scope(tx.load(stream), actor)
        tx.append(stream, *decide(tx.load(stream), tx, before))
        target = fold(timeline(tx.load(stream)))
        assert target is not None
        update_claims(tx, target)
        return Reply(location=location(target) if location else location_of(target_id))

    return handle


def target_in_scope(facts: Sequence[Recorded], actor: Actor) -> Target:
    """The target as known now. Raises ``NOT_FOUND`` when it was never set or lies outside the actor's area."""
    target = fold(timeline(facts))
    if target is None or not actor.covers(target.division):
        raise Refused(NOT_FOUND)
    return target


def count_exits(
    cur: Cursor[Any], target: Target, through: date | None = None, known_at: datetime | None = None
) -> tuple[Figures, int]:
    """Exits of the target's year in its division, up to ``through`` and as known before ``known_at``, and the position
    in the registry's log up to which this service has read. None for a target whose progress is reported."""
    if target.kind is not TargetKind.EXIT:
        return Figures(), registry_position(cur)
    first, last = date(target.year, 1, 1), date(target.deadline.year, 12, 31)
    instant = known_at or END_OF_TIME
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


def exits_to_date(cur: Cursor[Any], target: Target, known_at: datetime | None) -> list[tuple[date, Figures]]:
    """The exits that ``count_exits`` counts, as they stood at the end of each day on which there were any."""
    if target.kind is not TargetKind.EXIT:
        return []
    instant = known_at or END_OF_TIME
    cur.execute(
        "SELECT exited_on, sum(count(*)) OVER days, sum(sum(persons)) OVER days FROM exits"
        " WHERE division >= %s AND division < %s AND exited_on BETWEEN %s AND %s"
        " AND known_from < %s AND coalesce(known_to, 'infinity') >= %s"
        " GROUP BY exited_on WINDOW days AS (ORDER BY exited_on) ORDER BY exited_on",
        (
            target.division,
            target.division + "~",
            date(target.year, 1, 1),
            date(target.deadline.year, 12, 31),
            instant,
            instant,
        ),
    )
    return [(day, Figures(int(households), int(persons))) for day, households, persons in cur.fetchall()]


def registry_position(cur: Cursor[Any]) -> int:
    """How far this service has read the registry's log."""
    cur.execute("SELECT position FROM cursors WHERE consumer = 'monitoring' AND log = 'registry'")
    row = cur.fetchone()
    return row[0] if row else 0


def exits_for_decision(tx: Tx, target: Target, through: date) -> tuple[Figures, DecidedFrom | None]:
    """The exits that an exit target counts, and the position in the registry's log that they were counted at."""
    if target.kind is not TargetKind.EXIT:
        return Figures(), None
    figures, position = count_exits(tx.cur, target, through)
    return figures, DecidedFrom(logs=(LogPosition(log=REGISTRY, position=position),))


def view() -> View[UUID]:
    """Keeps ``targets`` and ``target_owners``."""
    types = (
        TargetSet, ProgressReported, MilestonePlanned, MilestoneReached, TargetStruckOff, TargetOverdue, TargetWithdrawn,
        TargetWorkNamed, TargetWorkRemoved, AccountabilityRaised,
    )  # fmt: skip
    return view_of_streams("targets", (TARGETS, OWNERS), frozenset(t.type_name for t in types), "target-", UUID, _rows)


TARGETS = Table(
    "targets", "target_id",
    ("target_id", "division", "year", "item", "set_on", "deadline", "quantities_met", "households", "persons", "state_if_met",
     "state_if_short", "part_of", "target_json"),
)  # fmt: skip
OWNERS = Table("target_owners", "target_id", ("target_id", "division", "owner"))


def _rows(_: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row], Iterable[Row]]:
    target = fold(timeline(facts))
    if target is None:
        return (), ()
    is_exit = target.kind is TargetKind.EXIT
    wanted = target.figures() if is_exit else None
    row = (
        target.target_id, target.division, target.year, target.item, target.set_on, target.deadline,
        None if is_exit else not target.missing(), wanted and wanted.households, wanted and wanted.persons,
        target.state(met=True), target.state(met=False), target.part_of,
        target_to_json(target),
    )  # fmt: skip
    return [row], [(target.target_id, target.division, owner.label) for owner in target.owners]


def update_claims(tx: Tx, target: Target) -> None:
    """A line whose quantity is met claims its work as done; one corrected below its quantity releases it. A withdrawn item
    releases its code."""
    if target.kind is TargetKind.REPORTED:
        short = {shortfall.line for shortfall in target.missing()}
        for line in (each for each in target.lines if not is_level(each)):
            work = digest(work_key(target, line.line))
            if line.line not in short:
                tx.claim(DONE_WORK_CLAIM, work, target.target_id)
            elif target.target_id in tx.holders(DONE_WORK_CLAIM, work).values():
                tx.release(DONE_WORK_CLAIM, work)
    if target.closed is TargetState.WITHDRAWN:
        tx.release(ITEM_CLAIM, digest(item_key(target)))


def _already_done(tx: Tx, target: Target) -> tuple[UUID, ...]:
    if target.kind is TargetKind.EXIT:
        return ()
    works = [each for line in target.lines for each in digest(work_key(target, line.line))]
    return tuple(dict.fromkeys(tx.holders(DONE_WORK_CLAIM, works).values()))
