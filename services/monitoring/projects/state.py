"""A project's state, folded from its timeline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Fact, Recorded
from contracts.monitoring import projects as facts
from contracts.monitoring.projects import (
    AssetUse,
    BudgetLine,
    Component,
    EvaluationStage,
    Gap,
    ProjectDrafted,
    ProjectDraftedServing,
    ProjectPost,
    SameWork,
    Serves,
)
from services.monitoring.projects.applications import FundingApplication, decided

NOTHING = Decimal(0)


class ProjectStage(StrEnum):
    """How far it has come; each is reached by the fact of its gate alone."""

    DRAFT = "draft"
    LISTED = "listed"
    PLANNED = "planned"
    CHARTERED = "chartered"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    EVALUATED = "evaluated"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


ENDED = frozenset({ProjectStage.CLOSED, ProjectStage.WITHDRAWN})
ORDER = {stage: place for place, stage in enumerate(ProjectStage)}


@dataclass(frozen=True, slots=True)
class Charter:
    owner: str
    leader: str
    goal: str
    starts_on: date
    budget: tuple[BudgetLine, ...]
    beneficiaries: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Inspection:
    on: date
    hidden: bool
    passed: bool


@dataclass(frozen=True, slots=True)
class Issue:
    issue: int
    content: str
    found_on: date
    due_on: date
    rectified_on: date | None = None


@dataclass(frozen=True, slots=True)
class Interview:
    on: date
    post: ProjectPost
    issue: int | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    on: date
    stage: EvaluationStage
    evaluator: str


@dataclass(frozen=True, slots=True)
class Published:
    on: date
    place: str
    until: date


@dataclass(frozen=True, slots=True)
class Asset:
    """How what a component left behind is used, and since when; ``use`` is ``as_built`` where nobody saw anything else."""

    component: int
    use: AssetUse
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """``done``: of each component, by number. ``hands``: accounts that entered the draft. ``gate_on``: day on which its stage was
    reached, before which no further step is dated."""

    project_id: UUID
    division: str
    kind: str
    title: str
    plan: str
    item: str
    components: tuple[Component, ...]
    gaps: tuple[Gap, ...]
    total: Decimal | None
    same_works: tuple[SameWork, ...]
    drafted_on: date
    gate_on: date
    hands: tuple[str, ...]
    serves: tuple[Serves, ...] = ()
    stage: ProjectStage = ProjectStage.DRAFT
    plan_year: int | None = None
    planned_on: date | None = None
    chartered_on: date | None = None
    baseline_on: date | None = None
    applications: tuple[FundingApplication, ...] = ()
    charter: Charter | None = None
    done: Mapping[int, Decimal] = field(default_factory=dict)
    inspections: tuple[Inspection, ...] = ()
    issues: tuple[Issue, ...] = ()
    interviews: tuple[Interview, ...] = ()
    accepted_on: date | None = None
    published: Published | None = None
    evaluations: tuple[Evaluation, ...] = ()
    closed_on: date | None = None
    assets: tuple[Asset, ...] = ()

    @property
    def open_issues(self) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.issues if issue.rectified_on is None)

    @property
    def open_applications(self) -> tuple[FundingApplication, ...]:
        return tuple(each for each in self.applications if each.decided_on is None)

    @property
    def cost(self) -> Decimal:
        """Yuan, of the components that have one."""
        return sum((c.cost for c in self.components if c.cost is not None), NOTHING)

    @property
    def deadline(self) -> date | None:
        return max((c.deadline for c in self.components if c.deadline is not None), default=None)

    def component(self, number: int) -> Component | None:
        return next((each for each in self.components if each.component == number), None)

    def missing(self) -> Mapping[int, Decimal]:
        """Component → what it lacks, in its own unit; nothing where all is done."""
        return {
            c.component: c.quantity.amount - done
            for c in self.components
            if c.quantity is not None and (done := self.done.get(c.component, NOTHING)) < c.quantity.amount
        }

    def late(self, today: date) -> tuple[int, ...]:
        """Numbers of the components whose deadline is over, of a project that was planned and not yet accepted."""
        if not self.reached(ProjectStage.PLANNED) or self.reached(ProjectStage.ACCEPTED):
            return ()
        missing = self.missing()
        over = [c for c in self.components if c.deadline is not None and c.deadline < today]
        return tuple(c.component for c in over if c.quantity is None or c.component in missing)

    def reached(self, stage: ProjectStage) -> bool:
        """Whether it came at least so far; a withdrawn project came nowhere."""
        return self.stage is not ProjectStage.WITHDRAWN and ORDER[self.stage] >= ORDER[stage]


def fold(timeline: Iterable[Recorded]) -> Project | None:
    """The project at the end of a timeline, or ``None`` where it was not yet drafted or known."""
    project: Project | None = None
    for recorded in timeline:
        project = step(project, recorded.fact)
    return project


def step(project: Project | None, fact: Fact) -> Project | None:
    """The project after one more fact of its timeline."""
    if isinstance(fact, ProjectDrafted):
        return _drafted(project, fact)
    if project is None or not isinstance(fact, facts.ProjectFact):
        return project
    after = evolve(project, fact)
    return after if after.stage is project.stage else replace(after, gate_on=fact.effective_on)


def _drafted(before: Project | None, fact: ProjectDrafted) -> Project:
    hands = () if before is None else before.hands
    return Project(
        project_id=fact.project_id, division=fact.division, kind=fact.kind, title=fact.title, plan=fact.plan, item=fact.item,
        components=fact.components, gaps=fact.gaps, total=fact.total, same_works=fact.same_works,
        drafted_on=fact.effective_on if before is None else before.drafted_on, gate_on=fact.effective_on,
        hands=tuple(dict.fromkeys((*hands, fact.entered_by))),
        baseline_on=None if before is None else before.baseline_on,
        applications=() if before is None else before.applications,
        serves=fact.serves if isinstance(fact, ProjectDraftedServing) else (),
    )  # fmt: skip


def evolve(project: Project, fact: facts.ProjectFact) -> Project:
    """The project after one more fact."""
    match fact:
        case facts.ProjectListed():
            return replace(project, stage=ProjectStage.LISTED)
        case facts.ProjectPlanned(year=year):
            planned = replace(project, stage=ProjectStage.PLANNED, plan_year=year)
            return replace(planned, planned_on=fact.effective_on)
        case facts.BaselineSurveyed():
            return replace(project, baseline_on=fact.effective_on)
        case facts.ProjectChartered():
            charter = Charter(fact.owner, fact.leader, fact.goal, fact.starts_on, fact.budget, fact.beneficiaries)
            chartered = replace(project, stage=ProjectStage.CHARTERED, charter=charter)
            return replace(chartered, chartered_on=fact.effective_on)
        case facts.ProjectOwnerSucceeded(post=post, label=label):
            return _succeeded(project, post, label)
        case facts.ComponentProgressReported(component=number, quantity=quantity):
            return replace(project, done={**project.done, number: quantity.amount})
        case facts.ProjectAccepted():
            return replace(project, stage=ProjectStage.ACCEPTED, accepted_on=fact.effective_on)
        case facts.AcceptanceResultPublished(place=place, until=until):
            return replace(project, stage=ProjectStage.PUBLISHED, published=Published(fact.effective_on, place, until))
        case facts.ProjectClosed():
            return replace(project, stage=ProjectStage.CLOSED, closed_on=fact.effective_on)
        case facts.ProjectWithdrawn():
            return replace(project, stage=ProjectStage.WITHDRAWN, closed_on=fact.effective_on)
    return _supervised(project, fact)


def _supervised(project: Project, fact: facts.ProjectFact) -> Project:
    match fact:
        case facts.ProjectEvaluated(stage=stage, evaluator=evaluator):
            evaluated = replace(
                project, evaluations=(*project.evaluations, Evaluation(fact.effective_on, stage, evaluator))
            )
            return replace(evaluated, stage=ProjectStage.EVALUATED) if stage is EvaluationStage.FINAL else evaluated
        case facts.AssetUseObserved(component=number, use=use):
            others = tuple(a for a in project.assets if a.component != number)
            return replace(project, assets=(*others, Asset(number, use, fact.effective_on)))
        case facts.ProjectFundingApplied() as told:
            applied = FundingApplication(told.application, told.origin, told.applied_to, told.asked, told.effective_on)
            return replace(project, applications=(*project.applications, applied))
        case facts.ProjectFundingDecided() as told:
            return replace(project, applications=tuple(decided(each, told) for each in project.applications))
        case facts.ProjectInspected(hidden=hidden, passed=passed):
            return replace(project, inspections=(*project.inspections, Inspection(fact.effective_on, hidden, passed)))
        case facts.ProjectIssueFound(issue=number, content=content, due_on=due_on):
            return replace(project, issues=(*project.issues, Issue(number, content, fact.effective_on, due_on)))
        case facts.ProjectIssueRectified(issue=number):
            rectified = (replace(i, rectified_on=fact.effective_on) if i.issue == number else i for i in project.issues)
            return replace(project, issues=tuple(rectified))
        case facts.ResponsibleInterviewed(post=post, issue=issue):
            return replace(project, interviews=(*project.interviews, Interview(fact.effective_on, post, issue)))
    return project


def _succeeded(project: Project, post: ProjectPost, label: str) -> Project:
    if project.charter is None:
        return project
    owner = label if post is ProjectPost.OWNER else project.charter.owner
    leader = label if post is ProjectPost.LEADER else project.charter.leader
    return replace(project, charter=replace(project.charter, owner=owner, leader=leader))


_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder = msgspec.json.Decoder(Project)


def project_to_json(project: Project) -> str:
    """The project as its view stores it."""
    return _encoder.encode(project).decode()


def project_from_json(project_json: str) -> Project:
    """Reads what ``project_to_json`` wrote."""
    return _decoder.decode(project_json)
