"""The helpers themselves: a specification must be able to fail."""

from collections.abc import Sequence
from datetime import date

import pytest

from contracts.facts import Fact, Recorded
from contracts.registry.divisions import PoorVillageDesignated
from services.chassis.ground.refusals import FORBIDDEN, NOT_FOUND, Refused
from tests.support.given import specification
from tests.support.recorded import recorded


def designated(grade: str) -> PoorVillageDesignated:
    return PoorVillageDesignated(effective_on=date(2014, 5, 1), entered_by="operator", code="990101001001", grade=grade)


def designate(command: str, timeline: Sequence[Recorded]) -> list[Fact]:
    if command == "refuse":
        raise Refused(FORBIDDEN, seen=len(timeline))
    known = {entry.fact.grade for entry in timeline if isinstance(entry.fact, PoorVillageDesignated)}
    return [] if command in known else [designated(command)]


given = specification(designate)


def test_a_story_goes_on_from_what_happened() -> None:
    story = given(designated("national")).when("provincial").then(designated("provincial"))
    story.when("provincial").then_nothing_happened()
    story.when("refuse").then_refused(FORBIDDEN, seen=2)


@pytest.mark.parametrize("wrong", [(), (designated("city"),), (designated("provincial"), designated("city"))])
def test_other_facts_than_expected_fail(wrong: tuple[Fact, ...]) -> None:
    with pytest.raises(AssertionError):
        given().when("provincial").then(*wrong)


def test_a_refusal_is_no_silence_and_silence_no_refusal() -> None:
    for expectation in (
        lambda: given().when("refuse").then_nothing_happened(),
        lambda: given().when("refuse").then(),
        lambda: given().when("refuse").then_happened(),
        lambda: given().when("refuse").then_refused(NOT_FOUND),
        lambda: given().when("refuse").then_refused(FORBIDDEN, seen=7),
        lambda: given().when("provincial").then_refused(FORBIDDEN),
    ):
        with pytest.raises(AssertionError):
            expectation()


def test_envelopes_count_positions_and_versions_and_never_share_an_instant() -> None:
    first = recorded(designated("national"), designated("provincial"), stream="village-1")
    more = recorded(designated("city"), stream="village-1", start=3)
    entries = (*first, *more)
    assert [entry.id for entry in entries] == [f"registry/village-1/{n}" for n in (1, 2, 3)]
    assert [entry.position for entry in entries] == [1, 2, 3]
    assert sorted({entry.recorded_at for entry in entries}) == [entry.recorded_at for entry in entries]
    assert all(entry.payload for entry in entries)
