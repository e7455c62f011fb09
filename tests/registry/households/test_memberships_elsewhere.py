"""Who is a member of another household is refused, and the refusal says what may be done about that one, in the caller's area."""

from collections.abc import Callable
from typing import Any

from tests.registry.households.example_requests import member_body, member_ids, status_and_code, unused_resident_id
from tests.registry.households.example_villages import Village, act_of, annul, done
from tests.support.running import Lika


def joins(village: Village, there: Village) -> tuple[str, str, Callable[[], Any]]:
    """A household, a member of it, and the attempt to have them join one of the other village."""
    number = unused_resident_id()
    spouse = member_body("spouse", id_number=number)
    household = village.household("2018-01-10", members=[member_body("head"), spouse])
    other = there.household("2018-01-10")
    person = member_ids(village.cadre, household)[1]
    body = {
        "effective_on": "2018-02-01", "person_id": person, "reason": "marriage",
        "member": member_body("other", id_number=number),
    }  # fmt: skip
    return household, person, lambda: there.cadre.post(f"{other}/members", body)


def test_a_member_of_another_household_left_it_or_was_entered_there_wrongly(running: Lika) -> None:
    village = Village(running)
    household, person, join = joins(village, village)
    refused = join()
    assert status_and_code(refused) == (409, "member_of_another_household")
    left, wrong = refused.json()["next"]
    assert (left["act"], left["path"]) == ("record_departure", f"{household}/members/{person}/departures")
    recorded = act_of(village.cadre, household, "HouseholdRecorded")
    assert (wrong["act"], wrong["path"], wrong["form"]) == (
        "correct_facts", f"{household}/corrections", {"acts": [recorded]},
    )  # fmt: skip
    done(annul(village.cadre, household, recorded))
    assert join().json()["code"] == "person_not_confirmed"  # nobody is on record under that id any more


def test_a_household_outside_the_area_is_not_named(running: Lika) -> None:
    _, _, join = joins(Village(running), Village(running))
    refused = join()
    assert status_and_code(refused) == (409, "member_of_another_household")
    assert refused.json()["next"] == []
