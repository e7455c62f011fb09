"""The work list of table 4.1 over HTTP: set, reported, struck off, overdue, and who answers for what (M008, M189)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.roles import Role
from services.monitoring.service import monitoring
from tests.monitoring.registry_stub import registry_stub
from tests.monitoring.work_list import BY_DEADLINE, LIST, OWNER_LOAD, ROWS, TOWNSHIP, request_body
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika, lika

TARGETS = "/monitoring/targets"
PHOTO = on_paper("photo")
FEBRUARY = "2016-02-01"
LINE = {"amount": "1", "unit": "km", "place": "青山村", "direction": "at_least"}


@pytest.fixture
def running(database: Callable[[str], str], tmp_path: Path) -> Iterator[Lika]:
    with lika([registry_stub, monitoring], database, tmp_path, datetime(2016, 2, 1, 2, tzinfo=UTC)) as started:
        yield started


def planner(running: Lika) -> ApiClient:
    return running.client_for("planner", TOWNSHIP, Role.REVIEWER)


def cadre(running: Lika) -> ApiClient:
    return running.client_for("R3", TOWNSHIP, Role.CADRE)


def created(person: ApiClient, path: str, sent: Mapping[str, Any]) -> str:
    answer = person.post(path, sent)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def refused(person: ApiClient, path: str, sent: Mapping[str, Any]) -> str:
    answer = person.post(path, sent)
    assert answer.status_code == 409, answer.text
    return str(answer.json()["code"])


def step(running: Lika, to: str) -> None:
    answer = running.client_for("op", "", Role.OPERATOR).post("/monitoring/clock/steps", {"to": to})
    assert answer.status_code == 201, answer.text


def progress(amount: str, day: str = FEBRUARY, line: int = 1, unit: str = "village_group") -> dict[str, Any]:
    return {"effective_on": day, "line": line, "amount": amount, "unit": unit}


def test_the_work_list_is_read_by_deadline_and_by_owner(running: Lika) -> None:
    for item, *_ in ROWS:
        created(planner(running), TARGETS, request_body(item))
    reader = running.client_for("analyst-1", TOWNSHIP[:6], Role.ANALYST)
    first = reader.get(TARGETS, division=TOWNSHIP, year=2016, limit=5).json()
    rest = reader.get(TARGETS, division=TOWNSHIP, year=2016, limit=5, cursor=first["next"]).json()
    assert tuple(t["item"] for t in first["items"] + rest["items"]) == BY_DEADLINE
    assert rest["next"] is None
    w1 = first["items"][0]
    assert (w1["state"], w1["content"], w1["work_list"]) == ("open", "村道公路改建", LIST)
    assert w1["progress"]["lines"][1] == {
        "line": 2, "place": "青山村", "unit": "km", "direction": "at_least", "target": "13", "done": "0", "missing": "13",
    }  # fmt: skip
    loads = reader.get("/monitoring/owners", year=2016).json()["items"]
    assert {load["owner"]: tuple(d["item"] for d in load["duties"]) for load in loads} == OWNER_LOAD


def acts_on(person: ApiClient, subject: str) -> list[str]:
    (found,) = person.get("/monitoring/acts", subject=subject).json()
    return [each["act"] for each in found["acts"]]


def test_an_item_goes_from_being_set_to_being_struck_off(running: Lika) -> None:
    target = created(planner(running), TARGETS, request_body("W6"))
    milestone = created(
        planner(running), f"{target}/milestones", {"effective_on": FEBRUARY, "content": "通水", "due_on": "2016-04-15"}
    )
    assert milestone == f"{target}/milestones/1"
    assert refused(planner(running), f"{target}/strike-off", {"effective_on": FEBRUARY, "evidence": PHOTO}) == (
        "target_milestones_open"
    )
    reached = {"effective_on": FEBRUARY, "evidence": PHOTO}
    assert refused(cadre(running), f"{milestone}/reached", {"effective_on": FEBRUARY}) == "target_evidence_missing"
    assert (acts_on(cadre(running), milestone), acts_on(cadre(running), f"{target}/milestones/9")) == (
        ["reach_milestone"], [],
    )  # fmt: skip
    created(cadre(running), f"{milestone}/reached", reached)
    assert acts_on(cadre(running), milestone) == []
    created(cadre(running), f"{target}/progress", progress("4"))
    assert refused(cadre(running), f"{target}/progress", progress("3")) == "target_progress_would_fall"
    assert refused(cadre(running), f"{target}/progress", progress("6", unit="village")) == "target_unit_differs"
    created(cadre(running), f"{target}/progress", progress("6"))
    assert [t["item"] for t in cadre(running).get(TARGETS, state="met").json()["items"]] == ["W6"]
    oneself = running.client_for("R3", TOWNSHIP, Role.REVIEWER)
    assert refused(oneself, f"{target}/strike-off", reached) == "strikes_off_own_report"
    assert set(acts_on(planner(running), target)) == {
        "report_progress", "plan_milestone", "strike_off_target", "withdraw_target", "name_target_work"
    }  # fmt: skip
    created(planner(running), f"{target}/strike-off", reached)
    assert acts_on(planner(running), target) == []
    read = cadre(running).get(target).json()
    assert (read["state"], read["closed_on"]) == ("struck_off", FEBRUARY)
    assert cadre(running).get(milestone).json()["reached_on"] == FEBRUARY
    step(running, "2016-06-02T08:00:00+08:00")
    assert cadre(running).get(target).json()["overdue"] is None


def test_overdue_comes_with_the_end_of_the_last_day(running: Lika) -> None:
    """W1 is due on 2016-03-31: the day before, the day, the day after."""
    target = created(planner(running), TARGETS, request_body("W1"))
    for moment, state in (
        ("2016-03-30T23:59:59+08:00", "open"),
        ("2016-03-31T23:59:59+08:00", "open"),
        ("2016-04-01T00:00:00+08:00", "overdue"),
    ):
        step(running, moment)
        assert cadre(running).get(target).json()["state"] == state, moment
    read = cadre(running).get(target).json()
    assert read["overdue"] == {
        "since": "2016-04-01",
        "missing": [{"line": 1, "unit": "km", "missing": "3"}, {"line": 2, "unit": "km", "missing": "13"}],
        "positions": {},
    }
    assert [t["item"] for t in cadre(running).get(TARGETS, state="overdue").json()["items"]] == ["W1"]
    assert cadre(running).get(target, known_at="2016-03-31").json()["state"] == "open"


def test_work_that_is_done_already_is_pointed_out_not_refused(running: Lika) -> None:
    """Source facts §5 rule 57: a plan may contain items already done."""
    first = created(planner(running), TARGETS, request_body("W6"))
    created(cadre(running), f"{first}/progress", progress("6"))
    again = created(
        planner(running), TARGETS, request_body("W6", item="N2", work_list="驻村计划", content="饮水管网 入户")
    )
    assert planner(running).get(again).json()["already_done"] == [first.rsplit("/", 1)[1]]
    elsewhere = request_body(
        "W6", item="N3", lines=[{**LINE, "amount": "6", "unit": "village_group", "place": "桂花村"}]
    )
    other = created(planner(running), TARGETS, elsewhere)
    assert planner(running).get(other).json()["already_done"] == []
    created(cadre(running), f"{first}/progress", {**progress("5"), "correction": "误报"})
    third = created(planner(running), TARGETS, request_body("W6", item="N4"))
    assert planner(running).get(third).json()["already_done"] == []


def test_an_item_stands_once_on_its_list_until_it_is_withdrawn(running: Lika) -> None:
    target = created(planner(running), TARGETS, request_body("W3"))
    assert refused(planner(running), TARGETS, request_body("W3")) == "target_item_already_listed"
    created(planner(running), f"{target}/withdrawal", {"effective_on": FEBRUARY, "reason": "资金未到位"})
    assert planner(running).get(target).json()["state"] == "withdrawn"
    assert planner(running).get("/monitoring/owners").json()["items"] == []
    created(planner(running), TARGETS, request_body("W3"))


def test_the_same_request_sets_one_target(running: Lika) -> None:
    first, again = (planner(running).post(TARGETS, request_body("W3"), key="set-target-w3") for _ in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert again.json()["replayed"]
    assert len(planner(running).get(TARGETS).json()["items"]) == 1


def test_who_may_do_what_and_where(running: Lika) -> None:
    target = created(running.client_for("op", "", Role.OPERATOR), TARGETS, request_body("W6"))
    neighbour = running.client_for("other", "990001102", Role.REVIEWER, Role.CADRE)
    assert neighbour.post(TARGETS, request_body("W5")).status_code == 404
    assert neighbour.get(target).status_code == 404
    assert acts_on(neighbour, target) == []
    assert neighbour.get(TARGETS, division=TOWNSHIP).status_code == 404
    assert neighbour.get(TARGETS).json()["items"] == []
    assert neighbour.post(f"{target}/progress", progress("1")).status_code == 404
    assert cadre(running).post(TARGETS, request_body("W5")).status_code == 403
    assert cadre(running).post(f"{target}/strike-off", {"effective_on": FEBRUARY}).status_code == 403
    assert (
        running.client_for("analyst-1", "", Role.ANALYST).post(f"{target}/progress", progress("1")).status_code == 403
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"lines": [{**LINE, "amount": "0"}]},
        {"lines": [{**LINE, "amount": "NaN"}]},
        {"lines": [{**LINE, "unit": "万元"}]},
        {"lines": [{name: value for name, value in LINE.items() if name != "direction"}]},
        {"deadline": "9999-12-31"},
        {"item": "W\n1"},
        {"state": "struck_off"},
    ],
)
def test_malformed_items_are_rejected(running: Lika, changed: dict[str, Any]) -> None:
    assert planner(running).post(TARGETS, request_body("W1", **changed)).status_code == 422


def test_owners_are_mandatory_and_complete(running: Lika) -> None:
    assert refused(planner(running), TARGETS, request_body("W8", owners=[])) == "target_without_owner"
    assert refused(planner(running), TARGETS, request_body("W8", owners=[{"label": "李"}])) == "target_owner_incomplete"


def test_a_village_sends_eighty_more_out_to_work_in_two_years_and_they_earn_four_million(running: Lika) -> None:
    """M157: persons and yuan are two lines, each reported as it is counted; the last day, and the day after."""
    village = {
        **request_body("W6"), "item": "L137", "content": "劳务输出", "deadline": "2017-12-31",
        "lines": [
            {"amount": "80", "unit": "person", "place": "示例村", "direction": "at_least"},
            {"amount": "4000000", "unit": "yuan", "place": "示例村", "direction": "at_least"},
        ],
    }  # fmt: skip
    target = created(planner(running), TARGETS, village)
    step(running, "2017-12-31T09:00:00+08:00")
    assert refused(cadre(running), f"{target}/progress", progress("80", unit="attendance")) == "target_unit_differs"
    created(cadre(running), f"{target}/progress", progress("79", "2017-06-30", unit="person"))
    created(cadre(running), f"{target}/progress", progress("4000000", "2017-12-31", 2, "yuan"))
    step(running, "2018-01-01T09:00:00+08:00")
    read = planner(running).get(target).json()
    assert [(line["done"], line["missing"]) for line in read["progress"]["lines"]] == [("79", "1"), ("4000000", "0")]
    assert (read["state"], read["overdue"]["since"]) == ("overdue", "2018-01-01")
    created(
        cadre(running), f"{target}/progress", progress("80", "2017-12-31", unit="person")
    )  # told late, reached in time
    assert planner(running).get(target).json()["state"] == "met"
