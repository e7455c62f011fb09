"""Visits, told in any order, give the picture of every day that the separate commands give, in any other order."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registry.households.example_requests import member_ids, unused_resident_id
from tests.registry.households.example_villages import TODAY, Village, done, id_of, registry_of_2018
from tests.support.running import ApiClient

DAYS = [(date.fromisoformat(TODAY) - timedelta(days=7 * weeks)).isoformat() for weeks in range(4)]
SECURED = ("food", "clothing", "education", "medical", "housing", "water")
MONEY = ("wages", "business", "property", "transfers", "business_costs")
AMOUNTS = st.integers(0, 9000).map(lambda yuan: f"{yuan}.00")
DETAILS = st.fixed_dictionaries(
    {},
    optional={
        "housing_m2": st.integers(10, 200).map(str), "water_supply": st.sampled_from(["piped", "well"]),
        "main_cause": st.sampled_from(["illness", "schooling"]), "relocated": st.booleans(),
    },
)  # fmt: skip
CHANGED = st.fixed_dictionaries(
    {},
    optional={
        "labour_skill": st.sampled_from(["ordinary", "skilled", "none"]), "work_months": st.integers(0, 12),
        "health": st.sampled_from(["healthy", "chronic"]), "lives_here": st.booleans(),
    },
)  # fmt: skip
RESIDENCE = st.sampled_from(
    [{"lives_in_common": True, "reason": "works_away"}, {"lives_in_common": False, "reason": "lives_apart"}]
)
INCOME = st.fixed_dictionaries(
    {"period_from": st.just("2017-01-01"), "period_to": st.just("2017-12-31"), **dict.fromkeys(MONEY, AMOUNTS)}
)
FOUND = st.fixed_dictionaries(
    {},
    optional={
        "household": DETAILS, "conditions": st.fixed_dictionaries(dict.fromkeys(SECURED, st.booleans())),
        "income": INCOME, "member": CHANGED, "residence": RESIDENCE, "risk": st.just({"statement": "受灾"}),
    },
)  # fmt: skip
"""What one visit finds."""
PATHS = {
    "household": "surveys", "conditions": "conditions", "income": "incomes", "member": "members/{}/surveys",
    "residence": "members/{}/common-residence",
}  # fmt: skip


@pytest.fixture(scope="module")
def village(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Village]:  # fmt: skip
    with registry_of_2018(module_database, tmp_path_factory.mktemp("lika")) as running:
        yield Village(running)


@settings(max_examples=6)
@given(st.dictionaries(st.sampled_from(DAYS), FOUND, min_size=1), st.data())
def test_visits_and_separate_commands_give_one_picture(
    village: Village, found: Mapping[str, Mapping[str, Any]], data: st.DataObject
) -> None:
    who, (visited, surveyed) = village.cadre, [_household(village) for _ in range(2)]
    for day in data.draw(st.permutations(list(found))):
        _visit(who, visited, day, found[day])
    parts = [(day, part) for day, of_day in found.items() for part in of_day]
    for day, part in data.draw(st.permutations(parts)) if parts else ():
        _separately(who, village.code, surveyed, day, part, found[day][part])
    for day in DAYS:
        assert _picture(who, visited, day) == _picture(who, surveyed, day)
    clues = who.get("/registry/clues", division=village.code, limit=200).json()["items"]
    by_household = [
        sorted(c["received_on"] for c in clues if c["household_id"] == id_of(h)) for h in (visited, surveyed)
    ]
    assert by_household[0] == by_household[1]


def _household(village: Village) -> str:
    members = [
        {"name": "王某", "sex": "male", "birth_year": 1970, "relation": "head", "id_number": unused_resident_id()},
        {"name": "王某", "sex": "female", "birth_year": 1972, "relation": "spouse"},
    ]
    return village.household("2016-01-10", members=members)


def _visit(who: ApiClient, household: str, day: str, found: Mapping[str, Any]) -> None:
    _, spouse = member_ids(who, household)
    member = {"person_id": spouse, **found.get("member", {}), "residence": found.get("residence")}
    parts = {name: part for name, part in found.items() if name not in ("member", "residence")}
    seen = {"topic": "routine", "situation": "情况属实"}
    done(who.post(f"{household}/visits", {"effective_on": day, "seen": seen, **parts, "members": [member]}))


def _separately(who: ApiClient, division: str, household: str, day: str, name: str, part: Mapping[str, Any]) -> None:
    if name == "risk":
        clue = {"on": day, "division": division, "household_id": id_of(household), **part}
        done(who.post("/registry/clues/rounds", clue))
    elif part:
        _, spouse = member_ids(who, household)
        done(who.post(f"{household}/{PATHS[name].format(spouse)}", {"effective_on": day, **part}))


def _picture(who: ApiClient, household: str, day: str) -> Any:
    """All that is said of it, but for whose it is."""
    answer = who.get(household, as_of=day).json()
    for member in answer["members"]:
        del member["person_id"]
    return {name: value for name, value in answer.items() if name != "household_id"}
