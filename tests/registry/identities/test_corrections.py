"""An identity entered wrongly is mended by one act with a paper and a second official, on any day, and the former answers
stay as they were known."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import Role
from tests.registry.households.example_requests import (
    TOWNSHIP,
    household_body,
    member_body,
    member_ids,
    status_and_code,
    unused_resident_id,
)
from tests.registry.households.example_villages import (
    TODAY,
    Village,
    act_of,
    annul,
    done,
    facts_of,
    id_of,
    registry_of_2018,
)
from tests.registry.identities.corrections import (
    ON,
    ask_for_correction,
    corrected,
    decide_correction,
    member_of,
    pending_correction,
    plain,
)
from tests.support.running import Lika

TAKEN = (409, "id_number_on_register")


def test_one_wrong_character_in_a_registered_heads_name_is_mended(village: Village) -> None:
    """Cases A2: no later fact is in the way, and the status is no status fact's concern."""
    household = village.household("2018-01-02")
    village.enrol(household, "2018-01-25")
    head = member_ids(village.cadre, household)[0]
    corrected(village, household, head, name="王某某")
    assert plain(village.cadre, household, "name")[head] == {"name": "王某某"}
    assert village.cadre.get(household).json()["status"] == "registered"
    facts = [f for f in facts_of(village.cadre, household) if f["type"] == "PersonCorrected"]
    assert [f["effective_on"] for f in facts] == ["2018-01-02"]


def test_a_correction_from_a_day_on_leaves_the_days_before_as_they_were(village: Village) -> None:
    household = village.household("2018-01-02")
    child = member_ids(village.cadre, household)[2]
    corrected(village, household, child, birth_year=2005, correct_from="2018-01-20")
    years = {
        day: member_of(village.cadre, household, child, as_of=day)["birth_year"]
        for day in ("2018-01-19", "2018-01-20", "2018-01-21")
    }
    assert years == {"2018-01-19": 2004, "2018-01-20": 2005, "2018-01-21": 2005}


def test_a_change_by_law_from_a_later_day_stays_when_the_days_before_are_mended(village: Village) -> None:
    household = village.household("2018-01-02")
    child = member_ids(village.cadre, household)[2]
    corrected(village, household, child, birth_year=2005, correct_from="2018-01-20")
    corrected(village, household, child, birth_year=2003)
    years = [
        member_of(village.cadre, household, child, as_of=day)["birth_year"] for day in ("2018-01-19", "2018-01-20")
    ]
    assert years == [2003, 2005]
    corrected(village, household, child, birth_year=2006, correct_from="2018-01-20")
    assert member_of(village.cadre, household, child)["birth_year"] == 2006


def test_what_was_known_before_a_correction_is_still_answered(database: Callable[[str], str], tmp_path: Path) -> None:
    with registry_of_2018(database, tmp_path) as running:
        village = Village(running)
        household = village.household("2018-01-02")
        child = member_ids(village.cadre, household)[2]
        operator = running.client_for("operator-1", "", Role.OPERATOR)
        done(operator.post("/registry/clock/steps", {"to": "2018-06-02T09:00:00+08:00"}))
        corrected(village, household, child, birth_year=2005, relation="grandchild")
        then = member_of(village.cadre, household, child, known_at=TODAY, as_of=ON)
        assert (then["birth_year"], then["relation"]) == (2004, "child")
        now = member_of(village.cadre, household, child, as_of="2018-01-02")
        assert (now["birth_year"], now["relation"]) == (2005, "grandchild")


def test_nobody_decides_what_they_asked_for_or_checked(running: Lika, village: Village) -> None:
    household = village.household("2018-01-02")
    head = member_ids(village.cadre, household)[0]
    both = running.client_for("both-hands", TOWNSHIP, Role.CADRE, Role.REVIEWER)
    body = {
        "subject": id_of(household), "procedure": "township_identity_correction", "on": ON, "grounds": "录入有误",
        "terms": {"person_id": head, "name": "王某某"},
    }  # fmt: skip
    case = str(done(both.post("/registry/cases", body)).headers["Location"])
    assert status_and_code(both.post(f"{case}/visits", {"on": ON, "confirmed": True})) == (409, "paper_missing")
    on_paper = [{"kind": "identity_paper", "held_on_paper": True}]
    refused = both.post(f"{case}/visits", {"on": ON, "confirmed": True, "evidence": on_paper})
    assert status_and_code(refused) == (409, "evidence_must_be_uploaded")
    assert status_and_code(decide_correction(both, case)) == (409, "step_out_of_order")
    done(village.township.post(f"{case}/withdrawals", {"on": ON}))
    case = pending_correction(village, household, head, name="王某某")
    second = running.client_for(village.cadre_account, village.code, Role.CADRE)
    assert status_and_code(decide_correction(second, case)) == (403, "office_not_allowed")


def test_a_new_number_is_claimed_and_the_old_one_is_free_and_still_readable(village: Village) -> None:
    wrong, right = unused_resident_id(), unused_resident_id()
    household = village.household("2018-01-02", members=[member_body("head", id_number=wrong), member_body("spouse")])
    head = member_ids(village.cadre, household)[0]
    corrected(village, household, head, id_number=right)
    assert plain(village.cadre, household, "id_number")[head] == {"id_number": right}
    theirs = {"effective_on": "2018-01-10", "member": member_body("other", id_number=right), "reason": "overlooked"}
    assert status_and_code(village.cadre.post(f"{household}/members", theirs)) == TAKEN
    done(village.cadre.post("/registry/households", household_body(village.code, members=[
        member_body("head", id_number=wrong)
    ], effective_on="2018-01-10")))  # fmt: skip
    assert member_of(village.cadre, household, head)["id_number"] == "***"


def test_a_number_of_somebody_else_is_refused_when_asked_for(village: Village) -> None:
    taken = unused_resident_id()
    village.household("2018-01-02", members=[member_body("head", id_number=taken)])
    household = village.household("2018-01-02")
    head = member_ids(village.cadre, household)[0]
    answer = ask_for_correction(village.cadre, household, head, id_number=taken)
    assert status_and_code(answer) == TAKEN
    assert answer.json()["facts"]["division"] == village.code


@pytest.mark.parametrize("ends", ["rejected", "withdrawn"])
def test_a_number_that_was_asked_for_in_vain_is_free_again(village: Village, ends: str) -> None:
    number = unused_resident_id()
    household = village.household("2018-01-02")
    head = member_ids(village.cadre, household)[0]
    case = pending_correction(village, household, head, id_number=number)
    theirs = household_body(village.code, members=[member_body("head", id_number=number)], effective_on="2018-01-10")
    assert status_and_code(village.cadre.post("/registry/households", theirs)) == TAKEN
    if ends == "rejected":
        done(decide_correction(village.township_reviewer, case, approved=False))
    else:
        done(village.cadre.post(f"{case}/withdrawals", {"on": ON}))
    done(village.cadre.post("/registry/households", theirs))


def test_what_contradicts_the_citizens_number_is_refused(village: Village) -> None:
    number = unused_resident_id(1970)
    household = village.household("2018-01-02", members=[member_body("head", id_number=number)])
    head = member_ids(village.cadre, household)[0]
    for terms in ({"sex": "female"}, {"birth_year": 1971}, {"id_number": unused_resident_id(1971)}):
        answer = ask_for_correction(village.cadre, household, head, **terms)
        assert answer.json()["code"] == "id_contradicts_person", terms
    both = {"id_number": unused_resident_id(1971), "birth_year": 1971}
    corrected(village, household, head, **both)
    assert member_of(village.cadre, household, head)["birth_year"] == 1971


def test_what_changes_nothing_or_is_no_correction_of_one_person_is_refused(village: Village) -> None:
    household = village.household("2018-01-02")
    head, spouse, child = member_ids(village.cadre, household)
    for person, terms, code in (
        (child, {"birth_year": 2004}, "identity_unchanged"),
        (child, {}, "terms_malformed"),
        (child, {"name": "12"}, "terms_malformed"),
        (spouse, {"relation": "head"}, "head_not_by_correction"),
        (head, {"relation": "spouse"}, "head_not_by_correction"),
        (str(uuid4()), {"name": "王某某"}, "no_such_member"),
        (child, {"name": "王某某", "correct_from": "2018-01-01"}, "no_such_member"),
        (child, {"birth_year": 2019}, "member_not_yet_born"),
    ):
        answer = ask_for_correction(village.cadre, household, person, **terms)
        assert answer.json()["code"] == code, (terms, answer.text)


def test_whoever_moved_on_by_marriage_is_corrected_in_both_households_at_once(village: Village) -> None:
    number = unused_resident_id(1990, "female")
    bride = member_body("child", 1990, id_number=number, sex="female")
    home = village.household("2018-01-02", members=[member_body("head"), bride])
    person = member_ids(village.cadre, home)[1]
    there = village.household("2018-01-03")
    village.leave(home, person, "2018-01-20")
    joining = {**member_body("child_in_law", 1990, id_number=number, sex="female")}
    done(village.cadre.post(f"{there}/members", {
        "effective_on": "2018-01-20", "person_id": person, "member": joining, "reason": "marriage",
    }))  # fmt: skip
    right = unused_resident_id(1991, "female")
    corrected(village, there, person, id_number=right, birth_year=1991)
    assert member_of(village.cadre, home, person, as_of="2018-01-19")["birth_year"] == 1991
    assert member_of(village.cadre, there, person)["birth_year"] == 1991
    assert member_of(village.cadre, there, person)["relation"] == "child_in_law"


def test_whoever_split_off_is_corrected_once_in_the_parent(village: Village) -> None:
    household = village.household("2018-01-02")
    child = member_ids(village.cadre, household)[2]
    new = village.split(household, "2018-01-15", child)
    corrected(village, new, child, birth_year=2003)
    assert member_of(village.cadre, household, child, as_of="2018-01-14")["birth_year"] == 2003
    assert member_of(village.cadre, new, child)["birth_year"] == 2003
    assert "PersonCorrected" not in [f["type"] for f in facts_of(village.cadre, new)]


def test_the_pending_values_are_sealed_and_disclosed_for_a_purpose(village: Village) -> None:
    household = village.household("2018-01-02")
    head = member_ids(village.cadre, household)[0]
    case = pending_correction(village, household, head, name="王某某")
    path = f"/registry/identity-corrections/{id_of(case)}"
    shown = village.township_reviewer.get(path).json()
    assert (shown["name"], shown["person_id"], shown["id_number"]) == ("***", head, None)
    opened = done(village.township_reviewer.post(f"{path}/disclosures", {"purpose": "case"})).json()
    assert (opened["name"], opened["id_number"]) == ("王某某", None)
    elsewhere = Village(village.running)
    assert status_and_code(elsewhere.cadre.get(path)) == (404, "not_found")
    steps = village.township_reviewer.get(f"{case}/steps")
    inbox = village.township_reviewer.get("/registry/inbox")
    assert "王某某" not in steps.text + inbox.text


def test_an_identity_correction_is_annulled_only_with_the_entry_of_the_person(village: Village) -> None:
    """Cases A1: the number it gave is free then, and restoring it is refused while somebody else holds it, saying who."""
    number = unused_resident_id()
    household = village.household("2018-01-02", members=[member_body("head")])
    head = member_ids(village.cadre, household)[0]
    corrected(village, household, head, id_number=number)
    correction = act_of(village.cadre, household, "PersonCorrected")
    entry = act_of(village.cadre, household, "HouseholdRecorded")
    assert status_and_code(annul(village.cadre, household, correction)) == (409, "identity_needs_case")
    assert status_and_code(annul(village.cadre, household, entry)) == (409, "later_fact_impossible")
    done(annul(village.cadre, household, entry, correction))
    annulment = act_of(village.cadre, household, "FactsAnnulled")
    body: dict[str, Any] = {"members": [member_body("head", id_number=number)], "effective_on": "2018-01-10"}
    other = str(
        done(village.cadre.post("/registry/households", household_body(village.code, **body))).headers["Location"]
    )
    refused = annul(village.cadre, household, annulment)
    assert status_and_code(refused) == TAKEN
    assert refused.json()["facts"]["household_id"] == id_of(other)
    done(annul(village.cadre, other, act_of(village.cadre, other, "HouseholdRecorded")))
    done(annul(village.cadre, household, annulment))
    assert member_of(village.cadre, household, head)["id_number"] == "***"
    assert status_and_code(village.cadre.post("/registry/households", household_body(village.code, **body))) == TAKEN


def test_a_relation_is_not_decided_of_somebody_who_has_left_for_another_household(village: Village) -> None:
    number = unused_resident_id()
    members = [member_body("head"), member_body("other", id_number=number)]
    former, latter = village.household("2016-01-10", members=members), village.household("2016-01-10")
    person = member_ids(village.cadre, former)[-1]
    case = pending_correction(village, former, person, relation="sibling", correct_from="2017-06-01")
    village.leave(former, person, "2017-05-01")
    done(village.join(latter, person, number, "2017-05-01"))
    refused = decide_correction(village.township_reviewer, case)
    assert status_and_code(refused) == (409, "effect_cannot_stand")
    assert refused.json()["facts"]["because"]["code"] == "no_such_member"
