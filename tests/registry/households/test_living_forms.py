"""The household's whole form over HTTP: what is entered is read back, corrected, and kept in history; hostile words are refused."""

from typing import Any

import pytest

from tests.registry.households.example_requests import member_ids
from tests.registry.households.example_villages import Village, done
from tests.support.running import Lika

WORDS: dict[str, Any] = {
    "risks": ["因病", "产业失败"], "village_group": "第三村民小组", "natural_village": "杨家湾", "irrigated_mu": "1.5亩",
    "orchard_mu": "0.8", "reforested_mu": "1", "pasture_mu": "0", "water_surface_mu": "0.2", "housing_grade": "C级",
    "road_km": "0.3公里", "water_supply": "自来水", "power_supply": "动力电", "toilet": "旱厕", "cooperative_member": True,
    "relocated": False, "main_cause": "因病", "other_causes": ["缺技术"],
}  # fmt: skip
CODES: dict[str, Any] = {
    "risks": ["illness", "industry_failure"], "village_group": "3组", "natural_village": "杨家湾", "irrigated_mu": "1.500",
    "orchard_mu": "0.800", "reforested_mu": "1.000", "pasture_mu": "0.000", "water_surface_mu": "0.200",
    "housing_grade": "c", "road_km": "0.300", "water_supply": "piped", "power_supply": "productive",
    "toilet": "unsanitary", "cooperative_member": True, "relocated": False, "main_cause": "illness",
    "other_causes": ["no_skill"],
}  # fmt: skip


@pytest.fixture(scope="module")
def village(running: Lika) -> Village:
    return Village(running)


def read(village: Village, home: str, **asked: str) -> dict[str, Any]:
    answer = village.cadre.get(home, **asked).json()
    return {name: answer[name] for name in CODES}


def test_what_is_entered_in_the_words_of_the_form_is_read_back(village: Village) -> None:
    assert read(village, village.household("2018-01-10", **WORDS)) == CODES


def test_a_survey_changes_what_it_says_from_its_day_and_what_it_leaves_blank_stays(village: Village) -> None:
    home = village.household("2018-01-10", **WORDS)
    done(village.cadre.post(f"{home}/surveys", {"effective_on": "2018-03-02", "housing_grade": "a", "risks": []}))
    assert read(village, home, as_of="2018-03-01") == CODES
    assert read(village, home, as_of="2018-03-02") == {**CODES, "housing_grade": "a", "risks": []}
    act = village.cadre.get(f"{home}/facts").json()[-1]["act"]
    done(village.cadre.post(f"{home}/corrections", {"effective_on": "2018-03-02", "acts": [act], "reason": "误登"}))
    assert read(village, home) == CODES
    (snapshot,) = [s for s in village.cadre.get(f"{home}/periods").json()["snapshots"] if s["housing_grade"] == "c"]
    assert {name: snapshot[name] for name in CODES} == CODES


def test_a_group_and_a_natural_village_are_left_behind_by_a_move(running: Lika, village: Village) -> None:
    there, home = Village(running), village.household("2018-01-10", **WORDS)
    move = {"effective_on": "2018-04-02", "from_division": village.code, "to_division": there.code}
    done(village.township.post(f"{home}/moves", move))
    before, after = (
        village.township.get(home, as_of=f"2018-04-0{day}").json()["village_group"] for day in (1, 2)
    )  # fmt: skip
    assert (before, after) == ("3组", None)


@pytest.mark.parametrize(
    ("written", "group"),
    [
        ("三组", "3组"), ("3 组", "3组"), ("第十二村民小组", "12组"), ("村民二十组", "20组"), ("２１组", "21组"), ("五社", "5社"),
        ("东头组", "东头组"), ("十十组", "十十组"),
    ],
)  # fmt: skip
def test_a_group_goes_by_its_number(village: Village, written: str, group: str) -> None:
    home = village.household("2018-01-10", village_group=written)
    assert village.cadre.get(home).json()["village_group"] == group


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("village_group", "<b>3</b>"), ("village_group", "三组\n四组'; DROP"), ("natural_village", "湾" * 21),
        ("natural_village", "=cmd|'/c'"), ("housing_grade", "E级"), ("risks", ["因病"] * 2), ("risks", ["因懒"]),
        ("risks", ["illness", "schooling", "disability", "accident", "other", "unsafe_water"]), ("road_km", "500米"),
        ("road_km", "-1"), ("water_supply", "可口可乐"), ("irrigated_mu", "NaN"), ("toilet", ""),
    ],
)  # fmt: skip
def test_hostile_and_impossible_words_are_refused(village: Village, field: str, value: object) -> None:
    home = village.household("2018-01-10")
    answer = village.cadre.post(f"{home}/surveys", {"effective_on": "2018-03-02", field: value})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_who_lives_in_common_is_a_dated_fact_with_a_reason_that_fits(village: Village) -> None:
    home = village.household("2018-01-10")
    son = member_ids(village.cadre, home)[2]
    where = f"{home}/members/{son}/common-residence"
    apart = {"effective_on": "2018-03-02", "lives_in_common": False, "reason": "分开生活"}
    done(village.cadre.post(where, apart))
    done(village.cadre.post(where, {"effective_on": "2018-04-02", "lives_in_common": True, "reason": "works_away"}))

    def lives(day: str) -> bool:
        return bool(village.cadre.get(home, as_of=day).json()["members"][2]["lives_in_common"])

    assert [lives(f"2018-{day}") for day in ("03-01", "03-02", "04-01", "04-02")] == [True, False, False, True]
    for wrong in ({"lives_in_common": True}, {"reason": "works_away"}, {"reason": "outer_space"}):
        answer = village.cadre.post(where, {**apart, **wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    stranger = village.cadre.post(f"{home}/members/{home.rpartition('/')[2]}/common-residence", apart)
    assert (stranger.status_code, stranger.json()["code"]) == (409, "no_such_member")
