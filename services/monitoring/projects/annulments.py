"""What was entered wrongly about a project is annulled, and an annulment that was wrong is itself. What is left must have passed
every gate: whoever takes back a step takes back, in the same act, the steps that rest on it."""

from collections.abc import Sequence
from datetime import date

from contracts.facts import Fact, Recorded
from contracts.monitoring import projects as facts
from contracts.selection import surviving, timeline
from services.casework.dates import require_not_future
from services.chassis.ground.refusals import Refused
from services.monitoring.projects import rules
from services.monitoring.projects.domain import close, require_acceptable
from services.monitoring.projects.kinds import ProjectKind
from services.monitoring.projects.state import ENDED, Project, ProjectStage, step

DECIDED_ELSEWHERE = (facts.ProjectDrafted, facts.ProjectListed, facts.ProjectAccepted)
"""A draft is drafted anew; what a case brought about, another case does."""
RESTS_ON: dict[type[Fact], ProjectStage] = {
    facts.ProjectPlanned: ProjectStage.LISTED,
    facts.ProjectChartered: ProjectStage.PLANNED,
    facts.ProjectAccepted: ProjectStage.CHARTERED,
    facts.AcceptanceResultPublished: ProjectStage.ACCEPTED,
}
"""Gate → the stage that it was passed at."""
OF_THE_CHARTER = (
    facts.ProjectOwnerSucceeded, facts.ComponentProgressReported, facts.ProjectInspected, facts.ProjectIssueFound,
    facts.ResponsibleInterviewed,
)  # fmt: skip


def annul(
    proposed: facts.ProjectActsAnnulled, of_project: Sequence[Recorded], kind: ProjectKind, every_months: int | None,
    today: date,
) -> list[Fact]:  # fmt: skip
    """Acts, or an annulment of some, which restores them. ``every_months``: as of a closing. Raises ``Refused``."""
    require_not_future(proposed.effective_on, today)
    standing = {r.id for r in surviving(of_project) if not isinstance(r.fact, DECIDED_ELSEWHERE)}
    if not proposed.annuls or not set(proposed.annuls) <= standing:
        raise Refused(rules.ACT_NOT_STANDING, facts=sorted(set(proposed.annuls) - standing))
    require_lawful(_without(of_project, proposed.annuls), kind, every_months)
    return [proposed]


def require_lawful(left: Sequence[Recorded], kind: ProjectKind, every_months: int | None = None) -> None:
    """Every gate was passed with the facts before it. Raises ``Refused``."""
    if (first := _first_astray(left, kind, every_months)) is not None:
        raise Refused(rules.LATER_STEP_RESTS, facts=[first.id])


def require_in_order(of_project: Sequence[Recorded], kind: ProjectKind) -> None:
    """A step that was just entered stands behind all that it rests on, by day as well, and before none that it would forbid: else
    nothing could be annulled any more. Raises ``Refused``."""
    if (first := _first_astray(timeline(of_project), kind)) is not None:
        raise Refused(rules.DAY_TOO_EARLY, since=max(r.fact.effective_on for r in surviving(of_project)), fact=first.id)


def _first_astray(standing: Sequence[Recorded], kind: ProjectKind, every_months: int | None = None) -> Recorded | None:
    before: Project | None = None
    for recorded in standing:
        if before is not None and not _stands(recorded.fact, before, kind, every_months):
            return recorded
        before = step(before, recorded.fact)
    return None


def _without(of_project: Sequence[Recorded], annulled: Sequence[str]) -> list[Recorded]:
    """The timeline as it would be; what an annulled annulment had made void stands again."""
    gone = set(annulled)
    return list(timeline([r for r in of_project if r.id not in gone]))


def _stands(fact: Fact, before: Project, kind: ProjectKind, every_months: int | None) -> bool:
    match fact:
        case facts.ProjectAccepted():
            return _is_acceptable(before, kind)
        case facts.ProjectChartered():
            ready = before.baseline_on is not None and not before.open_applications
            return before.stage is ProjectStage.PLANNED and ready
        case facts.ProjectFundingApplied():
            return before.charter is None and before.stage not in ENDED
        case facts.ProjectFundingDecided(application=number):
            return any(a.application == number for a in before.open_applications)
        case facts.ProjectEvaluated(stage=facts.EvaluationStage.FINAL):
            return before.stage is ProjectStage.PUBLISHED
        case facts.ProjectIssueRectified(issue=issue):
            return any(open_.issue == issue for open_ in before.open_issues)
        case facts.ProjectWithdrawn():
            return before.stage not in ENDED
        case facts.AssetUseObserved():
            return before.accepted_on is not None
        case facts.ProjectClosed():
            return _is_closable(fact, before, kind, every_months)
        case _ if isinstance(fact, OF_THE_CHARTER):
            return before.charter is not None and before.stage not in ENDED
    wanted = RESTS_ON.get(type(fact))
    return wanted is None or before.stage is wanted


def _is_closable(closed: facts.ProjectClosed, project: Project, kind: ProjectKind, every_months: int | None) -> bool:
    try:
        close(closed, project, kind, every_months, closed.effective_on)
    except Refused:
        return False
    return True


def _is_acceptable(project: Project, kind: ProjectKind) -> bool:
    try:
        require_acceptable(project, kind)
    except Refused:
        return False
    return True
