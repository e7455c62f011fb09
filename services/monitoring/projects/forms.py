"""Requests about projects. Nothing in a project is personal: owners are posts, households are ids."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.monitoring import projects as facts
from contracts.monitoring.projects import (
    AssetUse,
    BudgetLine,
    Component,
    EvaluationStage,
    FundingOrigin,
    Gap,
    GapField,
    GapKind,
    ProjectDrafted,
    ProjectDraftedServing,
    ProjectPost,
    Serves,
)
from contracts.monitoring.targets import Owner
from contracts.quantities import Quantity, Unit
from contracts.registry.divisions import Level
from services.casework.fact_forms import (
    Code,
    Day,
    Division,
    FactForm,
    Label,
    LongText,
    PositiveAmount,
    ProgressAmount,
    ShortText,
)
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.web.payloads import Body
from services.monitoring.money_forms import MoneyForm

Number = Annotated[int, Field(ge=1, le=200, examples=[1])]
Served = Annotated[int, Field(ge=1, le=1_000_000_000, examples=[230])]
KindKey = Annotated[str, Field(pattern=rf"^{KEY_PATTERN}$", examples=["roads"])]


class AmountForm(Body):
    """A quantity names its unit."""

    amount: PositiveAmount
    unit: Unit

    @property
    def quantity(self) -> Quantity:
        return Quantity(amount=self.amount, unit=self.unit)


class ProjectOwnerForm(Body):
    label: Label
    owner_note: LongText | None = None


class ComponentForm(Body):
    """What the paper does not say is left out here and listed among the gaps. ``each``: the size of one of the counted;
    ``households``, ``persons``: whom it serves, two figures."""

    component: Number
    content: LongText
    quantity: AmountForm | None = None
    each: AmountForm | None = None
    place: LongText | None = None
    deadline: Day | None = None
    owners: tuple[ProjectOwnerForm, ...] = Field(default=(), max_length=20)
    cost: MoneyForm | None = None
    households: Served | None = None
    persons: Served | None = None

    @property
    def serves(self) -> Serves | None:
        if self.households is None and self.persons is None:
            return None
        return Serves(component=self.component, households=self.households, persons=self.persons)

    def component_of_draft(self) -> Component:
        return Component(
            component=self.component, content=self.content, quantity=None if self.quantity is None else self.quantity.quantity,
            each=None if self.each is None else self.each.quantity, place=self.place, deadline=self.deadline,
            owners=tuple(Owner(label=o.label, owner_note=o.owner_note) for o in self.owners),
            cost=None if self.cost is None else self.cost.yuan,
        )  # fmt: skip


class GapForm(Body):
    """``component``: left out where it concerns them all; ``as_written``: what the paper says instead."""

    component: Number | None = None
    gap_field: GapField
    gap: GapKind
    as_written: LongText
    with_components: tuple[Number, ...] = Field(default=(), max_length=40)

    def gap_of_draft(self) -> Gap:
        return Gap(
            component=self.component, field=self.gap_field, kind=self.gap, as_written=self.as_written,
            with_components=self.with_components,
        )  # fmt: skip


class DraftForm(FactForm):
    """The whole draft. ``total``: as the paper adds it up; ``cost_confirmed``: small sums were looked at and are yuan indeed."""

    division: Division
    project_kind: KindKey
    title: LongText
    plan: ShortText
    item: Code
    components: tuple[ComponentForm, ...] = Field(max_length=60)
    gaps: tuple[GapForm, ...] = Field(default=(), max_length=200)
    total: MoneyForm | None = None
    cost_confirmed: bool = False

    def fact(self, project_id: UUID, by: str) -> ProjectDrafted:
        return ProjectDraftedServing(
            project_id=project_id, division=self.division, kind=self.project_kind, title=self.title, plan=self.plan,
            item=self.item, components=tuple(c.component_of_draft() for c in self.components),
            gaps=tuple(g.gap_of_draft() for g in self.gaps), total=None if self.total is None else self.total.yuan,
            serves=tuple(c.serves for c in self.components if c.serves is not None), **self.common(by),
        )  # fmt: skip


class PlanForm(FactForm):
    year: int = Field(ge=1990, le=2100)


class FundingApplicationForm(FactForm):
    """``applied_to``: the organ or body whose money, or project, is bid for."""

    origin: FundingOrigin
    applied_to: LongText
    asked_for: MoneyForm


class FundingDecisionForm(FactForm):
    """``granted``: left out where it was refused, for the ``reason`` then given."""

    granted: MoneyForm | None = None
    reason: LongText | None = None


class BudgetLineForm(Body):
    """``level``: left out for donors and villagers."""

    source: ShortText
    level: Level | None = None
    brought: MoneyForm


class CharterForm(FactForm):
    """立项: one owner, one supervising leader, the goal, the budget by source, the households carried along."""

    owner: Label
    leader: Label
    goal: LongText
    starts_on: Day
    budget: tuple[BudgetLineForm, ...] = Field(min_length=1, max_length=40)
    beneficiaries: tuple[UUID, ...] = Field(default=(), max_length=5000)

    def fact(self, project_id: UUID, by: str) -> facts.ProjectChartered:
        budget = tuple(BudgetLine(source=b.source, level=b.level, amount=b.brought.yuan) for b in self.budget)
        return facts.ProjectChartered(
            project_id=project_id, owner=self.owner, leader=self.leader, goal=self.goal, starts_on=self.starts_on,
            budget=budget, beneficiaries=tuple(dict.fromkeys(self.beneficiaries)), **self.common(by),
        )  # fmt: skip


class SuccessionForm(FactForm):
    post: ProjectPost
    label: Label


class ComponentProgressForm(FactForm):
    """How much of a component is done in all. ``correction``: why former reports were wrong."""

    component: Number
    amount: ProgressAmount
    unit: Unit
    correction: LongText | None = None


class ProjectInspectionForm(FactForm):
    """``hidden``: unannounced (暗访)."""

    hidden: bool
    passed: bool


class IssueForm(FactForm):
    content: LongText
    due_on: Day


class InterviewForm(FactForm):
    post: ProjectPost
    issue: Number | None = None


class ResultForm(FactForm):
    """Where the result of the acceptance is posted, and until when."""

    place: LongText
    until: Day


class EvaluationForm(FactForm):
    stage: EvaluationStage
    evaluator: LongText


class ProjectAnnulmentForm(FactForm):
    """``annuls``: ids of acts that were wrong, or of an annulment that was."""

    annuls: tuple[Annotated[str, Field(pattern=r"^monitoring/project-[0-9a-f-]{36}/[0-9]{1,9}$")], ...] = Field(
        min_length=1, max_length=100
    )
    reason: LongText


class ProjectWithdrawalForm(FactForm):
    reason: LongText


class AssetUseForm(FactForm):
    component: Number
    use: AssetUse
