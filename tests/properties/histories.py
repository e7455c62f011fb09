"""Histories of a county's register: commands drawn by Hypothesis, of which the register's own rules accept the legal ones.
Effective days come in any order; corrections annul facts, and other corrections."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

import msgspec
from hypothesis import strategies as st

from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.ends import ReinstatedAs
from contracts.registry.households import HouseholdFormed
from contracts.registry.members import HeadSucceeded, Relation
from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.reasons import CancelReason
from contracts.selection import surviving
from services.chassis.ground.refusals import Refused
from services.registry.households.domain import change_status, record_together
from services.registry.households.rehydration import current_state, state_on
from services.registry.households.state import Household
from tests.audit import fact_builders as facts
from tests.audit.fact_builders import InMemoryLog

MONITORED_KINDS = ("marginal", "unstable")
NAMESPACE = UUID("8a1c2c6e-3c2d-5e7a-9a60-0f2f6e2b7d11")
FIRST_DAY, LAST_DAY = date(2013, 12, 1), date(2018, 1, 31)
FIRST_RECORDED_AT = datetime(2018, 2, 1, tzinfo=UTC)
"""Every fact is recorded after its effective day, in no particular order."""

DAYS = st.one_of(
    st.dates(FIRST_DAY, LAST_DAY),
    # Around the turn of a year a day decides to which statement a fact belongs.
    st.builds(lambda year, off: date(year, 1, 1) + timedelta(off), st.integers(2014, 2018), st.integers(-1, 1)),
)


@dataclass(frozen=True, slots=True)
class Command:
    """``household``, ``kind`` and ``member`` are numbers that pick among what is possible on ``day``; it is executed
    ``later`` than the command before."""

    household: int
    day: date
    kind: int
    member: int
    later: timedelta


COMMANDS = st.lists(
    st.builds(
        Command,
        household=st.integers(0, 3),
        day=DAYS,
        kind=st.integers(0, 1_000),
        member=st.integers(0, 1_000),
        later=st.sampled_from([timedelta(microseconds=1), timedelta(hours=9), timedelta(days=1)]),
    ),
    min_size=20,
    max_size=50,
)


@dataclass
class County:
    """A county of two townships with two villages each, and households that live there."""

    number: int
    register: InMemoryLog
    households: list[UUID] = field(default_factory=list)
    now: datetime = FIRST_RECORDED_AT

    @property
    def code(self) -> str:
        return f"{self.number:06d}"

    @property
    def townships(self) -> list[str]:
        return [f"{self.code}{n}" for n in (101, 102)]

    @property
    def villages(self) -> list[str]:
        return [f"{township}{n}" for township in self.townships for n in (201, 202)]

    def facts_of(self, household: UUID) -> list[Recorded]:
        return [r for r in self.register.entries if getattr(r.fact, "household_id", None) == household]

    def execute(self, command: Command) -> None:
        """Record the command's facts if every day stays legal, as the register does; otherwise nothing."""
        if command.household >= len(self.households):
            household = uuid5(NAMESPACE, f"{self.number}/{len(self.households)}")
            self.households.append(household)
            self._commit(command, list(self._entry(household, command)))
            return
        household = self.households[command.household]
        if command.kind % 10 == 9:
            self._commit(command, list(self._die_out(household, command)))
            return
        state = state_on(self.facts_of(household), self.facts_of, as_of=command.day)
        options = [*self._options(household, state, command)]
        if options:
            self._commit(command, options[command.kind % len(options)])

    def _commit(self, command: Command, new: Sequence[Fact]) -> None:
        drafted = self.register.draft(self.now + command.later, *new)
        by_household: dict[UUID, list[HouseholdFact]] = {}
        for fact in new:
            assert isinstance(fact, HouseholdFact)
            by_household.setdefault(fact.household_id, []).append(fact)
        changes = {household: (self.facts_of(household), facts) for household, facts in by_household.items()}
        try:
            record_together(changes, date.max, self.facts_of)
        except Refused:
            return
        self.register.entries.extend(drafted)
        self.now += command.later
        self.households += [r.fact.household_id for r in drafted if isinstance(r.fact, HouseholdFormed)]

    def _entry(self, household: UUID, command: Command) -> Iterator[Fact]:
        # Early, so that most later commands find the household on record.
        day = FIRST_DAY + (command.day - FIRST_DAY) / 4
        yield facts.household_recorded(day, 1 + command.member % 4, self.villages[command.kind % 4], household)
        if command.kind % 5:
            yield facts.enrolled(day, household)

    def _die_out(self, household: UUID, command: Command) -> Iterator[Fact]:
        """All members die on one day, not before the last fact of the household."""
        known = self.facts_of(household)
        day = max([command.day, *(r.fact.effective_on for r in known)])
        members = current_state(known, self.facts_of).members
        for dead in sorted(members, key=lambda p: members[p].relation is Relation.HEAD):
            yield _with_person(facts.died(day, 0, household), dead)
        yield facts.cancelled(day, household)

    def _options(self, household: UUID, state: Household, command: Command) -> Iterator[list[Fact]]:
        day = command.day
        if state.status is PovertyStatus.CANDIDATE:
            yield [facts.enrolled(day, household)]
        if state.in_stock:
            yield [facts.exited(day, household)]
        if state.status is PovertyStatus.EXITED:
            yield [facts.returned(day, household)]
        if state.in_stock or state.status is PovertyStatus.EXITED:
            yield self._removal(household, day)
            yield [facts.cancelled(day, household)]
        yield from self._monitoring(household, state, command)
        if state.status is not None:
            yield [facts.joined(day, 10 + command.member, household)]
            yield [facts.moved(day, state.division, self.villages[command.member % 4], household)]
            yield from self._departures(household, state, command)
            yield from self._record_changes(household, state, command)
        if command.member % 3 == 0:
            # The latest correction as well, so that corrections of corrections are no rarity.
            alive = surviving(self.facts_of(household))
            for chosen in (alive[command.member % len(alive)], *[r for r in alive if r.fact.annuls][-1:]):
                yield self._annulment(household, chosen, day)

    def _monitoring(self, household: UUID, state: Household, command: Command) -> Iterator[list[Fact]]:
        day = command.day
        if state.status in (None, PovertyStatus.CANCELLED):
            return
        if state.monitoring is None or not state.monitoring.counted:
            yield [facts.monitoring_started(day, MONITORED_KINDS[command.member % 2], household)]
        if state.monitoring is not None:
            change = facts.risk_eliminated if state.monitoring.counted else facts.elimination_withdrawn
            # The withdrawal undoes the elimination from its day on, or stands for itself.
            yield [change(day if command.member % 2 else max(state.monitoring.since, FIRST_DAY), household)]

    def _annulment(self, household: UUID, chosen: Recorded, day: date) -> list[Fact]:
        """Of one fact; where its act changed several households, of the whole act."""
        act = [r for r in self.register.entries if r.recorded_at == chosen.recorded_at]
        touched = {_household_of(r): [s.id for s in act if _household_of(s) == _household_of(r)] for r in act}
        if len(touched) == 1:
            return [facts.annulled(day, chosen.id, household=household)]
        alive = {r.id for of in touched for r in surviving(self.facts_of(of))}
        return [facts.annulled(day, *(i for i in ids if i in alive), household=of) for of, ids in touched.items()]

    def _departures(self, household: UUID, state: Household, command: Command) -> Iterator[list[Fact]]:
        day, heads = command.day, [p for p, m in state.members.items() if m.relation is Relation.HEAD]
        others = [p for p in state.members if p not in heads]
        common = {"household_id": household, "effective_on": day, "entered_by": "cadre-1"}
        if others:
            chosen = others[command.member % len(others)]
            yield [_with_person(facts.left(day, 0, household), chosen)]
            yield [_with_person(facts.died(day, 0, household), chosen)]
            if heads:
                successor = HeadSucceeded(person_id=chosen, **common)  # type: ignore[arg-type]
                yield [_with_person(facts.died(day, 0, household), heads[0]), successor]
            yield self._split(household, others[: 1 + command.member % len(others)], day)
        elif heads:
            death = _with_person(facts.died(day, 0, household), heads[0])
            yield [death, facts.cancelled(day, household)]
            yield [death]

    def _record_changes(self, household: UUID, state: Household, command: Command) -> Iterator[list[Fact]]:
        """It ends, is merged with another one, turns out to hold a duplicate, or comes back."""
        day, members = command.day, list(state.members.values())
        if state.ended is not None and state.ended.members:
            back = tuple(state.ended.members)[: 1 + command.member % 2]
            status = list(ReinstatedAs)[command.kind // 7 % 2]
            yield [_with_person(facts.reinstated(day, back, household, status), back[0], "head")]
        if not members:
            return
        yield [facts.cancelled(day, household, reason=CancelReason.LOST)]
        into = self.households[command.member % len(self.households)]
        if into != household:
            joining = [
                _with_person(
                    facts.joined(day, 0, into), msgspec.structs.replace(member, relation=Relation.OTHER), "member"
                )
                for member in members
            ]
            yield [facts.cancelled(day, household, reason=CancelReason.MERGED, merged_into=into), *joining]
        gone = _with_person(facts.duplicate(day, 0, household), members[-1].person_id)
        yield [gone, facts.cancelled(day, household, reason=CancelReason.DUPLICATE)] if len(members) == 1 else [gone]

    def _split(self, household: UUID, leaving: Sequence[UUID], day: date) -> list[Fact]:
        new = uuid5(NAMESPACE, f"{self.number}/{len(self.register.entries)} split")
        old_half = _with_person(facts.split(day, (), new, household), tuple(leaving), "person_ids")
        new_half = _with_person(facts.formed(day, (0,), new, household), tuple(leaving), "person_ids")
        return [old_half, _with_person(new_half, leaving[0], "head")]

    def _removal(self, household: UUID, day: date) -> list[Fact]:
        """With what it annuls there and in the households that split off since."""
        try:
            decided = change_status(self.facts_of(household), facts.removed(day, household), date.max, self.facts_of)
        except Refused:
            return []
        return [fact for of_household in decided.values() for fact in of_household]


def _with_person(fact: Fact, person: object, name: str = "person_id") -> Fact:
    return msgspec.structs.replace(fact, **{name: person})


def _household_of(recorded: Recorded) -> UUID:
    assert isinstance(recorded.fact, HouseholdFact)
    return recorded.fact.household_id
