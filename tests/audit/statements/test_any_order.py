"""Whatever is told of a family of households in whatever order: the rows of the tables are the folds of the facts that
were known, for every day and every instant, and each household's own only."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.facts import Fact
from contracts.quantities import Figures
from contracts.selection import timeline
from services.audit.statements.bitemporal import project
from services.audit.statements.domain import OUTGOING, Line, Movement, movements
from services.audit.statements.state import fold
from tests.audit import fact_builders as told
from tests.audit.fact_builders import HILL, HOUSEHOLD, LAKE, InMemoryLog

CHILD, GRANDCHILD = (UUID(int=n, version=4) for n in (2, 3))
FAMILY = (HOUSEHOLD, CHILD, GRANDCHILD)
FIRST = date(2015, 1, 1)
DAYS = st.integers(0, 5).map(lambda n: FIRST + timedelta(n))
BEGUN = datetime(2018, 1, 1, tzinfo=UTC)


def about(fact: Fact, household: UUID) -> Fact:
    return msgspec.structs.replace(fact, household_id=household)


def parting(parent: UUID, into: UUID, numbers: Sequence[int], day: date) -> list[Fact]:
    formation = msgspec.structs.replace(told.formed(day, numbers, into), split_from=parent)
    return [about(told.split(day, numbers, into), parent), formation]


def facts_of(household: UUID, since: date) -> st.SearchStrategy[Fact]:
    """Facts of a household from the day on which it is recorded or formed. Legal or not: rows are the folds of facts."""
    days = st.integers(0, 5).map(lambda n: since + timedelta(n))
    made = [told.enrolled, told.exited, told.returned, told.removed, told.cancelled]
    changes = st.builds(lambda make, day: make(day), st.sampled_from(made), days)
    persons = st.builds(
        lambda make, day, number: make(day, number),
        st.sampled_from([told.died, told.joined, told.left]),
        days,
        st.integers(1, 6),
    )
    moves = st.builds(lambda day, ends: told.moved(day, *ends), days, st.permutations((HILL, LAKE)))
    return st.one_of(changes, persons, moves).map(lambda fact: about(fact, household))


@st.composite
def histories(draw: st.DrawFn) -> InMemoryLog:
    """A family's acts, told in any order; some are annulled, and some annulments, too."""
    once, twice = sorted((draw(DAYS), draw(DAYS)))
    facts = st.one_of(facts_of(HOUSEHOLD, FIRST), facts_of(CHILD, once), facts_of(GRANDCHILD, twice))
    acts: list[list[Fact]] = [
        [told.household_recorded(FIRST, 5), told.enrolled(FIRST)],
        parting(HOUSEHOLD, CHILD, (2, 3, 4), once),
        parting(CHILD, GRANDCHILD, (3, 4), twice),
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
        log.append(instant, *(told.annulled(day, r.id, household=r.fact.household_id) for r in void))  # type: ignore[attr-defined]
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
        [told.household_recorded(FIRST, 5)],
        [told.enrolled(FIRST)],
        [told.moved(moved_on, HILL, LAKE)],
        [told.exited(exited_on)],
        parting(HOUSEHOLD, CHILD, (3, 4, 5), split_on),
        [told.died(died_on, 2)],
    ]


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
