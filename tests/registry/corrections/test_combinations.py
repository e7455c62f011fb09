"""Corrections of what touched other households by something else than a split."""

import pytest

from tests.registry.corrections.correction_cases import CorrectedVillage
from tests.registry.households.example_requests import member_body, member_ids, status_and_code, unused_resident_id
from tests.registry.households.example_villages import act_of, done, facts_of
from tests.registry.identities.corrections import corrected
from tests.registry.lifecycle.record_cases import Records
from tests.support.running import Lika


@pytest.fixture
def village(running: Lika) -> CorrectedVillage:
    return CorrectedVillage(running)


def test_an_identity_is_corrected_back_in_every_household_that_was_told(village: CorrectedVillage) -> None:
    number = unused_resident_id()
    members = [member_body("head"), member_body("other", id_number=number)]
    former, latter = village.household("2016-01-10", members=members), village.household("2016-01-10")
    person = member_ids(village.cadre, former)[-1]
    village.leave(former, person, "2017-05-01")
    done(village.join(latter, person, number, "2017-05-01"))
    corrected(village, former, person, name="李某")
    village.correct(former, acts=[act_of(village.cadre, former, "PersonCorrected")])
    for household in (former, latter):
        told = [fact for fact in facts_of(village.cadre, household) if fact["type"] == "PersonCorrected"]
        assert [bool(fact["annulled_by"]) for fact in told] == [True], household


def test_an_unmerge_after_an_identity_was_corrected_says_how_it_is_done(village: CorrectedVillage) -> None:
    ending, going_on = village.household("2016-01-10"), village.household("2016-01-10")
    persons = member_ids(village.cadre, ending)
    done(Records(village).merge(ending, going_on, "2017-05-01", **dict.fromkeys(persons, "other")))
    corrected(village, going_on, persons[0], name="李某")
    refused = village.propose(going_on, {"acts": [act_of(village.cadre, going_on, "MemberJoined")]})
    assert status_and_code(refused) == (409, "later_fact_impossible")
    (instead,) = refused.json()["next"]
    assert (instead["act"], instead["form"]["procedure"]) == ("open_case", "correction")
    village.correct(going_on, **instead["form"]["terms"])
    assert member_ids(village.cadre, ending) == persons
