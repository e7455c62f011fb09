"""Households as benchmarks need them: many, alike, with as many facts as are asked for, personal fields plain."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, islice
from random import Random
from uuid import UUID

from contracts.facts import HouseholdFact
from contracts.personal import Personal
from contracts.registry.households import (
    ConditionsSurveyed,
    HouseholdEnrolled,
    HouseholdRecorded,
    HouseholdSurveyed,
    IncomeSurveyed,
    Member,
    MemberSurveyed,
    PovertyCause,
    Relation,
    SchoolStage,
    Sex,
    Standard,
)

VILLAGES = tuple(f"99000110{town}{village}" for town in range(11, 21) for village in range(201, 211)[:10])
BEGINS = date(2014, 1, 6)
BETWEEN = timedelta(days=14)
"""Between two facts of a household."""

RELATIONS = (Relation.HEAD, Relation.SPOUSE, Relation.CHILD, Relation.PARENT)
BIRTHS = (1972, 1974, 2003, 1946)


def lives(households: int, facts: int, seed: int = 7) -> "list[Life]":
    """That many households of that many facts each; the same for the same seed."""
    dice = Random(seed)
    return [Life(UUID(int=dice.getrandbits(128), version=4), facts, dice.getrandbits(32)) for _ in range(households)]


class Life:
    """One household and what happened to it, one fact every two weeks."""

    def __init__(self, household_id: UUID, facts: int, seed: int) -> None:
        self.household_id, self._dice = household_id, Random(seed)
        self.members = tuple(UUID(int=self._dice.getrandbits(128), version=4) for _ in RELATIONS)
        self.facts = tuple(islice(self._facts(), facts))

    @property
    def subjects(self) -> tuple[UUID, ...]:
        """Whose keys its personal fields are sealed under."""
        return (self.household_id, *self.members)

    def _facts(self) -> Iterator[HouseholdFact]:
        yield self._recorded(BEGINS)
        yield self._conditions(BEGINS + BETWEEN)
        enrolled = BEGINS + 2 * BETWEEN
        yield HouseholdEnrolled(
            household_id=self.household_id, effective_on=enrolled, entered_by="county-1", standard=Standard.NATIONAL
        )
        kinds = (self._income, self._conditions, self._survey, self._member)
        for number in count(3):
            yield kinds[number % len(kinds)](BEGINS + number * BETWEEN)

    def _recorded(self, on: date) -> HouseholdRecorded:
        return HouseholdRecorded(
            household_id=self.household_id,
            effective_on=on,
            entered_by="cadre-1",
            national_no=f"9900{self._dice.randrange(10**10):010d}",
            division=self._dice.choice(VILLAGES),
            address=Personal(f"某组 {self._dice.randrange(1, 200)} 号"),
            phone=Personal(f"139{self._dice.randrange(10**8):08d}"),
            main_cause=PovertyCause.ILLNESS,
            arable_mu=Decimal("3.500"),
            members=tuple(self._member_at(place) for place in range(len(RELATIONS))),
        )

    def _member_at(self, place: int) -> Member:
        return Member(
            person_id=self.members[place],
            name=Personal(f"某{self._dice.choice('甲乙丙丁戊己庚辛')}"),
            id_number=Personal(f"990001{BIRTHS[place]}0101{self._dice.randrange(10**4):04d}"),
            sex=(Sex.MALE, Sex.FEMALE)[place % 2],
            birth_year=BIRTHS[place],
            relation=RELATIONS[place],
            school_stage=SchoolStage.PRIMARY if RELATIONS[place] is Relation.CHILD else SchoolStage.NONE,
        )

    def _income(self, on: date) -> IncomeSurveyed:
        wages, business, transfers = (Decimal(self._dice.randrange(10**6)) / 100 for _ in range(3))
        return IncomeSurveyed(
            household_id=self.household_id,
            effective_on=on,
            entered_by="cadre-1",
            period_from=date(on.year, 1, 1),
            period_to=date(on.year, 12, 31),
            wages=wages,
            business=business,
            property=Decimal("0.00"),
            transfers=transfers,
            business_costs=Decimal("120.00"),
            residents=len(RELATIONS),
        )

    def _conditions(self, on: date) -> ConditionsSurveyed:
        return ConditionsSurveyed(
            household_id=self.household_id,
            effective_on=on,
            entered_by="cadre-1",
            food=True,
            clothing=True,
            education=self._dice.random() < 0.9,
            medical=self._dice.random() < 0.8,
            housing=self._dice.random() < 0.8,
            water=self._dice.random() < 0.9,
        )

    def _survey(self, on: date) -> HouseholdSurveyed:
        return HouseholdSurveyed(
            household_id=self.household_id,
            effective_on=on,
            entered_by="cadre-1",
            phone=Personal(f"139{self._dice.randrange(10**8):08d}"),
            arable_mu=Decimal(self._dice.randrange(10**4)) / 1000,
        )

    def _member(self, on: date) -> MemberSurveyed:
        return MemberSurveyed(
            household_id=self.household_id,
            effective_on=on,
            entered_by="cadre-1",
            person_id=self.members[2],
            school_stage=SchoolStage.JUNIOR,
            health=Personal("健康"),
        )
