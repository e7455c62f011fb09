"""By which rules a profile or a figure of income is refused."""

from dataclasses import dataclass
from datetime import date

from contracts.registry.divisions import Level
from contracts.registry.village_profiles import IncomePerHeadPublished, VillageProfileRecorded
from services.casework.dates import FUTURE_DAY, require_not_future
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import RuleCheck, check_all, checks
from services.registry.divisions.domain import Division
from services.registry.divisions.rules import require_exists

NO_VILLAGE = rule(
    "only_villages_have_profiles",
    zh="村情档案只为行政村（社区）登记，请改用12位的村代码。",
    en="A profile is kept of villages only: use the village's code of 12 digits.",
    source="M014",
)
NO_PROFILE = rule(
    "no_village_profile",
    zh="截至该日没有登记村情档案。",
    en="No profile of a village was recorded by that day.",
    source="M014",
    status=404,
)
LAND_DOES_NOT_ADD_UP = rule(
    "profile_land_does_not_add_up",
    zh="水田与旱地之和（sum）须等于耕地面积，请核对。",
    en="Paddy and dry land together (``sum``) are the arable land: check the three figures.",
    source="M014",
)
PART_EXCEEDS_WHOLE = rule(
    "profile_part_exceeds_whole",
    zh="分项（part）不能大于总数（whole），请核对。",
    en="A part (``part``) is not more than the whole (``whole``): check both figures.",
    source="M014, M023",
)
YEAR_NOT_OVER = rule(
    "income_year_not_over",
    zh="人均收入只能在该年度结束后公布，请核对年度和公布日期。",
    en="The income of a year is published after its end: check the year and the day of publication.",
    source="source facts §5 rule 10",
)
NO_AREA_FOR_INCOME = rule(
    "no_income_of_this_level",
    zh="人均收入只按县、乡镇、村登记。",
    en="Income per head is entered of counties, townships and villages.",
    source="source facts §5 rule 10",
)
PARTS = {
    "resettled_households": "households",
    "resettled_persons": "persons",
    "households": "persons",
    "labourers": "persons",
    "party_members": "persons",
    "village_cadres": "persons",
    "without_water": "natural_villages",
    "without_road": "natural_villages",
    "without_power": "natural_villages",
}
"""Which figure is a part of which; a household has one person at least."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A profile before it is recorded."""

    division: Division
    fact: VillageProfileRecorded
    today: date


@checks(NO_VILLAGE)
def of_a_village(finding: Finding) -> None:
    if finding.division.level is not Level.VILLAGE:
        raise Refused(NO_VILLAGE, code=finding.fact.code)


@checks(FUTURE_DAY)
def found_by_today(finding: Finding) -> None:
    require_not_future(finding.fact.effective_on, finding.today)


@checks(LAND_DOES_NOT_ADD_UP)
def land_adds_up(finding: Finding) -> None:
    found = finding.fact.profile
    land = found.paddy_mu + found.dry_land_mu
    if land != found.arable_mu:
        raise Refused(LAND_DOES_NOT_ADD_UP, sum=str(land), arable_mu=str(found.arable_mu))


@checks(PART_EXCEEDS_WHOLE)
def no_part_exceeds_its_whole(finding: Finding) -> None:
    found = finding.fact.profile
    for part, whole in PARTS.items():
        if getattr(found, part) > getattr(found, whole):
            raise Refused(PART_EXCEEDS_WHOLE, part=part, whole=whole)


@dataclass(frozen=True, slots=True)
class Publication:
    """A figure of income before it is recorded."""

    division: Division
    fact: IncomePerHeadPublished
    today: date


@checks(NO_AREA_FOR_INCOME)
def of_a_county_or_below(publication: Publication) -> None:
    if not Level.COUNTY.is_at_least(publication.division.level):
        raise Refused(NO_AREA_FOR_INCOME, code=publication.fact.code, level=publication.division.level)


@checks(FUTURE_DAY)
def published_by_today(publication: Publication) -> None:
    require_not_future(publication.fact.effective_on, publication.today)


@checks(YEAR_NOT_OVER)
def of_a_year_that_is_over(publication: Publication) -> None:
    fact = publication.fact
    if fact.year >= fact.effective_on.year:
        raise Refused(YEAR_NOT_OVER, year=fact.year, effective_on=fact.effective_on.isoformat())


PROFILE_RULES: tuple[RuleCheck[Finding], ...] = (
    of_a_village, found_by_today, land_adds_up, no_part_exceeds_its_whole,
)  # fmt: skip
INCOME_RULES: tuple[RuleCheck[Publication], ...] = (of_a_county_or_below, published_by_today, of_a_year_that_is_over)


def require_profile(division: Division | None, fact: VillageProfileRecorded, today: date) -> None:
    """Raises ``Refused`` for a profile that cannot be so."""
    check_all(PROFILE_RULES, Finding(require_exists(division, fact.code, fact.effective_on), fact, today))


def require_income(division: Division | None, fact: IncomePerHeadPublished, today: date) -> None:
    """Raises ``Refused`` for a figure that cannot have been published."""
    check_all(INCOME_RULES, Publication(require_exists(division, fact.code, fact.effective_on), fact, today))
