"""Households that end, merge and come back in a true history."""

from contracts.registry.poverty_status import PovertyStatus
from services.registry.households.ends import ALIKE
from tests.properties.true_acts import Acts
from tests.properties.true_households import FIRST_RANK, Act, Command, Kind, TrueHousehold


class Endings(Acts):
    """Commands about the record of a household."""

    def _end(self, household: TrueHousehold, command: Command) -> None:
        """Everybody leaves with the household, unless it is the last one."""
        if len(self._on_record()) < 2:
            self._join(household, command)
            return
        day = self._day(command, (household, FIRST_RANK[Kind.END], "end"))
        persons = tuple(household.members)
        act = self._act(Kind.END, household.number, day, command, {household.created_by}, persons=persons)
        for person in persons:
            self.persons[person].household, self.persons[person].membership = None, act.number
        self._ended_by(household, act)

    def _ended_by(self, household: TrueHousehold, act: Act) -> None:
        household.happened(act.day, FIRST_RANK[act.kind], "end")
        household.status_at_end, household.status = household.status, PovertyStatus.CANCELLED
        household.members, household.ended_by = [], act

    def _merge(self, household: TrueHousehold, command: Command) -> None:
        """With another one of like status, whose members are known as they are."""
        there = self._on_record()[command.three % len(self._on_record())]
        if there is household or not any({household.status, there.status} <= alike for alike in ALIKE):
            self._join(household, command)
            return
        persons = tuple(household.members)
        day = self._day(
            command, (household, FIRST_RANK[Kind.MERGE], "end"), (there, FIRST_RANK[Kind.JOIN], persons)
        )  # fmt: skip
        known = {a.number for a in self.acts if household.number in (a.household, a.new_household, a.merged_into)}
        after = {*known, household.created_by, there.created_by, *household.status_acts, *there.status_acts}
        after |= {self.persons[p].membership for p in persons} | household.removed_by | there.removed_by
        act = self._act(
            Kind.MERGE, household.number, day, command, after, persons=persons, merged_into=there.number
        )  # fmt: skip
        for person in persons:
            who = self.persons[person]
            who.household, who.membership, who.begun = there.number, act.number, act.number
        there.members += persons
        there.happened(day, FIRST_RANK[Kind.JOIN], persons)
        self._ended_by(household, act)
        household.merges.add(act.number)
        there.merges.add(act.number)

    def _reinstate(self, household: TrueHousehold, command: Command) -> None:
        """One that ended comes back, with whoever lives nowhere since; the household given is another one."""
        ended = [h for h in self.households if h.ended_by is not None and h.ended_by.kind is Kind.END]
        back = ended[command.two % len(ended)] if ended else household
        free = [
            p for p in (back.ended_by.persons if back.ended_by is not None else ())
            if self.persons[p].household is None and self.persons[p].membership == back.ended_by.number  # type: ignore[union-attr]
        ]  # fmt: skip
        if back.ended_by is None or not free:
            self._join(household, command)
            return
        persons = tuple(free[: 1 + command.three % len(free)])
        day = self._day(command, (back, FIRST_RANK[Kind.REINSTATE], "record"))
        after = {back.ended_by.number, *(self.persons[p].begun for p in persons)}
        act = self._act(Kind.REINSTATE, back.number, day, command, after, persons=persons)
        for person in persons:
            who = self.persons[person]
            who.household, who.membership, who.begun = back.number, act.number, act.number
        back.status, back.members, back.ended_by = back.status_at_end or PovertyStatus.CANDIDATE, [*persons], None
        back.created_by = back.head_changed_by = act.number
        back.happened(day, FIRST_RANK[Kind.REINSTATE], "record")
