"""Misses on the record: found at the turn of the month, once; none where the duty was done after all."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from contracts.accounts import TIMER
from contracts.casework.documents import DocumentWithdrawn
from contracts.casework.duties import DutyMissed, DutyMissesAnnulled
from contracts.civil import civil_day, end_of_day, start_of_day
from contracts.facts import Recorded
from contracts.roles import Role
from contracts.selection import timeline
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.duties.domain import DutyState
from services.casework.duties.feed import ChangedDutySets, DutySweep
from services.casework.duties.queries import DutyFilter, DutyQueries
from services.casework.duties.store import stream_of
from services.casework.exports.lists import no_numbers
from services.chassis.log.timers import Timers
from services.chassis.security.actor import Actor
from tests.casework.duties.teachers import AREAS, HelpBegan, HelpGiven, HelpVoided, School, duty, duty_set

TALK = duty("talk", {"kind": "every", "period": "month"}, grace_days=5, least_days=15)
JANUARY = date(2016, 1, 1)


class Clock:
    """Steps a school's clock as its operator does."""

    def __init__(self, school: School, **chunks: int) -> None:
        self.school = school
        self.sweep = DutySweep(school.duties, **chunks)
        self.timers = Timers(school.store, self.sweep.deadlines)
        self.sweep.begin(school.store)

    def step(self, day: date) -> None:
        """To nine in the morning of that day."""
        self.timers.step(self.school.store.clock, start_of_day(day) + timedelta(hours=9), "operator-1")  # type: ignore[arg-type]


def began(pupil: UUID, day: date = JANUARY, teacher: str = "teacher-1") -> HelpBegan:
    return HelpBegan(effective_on=day, entered_by=teacher, pupil=pupil, teacher=teacher)


def talked(pupil: UUID, day: date, teacher: str = "teacher-1") -> HelpGiven:
    return HelpGiven(effective_on=day, entered_by=teacher, pupil=pupil, kind="talk", by=teacher)


def recorded(school: School, pupil: UUID) -> tuple[Recorded, ...]:
    return school.store.stream(stream_of(pupil))


def missed(school: School, pupil: UUID) -> list[date]:
    """First days of the periods whose misses stand."""
    return [r.fact.first for r in timeline(recorded(school, pupil)) if isinstance(r.fact, DutyMissed)]


def state_of(school: School, pupil: UUID, as_of: date, known_at: date) -> list[DutyState]:
    asked = DutyFilter(
        division="",
        subject=pupil,
        obliged="teacher-1",
        state=None,
        since=JANUARY,
        as_of=as_of,
        known_at=end_of_day(known_at),
        reader=Actor("teacher-1", frozenset({Role.CADRE}), ""),
    )
    (found,) = DutyQueries(school.store, school.duties, AREAS, no_numbers).of_subjects(asked, UUID(int=0), 10)
    return [one.state(as_of) for one in found.duties]


def test_a_miss_is_recorded_on_the_day_after_the_grace_and_once(school: School) -> None:
    school.adopt(duty_set(TALK))
    clock, idle, diligent = Clock(school), uuid4(), uuid4()
    school.tell(idle, began(idle))
    (cause,) = (f"casework/help-{idle}/1",)
    school.tell(diligent, began(diligent))
    school.tell(diligent, talked(diligent, JANUARY))
    clock.step(date(2016, 2, 5))
    assert (missed(school, idle), missed(school, diligent)) == ([], [])
    clock.step(date(2016, 2, 6))
    (miss,) = recorded(school, idle)
    assert isinstance(miss.fact, DutyMissed)
    assert (miss.fact.effective_on, civil_day(miss.recorded_at), miss.fact.caused_by, miss.fact.entered_by) == (
        date(2016, 2, 1), date(2016, 2, 6), cause, TIMER,
    )  # fmt: skip
    assert miss.fact.decided_from is not None
    assert miss.fact.decided_from.documents == (miss.fact.document,) == ("casework/documents/1",)
    clock.step(date(2016, 3, 5))
    assert (missed(school, idle), missed(school, diligent)) == ([JANUARY], [])
    clock.step(date(2016, 3, 6))
    assert (missed(school, idle), missed(school, diligent)) == ([JANUARY, date(2016, 2, 1)], [date(2016, 2, 1)])


def test_entered_late_it_is_no_miss_voided_it_is_one_again_and_each_day_knows_what_it_knew(school: School) -> None:
    school.adopt(duty_set(TALK))
    clock, pupil = Clock(school), uuid4()
    school.tell(pupil, began(pupil))
    clock.step(date(2016, 2, 10))
    (miss,) = recorded(school, pupil)
    (told,) = school.tell(pupil, talked(pupil, date(2016, 1, 20)))
    annulled = recorded(school, pupil)[-1].fact
    assert isinstance(annulled, DutyMissesAnnulled)
    assert (annulled.annuls, annulled.caused_by) == ((miss.id,), told)
    clock.step(date(2016, 2, 12))
    (void,) = school.tell(
        pupil, HelpVoided(effective_on=date(2016, 2, 12), entered_by="teacher-1", pupil=pupil, annuls=(told,))
    )
    again = recorded(school, pupil)[-1].fact
    assert isinstance(again, DutyMissed)
    assert (again.first, again.caused_by) == (JANUARY, void)
    clock.step(date(2016, 2, 14))
    assert missed(school, pupil) == [JANUARY]
    day = date(2016, 2, 10)
    assert state_of(school, pupil, date(2016, 1, 31), date(2016, 2, 9)) == [DutyState.DUE]
    assert state_of(school, pupil, date(2016, 1, 31), day) == [DutyState.MET]
    assert state_of(school, pupil, date(2016, 2, 9), date(2016, 2, 9)) == [DutyState.OVERDUE, DutyState.DUE]
    assert state_of(school, pupil, date(2016, 2, 9), day) == [DutyState.MET, DutyState.DUE]
    assert state_of(school, pupil, date(2016, 2, 9), date(2016, 2, 12)) == [DutyState.OVERDUE, DutyState.DUE]


def test_a_day_that_lies_ahead_is_looked_at_though_nothing_runs_when_somebody_is_obliged(school: School) -> None:
    """Nothing else recurs: who is paired in January sees to it that the first of June is looked at."""
    school.adopt(duty_set(duty("visit", {"kind": "dates", "days": ("06-01",), "days_before": 7}, fact="visit")))
    clock, pupil = Clock(school), uuid4()
    clock.step(date(2016, 1, 10))
    school.tell(pupil, began(pupil))
    clock.step(date(2016, 6, 2))
    assert missed(school, pupil) == [date(2016, 5, 25)]


def test_it_is_found_whatever_the_views_showed_on_the_day(school: School) -> None:
    """Told before the views know it, the obligation is looked at again with what comes due within a week; what was done is
    read from the log."""
    school.adopt(duty_set(TALK, duty("week", {"kind": "every", "period": "week"}, "visit")))
    clock, late, done = Clock(school), uuid4(), uuid4()
    school.tell(done, began(done))

    def unseen(tx):  # type: ignore[no-untyped-def]
        tx.append(f"help-{late}", began(late))
        tx.append(f"help-{done}", talked(done, JANUARY))

    school.store.transact(unseen)
    clock.step(date(2016, 2, 6))
    assert date(2016, 1, 1) not in [*missed(school, late), *missed(school, done)]
    school.show(late, done)
    clock.step(date(2016, 2, 9))  # the week that ends on the 7th
    assert (JANUARY in missed(school, late), JANUARY in missed(school, done)) == (True, False)


def test_what_was_owed_by_a_withdrawn_document_was_not_owed(school: School) -> None:
    school.adopt(duty_set(TALK))
    clock, pupil = Clock(school, decided=1), uuid4()
    school.tell(pupil, began(pupil))
    clock.step(date(2016, 2, 10))
    school.show(pupil)
    withdrawn = DocumentWithdrawn(
        effective_on=date(2016, 2, 10), entered_by="operator-2", document="casework/documents/1", reason="误发",
        annuls=("casework/documents/2",),
    )  # fmt: skip
    school.store.transact(lambda tx: tx.append(DOCUMENTS, withdrawn))
    seen = school.store.stream(DOCUMENTS)
    school.store.transact(lambda tx: ChangedDutySets().apply(tx, seen), appends=False)
    clock.step(date(2016, 2, 11))
    assert missed(school, pupil) == []


class BrokenOff(Exception):
    """Stands for the end of the process."""


class Breaking(Timers):
    """Ends when it has carried out so many rounds, before it can note that it did."""

    left = 0

    def _mark(self, done: list[UUID]) -> None:  # type: ignore[override]
        self.left -= 1
        if self.left < 0:
            raise BrokenOff
        super()._mark(done)


@pytest.mark.parametrize("survived", range(6))
def test_a_sweep_that_is_broken_off_goes_on_where_it_stood(school: School, survived: int) -> None:
    school.adopt(duty_set(TALK))
    pupils = [uuid4() for _ in range(7)]
    for pupil in pupils:
        school.tell(pupil, began(pupil))
    clock = Clock(school, walked=3, decided=2)
    breaking = Breaking(school.store, clock.sweep.deadlines)
    breaking.left = survived
    with pytest.raises(BrokenOff):
        breaking.step(school.store.clock, datetime(2016, 2, 6, tzinfo=UTC), "operator-1")  # type: ignore[arg-type]
    clock.step(date(2016, 2, 7))
    assert [[r.fact.type_name for r in recorded(school, pupil)] for pupil in pupils] == [["DutyMissed"]] * 7
