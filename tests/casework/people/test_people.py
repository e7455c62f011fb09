"""Households and persons of the register, in both times; and when and why their state changes."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from contracts.facts import Recorded
from contracts.registry.codes import LabourSkill, SchoolStage
from contracts.registry.members import MemberJoined, MemberLeft, MemberSurveyed
from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.reasons import JoinReason, LeaveReason
from contracts.selection import surviving, timeline
from services.casework.people.domain import household_on, person_on
from services.casework.people.history import (
    cause_of,
    cause_of_status,
    evaluation_points,
    first_actionable_day,
    formation_of,
    person_history,
)
from services.casework.people.state import AgeBand, Person
from tests.assistance.harness import NEXT_VILLAGE, VILLAGE, Family, fact
from tests.support.recorded import recorded

FAMILY = Family.new()
OTHER = Family(UUID(int=77), Family.new().head, Family.new().pupil, NEXT_VILLAGE)
PUPIL = FAMILY.pupil.person_id
ENTRY = (FAMILY.recorded("2014-01-05"), FAMILY.enrolled("2014-06-01"))
ENTERED_AT = datetime(2014, 6, 2, tzinfo=UTC)


def entered(*later: object, at: datetime = datetime(2016, 1, 1, tzinfo=UTC)) -> list[Recorded]:
    """The entry of the household, and what was recorded later."""
    return [*recorded(*ENTRY, at=ENTERED_AT), *recorded(*later, start=3, at=at)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (2015, AgeBand.INFANT), (2014, AgeBand.SCHOOL_AGE), (2005, AgeBand.SCHOOL_AGE), (2004, AgeBand.WORKING_AGE),
        (1961, AgeBand.WORKING_AGE), (1960, AgeBand.ELDERLY), (None, None),
    ],
)  # fmt: skip
def test_an_age_band_goes_by_the_age_reached_in_the_year(born: int | None, band: AgeBand | None) -> None:
    days = (date(2020, 1, 1), date(2020, 12, 31))
    assert [Person(birth_year=born).age_band(day) for day in days] == [band, band]


@pytest.mark.parametrize(
    ("day", "status"), [(19, PovertyStatus.REGISTERED), (20, PovertyStatus.EXITED), (21, PovertyStatus.EXITED)]
)
def test_a_household_is_what_it_was_on_the_day_and_as_known_then(day: int, status: PovertyStatus) -> None:
    facts = entered(FAMILY.exited("2014-12-20", enjoys_policies=False))
    on = date(2014, 12, day)
    found = household_on(facts, FAMILY.household, as_of=on)
    assert found is not None
    assert (found.status, found.enjoys_policies) == (status, status is PovertyStatus.REGISTERED)
    before = household_on(facts, FAMILY.household, as_of=on, known_at=facts[-1].recorded_at)
    assert before is not None
    assert before.status is PovertyStatus.REGISTERED
    assert household_on(facts, FAMILY.household, as_of=date(2014, 1, 4)) is None
    assert household_on(facts, FAMILY.household, known_at=ENTERED_AT) is None


def test_a_survey_changes_what_it_asked_for_and_leaves_the_rest() -> None:
    survey = fact(
        MemberSurveyed, FAMILY.household, "2015-03-01", person_id=PUPIL, disability_level=2,
        labour_skill=LabourSkill.WEAK,
    )  # fmt: skip
    before, after = (person_on(entered(survey), PUPIL, as_of=date(2015, 3, day)) for day in (1, 2))
    assert before == after
    assert (after.disability_level, after.labour_skill, after.stage, after.boarder, after.birth_year) == (
        2, LabourSkill.WEAK, SchoolStage.PRIMARY, True, 2003,
    )  # fmt: skip
    assert person_on(entered(survey), PUPIL, as_of=date(2015, 2, 28)).disability_level is None


def test_a_survey_at_home_says_nothing_of_who_joins_another_household_that_day() -> None:
    joined = fact(MemberJoined, OTHER.household, "2015-03-01", member=FAMILY.pupil, reason=JoinReason.ADOPTION)
    left = fact(MemberLeft, FAMILY.household, "2015-03-01", person_id=PUPIL, reason=LeaveReason.OTHER)
    survey = FAMILY.pupil_surveyed("2015-03-01", SchoolStage.JUNIOR)
    facts = entered(OTHER.recorded("2014-02-01"), survey, left, joined)
    pupil = person_on(facts, PUPIL, as_of=date(2015, 3, 1))
    assert (pupil.household_id, pupil.division, pupil.stage) == (OTHER.household, NEXT_VILLAGE, SchoolStage.PRIMARY)


def test_who_left_or_died_has_no_household_and_what_is_known_of_them_stays() -> None:
    left = fact(MemberLeft, FAMILY.household, "2015-03-01", person_id=PUPIL, reason=LeaveReason.OTHER)
    for ended, alive in ((left, True), (FAMILY.pupil_died("2015-03-01"), False)):
        gone = person_on(entered(ended), PUPIL)
        assert (gone.alive, gone.household_id, gone.division, gone.status) == (alive, None, None, None)
        assert (gone.stage, gone.birth_year) == (SchoolStage.PRIMARY, 2003)


def test_evaluation_begins_with_the_state_of_the_first_day_and_goes_on_with_every_change() -> None:
    facts = entered(FAMILY.moved("2014-10-01"), FAMILY.exited("2014-12-20"), FAMILY.moved("2014-08-01", VILLAGE))
    first, moved, exited = evaluation_points(person_history(PUPIL, timeline(facts)), date(2014, 9, 1))
    assert (first.day, first.previous, first.is_exit) == (date(2014, 9, 1), None, False)
    assert (moved.day, moved.state.division) == (date(2014, 10, 1), NEXT_VILLAGE)
    assert moved.previous == first.state
    assert (exited.day, exited.is_exit) == (date(2014, 12, 20), True)
    assert [p.causes["status"].id for p in (first, moved, exited)] == [facts[1].id, facts[1].id, facts[3].id]
    (after_all,) = evaluation_points(person_history(PUPIL, timeline(facts)), date(2015, 1, 1))
    assert (after_all.state.status, after_all.is_exit) == (PovertyStatus.EXITED, False)


def test_the_cause_of_what_was_known_when_it_was_decided_is_what_was_learned_since() -> None:
    decided_at, on = datetime(2015, 1, 1, tzinfo=UTC), date(2014, 9, 1)
    removed = entered(FAMILY.removed("2014-06-01"))
    void = entered(FAMILY.annulled("2015-02-01", removed[1].id))
    for facts in (removed, void):
        (first, *_) = evaluation_points(person_history(PUPIL, timeline(facts)), on)
        assert cause_of(first, "status", facts, decided_at).id == facts[2].id
        assert cause_of(first, "stage", facts, ENTERED_AT - timedelta(days=1)).id == facts[0].id


def test_the_cause_of_a_household_s_status_is_the_fact_in_force_or_what_annulled_its_enrolment() -> None:
    exited = entered(FAMILY.exited("2014-12-20"), FAMILY.moved("2015-01-01"))
    void = entered(FAMILY.annulled("2015-02-01", exited[1].id))
    found = [cause_of_status(FAMILY.household, surviving(facts)) for facts in (exited, void, exited[:1])]
    assert [cause and cause.id for cause in found] == [exited[2].id, void[2].id, None]


def test_nobody_can_act_on_a_fact_before_it_took_effect_nor_before_it_was_recorded() -> None:
    late, early = entered(FAMILY.exited("2014-12-20"), FAMILY.exited("2017-01-01"))[2:]
    assert first_actionable_day(late) == date(2016, 1, 1)
    assert first_actionable_day(early) == date(2017, 1, 1)


def test_the_formation_of_a_household_is_its_own() -> None:
    new = UUID(int=5)
    facts = entered(*FAMILY.split("2015-04-01", new))
    formed = formation_of(new, facts)
    assert formed is not None
    assert (formed.id, formation_of(FAMILY.household, facts)) == (facts[3].id, None)
