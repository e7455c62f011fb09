"""The rules of a target one by one: when it is set, and when it is struck off."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from contracts.facts import Fact
from contracts.monitoring.targets import (
    Basis,
    Direction,
    TargetKind,
    TargetLine,
    TargetSet,
    TargetSetInCascade,
    TargetSetOnBasis,
    TargetStruckOff,
    YearAmount,
)
from contracts.quantities import MEASURED_UNITS, Figures, Quantity, Unit
from services.chassis.ground.refusals import Refused
from services.chassis.ground.rule_checks import RuleCheck, checks
from services.monitoring.labels import is_truncated
from services.monitoring.targets import rules
from services.monitoring.targets.state import Target, is_level


@dataclass(frozen=True, slots=True)
class Setting:
    proposed: TargetSet
    today: date


@checks(rules.WITHOUT_QUANTITY)
def has_quantity(setting: Setting) -> None:
    if not setting.proposed.lines:
        raise Refused(rules.WITHOUT_QUANTITY)


@checks(rules.WITHOUT_OWNER)
def has_owner(setting: Setting) -> None:
    if not setting.proposed.owners:
        raise Refused(rules.WITHOUT_OWNER)


@checks(rules.OWNER_INCOMPLETE)
def owners_complete(setting: Setting) -> None:
    for number, owner in enumerate(setting.proposed.owners, start=1):
        if is_truncated(owner.label) and owner.owner_note is None:
            raise Refused(rules.OWNER_INCOMPLETE, owner_number=number)


@checks(rules.OWNER_TWICE)
def each_owner_once(setting: Setting) -> None:
    owners = setting.proposed.owners
    if len({owner.label for owner in owners}) < len(owners):
        raise Refused(rules.OWNER_TWICE)


@checks(rules.NOT_A_COUNT)
def quantities_countable(setting: Setting) -> None:
    for line in setting.proposed.lines:
        require_countable(line.quantity)


@checks(rules.IN_FUTURE)
def not_set_in_future(setting: Setting) -> None:
    if setting.proposed.effective_on > setting.today:
        raise Refused(rules.IN_FUTURE, day=setting.proposed.effective_on, today=setting.today)


@checks(rules.DEADLINE_PASSED)
def deadline_ahead(setting: Setting) -> None:
    proposed = setting.proposed
    if proposed.deadline < proposed.effective_on:
        raise Refused(rules.DEADLINE_PASSED, deadline=proposed.deadline, effective_on=proposed.effective_on)


@checks(rules.EXIT_NEEDS_BOTH, given=(has_quantity,))
def exit_in_households_and_persons(setting: Setting) -> None:
    proposed = setting.proposed
    units = sorted(line.quantity.unit for line in proposed.lines)
    if proposed.kind is TargetKind.EXIT and units != [Unit.HOUSEHOLD, Unit.PERSON]:
        raise Refused(rules.EXIT_NEEDS_BOTH)


@checks(rules.EXIT_DEADLINE, given=(has_quantity,))
def exit_within_its_years(setting: Setting) -> None:
    """Of one year; or of several, where each line says what is to be reached by the end of each."""
    proposed = setting.proposed
    if proposed.kind is not TargetKind.EXIT or proposed.deadline.year == proposed.year:
        return
    said = {basis.line for basis in bases_of(proposed)} | {each.line for each in yearly_of(proposed)}
    if proposed.deadline.year < proposed.year or said != {line.line for line in proposed.lines}:
        raise Refused(rules.EXIT_DEADLINE, deadline=proposed.deadline, year=proposed.year)


@checks(rules.YEARS_ASTRAY)
def years_lead_to_the_quantity(setting: Setting) -> None:
    """Year by year up to that of the deadline, where the line's quantity is reached; works and exits never fall on the way."""
    proposed = setting.proposed
    of_rate = {basis.line for basis in bases_of(proposed)}
    for line in proposed.lines:
        path = [each for each in yearly_of(proposed) if each.line == line.line]
        if not path:
            continue
        years, amounts = [each.year for each in path], [each.amount for each in path]
        run = years == list(range(years[0], proposed.deadline.year + 1)) and years[0] >= proposed.year
        falls = not is_level(line) and amounts != sorted(amounts)
        if line.line in of_rate or not run or amounts[-1] != line.quantity.amount or falls:
            raise Refused(rules.YEARS_ASTRAY, line=line.line)
        for amount in amounts:
            require_countable(Quantity(amount=amount, unit=line.quantity.unit))


SETTING_RULES: tuple[RuleCheck[Setting], ...] = (
    has_quantity, has_owner, owners_complete, each_owner_once, quantities_countable, not_set_in_future, deadline_ahead,
    exit_in_households_and_persons, exit_within_its_years, years_lead_to_the_quantity,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StrikingOff:
    """``last_day``: of what is on record; ``exits``: of the year up to the day; ``reporters``: who reported progress."""

    proposed: TargetStruckOff
    target: Target
    today: date
    last_day: date
    exits: Figures
    reporters: Collection[str]


@checks(rules.IN_FUTURE, rules.TOO_EARLY)
def day_in_order(striking: StrikingOff) -> None:
    require_day(striking.proposed.effective_on, striking.last_day, striking.today)


@checks(rules.WITHOUT_EVIDENCE)
def has_evidence(striking: StrikingOff) -> None:
    require_evidence(striking.proposed)


@checks(rules.NO_ROADMAP)
def has_milestones(striking: StrikingOff) -> None:
    if not striking.target.milestones:
        raise Refused(rules.NO_ROADMAP)


@checks(rules.MILESTONES_OPEN)
def every_milestone_reached(striking: StrikingOff) -> None:
    if unreached := [m.milestone for m in striking.target.milestones if m.reached_on is None]:
        raise Refused(rules.MILESTONES_OPEN, milestones=unreached)


@checks(rules.QUANTITY_SHORT)
def every_quantity_met(striking: StrikingOff) -> None:
    if missing := striking.target.missing(striking.exits):
        raise Refused(rules.QUANTITY_SHORT, missing=[f"{m.missing.amount:f} {m.missing.unit}" for m in missing])


@checks(rules.OWN_REPORT)
def not_own_report(striking: StrikingOff) -> None:
    if striking.proposed.entered_by in striking.reporters:
        raise Refused(rules.OWN_REPORT)


STRIKING_OFF_RULES: tuple[RuleCheck[StrikingOff], ...] = (
    day_in_order, has_evidence, has_milestones, every_milestone_reached, every_quantity_met, not_own_report,
)  # fmt: skip


def bases_of(proposed: TargetSet) -> tuple[Basis, ...]:
    return proposed.bases if isinstance(proposed, TargetSetOnBasis) else ()


def yearly_of(proposed: TargetSet) -> tuple[YearAmount, ...]:
    return proposed.yearly if isinstance(proposed, TargetSetInCascade) else ()


def require_part(proposed: TargetSet, whole: Target | None) -> None:
    """A part has the lines of the whole, in its units and direction, in a place below, by its deadline. Raises ``Refused``."""
    if whole is None or whole.closed is not None or whole.kind is not proposed.kind:
        raise Refused(rules.WHOLE_UNKNOWN)
    if not (proposed.division.startswith(whole.division) and len(proposed.division) > len(whole.division)):
        raise Refused(rules.WHOLE_UNKNOWN)
    if any(is_level(line) for line in whole.lines):
        raise Refused(rules.SHARES_DO_NOT_ADD)
    if _shape(proposed.lines) != _shape(whole.lines) or proposed.deadline > whole.deadline:
        raise Refused(rules.PART_DIFFERS, deadline=whole.deadline)


def _shape(lines: Iterable[TargetLine]) -> list[tuple[int, Unit, Direction]]:
    return [(line.line, line.quantity.unit, line.direction) for line in lines]


def require_day(day: date, since: date, today: date) -> None:
    if day > today:
        raise Refused(rules.IN_FUTURE, day=day, today=today)
    if day < since:
        raise Refused(rules.TOO_EARLY, day=day, since=since)


def require_evidence(fact: Fact) -> None:
    if not fact.evidence:
        raise Refused(rules.WITHOUT_EVIDENCE)


def require_countable(quantity: Quantity) -> None:
    if quantity.unit not in MEASURED_UNITS and quantity.amount != quantity.amount.to_integral_value():
        raise Refused(rules.NOT_A_COUNT, amount=str(quantity.amount), unit=quantity.unit)
