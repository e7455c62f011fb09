"""Answers about projects."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.facts import Recorded
from contracts.monitoring.projects import (
    AssetUse,
    Component,
    EvaluationStage,
    FundingOrigin,
    GapField,
    GapKind,
    ProjectPost,
)
from contracts.quantities import Unit
from contracts.registry.divisions import Level
from services.casework.fact_forms import PlainDecimal
from services.casework.standing_facts import StandingFactAnswer
from services.monitoring.projects.state import NOTHING, Project, ProjectStage


class _FromState(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class QuantityAnswer(_FromState):
    amount: PlainDecimal
    unit: Unit


class ProjectOwnerAnswer(_FromState):
    label: str
    owner_note: str | None


class ComponentAnswer(_FromState):
    """``done``: in the unit of its quantity; ``households``, ``persons``: whom it serves, where the paper says so."""

    component: int
    content: str
    quantity: QuantityAnswer | None
    each: QuantityAnswer | None
    place: str | None
    deadline: date | None
    owners: list[ProjectOwnerAnswer]
    cost: PlainDecimal | None
    done: PlainDecimal = NOTHING
    households: int | None = None
    persons: int | None = None


class GapAnswer(BaseModel):
    component: int | None
    gap_field: GapField
    gap: GapKind
    as_written: str
    with_components: list[int]


class SameWorkAnswer(BaseModel):
    """``other_title``: of a project; a target that has done the same work has none."""

    component: int
    other: UUID
    other_title: str | None
    done: bool


class BudgetLineAnswer(_FromState):
    source: str
    level: Level | None
    amount: PlainDecimal


class CharterAnswer(_FromState):
    owner: str
    leader: str
    goal: str
    starts_on: date
    budget: list[BudgetLineAnswer]
    beneficiaries: list[UUID]


class FundingApplicationAnswer(_FromState):
    """``decided_on``: left open while it waits; ``granted``: then too, and where it was refused."""

    application: int
    origin: FundingOrigin
    applied_to: str
    asked: PlainDecimal
    applied_on: date
    decided_on: date | None
    granted: PlainDecimal | None
    reason: str | None


class ProjectInspectionAnswer(_FromState):
    on: date
    hidden: bool
    passed: bool


class IssueAnswer(_FromState):
    issue: int
    content: str
    found_on: date
    due_on: date
    rectified_on: date | None


class InterviewAnswer(_FromState):
    on: date
    post: ProjectPost
    issue: int | None


class PublishedAnswer(_FromState):
    on: date
    place: str
    until: date


class EvaluationAnswer(_FromState):
    on: date
    stage: EvaluationStage
    evaluator: str


class AssetAnswer(_FromState):
    component: int
    use: AssetUse
    since: date


class ListedProjectAnswer(BaseModel):
    """A project in a list. ``cost``: yuan, of the components that have one; ``late_components``: not done by their deadlines."""

    project_id: UUID
    division: str
    project_kind: str
    stage: ProjectStage
    title: str
    plan: str
    item: str
    plan_year: int | None
    deadline: date | None
    cost: PlainDecimal
    total: PlainDecimal | None
    gaps: list[GapAnswer]
    same_works: list[SameWorkAnswer]
    open_issues: int
    late_components: list[int]

    @classmethod
    def of(cls, project: Project, today: date, titles: Mapping[UUID, str]) -> Self:
        """``titles``: of the projects that have the same works."""
        return cls(**listed_fields(project, today, titles))


class ProjectAnswer(ListedProjectAnswer):
    components: list[ComponentAnswer]
    applications: list[FundingApplicationAnswer]
    baseline_on: date | None
    charter: CharterAnswer | None
    inspections: list[ProjectInspectionAnswer]
    issues: list[IssueAnswer]
    interviews: list[InterviewAnswer]
    accepted_on: date | None
    published: PublishedAnswer | None
    evaluations: list[EvaluationAnswer]
    closed_on: date | None
    assets: list[AssetAnswer]
    history: list[StandingFactAnswer]
    as_of: date | None
    known_at: datetime | None

    @classmethod
    def of_project(
        cls, project: Project, facts: list[Recorded], as_of: date | None, known_at: datetime | None, today: date,
        titles: Mapping[UUID, str],
    ) -> Self:  # fmt: skip
        components = [_component(project, c) for c in project.components]
        copied = {
            name: getattr(project, name) for name in ("baseline_on", "charter", "accepted_on", "published", "closed_on")
        }
        lists = {
            name: list(getattr(project, name))
            for name in ("applications", "inspections", "issues", "interviews", "evaluations", "assets")
        }
        return cls.model_validate(
            {
                **listed_fields(project, as_of or today, titles), **copied, **lists, "components": components,
                "history": StandingFactAnswer.of_all(facts),
                "as_of": as_of, "known_at": known_at,
            },
            from_attributes=True,
        )  # fmt: skip


def _component(project: Project, component: Component) -> ComponentAnswer:
    serves = next((s for s in project.serves if s.component == component.component), None)
    known = {
        "done": project.done.get(component.component, NOTHING), "households": serves and serves.households,
        "persons": serves and serves.persons,
    }  # fmt: skip
    return ComponentAnswer.model_validate(component).model_copy(update=known)


def listed_fields(project: Project, today: date, titles: Mapping[UUID, str]) -> dict[str, object]:
    copied = ("project_id", "division", "stage", "title", "plan", "item", "plan_year", "deadline", "cost", "total")
    gaps = [
        GapAnswer(
            component=g.component, gap_field=g.field, gap=g.kind, as_written=g.as_written,
            with_components=list(g.with_components),
        )
        for g in project.gaps
    ]  # fmt: skip
    return {
        **{name: getattr(project, name) for name in copied},
        "project_kind": project.kind,
        "gaps": gaps,
        "same_works": [
            SameWorkAnswer(component=s.component, other=s.other, other_title=titles.get(s.other), done=s.done)
            for s in project.same_works
        ],
        "open_issues": len(project.open_issues),
        "late_components": list(project.late(today)),
    }
