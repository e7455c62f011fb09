"""True histories, simulated forward in time.

A history is a list of acts, each of them possible when it happens. An act names the acts that must have been entered
before it (``after``): any set of acts that holds, with each act, also those named by it is a history that the register
must accept. Nothing is drawn and thrown away: a command that is not possible becomes the joining of a new person.

A removal from a wrongful entry makes void what was decided since (``voided_by``). Whichever of the two is entered first,
nothing of it stands in the end: entered late, the void decision is refused, as the household is removed already.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from contracts.facts import Precision
from contracts.registry.households import Attribute
from contracts.registry.poverty_status import PovertyStatus
from tests.properties.true_acts import VILLAGES
from tests.properties.true_ends import Endings
from tests.properties.true_households import (
    FIRST_RANK,
    FORMATION_RANK,
    SUCCESSION_RANK,
    Command,
    Kind,
    TrueHousehold,
    TruePerson,
)


class TrueHistory(Endings):
    """Two households, and what becomes of them."""

    def __init__(self, roots: Sequence[Command], commands: Sequence[Command]) -> None:
        super().__init__()
        self.voided_by: dict[int, set[int]] = {}
        """Act → the removals that make it void."""
        for command in roots:
            self._record(command)
        for command in commands:
            there = self._on_record()
            getattr(self, f"_{command.kind}")(there[command.one % len(there)], command)

    def _record(self, command: Command) -> None:
        number, day = len(self.households), self._day(command)
        people = [self._new_person() for _ in range(2 + command.two % 3)]
        persons = [p.number for p in people]
        village = command.three % VILLAGES
        act = self._act(Kind.RECORD, number, day, command, set(), persons=tuple(persons), village=village)
        for person in people:
            person.household, person.membership, person.begun = number, act.number, act.number
        self.households.append(TrueHousehold(
            number, village, persons, PovertyStatus.CANDIDATE, act.number, day, day, 10, act.number,
            [], 0, [],
        ))  # fmt: skip

    def _join_again(self, household: TrueHousehold, command: Command) -> None:
        """Somebody who lived in a household before and lives in none now."""
        free = [p for p in self.persons if p.alive and p.household is None and p.membership >= 0]
        self._join(household, command, free[command.two % len(free)] if free else None)

    def _leave(self, household: TrueHousehold, command: Command, kind: Kind = Kind.LEAVE) -> None:
        if len(household.members) < 2:
            self._join(household, command)
            return
        person = self.persons[household.members[command.two % len(household.members)]]
        self._ended(household, person, self._last_day_of(household, person, command, kind), command, kind)

    def _die(self, household: TrueHousehold, command: Command) -> None:
        self._leave(household, command, Kind.DIE)

    def _last_day_of(self, household: TrueHousehold, person: TruePerson, command: Command, kind: Kind) -> date:
        if person.number == household.members[0]:
            return self._day(command, (household, SUCCESSION_RANK, "head"))
        return self._day(command, (household, FIRST_RANK[kind], person.number))

    def _ended(self, household: TrueHousehold, person: TruePerson, day: date, command: Command, kind: Kind) -> None:
        """A head names a successor, who follows the head that the former change made."""
        after, successor = {household.created_by, person.membership}, None
        is_head = person.number == household.members[0]
        if is_head:
            others = household.members[1:]
            successor = others[command.three % len(others)]
            after |= {household.head_changed_by, self.persons[successor].membership}
        act = self._act(kind, household.number, day, command, after, persons=(person.number,), successor=successor)
        household.members.remove(person.number)
        if successor is not None:
            household.members.remove(successor)
            household.members.insert(0, successor)
            household.head_changed_by = act.number
        person.household, person.membership, person.alive = None, act.number, kind is not Kind.DIE
        household.happened(day, FIRST_RANK[kind], person.number)

    def _marry(self, household: TrueHousehold, command: Command) -> None:
        """Leave one household and join another on the same day."""
        there = self._on_record()[command.three % len(self._on_record())]
        others = household.members[1:]
        if there is household or not others:
            self._join(household, command)
            return
        person = self.persons[others[command.two % len(others)]]
        day = self._day(
            command,
            (household, FIRST_RANK[Kind.LEAVE], person.number),
            (there, FIRST_RANK[Kind.JOIN], person.number),
        )
        self._ended(household, person, day, command, Kind.LEAVE)
        self._joined(there, person, day, command)

    def _move(self, household: TrueHousehold, command: Command) -> None:
        village = (household.village + 1 + command.two % (VILLAGES - 1)) % VILLAGES
        day = self._day(command, (household, FIRST_RANK[Kind.MOVE], "village"))
        after = {household.created_by}
        self._act(Kind.MOVE, household.number, day, command, after, village=village, left=household.village)
        household.village = village
        household.happened(day, FIRST_RANK[Kind.MOVE], "village")

    def _head(self, household: TrueHousehold, command: Command) -> None:
        """Another member becomes head, and everybody stays."""
        if len(household.members) < 2:
            self._join(household, command)
            return
        former, others = household.members[0], household.members[1:]
        new = others[command.two % len(others)]
        day = self._day(command, (household, FIRST_RANK[Kind.HEAD], "head"))
        memberships = {self.persons[p].membership for p in (former, new)}
        after = {household.created_by, household.head_changed_by, *memberships}
        act = self._act(Kind.HEAD, household.number, day, command, after, persons=(new, former))
        household.members.remove(new)
        household.members.insert(0, new)
        household.head_changed_by = self.persons[former].membership = act.number
        household.happened(day, FIRST_RANK[Kind.HEAD], "head")

    def _correct(self, household: TrueHousehold, command: Command) -> None:
        """From the day on somebody's year of birth is another one."""
        if not household.members:
            self._join(household, command)
            return
        person = self.persons[household.members[command.two % len(household.members)]]
        day = self._day(command, (household, FIRST_RANK[Kind.CORRECT], person.number))
        person.birth_year = 1950 + command.three
        after = {household.created_by, person.membership}
        self._act(
            Kind.CORRECT, household.number, day, command, after, persons=(person.number,), birth_year=person.birth_year
        )
        household.happened(day, FIRST_RANK[Kind.CORRECT], person.number)

    def _survey(self, household: TrueHousehold, command: Command) -> None:
        day = self._day(command, (household, FIRST_RANK[Kind.SURVEY], "attribute"))
        attribute = list(Attribute)[command.two % len(Attribute)]
        self._act(Kind.SURVEY, household.number, day, command, {household.created_by}, attribute=attribute)
        household.happened(day, FIRST_RANK[Kind.SURVEY], "attribute")

    def _split(self, household: TrueHousehold, command: Command) -> None:
        others = household.members[1:]
        if not others:
            self._join(household, command)
            return
        chosen = others[command.two % len(others) :][: 1 + command.three % 2]
        day = self._day(command, (household, FIRST_RANK[Kind.SPLIT], tuple(chosen)))
        number = len(self.households)
        after = {household.created_by, *(self.persons[p].membership for p in chosen)}
        act = self._act(
            Kind.SPLIT, household.number, day, command, after, persons=tuple(chosen), new_household=number
        )  # fmt: skip
        for person in chosen:
            household.members.remove(person)
            who = self.persons[person]
            who.household, who.membership, who.begun = number, act.number, act.number
        household.happened(day, FIRST_RANK[Kind.SPLIT], tuple(chosen))
        formed = TrueHousehold(
            number, household.village, chosen, household.status, act.number, day, day, FORMATION_RANK, act.number,
            [*household.status_acts], (inherited := len(household.status_acts)),
            [] if household.status is PovertyStatus.CANDIDATE else [(day, inherited)],
        )  # fmt: skip
        formed.removed_by |= household.removed_by
        household.children.append(formed)
        self.households.append(formed)

    def _decide(self, household: TrueHousehold, command: Command) -> None:
        """What a procedure decides: whichever is possible."""
        possible = {
            PovertyStatus.CANDIDATE: [Kind.ENROL],
            PovertyStatus.REGISTERED: [Kind.EXIT, Kind.EXIT, Kind.REMOVE],
            PovertyStatus.RETURNED: [Kind.EXIT, Kind.EXIT, Kind.REMOVE],
            PovertyStatus.EXITED: [Kind.RETURN, Kind.RETURN, Kind.REMOVE],
            PovertyStatus.REMOVED: [Kind.ENROL],
        }.get(household.status, [])
        if not possible:
            self._join(household, command)
            return
        kind = possible[command.two % len(possible)]
        if kind is Kind.REMOVE and household.entries and command.three % 4:
            self._remove_from_entry(household, command)
            return
        day = self._day(command, (household, FIRST_RANK[kind], "status"))
        self._decided(household, kind, day, command)
        household.happened(day, FIRST_RANK[kind], "status")

    def _look_back(self, household: TrueHousehold, command: Command) -> None:
        removable = (PovertyStatus.REGISTERED, PovertyStatus.RETURNED, PovertyStatus.EXITED)
        if household.status in removable and household.entries:
            self._remove_from_entry(household, command)
        else:
            self._decide(household, command)

    def _remove_from_entry(self, household: TrueHousehold, command: Command) -> None:
        """A household that never qualified: what was decided since is void, and who split off since is removed too."""
        day, known = household.entries[command.three % len(household.entries)]
        void = household.status_acts[known:]
        reached = [*self._removed_with(household, day)]
        # Merges were decided by what was known then: the removal is entered after them.
        merges = household.merges.union(*(removed.merges for removed in reached))
        self._decided(
            household, Kind.REMOVE, day, Command("", 0, 0, 0, 0, Precision.DAY),
            [*household.status_acts[:known], *merges],
        )  # fmt: skip
        for removed in reached:
            own = removed.status_acts[removed.inherited :]
            anew = next((n for n, act in enumerate(own) if self.acts[act].kind is Kind.ENROL), None)
            void += own if anew is None else own[:anew]
            if anew is None:
                removed.is_removed(self.acts[-1].number)
        for act in void:
            self.voided_by.setdefault(act, set()).add(self.acts[-1].number)

    def _removed_with(self, household: TrueHousehold, day: date) -> Iterator[TrueHousehold]:
        """Those who split off since, and before whom they split off from was identified again."""
        for child in household.children:
            if child.begun >= day:
                yield child
                own = (self.acts[act] for act in child.status_acts[child.inherited :])
                anew = next((act.day for act in own if act.kind is Kind.ENROL), None)
                yield from (c for c in self._removed_with(child, day) if anew is None or c.begun < anew)

    def _decided(
        self, household: TrueHousehold, kind: Kind, day: date, command: Command, following: Sequence[int] | None = None
    ) -> None:
        """``following``: the status acts that it presupposes; all of the household's unless given."""
        after = {household.created_by, *(household.status_acts if following is None else following)}
        after |= household.removed_by if following is None else set()
        act = self._act(kind, household.number, day, command, after)
        household.status_acts.append(act.number)
        household.status = {
            Kind.ENROL: PovertyStatus.REGISTERED, Kind.EXIT: PovertyStatus.EXITED,
            Kind.RETURN: PovertyStatus.RETURNED, Kind.REMOVE: PovertyStatus.REMOVED,
        }[kind]  # fmt: skip
        if kind is Kind.REMOVE:
            household.entries = []
        if kind in (Kind.ENROL, Kind.RETURN):
            household.entries.append((day, len(household.status_acts)))
