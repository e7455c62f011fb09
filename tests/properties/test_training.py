"""Whoever joins, leaves and dies when, and in whatever order it is told: counts are those of the entries that fit, persons and
person-times are two figures, and the table says of every instant what the facts known by then say."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.assistance import training as facts
from contracts.assistance.training import CoursePlanned, CourseTerms
from contracts.facts import Fact, Recorded
from contracts.selection import timeline
from services.assistance.training.course import contradictions, course_of
from services.assistance.training.view import _rows
from tests.support.long_run import LONG

DRAWN = settings(max_examples=1000 if LONG else 40, deadline=None)
COURSE = UUID("00000000-0000-4000-8000-000000000017")
STREAM = f"course-{COURSE}"
FIRST, STARTS = date(2016, 3, 1), datetime(2016, 3, 1, tzinfo=UTC)
PEOPLE = tuple(uuid5(COURSE, name) for name in "abc")
DAYS = st.integers(0, 12).map(lambda n: FIRST + timedelta(days=n))
COMMON: dict[str, Any] = {"course_id": COURSE, "entered_by": "cadre"}
TERMS = CourseTerms(
    heads_counted=False, exam=False, certificate=True, least_attendance=50, job_after_certificate=False, technique=False
)
PLANNED = CoursePlanned(
    **COMMON, effective_on=FIRST, course_kind="yulu_training", division="990001", title="班", trade="电工", organiser="县",
    starts_on=FIRST, ends_on=date(2016, 4, 1), sessions=4, terms=TERMS,
)  # fmt: skip


def recorded(told: list[Recorded], fact: Fact) -> Recorded:
    number = len(told) + 1
    at = STARTS + timedelta(minutes=number)
    return Recorded("assistance", number, STREAM, number, at, uuid5(COURSE, str(number)), "cadre", fact, b"")


@st.composite
def stories(draw: st.DrawFn) -> list[Recorded]:
    """A plan, then anything in any order: what would contradict is refused, and deaths are told when they are told."""
    told = [recorded([], PLANNED)]
    for _ in range(draw(st.integers(3, 20))):
        person, on = draw(st.sampled_from(PEOPLE)), draw(DAYS)
        kind = draw(
            st.sampled_from(["session", "enrolled", "attended", "attended", "left", "certified", "died", "void"])
        )
        fact = _drawn(draw, kind, person, on, told)
        if fact is None:
            continue
        new = [*told, recorded(told, fact)]
        before, after = contradictions(timeline(told)), contradictions(timeline(new))
        if isinstance(fact, facts.TraineeDied | facts.TraineeDeathsAnnulled) or not set(after) - set(before):
            told = new
    return told


def _drawn(draw: st.DrawFn, kind: str, person: UUID, on: date, told: list[Recorded]) -> Fact | None:
    common = {**COMMON, "effective_on": on}
    match kind:
        case "session":
            return facts.CourseSessionHeld(**common, session=draw(st.integers(1, 4)), topic="课", place="校")
        case "enrolled":
            return facts.TraineeEnrolled(**common, person_id=person, household_id=person, division="990001101201")
        case "left":
            return facts.TraineeLeft(**common, person_id=person, reason=facts.TraineeLeavingReason.ILL)
        case "certified":
            return facts.CertificateIssued(**common, person_id=person, certificate_no=str(person), skill="电工")
        case "died":
            return facts.TraineeDied(**common, household_id=person, person_id=person, caused_by="registry/x/1")
    number = draw(st.integers(2, len(told))) if len(told) > 1 else None
    if kind == "void":
        target = None if number is None else told[number - 1]
        if target is None:
            return None
        died = isinstance(target.fact, facts.TraineeDied | facts.TraineeDeathsAnnulled)
        if died:
            return facts.TraineeDeathsAnnulled(
                **common, household_id=person, annuls=(target.id,), caused_by="registry/x/2"
            )
        return facts.CourseFactsAnnulled(**common, reason="误", annuls=(target.id,))
    course = course_of(timeline(told))
    if course is None or not course.sessions:
        return None
    session = draw(st.sampled_from(sorted(course.sessions)))
    return facts.SessionAttended(
        **{**common, "effective_on": course.sessions[session].on}, person_id=person, session=session
    )


@DRAWN
@given(stories(), DAYS, st.integers(0, 21))
def test_the_table_says_of_every_instant_what_was_known_then(told: list[Recorded], day: date, minutes: int) -> None:
    known_at = STARTS + timedelta(minutes=minutes, seconds=30)
    (rows,) = _rows(COURSE, told)
    standing = [
        row for row in rows if row[5] <= day and row[10] < known_at and (row[11] is None or row[11] >= known_at)
    ]
    course = course_of(timeline(told, known_at=known_at))
    if course is None:
        assert standing == []
        return
    attended = [(row[6], row[7]) for row in standing if row[4] == "attended"]
    expected = [
        (person, session)
        for person, trainee in course.trainees.items()
        for session, on in trainee.attended.items()
        if on <= day
    ]
    assert sorted(attended, key=str) == sorted(expected, key=str)
    assert sum(row[4] == "session" for row in standing) == sum(s.on <= day for s in course.sessions.values())


@DRAWN
@given(stories())
def test_persons_never_exceed_person_times_and_nobody_attends_dead_or_unenrolled(told: list[Recorded]) -> None:
    course = course_of(timeline(told))
    if course is None:
        return
    assert course.persons <= course.person_times <= course.persons * len(course.sessions)
    for trainee in course.trainees.values():
        assert all(trainee.takes_part_on(on) for on in trainee.attended.values())
        assert trainee.died_on is None or all(on <= trainee.died_on for on in trainee.attended.values())
        assert trainee.attended.items() <= {n: s.on for n, s in course.sessions.items()}.items()


@DRAWN
@given(stories(), st.randoms())
def test_the_order_of_telling_decides_nothing(told: list[Recorded], chance: Any) -> None:
    """Without annulments, and of one kind and day but one fact."""
    kept: dict[tuple[type[Fact], date], Fact] = {}
    for r in told[1:]:
        if not r.fact.annuls:
            kept.setdefault((type(r.fact), r.fact.effective_on), r.fact)
    first, other = list(kept.values()), list(kept.values())
    chance.shuffle(other)
    courses = []
    for order in (first, other):
        again = [recorded([], PLANNED)]
        for fact in order:
            again.append(recorded(again, fact))
        course = course_of(timeline(again))
        assert course is not None
        courses.append((course.sessions, course.trainees, course.completed_on))
    assert courses[0] == courses[1]
