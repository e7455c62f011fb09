"""Whatever is entered about a family of households, in whatever order: the rows of the tables are the folds of the facts that
were known, for every day and every instant, and each household's own only."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.facts import Fact
from contracts.quantities import Figures
from contracts.selection import timeline
from services.audit.statements.bitemporal import project
from services.audit.statements.domain import OUTGOING, Line, Movement, movements
from services.audit.statements.state import fold
from tests.audit import fact_builders as builders
from tests.audit.fact_builders import HILL, HOUSEHOLD, LAKE, InMemoryLog

CHILD, GRANDCHILD = (UUID(int=n, version=4) for n in (2, 3))
FAMILY = (HOUSEHOLD, CHILD, GRANDCHILD)
FIRST = date(2015, 1, 1)
DAYS = st.integers(0, 5).map(lambda n: FIRST + timedelta(n))
BEGUN = datetime(2018, 1, 1, tzinfo=UTC)


def about(fact: Fact, household: UUID) -> Fact:
    return msgspec.structs.replace(fact, household_id=household)


def split_off(parent: UUID, into: UUID, numbers: Sequence[int], day: date) -> list[Fact]:
    formation = msgspec.structs.replace(builders.formed(day, numbers, into), split_from=parent)
    return [about(builders.split(day, numbers, into), parent), formation]


def facts_of(household: UUID, since: date) -> st.SearchStrategy[Fact]:
    """Facts of a household from the day on which it is recorded or formed. Legal or not: rows are the folds of facts."""
    days = st.integers(0, 5).map(lambda n: since + timedelta(n))
    made = [builders.enrolled, builders.exited, builders.returned, builders.removed, builders.cancelled]
    changes = st.builds(lambda make, day: make(day), st.sampled_from(made), days)
    persons = st.builds(
        lambda make, day, number: make(day, number),
        st.sampled_from([builders.died, builders.joined, builders.left]),
        days,
        st.integers(1, 6),
    )
    moves = st.builds(lambda day, ends: builders.moved(day, *ends), days, st.permutations((HILL, LAKE)))
    return st.one_of(changes, persons, moves).map(lambda fact: about(fact, household))


@st.composite
def histories(draw: st.DrawFn) -> InMemoryLog:
    """A family's acts, entered in any order; some are annulled, and some annulments, too."""
    once, twice = sorted((draw(DAYS), draw(DAYS)))
    facts = st.one_of(facts_of(HOUSEHOLD, FIRST), facts_of(CHILD, once), facts_of(GRANDCHILD, twice))
    acts: list[list[Fact]] = [
        [builders.household_recorded(FIRST, 5), builders.enrolled(FIRST)],
        split_off(HOUSEHOLD, CHILD, (2, 3, 4), once),
        split_off(CHILD, GRANDCHILD, (3, 4), twice),
        *([fact] for fact in draw(st.lists(facts, max_size=8))),
    ]
    log, instant = InMemoryLog(), BEGUN
    for act in draw(st.permutations(acts)):
        instant += timedelta(hours=1)
        log.append(instant, *act)
    for _ in range(draw(st.integers(0, 3))):
        instant += timedelta(hours=1)
        chosen = draw(st.sampled_from(log.entries))
        void = [r for r in log.entries if r.recorded_at == chosen.recorded_at]
        day = draw(DAYS)
        log.append(instant, *(builders.annulled(day, r.id, household=r.fact.household_id) for r in void))  # type: ignore[attr-defined]
    return log


@settings(deadline=None, max_examples=60)
@given(log=histories(), data=st.data())
def test_the_rows_are_the_folds_of_the_facts_known_at_every_instant(log: InMemoryLog, data: st.DataObject) -> None:
    known_at = data.draw(st.sampled_from([r.recorded_at for r in log.entries])) + timedelta(
        microseconds=data.draw(st.integers(0, 1))
    )
    for household in FAMILY:
        projection = project(log.entries, household)
        line = timeline(log.entries, of=household, known_at=known_at)
        current = [v.value for v in projection.movements if v.known_from < known_at <= v.known_to]
        assert sorted(current, key=repr) == sorted(movements(line, household), key=repr)
        for offset in range(-1, 7):
            day = FIRST + timedelta(offset)
            state = fold(timeline(log.entries, of=household, as_of=day, known_at=known_at), household)
            rows = [
                (v.value.division, v.value.persons)
                for v in projection.stock
                if v.known_from < known_at <= v.known_to and v.value.valid_from <= day < v.value.valid_to
            ]
            assert rows == ([(state.division, len(state.persons))] if state.in_stock else [])


def legal_acts(split_on: date, moved_on: date, exited_on: date, died_on: date) -> list[list[Fact]]:
    """A true story: a household of five is identified, moves, splits, and both halves live on."""
    return [
        [builders.household_recorded(FIRST, 5)],
        [builders.enrolled(FIRST)],
        [builders.moved(moved_on, HILL, LAKE)],
        [builders.exited(exited_on)],
        split_off(HOUSEHOLD, CHILD, (3, 4, 5), split_on),
        [builders.died(died_on, 2)],
    ]


@pytest.mark.parametrize("exits_first", [False, True])
def test_a_wrongful_entry_leaves_the_same_movements_whatever_was_decided_before_it_was_found(exits_first: bool) -> None:
    """The register annuls, in every household that split off, the exits that the removal makes impossible."""
    days = [FIRST + timedelta(n) for n in range(5)]
    log = InMemoryLog()
    log.append(BEGUN, builders.household_recorded(FIRST, 5), builders.enrolled(days[1]))
    log.append(BEGUN + timedelta(hours=1), *split_off(HOUSEHOLD, CHILD, (2, 3, 4), days[2]))
    log.append(BEGUN + timedelta(hours=2), *split_off(CHILD, GRANDCHILD, (3, 4), days[3]))
    exits = [about(builders.exited(days[4]), household) for household in (CHILD, GRANDCHILD)] if exits_first else []
    void = log.append(BEGUN + timedelta(hours=3), *exits)
    found_on = BEGUN + timedelta(hours=4)
    log.append(
        found_on,
        builders.removed(days[1]),
        *(builders.annulled(days[2], r.id, household=h) for r, h in zip(void, (CHILD, GRANDCHILD), strict=False)),
    )
    for household in FAMILY:
        lines = [(m.line, m.figures) for m in movements(timeline(log.entries, of=household), household)]
        both = [(line, Figures(1, 5)) for line in (Line.IDENTIFIED, Line.REMOVED)]
        assert lines == (both if household == HOUSEHOLD else [])
        projection = project(log.entries, household)
        assert [v for v in projection.stock if v.known_to > found_on] == []
        before = [v.value.line for v in projection.movements if v.known_from < found_on <= v.known_to]
        assert before.count(Line.EXITED) == (exits_first and household != HOUSEHOLD)


@settings(deadline=None, max_examples=60)
@given(days=st.tuples(DAYS, DAYS, DAYS, DAYS), data=st.data())
def test_a_true_story_comes_to_the_same_in_every_order_and_balances(
    days: tuple[date, date, date, date], data: st.DataObject
) -> None:
    def current(acts: list[list[Fact]]) -> dict[UUID, list[tuple[object, ...]]]:
        log = InMemoryLog()
        for n, act in enumerate(acts):
            log.append(BEGUN + timedelta(hours=n), *act)
        return {h: [(m.effective_on, m.line, m.figures, m.division) for m in found(log, h)] for h in (HOUSEHOLD, CHILD)}

    def found(log: InMemoryLog, household: UUID) -> list[Movement]:
        return movements(timeline(log.entries, of=household), household)

    acts = legal_acts(*days)
    expected = current(acts)
    assert current(data.draw(st.permutations(acts))) == expected
    log = InMemoryLog()
    log.append(BEGUN, *(fact for act in acts for fact in act))
    total = Figures()
    for movement in (m for h in (HOUSEHOLD, CHILD) for m in found(log, h)):
        total = total - movement.figures if movement.line in OUTGOING else total + movement.figures
    closing = [fold(timeline(log.entries, of=h), h).figures for h in (HOUSEHOLD, CHILD)]
    assert total == closing[0] + closing[1]
    assert {Line.IDENTIFIED} <= {m.line for m in found(log, HOUSEHOLD)}
