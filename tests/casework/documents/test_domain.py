"""Which edition is in force on a day, in a place, as known then; and how one comes and goes by two persons."""

from datetime import date, timedelta

import pytest

from contracts.casework.documents import DocumentAdopted, DocumentWithdrawn
from services.casework.documents import rules
from services.casework.documents.domain import Status, confirm
from services.chassis.ground.refusals import Refused, Rule
from services.chassis.law.dated import NotInForce, UnknownName
from tests.casework.documents.document_facts import TODAY, Story

COUNTY, ELSEWHERE = "421127100200", "990001101201"


def refused(why: Rule) -> pytest.RaisesExc[Refused]:
    return pytest.RaisesExc(Refused, check=lambda refusal: refusal.rule is why)


def test_an_edition_holds_from_its_first_day_to_its_last() -> None:
    story = Story()
    story.adopt("2014", since="2014-03-01", until="2016-02-29")
    for day in ("2014-02-28", "2016-03-01"):
        with pytest.raises(NotInForce):
            story.in_force(day)
    for day in ("2014-03-01", "2014-03-02", "2016-02-28", "2016-02-29"):
        assert story.in_force(day) == "2014"


def test_a_key_that_was_never_adopted_is_unknown() -> None:
    story = Story()
    story.propose("2014")
    with pytest.raises(UnknownName):
        story.in_force("2014-01-01")


def test_the_most_specific_place_wins_for_as_long_as_it_has_an_edition() -> None:
    story = Story()
    story.adopt("national")
    story.adopt("province", "42", "2015-01-01")
    story.adopt("county", "421127", "2016-01-01", "2016-12-31")
    days = ("2014-12-31", "2015-01-01", "2015-12-31", "2016-01-01", "2016-12-31", "2017-01-01")
    assert [story.in_force(day, COUNTY) for day in days] == [
        "national", "province", "province", "county", "county", "province",
    ]  # fmt: skip
    assert {story.in_force(day, ELSEWHERE) for day in days} == {"national"}
    assert {story.in_force(day) for day in days} == {"national"}


def test_within_a_place_the_later_first_day_wins_while_it_holds_and_of_one_day_the_later_adoption() -> None:
    story = Story()
    story.adopt("2014")
    story.adopt("pilot", since="2016-01-01", until="2016-12-31")
    assert [story.in_force(day) for day in ("2015-12-31", "2016-01-01", "2016-12-31", "2017-01-01")] == [
        "2014", "pilot", "pilot", "2014",
    ]  # fmt: skip
    story.adopt("2014-corrected")
    assert story.in_force("2015-12-31") == "2014-corrected"
    assert story.in_force("2016-01-01") == "pilot"


def test_a_late_adoption_changes_the_past_for_those_who_know_of_it_only() -> None:
    story = Story()
    story.adopt("2014")
    before = len(story.facts)
    story.adopt("late", since="2015-01-01")
    assert story.in_force("2015-06-01") == "late"
    assert story.in_force("2015-06-01", known_before=before) == "2014"
    assert story.in_force("2015-06-01", known_before=before + 1) == "2014"  # proposed is not adopted
    (instant,) = {r.recorded_at for r in story.recorded[-1:]}
    register = story.register
    for known_at, expected in ((instant, "2014"), (instant + timedelta(microseconds=1), "late")):
        known = register.as_known(known_at)
        assert known.in_force("calendar", "cn", date(2015, 6, 1), None).fact.edition == expected


def test_what_is_withdrawn_counts_as_never_adopted_stays_readable_and_can_be_restored() -> None:
    story = Story()
    story.adopt("2014")
    document = story.adopt("2016", since="2016-01-01")
    adopted = len(story.facts)
    story.withdraw_by_two(document)
    withdrawn = len(story.facts)
    assert story.in_force("2016-06-01") == "2014"
    assert story.in_force("2016-06-01", known_before=adopted) == "2016"
    state = story.register.as_known().named("calendar", "cn", "2016")
    assert state is not None
    assert (state.status, state.reason, state.edition.content["edition"]) == (Status.WITHDRAWN, "wrong", "2016")
    story.withdraw_by_two(document)  # the withdrawal is withdrawn
    assert story.in_force("2016-06-01") == "2016"
    assert story.in_force("2016-06-01", known_before=withdrawn) == "2014"
    story.withdraw_by_two(document)
    assert story.in_force("2016-06-01") == "2014"


def test_nobody_confirms_what_they_proposed() -> None:
    story = Story()
    document = story.propose("2014")
    with refused(rules.OWN_PROPOSAL):
        story.confirm(document, "operator-1")
    story.confirm(document)
    story.withdraw(document, "operator-2")
    with refused(rules.OWN_PROPOSAL):
        story.confirm(document, "operator-2")
    story.confirm(document, "operator-1")
    assert story.register.as_known().states[document].status is Status.WITHDRAWN


def test_nobody_confirms_what_they_proposed_under_another_account() -> None:
    story = Story()
    document = story.propose("2014")
    pending = story.register.as_known().states[document]
    with refused(rules.OWN_PROPOSAL):
        confirm(pending, "op.one", TODAY, {"op.one", "operator-1"})
    assert isinstance(confirm(pending, "operator-2", TODAY, {"operator-2", "op.two"}), DocumentAdopted)


def test_what_is_proposed_can_be_taken_back_alone_and_its_name_is_free_again() -> None:
    story = Story()
    document = story.propose("2014")
    assert isinstance(story.withdraw(document), DocumentWithdrawn)
    known = story.register.as_known()
    assert known.states[document].status is Status.DROPPED
    assert known.named("calendar", "cn", "2014") is None
    with refused(rules.NOTHING_PENDING):
        story.confirm(document)
    with refused(rules.NOTHING_TO_WITHDRAW):
        story.withdraw(document)


def test_nothing_is_confirmed_twice() -> None:
    story = Story()
    document = story.adopt("2014")
    with refused(rules.NOTHING_PENDING):
        story.confirm(document, "operator-3")


def test_a_withdrawal_proposed_twice_takes_effect_once() -> None:
    story = Story()
    document = story.adopt("2014")
    story.withdraw(document, "operator-1")
    story.withdraw(document, "operator-2")
    story.confirm(document, "operator-3")
    with refused(rules.NOTHING_PENDING):
        story.confirm(document, "operator-3")
    assert story.register.as_known().states[document].status is Status.WITHDRAWN


def test_all_in_force_is_one_edition_of_each_key_in_a_place_and_one_of_each_place_in_the_whole() -> None:
    story = Story()
    national, county = story.adopt("national"), story.adopt("county", "421127", "2016-01-01")
    known = story.register.as_known()
    assert known.all_in_force(date(2015, 12, 31), COUNTY) == {national}
    assert known.all_in_force(date(2016, 1, 1), COUNTY) == {county}
    assert known.all_in_force(date(2016, 1, 1), ELSEWHERE) == {national}
    assert known.all_in_force(date(2016, 1, 1), None) == {national, county}
    assert known.all_in_force(date(2013, 12, 31), None) == frozenset()
