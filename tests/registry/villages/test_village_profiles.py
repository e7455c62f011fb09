"""What a village has, and how its income grows, over HTTP, on any day as known on any other."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.roles import Role
from services.registry.service import registry
from tests.contracts.valid_requests_divisions import INCOME, PROFILE
from tests.support.running import ApiClient, Lika, lika

COUNTY, VILLAGE = "990001", "990001101201"
OF_VILLAGE, OF_COUNTY = f"/registry/divisions/{VILLAGE}", f"/registry/divisions/{COUNTY}"


@pytest.fixture(scope="module")
def house(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder: Path = tmp_path_factory.mktemp("villages")
    with lika([registry], module_database, folder, datetime(2014, 5, 1, tzinfo=UTC)) as started:
        operator = started.client_for("op-1", "", Role.OPERATOR)
        for code, level, name in ((COUNTY, "county", "样例县"), (VILLAGE, "village", "青山村")):
            form = {"code": code, "level": level, "name": name, "effective_on": "2014-01-01"}
            assert operator.post("/registry/divisions", form).status_code == 201
        yield started


@pytest.fixture(scope="module")
def team(house: Lika) -> ApiClient:
    return house.client_for("team-1", VILLAGE, Role.CADRE)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_village_has_what_was_found_last_on_any_day_as_known_on_any_other(house: Lika, team: ApiClient) -> None:
    assert refusal(team.get(f"{OF_VILLAGE}/profile")) == (404, "no_village_profile")
    assert team.post(f"{OF_VILLAGE}/profiles", PROFILE).status_code == 201
    house.client_for("op-1", "", Role.OPERATOR).post("/registry/clock/steps", {"to": "2014-05-20T09:00:00+08:00"})
    found_again = {**PROFILE, "effective_on": "2014-05-10", "without_road": 0}
    assert team.post(f"{OF_VILLAGE}/profiles", found_again).status_code == 201
    now = team.get(f"{OF_VILLAGE}/profile").json()
    assert (now["found_on"], now["without_road"], now["arable_mu"]) == ("2014-05-10", 0, "1800.000")
    assert (now["resettled_households"], now["resettled_persons"]) == (19, 88)
    before = team.get(f"{OF_VILLAGE}/profile", as_of="2014-05-09").json()
    assert (before["found_on"], before["without_road"]) == ("2014-04-15", 1)
    known_then = team.get(f"{OF_VILLAGE}/profile", as_of="2014-05-10", known_at="2014-05-19").json()
    assert known_then == {**before, "found_on": "2014-04-15"}
    assert team.get(f"{OF_VILLAGE}/profile", as_of="2014-04-14").status_code == 404


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"arable_mu": "1800.001"}, "profile_land_does_not_add_up"),
        ({"dry_land_mu": "1179.999"}, "profile_land_does_not_add_up"),
        ({"resettled_households": 413}, "profile_part_exceeds_whole"),
        ({"resettled_persons": 1631}, "profile_part_exceeds_whole"),
        ({"labourers": 1631}, "profile_part_exceeds_whole"),
        ({"without_road": 10}, "profile_part_exceeds_whole"),
        ({"households": 1631}, "profile_part_exceeds_whole"),
        ({"effective_on": "2199-01-01"}, "future_day"),
        ({"effective_on": "2013-12-31"}, "division_not_yet_declared"),
    ],
)
def test_sub_totals_add_up_and_no_part_is_more_than_its_whole(
    team: ApiClient, changed: dict[str, Any], code: str
) -> None:
    assert refusal(team.post(f"{OF_VILLAGE}/profiles", {**PROFILE, **changed})) == (409, code)


def test_a_part_may_be_the_whole(team: ApiClient) -> None:
    whole = {"effective_on": "2014-04-01", "resettled_households": 412, "resettled_persons": 1630, "without_water": 9}
    assert team.post(f"{OF_VILLAGE}/profiles", {**PROFILE, **whole}).status_code == 201


def test_only_those_of_the_place_say_what_it_has_and_a_county_has_no_profile(house: Lika) -> None:
    elsewhere = house.client_for("team-2", "990001101202", Role.CADRE)
    assert refusal(elsewhere.post(f"{OF_VILLAGE}/profiles", PROFILE)) == (404, "not_found")
    county = house.client_for("cadre-c", COUNTY, Role.CADRE)
    assert refusal(county.post(f"{OF_COUNTY}/profiles", PROFILE)) == (409, "only_villages_have_profiles")


def test_the_growth_of_a_village_is_compared_with_its_countys(house: Lika, team: ApiClient) -> None:
    county = house.client_for("cadre-c", COUNTY, Role.CADRE)

    def growth(**asked: str) -> Any:
        return team.get(f"{OF_VILLAGE}/income-growth", year="2013", **asked).json()

    assert growth()["reaches_county"] is None
    for client, of, before, after in (
        (team, OF_VILLAGE, "6000.00", "6690.00"),
        (county, OF_COUNTY, "8000.00", "8920.00"),
    ):
        for year, income in ((2012, before), (2013, after)):
            form = {**INCOME, "year": year, "income": income}
            assert client.post(f"{of}/incomes", form).status_code == 201
    reached = growth()
    assert (reached["division"]["growth_percent"], reached["county"]["growth_percent"]) == ("11.50", "11.50")
    assert reached["reaches_county"] is True
    assert (
        team.post(f"{OF_VILLAGE}/incomes", {**INCOME, "income": "6689.99", "effective_on": "2014-03-01"}).status_code
        == 201
    )
    corrected = growth()
    assert corrected["division"]["growth_percent"] == "11.50"
    assert corrected["reaches_county"] is False, "percents are rounded for people, the comparison is exact"
    assert growth(as_of="2014-02-28")["reaches_county"] is True


@pytest.mark.parametrize(("published_on", "outcome"), [("2013-12-31", 409), ("2014-01-01", 201), ("2014-01-02", 201)])
def test_the_income_of_a_year_is_published_after_its_end(house: Lika, published_on: str, outcome: int) -> None:
    operator = house.client_for("op-1", "", Role.OPERATOR)
    code = f"9900011012{published_on[-2:]}"
    operator.post(
        "/registry/divisions", {"code": code, "level": "village", "name": "某村", "effective_on": "2013-01-01"}
    )
    cadre = house.client_for("team-3", code, Role.CADRE)
    answer = cadre.post(f"/registry/divisions/{code}/incomes", {**INCOME, "effective_on": published_on})
    assert answer.status_code == outcome
    if outcome == 409:
        assert answer.json()["code"] == "income_year_not_over"


def test_a_province_publishes_elsewhere(house: Lika) -> None:
    operator = house.client_for("op-1", "", Role.OPERATOR)
    operator.post(
        "/registry/divisions", {"code": "99", "level": "province", "name": "样例省", "effective_on": "2014-01-01"}
    )
    cadre = house.client_for("cadre-p", "99", Role.CADRE)
    assert refusal(cadre.post("/registry/divisions/99/incomes", INCOME)) == (409, "no_income_of_this_level")


def test_what_is_on_record_so_is_entered_once_and_a_figure_put_back_is_entered_again(house: Lika) -> None:
    operator = house.client_for("op-1", "", Role.OPERATOR)
    code = "990001101250"
    declared = {"code": code, "level": "village", "name": "某村", "effective_on": "2013-01-01"}
    assert operator.post("/registry/divisions", declared).status_code == 201
    cadre, at = house.client_for("team-4", code, Role.CADRE), f"/registry/divisions/{code}"

    def entered() -> int:
        return len(cadre.get(f"{at}/acts").json())

    for _ in range(2):
        assert cadre.post(f"{at}/profiles", PROFILE).status_code == 201
        assert cadre.post(f"{at}/incomes", INCOME).status_code == 201
    assert entered() == 3
    for income in ("7421.00", INCOME["income"]):
        assert cadre.post(f"{at}/incomes", {**INCOME, "income": income}).status_code == 201
    assert entered() == 5
