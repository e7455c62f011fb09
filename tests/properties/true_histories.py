"""True histories, simulated forward in time, and the orders in which they may be told.

A history is a list of acts, each of them possible when it happens. An act names the acts that must have been told before
it (``after``): whatever set of acts is told so far, if it holds with each act also those named by it, is a history that
the register must accept. Nothing is drawn and thrown away: a wish that is not possible becomes a birth.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from hypothesis import strategies as st

from contracts.facts import Precision
from contracts.registry.households import Attribute, PovertyStatus

FIRST_DAY = date(2013, 12, 28)
LAST_DAY = date(2031, 12, 31)
"""After everything that is true, however many dates are known to the year alone."""
VILLAGES = 3
WRONG_VILLAGE = VILLAGES
"""Where nobody ever lived."""


class Kind(StrEnum):
    RECORD = "record"
    JOIN = "join"
    LEAVE = "leave"
    DIE = "die"
    MOVE = "move"
    SURVEY = "survey"
    SPLIT = "split"
    ENROL = "enrol"
    EXIT = "exit"
    RETURN = "return"
    REMOVE = "remove"


STATUS_KINDS = frozenset({Kind.ENROL, Kind.EXIT, Kind.RETURN, Kind.REMOVE})
"""Decided by procedures, which nobody annuls."""

FIRST_RANK = {
    Kind.JOIN: 20, Kind.MOVE: 30, Kind.SURVEY: 40, Kind.ENROL: 50, Kind.EXIT: 51, Kind.RETURN: 52, Kind.REMOVE: 53,
    Kind.SPLIT: 70, Kind.LEAVE: 80, Kind.DIE: 81,
}  # fmt: skip
SUCCESSION_RANK = 60
FORMATION_RANK = 11


@dataclass(frozen=True, slots=True)
class Act:
    """Households, persons and villages are numbers. ``persons``: whose membership begins or ends; the first of a recording
    or a split is the head. ``after``: numbers of the acts that are told before this one."""

    number: int
    kind: Kind
    household: int
    day: date
    precision: Precision
    after: frozenset[int]
    persons: tuple[int, ...] = ()
    successor: int | None = None
    village: int | None = None
    attribute: Attribute | None = None
    new_household: int | None = None

    def names(self, person: int) -> bool:
        return person in self.persons or person == self.successor


@dataclass(frozen=True, slots=True)
class Wish:
    """``one``, ``two``, ``three`` choose among what is possible; ``gap``: days since the act before."""

    kind: str
    one: int
    two: int
    three: int
    gap: int
    precision: Precision


@dataclass
class _Household:
    """As it is in truth. ``members``: the head first. ``told_by``: the act that told of it first; ``moves``: villages in
    which it lived, ancestors' included, each with the act that brought it there."""

    number: int
    village: int
    members: list[int]
    status: PovertyStatus
    told_by: int
    begun: date
    day: date
    rank: int
    head_told_by: int
    moves: list[tuple[int, int]]
    status_acts: list[int]
    entries: list[date]
    fields: set[object] = field(default_factory=set)
    children: list["_Household"] = field(default_factory=list)
    decided: bool = False

    def admits(self, day: date, rank: int, about: object) -> bool:
        """Whether this comes last on the day: two facts of equal rank about the same would be one and its correction."""
        return day > self.day or rank > self.rank or (rank == self.rank and about not in self.fields)

    def happened(self, day: date, rank: int, about: object) -> None:
        if (day, rank) != (self.day, self.rank):
            self.fields = set()
        self.day, self.rank = day, rank
        self.fields.add(about)

    def descendants(self) -> Iterator["_Household"]:
        for child in self.children:
            yield child
            yield from child.descendants()


@dataclass
class _Person:
    """``membership``: the act that began or ended their last membership."""

    number: int
    household: int | None
    membership: int
    alive: bool = True


class TrueHistory:
    """Two households, and what becomes of them."""

    def __init__(self, roots: Sequence[Wish], wishes: Sequence[Wish]) -> None:
        self.acts: list[Act] = []
        self.households: list[_Household] = []
        self.persons: list[_Person] = []
        self._today = FIRST_DAY
        for wish in roots:
            self._record(wish)
        for wish in wishes:
            getattr(self, f"_{wish.kind}")(self.households[wish.one % len(self.households)], wish)

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.acts))

    def days(self) -> list[date]:
        """Every day of an act, the days around it, and the last one."""
        near = {act.day + timedelta(days) for act in self.acts for days in (-1, 0, 1)}
        return sorted({*near, LAST_DAY})

    def dependants(self, act: int) -> set[int]:
        return {other.number for other in self.acts if act in other.after}

    def _day(self, wish: Wish, *touched: tuple[_Household, int, object]) -> date:
        """The first day, from the wished one on, on which all this comes last."""
        day = first_of_period(self._today + timedelta(wish.gap), wish.precision)
        while not all(household.admits(day, rank, about) for household, rank, about in touched):
            day = first_of_period(day + timedelta(1), wish.precision)
        self._today = day
        return day

    def _act(self, kind: Kind, household: int, day: date, wish: Wish, after: set[int], **more: object) -> Act:
        act = Act(len(self.acts), kind, household, day, wish.precision, frozenset(after), **more)  # type: ignore[arg-type]
        self.acts.append(act)
        return act

    def _new_person(self) -> _Person:
        self.persons.append(_Person(len(self.persons), None, -1))
        return self.persons[-1]

    def _record(self, wish: Wish) -> None:
        number, day = len(self.households), self._day(wish)
        people = [self._new_person() for _ in range(2 + wish.two % 3)]
        persons = [p.number for p in people]
        village = wish.three % VILLAGES
        act = self._act(Kind.RECORD, number, day, wish, set(), persons=tuple(persons), village=village)
        for person in people:
            person.household, person.membership = number, act.number
        self.households.append(_Household(
            number, village, persons, PovertyStatus.CANDIDATE, act.number, day, day, 10, act.number,
            [(village, act.number)], [], [],
        ))  # fmt: skip

    def _join(self, household: _Household, wish: Wish, person: _Person | None = None) -> None:
        """Somebody new, unless a person is given."""
        person = person or self._new_person()
        day = self._day(wish, (household, FIRST_RANK[Kind.JOIN], person.number))
        self._joined(household, person, day, wish)

    def _joined(self, household: _Household, person: _Person, day: date, wish: Wish) -> None:
        after = {household.told_by} | ({person.membership} if person.membership >= 0 else set())
        act = self._act(Kind.JOIN, household.number, day, wish, after, persons=(person.number,))
        person.household, person.membership = household.number, act.number
        household.members.append(person.number)
        household.happened(day, FIRST_RANK[Kind.JOIN], person.number)

    def _join_again(self, household: _Household, wish: Wish) -> None:
        """Somebody who lived in a household before and lives in none now."""
        free = [p for p in self.persons if p.alive and p.household is None and p.membership >= 0]
        self._join(household, wish, free[wish.two % len(free)] if free else None)

    def _leave(self, household: _Household, wish: Wish, kind: Kind = Kind.LEAVE) -> None:
        if len(household.members) < 2:
            self._join(household, wish)
            return
        person = self.persons[household.members[wish.two % len(household.members)]]
        self._ended(household, person, self._last_day_of(household, person, wish, kind), wish, kind)

    def _die(self, household: _Household, wish: Wish) -> None:
        self._leave(household, wish, Kind.DIE)

    def _last_day_of(self, household: _Household, person: _Person, wish: Wish, kind: Kind) -> date:
        if person.number == household.members[0]:
            return self._day(wish, (household, SUCCESSION_RANK, "head"))
        return self._day(wish, (household, FIRST_RANK[kind], person.number))

    def _ended(self, household: _Household, person: _Person, day: date, wish: Wish, kind: Kind) -> None:
        """A head names a successor, to whom the former change of the head is known."""
        after, successor = {household.told_by, person.membership}, None
        is_head = person.number == household.members[0]
        if is_head:
            others = household.members[1:]
            successor = others[wish.three % len(others)]
            after |= {household.head_told_by, self.persons[successor].membership}
        act = self._act(kind, household.number, day, wish, after, persons=(person.number,), successor=successor)
        household.members.remove(person.number)
        if successor is not None:
            household.members.remove(successor)
            household.members.insert(0, successor)
            household.head_told_by = act.number
        person.household, person.membership, person.alive = None, act.number, kind is not Kind.DIE
        household.happened(day, FIRST_RANK[kind], person.number)

    def _marry(self, household: _Household, wish: Wish) -> None:
        """Leave one household and join another on the same day."""
        there = self.households[wish.three % len(self.households)]
        others = household.members[1:]
        if there is household or not others:
            self._join(household, wish)
            return
        person = self.persons[others[wish.two % len(others)]]
        day = self._day(
            wish,
            (household, FIRST_RANK[Kind.LEAVE], person.number),
            (there, FIRST_RANK[Kind.JOIN], person.number),
        )
        self._ended(household, person, day, wish, Kind.LEAVE)
        self._joined(there, person, day, wish)

    def _move(self, household: _Household, wish: Wish) -> None:
        village = (household.village + 1 + wish.two % (VILLAGES - 1)) % VILLAGES
        day = self._day(wish, (household, FIRST_RANK[Kind.MOVE], "village"))
        after = {household.told_by}
        if any(village == former for former, _ in household.moves):
            after.add(household.moves[-1][1])  # nobody moves to where they are: a way back needs the way there
        act = self._act(Kind.MOVE, household.number, day, wish, after, village=village)
        household.village = village
        household.moves.append((village, act.number))
        household.happened(day, FIRST_RANK[Kind.MOVE], "village")

    def _survey(self, household: _Household, wish: Wish) -> None:
        day = self._day(wish, (household, FIRST_RANK[Kind.SURVEY], "attribute"))
        attribute = list(Attribute)[wish.two % len(Attribute)]
        self._act(Kind.SURVEY, household.number, day, wish, {household.told_by}, attribute=attribute)
        household.happened(day, FIRST_RANK[Kind.SURVEY], "attribute")

    def _split(self, household: _Household, wish: Wish) -> None:
        others = household.members[1:]
        if not others:
            self._join(household, wish)
            return
        chosen = others[wish.two % len(others) :][: 1 + wish.three % 2]
        day = self._day(wish, (household, FIRST_RANK[Kind.SPLIT], tuple(chosen)))
        number = len(self.households)
        after = {household.told_by, *(self.persons[p].membership for p in chosen)}
        act = self._act(
            Kind.SPLIT, household.number, day, wish, after, persons=tuple(chosen), new_household=number
        )  # fmt: skip
        for person in chosen:
            household.members.remove(person)
            self.persons[person].household, self.persons[person].membership = number, act.number
        household.happened(day, FIRST_RANK[Kind.SPLIT], tuple(chosen))
        formed = _Household(
            number, household.village, chosen, household.status, act.number, day, day, FORMATION_RANK, act.number,
            [*household.moves], [*household.status_acts], [day],
        )  # fmt: skip
        household.children.append(formed)
        self.households.append(formed)

    def _decide(self, household: _Household, wish: Wish) -> None:
        """What a procedure decides: whichever is possible."""
        possible = {
            PovertyStatus.CANDIDATE: [Kind.ENROL],
            PovertyStatus.REGISTERED: [Kind.EXIT, Kind.EXIT, Kind.REMOVE],
            PovertyStatus.RETURNED: [Kind.EXIT, Kind.EXIT, Kind.REMOVE],
            PovertyStatus.EXITED: [Kind.RETURN, Kind.RETURN, Kind.REMOVE],
        }.get(household.status, [])
        kind = possible[wish.two % len(possible)] if possible else None
        if kind is None or (kind is Kind.REMOVE and any(d.decided for d in household.descendants())):
            self._join(household, wish)
            return
        if kind is Kind.REMOVE and household.entries and wish.three % 2:
            self._remove_from_entry(household, wish)
            return
        day = self._day(wish, (household, FIRST_RANK[kind], "status"))
        self._decided(household, kind, day, wish)
        household.happened(day, FIRST_RANK[kind], "status")

    def _remove_from_entry(self, household: _Household, wish: Wish) -> None:
        """A household that never qualified: the exits and returns since are void, and who split off since is removed too."""
        day = household.entries[wish.three // 2 % len(household.entries)]
        self._decided(household, Kind.REMOVE, day, Wish("", 0, 0, 0, 0, Precision.DAY))
        for child in household.children:
            if child.begun >= day:
                for removed in (child, *child.descendants()):
                    removed.status = PovertyStatus.REMOVED

    def _decided(self, household: _Household, kind: Kind, day: date, wish: Wish) -> None:
        after = {household.told_by, *household.status_acts}
        act = self._act(kind, household.number, day, wish, after)
        household.status_acts.append(act.number)
        household.decided = True
        household.status = {
            Kind.ENROL: PovertyStatus.REGISTERED, Kind.EXIT: PovertyStatus.EXITED,
            Kind.RETURN: PovertyStatus.RETURNED, Kind.REMOVE: PovertyStatus.REMOVED,
        }[kind]  # fmt: skip
        if kind in (Kind.ENROL, Kind.RETURN):
            household.entries.append(day)


def first_of_period(day: date, precision: Precision) -> date:
    """The day itself, or the first day of the next month or year where only that is known."""
    if precision is Precision.DAY or (day.day == 1 and (precision is Precision.MONTH or day.month == 1)):
        return day
    if precision is Precision.YEAR or day.month == 12:
        return date(day.year + 1, 1, 1)
    return date(day.year, day.month + 1, 1)


def _wish(kinds: Sequence[str]) -> st.SearchStrategy[Wish]:
    few = st.integers(0, 7)
    return st.builds(
        Wish,
        kind=st.sampled_from(kinds),
        one=few,
        two=few,
        three=few,
        gap=st.sampled_from([0, 0, 0, 1, 2, 30, 200]),
        precision=st.sampled_from([*[Precision.DAY] * 5, Precision.MONTH, Precision.YEAR]),
    )


KINDS = (
    "join",
    "join_again",
    "leave",
    "die",
    "marry",
    "move",
    "survey",
    "split",
    "split",
    "decide",
    "decide",
    "decide",
)
HISTORIES = st.builds(
    TrueHistory,
    st.lists(_wish(["record"]), min_size=2, max_size=2),
    st.lists(_wish(KINDS), min_size=3, max_size=12),
)


@dataclass(frozen=True, slots=True)
class Detour:
    """Begun when ``at`` acts are told, ended ``length`` acts later at most; the rest chooses what it is about."""

    kind: str
    at: int
    length: int
    whom: int
    off: int


@dataclass(frozen=True, slots=True)
class Order:
    """``keys``: of the acts that may be told next, the one with the smallest key is; ``waits``: days between two."""

    keys: tuple[int, ...] = ()
    waits: tuple[int, ...] = ()
    detours: tuple[Detour, ...] = ()

    def next_of(self, history: TrueHistory, told: Sequence[int]) -> Act:
        ready = [a for a in history.acts if a.number not in told and a.after <= set(told)]
        return min(ready, key=lambda a: (self.keys[a.number % len(self.keys)] if self.keys else 0, a.number))

    def wait(self, step: int) -> timedelta:
        return timedelta(days=self.waits[step % len(self.waits)] if self.waits else 0)


TRUE_ORDER = Order()
ORDERS = st.builds(
    Order,
    keys=st.lists(st.integers(0, 30), min_size=24, max_size=24).map(tuple),
    waits=st.lists(st.sampled_from([0, 0, 1, 3]), min_size=4, max_size=8).map(tuple),
    detours=st.lists(
        st.builds(
            Detour,
            kind=st.sampled_from(["annul", "annul", "wrong_move", "wrong_leave"]),
            at=st.integers(1, 16),
            length=st.integers(0, 4),
            whom=st.integers(0, 7),
            off=st.integers(0, 900),
        ),
        max_size=3,
    ).map(tuple),
)
