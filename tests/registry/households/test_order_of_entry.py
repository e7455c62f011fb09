"""What is entered comes to the same in whatever order, over HTTP: nobody is lost, and nobody is counted twice."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from services.registry.service import registry
from tests.registry.households.example_requests import member_body, member_ids, status_and_code, unused_resident_id
from tests.registry.households.example_villages import (
    TODAY,
    Village,
    act_of,
    annul,
    done,
)
from tests.support.running import Lika, lika


def in_order(order: Sequence[int], *acts: Callable[[], object]) -> None:
    for number in order:
        acts[number]()


EITHER_ORDER = pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["first", "late"])


@EITHER_ORDER
def test_an_approval_before_a_split_registers_both_households(village: Village, order: tuple[int, ...]) -> None:
    household = village.household("2018-01-10")
    _, spouse, child = member_ids(village.cadre, household)
    in_order(
        order,
        lambda: village.enrol(household, "2018-02-18"),
        lambda: village.split(household, "2018-04-01", spouse, child),
    )
    assert village.totals("2018-02-17") == {"candidate": (1, 3)}
    assert village.totals("2018-03-31") == {"registered": (1, 3)}
    assert village.totals("2018-04-01") == {"registered": (2, 3)}


@EITHER_ORDER
def test_an_exit_before_a_split_is_the_exit_of_both_households(village: Village, order: tuple[int, ...]) -> None:
    household = village.household("2017-01-10")
    _, spouse, child = member_ids(village.cadre, household)
    village.enrol(household, "2017-02-18")
    in_order(
        order,
        lambda: village.exit(household, "2017-09-10"),
        lambda: village.split(household, "2017-10-01", spouse, child),
    )
    assert village.totals("2017-09-09") == {"registered": (1, 3)}
    assert village.totals("2017-09-30") == {"exited": (1, 3)}
    assert village.totals("2017-10-01") == {"exited": (2, 3)}


@EITHER_ORDER
def test_a_move_before_a_split_takes_the_new_household_along(
    running: Lika, village: Village, order: tuple[int, ...]
) -> None:
    there = Village(running)
    household = village.household("2017-01-10")
    _, spouse, child = member_ids(village.cadre, household)
    move = {"effective_on": "2017-09-01", "from_division": village.code, "to_division": there.code}
    split = {"effective_on": "2017-10-01", "person_ids": [spouse, child], "head": spouse}
    in_order(
        order,
        lambda: done(village.township.post(f"{household}/moves", move)),
        lambda: done(village.township.post(f"{household}/splits", split)),
    )
    assert (village.totals("2017-08-31"), village.totals("2017-10-01")) == ({"candidate": (1, 3)}, {})
    assert (there.totals("2017-08-31"), there.totals("2017-10-01")) == ({}, {"candidate": (2, 3)})


@EITHER_ORDER
def test_a_removal_from_before_a_split_removes_both_households(village: Village, order: tuple[int, ...]) -> None:
    household = village.household("2017-01-10")
    _, spouse, child = member_ids(village.cadre, household)
    village.enrol(household, "2017-02-18")
    in_order(
        order,
        lambda: village.remove(household, "2018-03-01"),
        lambda: village.split(household, "2017-10-01", spouse, child),
    )
    assert village.totals("2017-02-17") == {"candidate": (1, 3)}
    assert village.totals("2017-09-30") == {"removed": (1, 3)}
    assert village.totals("2017-10-01") == {"removed": (2, 3)}


def test_a_household_that_moved_away_and_home_again_is_told_in_any_order(running: Lika, village: Village) -> None:
    there = Village(running)
    for order in ((0, 1), (1, 0)):
        household = village.household("2017-01-10")
        village.enrol(household, "2017-02-18")
        away = {"effective_on": "2017-09-01", "from_division": village.code, "to_division": there.code}
        home: dict[str, Any] = {"effective_on": "2018-03-01", "from_division": there.code, "to_division": village.code}
        if order == (1, 0):
            assert status_and_code(village.cadre.post(f"{household}/moves", home)) == (409, "not_in_that_village")
            home["earlier_move_missing"] = True
        in_order(
            order,
            lambda of=household, move=away: done(village.township.post(f"{of}/moves", move)),  # type: ignore[misc]
            lambda of=household, move=home: done(village.township.post(f"{of}/moves", move)),  # type: ignore[misc]
        )
    for day, at_home in (("2017-08-31", 2), ("2017-09-01", 0), ("2018-02-28", 0), ("2018-03-01", 2), (TODAY, 2)):
        assert village.totals(day).get("registered", (0, 0)) == (at_home, 3 * at_home), day
        assert there.totals(day).get("registered", (0, 0)) == (2 - at_home, 3 * (2 - at_home)), day


def test_a_move_whose_former_one_is_not_entered_yet_counts_by_where_it_leads(running: Lika, village: Village) -> None:
    second, third = Village(running), Village(running)
    household = village.household("2017-01-10")
    on = {"effective_on": "2018-03-01", "from_division": second.code, "to_division": third.code}
    assert status_and_code(village.cadre.post(f"{household}/moves", on)) == (409, "not_in_that_village")
    done(village.township.post(f"{household}/moves", {**on, "earlier_move_missing": True}))
    assert (village.totals("2018-02-28"), third.totals("2018-03-01")) == ({"candidate": (1, 3)},) * 2
    first = {"effective_on": "2017-09-01", "from_division": village.code, "to_division": second.code}
    done(village.township.post(f"{household}/moves", first))
    assert (village.totals("2017-08-31"), second.totals("2018-02-28")) == ({"candidate": (1, 3)},) * 2
    assert (third.totals("2018-03-01"), second.totals(TODAY), village.totals(TODAY)) == ({"candidate": (1, 3)}, {}, {})


@pytest.mark.parametrize("more", [{}, {"earlier_move_missing": True}])
def test_nobody_moves_to_the_village_they_leave(village: Village, more: dict[str, Any]) -> None:
    household = village.household("2018-01-10")
    body = {"effective_on": "2018-02-01", "from_division": village.code, "to_division": village.code, **more}
    assert status_and_code(village.cadre.post(f"{household}/moves", body)) == (409, "moves_to_same_village")


class Two:
    """A of three persons since 2017-01-10, one of whom (P) has an ID number, and B of one person since 2016-01-10."""

    def __init__(self, village: Village) -> None:
        self.number = unused_resident_id()
        people = [member_body("head"), member_body("spouse"), member_body("child", id_number=self.number)]
        self.a = village.household("2017-01-10", members=people)
        self.b = village.household("2016-01-10", members=[member_body("head")])
        self.person = member_ids(village.cadre, self.a)[2]


def test_a_person_joins_no_household_on_days_spent_in_another(village: Village) -> None:
    two = Two(village)
    village.leave(two.a, two.person, "2018-02-01")
    refused = village.join(two.b, two.person, two.number, "2017-11-01")
    assert status_and_code(refused) == (409, "member_of_another_household")
    assert "2017-01-10" in refused.text
    assert "2018-02-01" in refused.text
    assert village.totals("2017-12-31") == {"candidate": (2, 4)}
    done(village.join(two.b, two.person, two.number, "2018-02-01"))
    assert village.totals("2018-01-31") == village.totals("2018-02-01") == {"candidate": (2, 4)}


def test_a_late_entry_ends_at_what_follows(village: Village) -> None:
    two = Two(village)
    early = "2016-11-01"
    assert status_and_code(village.join(two.b, two.person, two.number, early)) == (409, "member_of_another_household")
    done(village.join(two.b, two.person, two.number, early, left_on="2017-01-10", left_for="moved_away"))
    assert village.totals("2016-12-31") == {"candidate": (1, 2)}
    assert village.totals("2017-01-10") == {"candidate": (2, 4)}


def test_a_former_leave_is_not_annulled_while_the_person_lives_elsewhere(village: Village) -> None:
    two = Two(village)
    village.leave(two.a, two.person, "2018-02-01")
    done(village.join(two.b, two.person, two.number, "2018-02-01"))
    leave = act_of(village.cadre, two.a, "MemberLeft")
    assert status_and_code(annul(village.cadre, two.a, leave)) == (409, "member_of_another_household")
    done(annul(village.cadre, two.b, act_of(village.cadre, two.b, "MemberJoined")))
    done(annul(village.cadre, two.a, leave))
    assert village.totals(TODAY) == {"candidate": (2, 4)}


@pytest.mark.parametrize(
    ("back_on", "answer"),
    [
        ("2018-02-28", (409, "already_a_member")),
        ("2018-03-01", (409, "returns_on_day_of_leaving")),
        ("2018-03-02", None),
    ],
)
def test_whoever_left_comes_back_from_the_next_day_on(
    village: Village, back_on: str, answer: tuple[int, str] | None
) -> None:
    two = Two(village)
    village.leave(two.a, two.person, "2018-03-01")
    back = village.join(two.a, two.person, two.number, back_on)
    if answer is None:
        done(back)
        assert village.totals("2018-03-01") == {"candidate": (2, 3)}
        assert village.totals("2018-03-02") == {"candidate": (2, 4)}
    else:
        assert status_and_code(back) == answer


def test_whoever_split_off_comes_back_from_the_next_day_on(village: Village) -> None:
    two = Two(village)
    new = village.split(two.a, "2018-03-01", member_ids(village.cadre, two.a)[1], two.person)
    village.leave(new, two.person, "2018-03-02")
    for day, answer in (("2018-03-01", 409), ("2018-03-02", 201)):
        assert village.join(two.a, two.person, two.number, day).status_code == answer
    assert village.totals("2018-03-01") == village.totals(TODAY) == {"candidate": (3, 4)}


@pytest.mark.parametrize("params", [{"as_of": "9999-12-31"}, {"known_at": "2018-W01-1"}])
def test_days_that_nobody_can_ask_about_are_refused(village: Village, params: dict[str, str]) -> None:
    household = village.household("2018-01-10")
    for path in (household, "/registry/households", "/registry/totals"):
        assert status_and_code(village.cadre.get(path, **params)) == (422, "malformed"), path


def test_just_before_midnight_an_acknowledged_household_is_found(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    last_tick = datetime(2014, 6, 1, 15, 59, 59, 999_999, tzinfo=UTC)
    with lika([registry], database, tmp_path, last_tick) as running:
        village = Village(running)
        for persons in (1, 2):
            people = [member_body("head"), *[member_body("child") for _ in range(1, persons)]]
            household = village.household("2014-05-20", members=people)
            assert village.cadre.get(household).status_code == 200
        assert village.totals("2014-06-01") == {"candidate": (2, 3)}
        assert len(village.cadre.get("/registry/households").json()["items"]) == 2
