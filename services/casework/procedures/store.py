"""Cases in the log: command handlers under the append lock, and the view. A case, what it brings about and the claim on its
subject's standing are changed in one unit of work."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

import msgspec

from contracts.casework.cases import CaseDecided, CaseEnded, CaseOutcome
from contracts.civil import start_of_day
from contracts.facts import DecidedFrom, Fact
from contracts.selection import timeline
from services.casework.calendars.day_count import ONE_DAY
from services.casework.procedures import commands as c
from services.casework.procedures.authorisations import NO_AUTHORISATIONS, Authorisations
from services.casework.procedures.case_findings import FindingsOf, no_findings
from services.casework.procedures.clues import NO_CLUES, Clues
from services.casework.procedures.context import no_other_account
from services.casework.procedures.document import Comparison, Procedure
from services.casework.procedures.domain import decide
from services.casework.procedures.effects import cannot_stand, effect_due, effect_revoked, effect_taken
from services.casework.procedures.matters import Matters, WithPersonalTerms
from services.casework.procedures.next_steps import Situation, advising
from services.casework.procedures.offices import offices_of, require_office
from services.casework.procedures.opening_rules import SUBJECT_NOT_ON_RECORD
from services.casework.procedures.repository import ProcedureRepository, Procedures
from services.casework.procedures.state import CaseState, Subject, day_after_term, due_notice_end, fold
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import Claim, unkeyed
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.security.sealing import DataKey, seal

NOTICE_ENDS = "notice_ends"
"""Timer kind: the last day of a notice is over."""
MAKE_GOOD_ENDS = "make_good_ends"
"""Timer kind: the last day for making good what the green channel deferred is over."""
TERM_ENDS = "term_ends"
"""Timer kind: the last day of a case's term is over."""

POSSIBLE_WITHOUT_SUBJECT = (
    c.CloseCase, c.CloseNotice, c.ExceedTerm, c.MissMakeGood, c.RaiseObjection, c.ResolveObjection, c.ReturnCase,
    c.TakeDownNotice, c.WithdrawCase,
)  # fmt: skip
"""Commands about a case of whose subject nothing stands any more: it can be returned, withdrawn and closed."""


DeadlineCommand = c.CloseNotice | c.MissMakeGood | c.ExceedTerm
TIMERS: Mapping[str, type[DeadlineCommand]] = {
    NOTICE_ENDS: c.CloseNotice,
    MAKE_GOOD_ENDS: c.MissMakeGood,
    TERM_ENDS: c.ExceedTerm,
}
"""Kind → the command that is due then."""

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
    """Handlers of the case commands of the service whose log has this name. ``persons``: which accounts are one person's;
    ``findings``: what check rules found about a subject; ``clues``: those that cases may take up; ``authorisations``: that
    comparisons may demand."""

    def __init__(
        self, service: str, procedures: ProcedureRepository, matters: Matters, persons: Persons = nobody_known,
        findings: FindingsOf = no_findings, clues: Clues = NO_CLUES,
        authorisations: Authorisations = NO_AUTHORISATIONS,
    ) -> None:  # fmt: skip
        self._service, self._procedures, self.matters, self._persons = service, procedures, matters, persons
        self._findings, self.clues, self._authorisations = findings, clues, authorisations

    def open_handler(
        self, command: c.OpenCase, procedure: str, actor: Actor, keys: Mapping[UUID, DataKey]
    ) -> Callable[[Tx], Reply]:
        """Handles the opening of a case in the procedure's edition in force where the subject is today."""

        def work(tx: Tx) -> Reply:
            counts_from = None if command.clue_id is None else self.clues.clue_day(tx, command.clue_id)
            opening = replace(command, today=tx.today, counts_from=counts_from)
            procedures = self._procedures.in_unit(tx)
            matter = self.matters[procedures.standing(procedure)]
            subject = matter.subject(tx, command.subject, command.on)
            if not actor.covers(subject.area):
                raise Refused(NOT_FOUND)
            edition = procedures.in_force(procedure, command.on, subject.area)
            subject = self._with_open_case(tx, subject, edition)
            with advising(self._situation(tx, opening, None, edition, subject, procedures)):
                require_office(offices_of(opening, None, edition), actor.roles, actor.level)
                self._execute(tx, opening, edition, subject, procedures, keys, actor)
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
            procedures = self._procedures.in_unit(tx)
            edition = procedures.edition(state.procedure, state.edition)
            dated, subject = replace(command, today=tx.today), self._with_open_case(tx, subject, edition)
            subject = self._with_adults(tx, dated, subject, edition)
            with advising(self._situation(tx, dated, state, edition, subject, procedures)):
                require_office(offices_of(dated, state, edition), actor.roles, actor.level)
                self._execute(tx, dated, edition, subject, procedures, keys, actor)
            return Reply(location=self.location_of(command.case_id))

        return work

    def execute_when_due(self, tx: Tx, command: DeadlineCommand) -> None:
        """Handles a timer; no effect when what it was set for was done or changed meanwhile."""
        state = self._state(tx, command.case_id)
        if state is not None and command.on == DUE_DAYS[type(command)](state):
            subject = self.matters[state.standing].subject(tx, state.subject, command.on)
            procedures = self._procedures.in_unit(tx)
            edition = procedures.edition(state.procedure, state.edition)
            self._execute(tx, command, edition, subject, procedures, {})

    def kept_standing(self, procedure: str) -> str | None:
        """The standing that a procedure changes, where that is known without asking."""
        try:
            return self._procedures.kept().standing(procedure)
        except Refused:
            return None

    def standing(self, procedure: str) -> str:
        """Blocking. Raises ``Refused`` for a procedure that no document describes."""
        return self._procedures.current().standing(procedure)

    def location_of(self, case_id: UUID) -> str:
        return f"/{self._service}/cases/{case_id}"

    @staticmethod
    def _with_open_case(tx: Tx, subject: Subject, edition: Procedure) -> Subject:
        id_ = unkeyed(subject.id)
        return replace(subject, open_case_id=tx.holders(claim_kind(edition.standing), [id_]).get(id_))

    def _with_adults(self, tx: Tx, command: c.Command, subject: Subject, edition: Procedure) -> Subject:
        """Where the command is a comparison that asks about them."""
        asked = any(isinstance(step, Comparison) and step.asks_adults for step in edition.steps)
        if not asked or not isinstance(command, c.MakeComparison) or subject.household_id is None:
            return subject
        return replace(subject, adults=self._authorisations.adults(tx, subject.household_id, command.on))

    def _situation(
        self, tx: Tx, command: c.Command, state: CaseState | None, edition: Procedure, subject: Subject,
        procedures: Procedures,
    ) -> Situation:  # fmt: skip
        def other(case_id: UUID) -> tuple[CaseState, Procedure]:
            found = self._state(tx, case_id)
            assert found is not None  # it holds the claim
            return found, procedures.edition(found.procedure, found.edition)

        instead = partial(procedures.about, edition.standing, command.on, subject.area)
        return Situation(command=command, state=state, procedure=edition, subject=subject, other=other, instead=instead)

    def _state(self, tx: Tx, case_id: UUID) -> CaseState | None:
        return fold(timeline(tx.load(stream_of(case_id))))

    def _execute(
        self, tx: Tx, command: c.Command, edition: Procedure, subject: Subject, procedures: Procedures,
        keys: Mapping[UUID, DataKey], actor: Actor | None = None,
    ) -> None:  # fmt: skip
        """``actor``: ``None`` for a timer, which brings nothing about."""
        before = self._state(tx, command.case_id)
        if subject.standing is None and not isinstance(command, POSSIBLE_WITHOUT_SUBJECT):
            raise Refused(SUBJECT_NOT_ON_RECORD)
        if isinstance(command, c.CloseCase) and before is not None:
            stands = effect_taken(before, edition) and self.matters[edition.standing].effect_stands(tx, before)
            subject = replace(subject, effect_stands=stands)
        holidays = procedures.holidays(command.on, subject.area) if edition.counts_working_days else None
        decided = decide(command, before, edition, subject, holidays, partial(self._persons, tx))
        basis = procedures.basis(tx.log, tx.head)
        facts = [seal(self._with_basis(tx, f, basis), keys) for f in decided]
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
            if command.clue_id is not None:
                self.clues.take_up(tx, command.clue_id, after, actor.subject, caused_by)
            matter.open(tx, after, command.terms, basis)
        if effect_due(before, after, edition):
            try:
                matter.take_effect(tx, after, edition, actor, caused_by, basis)
            except Refused as refused:
                raise cannot_stand(refused) from refused
        elif isinstance(command, c.DecideCase) and command.approved:
            # It comes later; but nothing is decided that could not be.
            refusal = tx.refusal_of(lambda trial: matter.take_effect(trial, after, edition, actor, caused_by, basis))
            if refusal is not None:
                raise cannot_stand(refusal)
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
        matter = self.matters[after.standing]
        if after.outcome not in (None, CaseOutcome.COMPLETED) and isinstance(matter, WithPersonalTerms):
            matter.give_up(tx, after)
        for kind, command in TIMERS.items():
            due = DUE_DAYS[command]
            day = due(after)
            if day is not None and (before is None or due(before) != day):
                # What an objection, told late, has reopened may end on a day on which it had ended before.
                tx.set_timer(kind, stream_of(after.case_id), start_of_day(day), last, per_cause=True)

    def _with_basis(self, tx: Tx, fact: Fact, basis: DecidedFrom) -> Fact:
        """Of a decision: what was known, and what nobody had answered."""
        if not isinstance(fact, CaseDecided):
            return fact
        findings = tuple(found.finding for found in self._findings(tx, fact.subject))
        return msgspec.structs.replace(fact, decided_from=basis, findings=findings)

    @staticmethod
    def _id_of_step(facts: Sequence[Fact], ids: Sequence[str]) -> str:
        """The id of the step's own fact: the first one that is not the end of the case, which a withdrawal alone is."""
        return next((i for f, i in zip(facts, ids, strict=True) if not isinstance(f, CaseEnded)), ids[0])


def _day_after_make_good(state: CaseState) -> date | None:
    return state.make_good_by + ONE_DAY if state.is_open and state.make_good_by is not None else None


DUE_DAYS: Mapping[type[DeadlineCommand], Callable[[CaseState], date | None]] = {
    c.CloseNotice: due_notice_end,
    c.MissMakeGood: _day_after_make_good,
    c.ExceedTerm: day_after_term,
}
