"""By which rules an act about a village group is refused, in the order in which they are asked."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.registry.clues import ClueReceived, ClueSource
from contracts.registry.divisions import Level
from contracts.registry.screenings import GroupListed, GroupScreened
from contracts.roles import Role
from services.casework.calendars.periods import Period
from services.casework.dates import FUTURE_DAY, require_not_future
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import RuleCheck, check_all, checks
from services.registry.divisions.domain import Division
from services.registry.screenings.domain import VillageGroup

SOURCE = "domain: practice (all rural households are screened once a year); screening duty in force"

NOT_A_VILLAGE = rule(
    "only_villages_have_groups",
    zh="村民小组和自然村只登记在行政村（社区）下，请改用12位的村代码。",
    en="Groups are listed under a village only: use the village's code of 12 digits.",
    source=SOURCE,
)
LISTED_ALREADY = rule(
    "group_listed_already",
    zh="该村已登记同名的组。",
    en="The village has a group of this name already.",
    source=SOURCE,
)
NOT_LISTED = rule(
    "group_not_listed_then",
    zh="该日没有登记这个组（since 起，until 止），请核对日期。",
    en="The group is not listed on that day (it is from ``since`` until ``until``): check the day.",
    source=SOURCE,
)
NO_ROUND = rule(
    "no_screening_round",
    zh="该地该日没有排查任务文件规定的轮次：请由两名管理员确认一份。",
    en="No round of the screening is set for that day and place: two operators adopt a duty set that has one.",
    source=SOURCE,
)
SCREENED_ALREADY = rule(
    "group_screened_already",
    zh="该组本轮（first 至 last）已登记排查结果（screening）；有误请先作废。",
    en="What the screening of this group came to in this round (``first`` to ``last``) is entered already (``screening``); if it is"
    " wrong, annul it first.",
    source=SOURCE,
)
FIGURES_IMPOSSIBLE = rule(
    "screening_figures_impossible",
    zh="户数和人数不符：每户至少一人，没有户就没有人；未见到的原因每种只填一次。",
    en="Every household has at least one person, and nobody is without one; each reason of not being reached is said once.",
    source="Lika design: households and persons are always two figures",
)
NOT_ITS_CLUE = rule(
    "screening_names_other_clue",
    zh="所列线索（clues）须为本轮在该村排查中登记、截至该日的线索，每条一次。",
    en="The clues named (``clues``) were raised by the screening of this village, in this round and by that day, each once.",
    source=SOURCE,
)
UNKNOWN_GROUP_ACT = rule(
    "unknown_group_act",
    zh="所列记录（facts）中有不属于该组或已作废的。",
    en="Some of ``facts`` are none of this group's that stand.",
    source="Lika design: two times",
)


@dataclass(frozen=True, slots=True)
class Listing:
    division: Division
    known: VillageGroup | None
    fact: GroupListed
    today: date


@checks(NOT_A_VILLAGE)
def of_a_village(listing: Listing) -> None:
    if listing.division.level is not Level.VILLAGE:
        raise Refused(NOT_A_VILLAGE, division=listing.fact.division)


@checks(FUTURE_DAY)
def listed_by_today(listing: Listing) -> None:
    require_not_future(listing.fact.effective_on, listing.today)


@checks(LISTED_ALREADY)
def not_listed_yet(listing: Listing) -> None:
    if listing.known is not None:
        raise Refused(LISTED_ALREADY, group_id=str(listing.known.group_id))


@dataclass(frozen=True, slots=True)
class Result:
    """What a screening came to. ``round``: in which its day lies; ``clues``: what is on record of those named."""

    group: VillageGroup
    fact: GroupScreened
    round: Period | None
    clues: tuple[ClueReceived | None, ...]
    today: date


@checks(FUTURE_DAY)
def screened_by_today(result: Result) -> None:
    require_not_future(result.fact.effective_on, result.today)


@checks(NOT_LISTED)
def listed_then(result: Result) -> None:
    require_listed(result.group, result.fact.effective_on)


@checks(NO_ROUND)
def in_a_round(result: Result) -> None:
    if result.round is None:
        raise Refused(NO_ROUND, on=result.fact.effective_on)


@checks(SCREENED_ALREADY)
def once_in_a_round(result: Result) -> None:
    if result.round is not None and (before := result.group.screened_in(result.round)) is not None:
        first, last = result.round.start, result.round.end
        raise Refused(SCREENED_ALREADY, first=first, last=last, screening=before.fact_id).advising(
            NextStep("annul_group_acts", Office((Role.CADRE,)), form={"facts": [before.fact_id]})
        )


@checks(FIGURES_IMPOSSIBLE)
def figures_are_possible(result: Result) -> None:
    fact = result.fact
    pairs = [(fact.households, fact.persons), *((n.households, n.persons) for n in fact.not_reached)]
    reasons = [n.reason for n in fact.not_reached]
    if any(p < h or (h == 0 and p) for h, p in pairs) or len({*reasons}) < len(reasons):
        raise Refused(FIGURES_IMPOSSIBLE)


@checks(NOT_ITS_CLUE)
def clues_are_of_this_screening(result: Result) -> None:
    fact, wrong = result.fact, list[UUID]()
    for clue_id, clue in zip(fact.clues, result.clues, strict=True):
        is_raised = clue is not None and clue.source is ClueSource.SCREENING and clue.division == result.group.division
        first = result.round.start if result.round is not None else fact.effective_on
        if clue is None or not is_raised or not first <= clue.effective_on <= fact.effective_on:
            wrong.append(clue_id)
    if wrong or len({*fact.clues}) < len(fact.clues):
        raise Refused(NOT_ITS_CLUE, clues=[str(each) for each in wrong or fact.clues])


def require_listed(group: VillageGroup, day: date) -> None:
    """Raises ``Refused``."""
    if not group.is_listed_on(day):
        raise Refused(NOT_LISTED, since=group.since, until=group.until)


LIST_GROUP: tuple[RuleCheck[Listing], ...] = (of_a_village, listed_by_today, not_listed_yet)
SCREEN_GROUP: tuple[RuleCheck[Result], ...] = (
    screened_by_today, listed_then, in_a_round, once_in_a_round, figures_are_possible, clues_are_of_this_screening,
)  # fmt: skip


def require_listing(listing: Listing) -> None:
    """Raises ``Refused``."""
    check_all(LIST_GROUP, listing)


def require_result(result: Result) -> None:
    """Raises ``Refused``."""
    check_all(SCREEN_GROUP, result)
