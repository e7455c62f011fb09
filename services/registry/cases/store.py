"""Cases in the log: the case, the household it is about, and the claim that keeps it the only one, in one unit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

import msgspec

from contracts.civil import start_of_day
from contracts.facts import DecidedFrom, Fact, LogPosition, Recorded
from contracts.registry.cases import CaseDecided, CaseFact
from contracts.selection import timeline
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import Claim
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.security.sealing import DataKey, seal
from services.chassis.views.view import Row, Table, View, view_of_streams
from services.registry.cases import commands as c
from services.registry.cases.domain import (
    CaseState,
    Procedure,
    Standing,
    decide,
    due_notice_end,
    due_step,
    effect_due,
    effect_of,
    fold,
    office_of,
    require_office,
)
from services.registry.cases.editions import Library
from services.registry.households import domain as households
from services.registry.households.claims import claim, unkeyed
from services.registry.households.rules import NOT_YET_RECORDED
from services.registry.households.state import fold as fold_household
from services.registry.households.store import household_in_area, save

OPEN_CASE = "open_case"
"""Claim kind: a household has at most one open case."""
NOTICE_ENDS = "notice_ends"
"""Timer kind: the last day of a notice is over."""

CASE_TYPES = frozenset(kind.type_name for kind in CaseFact.__subclasses__())


def open_case_claim(household_id: UUID) -> Claim:
    return OPEN_CASE, *unkeyed(household_id)


def stream_of(case_id: UUID) -> str:
    return f"case-{case_id}"


def where(case_id: UUID) -> str:
    return f"/registry/cases/{case_id}"


class Cases:
    """What the case commands do under the append lock."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def opening(
        self, command: c.OpenCase, procedure: str, actor: Actor, keys: Mapping[UUID, DataKey]
    ) -> Callable[[Tx], Reply]:
        """The unit's work of opening a case; ``division`` is taken from the household as it stands."""

        def work(tx: Tx) -> Reply:
            state = household_in_area(tx.load(households.stream_of(command.household_id)), actor)
            order = replace(command, division=state.division, today=tx.today)
            edition = self.library.in_force(procedure, command.on, state.division)
            require_office(office_of(order, None, edition), actor.roles, actor.division)
            self._take(tx, order, edition, keys)
            return Reply(location=where(command.case_id))

        return work

    def stepping(self, command: c.Command, actor: Actor, keys: Mapping[UUID, DataKey]) -> Callable[[Tx], Reply]:
        """The unit's work of any later command about a case in the actor's area."""

        def work(tx: Tx) -> Reply:
            state = self._state(tx, command.case_id)
            if state is None or not actor.covers(state.division):
                raise Refused(NOT_FOUND)
            edition = self.library.edition(state.procedure, state.edition)
            order = replace(command, today=tx.today)
            require_office(office_of(order, state, edition), actor.roles, actor.division)
            self._take(tx, order, edition, keys)
            return Reply(location=where(command.case_id))

        return work

    def close_notice(self, tx: Tx, command: c.CloseNotice) -> None:
        """What the timer does: nothing, when the notice was closed, objected to or reposted meanwhile."""
        state = self._state(tx, command.case_id)
        if state is not None and due_notice_end(state) == command.on:
            self._take(tx, command, self.library.edition(state.procedure, state.edition), {})

    def _state(self, tx: Tx, case_id: UUID) -> CaseState | None:
        return fold(timeline(tx.load(stream_of(case_id))))

    def _take(self, tx: Tx, command: c.Command, edition: Procedure, keys: Mapping[UUID, DataKey]) -> None:
        before = self._state(tx, command.case_id)
        household_id = _household_of(command, before)
        standing = self._standing(tx, household_id, command)
        decided = decide(command, before, edition, standing, self.library.holidays(command.on))
        basis = DecidedFrom(logs=(LogPosition(log=tx.log, position=tx.head),), parameters=self.library.digest)
        facts = [seal(self._based(f, basis), keys) for f in decided]
        if not facts:
            return
        ids = tx.append(stream_of(command.case_id), *facts)
        after = self._state(tx, command.case_id)
        assert after is not None
        self._follow(tx, before, after, ids[-1])
        if effect_due(before, after, edition):
            status = effect_of(after, edition, standing, command.by)
            status = msgspec.structs.replace(status, caused_by=self._cause(facts, ids), decided_from=basis)
            known = tx.load(households.stream_of(household_id))
            save(tx, household_id, households.change_status(known, status, tx.today))

    def _standing(self, tx: Tx, household_id: UUID, command: c.Command) -> Standing:
        known = tx.load(households.stream_of(household_id))
        state = fold_household(timeline(known, as_of=command.on))
        if state.status is None or state.status_since is None:
            raise Refused(NOT_YET_RECORDED)
        household = unkeyed(household_id)
        holder = tx.holders(OPEN_CASE, [household]).get(household)
        return Standing(status=state.status, since=state.status_since, by_fact=state.status_fact, open_case=holder)

    def _follow(self, tx: Tx, before: CaseState | None, after: CaseState, last: str) -> None:
        """The claim lives as long as the case is open; a running notice sets the day on which it may be closed."""
        household = [unkeyed(after.household_id)]
        if before is None:
            claim(tx, OPEN_CASE, household, after.case_id)
        if not after.is_open:
            tx.release(OPEN_CASE, household)
        day = due_notice_end(after)
        if day is not None and (before is None or due_notice_end(before) != day):
            tx.set_timer(NOTICE_ENDS, stream_of(after.case_id), start_of_day(day), last)

    @staticmethod
    def _based(fact: Fact, basis: DecidedFrom) -> Fact:
        return msgspec.structs.replace(fact, decided_from=basis) if isinstance(fact, CaseDecided) else fact

    @staticmethod
    def _cause(facts: Sequence[Fact], ids: Sequence[str]) -> str:
        """The step that brought the effect about stands before the case's own end."""
        return next(i for f, i in zip(facts, ids, strict=True) if f.type_name != "CaseEnded")


def _household_of(command: c.Command, state: CaseState | None) -> UUID:
    if isinstance(command, c.OpenCase):
        return command.household_id
    if state is None:
        raise Refused(NOT_FOUND)
    return state.household_id


def view(library: Library) -> View[UUID]:
    """Keeps the table ``cases``."""
    return view_of_streams("cases", (TABLE,), CASE_TYPES, "case-", UUID, partial(_rows, library))


def _rows(library: Library, case_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    state = fold(timeline(facts))
    if state is None:
        return ([],)
    due = due_step(state, library.edition(state.procedure, state.edition))
    return (
        [
            (
                case_id, state.household_id, state.procedure, state.edition, state.division, state.opened_on,
                state.latest_on, due and due.key, due_notice_end(state), len(state.open_objections), state.outcome,
            )
        ],
    )  # fmt: skip


TABLE = Table(
    "cases",
    "case_id",
    (
        "case_id", "household_id", "procedure", "edition", "division", "opened_on",
        "latest_on", "due", "notice_ends", "objections", "outcome",
    ),
)  # fmt: skip
