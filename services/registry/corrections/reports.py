"""Reports: something happened that a standing decision is against. What became of each, and the fact that it would be. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from contracts.facts import Decision, Recorded
from contracts.registry import corrections as c
from contracts.registry.members import MemberDied, MemberJoined, MemberLeft, RelationToHead
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.registry.corrections.domain import Happened

REPORT_ENDED = rule(
    "report_ended",
    zh="这一报告已经办结，不能再办理；如仍属实，请重新报告。",
    en="This report has ended; where it still holds, report it again.",
    source="docs/decisions/0036-corrections.md",
)


class ReportState(StrEnum):
    OPEN = "open"
    CARRIED_OUT = "carried_out"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


ENDED: dict[type[c.ReportEnding], ReportState] = {
    c.ReportCarriedOut: ReportState.CARRIED_OUT,
    c.ReportWithdrawn: ReportState.WITHDRAWN,
    c.ReportDeclined: ReportState.DECLINED,
}


@dataclass(frozen=True, slots=True)
class Report:
    """``recorded``: as it was reported."""

    recorded: Recorded
    fact: c.ReportedFact
    state: ReportState = ReportState.OPEN


def reports_of(facts: Iterable[Recorded]) -> dict[UUID, Report]:
    """By id, from a household's stream of corrections."""
    found: dict[UUID, Report] = {}
    for recorded in facts:
        fact = recorded.fact
        if isinstance(fact, c.ReportedFact):
            found[fact.report_id] = Report(recorded, fact)
        elif isinstance(fact, c.ReportEnding):
            report = found[fact.report_id]
            found[fact.report_id] = Report(report.recorded, report.fact, ENDED[type(fact)])
    return found


def reporters(facts: Iterable[Recorded]) -> frozenset[str]:
    """The accounts of whoever reported something."""
    return frozenset(r.fact.entered_by for r in facts if isinstance(r.fact, c.ReportedFact))


def open_report(facts: Sequence[Recorded], report_id: UUID) -> Report:
    """Raises ``NOT_FOUND``, or ``REPORT_ENDED``."""
    report = reports_of(facts).get(report_id)
    if report is None:
        raise Refused(NOT_FOUND)
    if report.state is not ReportState.OPEN:
        raise Refused(REPORT_ENDED, state=report.state)
    return report


def relations_reported(fact: c.ReportedFact) -> tuple[RelationToHead, ...]:
    """Of others to the successor."""
    return fact.relations if isinstance(fact, c.DeathReported | c.DepartureReported) else ()


def happened(report: Report, caused_by: str | None, decision: Decision | None = None) -> tuple[Happened, UUID | None]:
    """The true fact, entered by whoever reported it, with their papers; and who becomes head. ``caused_by``: none where it is
    carried out as it was reported."""
    fact = report.fact
    common: dict[str, Any] = {
        "household_id": fact.household_id, "effective_on": fact.effective_on, "precision": fact.precision,
        "entered_by": fact.entered_by, "evidence": fact.evidence, "caused_by": caused_by or report.recorded.id,
        "decision": decision,
    }  # fmt: skip
    match fact:
        case c.DeathReported(person_id=person, successor=successor):
            return MemberDied(**common, person_id=person), successor
        case c.DepartureReported(person_id=person, successor=successor):
            return MemberLeft(**common, person_id=person, reason=fact.reason), successor
        case c.BirthReported(member=member):
            return MemberJoined(**common, member=member, reason=fact.reason), None
    raise ValueError(f"{fact.type_name} reports nothing that can be recorded")
