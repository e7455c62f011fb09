"""What is given to people outside of the register's programmes: cash and goods, each once, summed up, beside what was reported."""

from decimal import Decimal

import pytest

from tests.assistance.care.telling import BEGIN, CareCounty
from tests.assistance.harness import VILLAGE

PLACE = {"kind": "division", "place": VILLAGE}


def test_sick_workers_are_visited_with_money_and_no_meal(county: CareCounty) -> None:
    """M140, R47: workers are outside of the register."""
    workers = [county.party("worker", f"sick-{n}") for n in range(3)]
    visit = county.form("sick_worker_visit", workers[0], by="union-1", meal="none", illness="住院", amount="500")
    without = {**visit, "values": [v for v in visit["values"] if v["field"] != "meal"]}
    assert county.refusal("/records", without) == "record_field_missing"
    county.post("/records", visit)
    for worker, amount in zip(workers[1:], ("500", "620.50"), strict=True):
        county.tell("sick_worker_visit", worker, by="union-1", meal="none", illness="手术", amount=amount)
    assert county.totals("sick_worker_visit") == {"amount": (3, 3, "1620.50")}
    (listed, *_) = county.harness.get("/records", county.cadre, subject=workers[0]["id"], since=BEGIN)["items"]
    assert (listed["about"], listed["done_by"]) == ("party", "union-1")


def test_household_visits_and_aid_times_of_workers_are_two_figures(county: CareCounty) -> None:
    """B33: 户次 and 人次 are never added."""
    worker = county.party("worker", "hardship-1")
    for _ in range(3):
        county.tell("worker_home_visit", worker, meal="none", amount="200")
    county.tell("worker_aid", worker, reason="子女上学", amount="703.01")
    assert county.totals("worker_home_visit") == {"amount": (3, 1, "600.00")}
    assert county.totals("worker_aid") == {"amount": (1, 1, "703.01")}


def test_left_behind_children_get_cash_and_goods(county: CareCounty) -> None:
    """B18."""
    children = [county.pupil() for _ in range(3)]
    for child in children:
        county.tell("county_child_aid", child, form="cash", amount="300")
        county.tell("county_child_aid", child, form="goods", amount="107.71", item="书包、衣物")
    assert county.totals("county_child_aid") == {"amount": (6, 3, "1223.13")}


def test_relief_says_who_got_what_on_which_occasion(county: CareCounty) -> None:
    """M098, B34, B35, B37, B38: cash and goods are two figures; a team is relieved in the heat as a team."""
    household, member, team = (
        county.household(),
        county.party("resident", "old-member-1"),
        county.party("team", "一班组"),
    )
    relief = county.form("relief", household, occasion="national_day", recipient="poor_household", amount="146")
    assert county.refusal("/records", {**relief, "values": relief["values"][1:]}) == "record_field_missing"
    county.post("/records", relief)
    food = {"goods": "米、油", "goods_value": "600"}
    county.tell("relief", household, occasion="campaign", recipient="poor_household", amount="400", **food)
    county.tell("relief", member, occasion="spring_festival", recipient="old_party_member", amount="146")
    county.tell(
        "relief", team, occasion="heat", recipient="worker", goods="绿豆、毛巾", goods_value="335", persons="23"
    )
    for recipient in ("veteran", "college_pupil", "worker", "woman", "child"):
        county.tell(
            "relief",
            county.party("resident", f"r-{recipient}"),
            occasion="mid_autumn",
            recipient=recipient,
            amount="100",
        )
    assert county.totals("relief") == {
        "amount": (8, 7, "1192.00"), "goods_value": (2, 2, "935.00"), "persons": (1, 1, "23.00")
    }  # fmt: skip


REPORTED = {
    "left_behind": ({"amount": "1100000", "persons": "2698"}, "persons", 408),
    "sick_workers": ({"amount": "250000", "persons": "500"}, "persons", 500),
    "worker_relief": ({"amount": "256600", "household_visits": "1095", "person_times": "365"}, "person_times", 703),
    "heat": ({"amount": "100000", "persons": "7000", "teams": "300"}, "teams", 333),
    "hardship_comfort": ({"amount": "300000", "households": "459"}, "households", 654),
    "festival": ({"amount": "8200", "households": "41", "persons": "15"}, None, 146),
    "public_posts": ({"amount": "240000", "persons": "613", "women": "203"}, "persons", 392),
    "very_poor": ({"amount": "20000", "households": "20"}, "households", 1000),
}
"""B18, B32–B35, B37, B38, M153: what the papers state, and what that makes for each; women are 33.1 % of those in public posts."""


@pytest.mark.parametrize("programme", REPORTED)
def test_what_a_paper_reports_is_kept_as_told_with_its_own_units(county: CareCounty, programme: str) -> None:
    figures, each, share = REPORTED[programme]
    union = county.party("union", f"union-{programme}")
    where = county.tell("aid_report", union, programme=programme, period_ends=BEGIN, **figures)
    values = county.harness.get(where, county.cadre)["values"]
    told = {v["field"]: (Decimal(v["amount"]), v["unit"]) for v in values if v.get("amount") is not None}
    units = {
        "amount": "yuan", "persons": "person", "women": "person", "person_times": "attendance", "households": "household",
        "household_visits": "household_visit", "teams": "set",
    }  # fmt: skip
    assert told == {name: (Decimal(number), units[name]) for name, number in figures.items()}
    by = told[each][0] if each is not None else told["households"][0] + told["persons"][0]
    assert round(told["amount"][0] / by) == share
    if "women" in told:
        assert round(told["women"][0] / by * 100, 1) == Decimal("33.1")
