"""Acts of a true history, and the households and persons as they are in truth while it is simulated."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from contracts.facts import Precision
from contracts.registry.households import Attribute
from contracts.registry.poverty_status import PovertyStatus


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
    END = "end"
    REINSTATE = "reinstate"
    MERGE = "merge"
    HEAD = "head"
    CORRECT = "correct"


STATUS_KINDS = frozenset({Kind.ENROL, Kind.EXIT, Kind.RETURN, Kind.REMOVE})
"""Status decisions of procedures."""
NEVER_ANNULLED = STATUS_KINDS | {Kind.CORRECT}
"""Decided by two, and taken back by none alone."""

FIRST_RANK = {
    Kind.JOIN: 20, Kind.CORRECT: 25, Kind.MOVE: 30, Kind.SURVEY: 40, Kind.ENROL: 50, Kind.EXIT: 51, Kind.RETURN: 52,
    Kind.REMOVE: 53, Kind.HEAD: 60, Kind.SPLIT: 70, Kind.LEAVE: 80, Kind.DIE: 81, Kind.END: 90, Kind.REINSTATE: 12,
    Kind.MERGE: 90,
}  # fmt: skip
SUCCESSION_RANK = 60
FORMATION_RANK = 11
FIRST_BIRTH_YEAR = 1970
"""Of everybody, until it is corrected."""


@dataclass(frozen=True, slots=True)
class Act:
    """Households, persons and villages are numbers. ``persons``: whose membership begins or ends; the first of a recording or
    a split, and of those who come back, is the head; of a change of head the new one, then the former. ``birth_year``: as the
    act says. ``left``: the village that a move leaves. ``after``: numbers of the acts that are entered before this one."""

    number: int
    kind: Kind
    household: int
    day: date
    precision: Precision
    after: frozenset[int]
    persons: tuple[int, ...] = ()
    successor: int | None = None
    village: int | None = None
    left: int | None = None
    attribute: Attribute | None = None
    new_household: int | None = None
    merged_into: int | None = None
    birth_year: int = FIRST_BIRTH_YEAR

    def names(self, person: int) -> bool:
        return person in self.persons or person == self.successor


@dataclass(frozen=True, slots=True)
class Command:
    """Drawn numbers: ``one``, ``two``, ``three`` choose among what is possible; ``gap``: days since the act before."""

    kind: str
    one: int
    two: int
    three: int
    gap: int
    precision: Precision


@dataclass
class TrueHousehold:
    """As it is in truth. ``members``: the head first. ``created_by``: the act that recorded or formed it. ``status_acts``:
    ancestors' included, of which ``inherited`` are theirs. ``entries``: days since which its own facts, but for later ones,
    have it in the register, each with the number of status acts until then. ``day``, ``rank``, ``fields``: of what happened
    last. ``status_at_end``: of one that has ended, when it did; ``ended_by``: the act; ``merges``: acts by which others
    merged with it, or it with another; ``removed_by``: acts that removed it with an ancestor."""

    number: int
    village: int
    members: list[int]
    status: PovertyStatus
    created_by: int
    begun: date
    day: date
    rank: int
    head_changed_by: int
    status_acts: list[int]
    inherited: int
    entries: list[tuple[date, int]]
    fields: set[object] = field(default_factory=set)
    children: list["TrueHousehold"] = field(default_factory=list)
    status_at_end: PovertyStatus | None = None
    ended_by: Act | None = None
    merges: set[int] = field(default_factory=set)
    removed_by: set[int] = field(default_factory=set)

    def is_removed(self, by: int) -> None:
        """With whom it split off from. Also where it has ended: it was a removed one when it did."""
        self.removed_by.add(by)
        if self.ended_by is None:
            self.status = PovertyStatus.REMOVED
        else:
            self.status_at_end = PovertyStatus.REMOVED
        self.entries = []

    def admits(self, day: date, rank: int, about: object) -> bool:
        """Whether this comes last on the day: two facts of equal rank about the same would be one and its correction."""
        return day > self.day or rank > self.rank or (rank == self.rank and about not in self.fields)

    def happened(self, day: date, rank: int, about: object) -> None:
        if (day, rank) != (self.day, self.rank):
            self.fields = set()
        self.day, self.rank = day, rank
        self.fields.add(about)

    def descendants(self) -> Iterator["TrueHousehold"]:
        for child in self.children:
            yield child
            yield from child.descendants()


@dataclass
class TruePerson:
    """``membership``: the act that began or ended their last membership, or their being head; ``begun``: the one that began
    it."""

    number: int
    household: int | None
    membership: int
    alive: bool = True
    begun: int = -1
    birth_year: int = FIRST_BIRTH_YEAR


def first_of_period(day: date, precision: Precision) -> date:
    """The day itself, or the first day of the next month or year where only that is known."""
    if precision is Precision.DAY or (day.day == 1 and (precision is Precision.MONTH or day.month == 1)):
        return day
    if precision is Precision.YEAR or day.month == 12:
        return date(day.year + 1, 1, 1)
    return date(day.year, day.month + 1, 1)
