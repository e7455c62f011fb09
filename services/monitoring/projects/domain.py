"""Decisions about projects, pure: a proposed fact, the project so far and today give the facts to append, or a refusal. No gate
can be passed: each step asks for the fact of the one before it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

import msgspec

from contracts.facts import Fact, Recorded
from contracts.monitoring import projects as facts
from contracts.monitoring.projects import AssetUse, EvaluationStage, ProjectPost
from contracts.selection import timeline
from services.casework.dates import require_not_future
from services.chassis.ground.refusals import NOT_FOUND, Refused, Rule
from services.monitoring.projects import rules
from services.monitoring.projects.drafts import require_countable, require_posts
from services.monitoring.projects.evaluations import require_stages_evaluated
from services.monitoring.projects.kinds import ProjectKind
from services.monitoring.projects.state import ENDED, Charter, Project, ProjectStage, fold

PROJECT_LIBRARY, PROJECT_ACCEPTANCE = "project_library", "project_acceptance"
"""The standings, as procedure documents name them."""
PROJECT_STREAMS = "project-"
"""How the streams of projects begin."""
DRAFT, LISTED = "draft", "listed"
NOT_STARTED, UNDER_WAY, ACCEPTED = "not_started", "under_way", "accepted"

F = TypeVar("F", bound=facts.ProjectFact)


def stream_of(project_id: UUID) -> str:
    return f"{PROJECT_STREAMS}{project_id}"


def library_standing(project: Project) -> str | None:
    if project.stage is ProjectStage.WITHDRAWN:
        return None
    return DRAFT if project.stage is ProjectStage.DRAFT else LISTED


def acceptance_standing(project: Project) -> str | None:
    if project.stage is ProjectStage.WITHDRAWN:
        return None
    if not project.reached(ProjectStage.CHARTERED):
        return NOT_STARTED
    return UNDER_WAY if project.stage is ProjectStage.CHARTERED else ACCEPTED


def require_draft(project: Project) -> None:
    """It may be drafted anew."""
    require_open(project)
    if project.stage is not ProjectStage.DRAFT:
        raise Refused(rules.ALREADY_LISTED)


def plan(proposed: facts.ProjectPlanned, project: Project, today: date) -> list[Fact]:
    """Into the plan of a year, by a numbered and signed decision."""
    require_step(proposed, project, today)
    require_stage(project, ProjectStage.LISTED, rules.NOT_LISTED, rules.PLANNED_ALREADY)
    if proposed.decision is None:
        raise Refused(rules.DECISION_MISSING)
    return [proposed]


def survey(proposed: facts.BaselineSurveyed, project: Project, today: date) -> list[Fact]:
    """Before the charter; that it was made before the plan may be told later."""
    require_open(project)
    require_not_future(proposed.effective_on, today)
    if project.reached(ProjectStage.CHARTERED):
        raise Refused(rules.CHARTERED_ALREADY)
    require_evidence(proposed)
    return [proposed]


def charter(
    proposed: facts.ProjectChartered, project: Project, kind: ProjectKind, unknown: Collection[UUID], today: date
) -> list[Fact]:
    """``unknown``: beneficiaries who are not on the register where the project is."""
    require_step(proposed, project, today)
    require_stage(
        project,
        ProjectStage.PLANNED,
        rules.NOT_LISTED if project.stage is ProjectStage.DRAFT else rules.NOT_PLANNED,
        rules.CHARTERED_ALREADY,
    )
    if proposed.decision is None:
        raise Refused(rules.DECISION_MISSING)
    if project.baseline_on is None:
        raise Refused(rules.NO_BASELINE)
    if waiting := [a.application for a in project.open_applications]:
        raise Refused(rules.APPLICATION_OPEN, applications=waiting)
    require_posts(proposed.owner, proposed.leader)
    late = [c.component for c in project.components if c.deadline is not None and c.deadline < proposed.starts_on]
    if late:
        raise Refused(rules.STARTS_LATE, starts_on=proposed.starts_on, components=late)
    if (brought := sum(line.amount for line in proposed.budget)) != project.cost:
        raise Refused(rules.BUDGET_DOES_NOT_ADD, budget=str(brought), costs=str(project.cost))
    if kind.beneficiaries and not proposed.beneficiaries:
        raise Refused(rules.BENEFICIARIES_MISSING)
    if unknown:
        raise Refused(rules.BENEFICIARY_UNKNOWN, households=sorted(map(str, unknown)))
    return [proposed]


def succeed(proposed: facts.ProjectOwnerSucceeded, project: Project, today: date) -> list[Fact]:
    require_step(proposed, project, today)
    held = require_charter(project)
    former, other = (held.owner, held.leader) if proposed.post is ProjectPost.OWNER else (held.leader, held.owner)
    if proposed.label == former:
        raise Refused(rules.SAME_HOLDER)
    require_posts(proposed.label, other)
    return [proposed]


def report(
    proposed: facts.ComponentProgressReported, project: Project, of_project: Sequence[Recorded], today: date
) -> list[Fact]:
    """How much of a component is done in all, since the works start. A correction annuls, by id, the reports that it contradicts."""
    require_works(proposed, project, today)
    if proposed.effective_on < (starts_on := require_charter(project).starts_on):
        raise Refused(rules.DAY_TOO_EARLY, since=starts_on)
    component = project.component(proposed.component)
    if component is None or component.quantity is None:
        raise Refused(rules.NO_SUCH_COMPONENT, component=proposed.component)
    if proposed.quantity.unit is not component.quantity.unit:
        raise Refused(rules.UNIT_DIFFERS, expected=component.quantity.unit, reported=proposed.quantity.unit)
    require_countable(proposed.quantity)
    contradicted = [r for r in timeline(of_project) if _contradicts(r.fact, proposed)]
    if contradicted and proposed.correction is None:
        raise Refused(rules.WOULD_FALL, component=proposed.component)
    return [msgspec.structs.replace(proposed, annuls=tuple(r.id for r in contradicted))]


def inspect(proposed: facts.ProjectInspected, project: Project, today: date) -> list[Fact]:
    require_works(proposed, project, today)
    require_evidence(proposed)
    return [proposed]


def find_issue(proposed: facts.ProjectIssueFound, project: Project, today: date) -> list[Fact]:
    """It is given the next number."""
    require_step(proposed, project, today)
    require_charter(project)
    if proposed.due_on < proposed.effective_on:
        raise Refused(rules.STARTS_LATE, starts_on=proposed.effective_on, components=[])
    return [msgspec.structs.replace(proposed, issue=len(project.issues) + 1)]


def rectify(proposed: facts.ProjectIssueRectified, project: Project, today: date) -> list[Fact]:
    require_step(proposed, project, today)
    issue = next((i for i in project.open_issues if i.issue == proposed.issue), None)
    if issue is None:
        raise Refused(rules.ISSUE_UNKNOWN, issue=proposed.issue)
    if proposed.effective_on < issue.found_on:
        raise Refused(rules.DAY_TOO_EARLY, since=issue.found_on)
    require_evidence(proposed)
    return [proposed]


def interview(proposed: facts.ResponsibleInterviewed, project: Project, today: date) -> list[Fact]:
    require_step(proposed, project, today)
    require_charter(project)
    if proposed.issue is not None and proposed.issue not in {i.issue for i in project.issues}:
        raise Refused(rules.ISSUE_UNKNOWN, issue=proposed.issue)
    return [proposed]


def require_acceptable(project: Project, kind: ProjectKind) -> None:
    """Nothing is accepted without an inspection, with an issue open, or short of its quantities. Raises ``Refused``."""
    require_open(project)
    require_stage(project, ProjectStage.CHARTERED, rules.NOT_CHARTERED, rules.ACCEPTED_ALREADY)
    if not project.inspections or not project.inspections[-1].passed:
        raise Refused(rules.NOT_INSPECTED)
    hidden = sum(i.hidden for i in project.inspections)
    if hidden < kind.hidden_inspections:
        raise Refused(rules.HIDDEN_INSPECTIONS_SHORT, wanted=kind.hidden_inspections, held=hidden)
    if project.open_issues:
        raise Refused(rules.ISSUES_OPEN, issues=[i.issue for i in project.open_issues])
    if missing := project.missing():
        raise Refused(rules.QUANTITY_SHORT, missing=[f"{number}: {amount:f}" for number, amount in missing.items()])


def publish(proposed: facts.AcceptanceResultPublished, project: Project, today: date) -> list[Fact]:
    require_step(proposed, project, today)
    require_stage(project, ProjectStage.ACCEPTED, rules.NOT_ACCEPTED, rules.PUBLISHED_ALREADY)
    require_evidence(proposed)
    if proposed.until < proposed.effective_on:
        raise Refused(rules.NOTICE_BACKWARDS, until=proposed.until)
    return [proposed]


def evaluate(proposed: facts.ProjectEvaluated, project: Project, today: date) -> list[Fact]:
    """The final one follows the published result; those of a stage come since the charter, and may be told late."""
    require_open(project)
    require_not_future(proposed.effective_on, today)
    require_evidence(proposed)
    require_charter(project)
    if project.chartered_on is not None and proposed.effective_on < project.chartered_on:
        raise Refused(rules.DAY_TOO_EARLY, since=project.chartered_on)
    if proposed.stage is EvaluationStage.FINAL:
        require_step(proposed, project, today)
        require_stage(project, ProjectStage.PUBLISHED, rules.NOT_PUBLISHED, rules.EVALUATED_ALREADY)
    return [proposed]


def close(
    proposed: facts.ProjectClosed, project: Project, kind: ProjectKind, every_months: int | None, today: date
) -> list[Fact]:
    """No closing without the published result, the final evaluation and those on the way: of each half-year of the works, where every
    so many months one is asked for."""
    require_step(proposed, project, today)
    if not project.reached(ProjectStage.PUBLISHED):
        raise Refused(rules.NOT_PUBLISHED)
    require_stage(project, ProjectStage.EVALUATED, rules.NOT_EVALUATED, rules.CLOSED)
    held = sum(e.stage is EvaluationStage.STAGE for e in project.evaluations)
    if held < kind.stage_evaluations:
        raise Refused(rules.STAGE_EVALUATIONS_SHORT, wanted=kind.stage_evaluations, held=held)
    if every_months is not None:
        require_stages_evaluated(project, every_months, proposed.effective_on)
    return [proposed]


def withdraw(proposed: facts.ProjectWithdrawn, project: Project, today: date) -> list[Fact]:
    """Until the works are accepted."""
    require_step(proposed, project, today)
    if project.reached(ProjectStage.ACCEPTED):
        raise Refused(rules.ACCEPTED_ALREADY)
    return [proposed]


def observe(proposed: facts.AssetUseObserved, project: Project, kind: ProjectKind, today: date) -> list[Fact]:
    """Also of a closed project: what was built remains."""
    require_not_future(proposed.effective_on, today)
    if not kind.leaves_assets:
        raise Refused(rules.NO_ASSETS)
    if not project.reached(ProjectStage.ACCEPTED):
        raise Refused(rules.NOT_ACCEPTED)
    if project.component(proposed.component) is None:
        raise Refused(rules.NO_SUCH_COMPONENT, component=proposed.component)
    if project.accepted_on is not None and proposed.effective_on < project.accepted_on:
        raise Refused(rules.DAY_TOO_EARLY, since=project.accepted_on)
    if proposed.use is not AssetUse.AS_BUILT:
        require_evidence(proposed)
    return [proposed]


def require_known(of_project: Sequence[Recorded]) -> Project:
    """The project as known now. Raises ``NOT_FOUND`` where it was never drafted."""
    project = fold(timeline(of_project))
    if project is None:
        raise Refused(NOT_FOUND)
    return project


def require_open(project: Project) -> None:
    if project.stage in ENDED:
        raise Refused(rules.CLOSED, since=project.closed_on)


def require_step(proposed: Fact, project: Project, today: date) -> None:
    """Of an open project, not in the future, not before its last gate."""
    require_open(project)
    require_not_future(proposed.effective_on, today)
    if proposed.effective_on < project.gate_on:
        raise Refused(rules.DAY_TOO_EARLY, since=project.gate_on)


def require_works(proposed: Fact, project: Project, today: date) -> None:
    """While the works go on: chartered, and not accepted."""
    require_step(proposed, project, today)
    require_stage(project, ProjectStage.CHARTERED, rules.NOT_CHARTERED, rules.ACCEPTED_ALREADY)


def require_stage(project: Project, stage: ProjectStage, before: Rule, after: Rule) -> None:
    """Exactly there: ``before`` and ``after`` say what is wrong otherwise."""
    if not project.reached(stage):
        raise Refused(before)
    if project.stage is not stage:
        raise Refused(after)


def require_charter(project: Project) -> Charter:
    if project.charter is None:
        raise Refused(rules.NOT_CHARTERED)
    return project.charter


def require_evidence(fact: Fact) -> None:
    if not fact.evidence:
        raise Refused(rules.EVIDENCE_MISSING)


def _contradicts(earlier: Fact, proposed: facts.ComponentProgressReported) -> bool:
    if not isinstance(earlier, facts.ComponentProgressReported) or earlier.component != proposed.component:
        return False
    if earlier.effective_on <= proposed.effective_on:
        return earlier.quantity.amount > proposed.quantity.amount
    return earlier.quantity.amount < proposed.quantity.amount
