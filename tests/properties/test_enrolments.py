"""Enrolments told, corrected and annulled in any order: periods never overlap, say of every day as known at every instant what the
facts known then say, and the order of telling decides nothing. What the check rules read is the same for every day and instant."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from hypothesis import event, given, settings
from hypothesis import strategies as st

from contracts.facts import Fact, Recorded
from contracts.registry.codes import SchoolStage
from contracts.registry.enrolments import (
    AttendanceCounted,
    EnrolmentActsAnnulled,
    EnrolmentEnd,
    EnrolmentEnded,
    PupilEnrolled,
    PupilPlaced,
    SchoolTerm,
)
from contracts.registry.households import HouseholdRecorded
from contracts.registry.members import Relation
from contracts.selection import known as known_facts
from contracts.selection import surviving
from services.chassis.ground.refusals import Refused
from services.registry.findings.checked_households import checked, checked_schooling, with_schooling
from services.registry.findings.store import CHECKS
from services.registry.households.rehydration import state_on
from services.registry.schooling.domain import periods_of, require_sound, schooling_on, stream_of
from tests.properties.entered_facts import member
from tests.support.long_run import LONG

SETTINGS = settings(max_examples=600 if LONG else 60, deadline=None, derandomize=not LONG, print_blob=True)
NAMESPACE = UUID("8f3f1a54-3c0e-4a55-8a1b-5d0f7a0b7f21")
HOUSEHOLD, PUPIL = uuid5(NAMESPACE, "household"), uuid5(NAMESPACE, "pupil")
FIRST, DAYS = date(2016, 9, 1), 8
BEGIN = datetime(2017, 1, 1, tzinfo=UTC)
Act = tuple[str, int, int, int]
"""What is told, which enrolment or act it is about, and two days."""

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["enrol", "enrol", "enrol", "end", "place", "count", "annul"]),
        st.integers(0, 3), st.integers(0, DAYS - 1), st.integers(1, DAYS),
    ),
    min_size=2, max_size=12,
)  # fmt: skip


def day(number: int) -> date:
    return FIRST + timedelta(number)


def recorded(number: int, fact: Fact, stream: str = stream_of(PUPIL)) -> Recorded:
    at = BEGIN + timedelta(hours=number)
    return Recorded("registry", number, stream, number, at, uuid5(NAMESPACE, f"act {number}"), "education-1", fact, b"")


def facts_of(act: Act, told: Sequence[Recorded]) -> list[Fact]:
    kind, which, first, length = act
    of: dict[str, Any] = {
        "person_id": PUPIL,
        "household_id": HOUSEHOLD,
        "effective_on": day(first),
        "entered_by": "education-1",
    }
    enrolments = [r.fact.enrolment_id for r in told if isinstance(r.fact, PupilEnrolled)]
    about = enrolments[which % len(enrolments)] if enrolments else uuid5(NAMESPACE, "none")
    match kind:
        case "enrol":
            new = uuid5(NAMESPACE, f"enrolment {len(told)} {act}")
            begun = PupilEnrolled(
                **of, enrolment_id=new, school_code="2199000101", stage=[SchoolStage.PRIMARY, SchoolStage.JUNIOR][which % 2],
                boarding=False,
            )  # fmt: skip
            of["effective_on"] = day(first + length)
            end = EnrolmentEnded(**of, enrolment_id=new, reason=EnrolmentEnd.TRANSFERRED)
            return [begun] if which == 3 else [begun, end]
        case "end":
            return [EnrolmentEnded(**of, enrolment_id=about, reason=EnrolmentEnd.DROPPED_OUT)]
        case "place":
            return [PupilPlaced(**of, enrolment_id=about, boarding=True, grade=length)]
        case "count":
            term: dict[str, Any] = {"school_year": 2016, "term": SchoolTerm.AUTUMN, "missed_days": which}
            return [AttendanceCounted(**of, enrolment_id=about, **term, dropped_out=which == 0)]
    standing = surviving(told)
    void = [r for r in standing if r.command_id == standing[which % len(standing)].command_id] if standing else []
    acts = tuple({r.command_id for r in void})
    return [EnrolmentActsAnnulled(**of, acts=acts, annuls=tuple(r.id for r in void))] if void else []


def told_in_turn(acts: Sequence[Act]) -> list[Recorded]:
    """What is accepted of them; two facts of one act have one instant and one command."""
    told: list[Recorded] = []
    for number, act in enumerate(acts):
        at, command = BEGIN + timedelta(hours=number), uuid5(NAMESPACE, f"command {number}")
        new = [
            Recorded("registry", n, stream_of(PUPIL), n, at, command, "education-1", fact, b"")
            for n, fact in enumerate(facts_of(act, told), start=len(told) + 1)
        ]
        try:
            require_sound([*told, *new])
        except Refused:
            continue
        told += new
    return told


@SETTINGS
@given(ACTS)
def test_periods_say_of_every_day_as_known_at_every_instant_what_the_facts_say(acts: list[Act]) -> None:
    told = told_in_turn(acts)
    periods = periods_of(told)
    event(f"periods {min(len(periods), 8)}")
    for instant in {r.recorded_at + timedelta(microseconds=1) for r in told}:
        known = known_facts(told, instant)
        for number in range(-1, 2 * DAYS + 1):
            on = day(number)
            holding = [
                p.value for p in periods if p.valid_from <= on < p.valid_to and p.known_from < instant <= p.known_to
            ]
            assert holding == [said for said in [schooling_on(known, on)] if said is not None]


@SETTINGS
@given(ACTS, st.randoms(use_true_random=False))
def test_the_order_of_telling_decides_nothing_and_enrolments_never_overlap(acts: list[Act], random: object) -> None:
    told = told_in_turn(acts)
    standing = surviving(told)
    days: dict[date, UUID] = {}
    for enrolment in [r.fact for r in standing if isinstance(r.fact, PupilEnrolled)]:
        ends = [
            r.fact.effective_on
            for r in standing
            if isinstance(r.fact, EnrolmentEnded) and r.fact.enrolment_id == enrolment.enrolment_id
        ]
        on = enrolment.effective_on
        while on < min([*ends, day(3 * DAYS)]):
            assert days.setdefault(on, enrolment.enrolment_id) == enrolment.enrolment_id
            on += timedelta(1)
    # Of two facts of one type and day the later corrects the other: those are left out.
    alone = {(r.fact.type_name, r.fact.effective_on): r for r in standing if not r.fact.annuls}.values()
    shuffled = list(alone)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = [recorded(n, r.fact) for n, r in enumerate(shuffled, start=1)]
    for number in range(-1, 2 * DAYS + 1):
        assert schooling_on(again, day(number)) == schooling_on(list(alone), day(number))


@SETTINGS
@given(ACTS)
def test_what_the_check_rules_read_is_so_on_every_day_as_known_at_every_instant(acts: list[Act]) -> None:
    house = recorded(
        0,
        HouseholdRecorded(
            household_id=HOUSEHOLD, division="990001101201", members=(member(PUPIL, Relation.HEAD),),
            effective_on=day(2), entered_by="cadre-1",
        ),
        f"household-{HOUSEHOLD}",
    )  # fmt: skip
    facts = [house, *told_in_turn(acts)]
    periods = CHECKS.periods(HOUSEHOLD, facts)
    for instant in {r.recorded_at + timedelta(microseconds=1) for r in facts}:
        for number in range(2 * DAYS + 1):
            on = day(number)
            value = checked(state_on([house], lambda _: (), as_of=on, known_at=instant), {})
            said = checked_schooling(schooling_on(known_facts(facts[1:], instant), on))
            expected = None if value is None else with_schooling(value, {PUPIL: said})
            holding = [
                p.value for p in periods if p.valid_from <= on < p.valid_to and p.known_from < instant <= p.known_to
            ]
            assert holding == ([] if expected is None else [expected]), (on, instant)
