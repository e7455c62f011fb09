"""The rules of a draft one by one: what it leaves open it lists as a gap, and what it says adds up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.monitoring.projects import (
    Component,
    Gap,
    GapField,
    GapKind,
    ProjectDrafted,
    ProjectDraftedServing,
)
from contracts.quantities import MEASURED_UNITS, Quantity
from services.casework.dates import FUTURE_DAY, require_not_future
from services.chassis.ground.refusals import Refused
from services.chassis.ground.rule_checks import RuleCheck, checks
from services.monitoring.labels import is_truncated
from services.monitoring.projects import draft_rules, rules
from services.monitoring.projects.kinds import ProjectKind

LEAST_COST = Decimal(1000)
"""Yuan: works of less are asked about. A plausibility limit of this installation, no rule of the law."""
DOUBTED = frozenset({GapKind.AT_LEAST, GapKind.CONFLICT, GapKind.JOINT, GapKind.TRUNCATED})
"""Kinds of gaps beside which the paper says something all the same."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """``kind``: in force there on that day; ``cost_confirmed``: small sums were looked at and are yuan indeed."""

    proposed: ProjectDrafted
    kind: ProjectKind | None
    today: date
    cost_confirmed: bool = False


@checks(FUTURE_DAY)
def not_in_future(drafting: Drafting) -> None:
    require_not_future(drafting.proposed.effective_on, drafting.today)


@checks(rules.KIND_UNKNOWN)
def kind_in_force(drafting: Drafting) -> None:
    if drafting.kind is None:
        raise Refused(rules.KIND_UNKNOWN, project_kind=drafting.proposed.kind)


@checks(draft_rules.WITHOUT_COMPONENT)
def has_component(drafting: Drafting) -> None:
    if not drafting.proposed.components:
        raise Refused(draft_rules.WITHOUT_COMPONENT)


@checks(draft_rules.NUMBERS_BROKEN)
def components_numbered_once(drafting: Drafting) -> None:
    numbers = [c.component for c in drafting.proposed.components]
    if len(set(numbers)) < len(numbers):
        raise Refused(draft_rules.NUMBERS_BROKEN)


@checks(draft_rules.NOT_A_COUNT)
def quantities_countable(drafting: Drafting) -> None:
    for component in drafting.proposed.components:
        for quantity in (component.quantity, component.each):
            if quantity is not None:
                require_countable(quantity)


@checks(draft_rules.GAP_UNLISTED)
def every_gap_listed(drafting: Drafting) -> None:
    listed = {(gap.component, gap.field) for gap in drafting.proposed.gaps}
    unlisted = [(n, f) for n, f in _open(drafting.proposed) if (n, f) not in listed and (None, f) not in listed]
    if unlisted:
        raise Refused(draft_rules.GAP_UNLISTED, missing=[f"{number}: {field}" for number, field in unlisted])


@checks(draft_rules.GAP_OF_NOTHING)
def every_gap_is_one(drafting: Drafting) -> None:
    left_open = set(_open(drafting.proposed))
    numbers = {c.component for c in drafting.proposed.components}
    for gap in drafting.proposed.gaps:
        about = numbers if gap.component is None else {gap.component}
        known = about <= numbers and set(gap.with_components) <= numbers
        if not known or (gap.kind not in DOUBTED and not any((n, gap.field) in left_open for n in about)):
            raise Refused(draft_rules.GAP_OF_NOTHING, component=gap.component, gap_field=gap.field)


@checks(draft_rules.PARTS_DO_NOT_ADD)
def parts_add_up(drafting: Drafting) -> None:
    proposed = drafting.proposed
    costs = [c.cost for c in proposed.components]
    if proposed.total is None or None in costs or any(gap.field is GapField.COST for gap in proposed.gaps):
        return
    if (found := sum((cost for cost in costs if cost is not None), Decimal(0))) != proposed.total:
        raise Refused(draft_rules.PARTS_DO_NOT_ADD, total=str(proposed.total), costs=str(found))


@checks(draft_rules.COST_IMPLAUSIBLE)
def cost_plausible(drafting: Drafting) -> None:
    if drafting.cost_confirmed:
        return
    if small := [c.component for c in drafting.proposed.components if c.cost is not None and c.cost < LEAST_COST]:
        raise Refused(draft_rules.COST_IMPLAUSIBLE, components=small)


DRAFT_RULES: tuple[RuleCheck[Drafting], ...] = (
    not_in_future, kind_in_force, has_component, components_numbered_once, quantities_countable, every_gap_listed,
    every_gap_is_one, parts_add_up, cost_plausible,
)  # fmt: skip


def require_complete(components: tuple[Component, ...], gaps: tuple[Gap, ...], kind: ProjectKind) -> None:
    """What a draft must be to enter the library: without gaps, each of what is counted within the kind's limit. Raises
    ``Refused``."""
    if gaps:
        raise Refused(draft_rules.HAS_GAPS, gaps=[f"{gap.component or '-'}: {gap.field}" for gap in gaps])
    if (most := kind.most) is None:
        return
    for component in components:
        each = component.each
        if each is None or each.unit is not most.unit or each.amount > most.amount:
            stated = None if each is None else f"{each.amount:f} {each.unit}"
            raise Refused(
                draft_rules.TOO_LARGE_EACH,
                component=component.component,
                limit=f"{most.amount:f} {most.unit}",
                each=stated,
            )


def require_posts(owner: str, leader: str) -> None:
    """An owner and a leader, both in full. Raises ``Refused``."""
    if is_truncated(owner) or is_truncated(leader):
        raise Refused(rules.POST_TRUNCATED)
    if owner == leader:
        raise Refused(rules.SAME_POST)


def require_countable(quantity: Quantity) -> None:
    if quantity.unit not in MEASURED_UNITS and quantity.amount != quantity.amount.to_integral_value():
        raise Refused(draft_rules.NOT_A_COUNT, amount=str(quantity.amount), unit=quantity.unit)


def _open(draft: ProjectDrafted) -> Iterator[tuple[int, GapField]]:
    """What of each component is missing, or cut off."""
    for component in draft.components:
        for field, value in (
            (GapField.QUANTITY, component.quantity), (GapField.PLACE, component.place),
            (GapField.DEADLINE, component.deadline), (GapField.COST, component.cost),
        ):  # fmt: skip
            if value is None:
                yield component.component, field
        if not component.owners or any(is_truncated(owner.label) for owner in component.owners):
            yield component.component, GapField.OWNER
    for served in draft.serves if isinstance(draft, ProjectDraftedServing) else ():
        if served.households is None or served.persons is None:
            yield served.component, GapField.SERVES
