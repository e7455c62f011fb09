"""Facts of a pupil's aid derived from the registry's facts: every continuation and every end."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts.assistance.entitlements import (
    EntitlementContinued,
    EntitlementEndedAtStageChange,
    EntitlementGranted,
    EntitlementStopped,
    EntitlementTransferred,
    GrantedAmount,
    OverpaidReviewOpened,
    StopReason,
)
from contracts.assistance.inbox import AssistanceReactionRefused
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.codes import SchoolStage
from contracts.registry.members import MemberJoined, MemberLeft
from contracts.registry.reasons import JoinReason, LeaveReason
from contracts.selection import timeline
from services.assistance.document_kinds import FIRST_TEXTS
from services.assistance.entitlements.derived_facts import derive_facts, of_person
from services.assistance.entitlements.state import Grant, fold
from services.assistance.programmes.lookup import Programmes
from services.assistance.reconciliation import diff
from tests.assistance.harness import CALENDARS, NEXT_VILLAGE, VILLAGE, Family, fact
from tests.support.first_texts import lookup_of, programme_of
from tests.support.recorded import recorded

LAW = Programmes(lookup_of(programme_of(FIRST_TEXTS, "education_aid", "99"), *CALENDARS.proposals))
FAMILY = Family.new()
OTHER = UUID(int=77)
GRANTED = date(2014, 9, 12)
GRANTED_AT = datetime(2014, 9, 12, 1, tzinfo=UTC)
CASE = UUID(int=9)
BASIS = (FAMILY.recorded("2014-01-05"), FAMILY.enrolled("2014-06-01"))


def aided(stage: SchoolStage = SchoolStage.PRIMARY) -> Grant:
    granted = EntitlementGranted(
        household_id=FAMILY.household, unit_id=FAMILY.pupil.person_id, programme="education_aid", case_id=CASE,
        effective_on=GRANTED, entered_by="decider-1", division=VILLAGE, stage=stage,
        amounts=(GrantedAmount(component="primary", yuan=Decimal(500), since=date(2014, 1, 1)),),
    )  # fmt: skip
    return fold(timeline(recorded(granted, log="assistance", stream="entitlements-x", at=GRANTED_AT))).grants[CASE]


def learned(*later: HouseholdFact) -> tuple[Recorded, ...]:
    """What was known at the grant, then these facts, each on its own day at the earliest."""
    known = recorded(*BASIS, at=datetime(2014, 6, 1, tzinfo=UTC))
    found = list(known)
    for number, one in enumerate(later, start=3):
        at = datetime(2014, 9, 20, tzinfo=UTC) + timedelta(hours=number)
        on = datetime.combine(one.effective_on, datetime.min.time(), UTC) + timedelta(hours=number)
        (made,) = recorded(one, start=number, at=max(at, on))
        found.append(made)
    return tuple(found)


def derived(about: Sequence[Recorded], programmes: Programmes = LAW) -> list[Fact]:
    return derive_facts(aided(), about, of_person(FAMILY.pupil.person_id), programmes)


def after(*later: HouseholdFact, programmes: Programmes = LAW) -> list[Fact]:
    return derived(learned(*later), programmes)


def terms_of(review: OverpaidReviewOpened) -> tuple[str, ...]:
    """The terms under review, by the month in which each begins."""
    return tuple(f"{line.first:%Y-%m}" for line in review.lines)


def kinds(facts: Sequence[Fact]) -> list[type[Fact]]:
    return [type(f) for f in facts]


def stop(*later: HouseholdFact) -> tuple[StopReason, str]:
    found = after(*later)
    ended = next(f for f in found if isinstance(f, EntitlementStopped))
    return ended.reason, str(ended.effective_on)


def test_nothing_is_derived_from_what_was_known_when_the_aid_was_granted() -> None:
    assert after() == []


def test_a_return_changes_nothing_for_running_aid_and_a_second_exit_continues_it_again() -> None:
    """M007, M119."""
    later = (FAMILY.exited("2014-12-20"), FAMILY.returned("2015-03-01"), FAMILY.exited("2015-12-20"))
    assert kinds(after(*later)) == [EntitlementContinued, EntitlementContinued]
    (ended,) = after(later[1], FAMILY.pupil_surveyed("2016-09-01", SchoolStage.JUNIOR))
    assert isinstance(ended, EntitlementEndedAtStageChange)
    assert (ended.from_stage, ended.to_stage) == (SchoolStage.PRIMARY, SchoolStage.JUNIOR)


def test_an_exit_without_policies_continues_nothing() -> None:
    assert stop(FAMILY.exited("2014-12-20", enjoys_policies=False)) == (StopReason.NO_CONTINUATION, "2014-12-20")


def test_leaving_school_ends_the_stage_too() -> None:
    (ended,) = after(FAMILY.pupil_surveyed("2015-03-01", SchoolStage.NONE))
    assert isinstance(ended, EntitlementEndedAtStageChange)


def test_where_only_boarders_are_aided_a_day_pupil_is_not() -> None:
    """B04; source facts §5 rule 23."""
    home = FAMILY.pupil_surveyed("2015-03-01", SchoolStage.PRIMARY, boarder=False)
    assert stop(home) == (StopReason.NO_LONGER_BOARDER, "2015-03-01")


def test_an_exit_learned_late_to_be_before_the_grant_leaves_nothing_to_continue() -> None:
    found = after(FAMILY.exited("2014-08-01"))
    assert kinds(found) == [EntitlementStopped, OverpaidReviewOpened]
    assert stop(FAMILY.exited("2014-08-01")) == (StopReason.EXITED_BEFORE_GRANT, "2014-09-12")


def test_an_enrolment_annulled_stops_aid_because_of_the_annulment() -> None:
    enrolment = learned()[1].id
    found = after(FAMILY.annulled("2015-01-10", enrolment))
    (ended, review) = found
    assert isinstance(ended, EntitlementStopped)
    assert ended.reason is StopReason.NOT_REGISTERED
    assert ended.caused_by == learned(FAMILY.annulled("2015-01-10", enrolment))[2].id
    assert isinstance(review, OverpaidReviewOpened)
    assert terms_of(review) == ("2014-09",)


def test_a_removal_from_the_entry_on_stops_the_aid_of_a_pupil_who_joined_later_and_is_named_as_the_cause() -> None:
    """M005. Neither the joining, from which the pupil's state dates, nor an annulment of something else, nor what has
    been learned of another household."""
    alone = msgspec.structs.replace(FAMILY.recorded("2014-01-05"), members=(FAMILY.head,))
    joined = fact(MemberJoined, FAMILY.household, "2014-07-01", member=FAMILY.pupil, reason=JoinReason.ADOPTION)
    before = recorded(alone, FAMILY.enrolled("2014-06-01"), joined, at=datetime(2014, 7, 2, tzinfo=UTC))
    survey = FAMILY.pupil_surveyed("2015-02-01", SchoolStage.PRIMARY)
    theirs = Family(OTHER, Family.new().head, Family.new().pupil)
    others = (theirs.recorded("2014-01-05"), theirs.enrolled("2014-06-01"), theirs.exited("2014-08-01"))
    void = FAMILY.annulled("2015-03-01", "registry/household-x/5")
    later = (FAMILY.removed("2014-06-01"), survey, void, *others)
    at = datetime(2015, 3, 2, tzinfo=UTC)
    facts = (*before, *recorded(*later, start=4, at=at))
    ended = next(f for f in derived(facts) if isinstance(f, EntitlementStopped))
    assert (ended.reason, ended.caused_by) == (StopReason.HOUSEHOLD_REMOVED, facts[3].id)


def test_who_joins_another_registered_household_the_same_day_takes_the_aid_along_and_later_does_not() -> None:
    left = fact(MemberLeft, FAMILY.household, "2014-11-01", person_id=FAMILY.pupil.person_id, reason=LeaveReason.OTHER)
    theirs = Family(OTHER, Family.new().head, Family.new().pupil, NEXT_VILLAGE)
    for day, kind in (("2014-11-01", EntitlementTransferred), ("2014-11-02", EntitlementStopped)):
        joined = fact(MemberJoined, OTHER, day, member=FAMILY.pupil, reason=JoinReason.ADOPTION)
        found = after(theirs.recorded("2014-01-05"), theirs.enrolled("2014-06-01"), left, joined)
        assert kinds(found) == [kind]
    assert stop(left) == (StopReason.LEFT_HOUSEHOLD, "2014-11-01")


@pytest.mark.parametrize(
    ("effective", "learned_on", "terms"),
    [
        ("2015-03-01", "2015-08-31", ()),  # the term was due rightly, whole
        ("2015-03-01", "2015-09-01", ("2015-09",)),  # another term had become due
        ("2014-06-01", "2015-02-14", ("2014-09",)),
        ("2014-06-01", "2015-02-15", ("2014-09", "2015-02")),
        ("2014-06-01", "2015-08-31", ("2014-09", "2015-02")),
        ("2014-06-01", "2016-09-01", ("2014-09", "2015-02", "2015-09", "2016-02", "2016-09")),
    ],
)
def test_a_review_counts_the_terms_due_until_the_reason_was_known(
    effective: str, learned_on: str, terms: tuple[str, ...]
) -> None:
    at = datetime.combine(date.fromisoformat(learned_on), datetime.min.time(), UTC)
    (removed,) = recorded(FAMILY.removed(effective), start=3, at=at)
    found = derived((*learned(), removed))
    reviews = [f for f in found if isinstance(f, OverpaidReviewOpened)]
    assert [(terms_of(r), r.amount) for r in reviews] == ([(terms, Decimal(500 * len(terms)))] if terms else [])


def test_aid_that_had_ended_is_reviewed_only_for_the_terms_it_ran() -> None:
    surveyed = FAMILY.pupil_surveyed("2015-09-01", SchoolStage.JUNIOR)
    found = after(surveyed, FAMILY.removed("2014-06-01"))
    assert kinds(found) == [EntitlementStopped, OverpaidReviewOpened]
    late = learned(surveyed)[2]
    (removed,) = recorded(FAMILY.removed("2014-06-01"), start=9, at=datetime(2018, 1, 1, tzinfo=UTC))
    review = derived((*learned(), late, removed))[-1]
    assert isinstance(review, OverpaidReviewOpened)
    assert terms_of(review) == ("2014-09", "2015-02")


REPEALED_ON = date(2014, 12, 20)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2014-12-19", EntitlementContinued),
        ("2014-12-20", AssistanceReactionRefused),
        ("2014-12-21", AssistanceReactionRefused),
    ],
)
def test_without_a_rule_in_force_the_reaction_to_an_exit_is_refused_and_stops_nothing(
    day: str, kind: type[Fact]
) -> None:
    repealed = programme_of(FIRST_TEXTS, "education_aid", "99", until=REPEALED_ON - timedelta(days=1))
    (found,) = after(FAMILY.exited(day), programmes=Programmes(lookup_of(repealed, *CALENDARS.proposals)))
    assert type(found) is kind
    assert str(found.effective_on) == day
    if isinstance(found, AssistanceReactionRefused):
        assert (found.reaction, found.code) == ("continue_aid", "programme_not_in_force")
        assert found.subject == str(FAMILY.pupil.person_id)


def test_the_diff_of_derived_facts_gives_the_obsolete_and_the_missing() -> None:
    (continued,) = after(FAMILY.exited("2014-12-20"))
    (moved,) = after(FAMILY.moved("2014-10-01"))
    actual = recorded(continued, log="assistance", stream="s")
    assert diff(actual, [continued, moved, moved]) == ([], [moved])
    assert diff(actual, [moved]) == ([*actual], [moved])


DAYS = st.dates(date(2014, 6, 2), date(2017, 12, 31)).map(str)
CHANGES = st.one_of(
    DAYS.map(FAMILY.exited),
    DAYS.map(FAMILY.returned),
    DAYS.map(FAMILY.removed),
    DAYS.map(FAMILY.moved),
    DAYS.map(FAMILY.pupil_died),
    st.builds(FAMILY.pupil_surveyed, DAYS, st.sampled_from(SchoolStage)),
    DAYS.map(lambda day: FAMILY.split(day, OTHER)[0]),
)


@settings(max_examples=150)
@given(st.lists(CHANGES, max_size=6), CHANGES)
@example([FAMILY.removed("2015-09-01")], FAMILY.exited("2014-06-02"))
def test_a_change_that_is_annulled_leaves_what_there_was_before_it(
    changes: list[HouseholdFact], wrong: HouseholdFact
) -> None:
    """Whatever the registry records, possible or not, nothing is derived from an annulled fact. A review alone goes by what was
    known when its cause was learned: what the mistake had kept from falling due until then needs none."""
    before = learned(*changes)
    mistaken = learned(*changes, wrong)
    corrected = learned(*changes, wrong, FAMILY.annulled("2018-01-01", mistaken[-1].id))
    wanted = derived(before)
    learned_at = {r.id: r.recorded_at for r in corrected}

    def apart_from_the_mistake(found: Sequence[Fact]) -> list[Fact]:
        reviewed_since = {f for f in found if learned_at[f.caused_by or ""] > mistaken[-1].recorded_at}
        return [f for f in found if not (isinstance(f, OverpaidReviewOpened) and f in reviewed_since)]

    found = derived(corrected)
    assert _facts(apart_from_the_mistake(found)) == _facts(apart_from_the_mistake(wanted))
    ends = [f for f in wanted if isinstance(f, EntitlementStopped | EntitlementEndedAtStageChange)]
    assert len(ends) <= 1
    assert all(
        f.effective_on <= end.effective_on for end in ends for f in wanted if not isinstance(f, OverpaidReviewOpened)
    )
    ids = {r.id for r in before}
    assert all(f.caused_by in ids for f in wanted)


def _facts(found: Sequence[Fact]) -> list[tuple[object, ...]]:
    return [(type(f), f.effective_on, getattr(f, "reason", None), getattr(f, "lines", None)) for f in found]
