"""Targets in the inbox: running, overdue from the day after the deadline, met and to be struck off."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.roles import Role
from services.monitoring.service import monitoring
from tests.monitoring.registry_stub import registry_stub
from tests.monitoring.targets.test_api import FEBRUARY, PHOTO, TARGETS, cadre, created, planner, progress, step
from tests.monitoring.work_list import TOWNSHIP, request_body
from tests.support.running import ApiClient, Lika, all_items, lika

INBOX = "/monitoring/inbox"


@pytest.fixture
def running(database: Callable[[str], str], tmp_path: Path) -> Iterator[Lika]:
    with lika([registry_stub, monitoring], database, tmp_path, datetime(2016, 2, 1, 2, tzinfo=UTC)) as started:
        yield started


def waiting(person: ApiClient, target: str, **asked: str) -> Any:
    """The target's entry."""
    target_id = target.rpartition("/")[2]
    return next((e for e in all_items(person, INBOX, **asked) if e["id"] == target_id), None)


def test_a_target_waits_until_its_deadline_and_is_overdue_from_the_day_after(running: Lika) -> None:
    """W1 is due on 2016-03-31: the day before, the day, the day after."""
    target, entry = created(planner(running), TARGETS, request_body("W1")), None
    for moment, kind, since in (
        ("2016-03-30T23:59:59+08:00", "waiting", "2016-01-20"),
        ("2016-03-31T23:59:59+08:00", "waiting", "2016-01-20"),
        ("2016-04-01T00:00:00+08:00", "overdue", "2016-04-01"),
    ):
        step(running, moment)
        entry = waiting(cadre(running), target)
        assert (entry["kind"], entry["since"], entry["due_by"]) == (kind, since, "2016-03-31"), moment
        assert (entry["act"]["operation"], entry["may"]) == ("report_progress", True)
    assert entry is not None
    assert entry["why"]["code"] == "target_overdue"
    assert entry["details"] == {
        "year": 2016, "work_list": "2016年具体工作安排", "item": "W1",
        "missing": [{"line": 1, "amount": "3", "unit": "km"}, {"line": 2, "amount": "13", "unit": "km"}],
    }  # fmt: skip
    analyst = running.client_for("analyst-1", TOWNSHIP[:6], Role.ANALYST)
    assert waiting(analyst, target, kind="overdue")["refused_by"]["code"] == "role_not_allowed"
    assert waiting(analyst, target, kind="waiting") is None


def test_what_is_met_is_to_be_struck_off_by_somebody_else_and_then_waits_no_longer(running: Lika) -> None:
    target = created(planner(running), TARGETS, request_body("W6"))
    milestone = {"effective_on": FEBRUARY, "content": "通水", "due_on": "2016-04-15"}
    created(planner(running), f"{target}/milestones", milestone)
    created(cadre(running), f"{target}/progress", progress("6"))
    entry = waiting(planner(running), target)
    assert (entry["kind"], entry["may"], entry["refused_by"]["code"]) == ("due", False, "target_milestones_open")
    reached = {"effective_on": FEBRUARY, "evidence": PHOTO}
    created(cadre(running), f"{target}/milestones/1/reached", reached)

    entry = waiting(planner(running), target)
    assert (entry["why"]["code"], entry["may"], entry["details"]["missing"]) == ("target_to_strike_off", True, [])
    act = entry["act"]
    assert (act["operation"], act["path"], act["form"]) == ("strike_off_target", f"{target}/strike-off", {})
    oneself = running.client_for("R3", TOWNSHIP, Role.REVIEWER)
    assert waiting(oneself, target)["refused_by"]["code"] == "strikes_off_own_report"
    assert waiting(cadre(running), target)["refused_by"]["code"] == "role_not_allowed"

    created(planner(running), f"{target}/strike-off", reached)
    assert waiting(planner(running), target) is None


def test_an_exit_target_is_not_reported_and_other_areas_see_nothing(running: Lika) -> None:
    target = created(planner(running), TARGETS, request_body("W8"))
    entry = waiting(planner(running), target)
    assert (entry["kind"], entry["act"], entry["may"]) == ("waiting", None, False)
    elsewhere = running.client_for("reviewer-9", "990001102", Role.REVIEWER)
    assert waiting(elsewhere, target) is None


def test_the_inbox_counts_what_it_lists_oldest_first(running: Lika) -> None:
    for item in ("W1", "W4", "W5", "W6"):
        created(planner(running), TARGETS, request_body(item))
    created(cadre(running), TARGETS + "/" + _id_of(running, "W6") + "/progress", progress("6"))
    step(running, "2016-04-02T08:00:00+08:00")
    listed = all_items(planner(running), INBOX, limit="2")
    kinds = [entry["kind"] for entry in listed]
    assert sorted(kinds) == ["due", "overdue", "waiting", "waiting"]
    assert [entry["since"] for entry in listed] == sorted(entry["since"] for entry in listed)
    counted = planner(running).get(f"{INBOX}/counts").json()["counts"]
    assert counted == {"overdue": 1, "escalated": 0, "returned": 0, "due": 1, "refused": 0, "waiting": 2}


def _id_of(running: Lika, item: str) -> str:
    found = all_items(planner(running), TARGETS)
    return str(next(target["target_id"] for target in found if target["item"] == item))
