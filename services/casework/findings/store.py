"""Findings in a unit of work: what stands about a subject now, and the command that answers it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
from services.casework.findings.domain import Checks, Found, Period, S, as_finding, grounds_said, periods_from
from services.casework.findings.editions import CheckEditions
from services.casework.findings.projection import UNTIL_CHANGED, FindingPeriod, horizon_of, project_findings
from services.casework.procedures.case_findings import CaseFinding
from services.casework.procedures.competent_office import CompetentOffice
from services.casework.procedures.store import Persons, nobody_known
from services.chassis.ground.messages import Message
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.snapshot import Connection
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.security.sealing import DataKey, seal

ANSWERS = "findings-"
"""How the streams of answers begin."""


def answers_of(subject: UUID) -> str:
    return f"{ANSWERS}{subject}"


class CheckedSubjects(Protocol):
    """Where a service's subjects are found in a unit of work."""

    def streams(self, subject: UUID) -> tuple[str, ...]: ...

    def subject_of(self, recorded: Recorded) -> UUID | None:
        """Which one the fact is about; ``None`` for a fact about something else."""

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


Naming = Callable[[Connection, Sequence[UUID], str], object]
"""Ids of what a finding is about, and an area → a figure for its message."""


class Findings(Generic[S]):
    """The findings of one set of checks. ``persons``: which accounts are one person's; ``naming``: what a finding is about, as
    it is named to whoever has this area."""

    def __init__(
        self, checks: Checks[S], subjects: CheckedSubjects, documents: Documents, persons: Persons = nobody_known,
        naming: Naming | None = None,
    ) -> None:  # fmt: skip
        self.checks, self.subjects, self._documents, self._persons = checks, subjects, documents, persons
        self._naming = naming
        self._editions: CheckEditions | None = None

    def editions(self, tx: Tx) -> CheckEditions:
        """As known to this unit."""
        return self.editions_of(self._documents.own_in_unit(tx))

    def editions_of(self, register: Register) -> CheckEditions:
        # By identity: what a unit sees of documents that are not durable yet is a register of its own.
        kept = self._editions
        if kept is None or kept.register is not register:
            kept = self._editions = CheckEditions(register, self.checks.key)
        return kept

    def standing(self, tx: Tx, subject: UUID) -> list[Standing]:
        """Every finding that stands on the unit's day, as known to it, answered or not; in a fixed order."""
        facts = self.subjects.facts(tx, subject)
        periods = self.periods(tx, subject, facts)
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
        standing = [s for s in self.standing(tx, subject) if not s.answered]
        area = self.subjects.area(tx, subject) if standing else ""
        return [
            CaseFinding(s.finding, self.explanation(tx.cur.connection, area, f.rule, f.ground.about, f.grounds))
            for s in standing
            for f in (s.period.found,)
        ]

    def explanation(self, conn: Connection, area: str, rule: str, about: Sequence[UUID], grounds: str) -> Message:
        """To whoever has this area."""
        names = None if self._naming is None else self._naming(conn, about, area)
        return self.checks.explanation(rule, about, grounds, names)

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

    def periods(self, tx: Tx, subject: UUID, facts: Sequence[Recorded]) -> Sequence[Period[S]]:
        """As far as the view has come: others' facts decide, too."""
        sql = f"SELECT periods FROM {self.checks.checked_table} WHERE subject = %s"
        row = tx.cur.execute(sql.encode(), (subject,), prepare=True).fetchone()
        return () if row is None else periods_from(self.checks, row[0])

    def _rests_on(self, found: Found, timeline: Sequence[Recorded]) -> list[Recorded]:
        rests_on, about = self.checks.rules[found.rule].rests_on, found.ground.about
        return [r for r in timeline if rests_on(about, r.fact)]


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


def _answer_by(owner: CompetentOffice, found: Standing, *, another_person: bool = False) -> NextStep:
    office = Office((owner.role,), (owner.level,), another_person)
    return NextStep("answer_finding", office, {"finding_id": found.finding.finding_id})
