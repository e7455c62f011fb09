"""True histories in which whatever is decided is decided by a lawful procedure: nothing else happens while it runs."""

from collections.abc import Sequence
from datetime import date

from hypothesis import strategies as st

from contracts.facts import Precision
from contracts.registry.households import PovertyStatus
from tests.properties.true_histories import TrueHistory
from tests.properties.true_households import FIRST_RANK, STATUS_KINDS, SUCCESSION_RANK, Command, Kind, TrueHousehold

LONGEST_PROCEDURE = 30
"""Days from the opening of a case to its announcement, without objections."""
PROCEDURES = {
    Kind.ENROL: "identification", Kind.EXIT: "exit", Kind.RETURN: "return", Kind.REMOVE: "look_back_removal",
}  # fmt: skip


class LawfulHistory(TrueHistory):
    """``decided_on``: act → the day of the decision, which differs from the day it is effective from where it undoes an
    entry."""

    def __init__(self, roots: Sequence[Command], commands: Sequence[Command]) -> None:
        self.decided_on: dict[int, date] = {}
        super().__init__(roots, ())
        for command in commands:
            if living := [h for h in self.households if h.status is not PovertyStatus.CANCELLED]:
                getattr(self, f"_{command.kind}")(living[command.one % len(living)], command)

    def opened_on(self, act: int) -> date:
        return date.fromordinal(self.decided_on[act].toordinal() - LONGEST_PROCEDURE + 2)

    def _marry(self, household: TrueHousehold, command: Command) -> None:
        there = self.households[command.three % len(self.households)]
        if there.status is PovertyStatus.CANCELLED:
            self._join(household, command)
        else:
            super()._marry(household, command)

    def _die_out(self, household: TrueHousehold, command: Command) -> None:
        """Everybody dies, the head last, with whom the household ends."""
        head = household.members[0]
        for person in household.members[:0:-1]:
            died = self.persons[person]
            self._ended(household, died, self._last_day_of(household, died, command, Kind.DIE), command, Kind.DIE)
        last = self.persons[head]
        day = self._day(command, (household, SUCCESSION_RANK, "head"))
        after = {household.created_by, household.head_changed_by, last.membership}
        self._act(Kind.DIE, household.number, day, command, after, persons=(head,))
        last.household, last.membership, last.alive = None, self.acts[-1].number, False
        household.members.clear()
        household.status = PovertyStatus.CANCELLED

    def _decide(self, household: TrueHousehold, command: Command) -> None:
        kinds = {
            PovertyStatus.CANDIDATE: Kind.ENROL, PovertyStatus.REGISTERED: Kind.EXIT,
            PovertyStatus.RETURNED: Kind.EXIT, PovertyStatus.EXITED: Kind.RETURN,
        }  # fmt: skip
        kind = kinds.get(household.status)
        if kind is None:
            self._join(household, command)
            return
        day = self._day(_after_procedure(command), (household, FIRST_RANK[kind], "status"))
        self._decided(household, kind, day, command)
        self.decided_on[self.acts[-1].number] = day
        household.happened(day, FIRST_RANK[kind], "status")

    def _look_back(self, household: TrueHousehold, command: Command) -> None:
        if household.status not in (PovertyStatus.REGISTERED, PovertyStatus.RETURNED) or not household.entries:
            self._decide(household, command)
            return
        decided_on = self._day(_after_procedure(command))
        ended = [h for h in self.households if h.status is PovertyStatus.CANCELLED]
        self._remove_from_entry(household, Command("", 0, 0, len(household.entries) - 1, 0, Precision.DAY))
        for gone in ended:
            gone.status = PovertyStatus.CANCELLED
        self.decided_on[self.acts[-1].number] = decided_on


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
    *["decide"] * 5,
    "look_back",
    "die_out",
)
LAWFUL_HISTORIES = st.builds(
    LawfulHistory,
    st.lists(_commands(["record"]), min_size=2, max_size=2),
    st.lists(_commands(KINDS), min_size=3, max_size=7),
)
assert {*PROCEDURES} == STATUS_KINDS
