"""Projects that are bid for (主动争取项目): applied for to a level above, to government that hands its work over, to society or abroad, and
granted or refused. Pure."""

from datetime import date

import msgspec

from contracts.facts import Fact
from contracts.monitoring import projects as facts
from services.chassis.ground.refusals import Refused
from services.monitoring.projects import rules
from services.monitoring.projects.domain import require_evidence, require_step
from services.monitoring.projects.state import Project


def apply_for_funding(proposed: facts.ProjectFundingApplied, project: Project, today: date) -> list[Fact]:
    """Before the charter, whose budget is settled; it is given the next number."""
    require_step(proposed, project, today)
    if project.charter is not None:
        raise Refused(rules.CHARTERED_ALREADY)
    require_evidence(proposed)
    number = max((each.application for each in project.applications), default=0) + 1
    return [msgspec.structs.replace(proposed, application=number)]


def decide_funding(proposed: facts.ProjectFundingDecided, project: Project, today: date) -> list[Fact]:
    """Nobody is granted more than was asked for."""
    require_step(proposed, project, today)
    application = next((a for a in project.open_applications if a.application == proposed.application), None)
    if application is None:
        raise Refused(rules.APPLICATION_UNKNOWN, application=proposed.application)
    if proposed.effective_on < application.applied_on:
        raise Refused(rules.DAY_TOO_EARLY, since=application.applied_on)
    if proposed.granted is not None and proposed.granted > application.asked:
        raise Refused(rules.GRANTED_TOO_MUCH, asked_for=str(application.asked))
    if proposed.granted is None and proposed.reason is None:
        raise Refused(rules.REFUSAL_UNEXPLAINED)
    require_evidence(proposed)
    return [proposed]
