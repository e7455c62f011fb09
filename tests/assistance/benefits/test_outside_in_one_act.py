"""Everyone eligible in an area is everyone: a programme for units outside of the register is asked of those that are entered, and of no
household."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from contracts.roles import Role
from tests.assistance.benefits.field import APPLIED, Benefit, BenefitField, adopted, family, part, rate
from tests.assistance.benefits.test_scenes import party
from tests.assistance.harness import NEXT_VILLAGE, assistance_harness
from tests.support.running import all_items

KITCHENS = Benefit(
    "school_kitchens", "M109", "school", (), (part("kitchen", "school", "once", rate("5000")),), [family()], []
)
WORKERS = Benefit(
    "worker_relief", "M139", "worker", (), (part("relief", "person", "once", rate("300")),), [family()], []
)
KINDS = {
    "school": {"name": "中心小学"}, "kindergarten": {"name": "中心幼儿园"}, "village": {"name": "河西村"}, "worker": {"number": "W-0012"},
}  # fmt: skip


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[BenefitField]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), APPLIED) as harness:
        yield adopted(harness, (KITCHENS, WORKERS))


@pytest.fixture(scope="module")
def entered(office: BenefitField) -> dict[str, str]:
    """Of each kind one, by its kind; and a school in the next village, and one that is gone."""
    found = {kind: party(office, kind, **named) for kind, named in KINDS.items()}
    next_one = {"kind": "school", "division": NEXT_VILLAGE, "effective_on": APPLIED, "name": "邻村小学"}
    office.harness.post(office.harness.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE), "/parties", next_one)
    gone = party(office, "school", name="撤并小学")
    office.harness.post(office.harness.cadre, f"/parties/{gone}/ends", {"effective_on": APPLIED})
    return found


def asked(office: BenefitField, **more: Any) -> list[dict[str, Any]]:
    items = office.harness.get("/eligibility", office.harness.cadre, **more)["items"]
    return [dict(item) for item in items]


def test_schools_of_a_village_are_proposed_and_no_household(office: BenefitField, entered: dict[str, str]) -> None:
    schools = sorted((entered["school"], entered["kindergarten"]))
    assert sorted(e["unit_id"] for e in asked(office, programme="school_kitchens", only="to_apply")) == schools
    trial = office.proposal(KITCHENS, units=None, exceptions=[{"unit_id": schools[0], "reason": "declined"}])
    found = office.harness.cadre.post("/assistance/entitlements/proposals", trial).json()
    assert (found["considered"], [e["unit_id"] for e in found["exceptions"]]) == (2, [schools[0]])
    assert [(p["unit_id"], p["opened"]) for p in found["proposed"]] == [(schools[1], True)]
    office.harness.running.positions.update(found["position"])
    assert [e["unit_id"] for e in asked(office, programme="school_kitchens", only="to_apply")] == [schools[0]]
    again = office.harness.cadre.post("/assistance/entitlements/proposals", {**trial, "exceptions": []}).json()
    assert (again["has_it"], [p["unit_id"] for p in again["proposed"]]) == (1, [schools[0]])


def test_a_household_applies_for_no_programme_of_schools(office: BenefitField, entered: dict[str, str]) -> None:
    (household,) = KITCHENS.families
    units = (str(household.household), str(household.pupil.person_id), entered["village"])
    for unit in units:
        form = {"procedure": "school_kitchens", "subject": unit, "on": APPLIED, "grounds": "申请"}
        answer = office.harness.cadre.post("/assistance/cases", form).json()
        assert (answer["code"], answer["facts"]["reasons"]) == ("not_eligible", ["another_kind_of_unit"])


def test_workers_in_and_outside_of_the_register_are_one_list_in_order(
    office: BenefitField, entered: dict[str, str]
) -> None:
    every = asked(office, programme="worker_relief")
    assert {e["unit_id"]: e["status"] for e in every}[entered["worker"]] is None
    assert sum(e["status"] is not None for e in every) == len(every) - 1 > 0
    paged = all_items(office.harness.cadre, "/assistance/eligibility", limit=1, only="to_apply")
    assert paged == asked(office, only="to_apply")
    assert {e["programme"] for e in paged if e["unit_id"] == entered["worker"]} == {"worker_relief"}


def test_a_party_is_told_why_it_gets_what_it_gets_and_nothing_of_another_kind(
    office: BenefitField, entered: dict[str, str]
) -> None:
    """On a day on which it was there, as known by then, and by whoever is responsible for its place."""
    harness, day_before = office.harness, str(date.fromisoformat(APPLIED) - timedelta(days=1))

    def told(unit: str, **asked: Any) -> list[tuple[str, str, str]]:
        found = harness.get(f"/parties/{unit}/programme-answers", **asked)["answers"]
        return [(a["unit_id"], a["programme"], a["outcome"]) for a in found]

    worker, village = entered["worker"], entered["village"]
    assert (worker, "worker_relief", "may_apply") in told(worker)
    assert told(worker, programme="worker_relief") == [(worker, "worker_relief", "may_apply")]
    assert told(worker, programme="school_kitchens") == told(village, programme="school_kitchens") == []
    assert told(worker, as_of=day_before) == told(worker, known_at=day_before) == []
    elsewhere = harness.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
    for who, unit in ((elsewhere, worker), (harness.cadre, str(KITCHENS.families[0].household))):
        assert who.get(f"/assistance/parties/{unit}/programme-answers").status_code == 404
    form = {"procedure": "worker_relief", "subject": worker, "on": APPLIED, "grounds": "申请"}
    harness.post(harness.cadre, "/cases", form)
    assert told(worker, programme="worker_relief") == [(worker, "worker_relief", "applied")]
    harness.post(harness.cadre, f"/parties/{worker}/ends", {"effective_on": APPLIED})
    assert told(worker) == []
