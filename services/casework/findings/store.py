"""Findings in a unit of work: what stands about a subject now, the command that answers it, and what is said at entry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol
from uuid import UUID

from contracts.casework.findings import Finding, FindingAnswered
from contracts.facts import DecidedFrom, Evidence, LogPosition, Recorded
from contracts.personal import Personal
from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.documents.domain import Register
from services.casework.documents.reading import Documents
from services.casework.findings import rules
from services.casework.findings.domain import Checks, Found, S, as_finding, found_on, grounds_said
from services.casework.findings.editions import CheckEditions
from services.casework.findings.projection import UNTIL_CHANGED, FindingPeriod, horizon_of, project_findings
from services.casework.procedures.case_findings import CaseFinding
from services.casework.procedures.competent_office import CompetentOffice
from services.casework.procedures.store import Persons, nobody_known
from services.chassis.ground.messages import Message
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import CommandWarning, Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.security.sealing import DataKey, seal

ANSWERS = "findings-"
"""How the streams of answers begin."""


Noticing = Callable[[UUID, Sequence[Recorded], Sequence[Recorded], date], Sequence[tuple[str, Message]]]
"""Subject, its facts before and after, and today → rule and what it says of each finding that was not there before."""


def answers_of(subject: UUID) -> str:
    return f"{ANSWERS}{subject}"


class CheckedSubjects(Protocol):
    """Where a service's subjects are found in a unit of work."""

    def streams(self, subject: UUID) -> tuple[str, ...]: ...

    def subject_of(self, stream: str) -> UUID | None:
        """Whose stream it is; ``None`` for a stream of something else."""

    def facts(self, tx: Tx, subject: UUID) -> Sequence[Recorded]:
        """The subject's own, and those of all that it starts from."""

    def area(self, tx: Tx, subject: UUID) -> str:
        """Where it is today. Raises ``NOT_FOUND`` where there never was such a subject."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding that stands today. ``rests_on``: the facts it rests on."""

    period: FindingPeriod
    rests_on: Sequence[Recorded]
    answered: bool

    @property
    def finding(self) -> Finding:
        """As facts say it."""
        return as_finding(self.period.found, [r.id for r in self.rests_on])


class Findings(Generic[S]):
    """The findings of one service's subjects. ``persons``: which accounts are one person's."""

    def __init__(
        self, checks: Checks[S], subjects: CheckedSubjects, documents: Documents, persons: Persons = nobody_known
    ) -> None:
        self.checks, self.subjects, self._documents, self._persons = checks, subjects, documents, persons
        self._editions: CheckEditions | None = None

    def editions(self, tx: Tx) -> CheckEditions:
        """As known to this unit."""
        return self._editions_of(self._documents.own_in_unit(tx))

    def _editions_of(self, register: Register) -> CheckEditions:
        # By identity: what a unit sees of documents that are not durable yet is a register of its own.
        kept = self._editions
        if kept is None or kept.register is not register:
            kept = self._editions = CheckEditions(register, self.checks.key)
        return kept

    def standing(self, tx: Tx, subject: UUID) -> list[Standing]:
        """Every finding that stands on the unit's day, as known to it, answered or not; in a fixed order."""
        facts = self.subjects.facts(tx, subject)
        periods = self.checks.periods(subject, facts)
        rows = project_findings(self.checks, subject, periods, self.editions(tx), horizon_of(tx.today))
        now = [r for r in rows if r.known_to == UNTIL_CHANGED and r.valid_from <= tx.today < r.valid_to]
        if not now:
            return []
        timeline = self.checks.timeline(subject, facts, tx.today, None)
        answers = tx.load(answers_of(subject))
        found = [Standing(r, self._rests_on(r.found, timeline), is_answered(r, answers)) for r in now]
        return sorted(found, key=lambda s: (s.period.found.rule, s.period.found.finding_id))

    def unanswered(self, tx: Tx, subject: UUID) -> list[CaseFinding]:
        """For a case about the subject: what stands and nobody has answered, each explained."""
        standing = (s for s in self.standing(tx, subject) if not s.answered)
        return [CaseFinding(s.finding, self.checks.explanation_of(s.period.found)) for s in standing]

    def answer_handler(
        self, subject: UUID, finding_id: UUID, reason: Personal[str], evidence: tuple[Evidence, ...], actor: Actor,
        keys: Mapping[UUID, DataKey], location: str,
    ) -> Callable[[Tx], Reply]:  # fmt: skip
        """Handles the answer to a finding that stands. ``keys``: of the subject, under which the reason is sealed."""

        def work(tx: Tx) -> Reply:
            if not actor.covers(self.subjects.area(tx, subject)):
                raise Refused(NOT_FOUND)
            found = next((s for s in self.standing(tx, subject) if s.period.found.finding_id == finding_id), None)
            if found is None:
                raise Refused(rules.NOT_STANDING)
            self._require_answerable(tx, found, actor)
            edition = found.period.found.edition
            basis = DecidedFrom(logs=(LogPosition(log=tx.log, position=tx.head),), documents=(edition,))
            fact = FindingAnswered(
                effective_on=tx.today, entered_by=actor.subject, evidence=evidence, decided_from=basis, subject=subject,
                household_id=subject if self.checks.of_households else None,
                finding=found.finding, reason=reason,
            )  # fmt: skip
            tx.append(answers_of(subject), seal(fact, keys))
            return Reply(location=location)

        return work

    def _require_answerable(self, tx: Tx, found: Standing, actor: Actor) -> None:
        terms = found.period.found.terms
        if not is_owner(actor, terms.owner.level, terms.owner.role):
            raise Refused(rules.ANOTHER_OFFICE, level=terms.owner.level, role=terms.owner.role).advising(
                _answer_by(terms.owner, found)
            )
        if found.answered:
            raise Refused(rules.ANSWERED)
        own = {actor.subject, *self._persons(tx, actor.subject)}
        if terms.second_person and not own.isdisjoint(r.fact.entered_by for r in found.rests_on):
            raise Refused(rules.OWN_ENTRY).advising(_answer_by(terms.owner, found, another_person=True))

    def _rests_on(self, found: Found, timeline: Sequence[Recorded]) -> list[Recorded]:
        rests_on, about = self.checks.rules[found.rule].rests_on, found.ground.about
        return [r for r in timeline if rests_on(about, r.fact)]

    def checking(self, work: Callable[[Tx], Reply]) -> Callable[[Tx], Reply]:
        """The same work, which says in its answer what it makes the rules find that they did not find before. Only the
        state of the day is looked at: what is said at entry is a help for whoever enters, no record."""

        def checked(tx: Tx) -> Reply:
            reply = work(tx)
            for subject in dict.fromkeys(filter(None, map(self._touched, tx.appended))):
                for found in self._new(tx, subject):
                    about = {"finding_id": str(found.finding_id), "subject": str(subject)}
                    tx.warnings.append(CommandWarning.of(found.rule, self.checks.explanation_of(found), about))
            return reply

        return checked

    def noticing(self) -> Noticing:
        """``checking`` for who decides many subjects before their units of work, by the documents as they are now.
        Blocking."""
        editions = self._editions_of(self._documents.own())

        def noticed(
            subject: UUID, before: Sequence[Recorded], after: Sequence[Recorded], today: date
        ) -> list[tuple[str, Message]]:
            found = newly_found(self.checks, editions, subject, before, after, today)
            return [(one.rule, self.checks.explanation_of(one)) for one in found]

        return noticed

    def _touched(self, recorded: Recorded) -> UUID | None:
        if not recorded.fact.annuls and not self.checks.reads(recorded.fact):
            return None
        return self.subjects.subject_of(recorded.stream)

    def _new(self, tx: Tx, subject: UUID) -> list[Found]:
        after = self.subjects.facts(tx, subject)
        before = [r for r in after if r.position <= tx.head]
        return newly_found(self.checks, self.editions(tx), subject, before, after, tx.today)


def is_owner(actor: Actor, level: Level, role: Role) -> bool:
    """Whether the actor is of the office that answers."""
    return role in actor.roles and actor.level == level


def is_answered(period: FindingPeriod, answers: Sequence[Recorded]) -> bool:
    """Whether one of these answers is about the finding on these grounds, given since it has stood without a break."""
    return any(
        isinstance(r.fact, FindingAnswered)
        and r.fact.finding.finding_id == period.found.finding_id
        and grounds_said(r.fact.finding) == period.grounds
        and r.recorded_at >= period.known_since
        and r.fact.effective_on >= period.valid_since
        for r in answers
    )


def newly_found(
    checks: Checks[S], editions: CheckEditions, subject: UUID, before: Sequence[Recorded], after: Sequence[Recorded],
    today: date,
) -> list[Found]:  # fmt: skip
    """What the rules find today after these facts, and did not find, or on other grounds, before them."""

    def found(facts: Sequence[Recorded]) -> dict[tuple[UUID, str], Found]:
        value = checks.now(subject, facts) if facts else None
        edition = None if value is None else editions.on(value.division, today)
        if value is None or edition is None:
            return {}
        on_day = found_on(checks, subject, value, today, edition.document, edition.edition)
        return {(one.finding_id, one.grounds): one for one in on_day}

    now = found(after)
    then = found(before) if now else {}
    return [one for key, one in now.items() if key not in then]


def _answer_by(owner: CompetentOffice, found: Standing, *, another_person: bool = False) -> NextStep:
    office = Office((owner.role,), (owner.level,), another_person)
    return NextStep("answer_finding", office, {"finding_id": found.finding.finding_id})
