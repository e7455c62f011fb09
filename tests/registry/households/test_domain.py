"""What officials do to a household: members leave and die, facts are declared void, procedures change the status."""

from uuid import UUID

import msgspec
import pytest

from contracts.registry import households as h
from contracts.registry.codes import SchoolStage
from contracts.registry.ends import HouseholdCancelled
from contracts.registry.members import HeadSucceeded, MemberDied, MemberLeft, Relation
from contracts.registry.poverty_status import PovertyStatus
from services.chassis.ground.refusals import Rule
from services.registry.households import acts, domain, rules
from services.registry.households.rehydration import current_state
from tests.registry.households.example_facts import (
    CERTIFICATE,
    CHILD,
    GRANNY,
    HEAD,
    HEAD_ONLY,
    WIFE,
    annulled,
    cancelled,
    enrolled,
    exited,
    fact_id,
    first_day,
    given,
    head_succeeded,
    member_died,
    member_joined,
    member_left,
    member_surveyed,
    moved,
    recorded_household,
    removed,
    returned,
    surveyed,
)
from tests.support.given import History

RECORDED, ENROLLED = recorded_household("2014-01-10"), enrolled("2014-05-20")
family = given(RECORDED)


def members(story: History) -> set[object]:
    return set(current_state(story.state).members)


@pytest.mark.parametrize("ended", [member_left("2015-01-01", HEAD), member_died("2015-01-01", HEAD)])
def test_a_head_who_leaves_or_dies_names_a_successor(ended: MemberLeft | MemberDied) -> None:
    family.when(ended).then_refused(rules.NO_HEAD)
    after = family.when(ended, successor=WIFE).then(ended, head_succeeded("2015-01-01", WIFE))
    head = current_state(after.state).head
    assert head is not None
    assert (head.person_id, members(after)) == (WIFE, {WIFE, CHILD})


@pytest.mark.parametrize(("stranger", "why"), [(HEAD, rules.NO_HEAD), (GRANNY, rules.NO_SUCH_MEMBER)])
def test_the_successor_is_one_of_those_who_stay(stranger: UUID, why: Rule) -> None:
    family.when(member_died("2015-01-01", HEAD), successor=stranger).then_refused(why)


def test_a_successor_is_named_only_when_the_head_goes() -> None:
    family.when(member_died("2015-01-01", CHILD), successor=WIFE).then_refused(domain.SUCCESSOR_NOT_NEEDED)
    given(recorded_household("2014-01-10", HEAD_ONLY)).when(
        member_died("2015-01-01", HEAD), successor=WIFE
    ).then_refused(domain.SUCCESSOR_NOT_NEEDED)


def test_the_death_of_the_last_member_ends_the_household() -> None:
    alone = given(recorded_household("2014-01-10", HEAD_ONLY), ENROLLED)
    died = member_died("2015-01-01", HEAD, CERTIFICATE)
    ended = alone.when(died).then(died, msgspec.structs.replace(cancelled("2015-01-01"), evidence=(CERTIFICATE,)))
    assert current_state(ended.state).status is PovertyStatus.CANCELLED


def test_a_death_that_ends_a_household_needs_evidence() -> None:
    """Another's does not."""
    couple = given(recorded_household("2014-01-10", (RECORDED.members[0], RECORDED.members[1])))
    widow = couple.when(member_died("2015-01-01", HEAD), successor=WIFE).then_happened(MemberDied, HeadSucceeded)
    widow.when(member_died("2015-02-01", WIFE)).then_refused(domain.LAST_DEATH_NEEDS_EVIDENCE)


def test_the_last_member_does_not_just_leave() -> None:
    given(recorded_household("2014-01-10", HEAD_ONLY)).when(member_left("2015-01-01", HEAD)).then_refused(
        rules.WITHOUT_MEMBERS
    )


def test_two_deaths_on_one_day_end_the_household_with_the_second() -> None:
    couple = given(recorded_household("2014-01-10", (RECORDED.members[0], RECORDED.members[1])))
    widow = couple.when(member_died("2015-01-01", HEAD), successor=WIFE).then_happened(MemberDied, HeadSucceeded)
    widow.when(member_died("2015-01-01", WIFE, CERTIFICATE)).then_happened(MemberDied, HouseholdCancelled)


def test_a_former_head_who_stays_and_the_others_are_to_the_new_head_what_follows() -> None:
    state = current_state(given(RECORDED, head_succeeded("2015-01-01", WIFE)).state)
    assert [m.relation for m in state.members.values()] == [Relation.SPOUSE, Relation.HEAD, Relation.CHILD]


def test_acts_are_annulled_and_restored_by_annulling_that() -> None:
    story = given(RECORDED, member_left("2015-01-01", WIFE))
    assert members(story) == {HEAD, CHILD}
    story = story.when(annulled("2015-02-01", 2)).then_happened(h.FactsAnnulled)
    assert members(story) == {HEAD, WIFE, CHILD}
    story.when(annulled("2015-02-02", 2)).then_refused(acts.UNKNOWN_ACT)
    story = story.when(annulled("2015-02-02", 3)).then_happened(h.FactsAnnulled)
    assert members(story) == {HEAD, CHILD}


def test_a_fact_that_never_was_or_is_another_households_cannot_be_void() -> None:
    family.when(annulled("2015-02-01", 9)).then_refused(acts.UNKNOWN_ACT)


@pytest.mark.parametrize(
    ("version", "refused"), [(2, True), (3, True), (4, True), (5, True), (6, False)], ids=lambda value: str(value)
)
def test_what_a_procedure_decided_only_a_procedure_undoes(version: int, refused: bool) -> None:
    """Source facts §5 A rules 2, 3, 5: no free edit of a poverty status."""
    story = given(
        RECORDED,
        ENROLLED,
        exited("2014-12-01"),
        returned("2015-06-01", 3),
        removed("2016-01-01"),
        member_joined("2016-02-01"),
    )
    outcome = story.when(annulled("2017-01-01", version))
    outcome.then_refused(acts.STATUS_FACT_NEEDS_CASE) if refused else outcome.then_happened(h.FactsAnnulled)


def test_a_death_entered_by_mistake_is_void_together_with_the_end_it_brought() -> None:
    story = given(recorded_household("2014-01-10", HEAD_ONLY), member_died("2015-01-01", HEAD), cancelled("2015-01-01"))
    story.when(annulled("2015-02-01", 2)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(3))
    story.when(annulled("2015-02-01", 3)).then_refused(rules.LATER_FACT_IMPOSSIBLE, fact=fact_id(2))
    alive = story.when(annulled("2015-02-01", 2, 3)).then_happened(h.FactsAnnulled)
    assert current_state(alive.state).status is PovertyStatus.CANDIDATE


def test_a_return_follows_the_exit_and_not_the_day_before_it() -> None:
    """M007, source facts §5 A rule 3."""
    story = given(RECORDED, ENROLLED, exited("2014-12-01"))
    story.when(returned("2014-11-30", 3)).then_refused(rules.STATUS_FORBIDS)
    for on in ("2014-12-01", "2014-12-02"):
        story.when(returned(on, 3)).then(returned(on, 3))


LONG_STORY = given(
    RECORDED, ENROLLED, exited("2014-12-01"), returned("2015-06-01", 3), exited("2016-12-01"), surveyed("2016-12-02")
)


@pytest.mark.parametrize(
    ("on", "void"),
    [("2014-05-20", (3, 4, 5)), ("2015-06-01", (5,)), ("2016-11-30", (5,)), ("2016-12-01", ()), ("2016-12-02", ())],
)
def test_a_removal_voids_the_exits_and_returns_behind_it_and_nothing_else(on: str, void: tuple[int, ...]) -> None:
    """M003: it never qualified, so it neither exited nor fell back; what was seen on visits stays."""
    after = LONG_STORY.when(removed(on)).then(removed(on, *void))
    assert current_state(after.state).status is PovertyStatus.REMOVED


def test_a_removal_from_an_earlier_entry_voids_one_from_a_later_entry_and_what_that_one_annulled_stays_void() -> None:
    story = LONG_STORY.when(removed("2015-06-01")).then(removed("2015-06-01", 5))
    story.when(removed("2015-06-01")).then_refused(rules.STATUS_FORBIDS)
    after = story.when(removed("2014-05-20")).then(removed("2014-05-20", 3, 4, 7, 5))
    assert current_state(after.state).status_since == first_day("2014-05-20")
    after.when(removed("2015-06-01")).then_refused(rules.STATUS_FORBIDS)


def test_a_removal_before_the_entry_is_refused() -> None:
    LONG_STORY.when(removed("2014-05-19")).then_refused(rules.STATUS_FORBIDS)


def test_where_only_the_year_is_known_a_removal_still_stands_behind_the_entry() -> None:
    entered = given(recorded_household("2014"), enrolled("2014"))
    after = entered.when(exited("2014")).then(exited("2014")).when(removed("2014")).then(removed("2014", 3))
    assert current_state(after.state).status is PovertyStatus.REMOVED
    entered.when(removed("2014")).then(removed("2014")).when(exited("2014")).then_refused(rules.STATUS_FORBIDS)


def test_a_move_takes_everybody_along() -> None:
    state = current_state(family.when(moved("2015-01-01")).then(moved("2015-01-01")).state)
    assert (state.division, state.persons) == ("990001101202", 3)


def test_blank_answers_leave_what_was_known() -> None:
    seen = given(
        RECORDED, surveyed("2015-01-01", attribute=h.Attribute.FIVE_GUARANTEES), surveyed("2016-01-01"),
        member_surveyed("2015-01-01", CHILD, school_stage=SchoolStage.PRIMARY),
        member_surveyed("2016-01-01", CHILD, boarder=True),
    )  # fmt: skip
    state = current_state(seen.state)
    child = state.members[CHILD]
    assert (state.attribute, child.school_stage, child.boarder) == ("five_guarantees", "primary", True)
