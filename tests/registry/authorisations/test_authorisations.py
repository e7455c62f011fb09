"""Every adult authorises the query of their assets before a household is compared: who is missing on a day, and until when."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.registry.authorisations import QueryAuthorised
from services.registry.authorisations.domain import AuthorisationState, authorisation_on, missing_authorisations
from services.registry.households.state import Household
from tests.registry.households.example_requests import member_body, member_ids, status_and_code
from tests.registry.households.example_villages import TODAY, Village, done
from tests.support.evidence import on_paper
from tests.support.recorded import recorded
from tests.support.running import Lika

PAPER = on_paper("authorisation")
HEAD, SPOUSE, COMING_OF_AGE, CHILD = range(4)


class Family:
    """Two adults, one who comes of age in 2018, one who does in 2019."""

    def __init__(self, running: Lika) -> None:
        self.village = Village(running)
        born = (("head", 1970), ("spouse", 1972), ("child", 2000), ("child", 2001))
        members = [member_body(relation, year) for relation, year in born]
        self.household = self.village.household("2018-01-10", members=members)
        self.persons = member_ids(self.village.cadre, self.household)

    def ask(self, person: int, act: str = "authorisations", on: str = TODAY, **more: Any) -> Any:
        body = {"effective_on": on, **({"evidence": PAPER} if act == "authorisations" else {}), **more}
        return self.village.cadre.post(f"{self.household}/members/{self.persons[person]}/{act}", body)

    def missing(self, on: str = TODAY) -> list[int]:
        found = self.village.cadre.get(f"{self.household}/authorisations", as_of=on).json()
        assert found["complete"] is (not found["missing"])
        return [self.persons.index(person) for person in found["missing"]]


@pytest.fixture
def family(running: Lika) -> Family:
    return Family(running)


def test_two_of_three_adults_are_not_enough(family: Family) -> None:
    assert family.missing() == [HEAD, SPOUSE, COMING_OF_AGE]
    done(family.ask(HEAD))
    done(family.ask(SPOUSE))
    assert family.missing() == [COMING_OF_AGE]
    done(family.ask(COMING_OF_AGE, guardian=family.persons[HEAD]))
    assert family.missing() == []
    found = family.village.cadre.get(f"{family.household}/authorisations").json()
    assert {adult["name"] for adult in found["adults"]} == {"***"}
    assert [adult["turns_adult"] for adult in found["adults"]] == [False, False, True]


def test_it_is_valid_from_its_day_to_its_last_both_included(family: Family) -> None:
    done(family.ask(HEAD, on="2018-03-01", valid_until="2018-05-31"))
    for day, missing in (("2018-02-28", True), ("2018-03-01", False), ("2018-05-31", False), ("2018-06-01", True)):
        assert (HEAD in family.missing(day)) is missing, day
    (head,) = [
        adult
        for adult in family.village.cadre.get(f"{family.household}/authorisations").json()["adults"]
        if adult["person_id"] == family.persons[HEAD]
    ]
    assert (head["state"], head["since"], head["valid_until"]) == ("expired", "2018-06-01", "2018-05-31")


def test_without_a_last_day_it_is_valid_as_long_as_the_parameter_says(family: Family) -> None:
    done(family.ask(HEAD, on="2018-06-01"))
    assert (HEAD in family.missing("2019-06-01"), HEAD in family.missing("2019-06-02")) == (False, True)


def test_a_refusal_and_a_withdrawal_end_it(family: Family) -> None:
    done(family.ask(HEAD, on="2018-03-01"))
    done(family.ask(HEAD, "authorisation-withdrawals", on="2018-04-01"))
    assert (HEAD in family.missing("2018-03-31"), HEAD in family.missing("2018-04-01")) == (False, True)
    again = family.ask(HEAD, "authorisation-withdrawals")
    assert status_and_code(again) == (409, "no_authorisation_to_withdraw")
    assert again.json()["next"][0]["act"] == "refuse_authorisation"
    done(family.ask(SPOUSE, "authorisation-refusals"))
    assert SPOUSE in family.missing()
    done(family.ask(SPOUSE))
    assert SPOUSE not in family.missing()


def test_each_rule_says_no(family: Family) -> None:
    assert status_and_code(family.ask(HEAD, evidence=[])) == (409, "authorisation_paper_missing")
    assert status_and_code(family.ask(CHILD)) == (409, "authorisation_of_minor")
    done(family.ask(COMING_OF_AGE, on="2018-01-10"))  # from the first day of the year on
    assert status_and_code(family.ask(HEAD, on="2018-01-09")) == (409, "authorisation_of_no_member")
    assert status_and_code(family.ask(HEAD, on="2018-06-02")) == (409, "future_day")
    assert status_and_code(family.ask(HEAD, valid_until="2018-05-31")) == (422, "authorisation_ends_before_signed")
    assert status_and_code(family.ask(HEAD, guardian=family.persons[HEAD])) == (422, "own_guardian")


def test_another_village_neither_enters_nor_reads_any(running: Lika, family: Family) -> None:
    other = Village(running)
    path = f"{family.household}/members/{family.persons[HEAD]}/authorisations"
    assert other.cadre.post(path, {"effective_on": TODAY, "evidence": PAPER}).status_code == 404
    assert other.cadre.get(f"{family.household}/authorisations").status_code == 404


def test_it_is_the_persons_own_whatever_household_they_are_in() -> None:
    person, day = UUID(int=7), date(2023, 3, 6)
    signed = QueryAuthorised(
        person_id=person, household_id=UUID(int=1), effective_on=day, entered_by="cadre-1", taken_by="cadre-1",
        valid_until=date(2024, 3, 5),
    )  # fmt: skip
    facts = recorded(signed)
    assert authorisation_on(facts, day).state is AuthorisationState.VALID
    assert missing_authorisations(Household(), {person: facts}, day, 18) == []
