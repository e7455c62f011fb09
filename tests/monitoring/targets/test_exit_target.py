"""The exit target of 2016, 105 households / 421 persons by 2016-12-31 (M006), measured by the registry's facts."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from contracts.personal import Personal
from contracts.registry.households import FactsAnnulled, HouseholdFormed, HouseholdMoved, HouseholdSplit
from contracts.registry.members import MemberDied
from contracts.registry.poverty_status import HouseholdRemoved
from contracts.roles import Role
from services.monitoring.service import monitoring
from tests.monitoring.registry_stub import exited, exited_household, household_id, person, record_facts, registry_stub
from tests.monitoring.targets.test_api import TARGETS, created, planner, refused
from tests.monitoring.work_list import TOWNSHIP, request_body
from tests.support.evidence import on_paper
from tests.support.running import Lika, lika

NOVEMBER = date(2016, 11, 10)
MISSING_8_AND_32 = {
    "kind": "exit",
    "households": {"target": 105, "done": 97, "missing": 8},
    "persons": {"target": 421, "done": 389, "missing": 32},
}


@pytest.fixture
def running(database: Callable[[str], str], tmp_path: Path) -> Iterator[Lika]:
    with lika([registry_stub, monitoring], database, tmp_path, datetime(2016, 11, 20, 2, tzinfo=UTC)) as started:
        yield started


def sample_exits() -> list[Any]:
    """97 households, 389 persons: 96 of four and one of five; and two that do not count, elsewhere and in 2015."""
    counted = (exited_household(n, 5 if n == 97 else 4, NOVEMBER) for n in range(1, 98))
    elsewhere = exited_household(98, 3, NOVEMBER, division="990001102201")
    return list(chain(*counted, elsewhere, exited_household(99, 3, date(2015, 12, 31))))


def step(running: Lika, to: str) -> None:
    operator = running.client_for("op", "", Role.OPERATOR)
    for service in ("registry", "monitoring"):
        answer = operator.post(f"/{service}/clock/steps", {"to": to})
        assert answer.status_code == 201, answer.text


def progress_of(running: Lika, target: str, **asked: str) -> Any:
    return planner(running).get(target, **asked).json()["progress"]


def digest_of_path(running: Lika, target: str) -> str:
    """By which two prints are compared."""
    said: str = planner(running).get(f"{target}/path").json()["digest"]
    return said


def test_the_sample_shows_8_households_and_32_persons_missing(running: Lika) -> None:
    target = created(planner(running), TARGETS, request_body("W8"))
    record_facts(running, sample_exits())
    read = planner(running).get(target).json()
    assert read["progress"] == MISSING_8_AND_32
    path = planner(running).get(f"{target}/path").json()
    assert path["digest"] == digest_of_path(running, target)
    (to_date,) = path["exits"]
    assert to_date == {"on": NOVEMBER.isoformat(), "households": 97, "persons": 389}
    assert read["state"] == "open"
    assert read["positions"]["registry"] == running.positions["registry"]
    (listed,) = planner(running).get(TARGETS, state="open").json()["items"]
    assert listed["progress"] == MISSING_8_AND_32
    step(running, "2016-12-31T23:59:59+08:00")
    assert planner(running).get(target).json()["state"] == "open"
    step(running, "2017-01-01T00:00:00+08:00")
    overdue = planner(running).get(target).json()
    assert overdue["state"] == "overdue"
    assert overdue["overdue"]["since"] == "2017-01-01"
    assert path["digest"] != digest_of_path(running, target)
    assert [(m["unit"], m["missing"]) for m in overdue["overdue"]["missing"]] == [("household", "8"), ("person", "32")]
    assert overdue["overdue"]["positions"]["registry"] >= 97 * 3


def test_progress_is_never_entered(running: Lika) -> None:
    target = created(planner(running), TARGETS, request_body("W8"))
    typed = {"effective_on": "2016-11-01", "line": 1, "amount": "105", "unit": "household"}
    assert refused(planner(running), f"{target}/progress", typed) == "exit_progress_is_computed"


def test_what_was_learned_later_changes_today_and_not_what_was_known(running: Lika) -> None:
    target = created(planner(running), TARGETS, request_body("W8"))
    record_facts(running, sample_exits())
    step(running, "2016-12-10T08:00:00+08:00")
    death = MemberDied(
        household_id=household_id(1), effective_on=date(2016, 11, 1), entered_by="cadre",
        person_id=person(1, 4).person_id,
    )  # fmt: skip
    (death_id,) = record_facts(running, [death])
    assert progress_of(running, target)["persons"]["done"] == 388
    step(running, "2017-09-01T08:00:00+08:00")
    never = HouseholdRemoved(
        household_id=household_id(2), effective_on=date(2014, 6, 1), entered_by="decider", reason="不符合识别标准",
        annuls=(f"registry/household-{household_id(2)}/3",),
    )  # fmt: skip
    record_facts(running, [never])
    alive = FactsAnnulled(
        household_id=household_id(1), effective_on=date(2016, 11, 1), entered_by="cadre", reason=Personal.sealed("A256GCM.1.AAAA"),
        annuls=(death_id,),
    )  # fmt: skip
    record_facts(running, [alive])

    def done(**asked: str) -> tuple[int, int]:
        share = progress_of(running, target, **asked)
        return share["households"]["done"], share["persons"]["done"]

    assert done() == (96, 385)
    assert done(known_at="2016-11-20") == (97, 389)
    assert done(known_at="2016-12-31") == (97, 388)
    assert planner(running).get(target, known_at="2016-11-19").status_code == 404  # the target was not yet set


def test_a_household_that_split_off_counts_its_own_exit_from_its_own_village(running: Lika) -> None:
    target = created(planner(running), TARGETS, request_body("W8"))
    child, before, after = household_id(2), date(2016, 3, 1), date(2016, 11, 15)
    gone = (person(1, 3).person_id, person(1, 4).person_id)
    common: dict[str, Any] = {"effective_on": after, "entered_by": "cadre"}
    record_facts(running, [*exited_household(1, 5, NOVEMBER)])
    record_facts(
        running,
        [
            HouseholdSplit(household_id=household_id(1), new_household_id=child, person_ids=gone, **common),
            HouseholdFormed(household_id=child, split_from=household_id(1), person_ids=gone, head=gone[0], **common),
        ],
    )

    def done() -> tuple[int, int]:
        share = progress_of(running, target)
        return share["households"]["done"], share["persons"]["done"]

    assert done() == (1, 5)  # the parent's exit is not counted again for the child
    move = HouseholdMoved(
        household_id=household_id(1), effective_on=before, entered_by="cadre",
        from_division="990001101201", to_division="990001102201",
    )  # fmt: skip
    record_facts(running, [exited(2, after)])
    assert done() == (2, 7)
    record_facts(running, [move])
    assert done() == (0, 0)  # both lived in another township by then


def test_days_are_written_as_days(running: Lika) -> None:
    target = created(planner(running), TARGETS, request_body("W8"))
    for odd in ("2018-W01-1", "20180101", "0", "9999-12-31", "2016-11-31"):
        assert planner(running).get(target, known_at=odd).status_code == 422


def test_a_target_met_in_time_is_not_overdue_and_can_be_struck_off(running: Lika) -> None:
    lines = [
        {"amount": amount, "unit": unit, "place": "全镇", "direction": "at_least"}
        for amount, unit in (("2", "household"), ("8", "person"))
    ]
    target = created(planner(running), TARGETS, request_body("W8", lines=lines))
    milestone = created(
        planner(running),
        f"{target}/milestones",
        {"effective_on": "2016-11-20", "content": "公告", "due_on": "2016-12-31"},
    )
    evidence = on_paper("announcement")
    created(planner(running), f"{milestone}/reached", {"effective_on": "2016-11-20", "evidence": evidence})
    record_facts(running, [*exited_household(1, 4, NOVEMBER)])
    decider = running.client_for("decider-1", TOWNSHIP[:6], Role.DECIDER)
    strike = {"effective_on": "2016-11-20", "evidence": evidence}
    assert refused(decider, f"{target}/strike-off", strike) == "target_quantity_not_met"
    record_facts(running, [*exited_household(2, 4, NOVEMBER)])
    assert planner(running).get(target).json()["state"] == "met"
    step(running, "2017-01-02T08:00:00+08:00")
    assert planner(running).get(target).json()["overdue"] is None
    created(decider, f"{target}/strike-off", {**strike, "effective_on": "2017-01-02"})
    assert planner(running).get(target).json()["state"] == "struck_off"
    assert [t["state"] for t in planner(running).get(TARGETS).json()["items"]] == ["struck_off"]
