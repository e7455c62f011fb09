"""Histories that a register could have: wishes drawn by Hypothesis, of which the register's own rules let pass what is
legal. Effective days come in any order; corrections void facts, and corrections void corrections."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

import msgspec
from hypothesis import strategies as st

from contracts.facts import Fact, Recorded
from contracts.registry.households import (
    HeadSucceeded,
    HouseholdExited,
    HouseholdFormed,
    HouseholdReturned,
    PovertyStatus,
    Relation,
)
from contracts.selection import surviving, timeline
from services.chassis.ground.refusals import Refused
from services.registry.households.rules import require_legal
from services.registry.households.state import Household, fold
from tests.audit import register as facts
from tests.audit.register import Register

WORLDS = UUID("8a1c2c6e-3c2d-5e7a-9a60-0f2f6e2b7d11")
FIRST_DAY, LAST_DAY = date(2013, 12, 1), date(2018, 1, 31)
BEGUN = datetime(2018, 2, 1, tzinfo=UTC)
"""Everything is learned after it came true, in no particular order."""

DAYS = st.one_of(
    st.dates(FIRST_DAY, LAST_DAY),
    # Around the turn of a year a day decides in which statement something stands.
    st.builds(lambda year, off: date(year, 1, 1) + timedelta(off), st.integers(2014, 2018), st.integers(-1, 1)),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Something somebody would like to record. The numbers pick among what is possible on that day."""

    household: int
    day: date
    act: int
    whom: int
    later: timedelta


WISHES = st.lists(
    st.builds(
        Wish,
        household=st.integers(0, 3),
        day=DAYS,
        act=st.integers(0, 1_000),
        whom=st.integers(0, 1_000),
        later=st.sampled_from([timedelta(microseconds=1), timedelta(hours=9), timedelta(days=1)]),
    ),
    min_size=20,
    max_size=50,
)


@dataclass
class World:
    """A county of two townships with two villages each, and households that live there."""

    number: int
    register: Register
    households: list[UUID] = field(default_factory=list)
    now: datetime = BEGUN

    @property
    def county(self) -> str:
        return f"{self.number:06d}"

    @property
    def townships(self) -> list[str]:
        return [f"{self.county}{n}" for n in (101, 102)]

    @property
    def villages(self) -> list[str]:
        return [f"{township}{n}" for township in self.townships for n in (201, 202)]

    def of(self, household: UUID) -> list[Recorded]:
        return [r for r in self.register.entries if getattr(r.fact, "household_id", None) == household]

    def try_(self, wish: Wish) -> None:
        """Record what is wished if every day stays legal, as the register does."""
        if wish.household >= len(self.households):
            household = uuid5(WORLDS, f"{self.number}/{len(self.households)}")
            self.households.append(household)
            self._commit(wish, list(self._entry(household, wish)))
            return
        household = self.households[wish.household]
        if wish.act % 10 == 9:
            self._commit(wish, list(self._end(household, wish)))
            return
        state = fold(timeline(self.of(household), as_of=wish.day))
        options = [*self._options(household, state, wish)]
        if options:
            self._commit(wish, options[wish.act % len(options)])

    def _commit(self, wish: Wish, wanted: Sequence[Fact]) -> None:
        drafted = self.register.drafted(self.now + wish.later, *wanted)
        for household in {r.fact.household_id for r in drafted}:  # type: ignore[attr-defined]
            mine = [*self.of(household), *(r for r in drafted if r.fact.household_id == household)]  # type: ignore[attr-defined]
            try:
                require_legal(timeline(mine), {r.id for r in drafted})
            except Refused:
                return
        self.register.entries.extend(drafted)
        self.now += wish.later
        self.households += [r.fact.household_id for r in drafted if isinstance(r.fact, HouseholdFormed)]

    def _entry(self, household: UUID, wish: Wish) -> Iterator[Fact]:
        # Early, so that most of what is wished later finds the household there.
        day = FIRST_DAY + (wish.day - FIRST_DAY) / 4
        yield facts.taken_down(day, 1 + wish.whom % 4, self.villages[wish.act % 4], household)
        if wish.act % 5:
            yield facts.enrolled(day, household)

    def _end(self, household: UUID, wish: Wish) -> Iterator[Fact]:
        """Everybody dies in one accident, after all that is known of the household."""
        known = self.of(household)
        day = max([wish.day, *(r.fact.effective_on for r in known)])
        members = fold(timeline(known)).members
        for dead in sorted(members, key=lambda p: members[p].relation is Relation.HEAD):
            yield _about(facts.died(day, 0, household), dead)
        yield facts.cancelled(day, household)

    def _options(self, household: UUID, state: Household, wish: Wish) -> Iterator[list[Fact]]:
        day = wish.day
        if state.status is PovertyStatus.CANDIDATE:
            yield [facts.enrolled(day, household)]
        if state.in_stock:
            yield [facts.exited(day, household)]
        if state.status is PovertyStatus.EXITED:
            yield [facts.returned(day, household)]
        if state.in_stock or state.status is PovertyStatus.EXITED:
            yield [facts.removed(day, household, annuls=self._undone_by_removal(household, day))]
            yield [facts.cancelled(day, household)]
        if state.status is not None:
            yield [facts.joined(day, 10 + wish.whom, household)]
            yield [facts.moved(day, state.division, self.villages[wish.whom % 4], household)]
            yield from self._partings(household, state, wish)
        if wish.whom % 3 == 0:
            # The latest correction as well, so that corrections of corrections are no rarity.
            alive = surviving(self.of(household))
            for chosen in (alive[wish.whom % len(alive)], *[r for r in alive if r.fact.annuls][-1:]):
                yield [facts.annulled(day, chosen.id, household=household)]

    def _partings(self, household: UUID, state: Household, wish: Wish) -> Iterator[list[Fact]]:
        day, heads = wish.day, [p for p, m in state.members.items() if m.relation is Relation.HEAD]
        others = [p for p in state.members if p not in heads]
        common = {"household_id": household, "effective_on": day, "entered_by": "cadre-1"}
        if others:
            chosen = others[wish.whom % len(others)]
            yield [_about(facts.left(day, 0, household), chosen)]
            yield [_about(facts.died(day, 0, household), chosen)]
            if heads:
                successor = HeadSucceeded(person_id=chosen, **common)  # type: ignore[arg-type]
                yield [_about(facts.died(day, 0, household), heads[0]), successor]
            yield self._split(household, state, others[: 1 + wish.whom % len(others)], day)
        elif heads:
            death = _about(facts.died(day, 0, household), heads[0])
            yield [death, facts.cancelled(day, household)]
            yield [death]

    def _split(self, household: UUID, state: Household, gone: Sequence[UUID], day: date) -> list[Fact]:
        assert state.status is not None
        new = uuid5(WORLDS, f"{self.number}/{len(self.register.entries)} split")
        parting = facts.split(day, (), new, household)
        forming = facts.formed(day, len(gone), new, state.status, state.division)
        return [_about(parting, tuple(gone), "person_ids"), forming]

    def _undone_by_removal(self, household: UUID, day: date) -> tuple[str, ...]:
        return tuple(
            r.id
            for r in surviving(self.of(household))
            if isinstance(r.fact, HouseholdExited | HouseholdReturned) and r.fact.effective_on >= day
        )


def _about(fact: Fact, whom: object, name: str = "person_id") -> Fact:
    return msgspec.structs.replace(fact, **{name: whom})
