"""Projects as the check rules find them in the log, and in which words a finding explains itself."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.facts import Recorded
from contracts.monitoring.projects import ProjectFact
from contracts.selection import timeline
from services.casework.findings.domain import FactChecks
from services.chassis.ground.messages import Message
from services.chassis.log.unit import Tx
from services.monitoring.findings.domain import KEY, RULES, CheckedProject, ProjectCheck, now_of, periods_of, reads
from services.monitoring.messages import say
from services.monitoring.projects.domain import require_known, stream_of


def explain(rule: str, given: Mapping[str, Any]) -> Message:
    """Raises ``KeyError`` where a figure is missing."""
    match ProjectCheck(rule):
        case ProjectCheck.COMPONENT_LATE:
            return say("check_project_component_late", **given)
        case ProjectCheck.ISSUE_OVERDUE:
            return say("check_project_issue_overdue", **given)
        case ProjectCheck.ASSET_IDLE:
            return say("check_project_asset_idle", **given)
        case ProjectCheck.ASSET_USED_OTHERWISE:
            return say("check_project_asset_used_otherwise", **given)
        case ProjectCheck.EVALUATION_MISSING if given["yearly"] == "true":
            return say("check_project_yearly_evaluation_missing", **given)
        case ProjectCheck.EVALUATION_MISSING:
            return say("check_project_half_year_evaluation_missing", **given)
        case ProjectCheck.SAME_WORK_TWICE if given["done"] == "true":
            return say("check_project_work_done_before", **given)
        case ProjectCheck.SAME_WORK_TWICE:
            return say("check_project_work_planned_twice", **given)


def timeline_of(_: UUID, facts: Sequence[Recorded], as_of: date, known_at: datetime | None) -> Sequence[Recorded]:
    return timeline(facts, as_of=as_of, known_at=known_at)


CHECKS = FactChecks(
    key=KEY, log="monitoring", rules=RULES, explain=explain, value_type=CheckedProject, periods=periods_of,
    timeline=timeline_of, reads=reads, now=now_of, of_households=False,
)  # fmt: skip


class CheckedProjects:
    """Implements ``CheckedSubjects``."""

    def streams(self, subject: UUID) -> tuple[str, ...]:
        return (stream_of(subject),)

    def subject_of(self, recorded: Recorded) -> UUID | None:
        return recorded.fact.project_id if isinstance(recorded.fact, ProjectFact) else None

    def facts(self, tx: Tx, subject: UUID) -> Sequence[Recorded]:
        return tx.load(stream_of(subject))

    def area(self, tx: Tx, subject: UUID) -> str:
        return require_known(self.facts(tx, subject)).division
