"""Whatever the document asks for and in whatever order and however late it is told what was done: each day what stands on the
record as missed is what was missed, once, also where the sweep was broken off at any moment."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from hypothesis import event, given, settings
from hypothesis import strategies as st

from contracts.casework.duties import DutyMissed
from contracts.civil import start_of_day
from contracts.facts import Fact
from contracts.selection import timeline
from services.casework.duties.feed import DutySweep
from services.casework.duties.store import stream_of
from services.chassis.ground.clock import SimulatedClock
from services.chassis.law.content import content_of
from services.chassis.log.store import Store
from services.chassis.log.timers import Timers
from services.registry.document_kinds import FIRST_TEXTS
from tests.casework.duties.teachers import HelpBegan, HelpEnded, HelpGiven, HelpVoided, School
from tests.properties.duty_stories import ADOPTED, DUTY_SETS, LAST, Told, expected_misses, stories
from tests.support.databases import Databases
from tests.support.long_run import LONG

SPACE = UUID("8c8e0a52-6a52-4a1e-9a55-5b0f0c0f7a11")
CALENDARS = [content_of(p.content) for p in FIRST_TEXTS.proposals if p.kind in ("school_terms", "festivals")]
"""As the release ships them."""


class BrokenOff(Exception):
    """Stands for the end of the process."""


class Breaking(Timers):
    """Ends at the rounds drawn, before it notes what it did."""

    def __init__(self, store: Store, sweep: DutySweep, rounds: Iterator[bool]) -> None:
        super().__init__(store, sweep.deadlines)
        self._rounds = rounds

    def _mark(self, done: list[UUID]) -> None:  # type: ignore[override]
        if next(self._rounds, False):
            raise BrokenOff
        super()._mark(done)


def fact_of(told: Told, pupil: UUID) -> Fact:
    common: dict[str, Any] = {"effective_on": told.day, "entered_by": told.teacher, "pupil": pupil}
    match told.what:
        case "began":
            return HelpBegan(**common, teacher=told.teacher)
        case "ended":
            return HelpEnded(**common, teacher=told.teacher)
    place, whom = "home" if told.place else None, uuid5(SPACE, f"whom-{told.whom}")
    return HelpGiven(**common, kind=told.kind, by=told.teacher, place=place, with_whom=whom)


@settings(max_examples=200 if LONG else 4)
@given(content=DUTY_SETS, told=st.lists(stories(), min_size=1, max_size=3), breaks=st.lists(st.booleans(), max_size=12))
def test_what_stands_as_missed_is_what_was_missed(
    databases: Databases, content: Mapping[str, Any], told: list[list[Told]], breaks: list[bool]
) -> None:
    with databases.fresh("casework") as conninfo:
        store = Store("casework", conninfo, SimulatedClock(start_of_day(ADOPTED)))
        try:
            _tell_and_compare(School(store, conninfo), content, told, iter(breaks))
        finally:
            store.close()


def _tell_and_compare(
    school: School, content: Mapping[str, Any], told: list[list[Told]], breaks: Iterator[bool]
) -> None:
    school.adopt(content, *CALENDARS)
    sweep = DutySweep(school.duties, walked=2, decided=1)
    sweep.begin(school.store)
    pupils = {uuid5(SPACE, str(n)): story for n, story in enumerate(told)}
    acts = sorted(
        ((day, pupil, number, void) for pupil, story in pupils.items() for number, void, day in _acts(story)),
        key=lambda act: (act[0], act[2], act[3]),
    )
    ids: dict[tuple[UUID, int], str] = {}
    for day, of_day in groupby([*acts, (LAST + timedelta(150), None, 0, False)], key=lambda act: act[0]):
        _step(school, sweep, day, breaks)
        for _, pupil, number, void in of_day:
            if pupil is None:
                continue
            one = pupils[pupil][number]
            fact = _voiding(one, pupil, ids[pupil, number]) if void else fact_of(one, pupil)
            (ids[pupil, number],) = school.tell(pupil, fact)
        for pupil, story in pupils.items():
            assert _missed(school, pupil) == Counter(expected_misses(content, story, day)), (day, pupil)
    event(f"missed {bool(_missed(school, next(iter(pupils))))}")


def _acts(story: list[Told]) -> Iterator[tuple[int, bool, date]]:
    """Which is told, or said to be wrong, on which day."""
    for number, one in enumerate(story):
        yield number, False, one.told_on
        if one.void_after is not None:
            yield number, True, one.told_on + timedelta(one.void_after)


def _voiding(one: Told, pupil: UUID, fact_id: str) -> HelpVoided:
    return HelpVoided(effective_on=one.day, entered_by=one.teacher, pupil=pupil, annuls=(fact_id,))


def _step(school: School, sweep: DutySweep, day: date, breaks: Iterator[bool]) -> None:
    while True:
        try:
            timers = Breaking(school.store, sweep, breaks)
            timers.step(school.store.clock, start_of_day(day) + timedelta(hours=9), "operator-1")  # type: ignore[arg-type]
        except BrokenOff:
            event("broken off")
            continue
        return


def _missed(school: School, pupil: UUID) -> Counter[tuple[str, str, date, date]]:
    """What stands on the record, and how often."""
    standing = timeline(school.store.stream(stream_of(pupil)))
    facts = (r.fact for r in standing)
    return Counter((f.duty, f.obliged or "", f.first, f.last) for f in facts if isinstance(f, DutyMissed))
