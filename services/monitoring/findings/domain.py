"""What of a project is to be explained or put right. Pure. What a finding is about is a component or an issue, whose id is made of
the project's and its number."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice, pairwise
from uuid import UUID, uuid5

import msgspec

from contracts.facts import Fact, Recorded
from contracts.monitoring import projects as facts
from contracts.monitoring.projects import AssetUse, ProjectFact
from contracts.selection import timeline
from services.casework.findings.domain import CheckRule, Ground, Limits, Period
from services.casework.findings.projection import UNTIL_CHANGED
from services.monitoring.projects.evaluations import Evaluated, evaluated_periods, periods
from services.monitoring.projects.state import Project, ProjectStage, fold

KEY = "projects"
"""Of the documents of these rules."""
MOST_PERIODS = 100
"""Of works that never end so many are looked at."""


class ProjectCheck(StrEnum):
    COMPONENT_LATE = "project_component_late"
    ISSUE_OVERDUE = "project_issue_overdue"
    ASSET_IDLE = "project_asset_idle"
    ASSET_USED_OTHERWISE = "project_asset_used_otherwise"
    SAME_WORK_TWICE = "project_same_work_twice"
    EVALUATION_MISSING = "project_evaluation_missing"


class DueItem(msgspec.Struct, frozen=True, array_like=True):
    """A component that is not done, or an issue that is not put right."""

    id: UUID
    content: str
    due_on: date


class MisusedAsset(msgspec.Struct, frozen=True, array_like=True):
    id: UUID
    content: str
    use: AssetUse


class SameWorkSeen(msgspec.Struct, frozen=True, array_like=True):
    id: UUID
    content: str
    other: UUID
    done: bool


class WorksUnderWay(msgspec.Struct, frozen=True, array_like=True):
    """``ended``: when they were accepted; ``evaluated``: days of the reports filed on the way."""

    project: UUID
    began: date
    ended: date | None
    evaluated: tuple[date, ...]


class CheckedProject(msgspec.Struct, frozen=True, array_like=True):
    """``components``: of a project that is planned and not accepted."""

    division: str
    components: tuple[DueItem, ...]
    issues: tuple[DueItem, ...]
    assets: tuple[MisusedAsset, ...]
    same_works: tuple[SameWorkSeen, ...]
    works: WorksUnderWay | None = None


def reads(fact: Fact) -> bool:
    """Whether a fact that annuls nothing can change what is checked."""
    return isinstance(fact, ProjectFact)


def checked(project: Project) -> CheckedProject:
    contents = {c.component: c.content for c in project.components}
    missing = project.missing()
    under_way = project.reached(ProjectStage.PLANNED) and not project.reached(ProjectStage.ACCEPTED)

    def part(number: int) -> UUID:
        return uuid5(project.project_id, f"component {number}")

    return CheckedProject(
        project.division,
        tuple(
            DueItem(part(c.component), c.content, c.deadline)
            for c in project.components
            if under_way and c.deadline is not None and (c.quantity is None or c.component in missing)
        ),
        tuple(
            DueItem(uuid5(project.project_id, f"issue {i.issue}"), i.content, i.due_on)
            for i in project.open_issues
            if project.stage is not ProjectStage.WITHDRAWN
        ),
        tuple(
            MisusedAsset(part(a.component), contents.get(a.component, ""), a.use)
            for a in project.assets
            if a.use is not AssetUse.AS_BUILT
        ),
        () if project.stage is ProjectStage.WITHDRAWN else tuple(_same_works(project, contents)),
        _works(project),
    )


def _works(project: Project) -> WorksUnderWay | None:
    if project.charter is None or project.stage is ProjectStage.WITHDRAWN:
        return None
    on_the_way = tuple(e.on for e in project.evaluations if e.stage is facts.EvaluationStage.STAGE)
    return WorksUnderWay(project.project_id, project.charter.starts_on, project.accepted_on, on_the_way)


def _same_works(project: Project, contents: Mapping[int, str]) -> Iterator[SameWorkSeen]:
    """Each pair once: what another planned and has done is done."""
    done = {(s.component, s.other) for s in project.same_works if s.done}
    for number, other in dict.fromkeys((s.component, s.other) for s in project.same_works):
        id_ = uuid5(project.project_id, f"component {number} as of {other}")
        yield SameWorkSeen(id_, contents.get(number, ""), other, (number, other) in done)


def periods_of(_: UUID, of_project: Sequence[Recorded]) -> list[Period[CheckedProject]]:
    """A slice of transaction time per fact; in each, a period of valid time from day to day."""
    ordered = sorted(of_project, key=lambda r: r.position)
    ends = [*(r.recorded_at for r in ordered[1:]), UNTIL_CHANGED]
    return [
        Period(value, first, end, recorded.recorded_at, until)
        for number, (recorded, until) in enumerate(zip(ordered, ends, strict=True), start=1)
        if until > recorded.recorded_at
        for first, end, value in _over_days(ordered[:number])
    ]


def now_of(_: UUID, of_project: Sequence[Recorded]) -> CheckedProject | None:
    """After all of these facts."""
    project = fold(timeline(of_project))
    return None if project is None else checked(project)


def _over_days(known: Sequence[Recorded]) -> Iterator[tuple[date, date, CheckedProject]]:
    standing = list(timeline(known))
    days = sorted({r.fact.effective_on for r in standing})
    for first, end in pairwise((*days, date.max)):
        project = fold([r for r in standing if r.fact.effective_on <= first])
        if project is not None:
            yield first, end, checked(project)


def _late(project: CheckedProject, day: date, _: Limits) -> Iterator[Ground]:
    return _overdue(project.components, day)


def _issue_overdue(project: CheckedProject, day: date, _: Limits) -> Iterator[Ground]:
    return _overdue(project.issues, day)


def _overdue(items: Iterable[DueItem], day: date) -> Iterator[Ground]:
    for each in items:
        if day > each.due_on:
            yield Ground((each.id,), {"content": each.content, "due_on": each.due_on.isoformat()})


def _asset_idle(project: CheckedProject, _: date, __: Limits) -> Iterator[Ground]:
    return _misused(project, AssetUse.IDLE)


def _asset_used_otherwise(project: CheckedProject, _: date, __: Limits) -> Iterator[Ground]:
    return _misused(project, AssetUse.CHANGED)


def _misused(project: CheckedProject, use: AssetUse) -> Iterator[Ground]:
    for each in project.assets:
        if each.use is use:
            yield Ground((each.id,), {"content": each.content})


def _same_work_twice(project: CheckedProject, _: date, __: Limits) -> Iterator[Ground]:
    for each in project.same_works:
        yield Ground((each.id,), {"content": each.content, "other": str(each.other), "done": str(each.done).lower()})


def _evaluation_missing(project: CheckedProject, day: date, limits: Limits) -> Iterator[Ground]:
    for due, period in _evaluations(project, day, limits):
        if period.filed_on is None and due < day:
            assert project.works is not None
            about = uuid5(project.works.project, f"evaluation {period.last}")
            yield Ground((about,), {"over_on": period.last.isoformat(), "yearly": str(period.yearly).lower()})


def _evaluations(project: CheckedProject, day: date, limits: Limits) -> Iterator[tuple[date, Evaluated]]:
    """The last day on which each is to be filed, and what it is about."""
    if (works := project.works) is not None:
        within = timedelta(limits["filed_within_days"])
        for period in evaluated_periods(works.began, works.ended, works.evaluated, limits["every_months"], day):
            yield period.last + within, period


def _evaluation_turns(project: CheckedProject, limits: Limits) -> list[date]:
    works, within = project.works, timedelta(limits["filed_within_days"] + 1)
    if works is None:
        return []
    return [last + within for last in islice(periods(works.began, works.ended, limits["every_months"]), MOST_PERIODS)]


def _evaluates(_: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, facts.ProjectChartered | facts.ProjectEvaluated | facts.ProjectAccepted)


def _component_turns(project: CheckedProject, _: Limits) -> list[date]:
    return [each.due_on + timedelta(1) for each in project.components]


def _issue_turns(project: CheckedProject, _: Limits) -> list[date]:
    return [each.due_on + timedelta(1) for each in project.issues]


def _drafts(_: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, facts.ProjectDrafted)


def _drafts_or_reports(_: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, facts.ProjectDrafted | facts.ProjectPlanned | facts.ComponentProgressReported)


def _finds_issue(about: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, facts.ProjectIssueFound) and uuid5(fact.project_id, f"issue {fact.issue}") in about


def _observes(about: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, facts.AssetUseObserved) and uuid5(fact.project_id, f"component {fact.component}") in about


RULES: Mapping[str, CheckRule[CheckedProject]] = {
    rule.code: rule
    for rule in (
        CheckRule(ProjectCheck.COMPONENT_LATE, _late, _drafts_or_reports, turns=_component_turns),
        CheckRule(ProjectCheck.ISSUE_OVERDUE, _issue_overdue, _finds_issue, turns=_issue_turns),
        CheckRule(ProjectCheck.ASSET_IDLE, _asset_idle, _observes),
        CheckRule(ProjectCheck.ASSET_USED_OTHERWISE, _asset_used_otherwise, _observes),
        CheckRule(ProjectCheck.SAME_WORK_TWICE, _same_work_twice, _drafts),
        CheckRule(
            ProjectCheck.EVALUATION_MISSING,
            _evaluation_missing,
            _evaluates,
            limits=("every_months", "filed_within_days"),
            turns=_evaluation_turns,
        ),
    )
}
