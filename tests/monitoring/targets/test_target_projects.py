"""The township's nine items of 2016 (table 4.1) as targets, eight of them done by projects with money and evidence: what is done of
an item is what was accepted of its works, in whatever order they were named."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from services.monitoring.service import monitoring
from tests.monitoring.funds.money import FUNDS, Money, fund, wan
from tests.monitoring.projects.field_works import CLOSED, DRAFTED, FieldWorks, Part, Works
from tests.monitoring.projects.road import Handlers, done, refused
from tests.monitoring.registry_stub import household_recorded, record_facts, registry_stub
from tests.monitoring.work_list import BY_DEADLINE, LIST, ROWS, request_body
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika, lika

TARGETS = "/monitoring/targets"
KINDS = {
    "W1": "roads", "W2": "whole_village", "W3": "public_buildings", "W4": "water_and_power", "W5": "public_buildings",
    "W6": "water_and_power", "W7": "water_and_power", "W9": "village_income",
}  # fmt: skip
TABLE = {row[0]: row for row in ROWS}
ITEMS = {
    item: Works(
        kind, f"{LIST} {item}",
        [Part(TABLE[item][1], amount, unit, "9", place=place) for amount, unit, place in TABLE[item][2]],
        households=20 if kind in {"whole_village", "village_income"} else 0, supervised=kind == "whole_village",
    )
    for item, kind in KINDS.items()
}  # fmt: skip
"""The table names no money: nine units of 10,000 yuan each are ours."""


class WorkList:
    def __init__(self, running: Lika) -> None:
        self.h = Handlers(running)
        self.planner: ApiClient = self.h.township_reviewer
        self.targets = {item: done(self.planner, TARGETS, request_body(item, effective_on=DRAFTED)) for item in TABLE}
        self.works = FieldWorks(self.h, ITEMS)
        for item in ITEMS:
            if item != "W1":
                self.name(item)

    def name(self, item: str, on: str = DRAFTED) -> None:
        for number, _ in enumerate(TABLE[item][2], start=1):
            done(self.planner, f"{self.targets[item]}/works", self.work(item, number, on))

    def work(self, item: str, number: int, on: str, **more: Any) -> dict[str, Any]:
        project = self.works.projects[item].rpartition("/")[2]
        return {"effective_on": on, "line": number, "project_id": project, "component": number, **more}

    def read(self, item: str) -> Any:
        return self.h.auditor.get(self.targets[item]).json()

    def lines(self, item: str) -> list[tuple[str, str, str, str]]:
        return [(e["done"], e["missing"], e["unit"], e["place"]) for e in self.read(item)["progress"]["lines"]]


@pytest.fixture(scope="module")
def work_list(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkList]:
    folder = tmp_path_factory.mktemp("items")
    with lika([registry_stub, monitoring], module_database, folder, datetime(2016, 1, 12, 2, tzinfo=UTC)) as started:
        record_facts(started, [household_recorded(number, 3) for number in range(20)])
        listed = WorkList(started)
        listed.works.carry_on()
        yield listed


def test_nine_items_become_projects_and_are_met_by_what_was_accepted(work_list: WorkList) -> None:
    w = work_list
    assert tuple(each["item"] for each in w.h.auditor.get(TARGETS).json()["items"]) == BY_DEADLINE
    for item in ITEMS:
        if item != "W1":
            assert w.lines(item) == [(amount, "0", unit, place) for amount, unit, place in TABLE[item][2]], item
    # By their deadlines' days: what was accepted on 20 October is met in time, or late, and since when it was overdue stays.
    said = {
        item: (w.read(item)["state"], w.read(item)["overdue"] and w.read(item)["overdue"]["since"]) for item in TABLE
    }
    assert said == {
        "W1": ("overdue", "2016-04-01"), "W2": ("met", None), "W3": ("met", None), "W4": ("met", None),
        "W5": ("met", "2016-06-01"), "W6": ("met", "2016-06-01"), "W7": ("met", "2016-09-01"), "W8": ("open", None),
        "W9": ("met", None),
    }  # fmt: skip
    typed = {"effective_on": CLOSED, "line": 1, "amount": "6", "unit": "village_group"}
    assert refused(w.h.township, f"{w.targets['W6']}/progress", typed) == "target_progress_is_of_projects"
    before = w.h.auditor.get(f"{w.targets['W6']}/cascade", as_of="2016-10-19").json()
    assert [line["done"] for line in before["lines"]] == ["0"]


def test_a_work_is_named_after_its_acceptance_as_well_and_counts_once(work_list: WorkList) -> None:
    w = work_list
    w.name("W1", CLOSED)
    assert w.lines("W1") == [("3", "0", "km", "青龙咀村"), ("13", "0", "km", "青山村")]
    assert w.read("W1")["state"] == "met"
    again, works = w.work("W1", 1, CLOSED), f"{w.targets['W1']}/works"
    assert refused(w.planner, works, again) == "target_work_named_already"
    assert refused(w.planner, works, {**again, "component": 3}) == "target_work_unknown"
    metres = w.work("W6", 1, CLOSED)
    assert refused(w.planner, works, metres) == "target_work_unknown"  # village groups are no kilometres
    assert refused(w.planner, works, {**again, "line": 3}) == "target_has_no_such_line"
    exits = f"{w.targets['W8']}/works"
    assert refused(w.planner, exits, again) == "target_level_is_no_work"
    # Taken off it is done no longer, and is done again when it is named again.
    removals = f"{w.targets['W1']}/work-removals"
    done(w.planner, removals, {**again, "reason": "列错"})
    assert refused(w.planner, removals, {**again, "reason": "列错"}) == "target_work_not_named"
    assert (w.lines("W1")[0][:2], w.read("W1")["state"]) == (("0", "3"), "overdue")
    done(w.planner, works, again)
    assert (w.lines("W1")[0][:2], w.read("W1")["state"]) == (("3", "0"), "met")


def test_who_answers_for_what_was_overdue_is_held_to_account(work_list: WorkList) -> None:
    """Source facts §5 rule 55: slow or failing items have consequences; nothing does that was done in time."""
    w, path = work_list, work_list.targets["W5"]
    said = {"owner": "R5", "measure": "约谈并限期整改", "evidence": on_paper("minutes")}
    for item, changed, code in (
        ("W5", {"effective_on": "2016-05-31"}, "target_was_never_overdue"),
        ("W5", {"owner": "R3"}, "target_has_no_such_owner"),
        ("W5", {"evidence": []}, "target_evidence_missing"),
        ("W2", {"owner": "R1"}, "target_was_never_overdue"),
    ):
        form = {"effective_on": "2016-06-01", **said, **changed}
        assert refused(w.h.decider, f"{w.targets[item]}/accountability", form) == code, changed
    done(w.h.decider, f"{path}/accountability", {"effective_on": "2016-06-01", **said})
    assert w.read("W5")["accountability"] == [{"owner": "R5", "measure": "约谈并限期整改", "on": "2016-06-01"}]


def test_an_item_is_read_with_its_money_and_its_evidence(work_list: WorkList) -> None:
    w, h = work_list, work_list.h
    money = Money(h, done(h.decider, FUNDS, fund("2016-03-01", promised=wan("18"))), w.works.projects["W1"])
    money.receive("2016-03-01", "18", "记-1")
    money.allocate("2016-03-02", "18")
    money.post_use("2016-03-03", "2016-03-10")
    money.reserve("2016-03-11", "12")
    money.pay("2016-06-01", "10", "记-2")
    (project,) = h.auditor.get(f"{w.targets['W1']}/projects").json()["projects"]
    assert [project[name] for name in ("stage", "accepted_on", "cost", "allocated", "spent")] == [
        "closed", CLOSED, "180000", "180000", "100000",
    ]  # fmt: skip
    assert [(c["line"], c["component"], c["done"], c["unit"]) for c in project["components"]] == [
        (1, 1, "3", "km"), (2, 2, "13", "km"),
    ]  # fmt: skip
    cited = {(act["type"], *act["evidence_kinds"]) for act in project["cited"]}
    assert {("ProjectInspected", "photo"), ("AcceptanceResultPublished", "notice_photo")} <= cited
    (then,) = h.auditor.get(f"{w.targets['W6']}/projects", as_of="2016-10-19").json()["projects"]
    assert (then["stage"], then["spent"], then["components"][0]["done"]) == ("chartered", "0", "6")
