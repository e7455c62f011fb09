"""Reports in the log: made where a standing decision is against a true fact, and ended by whoever may."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from contracts.facts import Fact, Recorded
from contracts.registry import corrections as c
from contracts.registry.divisions import Level
from contracts.registry.members import MemberJoined
from contracts.roles import Role
from services.casework.directory.store import accounts_of
from services.casework.documents.reading import Documents
from services.casework.procedures.approval_rules import OWN_ENTRY
from services.casework.procedures.document import Decision
from services.casework.procedures.offices import OFFICE_NOT_ALLOWED
from services.casework.procedures.repository import Procedures
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.corrections.reports import (
    Report,
    ReportState,
    happened,
    open_report,
    relations_reported,
    reports_of,
)
from services.registry.corrections.streams import stream_of
from services.registry.deadlines import REPORT_DAYS
from services.registry.households import domain as households
from services.registry.households.claims import PERSON_NOT_CONFIRMED, Digests, holders_of_number
from services.registry.households.next_steps import CORRECTION, contradicts_decision
from services.registry.households.store import household_in_area, naming_facts_in_area, relatives_in, save

CADRES = Office((Role.CADRE,))

REPORT_NEEDS_EVIDENCE = rule(
    "report_needs_evidence",
    zh="报告须附证明材料（如死亡证明、出生医学证明、迁移证明），请附上后重新提交。",
    en="A report rests on evidence, such as a certificate of death, of birth or of moving: attach it.",
    source="docs/decisions/0036-corrections.md",
)
REPORT_NOT_NEEDED = rule(
    "report_contradicts_nothing",
    zh="没有与之抵触的决定，请直接登记；已有报告的，请办理该报告。",
    en="No decision is against it: enter it directly; where it was reported before, carry that report out.",
    source="docs/decisions/0036-corrections.md",
)
REPORTED_ALREADY = rule(
    "reported_already",
    zh="此人的同类报告正在办理；有变化的，请先撤回该报告。",
    en="The same was reported of this person and waits; withdraw that report first where it has changed.",
    source="docs/decisions/0036-corrections.md",
)
NOT_REPORTER = rule(
    "report_of_somebody_else",
    zh="报告只能由报告人撤回；认为不属实的，由有权更正的机关说明理由后不予采纳。",
    en="A report is withdrawn by whoever made it; the office that corrects may decline it with a reason.",
    source="docs/decisions/0036-corrections.md",
    status=403,
)


def location_of(household: UUID, report: UUID) -> str:
    return f"/registry/households/{household}/reports/{report}"


class Reporting:
    """Handlers under the append lock."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def report_handler(
        self, fact: c.ReportedFact, direct: str, actor: Actor, confirmed_by: Digests = ()
    ) -> Callable[[Tx], Reply]:
        """``direct``: the act that enters it where nothing is against it. ``confirmed_by``: the ID number of somebody who is on
        the register."""

        def work(tx: Tx) -> Reply:
            known, relatives = tx.load(households.stream_of(fact.household_id)), relatives_in(tx)
            division = household_in_area(known, actor, relatives).division
            if not fact.evidence:
                raise Refused(REPORT_NEEDS_EVIDENCE)
            if confirmed_by and _person(fact) not in holders_of_number(tx, confirmed_by):
                raise Refused(PERSON_NOT_CONFIRMED, person=str(_person(fact)))
            stream = stream_of(fact.household_id)
            for id_, report in reports_of(tx.load(stream)).items():
                if report.state is ReportState.OPEN and _alike(report.fact, fact):
                    withdrawal = NextStep("withdraw_report", CADRES, {"report_id": id_})
                    raise Refused(REPORTED_ALREADY, report=str(id_)).advising(withdrawal)
            self._require_contradiction(tx, fact, known, direct, actor)
            lookup = self._documents.in_unit(tx)
            days = lookup.at(REPORT_DAYS, tx.today, division).count
            edition = Procedures(lookup).in_force(CORRECTION, tx.today, division)
            tx.append(stream, msgspec.structs.replace(
                fact, answer_by=tx.today + timedelta(days), decided_from=lookup.basis(tx.log, tx.head),
                level=next(step.office.level for step in edition.steps if isinstance(step, Decision)),
            ))  # fmt: skip
            return Reply(location=location_of(fact.household_id, fact.report_id))

        return work

    def _require_contradiction(
        self, tx: Tx, fact: c.ReportedFact, known: Sequence[Recorded], direct: str, actor: Actor
    ) -> None:
        """Raises the refusal of what no correction would help, and ``REPORT_NOT_NEEDED`` where nothing is against it."""
        report = Report(households.with_appended((), [fact], stream_of(fact.household_id))[0], fact)
        try:
            with naming_facts_in_area(tx, actor):
                _record(tx, report, known)
        except Refused as no:
            if contradicts_decision(no, known):
                return
            raise
        raise Refused(REPORT_NOT_NEEDED).advising(NextStep(direct, CADRES))

    def record_handler(self, household: UUID, report_id: UUID, actor: Actor) -> Callable[[Tx], Reply]:
        """Handles the recording of what was reported, once nothing is against it any more."""

        def work(tx: Tx) -> Reply:
            known, report = self._open(tx, household, report_id, actor)
            with naming_facts_in_area(tx, actor):
                save(tx, {household: _record(tx, report, known)})
            self._end(tx, c.ReportCarriedOut(**_ending(tx, report, actor)))
            return Reply(location=location_of(household, report_id))

        return work

    def withdraw_handler(self, household: UUID, report_id: UUID, actor: Actor) -> Callable[[Tx], Reply]:
        def work(tx: Tx) -> Reply:
            _, report = self._open(tx, household, report_id, actor)
            if report.fact.entered_by not in {actor.subject, *accounts_of(tx, actor.subject)}:
                above = tuple(level for level in Level if level.is_at_least(report.fact.level))
                declining = NextStep(
                    "decline_report", Office((Role.REVIEWER, Role.DECIDER), above, another_person=True)
                )
                raise Refused(NOT_REPORTER).advising(declining)
            self._end(tx, c.ReportWithdrawn(**_ending(tx, report, actor)))
            return Reply(location=location_of(household, report_id))

        return work

    def decline_handler(
        self, household: UUID, report_id: UUID, given: c.ReportDeclined, actor: Actor
    ) -> Callable[[Tx], Reply]:
        """``given``: with the reason and the papers."""

        def work(tx: Tx) -> Reply:
            _, report = self._open(tx, household, report_id, actor)
            if not (actor.has(Role.REVIEWER, Role.DECIDER) and actor.level.is_at_least(report.fact.level)):
                raise Refused(OFFICE_NOT_ALLOWED, level=report.fact.level, role=Role.REVIEWER)
            if report.fact.entered_by in {actor.subject, *accounts_of(tx, actor.subject)}:
                raise Refused(OWN_ENTRY)
            self._end(tx, msgspec.structs.replace(given, **_ending(tx, report, actor)))
            return Reply(location=location_of(household, report_id))

        return work

    @staticmethod
    def _open(tx: Tx, household: UUID, report_id: UUID, actor: Actor) -> tuple[Sequence[Recorded], Report]:
        known = tx.load(households.stream_of(household))
        household_in_area(known, actor, relatives_in(tx))
        return known, open_report(tx.load(stream_of(household)), report_id)

    @staticmethod
    def _end(tx: Tx, ending: c.ReportEnding) -> None:
        tx.append(stream_of(ending.household_id), ending)


def _record(tx: Tx, report: Report, known: Sequence[Recorded]) -> list[Fact]:
    """As the direct command would enter it."""
    fact, successor = happened(report, None)
    if isinstance(fact, MemberJoined):
        return households.record(known, [fact], tx.today, relatives_in(tx))
    return households.end_membership(
        known, fact, successor, tx.today, relatives_in(tx), relations_reported(report.fact)
    )


def _ending(tx: Tx, report: Report, actor: Actor) -> dict[str, Any]:
    return {
        "household_id": report.fact.household_id, "report_id": report.fact.report_id, "effective_on": tx.today,
        "entered_by": actor.subject, "caused_by": report.recorded.id,
    }  # fmt: skip


def _person(fact: c.ReportedFact) -> UUID:
    if isinstance(fact, c.BirthReported):
        return fact.member.person_id
    assert isinstance(fact, c.DeathReported | c.DepartureReported)
    return fact.person_id


def _alike(one: c.ReportedFact, other: c.ReportedFact) -> bool:
    return type(one) is type(other) and _person(one) == _person(other)
