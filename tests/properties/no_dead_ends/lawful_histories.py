"""True histories in which whatever is decided is decided by a lawful procedure: nothing else happens while it runs."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import strategies as st

from contracts.facts import Precision
from contracts.registry.poverty_status import PovertyStatus
from tests.properties.true_histories import TrueHistory
from tests.properties.true_households import (
    FIRST_RANK,
    STATUS_KINDS,
    SUCCESSION_RANK,
    Act,
    Command,
    Kind,
    TrueHousehold,
)

LONGEST_PROCEDURE = 30
"""Days from the opening of a case to its announcement, without objections."""
IN_FORCE = date(2014, 1, 1)
"""The first day of every procedure."""
PROCEDURES = {
    Kind.ENROL: "identification", Kind.EXIT: "exit", Kind.RETURN: "return", Kind.REMOVE: "look_back_removal",
    Kind.END: "household_end", Kind.REINSTATE: "reinstatement", Kind.MERGE: "household_merge",
}  # fmt: skip
"""Kind of an act that a case brings about → key of the procedure."""
ON_RECORD = frozenset({Kind.END, Kind.REINSTATE, Kind.MERGE})
"""Decided after they have happened; a poverty status changes by its decision."""


class LawfulHistory(TrueHistory):
    """``decided_on``: act → the day of the decision, which differs from the day it is effective from where it undoes an entry, or
    finds what happened; ``first_entries``: removals that undo the first of several entries."""

    def __init__(self, roots: Sequence[Command], commands: Sequence[Command]) -> None:
        self.decided_on: dict[int, date] = {}
        self.first_entries: set[int] = set()
        super().__init__(roots, commands)

    def opened_on(self, act: int) -> date:
        return self.decided_on[act] - timedelta(LONGEST_PROCEDURE - 2)

    def procedure(self, act: Act) -> str:
        return "first_entry_removal" if act.number in self.first_entries else PROCEDURES[act.kind]

    def _end(self, household: TrueHousehold, command: Command) -> None:
        super()._end(household, command)
        self._found_out()

    def _reinstate(self, household: TrueHousehold, command: Command) -> None:
        super()._reinstate(household, command)
        self._found_out()

    def _merge(self, household: TrueHousehold, command: Command) -> None:
        super()._merge(household, command)
        self._found_out()

    def _found_out(self) -> None:
        last = self.acts[-1]
        if last.kind in ON_RECORD:
            self.decided_on[last.number] = max(last.day, IN_FORCE) + timedelta(LONGEST_PROCEDURE - 2)

    def _die_out(self, household: TrueHousehold, command: Command) -> None:
        """Everybody dies, the head last, with whom the household ends, unless it is the last one."""
        if len(self._on_record()) < 2:
            self._join(household, command)
            return
        head = household.members[0]
        for person in household.members[:0:-1]:
            died = self.persons[person]
            self._ended(household, died, self._last_day_of(household, died, command, Kind.DIE), command, Kind.DIE)
        last = self.persons[head]
        day = self._day(command, (household, SUCCESSION_RANK, "head"))
        after = {household.created_by, household.head_changed_by, last.membership}
        act = self._act(Kind.DIE, household.number, day, command, after, persons=(head,))
        last.household, last.membership, last.alive = None, act.number, False
        self._ended_by(household, act)

    def _decide(self, household: TrueHousehold, command: Command) -> None:
        kinds = {
            PovertyStatus.CANDIDATE: Kind.ENROL, PovertyStatus.REGISTERED: Kind.EXIT, PovertyStatus.RETURNED: Kind.EXIT,
            PovertyStatus.EXITED: Kind.RETURN, PovertyStatus.REMOVED: Kind.ENROL,
        }  # fmt: skip
        kind = kinds[household.status]
        day = self._day(_after_procedure(command), (household, FIRST_RANK[kind], "status"))
        self._decided(household, kind, day, command)
        self.decided_on[self.acts[-1].number] = day
        household.happened(day, FIRST_RANK[kind], "status")

    def _look_back(self, household: TrueHousehold, command: Command) -> None:
        """From the last entry, or the first of several; one that a split brought is no entry of its own to begin with."""
        if household.status in (PovertyStatus.CANDIDATE, PovertyStatus.REMOVED) or not household.entries:
            self._decide(household, command)
            return
        decided_on = self._day(_after_procedure(command))
        several = len(household.entries) > 1 and self.acts[household.created_by].kind is Kind.RECORD
        entry = 0 if several and command.three % 2 else len(household.entries) - 1
        self._remove_from_entry(household, Command("", 0, 0, entry, 0, Precision.DAY))
        removal = self.acts[-1].number
        self.decided_on[removal] = decided_on
        if several and entry == 0:
            self.first_entries.add(removal)


def _after_procedure(command: Command) -> Command:
    return Command(
        command.kind, command.one, command.two, command.three, command.gap + LONGEST_PROCEDURE, Precision.DAY
    )


def _commands(kinds: Sequence[str]) -> st.SearchStrategy[Command]:
    few = st.integers(0, 7)
    return st.builds(
        Command, kind=st.sampled_from(kinds), one=few, two=few, three=few,
        gap=st.sampled_from([1, 1, 30, 200]), precision=st.just(Precision.DAY),
    )  # fmt: skip


KINDS = (
    "join",
    "join_again",
    "leave",
    "die",
    "marry",
    "move",
    "survey",
    "split",
    "head",
    *["decide"] * 7,
    *["look_back"] * 2,
    "die_out",
    "end",
    "reinstate",
    "merge",
)
LAWFUL_HISTORIES = st.builds(
    LawfulHistory,
    st.lists(_commands(["record"]), min_size=2, max_size=2),
    st.lists(_commands(KINDS), min_size=3, max_size=7),
)
assert {*PROCEDURES} == STATUS_KINDS | ON_RECORD
