"""Works of the field go from the vote to the closing, each by the document of its kind; on any day they stand where they stood."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from services.monitoring.service import monitoring
from tests.monitoring.funds.money import FUNDS, Money, fund, wan
from tests.monitoring.projects.field_works import (
    CHARTERED,
    CLOSED,
    DUE,
    HALF_DONE,
    PLANNED,
    TOWNSHIP_OVER,
    WORKS,
    FieldWorks,
    proposal,
)
from tests.monitoring.projects.road import PHOTO, PROJECTS, VILLAGE, Handlers, done, refused
from tests.monitoring.registry_stub import household_recorded, record_facts, registry_stub
from tests.support.evidence import on_paper
from tests.support.running import all_items, lika

LESS_A_DAY = {TOWNSHIP_OVER: "2016-01-27", PLANNED: "2016-02-04", CHARTERED: "2016-02-29", CLOSED: "2016-10-19"}


@pytest.fixture(scope="module")
def works(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[FieldWorks]:
    folder = tmp_path_factory.mktemp("works")
    with lika([registry_stub, monitoring], module_database, folder, datetime(2016, 1, 12, 2, tzinfo=UTC)) as started:
        record_facts(started, [household_recorded(number, 3) for number in range(100)])
        carried = FieldWorks(Handlers(started))
        carried.carry_on()
        yield carried


@pytest.mark.parametrize("mechanism", WORKS)
def test_works_of_the_field_from_the_vote_to_the_closing(works: FieldWorks, mechanism: str) -> None:
    asked, said = works.h.auditor, WORKS[mechanism]
    path = works.projects[mechanism]

    def stage_on(day: str) -> str:
        return str(asked.get(path, as_of=day).json()["stage"])

    for day, before, since in (
        (TOWNSHIP_OVER, "draft", "listed"), (PLANNED, "listed", "planned"), (CHARTERED, "planned", "chartered"),
        (CLOSED, "chartered", "closed"),
    ):  # fmt: skip
        assert (stage_on(LESS_A_DAY[day]), stage_on(day)) == (before, since), day
    closed = asked.get(path).json()
    assert [(c["content"], c["quantity"]["unit"], c["done"]) for c in closed["components"]] == [
        (p.content, p.unit, p.amount) for p in said.parts
    ]
    assert [(c["households"], c["persons"]) for c in closed["components"]] == [p.serves for p in said.parts]
    assert Decimal(closed["cost"]) == 10_000 * sum(Decimal(p.cost) for p in said.parts)
    assert len(closed["charter"]["beneficiaries"]) == said.households
    assert [line["source"] for line in closed["charter"]["budget"]] == [line["source"] for line in said.budget]
    listed = asked.get(PROJECTS, project_kind=said.kind, division=VILLAGE, stage="closed", plan_year=2016).json()
    assert closed["project_id"] in {each["project_id"] for each in listed["items"]}
    for part in (closed["title"][1:4], closed["item"]):
        assert closed["project_id"] in {
            each["project_id"] for each in asked.get(PROJECTS, title=part).json()["items"]
        }, part
    assert asked.get(PROJECTS, title=f"{closed['title']}？").json()["items"] == []
    assert asked.get(path, as_of=HALF_DONE).json()["components"][0]["done"] == said.parts[0].amount


def test_what_is_not_done_on_the_day_after_its_deadline_is_late_under_its_departments_name(works: FieldWorks) -> None:
    assert works.late == {w.title: list(range(2, len(w.parts) + 1)) for w in WORKS.values() if len(w.parts) > 1}
    path = works.projects["M191"]

    def late_on(day: str) -> list[str]:
        answer = works.h.auditor.get(path, as_of=day).json()
        owners = {c["component"]: c["owners"][0]["label"] for c in answer["components"]}
        return [owners[number] for number in answer["late_components"]]

    assert (late_on(DUE), late_on("2016-09-01"), late_on(CLOSED)) == ([], ["水利局"], [])


def stands(h: Handlers, project: str, **asked: str) -> list[tuple[str, str, str]]:
    """Rule, due day and level of the owner of what was found about a project."""
    found = h.auditor.get("/monitoring/findings", subject=project.rpartition("/")[2], **asked).json()["items"]
    return [(each["rule"], each["due_by"], each["owner"]["level"]) for each in found]


def test_works_are_counted_by_place_and_month_on_any_day_as_known_on_any_other(works: FieldWorks) -> None:
    """Each stage in the month in which it was reached; what the accepted cost adds up to the works' own costs."""
    asked = works.h.auditor

    def figures(**more: str) -> dict[str, dict[str, object]]:
        answer = asked.get("/monitoring/project-figures", division=VILLAGE[:6], **more)
        assert answer.status_code == 200, answer.text
        return {each["month"]: each for each in answer.json()["items"]}

    number, costs = len(WORKS), 10_000 * sum(int(p.cost) for w in WORKS.values() for p in w.parts)
    found = figures(as_of=CLOSED)
    assert [found["2016-01"][name] for name in ("drafted", "listed")] == [number, number]
    assert [(found["2016-02"]["planned"], found["2016-03"]["chartered"])] == [(number, number)]
    october = ("accepted", "published", "evaluated", "closed", "accepted_cost")
    assert [found["2016-10"][name] for name in october] == [number] * 4 + [str(costs)]
    assert "2016-10" not in figures(as_of=LESS_A_DAY[CLOSED])
    # Not known on the last day of September, whatever day is asked about.
    assert figures(as_of=CLOSED, known_at="2016-09-30").keys() == {"2016-01", "2016-02", "2016-03"}
    one_by_one = all_items(asked, "/monitoring/project-figures", division=VILLAGE[:6], as_of=CLOSED, limit=1)
    assert [each["month"] for each in one_by_one] == list(found)
    of_kind = figures(as_of=CLOSED, project_kind="village_points", level="village")
    assert of_kind["2016-10"]["closed"] == sum(w.kind == "village_points" for w in WORKS.values())
    assert {each["division"] for each in of_kind.values()} == {VILLAGE}


def test_what_is_late_is_found_the_day_after_until_it_is_done(works: FieldWorks) -> None:
    h, path = works.h, works.projects["M191"]
    late = ("project_component_late", "2016-09-16", "county")
    days = (DUE, "2016-09-01", LESS_A_DAY[CLOSED], CLOSED)
    assert [stands(h, path, as_of=day) for day in days] == [[], [late], [late], []]


def test_the_same_work_twice_is_said_at_once_and_answered_with_a_reason(works: FieldWorks) -> None:
    h = works.h
    answer = h.village.post(PROJECTS, proposal(WORKS["M177"]))
    warned = {each["code"] for each in answer.json()["warnings"]}
    assert (answer.status_code, warned) == (201, {"project_same_work_twice"})
    project = answer.headers["Location"]
    (found,) = h.auditor.get("/monitoring/findings", subject=project.rpartition("/")[2], state="open").json()["items"]
    assert works.projects["M177"].rpartition("/")[2] in found["zh"]
    answers = f"/monitoring/findings/{found['finding_id']}/answers"
    said = h.county_reviewer.post(answers, {"reason": "另一村组的站点"})
    assert said.status_code == 201, said.text
    assert h.auditor.get("/monitoring/findings", subject=project.rpartition("/")[2], state="open").json()["items"] == []
    assert refused(h.county_reviewer, answers, {"reason": "再次说明"}) == "finding_answered_already"


def test_a_third_school_applies_and_waits(works: FieldWorks) -> None:
    third = done(works.h.village, PROJECTS, proposal(WORKS["M185"]))
    answer = works.h.auditor.get(third).json()
    assert (answer["stage"], [s["done"] for s in answer["same_works"]]) == ("draft", [False, True])


def test_a_kind_that_carries_households_along_names_them(works: FieldWorks) -> None:
    carrying = [mechanism for mechanism, each in WORKS.items() if each.households]
    assert works.unnamed == dict.fromkeys(carrying, "project_without_beneficiaries")


def test_a_match_smaller_than_the_real_cost_is_a_recorded_gap(works: FieldWorks) -> None:
    """100 yuan an examinee of which 60 and 40 per cent of 79 are matched; 1,000 examinees."""
    h, path = works.h, works.projects["B31"]
    for level, source, sum_ in (("province", "provincial", "4.74"), ("county", "county", "3.16")):
        promised = fund(
            CHARTERED, source=source, level=level, source_label="配套", document_no=f"财社〔2016〕{level}", promised=wan(sum_),
            purposes=["services_bought"],
        )  # fmt: skip
        money = Money(h, done(h.decider, FUNDS, promised), path)
        money.receive(CHARTERED, sum_, f"记-{level}")
        money.allocate(CHARTERED, sum_)
    found = h.auditor.get(f"{path}/matching").json()
    assert [(line["pledged"], line["brought"], line["gap"]) for line in found] == [
        ("47400", "47400", "0"), ("31600", "31600", "0"), ("21000", "0", "21000"),
    ]  # fmt: skip


@pytest.mark.parametrize("procedure", ["village_library", "income_library"])
def test_nothing_of_a_village_is_posted_before_its_assembly_voted(works: FieldWorks, procedure: str) -> None:
    h = works.h
    kind = "M174" if procedure == "income_library" else "M208"
    case = h.open(done(h.village, PROJECTS, proposal(WORKS[kind])), procedure, CLOSED, h.village)
    assert refused(h.village, f"{case}/notices", {"on": CLOSED}) == "step_out_of_order"


def test_dormitories_of_thirty_five_square_metres_are_neither_idle_nor_used_otherwise(works: FieldWorks) -> None:
    h = works.h
    large = proposal(WORKS["M204"])
    large["components"][0]["each"]["amount"] = "35.001"
    project = done(h.village, PROJECTS, large)
    case = h.open(project, "department_library", CLOSED, h.township)
    done(h.township, f"{case}/notices", {"on": CLOSED})
    h.advance("2016-10-28")
    argued = {"on": "2016-10-28", "favourable": True, "evidence": on_paper("argument_report")}
    done(h.county_reviewer, f"{case}/opinions", argued)
    assert h.decide(case, "2016-10-28")["facts"]["because"]["code"] == "project_each_above_limit"
    built = works.projects["M204"]
    for use, rule in (("idle", "project_asset_idle"), ("changed", "project_asset_used_otherwise")):
        h.step(built, h.township, "asset-uses", "2016-10-28", component=1, use=use, evidence=PHOTO)
        found = h.auditor.get(PROJECTS, attention="assets").json()["items"]
        assert [each["title"] for each in found] == ["教师周转宿舍"]
        assert stands(h, built) == [(rule, "2016-11-27", "county")]
        h.step(built, h.township, "asset-uses", "2016-10-28", component=1, use="as_built")
    assert h.auditor.get(PROJECTS, attention="assets").json()["items"] == stands(h, built) == []


def test_a_step_entered_wrongly_is_taken_back_with_those_that_rest_on_it(works: FieldWorks) -> None:
    h, path = works.h, works.projects["M208"]

    def ids(*types: str) -> list[str]:
        history = h.auditor.get(path).json()["history"]
        return [fact["id"] for fact in history if fact["type"] in types]

    def annul(*facts: str) -> dict[str, object]:
        return {"effective_on": CLOSED, "annuls": facts, "reason": "误填"}

    progress, listed = ids("ComponentProgressReported"), ids("ProjectListed")
    assert refused(h.decider, f"{path}/annulments", annul(*progress)) == "project_later_step_rests_on_it"
    assert refused(h.decider, f"{path}/annulments", annul(*listed)) == "project_act_not_standing"
    (on_the_way, final), (published, closed) = (
        ids("ProjectEvaluated"), ids("AcceptanceResultPublished", "ProjectClosed"),
    )  # fmt: skip
    for alone in (published, on_the_way):
        assert refused(h.decider, f"{path}/annulments", annul(alone)) == "project_later_step_rests_on_it"
    ended = [published, final, closed]
    done(h.decider, f"{path}/annulments", annul(*ended))
    assert h.auditor.get(path).json()["stage"] == "accepted"
    assert refused(h.decider, f"{path}/closing", {"effective_on": CLOSED}) == "project_result_not_published"
    done(h.decider, f"{path}/annulments", annul(*ids("ProjectActsAnnulled")))
    assert h.auditor.get(path).json()["stage"] == "closed"


def test_works_that_were_given_up_by_mistake_are_planned_again(works: FieldWorks) -> None:
    h = works.h
    form = proposal(WORKS["M209"])
    form["components"][0]["place"] = "另一处"
    project = done(h.village, PROJECTS, form)
    h.step(project, h.decider, "withdrawal", CLOSED, reason="不再实施")
    (withdrawn,) = [f["id"] for f in h.auditor.get(project).json()["history"] if f["type"] == "ProjectWithdrawn"]
    done(h.decider, f"{project}/annulments", {"effective_on": CLOSED, "annuls": [withdrawn], "reason": "误填"})
    again = done(h.village, PROJECTS, form)
    (same,) = h.auditor.get(again).json()["same_works"]
    assert (same["other"], h.auditor.get(project).json()["stage"]) == (project.rpartition("/")[2], "draft")
