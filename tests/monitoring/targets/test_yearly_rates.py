"""Targets of the field with their base, their rate and their direction: exits of 30 % a year, a township's goals for 2020, shares that
may rise and fall, floors and ceilings."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from contracts.monitoring.targets import Basis, RateOf
from contracts.quantities import Unit
from contracts.roles import Role
from services.monitoring.service import monitoring
from services.monitoring.targets.yearly_rates import by_year
from tests.monitoring.projects.road import done, refused
from tests.monitoring.registry_stub import registry_stub
from tests.monitoring.work_list import TOWNSHIP
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika, lika

TARGETS, TODAY, LATER = "/monitoring/targets", "2016-02-01", "2016-12-31"


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder = tmp_path_factory.mktemp("rates")
    with lika([registry_stub, monitoring], module_database, folder, datetime(2016, 2, 1, 2, tzinfo=UTC)) as started:
        yield started


@pytest.fixture(scope="module")
def planner(running: Lika) -> ApiClient:
    return running.client_for("planner", TOWNSHIP, Role.REVIEWER)


def line(amount: str, unit: str, place: str = "全镇", basis: Any = None, **more: Any) -> dict[str, Any]:
    return {"amount": amount, "unit": unit, "place": place, "basis": basis, "direction": "at_least", **more}


def rate(base: str, year: int, per_cent: str, of: str) -> dict[str, Any]:
    return {"base": base, "base_year": year, "rate_percent": per_cent, "rate_of": of}


def target(item: str, content: str, *lines: dict[str, Any], deadline: str = "2020-12-31") -> dict[str, Any]:
    return {
        "effective_on": TODAY, "division": TOWNSHIP, "year": 2016, "work_list": "预期目标", "item": item, "content": content,
        "lines": list(lines), "deadline": deadline, "owners": [{"label": "乡长"}],
    }  # fmt: skip


def report(amount: str, unit: str, on: str, number: int = 1) -> dict[str, Any]:
    return {"effective_on": on, "line": number, "amount": amount, "unit": unit}


def reached(base: str, per_cent: str, of: RateOf, last: int, unit: Unit = Unit.HOUSEHOLD) -> list[str]:
    basis = Basis(line=1, base=Decimal(base), base_year=2016, rate=Decimal(per_cent), rate_of=of)
    return [f"{amount:f}" for _, amount in by_year(basis, unit, last)]


def test_thirty_per_cent_a_year_is_of_the_original_of_the_rest_or_of_the_year_before() -> None:
    """121 households and 247 persons at the start; each year's figure is of its own kind, none derived from the other."""
    assert reached("121", "30", RateOf.ORIGINAL, 2020) == ["36", "73", "109", "121"]
    assert reached("247", "30", RateOf.ORIGINAL, 2020, Unit.PERSON) == ["74", "148", "222", "247"]
    assert reached("121", "30", RateOf.REST, 2020) == ["36", "62", "79", "121"]
    assert reached("121", "30", RateOf.GROWTH, 2018) == ["157", "204"]
    assert reached("121", "60", RateOf.ORIGINAL, 2019) == ["73", "121", "121"]
    assert reached("121", "30", RateOf.ORIGINAL, 2016) == []


def test_a_yearly_rate_names_its_base_and_what_it_is_a_share_of(planner: ApiClient) -> None:
    whole = rate("121", 2016, "30", "original")
    for name in whole:
        without = {key: value for key, value in whole.items() if key != name}
        body = target("R1", "脱贫", line("121", "household", basis=without))
        assert planner.post(TARGETS, body).status_code == 422, name
    exits = target(
        "R1", "脱贫", line("121", "household", basis=whole),
        line("247", "person", basis=rate("247", 2016, "30", "original")),
    )  # fmt: skip
    path = done(planner, TARGETS, exits)
    for number, amount, unit in ((1, "36", "household"), (2, "73", "person")):
        done(planner, f"{path}/progress", report(amount, unit, TODAY, number))
    answer = planner.get(path).json()
    found = answer["bases"]
    # Of the first year the households are reached, and one person is missing.
    assert [each["done"] for each in answer["progress"]["lines"]] == ["36", "73"]
    assert [[each["amount"] for each in basis["by_year"]] for basis in found] == [
        ["36", "73", "109", "121"], ["74", "148", "222", "247"],
    ]  # fmt: skip
    assert [basis["beyond_rate"] for basis in found] == ["0", "0"]


def test_the_townships_goals_for_2020_come_with_what_does_not_fit(planner: ApiClient) -> None:
    """12 % a year leads to about the goals of output and income; 30 % of the investment comes nowhere near. In 10,000 yuan."""
    goals = (
        ("GDP", "8952", "12", "17600"),
        ("固定资产投资", "763.5", "30", "11000"),
        ("人均收入", "6013", "12", "11800"),
    )
    lines = [
        line(amount, "yuan", content, rate(base, 2014, per_cent, "growth")) for content, base, per_cent, amount in goals
    ]
    found = planner.get(done(planner, TARGETS, target("R2", "2020年目标", *lines))).json()["bases"]
    assert [basis["by_year"][-1] for basis in found] == [
        {"year": 2020, "amount": "17669.661"}, {"year": 2020, "amount": "3685.269"}, {"year": 2020, "amount": "11868.596"},
    ]  # fmt: skip
    assert [basis["beyond_rate"] for basis in found] == ["-69.661", "7314.731", "-68.596"]


def test_a_villages_yearly_values_are_reported_at_the_years_end(running: Lika, planner: ApiClient) -> None:
    values = target(
        "R3", "村年度指标", line("10000000", "yuan", "总产值"), line("5600", "yuan", "集体收入"), line("5080", "yuan", "人均纯收入"),
        deadline=LATER,
    )  # fmt: skip
    path = done(planner, TARGETS, values)
    for number, amount in ((1, "10000000"), (2, "5599.999"), (3, "5080")):
        done(planner, f"{path}/progress", report(amount, "yuan", TODAY, number))
    found = planner.get(path).json()
    assert (found["state"], [each["missing"] for each in found["progress"]["lines"]]) == ("open", ["0", "0.001", "0"])
    done(planner, f"{path}/progress", report("5600", "yuan", TODAY, 2))
    assert planner.get(path).json()["state"] == "met"


def test_a_share_rises_and_falls_and_a_ceiling_is_kept_only_once_it_is_said(planner: ApiClient) -> None:
    """At least 95 % with medical insurance and 81 % with a pension; at most 2 % who drop out."""
    shares = target(
        "R4", "参保率与辍学率", line("95", "percent", "医疗保险"), line("81", "percent", "养老保险"),
        line("2", "percent", "辍学率", direction="at_most"), deadline=LATER,
    )  # fmt: skip
    path = done(planner, TARGETS, shares)
    for number, amount in ((1, "95"), (2, "81")):
        done(planner, f"{path}/progress", report(amount, "percent", TODAY, number))
    assert planner.get(path).json()["state"] == "open"  # nobody said how many dropped out
    states = []
    for amount in ("2.001", "2", "1.999", "2.5"):
        done(planner, f"{path}/progress", report(amount, "percent", TODAY, 3))
        found = planner.get(path).json()
        states.append((found["state"], found["progress"]["lines"][2]["missing"]))
    assert states == [("open", "0.001"), ("met", "0"), ("met", "0"), ("open", "0.5")]
    done(planner, f"{path}/progress", report("94.999", "percent", TODAY, 1))
    assert planner.get(path).json()["progress"]["lines"][0]["missing"] == "0.001"
    # Works only grow: what is done of a road does not shrink without a correction.
    road = done(planner, TARGETS, target("R5", "村道", line("3", "km"), deadline=LATER))
    done(planner, f"{road}/progress", report("2", "km", TODAY))
    assert refused(planner, f"{road}/progress", report("1", "km", TODAY)) == "target_progress_would_fall"
    assert planner.post(f"{road}/strike-off", {"effective_on": TODAY, "evidence": on_paper("photo")}).status_code == 409


def test_special_education_has_at_least_six_thousand_yuan_a_pupil(planner: ApiClient) -> None:
    """M124, B13: of the compulsory stage; the line rises later."""
    budget = target(
        "R6", "特殊教育生均公用经费", line("6000", "yuan", "特殊教育学校"), line("1", "set", "每区资源教室"), deadline=LATER,
    )  # fmt: skip
    path = done(planner, TARGETS, budget)
    for number, amount, unit in ((1, "5999.999", "yuan"), (2, "1", "set")):
        done(planner, f"{path}/progress", report(amount, unit, TODAY, number))
    found = planner.get(path).json()
    assert (found["state"], found["progress"]["lines"][0]["missing"]) == ("open", "0.001")
    done(planner, f"{path}/progress", report("6000", "yuan", TODAY, 1))
    assert planner.get(path).json()["state"] == "met"


def test_teachers_of_poor_villages_are_replaced_trained_and_honoured(planner: ApiClient, running: Lika) -> None:
    """M229: 36 teachers of nine schools: who retires is replaced, 85 % are trained, whoever taught for twenty years is honoured."""
    standards = target(
        "R7", "贫困村教师队伍", line("36", "person", "九所学校"), line("100", "percent", "退一补一"), line("85", "percent", "培训率"),
        line("100", "percent", "任教满二十年表彰"), deadline=LATER,
    )  # fmt: skip
    path = done(planner, TARGETS, standards)
    for number, (amount, unit) in enumerate(
        (("36", "person"), ("100", "percent"), ("84.999", "percent"), ("100", "percent")), 1
    ):
        done(planner, f"{path}/progress", report(amount, unit, TODAY, number))
    found = planner.get(path).json()
    assert (found["state"], [each["missing"] for each in found["progress"]["lines"]]) == (
        "open",
        ["0", "0", "0.001", "0"],
    )
    early = {"effective_on": TODAY, "evidence": on_paper("roster")}
    done(planner, f"{path}/milestones", {"effective_on": TODAY, "content": "花名册核实", "due_on": LATER})
    done(planner, f"{path}/milestones/1/reached", early)
    other = running.client_for("reviewer-other", TOWNSHIP, Role.REVIEWER)
    assert refused(other, f"{path}/strike-off", early) == "target_quantity_not_met"
    done(planner, f"{path}/progress", report("85", "percent", TODAY, 3))
    assert refused(planner, f"{path}/strike-off", early) == "strikes_off_own_report"
    done(other, f"{path}/strike-off", early)
    assert other.get(path).json()["state"] == "struck_off"


def test_an_assessment_list_is_checked_item_by_item_before_the_whole_counts(planner: ApiClient, running: Lika) -> None:
    """M217: what the labels of the list mean its paper does not say; each item is closed on evidence, and the whole by a second person."""
    items = ("真脱贫、脱真贫", "三率一度")
    path = done(planner, TARGETS, target("R8", "目标考核清单", line("2", "site", "清单项"), deadline=LATER))
    for content in items:
        done(planner, f"{path}/milestones", {"effective_on": TODAY, "content": content, "due_on": LATER})
    cadre = running.client_for("helper", TOWNSHIP, Role.CADRE)
    done(cadre, f"{path}/progress", report("2", "site", TODAY))
    checked = {"effective_on": TODAY, "evidence": on_paper("checklist")}
    done(cadre, f"{path}/milestones/1/reached", checked)
    assert refused(cadre, f"{path}/milestones/1/reached", checked) == "milestone_already_reached"
    assert refused(planner, f"{path}/strike-off", checked) == "target_milestones_open"
    assert refused(cadre, f"{path}/milestones/2/reached", {"effective_on": TODAY}) == "target_evidence_missing"
    done(cadre, f"{path}/milestones/2/reached", checked)
    done(planner, f"{path}/strike-off", checked)
    found = planner.get(path).json()
    assert (found["state"], [m["reached_on"] for m in found["milestones"]]) == ("struck_off", [TODAY, TODAY])


def test_unions_grow_to_their_number_and_nearly_all_have_a_womens_body(planner: ApiClient) -> None:
    """M230: 132 village unions, and 97 in a hundred of all with a women's body."""
    body = target(
        "R10", "工会组建", line("97", "percent", "女职工组织组建率"), line("132", "village", "村级工会"), deadline=LATER
    )
    path = done(planner, TARGETS, body)
    states = []
    for share, unions in (("97", "131"), ("96.999", "132"), ("97", "132")):
        done(planner, f"{path}/progress", report(share, "percent", TODAY, 1))
        done(planner, f"{path}/progress", report(unions, "village", TODAY, 2))
        found = planner.get(path).json()
        states.append((found["state"], [each["missing"] for each in found["progress"]["lines"]]))
    assert states == [("open", ["0", "1"]), ("open", ["0.001", "0"]), ("met", ["0", "0"])]


def test_every_grass_roots_union_has_a_committee_for_disputes(planner: ApiClient) -> None:
    """M145: in all of them, which is said as a share and met by nothing less."""
    path = done(
        planner, TARGETS, target("R9", "劳动争议调解委员会组建率", line("100", "percent", "基层工会"), deadline=LATER)
    )
    states = []
    for amount in ("99.999", "100"):
        done(planner, f"{path}/progress", report(amount, "percent", TODAY))
        states.append(planner.get(path).json()["state"])
    assert states == ["open", "met"]
