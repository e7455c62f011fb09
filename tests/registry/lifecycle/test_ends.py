"""A household ends otherwise than by a death, and comes back, over HTTP (decision 0038)."""

import pytest

from tests.registry.corrections.correction_cases import CorrectedVillage
from tests.registry.households.example_requests import member_body, member_ids, status_and_code, unused_resident_id
from tests.registry.households.example_villages import (
    TODAY,
    act_of,
    done,
    id_of,
)
from tests.registry.lifecycle.record_cases import CERTIFICATE, DECIDED, Records, refused_effect
from tests.support.running import Lika


@pytest.fixture
def village(running: Lika) -> CorrectedVillage:
    return CorrectedVillage(running)


def lone(village: CorrectedVillage, number: str | None = None) -> tuple[str, str]:
    """A household of one, and its only member."""
    members = [member_body("head", id_number=number or unused_resident_id())]
    household = village.household("2016-01-10", members=members)
    return household, member_ids(village.cadre, household)[0]


LONE = [
    "last_member_married",
    "last_member_imprisoned",
    "last_member_enlisted",
    "left_province",
    "abroad",
    "lost",
    "duplicate",
]


def test_a_sole_member_leaves_for_whatever_reason_and_the_household_ends(village: CorrectedVillage) -> None:
    for reason in LONE:
        done(Records(village).end(lone(village)[0], "2017-10-01", reason))
    assert village.totals("2017-09-30") == {"candidate": (len(LONE), len(LONE))}
    assert village.totals("2017-10-01") == village.totals(TODAY) == {"cancelled": (len(LONE), 0)}


def test_the_whole_household_leaves_the_province(village: CorrectedVillage) -> None:
    household = village.household("2016-01-10")
    done(Records(village).end(household, "2017-10-01", "left_province"))
    assert village.totals("2017-09-30") == {"candidate": (1, 3)}
    assert village.totals("2017-10-01") == {"cancelled": (1, 0)}
    assert village.cadre.get(household).json()["members"] == []


def test_a_reason_of_the_last_member_ends_nothing_while_others_stay(village: CorrectedVillage) -> None:
    household = village.household("2016-01-10")
    refused = Records(village).apply(
        household, "household_end", effective_on="2017-10-01", reason="last_member_imprisoned"
    )
    assert status_and_code(refused) == (409, "others_stay")


def test_a_death_is_no_reason_that_a_procedure_decides(village: CorrectedVillage) -> None:
    household, _ = lone(village)
    refused = Records(village).apply(household, "household_end", effective_on="2017-10-01", reason="last_member_died")
    assert status_and_code(refused) == (409, "end_reason_not_of_procedure")


def test_the_last_member_who_leaves_is_told_which_procedure_ends_the_household(village: CorrectedVillage) -> None:
    household, person = lone(village)
    body = {"effective_on": "2017-10-01", "reason": "imprisoned"}
    refused = village.cadre.post(f"{household}/members/{person}/departures", body)
    assert status_and_code(refused) == (409, "household_without_members")
    (first, _) = refused.json()["next"]
    assert (first["act"], first["form"]) == ("open_case", {"subject": id_of(household), "procedure": "household_end"})


def test_nothing_is_entered_about_a_household_that_ended_but_its_return(village: CorrectedVillage) -> None:
    household, _ = lone(village)
    done(Records(village).end(household, "2017-10-01", "lost"))
    refused = village.cadre.post(f"{household}/surveys", {"effective_on": "2017-10-02", "address": "一组"})
    assert status_and_code(refused) == (409, "household_ended")
    assert [step["form"]["procedure"] for step in refused.json()["next"]] == ["reinstatement"]


def test_nobody_decides_the_end_that_they_reported(running: Lika, village: CorrectedVillage) -> None:
    household, _ = lone(village)
    terms = {"effective_on": "2017-10-01", "reason": "lost"}
    case = village.open_case(village.cadre, household, "household_end", "2018-02-01", terms=terms)
    done(village.cadre.post(f"{case}/visits", {"on": "2018-02-01", "confirmed": True, "evidence": CERTIFICATE}))
    decision = {"on": DECIDED, "approved": True, "organ": "乡", "document_no": "1号", "signer": "乡长"}
    assert village.cadre.post(f"{case}/decisions", decision).status_code == 403
    assert village.totals(TODAY) == {"candidate": (1, 1)}


def test_the_paper_that_shows_it_is_attached(village: CorrectedVillage) -> None:
    household, _ = lone(village)
    terms = {"effective_on": "2017-10-01", "reason": "lost"}
    case = village.open_case(village.cadre, household, "household_end", "2018-02-01", terms=terms)
    refused = village.cadre.post(f"{case}/visits", {"on": "2018-02-01", "confirmed": True})
    assert status_and_code(refused) == (409, "paper_missing")


@pytest.mark.parametrize(("day", "status"), [("2017-10-01", 409), ("2017-10-02", 201), ("2017-10-03", 201)])
def test_who_married_away_joins_elsewhere_from_the_day_of_the_end_on(
    village: CorrectedVillage, day: str, status: int
) -> None:
    number = unused_resident_id()
    household, person = lone(village, number)
    there = village.household("2016-01-10")
    done(Records(village).end(household, "2017-10-02", "last_member_married"))
    assert village.join(there, person, number, day).status_code == status


def test_an_end_waits_for_nobody_s_counting_until_it_is_decided(village: CorrectedVillage) -> None:
    household, _ = lone(village)
    done(Records(village).apply(household, "household_end", effective_on="2017-10-01", reason="lost"))
    assert village.totals(TODAY) == {"candidate": (1, 1)}


def test_an_end_that_was_wrong_is_annulled_and_restored(village: CorrectedVillage) -> None:
    household, _ = lone(village)
    done(Records(village).end(household, "2017-10-01", "lost"))
    village.correct(household, acts=[act_of(village.cadre, household, "HouseholdCancelled")])
    assert village.totals(TODAY) == {"candidate": (1, 1)}
    village.correct(household, acts=[act_of(village.cadre, household, "FactsAnnulled")])
    assert village.totals(TODAY) == {"cancelled": (1, 0)}


def test_a_household_comes_back_with_the_status_it_had_when_it_ended(village: CorrectedVillage) -> None:
    household = village.household("2016-01-10")
    village.enrol(household, "2016-02-18")
    head, _, child = member_ids(village.cadre, household)
    records = Records(village)
    done(records.end(household, "2017-06-01", "left_province"))
    done(records.reinstate(household, "2017-10-01", head, child))
    assert village.totals("2017-05-31") == {"registered": (1, 3)}
    assert village.totals("2017-06-01") == village.totals("2017-09-30") == {"cancelled": (1, 0)}
    assert village.totals("2017-10-01") == village.totals(TODAY) == {"registered": (1, 2)}
    village.exit(household, "2018-05-10")
    assert village.totals(TODAY) == {"exited": (1, 2)}


def test_the_day_of_the_end_is_no_day_of_the_return(village: CorrectedVillage) -> None:
    household, person = lone(village)
    records = Records(village)
    done(records.end(household, "2017-06-01", "lost"))
    terms = {"person_ids": [person], "head": person}
    for day, code in (("2017-05-31", 409), ("2017-06-01", 409), ("2017-06-02", 201)):
        answer = records.apply(household, "reinstatement", effective_on=day, **terms)
        assert answer.status_code == code, answer.text


def test_whoever_lives_elsewhere_meanwhile_does_not_come_back(village: CorrectedVillage) -> None:
    number = unused_resident_id()
    household, person = lone(village, number)
    there, records = village.household("2016-01-10"), Records(village)
    done(records.end(household, "2017-06-01", "last_member_married"))
    done(village.join(there, person, number, "2017-06-01"))
    refused = records.reinstate(household, "2017-10-01", person)
    assert refused_effect(refused) == "member_of_another_household"


def test_who_was_no_member_at_the_end_does_not_come_back(village: CorrectedVillage) -> None:
    household, _ = lone(village)
    stranger = member_ids(village.cadre, village.household("2016-01-10"))[0]
    records = Records(village)
    done(records.end(household, "2017-06-01", "lost"))
    refused = records.apply(household, "reinstatement", effective_on="2017-10-01", person_ids=[stranger], head=stranger)
    assert status_and_code(refused) == (409, "no_such_member")


RETURNS = [
    ("imprisoned", "released"), ("service", "discharged"), ("lost", "found"), ("abroad", "back_from_abroad"),
    ("marriage", "after_divorce"), ("schooling", "back_from_school"),
]  # fmt: skip


@pytest.mark.parametrize(("left_for", "back_for"), RETURNS)
def test_a_member_who_left_returns_for_the_reason_that_pairs(
    village: CorrectedVillage, left_for: str, back_for: str
) -> None:
    numbers = [unused_resident_id() for _ in range(2)]
    members = [member_body("head", id_number=numbers[0]), member_body("other", id_number=numbers[1])]
    household = village.household("2016-01-10", members=members)
    person = member_ids(village.cadre, household)[1]
    body = {"effective_on": "2016-05-01", "reason": left_for}
    done(village.cadre.post(f"{household}/members/{person}/departures", body))
    wrong = next(back for left, back in RETURNS if left != left_for)
    refused = village.join(household, person, numbers[1], "2017-05-01", reason=wrong)
    assert status_and_code(refused) == (409, "return_of_another_leaving")
    assert refused.json()["facts"]["left_for"] == left_for
    done(village.join(household, person, numbers[1], "2017-05-01", reason=back_for))
    assert village.totals(TODAY) == {"candidate": (1, 2)}


def test_reasons_are_taken_as_the_forms_write_them(village: CorrectedVillage) -> None:
    number = unused_resident_id()
    members = [member_body("head"), member_body("other", id_number=number)]
    household = village.household("2016-01-10", members=members)
    person = member_ids(village.cadre, household)[1]
    body = {"effective_on": "2016-05-01", "reason": "判刑收监"}
    done(village.cadre.post(f"{household}/members/{person}/departures", body))
    done(village.join(household, person, number, "2017-05-01", reason="刑满释放"))


def test_the_wrong_day_of_an_end_is_corrected_although_its_member_lives_elsewhere_since(
    village: CorrectedVillage, running: Lika
) -> None:
    there = CorrectedVillage(running)
    number = unused_resident_id()
    household, person = lone(village, number)
    done(Records(village).end(household, "2017-10-01", "last_member_married"))
    home = there.household("2016-01-10")
    joined = {
        "effective_on": "2017-11-01", "reason": "marriage", "person_id": person,
        "member": member_body("child_in_law", id_number=number),
    }  # fmt: skip
    done(there.cadre.post(f"{home}/members", joined))
    ended = village.fact(household, "HouseholdCancelled")
    village.correct(household, decisions=[{"in_place_of": ended, "effective_on": "2017-10-20"}])
    assert [village.status(household, day) for day in ("2017-10-19", "2017-10-20")] == ["candidate", "cancelled"]
    assert there.totals(TODAY) == {"candidate": (1, 4)}
    again = village.fact(household, "HouseholdCancelled")
    late = village.propose(household, {"decisions": [{"in_place_of": again, "effective_on": "2017-12-01"}]})
    assert status_and_code(late) == (409, "member_of_another_household")


def test_an_end_that_says_more_is_corrected_as_a_whole(village: CorrectedVillage) -> None:
    household, person = lone(village)
    other = village.household("2016-01-10")
    done(Records(village).merge(household, other, "2017-10-01", **{person: "other"}))
    merged = village.fact(household, "HouseholdCancelled")
    asked = village.propose(household, {"decisions": [{"in_place_of": merged, "effective_on": "2017-10-20"}]})
    assert status_and_code(asked) == (409, "end_is_part_of_act")
    dead = {
        "kind": "ended", "effective_on": "2017-10-20", "ended_for": "last_member_died", "organ": "乡政府",
        "decided_on": "2017-10-20", "document_no": "乡发〔2017〕9号", "signer": "乡长",
    }  # fmt: skip
    invented = village.propose(other, {"decisions": [dead]})
    assert status_and_code(invented) == (409, "end_is_part_of_act")
