"""Households and persons as other services see them are what the register itself answers, for any day and as known at any
instant; and the tables of today are what the register says today.

``LIKA_FAULTS=long`` draws many random histories; a failure prints how to reproduce it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts.facts import Precision
from contracts.registry.members import Member
from contracts.registry.merges import PersonsMerged
from contracts.registry.poverty_status import PovertyStatus
from services.casework.people.domain import household_on, person_on
from services.casework.people.queries import facts_about_households, facts_about_persons
from services.casework.people.state import PERSON_FIELDS, Household, PersonState, person_of
from services.casework.people.view import HOUSEHOLDS, MEMBERS, view
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.registry.households.lineage import household_timeline
from services.registry.households.rehydration import state_on
from services.registry.households.state import Household as RegisteredHousehold
from tests.properties.drawn_commands import histories
from tests.properties.household_commands import Command, Township
from tests.properties.test_household_views import QUESTIONS, SETTINGS, Question, Registry
from tests.support.long_run import LONG

WANDERING = histories(
    40, ("record", "join", "marry", "marry", "marry", "survey_member", "survey_member", "split", "annul")
)
"""Persons who leave and join again, here and there."""


def _on_the_day(kind: str, days_ago: int, *, of: int = 0, who: int = 1, pick: int = 1) -> Command:
    return Command(kind, of, who, pick, days_ago, Precision.DAY, timedelta(0))


SURVEYED_ON_LEAVING = [
    _on_the_day("record", 90, who=2), _on_the_day("record", 90, who=2), _on_the_day("survey_member", 60, who=1),
    _on_the_day("survey_member", 30, who=1, pick=5), _on_the_day("marry", 30),
]  # fmt: skip
"""Somebody is surveyed at home twice, the second time on the day on which they join another household."""
Registered = Mapping[UUID, RegisteredHousehold]
"""The register's own answer."""


class Follower:
    """A service that follows the register, its consumer stepped by hand."""

    def __init__(self, registry: str, follower: str) -> None:
        self.registry = Registry(registry)
        self.store = Store("assistance", follower, self.registry.clock)

    def close(self) -> None:
        self.registry.store.close()
        self.store.close()

    def execute(self, history: Sequence[Command]) -> Township:
        township = self.registry.execute(history)
        consumer = Consumer(self.store, LocalSource(self.registry.store), (view(),))
        while consumer.position < self.registry.store.head().position:
            consumer.step()
        assert consumer.parked_subjects() == 0
        return township

    def registered(self, township: Township, as_of: date | None, known_at: datetime | None) -> Registered:
        facts = self.registry.reading.facts
        return {h: state_on(facts(h), facts, as_of=as_of, known_at=known_at) for h in township.household_ids}

    def goes_on_as(self, township: Township, as_of: date | None, known_at: datetime | None) -> Mapping[UUID, UUID]:
        """Duplicate → the person who goes on."""
        facts = self.registry.reading.facts
        return {
            r.fact.person_id: r.fact.same_as
            for household in township.household_ids
            for r in household_timeline(facts(household), facts, as_of=as_of, known_at=known_at)
            if isinstance(r.fact, PersonsMerged)
        }

    def rows(self, households: Sequence[UUID]) -> list[tuple[Any, ...]]:
        with self.store.reading() as conn:
            return [
                row
                for table in (HOUSEHOLDS, MEMBERS)
                for row in sorted(
                    conn.execute(
                        f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE household_id = ANY(%s)".encode(),
                        ([*households],),
                    ).fetchall()
                )
            ]


@pytest.fixture(scope="module")
def follower(module_database: Callable[[str], str]) -> Iterator[Follower]:
    opened = Follower(module_database("registry"), module_database("assistance"))
    yield opened
    opened.close()


def points(follower: Follower, township: Township, asked: Sequence[Question]) -> list[tuple[Any, Any]]:
    """Some points in both times, and what is known now of all days."""
    return [(None, None), *(question.point(follower.registry, township) for question in asked)]


def member_of(registered: Registered, person: UUID) -> tuple[UUID, Member] | None:
    """The household that the register has the person in, at most one."""
    found = [(h, state.members[person]) for h, state in registered.items() if person in state.members]
    assert len(found) <= 1
    return found[0] if found else None


def require_household(state: RegisteredHousehold, seen: Household | None) -> None:
    if state.status is None:
        assert seen is None
    else:
        assert seen is not None
        assert (seen.division, seen.status) == (state.division, state.status)
        monitored = state.monitoring
        assert seen.monitoring is (None if monitored is None else monitored.status)
        if monitored is not None:
            assert seen.monitoring_kind == monitored.kind


def require_person(registered: Registered, person: UUID, seen: PersonState) -> None:
    assert seen.alive is all(person not in state.deceased for state in registered.values())
    found = member_of(registered, person)
    if found is None and seen.status is PovertyStatus.CANCELLED:
        # Who has no household since theirs ended is found in it.
        assert seen.household_id is not None
        ended = registered[seen.household_id]
        assert (ended.status, ended.division) == (seen.status, seen.division)
        assert ended.ended is not None
        assert person in ended.ended.members
        return
    if found is None:
        assert (seen.household_id, seen.division, seen.status) == (None, None, None)
        return
    household, member = found
    state, is_registered = registered[household], person_of(member)
    assert (seen.household_id, seen.division, seen.status) == (household, state.division, state.status)
    assert all(getattr(seen, name) == getattr(is_registered, name) for name in PERSON_FIELDS)


@settings(SETTINGS, max_examples=1000 if LONG else 8)
@given(history=st.one_of(histories(), WANDERING), asked=QUESTIONS)
@example(history=SURVEYED_ON_LEAVING, asked=[])
def test_people_are_what_the_register_answers_for_any_day_as_known_at_any_instant(
    follower: Follower, history: list[Command], asked: list[Question]
) -> None:
    township = follower.execute(history)
    with follower.store.reading() as conn, conn.cursor() as cur:
        households = facts_about_households(cur, township.household_ids)
        persons = facts_about_persons(cur, township.people)
    for as_of, known_at in points(follower, township, asked):
        registered = follower.registered(township, as_of, known_at)
        for household, facts in households.items():
            seen = household_on(facts, household, as_of=as_of, known_at=known_at)
            require_household(registered[household], seen)
        goes_on_as = follower.goes_on_as(township, as_of, known_at)
        for person, about in persons.items():
            goes_on = person
            while goes_on in goes_on_as:
                goes_on = goes_on_as[goes_on]
            require_person(registered, goes_on, person_on(about, person, as_of=as_of, known_at=known_at))


@settings(SETTINGS, max_examples=300 if LONG else 4)
@given(history=st.one_of(histories(), WANDERING))
def test_the_tables_of_today_are_what_the_register_says_and_the_same_when_made_again(
    follower: Follower, history: list[Command]
) -> None:
    township = follower.execute(history)
    registered = follower.registered(township, None, None)
    live = follower.rows(township.household_ids)
    households = {h: (division, status) for h, division, status in (row for row in live if len(row) == 3)}
    assert households == {h: (s.division, s.status) for h, s in registered.items() if s.status is not None}
    present = {(h, p): (stage, boarder) for h, p, here, stage, boarder in (r for r in live if len(r) == 5) if here}
    assert present == {(h, p): (m.school_stage, m.boarder) for h, s in registered.items() for p, m in s.members.items()}

    def again(tx: Tx) -> None:
        view().refold(tx.cur, tx.log, township.household_ids)

    follower.store.transact(again, appends=False)
    assert follower.rows(township.household_ids) == live
