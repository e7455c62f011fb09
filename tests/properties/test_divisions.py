"""Histories of villages told in any order, against a small model that knows nothing of facts: each household's village on each
day, as known at each instant."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts.facts import Decision
from contracts.registry.divisions import (
    DivisionActsAnnulled,
    DivisionDeclared,
    DivisionMerged,
    DivisionSplit,
    Level,
    SplitOff,
)
from contracts.registry.households import HouseholdMoved, HouseholdRecorded
from contracts.registry.members import Relation
from contracts.roles import Role
from contracts.selection import timeline
from services.audit.statements.state import fold as audited
from services.casework.people.domain import household_on
from services.chassis.ground.clock import SimulatedClock
from services.chassis.ground.refusals import Refused
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.division_changes import store as changes
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.households import domain
from services.registry.households.bitemporal import project
from services.registry.households.rehydration import state_on
from services.registry.households.rules import NOT_IN_THAT_VILLAGE
from services.registry.households.store import relatives_in, save
from services.registry.households.villages import require_village
from tests.properties.entered_facts import member

NAMESPACE = UUID("5f0f4cc5-2c7f-4f3c-9f39-0c4f5a5d7f10")
VILLAGES, HOUSEHOLDS, DAYS = 4, 3, 6
FIRST = date(2016, 1, 1)
NOW = datetime(2100, 1, 1, tzinfo=UTC)
PAPER = Decision(organ="县人民政府", decided_on=FIRST, document_no="县政复1号", signer="县长")
_examples = count(100)


@dataclass(frozen=True)
class Told:
    """``kind``: record, move, merge, split, or annul (one of the acts about villages that stand, by ``day``); ``named``: the household,
    or those that go with a part."""

    kind: str
    day: int
    named: tuple[int, ...]
    here: int
    there: int


def tellings() -> st.SearchStrategy[list[Told]]:
    village, household, day = st.integers(0, VILLAGES - 1), st.integers(0, HOUSEHOLDS - 1), st.integers(0, DAYS - 1)
    named = st.lists(household, min_size=1, max_size=2, unique=True).map(tuple)
    one = st.builds(
        Told, st.sampled_from(["record", "move", "merge", "merge", "split", "annul"]), day, named, village, village
    )
    return st.lists(one, min_size=3, max_size=12)


def model(told: Sequence[Told], household: int, until: int) -> int | None:
    """The village of a household at the end of a day. On each day people are put somewhere first, then villages change."""
    place: int | None = None
    gone: dict[int, int] = {}
    for day in range(until + 1):
        placed = [t for t in told if t.day == day and t.kind in ("record", "move") and t.named[0] == household]
        for t in sorted(placed, key=lambda t: t.kind == "move"):
            place = t.there
        while place in gone:  # put into a village that was merged before
            place = gone[place]
        gone.update({t.here: t.there for t in told if t.day == day and t.kind == "merge"})
        parts = [t for t in told if t.day == day and t.kind == "split" and household in t.named]
        # Who is named goes with the part, also out of a village that they came to by a merger of that day; else with what is left.
        while (
            place is not None
            and (way := next((t for t in parts if t.here == place), None) or gone.get(place)) is not None
        ):
            if isinstance(way, Told):
                parts.remove(way)
            place = way.there if isinstance(way, Told) else way
    return place


class Teller:
    def __init__(self, store: Store, number: int) -> None:
        self.store, self.county = store, f"{number:06}"
        self.stories: list[tuple[datetime, list[Told]]] = []
        """When each that was accepted became known, and what has been told by then and is not void."""
        self._acts: list[tuple[Told, UUID]] = []
        self._actor = Actor("cadre-1", frozenset({Role.CADRE}), self.county)

        def begin(tx: Tx) -> None:
            # What earlier examples told is nothing to this one.
            tx.cur.execute(
                "INSERT INTO cursors VALUES (%s, %s, %s) ON CONFLICT (consumer, log) DO UPDATE SET position = excluded.position",
                (tx.log, tx.log, tx.head),
            )
            for code in map(self.village, range(VILLAGES)):
                fact = DivisionDeclared(
                    code=code, level=Level.VILLAGE, name="某村", effective_on=FIRST, entered_by="operator"
                )
                tx.append(division_stream(code), fact)

        store.transact(begin)

    def village(self, number: int) -> str:
        return f"{self.county}10120{number}"

    def household(self, number: int) -> UUID:
        return uuid5(NAMESPACE, f"{self.county}/{number}")

    def tell(self, told: Told) -> None:
        void = self._acts[told.day % len(self._acts)] if told.kind == "annul" and self._acts else None
        if told.kind == "annul" and void is None:
            return
        known: list[tuple[datetime, UUID]] = []

        def work(tx: Tx) -> None:
            (self._work(told) if void is None else self._annulling(*void))(tx)
            known.append((tx.instant, tx.command_id))

        try:
            self.store.transact(work)
        except Refused:
            return
        (instant, command), story = known[0], [] if not self.stories else [*self.stories[-1][1]]
        if void is None:
            story.append(told)
            self._acts += [(told, command)] if told.kind in ("merge", "split") else []
        else:
            story.remove(void[0])
            self._acts.remove(void)
        self.stories.append((instant, story))

    def _annulling(self, told: Told, command: UUID) -> Callable[[Tx], object]:
        annulled = DivisionActsAnnulled(
            code=self.village(told.here),
            acts=(command,),
            effective_on=FIRST + timedelta(told.day),
            entered_by="operator",
        )
        return changes.annulment_handler(annulled)

    def _work(self, told: Told) -> Callable[[Tx], object]:
        day, here, there = FIRST + timedelta(told.day), self.village(told.here), self.village(told.there)
        household = self.household(told.named[0])
        common: dict[str, Any] = {"effective_on": day, "entered_by": "someone"}
        if told.kind == "merge":
            merged = DivisionMerged(code=here, into=there, decision=PAPER, **common)
            return changes.act_handler(here, day, changes.merged(merged, "operator"))
        if told.kind == "split":
            parts = (SplitOff(code=there, household_ids=tuple(map(self.household, told.named))),)
            fact = DivisionSplit(code=here, parts=parts, decision=PAPER, **common)
            return changes.act_handler(here, day, changes.split(fact, "operator"))
        return lambda tx: self._place(tx, told, household, there, day)

    @staticmethod
    def _common(day: date) -> dict[str, Any]:
        return {"effective_on": day, "entered_by": "cadre-1"}

    def _place(self, tx: Tx, told: Told, household: UUID, there: str, day: date) -> None:
        require_village(tx, there, day)
        known, common = tx.load(domain.stream_of(household)), self._common(day)
        if told.kind == "record":
            members = (member(uuid5(household, "head"), Relation.HEAD),)
            recorded = HouseholdRecorded(household_id=household, division=there, members=members, **common)
            save(tx, {household: domain.record(known, [recorded], date(2020, 1, 1), relatives_in(tx))})
            return
        before = state_on(known, relatives_in(tx), as_of=day).division
        moved = HouseholdMoved(household_id=household, from_division=before, to_division=there, **common)
        if any(isinstance(r.fact, HouseholdMoved) and r.fact.effective_on == day for r in known):
            raise Refused(NOT_IN_THAT_VILLAGE)  # the model knows one move a day
        save(tx, {household: domain.move(known, moved, date(2020, 1, 1), relatives_in(tx))})


NAMED_BEFORE_IT_CAME = [
    Told("record", 0, (0,), 0, 0), Told("split", 2, (0,), 0, 1), Told("move", 1, (0,), 0, 2), Told("merge", 2, (1,), 2, 0),
]  # fmt: skip
"""A part's household turns out to have moved away the day before, and back by a merger of the same day."""
MERGED_BY_MISTAKE = [
    Told("record", 0, (0,), 0, 0), Told("merge", 2, (0,), 0, 1), Told("split", 2, (0,), 1, 2), Told("annul", 0, (0,), 0, 0),
    Told("annul", 0, (0,), 0, 0), Told("merge", 2, (0,), 0, 3),
]  # fmt: skip
"""Annulled and told anew: what the merged village's part took along first."""


@pytest.fixture(scope="module")
def register(module_database: Callable[[str], str]) -> Iterator[Store]:
    store = Store("registry", module_database("registry"), SimulatedClock(datetime(2020, 1, 1, tzinfo=UTC)))
    yield store
    store.close()


@settings(max_examples=25, deadline=None)
@given(told=tellings())
@example(told=NAMED_BEFORE_IT_CAME)
@example(told=MERGED_BY_MISTAKE)
def test_every_household_is_where_the_story_leads_on_each_day_as_known_at_each_instant(
    register: Store, told: Sequence[Told]
) -> None:
    teller = Teller(register, next(_examples))
    for each in told:
        teller.tell(each)
    codes: Mapping[str, int] = {teller.village(n): n for n in range(VILLAGES)}
    for number in range(HOUSEHOLDS):
        household = teller.household(number)
        facts = register.stream(domain.stream_of(household))
        _, periods = project(facts)
        for (_, story), (known_at, _) in pairwise([*teller.stories, (NOW, [])]):
            for day in range(DAYS):
                on, expected = FIRST + timedelta(day), model(story, number, day)
                state = state_on(facts, as_of=on, known_at=known_at)
                assert codes.get(state.division) == expected, (story, number, day)
                others = household_on(facts, household, as_of=on, known_at=known_at)
                assert (codes[others.division] if others else None) == expected, (story, number, day)
                audit = audited(timeline(facts, of=household, as_of=on, known_at=known_at), household)
                assert (codes.get(audit.division) if audit.status else None) == expected
                rows = [p for p in periods if p.valid_from <= on < p.valid_to and p.known_from < known_at <= p.known_to]
                assert [codes[p.value.division] for p in rows] == ([] if expected is None else [expected])
