"""Two households become one, two records of a person become one, and are two again, over HTTP (decision 0038)."""

from typing import Any

import pytest

from tests.registry.corrections.correction_cases import CorrectedVillage
from tests.registry.households.example_requests import (
    household_body,
    member_body,
    member_ids,
    status_and_code,
    unused_resident_id,
)
from tests.registry.households.example_villages import (
    TODAY,
    act_of,
    annul,
    done,
    id_of,
)
from tests.registry.identities.corrections import plain
from tests.registry.lifecycle.record_cases import Records, refused_effect
from tests.support.running import Lika


@pytest.fixture
def village(running: Lika) -> CorrectedVillage:
    return CorrectedVillage(running)


DAYS = ("2016-01-10", "2017-04-30", "2017-05-01", TODAY)


def answers(village: CorrectedVillage, *households: str) -> list[Any]:
    """What the register says of these households and in its totals, on the days around."""
    pages = [village.cadre.get(household, as_of=day).json() for household in households for day in DAYS]
    return [*({name: page.get(name) for name in ("status", "members", "division")} for page in pages),
            *(village.totals(day) for day in DAYS)]  # fmt: skip


def test_two_households_become_one_and_their_members_keep_their_ids(village: CorrectedVillage) -> None:
    ending, going_on = village.household("2016-01-10"), village.household("2016-01-10")
    head, spouse, child = member_ids(village.cadre, ending)
    done(Records(village).merge(ending, going_on, "2017-05-01", **{head: "sibling", spouse: "other", child: "other"}))
    assert village.totals("2017-04-30") == {"candidate": (2, 6)}
    assert village.totals("2017-05-01") == village.totals(TODAY) == {"candidate": (1, 6), "cancelled": (1, 0)}
    assert {head, spouse, child} <= {*member_ids(village.cadre, going_on)}
    members = {m["person_id"]: m["relation"] for m in village.cadre.get(going_on).json()["members"]}
    assert (members[head], list(members.values()).count("head")) == ("sibling", 1)
    assert plain(village.cadre, going_on, "name")[head] == {"name": "王某"}


def test_after_an_unmerge_every_old_answer_is_what_it_was(village: CorrectedVillage) -> None:
    ending, going_on = village.household("2016-01-10"), village.household("2016-01-10")
    before = answers(village, ending, going_on)
    persons = member_ids(village.cadre, ending)
    done(Records(village).merge(ending, going_on, "2017-05-01", **dict.fromkeys(persons, "other")))
    merged = answers(village, ending, going_on)
    assert merged != before
    for household, kind in ((going_on, "MemberJoined"), (ending, "HouseholdCancelled")):
        alone = annul(village.cadre, household, act_of(village.cadre, household, kind))
        assert status_and_code(alone) == (409, "status_fact_needs_case")
    village.correct(going_on, acts=[act_of(village.cadre, going_on, "MemberJoined")])
    assert answers(village, ending, going_on) == before
    village.correct(ending, acts=[act_of(village.cadre, ending, "FactsAnnulled")])
    assert answers(village, ending, going_on) == merged


def test_a_number_that_went_along_is_not_given_free_by_the_household_that_ended(village: CorrectedVillage) -> None:
    number, another = unused_resident_id(), unused_resident_id()
    ending = village.household("2016-01-10", members=[member_body("head", id_number=number)])
    going_on = village.household("2016-01-10")
    (person,) = member_ids(village.cadre, ending)
    done(Records(village).merge(ending, going_on, "2017-05-01", **{person: "sibling"}))
    again = household_body(village.code, effective_on="2016-01-10")
    anew = {**again, "members": [member_body("head", id_number=another, person_id=person)]}
    village.cadre.post(f"{ending}/recordings", anew)
    shown = {"household_ids": [id_of(going_on)], "purpose": "access_request", "fields": ["id_number"],
             "order": {"organ": "县扶贫办", "document_no": "申请1号"}}  # fmt: skip
    members = done(village.cadre.post("/registry/disclosures", shown)).json()["households"][0]["members"]
    assert members[person] == {"id_number": number}
    taken = {**again, "members": [member_body("head", id_number=number)]}
    assert status_and_code(village.cadre.post("/registry/households", taken)) == (409, "id_number_on_register")


def test_households_of_unlike_statuses_merge_when_a_procedure_has_made_them_alike(village: CorrectedVillage) -> None:
    ending, going_on = village.household("2016-01-10"), village.household("2016-01-10")
    village.enrol(going_on, "2016-02-18")
    relations = dict.fromkeys(member_ids(village.cadre, ending), "other")
    refused = Records(village).merge(ending, going_on, "2017-05-01", **relations)
    assert refused_effect(refused) == "merge_statuses_differ"
    facts = refused.json()["facts"]
    assert (facts["status"], facts["other_status"]) == ("candidate", "registered")
    assert facts["procedures"] == ["identification", "first_entry_removal"]
    assert village.totals(TODAY) == {"candidate": (1, 3), "registered": (1, 3)}


def test_the_relation_of_everybody_who_joins_is_given(village: CorrectedVillage) -> None:
    ending, going_on = village.household("2016-01-10"), village.household("2016-01-10")
    head, spouse, child = member_ids(village.cadre, ending)
    for relations in ({head: "other", spouse: "other"}, {head: "head", spouse: "other", child: "other"}):
        refused = Records(village).merge(ending, going_on, "2017-05-01", **relations)
        assert refused_effect(refused) == "relations_incomplete"
        case = village.cadre.get("/registry/cases", subject=id_of(ending), open=True).json()["items"][0]["case_id"]
        done(village.cadre.post(f"/registry/cases/{case}/withdrawals", {"on": "2018-03-01"}))


def test_a_household_is_not_merged_with_one_that_nobody_there_knows(village: CorrectedVillage) -> None:
    there = "/registry/households/00000000-0000-4000-8000-000000000009"
    ending = village.household("2016-01-10")
    relations = dict.fromkeys(member_ids(village.cadre, ending), "other")
    assert refused_effect(Records(village).merge(ending, there, "2017-05-01", **relations)) == "not_found"


def duplicated(village: CorrectedVillage, number: str) -> tuple[str, str, str, str]:
    """Somebody stands in a household with an ID number, and in another one, of two, without."""
    there = village.household("2016-01-10", members=[member_body("head", id_number=number)])
    members = [member_body("head"), member_body("other")]
    here = village.household("2016-01-10", members=members)
    return here, member_ids(village.cadre, here)[1], there, member_ids(village.cadre, there)[0]


@pytest.mark.parametrize(
    ("on", "then"), [("2016-01-10", (2, 2)), ("2017-05-01", (2, 3))], ids=["from_the_start", "from_the_finding"]
)
def test_one_human_being_under_two_ids_is_one_person(village: CorrectedVillage, on: str, then: tuple[int, int]) -> None:
    here, duplicate, there, person = duplicated(village, unused_resident_id())
    before = answers(village, here, there)
    done(Records(village).merge_persons(here, duplicate, person, there, on))
    assert village.totals("2016-01-10") == {"candidate": then}
    assert village.totals("2017-05-01") == village.totals(TODAY) == {"candidate": (2, 2)}
    assert duplicate not in member_ids(village.cadre, here)
    village.correct(there, acts=[act_of(village.cadre, there, "DuplicatePersonFound")])
    assert answers(village, here, there) == before


def test_a_duplicate_in_the_household_of_the_person_goes_as_well(village: CorrectedVillage) -> None:
    members = [member_body("head"), member_body("other", id_number=unused_resident_id()), member_body("other")]
    household = village.household("2016-01-10", members=members)
    _, person, duplicate = member_ids(village.cadre, household)
    done(Records(village).merge_persons(household, duplicate, person, household, "2017-05-01"))
    assert village.totals(TODAY) == {"candidate": (1, 2)}


def test_a_household_of_a_duplicate_alone_ends_as_one(village: CorrectedVillage) -> None:
    number = unused_resident_id()
    there = village.household("2016-01-10", members=[member_body("head", id_number=number)])
    here = village.household("2016-01-10", members=[member_body("head")])
    (person,), (duplicate,) = member_ids(village.cadre, there), member_ids(village.cadre, here)
    done(Records(village).merge_persons(here, duplicate, person, there, "2017-05-01"))
    assert village.totals(TODAY) == {"candidate": (1, 1), "cancelled": (1, 0)}


def test_the_record_with_the_id_number_goes_on(village: CorrectedVillage) -> None:
    here, duplicate, there, person = duplicated(village, unused_resident_id())
    refused = Records(village).merge_persons(there, person, duplicate, here, "2017-05-01")
    assert refused_effect(refused) == "duplicate_has_id_number"


def test_who_have_each_an_id_number_are_two_persons(village: CorrectedVillage) -> None:
    households = [
        village.household("2016-01-10", members=[member_body("head", id_number=unused_resident_id())]) for _ in range(2)
    ]
    (one,), (other,) = (member_ids(village.cadre, household) for household in households)
    refused = Records(village).merge_persons(households[0], one, other, households[1], "2017-05-01")
    assert refused_effect(refused) == "both_have_id_numbers"


def test_a_duplicate_joins_no_household_any_more(village: CorrectedVillage) -> None:
    here, duplicate, there, person = duplicated(village, unused_resident_id())
    records = Records(village)
    done(records.merge_persons(here, duplicate, person, there, "2017-05-01"))
    done(records.end(here, "2017-06-01", "lost"))
    kept = member_ids(village.cadre, here, as_of="2017-05-31")
    refused = records.apply(
        here, "reinstatement", effective_on="2017-10-01", person_ids=[*kept, duplicate], head=kept[0]
    )
    assert status_and_code(refused) == (409, "no_such_member")
