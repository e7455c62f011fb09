"""Handlers of handovers: each line accepted is a succession of the pair, in the same unit of work; what is left when the term is
over falls to the leader."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from msgspec import structs

from contracts.accounts import TIMER
from contracts.assistance.handovers import HandoverClosed, HandoverLineAccepted, HandoverOpened
from contracts.civil import start_of_day
from contracts.selection import timeline
from services.assistance.handovers import domain
from services.assistance.handovers.domain import Handover, Line, handover, handover_id, stream_of
from services.assistance.pairs.finding import helped_by
from services.assistance.pairs.forms import successor
from services.assistance.pairs.state import Pair, helped
from services.assistance.pairs.store import PairCommands
from services.assistance.pairs.told import facts_of
from services.assistance.record_subjects import RegisterSubjects
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import Timer
from services.chassis.log.timers import Handler as DeadlineHandler
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

FALLS_TIMER = "handover_falls"
Handler = Callable[[Tx], Reply]
LEARNED = b"SELECT max(recorded_at) FROM copies WHERE log = 'registry' AND subject = ANY(%s)"


class Successor(NamedTuple):
    """Who takes lines over; ``helper_subject``, ``ends_on``: the leaver's, where they are not said."""

    helper: str
    unit: str
    helper_subject: UUID | None = None
    ends_on: date | None = None


class HandoverCommands:
    def __init__(self, pairs: PairCommands) -> None:
        self._pairs = pairs

    def open(self, fact: HandoverOpened, actor: Actor) -> Handler:
        """Whatever nobody accepts falls to the leader named: only by who answers for all whom the leaver helps."""

        def work(tx: Tx) -> Reply:
            self._open(tx, fact, handover(timeline(tx.load(stream_of(fact.handover_id)))), actor)
            return Reply(location=f"/assistance/handovers/{fact.handover_id}")

        return work

    def open_if_none(self, tx: Tx, fact: HandoverOpened) -> None:
        """Raises ``Refused`` but where one is open already."""
        before = handover(timeline(tx.load(stream_of(fact.handover_id))))
        if before is None or before.closed:
            # That somebody left can be told whoever else leaves: then it falls to the leader's own.
            theirs = _leaves(tx, fact.leader)
            if theirs is not None and theirs.leader != fact.helper:
                fact = structs.replace(fact, leader=theirs.leader, leader_unit=theirs.leader_unit)
            self._open(tx, fact, before, None)

    def _open(self, tx: Tx, fact: HandoverOpened, before: Handover | None, actor: Actor | None) -> None:
        """``actor``: ``None`` for what follows from a party's leaving."""
        stream, held = stream_of(fact.handover_id), in_hand(tx, fact.helper)
        own = list(held) if actor is None else list(inside(tx, held, actor))
        told = domain.open_handover(
            fact, before, own, tx.today, leader_leaves=actor is not None and _leaves(tx, fact.leader) is not None,
            outside=len(own) < len(held),
        )  # fmt: skip
        (opened,) = tx.append(stream, told)
        tx.set_timer(FALLS_TIMER, stream, start_of_day(told.accept_by + timedelta(1)), opened)

    def accept(self, handover_id: UUID, lines: Sequence[Line], to: Successor, on: date, actor: Actor) -> Handler:
        def work(tx: Tx) -> Reply:
            stream = stream_of(handover_id)
            state = handover(timeline(tx.load(stream)))
            if state is None or not (actor.covers(state.opened.area) or actor.subject == to.helper):
                raise Refused(NOT_FOUND)
            domain.require_open(state, to.helper, lines, lines_of(tx, state.opened.helper))
            self._hand_over(tx, state, lines, to, on, actor)
            self._close_if_done(tx, handover_id, state, actor.subject, on)
            return Reply(location=f"/assistance/handovers/{handover_id}")

        return work

    @property
    def deadlines(self) -> dict[str, DeadlineHandler]:
        return {FALLS_TIMER: self.fall}

    def fall(self, tx: Tx, timer: Timer) -> None:
        """What nobody accepted falls to the leader: nobody is left without because somebody left."""
        state = handover(timeline(tx.load(timer.stream)))
        if state is None or state.closed or start_of_day(state.opened.accept_by + timedelta(1)) > timer.due_at:
            return
        opened = state.opened
        left = lines_of(tx, opened.helper)
        self._hand_over(tx, state, left, _who_stays(tx, opened), tx.today, None)
        self._close_if_done(tx, opened.handover_id, state, TIMER, tx.today)

    def _hand_over(
        self, tx: Tx, state: Handover, lines: Sequence[Line], to: Successor, on: date, actor: Actor | None
    ) -> None:
        learned = tx.cur.execute(LEARNED, ([line.subject for line in lines],)).fetchone()
        if learned is not None and learned[0] is not None:
            tx.after(learned[0])
        for line in lines:
            self._hand_over_line(tx, state, line, to, on, actor)

    def _hand_over_line(
        self, tx: Tx, state: Handover, line: Line, to: Successor, on: date, actor: Actor | None
    ) -> None:
        by = TIMER if actor is None else actor.subject
        told = successor(line.subject, to.helper, to.unit, on, by, to.helper_subject, to.ends_on)
        self._pairs.handed_over(tx, told, line.pair, actor)
        tx.append(
            stream_of(state.opened.handover_id),
            HandoverLineAccepted(
                effective_on=on, entered_by=by, handover_id=state.opened.handover_id, subject=line.subject, pair=line.pair,
                helper=to.helper, unit=to.unit, fell=actor is None,
            ),
        )  # fmt: skip

    def _close_if_done(self, tx: Tx, handover_id: UUID, state: Handover, by: str, on: date) -> None:
        if not lines_of(tx, state.opened.helper):
            tx.append(stream_of(handover_id), HandoverClosed(effective_on=on, entered_by=by, handover_id=handover_id))


def _leaves(tx: Tx, account: str) -> HandoverOpened | None:
    """How they hand over, while they do."""
    theirs = handover(timeline(tx.load(stream_of(handover_id(account)))))
    return None if theirs is None or theirs.closed else theirs.opened


def _who_stays(tx: Tx, opened: HandoverOpened) -> Successor:
    """The leader, or where they have left since they were named, theirs."""
    leader, unit, gone = opened.leader, opened.leader_unit, {opened.helper}
    while leader not in gone:
        theirs = handover(timeline(tx.load(stream_of(handover_id(leader)))))
        if (
            theirs is None
            or theirs.opened.effective_on < opened.effective_on
            or theirs.opened.leader in {*gone, leader}
        ):
            break
        gone.add(leader)
        leader, unit = theirs.opened.leader, theirs.opened.leader_unit
    return Successor(leader, unit)


def in_hand(tx: Tx, helper: str) -> dict[Line, Pair]:
    """Whom somebody helps now: found whatever the views show by now, decided by the streams."""
    told = facts_of(tx, sorted(helped_by(tx, [helper])))
    return {
        Line(subject, pair.number): pair
        for subject, facts in told.items()
        for pair in helped(facts).pairs.values()
        if pair.formed.helper == helper and pair.holds_on(tx.today)
    }


def lines_of(tx: Tx, helper: str) -> list[Line]:
    return list(in_hand(tx, helper))


def inside(tx: Tx, lines: Mapping[Line, Pair], actor: Actor) -> dict[Line, Pair]:
    """Those whose subjects are in the actor's area today."""
    areas = RegisterSubjects().areas_of(tx, {line.subject for line in lines})
    found = ((line, pair, pair.formed.place or areas.get(line.subject)) for line, pair in lines.items())
    return {line: pair for line, pair, area in found if area is not None and actor.covers(area)}
