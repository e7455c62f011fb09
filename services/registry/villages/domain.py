"""The profile of a village as of a day, incomes per head by year, and growth compared. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from contracts.facts import Recorded
from contracts.registry.divisions import DIGITS, Level
from contracts.registry.village_profiles import IncomePerHeadPublished, VillageProfile, VillageProfileRecorded

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ProfileState:
    """``found_on``: the day of the profile. ``incomes``: by year."""

    profile: VillageProfile | None = None
    found_on: date | None = None
    incomes: dict[int, IncomePerHeadPublished] = field(default_factory=dict)


def fold(timeline: Iterable[Recorded]) -> ProfileState:
    """What is known of a division at the end of its timeline."""
    profile, found_on, incomes = None, None, dict[int, IncomePerHeadPublished]()
    for recorded in timeline:
        match recorded.fact:
            case VillageProfileRecorded() as found:
                profile, found_on = found.profile, found.effective_on
            case IncomePerHeadPublished() as published:
                incomes[published.year] = published
            case _:
                pass
    return ProfileState(profile, found_on, incomes)


def says_already(state: ProfileState, fact: VillageProfileRecorded | IncomePerHeadPublished) -> bool:
    """Whether it is on record so, from that day, and nothing stands in its place."""
    if isinstance(fact, VillageProfileRecorded):
        return (state.found_on, state.profile) == (fact.effective_on, fact.profile)
    former = state.incomes.get(fact.year)
    return former is not None and (former.effective_on, former.income, former.source) == (
        fact.effective_on, fact.income, fact.source,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Growth:
    """From the year before to the year, of one division; ``None`` where a figure was not published."""

    before: Decimal | None
    after: Decimal | None

    @property
    def percent(self) -> Decimal | None:
        """To two decimals, for people; comparisons are made exactly."""
        if not self.before or self.after is None:
            return None
        return ((self.after - self.before) * 100 / self.before).quantize(HUNDREDTH, ROUND_HALF_UP)

    def reaches(self, other: "Growth") -> bool | None:
        """Whether it grew at least as much; ``None`` where a figure is missing, or there was nothing to grow from."""
        if not self.before or self.after is None or not other.before or other.after is None:
            return None
        return self.after * other.before >= other.after * self.before


def growth_of(state: ProfileState, year: int) -> Growth:
    def income(of: int) -> Decimal | None:
        published = state.incomes.get(of)
        return None if published is None else published.income

    return Growth(income(year - 1), income(year))


def county_of(code: str) -> str:
    """The county that a village or township is compared with."""
    return code[: DIGITS[Level.COUNTY]]
