"""Why am I not getting it: every programme for a household and its members, each condition with its state, source and next step."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from contracts.registry.codes import SchoolStage
from contracts.roles import Role
from tests.assistance.harness import VILLAGE, AssistanceHarness, Family, assistance_harness
from tests.assistance.payments.paying import PayOffice

TODAY = "2016-11-09"


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), TODAY) as started:
        yield started


def enrolled(harness: AssistanceHarness, stage: SchoolStage = SchoolStage.JUNIOR, *, boarder: bool = True) -> Family:
    family = Family.new(stage, boarder=boarder)
    harness.record(family.recorded("2015-01-05"), family.enrolled("2015-03-01"))
    return family


def answers(harness: AssistanceHarness, family: Family, **asked: Any) -> list[dict[str, Any]]:
    found = harness.get(f"/households/{family.household}/programme-answers", **asked)
    return list(found["answers"])


def of_pupil(harness: AssistanceHarness, family: Family, programme: str = "education_aid", **asked: Any) -> Any:
    (found,) = answers(harness, family, programme=programme, person_id=str(family.pupil.person_id), **asked)
    return found


def states(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    of_components = (c for component in answer["components"] for c in component["conditions"])
    return [(c["asks"], c["state"], c["reason"]["code"]) for c in (*answer["conditions"], *of_components)]


def test_every_programme_in_force_is_answered_for_the_household_and_each_member(harness: AssistanceHarness) -> None:
    family = enrolled(harness)
    kinds = {p["programme"]: p["unit_kind"] for p in harness.get("/programmes", division=VILLAGE, limit=200)["items"]}
    members = {str(family.head.person_id), str(family.pupil.person_id)}
    expected = {(key, str(family.household)) for key, kind in kinds.items() if kind == "household"}
    expected |= {(key, who) for key, kind in kinds.items() if kind in ("person", "pupil", "worker") for who in members}
    found = answers(harness, family)
    assert len(found) > 20
    assert {(a["programme"], a["unit_id"]) for a in found} == expected
    assert all(a["document"].startswith("assistance/documents/") and a["source"] for a in found)
    for condition in (c for a in found for c in a["conditions"]):
        assert (condition["next"] is None) == (condition["state"] == "met")


def test_each_condition_says_what_decides_it_and_what_would_change_it(harness: AssistanceHarness) -> None:
    may, home, receiving = enrolled(harness), enrolled(harness, boarder=False), enrolled(harness)
    assert of_pupil(harness, may)["outcome"] == "may_apply"
    PayOffice(harness).grant([receiving], "2015-09-01")
    assert of_pupil(harness, receiving)["outcome"] == "receiving"
    found = of_pupil(harness, home)
    assert (found["outcome"], states(found)) == (
        "not_eligible",
        [
            ("registered", "met", "eligible"), ("in_school", "met", "eligible"), ("boarder", "not_met", "not_a_boarder"),
            ("standard_in_force", "met", "eligible"),
        ],
    )  # fmt: skip
    (component,) = found["components"]
    assert (component["component"], component["amount"]["zh"]) == ("junior", "每学期 625 元")
    boards = component["conditions"][0]
    assert (boards["kept_in"], boards["next"]["zh"][:5]) == ("register", "以登记为准")
    registered = found["conditions"][0]
    enrolment = next(r for r in harness.registry.stream(f"household-{home.household}") if r.version == 2)
    assert (registered["kept_in"], registered["fact"]) == ("register", enrolment.id)
    masked = of_pupil(harness, enrolled(harness, SchoolStage.VOCATIONAL))
    assert (masked["outcome"], states(masked)[-1]) == (
        "not_known",
        ("standard_in_force", "unknown", "no_standard_in_force"),
    )


def test_what_an_application_must_prove_is_not_known_before_it(harness: AssistanceHarness) -> None:
    family = enrolled(harness)
    (found,) = answers(harness, family, programme="rural_minimum_living")
    (proof,) = found["conditions"]
    assert (proof["asks"], proof["parameters"]["zh"]) == ("proved", "民政部门低保审批")
    assert (proof["state"], proof["kept_in"], proof["reason"]["code"]) == ("unknown", "application", "not_proved")
    assert proof["next"]["zh"].startswith("请申请")
    assert found["outcome"] == "not_known"


def test_an_open_application_is_said_until_it_is_decided(harness: AssistanceHarness) -> None:
    family = enrolled(harness)
    one = harness.apply(family, "2016-11-09")
    assert of_pupil(harness, family)["outcome"] == "applied"
    assert of_pupil(harness, family, as_of="2016-11-08")["outcome"] == "may_apply"
    harness.post(harness.cadre, f"{one}/withdrawals", {"on": "2016-11-09"})
    assert of_pupil(harness, family)["outcome"] == "may_apply"


def test_it_is_answered_for_any_day_as_known_on_any_other(harness: AssistanceHarness) -> None:
    family = enrolled(harness)
    assert of_pupil(harness, family, as_of="2015-02-28")["conditions"][0]["reason"]["code"] == "not_in_register"
    assert of_pupil(harness, family, as_of="2015-03-01")["outcome"] == "may_apply"
    assert answers(harness, family, known_at="2016-11-08") == []
    assert answers(harness, family, as_of="2014-12-31") == []
    harness.advance_to("2016-11-12")
    harness.record(family.removed("2016-11-01"))
    now, then = (of_pupil(harness, family, as_of="2016-11-05", **k) for k in ({}, {"known_at": "2016-11-11"}))
    assert (now["outcome"], now["conditions"][0]["reason"]["code"]) == ("not_eligible", "household_removed")
    assert then["outcome"] == "may_apply"


def test_nobody_is_told_of_others(harness: AssistanceHarness) -> None:
    family, other = enrolled(harness), enrolled(harness)
    path = f"/assistance/households/{family.household}/programme-answers"
    elsewhere = harness.running.client_for("cadre-9", "990001102201", Role.CADRE)
    assert elsewhere.get(path).status_code == 404
    asked = harness.get(path.removeprefix("/assistance"), person_id=str(other.pupil.person_id))
    assert asked["answers"] == []
    assert asked["objection"]["zh"].startswith("对此答复有异议的")
