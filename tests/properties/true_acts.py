"""The acts of a true history, in the order in which they happen: each on the first day on which it can come last."""

from datetime import date, timedelta

from tests.properties.true_households import (
    FIRST_RANK,
    Act,
    Command,
    Kind,
    TrueHousehold,
    TruePerson,
    first_of_period,
)

FIRST_DAY = date(2013, 12, 28)
LAST_DAY = date(2031, 12, 31)
"""After everything that is true, however many dates are known to the year alone."""
VILLAGES = 3
WRONG_VILLAGE = VILLAGES
"""Where nobody ever lived."""


class Acts:
    """What has happened so far, and who joins where."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.households: list[TrueHousehold] = []
        self.persons: list[TruePerson] = []
        self._today = FIRST_DAY

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.acts))

    def days(self) -> list[date]:
        """Every day of an act, the days around it, and the last one."""
        near = {act.day + timedelta(days) for act in self.acts for days in (-1, 0, 1)}
        return sorted({*near, LAST_DAY})

    def _on_record(self) -> list[TrueHousehold]:
        return [household for household in self.households if household.ended_by is None]

    def dependants(self, act: int) -> set[int]:
        return {other.number for other in self.acts if act in other.after}

    def _day(self, command: Command, *touched: tuple[TrueHousehold, int, object]) -> date:
        """The first day, from the one drawn on, on which all this comes last."""
        day = first_of_period(self._today + timedelta(command.gap), command.precision)
        while not all(household.admits(day, rank, about) for household, rank, about in touched):
            day = first_of_period(day + timedelta(1), command.precision)
        self._today = day
        return day

    def _act(self, kind: Kind, household: int, day: date, command: Command, after: set[int], **more: object) -> Act:
        act = Act(len(self.acts), kind, household, day, command.precision, frozenset(after), **more)  # type: ignore[arg-type]
        self.acts.append(act)
        return act

    def _new_person(self) -> TruePerson:
        self.persons.append(TruePerson(len(self.persons), None, -1))
        return self.persons[-1]

    def _join(self, household: TrueHousehold, command: Command, person: TruePerson | None = None) -> None:
        """Somebody new, unless a person is given."""
        person = person or self._new_person()
        day = self._day(command, (household, FIRST_RANK[Kind.JOIN], person.number))
        self._joined(household, person, day, command)

    def _joined(self, household: TrueHousehold, person: TruePerson, day: date, command: Command) -> None:
        after = {household.created_by} | ({person.membership} if person.membership >= 0 else set())
        act = self._act(
            Kind.JOIN, household.number, day, command, after, persons=(person.number,), birth_year=person.birth_year
        )
        person.household, person.membership, person.begun = household.number, act.number, act.number
        household.members.append(person.number)
        household.happened(day, FIRST_RANK[Kind.JOIN], person.number)
