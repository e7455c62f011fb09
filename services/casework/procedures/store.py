"""Cases in the log: command handlers under the append lock, and the view. A case, what it brings about and the claim on its
subject's standing are changed in one unit of work."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import msgspec

from contracts.casework.cases import CaseDecided, CaseEnded, CaseFact
from contracts.civil import start_of_day
from contracts.facts import DecidedFrom, Fact, LogPosition, Recorded
from contracts.selection import timeline
from services.casework.calendars.day_count import ONE_DAY
from services.casework.procedures import commands as c
from services.casework.procedures.case_facts import due_step
from services.casework.procedures.context import no_other_account
from services.casework.procedures.document import Procedure
from services.casework.procedures.domain import decide
from services.casework.procedures.effects import effect_due, effect_revoked
from services.casework.procedures.matters import Matter, Matters
from services.casework.procedures.offices import office_of, require_office
from services.casework.procedures.opening_rules import SUBJECT_NOT_ON_RECORD
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.state import CaseState, Subject, due_notice_end, fold
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import Claim, unkeyed
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.security.sealing import DataKey, seal
from services.chassis.views.view import Row, Table, View, view_of_streams

NOTICE_ENDS = "notice_ends"
"""Timer kind: the last day of a notice is over."""
MAKE_GOOD_ENDS = "make_good_ends"
"""Timer kind: the last day for making good what the green channel deferred is over."""

POSSIBLE_WITHOUT_SUBJECT = (
    c.CloseNotice, c.MissMakeGood, c.RaiseObjection, c.ResolveObjection, c.ReturnCase, c.WithdrawCase,
)  # fmt: skip
"""Commands about a case of whose subject nothing stands any more: it can be returned and withdrawn."""

CASE_TYPES = frozenset(kind.type_name for kind in CaseFact.__subclasses__())


Persons = Callable[[Tx, str], Collection[str]]
"""``AccountsOf`` as far as a unit of work knows."""


def nobody_known(_: Tx, account: str) -> Collection[str]:
    """Of a service that has no staff directory."""
    return no_other_account(account)


def open_case_claim(standing: str, subject: UUID) -> Claim:
    """A subject has at most one open case about one standing."""
    return claim_kind(standing), *unkeyed(subject)


def claim_kind(standing: str) -> str:
    return f"open_case.{standing}"


def stream_of(case_id: UUID) -> str:
    return f"case-{case_id}"


class CaseCommands:
    """Handlers of the case commands of the service whose log has this name. ``persons``: which accounts are one person's."""

    def __init__(
        self, service: str, procedures: ProcedureRepository, matters: Matters, persons: Persons = nobody_known
    ) -> None:
        self._service, self._procedures, self.matters, self._persons = service, procedures, matters, persons
        for procedure in procedures.editions:
            matters[procedure.standing].require_document(procedure)

    def open_handler(
        self, command: c.OpenCase, procedure: str, actor: Actor, keys: Mapping[UUID, DataKey]
    ) -> Callable[[Tx], Reply]:
        """Handles the opening of a case in the procedure's edition in force where the subject is today."""

        def work(tx: Tx) -> Reply:
            opening = replace(command, today=tx.today)
            subject = self.matter_of(procedure).subject(tx, command.subject, command.on)
            if not actor.covers(subject.area):
                raise Refused(NOT_FOUND)
            edition = self._procedures.in_force(procedure, command.on, subject.area)
            require_office(office_of(opening, None, edition), actor.roles, actor.division)
            self._execute(tx, opening, edition, subject, keys, actor)
            return Reply(location=self.location_of(command.case_id))

        return work

    def handler(self, command: c.Command, actor: Actor, keys: Mapping[UUID, DataKey]) -> Callable[[Tx], Reply]:
        """Handles any later command about a case, which follows its subject: whoever is in charge where that is today."""

        def work(tx: Tx) -> Reply:
            state = self._state(tx, command.case_id)
            if state is None:
                raise Refused(NOT_FOUND)
            subject = self.matters[state.standing].subject(tx, state.subject, command.on)
            if not actor.covers(subject.area):
                raise Refused(NOT_FOUND)
            edition = self._procedures.edition(state.procedure, state.edition)
            dated = replace(command, today=tx.today)
            require_office(office_of(dated, state, edition), actor.roles, actor.division)
            self._execute(tx, dated, edition, subject, keys, actor)
            return Reply(location=self.location_of(command.case_id))

        return work

    def execute_when_due(self, tx: Tx, command: c.CloseNotice | c.MissMakeGood) -> None:
        """Handles a timer; no effect when what it was set for was done or changed meanwhile."""
        state = self._state(tx, command.case_id)
        if state is not None and command.on in (due_notice_end(state), _day_after_make_good(state)):
            subject = self.matters[state.standing].subject(tx, state.subject, command.on)
            self._execute(tx, command, self._procedures.edition(state.procedure, state.edition), subject, {})

    def matter_of(self, procedure: str) -> Matter:
        """Raises ``Refused`` for a procedure that no document describes."""
        return self.matters[self._procedures.standing(procedure)]

    def streams(self, procedure: str, subject: UUID) -> tuple[str, ...]:
        """What opening a case reads."""
        return self.matter_of(procedure).streams(subject)

    def claim(self, procedure: str, subject: UUID) -> Claim:
        return open_case_claim(self._procedures.standing(procedure), subject)

    def location_of(self, case_id: UUID) -> str:
        return f"/{self._service}/cases/{case_id}"

    def _state(self, tx: Tx, case_id: UUID) -> CaseState | None:
        return fold(timeline(tx.load(stream_of(case_id))))

    def _execute(
        self, tx: Tx, command: c.Command, edition: Procedure, subject: Subject, keys: Mapping[UUID, DataKey],
        actor: Actor | None = None,
    ) -> None:  # fmt: skip
        """``actor``: ``None`` for a timer, which brings nothing about."""
        before = self._state(tx, command.case_id)
        if subject.standing is None and not isinstance(command, POSSIBLE_WITHOUT_SUBJECT):
            raise Refused(SUBJECT_NOT_ON_RECORD)
        id_ = unkeyed(subject.id)
        holder = tx.holders(claim_kind(edition.standing), [id_]).get(id_)
        decided = decide(
            command, before, edition, replace(subject, open_case_id=holder), self._procedures.holidays(command.on),
            partial(self._persons, tx),
        )  # fmt: skip
        basis = DecidedFrom(logs=(LogPosition(log=tx.log, position=tx.head),), parameters=self._procedures.digest)
        facts = [seal(self._with_basis(f, basis), keys) for f in decided]
        if not facts:
            return
        ids = tx.append(stream_of(command.case_id), *facts)
        after = self._state(tx, command.case_id)
        assert after is not None
        self._update_claim_and_timers(tx, before, after, ids[-1])
        if actor is not None:
            self._bring_about(tx, command, actor, edition, before, after, self._id_of_step(facts, ids), basis)

    def _bring_about(
        self, tx: Tx, command: c.Command, actor: Actor, edition: Procedure, before: CaseState | None, after: CaseState,
        caused_by: str, basis: DecidedFrom,
    ) -> None:  # fmt: skip
        matter = self.matters[edition.standing]
        if isinstance(command, c.OpenCase):
            matter.open(tx, after, command.terms, basis)
        elif isinstance(command, c.DecideCase) and command.approved:
            matter.require_approvable(tx, after, command.on)
        if effect_due(before, after, edition):
            matter.take_effect(tx, after, edition, actor, caused_by, basis)
        elif effect_revoked(before, after, edition):
            matter.revoke_effect(tx, after, actor, caused_by)

    def _update_claim_and_timers(self, tx: Tx, before: CaseState | None, after: CaseState, last: str) -> None:
        """The claim is held while the case is open; a running notice and a green channel set timers for the day after
        their last."""
        claimed, subject = claim_kind(after.standing), [unkeyed(after.subject)]
        if before is None:
            tx.claim(claimed, subject, after.case_id)
        if not after.is_open:
            tx.release(claimed, subject)
        for kind, due in ((NOTICE_ENDS, due_notice_end), (MAKE_GOOD_ENDS, _day_after_make_good)):
            day = due(after)
            if day is not None and (before is None or due(before) != day):
                tx.set_timer(kind, stream_of(after.case_id), start_of_day(day), last)

    @staticmethod
    def _with_basis(fact: Fact, basis: DecidedFrom) -> Fact:
        return msgspec.structs.replace(fact, decided_from=basis) if isinstance(fact, CaseDecided) else fact

    @staticmethod
    def _id_of_step(facts: Sequence[Fact], ids: Sequence[str]) -> str:
        """The id of the step's own fact: the first one that is not the end of the case, which a withdrawal alone is."""
        return next((i for f, i in zip(facts, ids, strict=True) if not isinstance(f, CaseEnded)), ids[0])


def _day_after_make_good(state: CaseState) -> Any:
    return state.make_good_by + ONE_DAY if state.is_open and state.make_good_by is not None else None


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
                case_id, state.subject, state.household_id, state.standing, state.procedure, state.edition,
                state.opened_on, state.latest_on, due and due.key, due_notice_end(state),
                len(state.open_objections), state.make_good_by if state.deferred - state.done else None, state.outcome,
            )
        ],
    )  # fmt: skip


CASES = Table(
    "cases",
    "case_id",
    (
        "case_id", "subject", "household_id", "standing", "procedure", "edition",
        "opened_on", "latest_on", "due", "notice_ends",
        "objections", "make_good_by", "outcome",
    ),
)  # fmt: skip
