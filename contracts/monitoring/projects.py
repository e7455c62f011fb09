"""Facts about projects, from the first draft to the assets that remain. Stream ``project-<uuid>``.

The library comes before the charter: what a paper leaves open is listed as a gap and keeps a draft out of it. What a case
brings about (entry into the library, acceptance) names the case.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Fact, published
from contracts.monitoring.targets import Owner
from contracts.quantities import Quantity, Yuan
from contracts.registry.divisions import Level


class GapField(StrEnum):
    """What of a component, or of the whole draft, its paper leaves open."""

    QUANTITY = "quantity"
    PLACE = "place"
    DEADLINE = "deadline"
    OWNER = "owner"
    COST = "cost"
    SERVES = "serves"


class GapKind(StrEnum):
    """``UNKNOWN``: "?" or nothing; ``TRUNCATED``: a name or text that is cut off; ``RATIO``: no amount but a proportion, 7 : 1;
    ``AT_LEAST``: a floor or an estimate, 600+; ``CONFLICT``: two amounts for the same thing; ``JOINT``: one sum for several."""

    UNKNOWN = "unknown"
    TRUNCATED = "truncated"
    RATIO = "ratio"
    AT_LEAST = "at_least"
    CONFLICT = "conflict"
    JOINT = "joint"


class Gap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``component``: its number; ``None`` for the whole draft. ``as_written``: what the paper says instead; ``with_components``:
    those that share one sum with it."""

    component: int | None = None
    field: GapField
    kind: GapKind
    as_written: str
    with_components: tuple[int, ...] = ()


class Component(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A part of the works, numbered from 1; nothing is added up across units. ``each``: the size of one of the counted;
    ``cost``: of the whole component, in yuan."""

    component: int
    content: str
    quantity: Quantity | None = None
    each: Quantity | None = None
    place: str | None = None
    deadline: date | None = None
    owners: tuple[Owner, ...] = ()
    cost: Yuan | None = None


class SameWork(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A component is the same work as what this other one plans, or what a target or project has done already."""

    component: int
    other: UUID
    done: bool


class BudgetLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What one level of government, or another source, is to bring (匹配资金). ``level``: ``None`` for donors and villagers."""

    source: str
    level: Level | None
    amount: Yuan


class Serves(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """How many households and persons a component serves: two figures, neither derived from the other; ``None`` where the paper
    has only the other one."""

    component: int
    households: int | None = None
    persons: int | None = None


class ProjectFact(Fact, frozen=True, kw_only=True):
    """A fact of one project."""

    project_id: UUID


@published("ProjectDrafted")
class ProjectDrafted(ProjectFact, frozen=True, kw_only=True):
    """A project is proposed, or drafted anew: each draft is the whole one. ``kind``: key of the document that says how projects
    of the kind run; ``plan`` and ``item``: of the paper it stands in; ``total``: as the paper adds it up."""

    division: str
    kind: str
    title: str
    plan: str
    item: str
    components: tuple[Component, ...]
    gaps: tuple[Gap, ...] = ()
    total: Yuan | None = None
    same_works: tuple[SameWork, ...] = ()


@published("ProjectDrafted", 2)
class ProjectDraftedServing(ProjectDrafted, frozen=True, kw_only=True):
    """As the first version, and whom its components serve."""

    serves: tuple[Serves, ...] = ()


@published("ProjectListed")
class ProjectListed(ProjectFact, frozen=True, kw_only=True):
    """It is in the library (入库): argued for and decided on, by this case."""

    case_id: UUID


@published("ProjectPlanned")
class ProjectPlanned(ProjectFact, frozen=True, kw_only=True):
    """It is in the plan of a year (年度实施计划), by the decision named."""

    year: int


@published("BaselineSurveyed")
class BaselineSurveyed(ProjectFact, frozen=True, kw_only=True):
    """What is needed was surveyed before the charter (前期评估); the report is among the evidence."""


@published("ProjectChartered")
class ProjectChartered(ProjectFact, frozen=True, kw_only=True):
    """It may begin (立项): one owner, one supervising leader, its goal, its budget. ``beneficiaries``: households that it is to
    carry along (带贫)."""

    owner: str
    leader: str
    goal: str
    starts_on: date
    budget: tuple[BudgetLine, ...]
    beneficiaries: tuple[UUID, ...] = ()


class FundingOrigin(StrEnum):
    """Whose projects are bid for: of a level above, handed over by government (转移), of society, of bodies abroad."""

    UPPER_LEVEL = "upper_level"
    TRANSFERRED = "transferred"
    SOCIAL = "social"
    INTERNATIONAL = "international"


@published("ProjectFundingApplied")
class ProjectFundingApplied(ProjectFact, frozen=True, kw_only=True):
    """Money was applied for, or a project bid for (项目争取); numbered from 1. ``applied_to``: the organ or body."""

    application: int
    origin: FundingOrigin
    applied_to: str
    asked: Yuan


@published("ProjectFundingDecided")
class ProjectFundingDecided(ProjectFact, frozen=True, kw_only=True):
    """What became of an application: so much is granted, or, without a sum, it was refused."""

    application: int
    granted: Yuan | None
    reason: str | None = None


class ProjectPost(StrEnum):
    OWNER = "owner"
    LEADER = "leader"


@published("ProjectOwnerSucceeded")
class ProjectOwnerSucceeded(ProjectFact, frozen=True, kw_only=True):
    """Another answers for it from this day on."""

    post: ProjectPost
    label: str


@published("ComponentProgressReported")
class ComponentProgressReported(ProjectFact, frozen=True, kw_only=True):
    """So much of a component is done in all. ``correction``: why former reports were wrong; they are in ``annuls``."""

    component: int
    quantity: Quantity
    correction: str | None = None


@published("ProjectInspected")
class ProjectInspected(ProjectFact, frozen=True, kw_only=True):
    """Somebody looked at the works. ``hidden``: unannounced (暗访)."""

    hidden: bool
    passed: bool


@published("ProjectIssueFound")
class ProjectIssueFound(ProjectFact, frozen=True, kw_only=True):
    """Something is to be put right until a day; numbered from 1."""

    issue: int
    content: str
    due_on: date


@published("ProjectIssueRectified")
class ProjectIssueRectified(ProjectFact, frozen=True, kw_only=True):
    """It is put right, and the evidence shows it."""

    issue: int


@published("ResponsibleInterviewed")
class ResponsibleInterviewed(ProjectFact, frozen=True, kw_only=True):
    """Whoever answers for it was called in (约谈), about an issue where one is named."""

    post: ProjectPost
    issue: int | None = None


@published("ProjectAccepted")
class ProjectAccepted(ProjectFact, frozen=True, kw_only=True):
    """The works are accepted under supervision (验收), by this case."""

    case_id: UUID


@published("AcceptanceResultPublished")
class AcceptanceResultPublished(ProjectFact, frozen=True, kw_only=True):
    """The result of the acceptance was made public at a place, until a day."""

    place: str
    until: date


class EvaluationStage(StrEnum):
    STAGE = "stage"
    FINAL = "final"


@published("ProjectEvaluated")
class ProjectEvaluated(ProjectFact, frozen=True, kw_only=True):
    """An evaluation, of a half-year or year, or the final one; its report is filed among the evidence. ``evaluator``: the
    organ."""

    stage: EvaluationStage
    evaluator: str


@published("ProjectClosed")
class ProjectClosed(ProjectFact, frozen=True, kw_only=True):
    """Evaluated and published: nothing more is done under it (结项)."""


@published("ProjectWithdrawn")
class ProjectWithdrawn(ProjectFact, frozen=True, kw_only=True):
    """It will not be carried out, or not further."""

    reason: str


@published("ProjectActsAnnulled")
class ProjectActsAnnulled(ProjectFact, frozen=True, kw_only=True):
    """The acts named were wrong, or an annulment of some was."""

    reason: str


class AssetUse(StrEnum):
    """``CHANGED``: used for something else (改变用途); ``IDLE``: by nobody (闲置)."""

    AS_BUILT = "as_built"
    CHANGED = "changed"
    IDLE = "idle"


@published("AssetUseObserved")
class AssetUseObserved(ProjectFact, frozen=True, kw_only=True):
    """How what a component left behind is used since this day."""

    component: int
    use: AssetUse
