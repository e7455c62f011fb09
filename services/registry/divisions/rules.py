"""By which rules an act about divisions is refused, and the facts of one that is not."""

from collections.abc import Sequence
from datetime import date

from contracts.registry.divisions import (
    DIGITS,
    DivisionDeclared,
    DivisionFact,
    Level,
    PoorVillageDesignated,
    PoorVillageExited,
)
from services.chassis.ground.refusals import Refused, rule
from services.registry.divisions.domain import Division, declaration_of

CODE_DOES_NOT_FIT = rule(
    "division_code_does_not_fit",
    zh="行政区划代码的位数与级别不符（省2、市4、县6、乡9、村12位）。",
    en="The code's length does not fit the level (province 2, city 4, county 6, township 9, village 12 digits).",
    source="GB/T 2260; domain reference: administrative divisions",
)
ALREADY_DECLARED = rule(
    "division_already_declared",
    zh="该行政区划已经登记。",
    en="This division is on record already.",
    source="GB/T 2260",
)
NOT_GRADED = rule(
    "division_level_not_graded",
    zh="只有村和县可以列入贫困村、贫困县名单。",
    en="Only villages and counties stand on lists of poor villages and counties.",
    source="M001, M015",
)
GRADED = frozenset({Level.VILLAGE, Level.COUNTY})
NOT_DESIGNATED = rule(
    "village_not_designated",
    zh="该村（县）当日不在贫困村（县）名单上，请核对日期。",
    en="On that day the village or county is on no list of poor ones: check the day.",
    source="M015",
)
UNKNOWN_DIVISION_CODE = rule(
    "unknown_division",
    zh="没有登记过该区划代码，请核对，或先登记该区划。",
    en="No division was ever declared under this code: check it, or have the division declared first.",
    source="GB/T 2260",
)
NOT_YET_DECLARED = rule(
    "division_not_yet_declared",
    zh="该区划自所示日期（declared_on）起才设立，此前的日期请使用当时的区划。",
    en="The division exists from the day named (``declared_on``) only: for an earlier day use the division of that time.",
    source="domain reference: administrative divisions (dated)",
)
DIVISION_HAS_ENDED = rule(
    "division_has_ended",
    zh="该区划自所示日期（ended_on）起已不存在，请改用承接的区划（successors）。",
    en="The division is no more from the day named (``ended_on``): use what succeeded it (``successors``).",
    source="domain reference: administrative divisions (predecessor and successor)",
)
SAME_DIVISION = rule(
    "division_succeeds_itself",
    zh="承接的区划不能是它自己，也不能经由承接又回到它自己，请核对代码。",
    en="A division is not succeeded by itself, directly or through others: check the codes.",
    source="domain reference: administrative divisions (predecessor and successor)",
)
ANOTHER_LEVEL = rule(
    "division_of_another_level",
    zh="承接的区划须与原区划同级。",
    en="A division is succeeded by one of its own level.",
    source="GB/T 2260",
)
HOUSEHOLDS_REMAIN = rule(
    "division_has_households",
    zh="该日起仍有农户在此村（households 为户数）：请登记合并，或先办理迁移，不能只作撤销。",
    en="Households are in this village on or after that day (``households`` of them): enter a merger, or move them first.",
    source="domain reference: administrative divisions (carrying their households)",
)
PARTS_REMAIN = rule(
    "division_has_parts",
    zh="该日起下辖的区划（parts）仍存在：请先逐个登记其变更。",
    en="Divisions below it (``parts``) exist on or after that day: enter what becomes of each of them first.",
    source="GB/T 2260",
)
STILL_SUCCEEDING = rule(
    "division_act_rested_on",
    zh="其后的区划变更（如再次合并、并入）以此为据，请先作废后来的变更。",
    en="A later act about divisions rests on this one: annul that first.",
    source="Lika design: two times",
)
UNKNOWN_DIVISION_ACT = rule(
    "unknown_division_act",
    zh="该区划没有这一次变更，或已作废。",
    en="This division has no such act, or it is void already.",
    source="Lika design: two times",
)
NOT_IN_DIVISION = rule(
    "household_not_in_division",
    zh="该户当日不在此村，不能列入划出名单，请核对。",
    en="On that day the household is not in this village and cannot go with a part of it: check the list.",
    source="domain reference: administrative divisions (carrying their households)",
)
SPLIT_NAMES_TWICE = rule(
    "split_names_household_twice",
    zh="同一户只能划入一个区划，请核对名单。",
    en="A household goes to one division only: check the lists.",
    source="domain reference: administrative divisions (carrying their households)",
)
REGISTER_BEHIND = rule(
    "register_views_behind",
    zh="登记簿的视图尚未跟上，暂不能办理区划变更，请稍后再试。",
    en="The register's views are too far behind the log for an act about divisions: try again later.",
    source="docs/decisions/0053-divisions-over-time.md",
    status=503,
)
MERGING = (UNKNOWN_DIVISION_CODE, NOT_YET_DECLARED, DIVISION_HAS_ENDED, SAME_DIVISION, ANOTHER_LEVEL)


def declare(state: Division | None, fact: DivisionDeclared) -> list[DivisionFact]:
    """Declares a new division."""
    if len(fact.code) != DIGITS[fact.level]:
        raise Refused(CODE_DOES_NOT_FIT, code=fact.code, level=fact.level)
    if state is not None:
        raise Refused(ALREADY_DECLARED, code=fact.code)
    return [fact]


def designate(state: Division, fact: PoorVillageDesignated) -> list[DivisionFact]:
    """Puts a village or county on a list of poor ones, or gives it another grade, or as another edition of the list has it; a
    repetition changes nothing."""
    if state.level not in GRADED:
        raise Refused(NOT_GRADED, code=fact.code)
    require_exists(state, fact.code, fact.effective_on)
    is_said = (state.poor_village, state.listed_in) == (fact.grade, fact.listed_in or state.listed_in)
    return [] if is_said and state.exited_on is None else [fact]


def exit_list(state: Division, fact: PoorVillageExited) -> list[DivisionFact]:
    """Takes a village or county off its list."""
    if state.designated_on is None or fact.effective_on <= state.designated_on or state.exited_on is not None:
        raise Refused(NOT_DESIGNATED, code=fact.code)
    return [fact]


def require_exists(state: Division | None, code: str, day: date) -> Division:
    """The division, which exists on that day. Raises ``Refused`` naming since when, or what succeeded it."""
    if state is None:
        raise Refused(UNKNOWN_DIVISION_CODE, code=code).advising(declaration_of(code))
    if day < state.declared_on:
        raise Refused(NOT_YET_DECLARED, code=code, declared_on=state.declared_on.isoformat())
    if state.ended_on is not None and day >= state.ended_on:
        last = [s.to_code for s in state.successions if s.ends] or list(state.successors)
        raise Refused(DIVISION_HAS_ENDED, code=code, ended_on=state.ended_on.isoformat(), successors=last)
    return state


def require_successor(division: Division, to: Division | None, code: str, day: date) -> Division:
    """The division to which households go on that day."""
    if code == division.code:
        raise Refused(SAME_DIVISION, code=code)
    to = require_exists(to, code, day)
    if to.ended_on is not None and not any(s.ends for s in to.successions):
        require_exists(to, code, to.ended_on)
    if to.level is not division.level:
        raise Refused(ANOTHER_LEVEL, code=code, level=to.level)
    return to


def require_unsplit_lists(lists: Sequence[Sequence[object]]) -> None:
    named = [each for of_part in lists for each in of_part]
    if len(named) != len(set(named)):
        raise Refused(SPLIT_NAMES_TWICE)
