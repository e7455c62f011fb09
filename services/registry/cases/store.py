"""Cases in the log: command handlers under the append lock, and the view. A case, the status of its household and the
claim on the household are changed in one unit of work."""

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
from services.registry.cases.deciders import due_step
from services.registry.cases.domain import decide
from services.registry.cases.effects import effect_due, effect_of
from services.registry.cases.offices import office_of, require_office
from services.registry.cases.procedure_repository import ProcedureRepository
from services.registry.cases.procedures import Procedure
from services.registry.cases.state import CaseState, HouseholdStatus, due_notice_end, fold
from services.registry.households import domain as households
from services.registry.households.claims import claim, unkeyed
from services.registry.households.rehydration import state_on
from services.registry.households.rules import NOT_YET_RECORDED
from services.registry.households.store import (
    household_in_area,
    naming_facts_in_area,
    relatives_in,
    save,
)
from services.registry.households.visibility import division_today

OPEN_CASE = "open_case"
"""Claim kind: a household has at most one open case."""
NOTICE_ENDS = "notice_ends"
"""Timer kind: the last day of a notice is over."""

POSSIBLE_WITHOUT_HOUSEHOLD = (c.CloseNotice, c.RaiseObjection, c.ResolveObjection, c.ReturnCase, c.WithdrawCase)
"""Commands about a case whose household's facts were all annulled: it can be returned and withdrawn."""

CASE_TYPES = frozenset(kind.type_name for kind in CaseFact.__subclasses__())


def open_case_claim(household_id: UUID) -> Claim:
    return OPEN_CASE, *unkeyed(household_id)


def stream_of(case_id: UUID) -> str:
    return f"case-{case_id}"


def location_of(case_id: UUID) -> str:
    return f"/registry/cases/{case_id}"


class CaseCommands:
    """Handlers of the case commands."""

    def __init__(self, procedures: ProcedureRepository) -> None:
        self._procedures = procedures

    def open_handler(
        self, command: c.OpenCase, procedure: str, actor: Actor, keys: Mapping[UUID, DataKey]
    ) -> Callable[[Tx], Reply]:
        """Handles the opening of a case in the procedure's edition in force; ``division`` is the household's current
        one."""

        def work(tx: Tx) -> Reply:
            known = tx.load(households.stream_of(command.household_id))
            state = household_in_area(known, actor, relatives_in(tx))
            opening = replace(command, division=state.division, today=tx.today)
            edition = self._procedures.in_force(procedure, command.on, state.division)
            require_office(office_of(opening, None, edition), actor.roles, actor.division)
            self._execute(tx, opening, edition, keys)
            return Reply(location=location_of(command.case_id))

        return work

    def handler(self, command: c.Command, actor: Actor, keys: Mapping[UUID, DataKey]) -> Callable[[Tx], Reply]:
        """Handles any later command about a case. It follows its household: whoever covers where that lives today takes
        the next step."""

        def work(tx: Tx) -> Reply:
            state = self._state(tx, command.case_id)
            if state is None:
                raise Refused(NOT_FOUND)
            known = tx.load(households.stream_of(state.household_id))
            if not actor.covers(division_today(known, relatives_in(tx))):
                raise Refused(NOT_FOUND)
            edition = self._procedures.edition(state.procedure, state.edition)
            dated = replace(command, today=tx.today)
            require_office(office_of(dated, state, edition), actor.roles, actor.division)
            with naming_facts_in_area(tx, actor):
                self._execute(tx, dated, edition, keys)
            return Reply(location=location_of(command.case_id))

        return work

    def close_notice(self, tx: Tx, command: c.CloseNotice) -> None:
        """Handles the timer; no effect when the notice was closed, objected to or posted again meanwhile."""
        state = self._state(tx, command.case_id)
        if state is not None and due_notice_end(state) == command.on:
            self._execute(tx, command, self._procedures.edition(state.procedure, state.edition), {})

    def _state(self, tx: Tx, case_id: UUID) -> CaseState | None:
        return fold(timeline(tx.load(stream_of(case_id))))

    def _execute(self, tx: Tx, command: c.Command, edition: Procedure, keys: Mapping[UUID, DataKey]) -> None:
        before = self._state(tx, command.case_id)
        household_id = _household_id_of(command, before)
        household = self._household_status(tx, household_id, command)
        decided = decide(command, before, edition, household, self._procedures.holidays(command.on))
        basis = DecidedFrom(logs=(LogPosition(log=tx.log, position=tx.head),), parameters=self._procedures.digest)
        facts = [seal(self._with_basis(f, basis), keys) for f in decided]
        if not facts:
            return
        ids = tx.append(stream_of(command.case_id), *facts)
        after = self._state(tx, command.case_id)
        assert after is not None
        self._update_claim_and_timer(tx, before, after, ids[-1])
        if effect_due(before, after, edition):
            status = effect_of(after, edition, household, command.by)
            status = msgspec.structs.replace(status, caused_by=self._id_of_step(facts, ids), decided_from=basis)
            known = tx.load(households.stream_of(household_id))
            save(tx, households.change_status(known, status, tx.today, relatives_in(tx)))

    def _household_status(self, tx: Tx, household_id: UUID, command: c.Command) -> HouseholdStatus:
        known = tx.load(households.stream_of(household_id))
        state = state_on(known, relatives_in(tx), as_of=command.on)
        if state.status is None and not isinstance(command, POSSIBLE_WITHOUT_HOUSEHOLD):
            raise Refused(NOT_YET_RECORDED)
        household = unkeyed(household_id)
        holder = tx.holders(OPEN_CASE, [household]).get(household)
        return HouseholdStatus(
            status=state.status, since=state.status_since, fact_id=state.status_fact, open_case_id=holder
        )

    def _update_claim_and_timer(self, tx: Tx, before: CaseState | None, after: CaseState, last: str) -> None:
        """The claim is held while the case is open; a running notice sets a timer for the day on which it may be
        closed."""
        household = [unkeyed(after.household_id)]
        if before is None:
            claim(tx, OPEN_CASE, household, after.case_id)
        if not after.is_open:
            tx.release(OPEN_CASE, household)
        day = due_notice_end(after)
        if day is not None and (before is None or due_notice_end(before) != day):
            tx.set_timer(NOTICE_ENDS, stream_of(after.case_id), start_of_day(day), last)

    @staticmethod
    def _with_basis(fact: Fact, basis: DecidedFrom) -> Fact:
        return msgspec.structs.replace(fact, decided_from=basis) if isinstance(fact, CaseDecided) else fact

    @staticmethod
    def _id_of_step(facts: Sequence[Fact], ids: Sequence[str]) -> str:
        """The id of the step's own fact: the first one that is not the end of the case."""
        return next(i for f, i in zip(facts, ids, strict=True) if f.type_name != "CaseEnded")


def _household_id_of(command: c.Command, state: CaseState | None) -> UUID:
    if isinstance(command, c.OpenCase):
        return command.household_id
    if state is None:
        raise Refused(NOT_FOUND)
    return state.household_id


def view(procedures: ProcedureRepository) -> View[UUID]:
    """Keeps the table ``cases``."""
    return view_of_streams("cases", (CASES,), CASE_TYPES, "case-", UUID, partial(case_rows, procedures))


def case_rows(procedures: ProcedureRepository, case_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    state = fold(timeline(facts))
    if state is None:
        return ([],)
    due = due_step(state, procedures.edition(state.procedure, state.edition))
    return (
        [
            (
                case_id, state.household_id, state.procedure, state.edition, state.opened_on, state.latest_on,
                due and due.key, due_notice_end(state), len(state.open_objections), state.outcome,
            )
        ],
    )  # fmt: skip


CASES = Table(
    "cases",
    "case_id",
    (
        "case_id", "household_id", "procedure", "edition", "opened_on", "latest_on",
        "due", "notice_ends", "objections", "outcome",
    ),
)  # fmt: skip
