"""Synthetic households for benchmarks: alike, with any number of facts; personal fields are plaintext."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, islice
from random import Random
from uuid import UUID

from contracts.facts import HouseholdFact
from contracts.personal import Personal
from contracts.registry.codes import PovertyCause, SchoolStage
from contracts.registry.households import HouseholdRecorded
from contracts.registry.members import Member, MemberSurveyed, Relation, Sex
from contracts.registry.poverty_status import HouseholdEnrolled, Standard
from contracts.registry.surveys import ConditionsSurveyed, HouseholdSurveyed, IncomeSurveyed

VILLAGES = tuple(f"99000110{town}{village}" for town in range(11, 21) for village in range(201, 211)[:10])
FIRST_DAY = date(2014, 1, 6)
FACT_INTERVAL = timedelta(days=14)
"""Between two facts of a household."""

RELATIONS = (Relation.HEAD, Relation.SPOUSE, Relation.CHILD, Relation.PARENT)
BIRTH_YEARS = (1972, 1974, 2003, 1946)


def synthetic_households(households: int, facts: int, seed: int = 7) -> "list[SyntheticHousehold]":
    """So many households of so many facts each; the same for the same seed."""
    rng = Random(seed)
    return [
        SyntheticHousehold(UUID(int=rng.getrandbits(128), version=4), facts, rng.getrandbits(32))
        for _ in range(households)
    ]


class SyntheticHousehold:
    """A household with a fact every two weeks."""

    def __init__(self, household_id: UUID, facts: int, seed: int) -> None:
        self.household_id, self._rng = household_id, Random(seed)
        self.members = tuple(UUID(int=self._rng.getrandbits(128), version=4) for _ in RELATIONS)
        self.facts = tuple(islice(self._facts(), facts))

    @property
    def subjects(self) -> tuple[UUID, ...]:
        """The ids under whose data keys its personal fields are sealed."""
        return (self.household_id, *self.members)

    def _facts(self) -> Iterator[HouseholdFact]:
        yield self._household_recorded(FIRST_DAY)
        yield self._conditions_survey(FIRST_DAY + FACT_INTERVAL)
        enrolled = FIRST_DAY + 2 * FACT_INTERVAL
        yield HouseholdEnrolled(
            household_id=self.household_id, effective_on=enrolled, entered_by="county-1", standard=Standard.NATIONAL
        )
        kinds = (self._income_survey, self._conditions_survey, self._household_survey, self._member_survey)
        for number in count(3):
            yield kinds[number % len(kinds)](FIRST_DAY + number * FACT_INTERVAL)

    def _household_recorded(self, on: date) -> HouseholdRecorded:
        return HouseholdRecorded(
            household_id=self.household_id,
            effective_on=on,
            entered_by="cadre-1",
            national_no=f"9900{self._rng.randrange(10**10):010d}",
            division=self._rng.choice(VILLAGES),
            address=Personal(f"某组 {self._rng.randrange(1, 200)} 号"),
            phone=Personal(f"139{self._rng.randrange(10**8):08d}"),
            main_cause=PovertyCause.ILLNESS,
            arable_mu=Decimal("3.500"),
            members=tuple(self._member_at(index) for index in range(len(RELATIONS))),
        )

    def _member_at(self, index: int) -> Member:
        return Member(
            person_id=self.members[index],
            name=Personal(f"某{self._rng.choice('甲乙丙丁戊己庚辛')}"),
            id_number=Personal(f"990001{BIRTH_YEARS[index]}0101{self._rng.randrange(10**4):04d}"),
            sex=(Sex.MALE, Sex.FEMALE)[index % 2],
            birth_year=BIRTH_YEARS[index],
            relation=RELATIONS[index],
            school_stage=SchoolStage.PRIMARY if RELATIONS[index] is Relation.CHILD else SchoolStage.NONE,
        )

    def _income_survey(self, on: date) -> IncomeSurveyed:
        wages, business, transfers = (Decimal(self._rng.randrange(10**6)) / 100 for _ in range(3))
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

    def _conditions_survey(self, on: date) -> ConditionsSurveyed:
        return ConditionsSurveyed(
            household_id=self.household_id,
            effective_on=on,
            entered_by="cadre-1",
            food=True,
            clothing=True,
            education=self._rng.random() < 0.9,
            medical=self._rng.random() < 0.8,
            housing=self._rng.random() < 0.8,
            water=self._rng.random() < 0.9,
        )

    def _household_survey(self, on: date) -> HouseholdSurveyed:
        return HouseholdSurveyed(
            household_id=self.household_id,
            effective_on=on,
            entered_by="cadre-1",
            phone=Personal(f"139{self._rng.randrange(10**8):08d}"),
            arable_mu=Decimal(self._rng.randrange(10**4)) / 1000,
        )

    def _member_survey(self, on: date) -> MemberSurveyed:
        return MemberSurveyed(
            household_id=self.household_id,
            effective_on=on,
            entered_by="cadre-1",
            person_id=self.members[2],
            school_stage=SchoolStage.JUNIOR,
            health=Personal("健康"),
        )
