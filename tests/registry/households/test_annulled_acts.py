"""What was annulled over HTTP stays readable, can be restored, and holds nothing; what was wrong is corrected in place."""

from uuid import uuid4

import pytest

from tests.registry.households.example_requests import member_body, member_ids, status_and_code, unused_resident_id
from tests.registry.households.example_villages import (
    TODAY,
    Village,
    act_of,
    annul,
    done,
    facts_of,
    id_of,
    step,
)
from tests.support.running import Lika

WITHOUT_NUMBERS = [member_body("head"), member_body("spouse", sex="female"), member_body("child", 2004)]
"""Members of whom no ID number is on record."""


def test_a_household_whose_first_act_is_annulled_stays_readable_and_is_restored(village: Village) -> None:
    household = village.household("2018-01-10")
    done(annul(village.cadre, household, act_of(village.cadre, household, "HouseholdRecorded")))
    page = village.cadre.get(household)
    assert (page.status_code, page.json()["status"], page.json()["members"]) == (200, None, [])
    recorded, annulment = facts_of(village.cadre, household)
    assert (recorded["annulled_by"], annulment["type"]) == (annulment["id"], "FactsAnnulled")
    assert village.totals(TODAY) == {}
    done(annul(village.cadre, household, annulment["act"]))
    assert village.cadre.get(household).json()["status"] == "candidate"
    assert village.totals(TODAY) == {"candidate": (1, 3)}


def test_a_household_annulled_again_after_its_restoration_is_restored_again(village: Village) -> None:
    household = village.household("2018-01-10")
    act = act_of(village.cadre, household, "HouseholdRecorded")
    for status in (None, "candidate", None, "candidate", None):
        done(annul(village.cadre, household, act))
        assert village.cadre.get(household).json()["status"] == status
        act = act_of(village.cadre, household, "FactsAnnulled")


@pytest.mark.parametrize(
    ("again", "code"),
    [
        ("people", "id_number_on_register"),
        ("number", "household_no_on_register"),
    ],
)
def test_what_an_annulled_first_act_held_is_free_and_restoring_it_is_refused_while_another_holds_it(
    village: Village, again: str, code: str
) -> None:
    number, people = str(uuid4())[:8], [member_body("head", id_number=unused_resident_id())]
    household = village.household("2018-01-10", national_no=number, members=people)
    done(annul(village.cadre, household, act_of(village.cadre, household, "HouseholdRecorded")))
    anew = {"members": people} if again == "people" else {"national_no": number}
    other = village.household("2018-01-10", **anew)
    annulment = act_of(village.cadre, household, "FactsAnnulled")
    assert status_and_code(annul(village.cadre, household, annulment)) == (409, code)
    done(annul(village.cadre, other, act_of(village.cadre, other, "HouseholdRecorded")))
    done(annul(village.cadre, household, annulment))
    assert village.totals(TODAY) == {"candidate": (1, 1)}


def test_an_open_case_of_a_household_none_of_whose_facts_stands_is_withdrawn(village: Village) -> None:
    household = village.household("2018-01-10")
    case = village.open_case(village.cadre, household, "identification", "2018-02-01")
    done(annul(village.cadre, household, act_of(village.cadre, household, "HouseholdRecorded")))
    further = village.cadre.post(f"{case}/visits", {"on": "2018-02-01", "confirmed": True})
    assert status_and_code(further) == (409, "subject_not_on_record")
    step(village.cadre, case, "withdrawals", "2018-02-02")
    assert village.cadre.get(case).json()["outcome"] == "withdrawn"


def test_a_first_recording_is_corrected_in_place(running: Lika, village: Village) -> None:
    there = Village(running)
    household = village.household("2018-01-10", members=WITHOUT_NUMBERS)
    persons = member_ids(village.cadre, household)
    birth = {"effective_on": "2018-03-01", "member": member_body("grandchild", 2018), "reason": "birth"}
    done(village.cadre.post(f"{household}/members", birth))
    members = [
        member_body("head", person_id=persons[0]),
        member_body("spouse", 1971, sex="female", person_id=persons[1]),
        member_body("child", 2004, person_id=persons[2]),
    ]
    body = {"division": there.code, "effective_on": "2018-01-05", "members": members}
    done(village.township.post(f"{household}/recordings", body))
    first = village.township.get(household, as_of="2018-01-05").json()
    assert (first["division"], first["members"][1]["birth_year"]) == (there.code, 1971)
    assert (village.totals("2018-01-10"), there.totals("2018-01-05")) == ({}, {"candidate": (1, 3)})
    assert there.totals(TODAY) == {"candidate": (1, 4)}
    assert [m["person_id"] for m in village.township.get(household).json()["members"]][:3] == persons
    kinds = [fact["type"] for fact in facts_of(village.township, household)]
    assert kinds == ["HouseholdRecorded", "MemberJoined", "HouseholdRecorded"]


def test_a_former_village_does_not_correct_the_recording_of_a_household_that_lives_elsewhere(
    running: Lika, village: Village
) -> None:
    there = Village(running)
    household = village.household("2018-01-10", members=WITHOUT_NUMBERS)
    persons = member_ids(village.cadre, household)
    move = {"from_division": village.code, "to_division": there.code, "effective_on": "2018-02-01"}
    done(village.township.post(f"{household}/moves", move))
    members = [member_body("head", 1970, person_id=persons[0])]
    body = {"division": village.code, "effective_on": "2018-01-10", "members": members}
    assert status_and_code(village.cadre.post(f"{household}/recordings", body)) == (404, "not_found")
    done(village.township.post(f"{household}/recordings", body))


def test_a_recording_is_corrected_with_the_id_numbers_it_had(village: Village) -> None:
    number = unused_resident_id()
    household = village.household("2018-01-10", members=[member_body("head", id_number=number)])
    (head,) = member_ids(village.cadre, household)
    for member, answer in (
        (member_body("head", 1970, person_id=head), (409, "id_number_needed")),
        (member_body("head", 1970, person_id=head, id_number=number), (201, None)),
    ):
        body = {"division": village.code, "effective_on": "2018-01-10", "members": [member]}
        sent = village.cadre.post(f"{household}/recordings", body)
        assert (sent.status_code, sent.json().get("code")) == answer
    again = {"division": village.code, "effective_on": "2018-01-10", "members": [member_body("head", id_number=number)]}
    assert status_and_code(village.cadre.post("/registry/households", again)) == (409, "id_number_on_register")


def test_nothing_happens_to_a_formed_household_before_its_formation(village: Village) -> None:
    household = village.household("2018-01-10")
    _, spouse, child = member_ids(village.cadre, household)
    new = village.split(household, "2018-04-01", spouse, child)
    for day, answer in (("2018-03-31", 409), ("2018-04-01", 201)):
        birth = {"effective_on": day, "member": member_body("grandchild", 2018), "reason": "birth"}
        assert village.cadre.post(f"{new}/members", birth).status_code == answer
        assert village.cadre.post(f"{new}/surveys", {"effective_on": day, "housing_m2": 40}).status_code == answer
    assert village.totals(TODAY) == {"candidate": (2, 4)}
    later = {
        "effective_on": "2018-04-10",
        "person_ids": [spouse, child],
        "head": spouse,
        "corrects": id_of(new),
    }
    assert status_and_code(village.cadre.post(f"{household}/splits", later)) == (409, "later_fact_impossible")
    assert village.totals(TODAY) == {"candidate": (2, 4)}


def test_a_later_fact_in_another_area_is_not_named_to_whoever_does_not_cover_it(
    running: Lika, village: Village
) -> None:
    there = Village(running)
    household = village.household("2018-01-10")
    _, spouse, child = member_ids(village.cadre, household)
    new = village.split(household, "2018-02-01", spouse, child)
    move = {"effective_on": "2018-03-01", "from_division": village.code, "to_division": there.code}
    done(village.township.post(f"{new}/moves", move))
    there.leave(new, child, "2018-04-01")
    without_child = {"effective_on": "2018-02-01", "person_ids": [spouse], "head": spouse, "corrects": id_of(new)}
    hidden = village.cadre.post(f"{household}/splits", without_child)
    assert status_and_code(hidden) == (409, "later_fact_of_related_household")
    assert hidden.json()["facts"] == {}
    assert id_of(new) not in hidden.text
    named = village.township.post(f"{household}/splits", without_child)
    assert status_and_code(named) == (409, "later_fact_impossible")
    assert named.json()["facts"] == {"fact": f"registry/household-{id_of(new)}/3", "effective_on": "2018-04-01"}


def test_a_split_corrects_only_a_household_that_it_formed(village: Village) -> None:
    household = village.household("2018-01-10")
    _, spouse, child = member_ids(village.cadre, household)
    other = village.household("2018-01-10")
    for corrected in (str(uuid4()), spouse, id_of(household), id_of(other)):
        body = {"effective_on": "2018-04-01", "person_ids": [child], "head": child, "corrects": corrected}
        assert status_and_code(village.cadre.post(f"{household}/splits", body)) == (404, "not_found")


def test_an_act_is_not_annulled_in_a_household_of_another_area(running: Lika, village: Village) -> None:
    there = Village(running)
    household = village.household("2018-01-10")
    _, spouse, _ = member_ids(village.cadre, household)
    new = village.split(household, "2018-02-01", spouse)
    act = act_of(village.cadre, new, "HouseholdFormed")
    move = {"from_division": village.code, "to_division": there.code, "effective_on": "2018-03-01"}
    done(village.township.post(f"{household}/moves", move))
    assert status_and_code(annul(village.cadre, new, act)) == (404, "not_found")
    assert there.totals(TODAY) == {"candidate": (1, 2)}
    done(annul(village.township, new, act))
    assert there.totals(TODAY) == {"candidate": (1, 3)}


def test_a_split_is_annulled_as_of_any_day_and_made_anew(village: Village) -> None:
    household = village.household("2018-01-10")
    birth = {"effective_on": "2018-02-01", "member": member_body("grandchild", 2018), "reason": "birth"}
    done(village.cadre.post(f"{household}/members", birth))
    _, spouse, _, baby = member_ids(village.cadre, household)
    new = village.split(household, "2018-04-01", spouse, baby)
    act = act_of(village.cadre, household, "HouseholdSplit")
    body = {"effective_on": "2018-01-01", "precision": "year", "acts": [act], "reason": "录错"}
    done(village.cadre.post(f"{household}/corrections", body))
    assert village.totals(TODAY) == {"candidate": (1, 4)}
    assert village.split(household, "2018-04-01", spouse, baby, corrects=id_of(new)) == new
    assert village.totals(TODAY) == {"candidate": (2, 4)}


def test_somebody_else_s_person_is_put_into_a_recording_only_with_their_id_number(village: Village) -> None:
    number = unused_resident_id()
    elsewhere = village.household("2018-01-10", members=[member_body("head", id_number=number)])
    (person,) = member_ids(village.cadre, elsewhere)
    household = village.household("2018-01-10")
    for of_person, code in (
        ({"person_id": person}, "person_not_confirmed"),
        ({"person_id": str(uuid4())}, "person_not_confirmed"),
        ({"person_id": person, "id_number": number}, "member_of_another_household"),
    ):
        body = {
            "division": village.code,
            "effective_on": "2018-01-10",
            "members": [member_body("head", 1970, **of_person)],
        }
        assert status_and_code(village.cadre.post(f"{household}/recordings", body)) == (409, code)


def test_a_split_is_corrected_in_place(village: Village) -> None:
    household = village.household("2018-01-10")
    head, spouse, child = member_ids(village.cadre, household)
    new = village.split(household, "2018-04-01", spouse, child)
    assert village.split(household, "2018-03-01", child, corrects=id_of(new)) == new
    assert sorted(member_ids(village.cadre, household)) == sorted([head, spouse])
    assert member_ids(village.cadre, new) == [child]
    assert village.totals("2018-02-28") == {"candidate": (1, 3)}
    assert village.totals("2018-03-01") == village.totals(TODAY) == {"candidate": (2, 3)}


def test_a_split_undone_brings_its_people_home_and_restored_takes_them_out_again(village: Village) -> None:
    household = village.household("2018-01-10")
    persons = member_ids(village.cadre, household)
    new = village.split(household, "2018-04-01", *persons[1:])
    done(annul(village.cadre, household, act_of(village.cadre, household, "HouseholdSplit")))
    assert sorted(member_ids(village.cadre, household)) == sorted(persons)
    assert village.cadre.get(new).json()["status"] is None
    assert village.totals(TODAY) == {"candidate": (1, 3)}
    done(annul(village.cadre, new, act_of(village.cadre, new, "FactsAnnulled")))
    assert (member_ids(village.cadre, household), member_ids(village.cadre, new)) == (persons[:1], persons[1:])
    assert village.totals(TODAY) == {"candidate": (2, 3)}


def test_a_correction_clicked_twice_is_one(village: Village) -> None:
    household = village.household("2018-01-10")
    done(village.cadre.post(f"{household}/surveys", {"effective_on": "2018-02-01", "attribute": "five_guarantees"}))
    act, key = act_of(village.cadre, household, "HouseholdSurveyed"), str(uuid4())
    first, second = (done(annul(village.cadre, household, act, key=key)).json() for _ in range(2))
    assert (first["replayed"], second["replayed"]) == (False, True)
    assert first["position"] == second["position"]
    kinds = [fact["type"] for fact in facts_of(village.cadre, household)]
    assert kinds == ["HouseholdRecorded", "HouseholdSurveyed", "FactsAnnulled"]


def test_a_former_village_sees_and_restores_the_facts_of_its_time_and_no_later_ones(
    running: Lika, village: Village
) -> None:
    there = Village(running)
    household = village.household("2018-01-10")
    done(village.cadre.post(f"{household}/surveys", {"effective_on": "2018-02-01", "attribute": "five_guarantees"}))
    move = {"effective_on": "2018-03-01", "from_division": village.code, "to_division": there.code}
    done(village.township.post(f"{household}/moves", move))
    done(there.cadre.post(f"{household}/surveys", {"effective_on": "2018-04-01", "attribute": "general_poor"}))
    early, late = (f["act"] for f in facts_of(there.cadre, household) if f["type"] == "HouseholdSurveyed")
    done(annul(there.cadre, household, early))

    seen = facts_of(village.cadre, household)
    assert [fact["type"] for fact in seen] == ["HouseholdRecorded", "HouseholdSurveyed", "FactsAnnulled"]
    assert village.cadre.get(household).status_code == 404
    assert village.cadre.get(household, as_of="2018-02-28").json()["attribute"] == "unclassified"
    assert status_and_code(annul(village.cadre, household, late)) == (404, "not_found")
    assert status_and_code(annul(village.cadre, household, seen[0]["act"])) == (404, "not_found")
    another = village.cadre.post(f"{household}/surveys", {"effective_on": "2018-02-02", "attribute": "general_poor"})
    assert status_and_code(another) == (404, "not_found")

    done(annul(village.cadre, household, seen[-1]["act"]))
    assert village.cadre.get(household, as_of="2018-02-28").json()["attribute"] == "five_guarantees"
    for act in (early, act_of(there.cadre, household, "FactsAnnulled")):
        assert status_and_code(annul(village.cadre, household, act)) == (404, "not_found")
    assert village.cadre.get("/registry/households").json()["items"] == []
