"""ID numbers that somebody outside the caller's area holds: recorded like free ones, counted and decided nowhere until the office
whose area covers both has reviewed them."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.registry.poverty_status import HouseholdEnrolled, Standard
from contracts.roles import Role
from services.registry.households.store import save
from tests.registry.households.example_requests import (
    ANOTHER_COUNTY,
    VILLAGE,
    household_body,
    member_body,
    member_ids,
    record_household,
    registry_with_villages,
    status_and_code,
    unused_resident_id,
)
from tests.support.eventually import eventually
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika

REVIEWS = "/registry/number-reviews"


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-here", VILLAGE, Role.CADRE)


@pytest.fixture
def elsewhere(running: Lika) -> ApiClient:
    return running.client_for("cadre-there", ANOTHER_COUNTY, Role.CADRE)


@pytest.fixture
def city(running: Lika) -> ApiClient:
    """The two villages lie in two counties of one city."""
    return running.client_for("reviewer-city", "9900", Role.REVIEWER)


def head(number: str, **more: Any) -> dict[str, Any]:
    return member_body("head", id_number=number, **more)


def reviews_of(client: ApiClient, location: str) -> list[dict[str, Any]]:
    listed = client.get(REVIEWS).json()["items"]
    return [each for each in listed if each["household_id"] == location.rpartition("/")[2]]


def decide(client: ApiClient, person: str, outcome: str) -> Any:
    return client.post(f"{REVIEWS}/{person}/decisions", {"outcome": outcome, "evidence": on_paper("certificate")})


def annul(cadre: ApiClient, location: str) -> None:
    act = cadre.get(f"{location}/facts").json()[0]["act"]
    correction = {"effective_on": "2014-05-20", "acts": [act], "reason": "录错"}
    assert cadre.post(f"{location}/corrections", correction).status_code == 201


def persons_registered(cadre: ApiClient) -> int:
    return int(cadre.get("/registry/totals").json()["by_status"].get("registered", {"persons": 0})["persons"])


def enrol(running: Lika, cadre: ApiClient, location: str) -> int:
    """As a decided case would. How many persons are registered then."""
    before = persons_registered(cadre)
    household = UUID(location.rpartition("/")[2])
    fact = HouseholdEnrolled(
        household_id=household, effective_on=date(2014, 5, 21), entered_by="decider-1",
        standard=Standard.NATIONAL,
    )  # fmt: skip
    running.services["registry"].store.transact(lambda tx: save(tx, {household: [fact]}))
    eventually(lambda: persons_registered(cadre) == before + 3)
    return before + 3


def test_the_lowest_office_that_covers_both_finds_it_and_nobody_below(
    running: Lika, cadre: ApiClient, elsewhere: ApiClient, city: ApiClient
) -> None:
    number = unused_resident_id()
    there = record_household(elsewhere, ANOTHER_COUNTY, members=[head(number)])
    here = record_household(cadre, members=[head(number)])
    (review,) = reviews_of(city, here)
    assert review == {
        "person_id": member_ids(cadre, here)[0], "household_id": here.rpartition("/")[2], "division": VILLAGE,
        "other_person": member_ids(elsewhere, there)[0], "other_household": there.rpartition("/")[2],
        "other_division": ANOTHER_COUNTY, "office": "9900", "since": "2014-06-01", "due_by": "2014-06-16",
        "set_aside": False, "outcome": None,
    }  # fmt: skip
    for account, division in (("reviewer-county", VILLAGE[:6]), ("reviewer-other", ANOTHER_COUNTY[:6])):
        below = running.client_for(account, division, Role.REVIEWER)
        assert below.get(REVIEWS).json()["items"] == []
        assert status_and_code(decide(below, review["person_id"], "confirmed")) == (404, "not_found")
    assert cadre.get(REVIEWS).status_code == 403
    waiting = [e for e in city.get("/registry/inbox").json()["items"] if e["subject"] == review["person_id"]]
    assert [(e["kind"], e["why"]["code"], e["act"]["operation"], e["may"]) for e in waiting] == [
        ("due", "number_awaits_review", "decide_number_review", True)
    ]
    assert not [e for e in cadre.get("/registry/inbox").json()["items"] if e["subject"] == review["person_id"]]


def test_mistyped_elsewhere_it_is_confirmed_once_nobody_else_holds_it(
    cadre: ApiClient, elsewhere: ApiClient, city: ApiClient
) -> None:
    number = unused_resident_id()
    there = record_household(elsewhere, ANOTHER_COUNTY, members=[head(number)])
    here = record_household(cadre, members=[head(number)])
    person = member_ids(cadre, here)[0]
    held = decide(city, person, "confirmed")
    assert status_and_code(held) == (409, "number_still_held")
    assert held.json()["facts"]["household_id"] == there.rpartition("/")[2]
    assert decide(city, person, "mistyped_elsewhere").status_code == 201
    annul(elsewhere, there)
    assert decide(city, person, "confirmed").status_code == 201
    assert reviews_of(city, here) == []
    # From now on it is this person's: whoever comes with it there awaits the review, and here is told.
    again = record_household(elsewhere, ANOTHER_COUNTY, members=[head(number)])
    assert len(reviews_of(city, again)) == 1
    assert status_and_code(cadre.post("/registry/households", household_body(members=[head(number)])))[0] == 409


def test_mistyped_here_the_village_is_told_and_corrects_its_recording(
    cadre: ApiClient, elsewhere: ApiClient, city: ApiClient
) -> None:
    wrong, right = unused_resident_id(), unused_resident_id()
    record_household(elsewhere, ANOTHER_COUNTY, members=[head(wrong)])
    here = record_household(cadre, members=[head(wrong)])
    person = member_ids(cadre, here)[0]
    assert decide(city, person, "mistyped_here").status_code == 201
    (entry,) = [e for e in cadre.get("/registry/inbox").json()["items"] if e["subject"] == person]
    assert (entry["why"]["code"], entry["act"]["operation"], entry["may"]) == (
        "number_to_be_corrected", "correct_recording", True,
    )  # fmt: skip
    body = household_body(members=[head(right, person_id=person)])
    corrected = cadre.post(entry["act"]["path"], body)
    assert corrected.status_code == 201, corrected.text
    assert reviews_of(city, here) == []
    assert not [e for e in cadre.get("/registry/inbox").json()["items"] if e["subject"] == person]


def test_an_annulled_entry_awaits_nothing_and_restored_it_does_again(
    cadre: ApiClient, elsewhere: ApiClient, city: ApiClient
) -> None:
    number = unused_resident_id()
    record_household(elsewhere, ANOTHER_COUNTY, members=[head(number)])
    here = record_household(cadre, members=[head(number)])
    annul(cadre, here)
    assert reviews_of(city, here) == []
    annulling = cadre.get(f"{here}/facts").json()[-1]["act"]
    cadre.post(f"{here}/corrections", {"effective_on": "2014-05-20", "acts": [annulling], "reason": "没有录错"})
    assert len(reviews_of(city, here)) == 1


def test_a_number_that_was_taken_elsewhere_while_its_entry_was_void_is_restored_as_pending(
    cadre: ApiClient, elsewhere: ApiClient, city: ApiClient
) -> None:
    number = unused_resident_id()
    here = record_household(cadre, members=[head(number)])
    annul(cadre, here)
    there = record_household(elsewhere, ANOTHER_COUNTY, members=[head(number)])
    annulling = cadre.get(f"{here}/facts").json()[-1]["act"]
    restoring = {"effective_on": "2014-05-20", "acts": [annulling], "reason": "没有录错"}
    assert cadre.post(f"{here}/corrections", restoring).status_code == 201
    (review,) = reviews_of(city, here)
    assert (review["other_household"], review["set_aside"]) == (there.rpartition("/")[2], False)
    annul(elsewhere, there)
    assert decide(city, review["person_id"], "confirmed").status_code == 201
    assert reviews_of(city, here) == []
    assert len(reviews_of(city, record_household(elsewhere, ANOTHER_COUNTY, members=[head(number)]))) == 1


def test_nobody_reviews_what_they_entered(running: Lika, elsewhere: ApiClient) -> None:
    number = unused_resident_id()
    record_household(elsewhere, ANOTHER_COUNTY, members=[head(number)])
    both = running.client_for("both-1", "99", Role.CADRE, Role.REVIEWER)
    village = running.client_for("both-1", VILLAGE, Role.CADRE)
    here = record_household(village, members=[head(number)])
    person = member_ids(village, here)[0]
    assert status_and_code(decide(both, person, "mistyped_here")) == (409, "approves_own_entry")


def test_who_joins_the_stock_counts_nowhere_until_the_review_and_then_everywhere(
    running: Lika, cadre: ApiClient, elsewhere: ApiClient, city: ApiClient
) -> None:
    number, free = unused_resident_id(1990), unused_resident_id(1991)
    there = record_household(elsewhere, ANOTHER_COUNTY, members=[head(number, birth_year=1990)])
    here = record_household(cadre)
    joined, before = {}, enrol(running, cadre, here)
    for name, each, born in (("taken", number, 1990), ("free", free, 1991)):
        body = {
            "effective_on": "2014-05-25", "reason": "overlooked",
            "member": member_body("other", born, id_number=each),
        }  # fmt: skip
        answer = cadre.post(f"{here}/members", body)
        assert answer.status_code == 201, answer.text
        joined[name] = set(answer.json())
    assert joined["taken"] == joined["free"]
    eventually(lambda: [r["set_aside"] for r in reviews_of(city, here)] == [True])
    assert len(cadre.get(here).json()["members"]) == 4
    eventually(lambda: persons_registered(cadre) == before + 1)
    (review,) = reviews_of(city, here)
    annul(elsewhere, there)
    assert decide(city, review["person_id"], "confirmed").status_code == 201
    assert review["person_id"] in member_ids(cadre, here)
    assert reviews_of(city, here) == []
    assert persons_registered(cadre) == before + 2


def test_an_entry_that_was_set_aside_and_is_wrong_leaves_its_number_free(
    running: Lika, cadre: ApiClient, elsewhere: ApiClient, city: ApiClient
) -> None:
    number = unused_resident_id(1992)
    record_household(elsewhere, ANOTHER_COUNTY, members=[head(number, birth_year=1992)])
    here = record_household(cadre)
    enrol(running, cadre, here)
    body = {
        "effective_on": "2014-05-25",
        "reason": "overlooked",
        "member": member_body("other", 1992, id_number=number),
    }
    assert cadre.post(f"{here}/members", body).status_code == 201
    eventually(lambda: [r["set_aside"] for r in reviews_of(city, here)] == [True])
    (review,) = reviews_of(city, here)
    assert decide(city, review["person_id"], "misused").status_code == 201
    assert reviews_of(city, here) == []
    assert len(cadre.get(here).json()["members"]) == 3
