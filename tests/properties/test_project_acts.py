"""Whatever is entered about a project and annulled, in any order: what stands has passed every gate, an annulment that is annulled
restores what was, and what was known at any instant stays."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.canonical import encode
from contracts.facts import Decision, Evidence, Fact, Recorded
from contracts.monitoring import projects as facts
from contracts.monitoring.projects import AssetUse, BudgetLine, Component, EvaluationStage, ProjectPost
from contracts.quantities import Quantity, Unit
from contracts.selection import surviving, timeline
from services.chassis.ground.refusals import Refused
from services.chassis.law.content import as_dicts, content_of
from services.monitoring.projects import domain
from services.monitoring.projects.annulments import annul, require_in_order, require_lawful
from services.monitoring.projects.kinds import KIND, ProjectKind, project_kind_from
from services.monitoring.projects.state import Project, ProjectStage, fold
from services.monitoring.service import FIRST_TEXTS
from tests.support.long_run import LONG

PROJECT, FIRST = UUID(int=9), date(2016, 1, 1)
START = datetime(2016, 1, 1, tzinfo=UTC)
PHOTO, DECIDED = (Evidence(kind="photo"),), Decision(organ="县", decided_on=FIRST, document_no="1", signer="组长")
KM = Unit.KILOMETRE
SPAN = 40
ACTS = (
    "plan", "baseline", "charter", "half", "done", "passed", "failed", "issue", "rectified", "interview", "succession",
    "accepted", "published", "stage", "final", "closed", "withdrawn", "idle", "annul", "annul",
)  # fmt: skip
IN_ORDER = (
    "plan", "baseline", "charter", "issue", "rectified", "done", "passed", "accepted", "published", "final", "closed", "idle",
)  # fmt: skip

Drawn = tuple[str, int, float]
"""What is entered, how many days before that day it was true, and a place among what stands."""
days_before = st.sampled_from([0, 0, 0, 1, 3])
drawn_acts = st.tuples(st.sampled_from(ACTS), days_before, st.floats(0, 0.999))


@st.composite
def stories(draw: st.DrawFn) -> list[Drawn]:
    """The road to some gate, with anything strewn in between and behind."""
    road: list[Drawn] = [(act, 0, 0.0) for act in IN_ORDER[: draw(st.integers(0, len(IN_ORDER)))]]
    for each in draw(st.lists(drawn_acts, max_size=8)):
        road.insert(draw(st.integers(0, len(road))), each)
    return road


def roads() -> ProjectKind:
    (found,) = (p for p in FIRST_TEXTS.proposals if p.kind == KIND and p.key == "roads")
    return project_kind_from(as_dicts(content_of(found.content)))


ROADS = roads()


def recorded(fact: Fact, number: int) -> Recorded:
    at = START + timedelta(hours=number)
    return Recorded("monitoring", number, f"project-{PROJECT}", number, at, UUID(int=number), "a", fact, encode(fact))


def listed() -> list[Recorded]:
    """A road of 3 km in the library."""
    common: dict[str, Any] = {"project_id": PROJECT, "effective_on": FIRST, "entered_by": "a"}
    road = Component(
        component=1, content="村道", quantity=Quantity(amount=Decimal("3.000"), unit=KM), place="村", deadline=date(2016, 12, 31),
        cost=Decimal("900000.00"),
    )  # fmt: skip
    drafted = facts.ProjectDrafted(
        **common, division="990001101201", kind="roads", title="村道", plan="2016", item="W1", components=(road,)
    )
    return [recorded(drafted, 1), recorded(facts.ProjectListed(**common, case_id=UUID(int=1)), 2)]


def decided(act: str, common: dict[str, Any], project: Project, log: list[Recorded], today: date) -> list[Fact]:
    """What the domain appends. Raises ``Refused``."""
    match act:
        case "plan":
            return domain.plan(facts.ProjectPlanned(**common, year=2016, decision=DECIDED), project, today)
        case "baseline":
            return domain.survey(facts.BaselineSurveyed(**common, evidence=PHOTO), project, today)
        case "charter":
            budget = (BudgetLine(source="中央", level=None, amount=Decimal("900000.00")),)
            chartered = facts.ProjectChartered(
                **common, owner="副镇长", leader="镇长", goal="通路", starts_on=common["effective_on"], budget=budget,
                decision=DECIDED,
            )  # fmt: skip
            return domain.charter(chartered, project, ROADS, (), today)
        case "half" | "done":
            amount = Decimal("1.500" if act == "half" else "3.000")
            report = facts.ComponentProgressReported(**common, component=1, quantity=Quantity(amount=amount, unit=KM))
            return domain.report(report, project, log, today)
        case "passed" | "failed":
            seen = facts.ProjectInspected(**common, hidden=True, passed=act == "passed", evidence=PHOTO)
            return domain.inspect(seen, project, today)
        case "issue":
            found = facts.ProjectIssueFound(**common, issue=0, content="厚度不足", due_on=today)
            return domain.find_issue(found, project, today)
        case "rectified":
            number = project.open_issues[0].issue if project.open_issues else 1
            put_right = facts.ProjectIssueRectified(**common, issue=number, evidence=PHOTO)
            return domain.rectify(put_right, project, today)
    return decided_later(act, common, project, today)


def decided_later(act: str, common: dict[str, Any], project: Project, today: date) -> list[Fact]:
    match act:
        case "interview":
            return domain.interview(facts.ResponsibleInterviewed(**common, post=ProjectPost.OWNER), project, today)
        case "succession":
            followed = facts.ProjectOwnerSucceeded(**common, post=ProjectPost.OWNER, label=f"第{today}任")
            return domain.succeed(followed, project, today)
        case "accepted":
            domain.require_acceptable(project, ROADS)
            return [facts.ProjectAccepted(**{**common, "effective_on": today}, case_id=UUID(int=2))]
        case "published":
            shown = facts.AcceptanceResultPublished(**common, place="公开栏", until=today, evidence=PHOTO)
            return domain.publish(shown, project, today)
        case "stage" | "final":
            judged = facts.ProjectEvaluated(**common, stage=EvaluationStage(act), evaluator="县", evidence=PHOTO)
            return domain.evaluate(judged, project, today)
        case "closed":
            return domain.close(facts.ProjectClosed(**common), project, ROADS, None, today)
        case "withdrawn":
            return domain.withdraw(facts.ProjectWithdrawn(**common, reason="停建"), project, today)
    seen = facts.AssetUseObserved(**common, component=1, use=AssetUse.IDLE, evidence=PHOTO)
    return domain.observe(seen, project, ROADS, today)


def annulment(wrong: Sequence[str], on: date) -> facts.ProjectActsAnnulled:
    return facts.ProjectActsAnnulled(
        project_id=PROJECT, effective_on=on, entered_by="a", reason="误填", annuls=tuple(wrong)
    )


def entered(story: Sequence[Drawn]) -> list[Recorded]:
    """What of a story was accepted, told day by day."""
    log = listed()
    for n, (act, before, place) in enumerate(story):
        today = FIRST + timedelta(days=n + 4)
        project = domain.require_known(log)
        common = {"project_id": PROJECT, "effective_on": today - timedelta(days=before), "entered_by": "a"}
        try:
            if act == "annul":
                standing = [r.id for r in surviving(log)[2:]]
                if not standing:
                    continue
                new = annul(annulment([standing[int(place * len(standing))]], today), log, ROADS, None, today)
            else:
                new = decided(act, common, project, log, today)
                for fact in new:
                    require_in_order([*log, recorded(fact, len(log) + 1)], ROADS)
        except Refused:
            continue
        log += [recorded(fact, len(log) + 1 + k) for k, fact in enumerate(new)]
    return log


@settings(deadline=None, max_examples=1000 if LONG else 20)
@given(stories())
def test_what_stands_has_passed_every_gate_and_what_was_known_stays(story: list[Drawn]) -> None:
    log = entered(story)
    for then in log[1:]:
        instant = then.recorded_at + timedelta(seconds=1)
        known = [r for r in log if r.recorded_at < instant]
        require_lawful(timeline(known), ROADS)
        for day in (FIRST + timedelta(days=n) for n in range(0, SPAN, 8)):
            assert fold(timeline(log, as_of=day, known_at=instant)) == fold(timeline(known, as_of=day))


@settings(deadline=None, max_examples=200 if LONG else 12)
@given(stories(), st.floats(0, 0.999))
def test_an_annulment_that_is_annulled_restores_what_was(story: list[Drawn], place: float) -> None:
    log, today = entered(story), FIRST + timedelta(days=SPAN)
    before, standing = fold(timeline(log)), [r.id for r in surviving(log)[2:]]
    if not standing:
        return
    try:
        # With an act go all that were entered after it, but for what a case decided.
        chosen = standing[int(place * len(standing)) :]
        decided_by_case = {r.id for r in log if isinstance(r.fact, facts.ProjectAccepted)}
        (void,) = annul(annulment([c for c in chosen if c not in decided_by_case], today), log, ROADS, None, today)
    except Refused:
        return
    log.append(recorded(void, len(log) + 1))
    (restored,) = annul(annulment([log[-1].id], today), log, ROADS, None, today)
    log.append(recorded(restored, len(log) + 1))
    assert fold(timeline(log)) == before


def test_the_whole_road_goes_through() -> None:
    closed = fold(timeline(entered([(act, 0, 0.0) for act in IN_ORDER])))
    assert closed is not None
    assert (closed.stage, closed.assets[0].use) == (ProjectStage.CLOSED, AssetUse.IDLE)


def refusal_of(log: list[Recorded], types: tuple[type[Fact], ...]) -> tuple[str, Any]:
    """Why the acts of these types alone are not annulled."""
    wrong = [r.id for r in surviving(log) if isinstance(r.fact, types)]
    with pytest.raises(Refused) as no:
        annul(annulment(wrong, FIRST + timedelta(days=SPAN)), log, ROADS, None, FIRST + timedelta(days=SPAN))
    return no.value.rule.code, no.value.facts["facts"]


def test_an_issue_is_annulled_with_its_rectification_and_an_observed_use_by_itself() -> None:
    log = entered([(act, 0, 0.0) for act in IN_ORDER[: IN_ORDER.index("done")]])
    put_right = next(r.id for r in log if isinstance(r.fact, facts.ProjectIssueRectified))
    assert refusal_of(log, (facts.ProjectIssueFound,)) == ("project_later_step_rests_on_it", [put_right])
    both = [r.id for r in log if isinstance(r.fact, facts.ProjectIssueFound | facts.ProjectIssueRectified)]
    (void,) = annul(annulment(both, FIRST + timedelta(days=SPAN)), log, ROADS, None, FIRST + timedelta(days=SPAN))
    project = fold(timeline([*log, recorded(void, len(log) + 1)]))
    assert project is not None
    assert project.issues == ()
    whole = entered([(act, 0, 0.0) for act in IN_ORDER])
    # The issue was open until the rectification: without that alone the works could not have been accepted.
    code, rests = refusal_of(whole, (facts.ProjectIssueRectified,))
    accepted = [r.id for r in whole if isinstance(r.fact, facts.ProjectAccepted)]
    assert (code, rests) == ("project_later_step_rests_on_it", accepted)
    seen = [r.id for r in whole if isinstance(r.fact, facts.AssetUseObserved)]
    (void,) = annul(annulment(seen, FIRST + timedelta(days=SPAN)), whole, ROADS, None, FIRST + timedelta(days=SPAN))
    project = fold(timeline([*whole, recorded(void, len(whole) + 1)]))
    assert project is not None
    assert (project.stage, project.assets) == (ProjectStage.CLOSED, ())


@pytest.mark.parametrize(
    ("story", "stage"),
    [
        (["plan", "", "", "baseline", "charter"], ProjectStage.PLANNED),
        (["plan", "baseline", "charter", "", "", "half", "withdrawn"], ProjectStage.CHARTERED),
    ],
)
def test_a_step_dated_before_what_it_rests_on_or_before_what_it_forbids_is_not_taken(
    story: list[str], stage: ProjectStage
) -> None:
    """Three days before is refused, and the day itself taken: else nothing of the project could be annulled any more."""

    def after(days: int) -> ProjectStage:
        last = len(story) - 1
        told = [(act or "idle", days if n == last else 0, 0.0) for n, act in enumerate(story)]
        project = fold(timeline(entered(told)))
        assert project is not None
        return project.stage

    assert after(3) is stage
    assert after(0) is not stage
    assert after(1) is not stage


def test_nothing_is_done_before_the_works_start() -> None:
    """Half-years of works are counted from there: the day before, the day."""
    log = entered([(act, 0, 0.0) for act in IN_ORDER[:3]])
    project = fold(timeline(log))
    assert project is not None
    assert project.charter is not None
    starts_on = project.charter.starts_on + timedelta(days=5)
    later = replace(project, charter=replace(project.charter, starts_on=starts_on))

    def report(on: date) -> list[Fact]:
        common = {"project_id": PROJECT, "effective_on": on, "entered_by": "a"}
        return decided("done", common, later, log, starts_on)

    with pytest.raises(Refused) as refused:
        report(starts_on - timedelta(days=1))
    assert (refused.value.rule.code, refused.value.facts["since"]) == ("project_day_too_early", starts_on)
    assert len(report(starts_on)) == 1
