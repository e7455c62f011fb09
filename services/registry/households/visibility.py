"""Who sees what of a household that moved, or of which nothing stands: an area in which it stood sees the facts that were
effective while it stood there, and may restore them. Lists, other acts and personal data need today's area."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.households import FactsAnnulled, HouseholdMoved
from contracts.roles import Role
from contracts.selection import effective_within, surviving
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.chassis.security.actor import Actor
from services.registry.households.bitemporal import (
    UNTIL_CHANGED,
    BitemporalPeriod,
    HouseholdSummary,
    divisions_in_turn,
    project,
)
from services.registry.households.lineage import Relatives, household_of, started_by_split, with_ancestors
from services.registry.households.rehydration import current_state_without_surveys

RESTORED_MOVE_BEYOND_AREA = rule(
    "restored_move_beyond_area",
    zh="作废的迁移通往您辖区以外，须由管辖两地的上级机关恢复；也可重新登记迁移，由迁入地接收。",
    en="The move that would stand again leads outside your area: an office above both villages restores it, or it is proposed"
    " again and accepted where it leads.",
    source="docs/decisions/0035-every-case-ends.md",
    status=403,
)


def visible_facts(known: Sequence[Recorded], actor: Actor, relatives: Relatives) -> list[Recorded]:
    """Everything where the household is in the actor's area today; else what was effective while it stood there, or, of
    one none of whose facts stands, while it was believed to. Raises ``NOT_FOUND`` where that is nothing."""
    today = current_state_without_surveys(known, relatives)
    if today.status is not None and actor.covers(today.division):
        return list(known)
    seen = effective_within(known, _days_in_area(known, actor, relatives))
    if not seen:
        raise Refused(NOT_FOUND)
    return seen


def require_acts_in_area(known: Sequence[Recorded], acts: Collection[UUID], actor: Actor, relatives: Relatives) -> None:
    """Raises ``NOT_FOUND`` unless the actor sees every fact of these acts, and may annul them: all of them where the
    household is in the actor's area today; elsewhere only what makes no fact void, which restores what was annulled."""
    seen = {r.id for r in visible_facts(known, actor, relatives)}
    if any(r.command_id in acts and r.id not in seen for r in known):
        raise Refused(NOT_FOUND)
    today = current_state_without_surveys(known, relatives)
    if (today.status is None or not actor.covers(today.division)) and not _standing(known) <= _standing(
        [r for r in known if r.command_id not in acts]
    ):
        raise Refused(NOT_FOUND)


def require_moves_accepted(before: Sequence[Recorded], after: Sequence[Recorded], actor: Actor) -> None:
    """No household is moved into an area by restoring a move that this area did not enter. Raises ``Refused``."""
    stood = _standing(before)
    for r in surviving(after):
        if isinstance(r.fact, HouseholdMoved) and r.id not in stood and not actor.covers(r.fact.to_division):
            again = NextStep("move_household", Office((Role.CADRE,)), {"household_id": r.fact.household_id})
            raise Refused(RESTORED_MOVE_BEYOND_AREA, to_division=r.fact.to_division).advising(again)


def _standing(facts: Sequence[Recorded]) -> set[str]:
    return {r.id for r in surviving(facts) if not isinstance(r.fact, FactsAnnulled)}


def require_today_or_nothing(known: Sequence[Recorded], actor: Actor, relatives: Relatives) -> None:
    """Raises ``NOT_FOUND`` unless the household is in the actor's area today, or nothing of it stands and it was believed
    to be there."""
    today = current_state_without_surveys(known, relatives)
    if today.status is None:
        visible_facts(known, actor, relatives)
    elif not actor.covers(today.division):
        raise Refused(NOT_FOUND)


def division_today(known: Sequence[Recorded], relatives: Relatives) -> str:
    """Where the household lives, or, where nothing of it stands, was believed to live last. What follows the household, as
    its cases do, is in the hands of that area."""
    today = current_state_without_surveys(known, relatives)
    return today.division if today.status is not None else divisions_in_turn(_periods(known, relatives))[-1][1]


def left_area(known: Sequence[Recorded], actor: Actor, relatives: Relatives) -> tuple[str, datetime]:
    """Where the household lived when it was in the actor's area last, and the instant since which it is known not to be.
    Raises ``NOT_FOUND`` where it never was, or is there now."""
    for (_, division), (until, _) in reversed([*pairwise(divisions_in_turn(_periods(known, relatives)))]):
        if actor.covers(division):
            return division, until
    raise Refused(NOT_FOUND)


def _periods(known: Sequence[Recorded], relatives: Relatives) -> list[BitemporalPeriod[HouseholdSummary]]:
    if not known:
        return []
    household = household_of(known) if started_by_split(known) else None
    return project(with_ancestors(known, relatives), household)[1]


def _days_in_area(known: Sequence[Recorded], actor: Actor, relatives: Relatives) -> list[tuple[date, date]]:
    periods = _periods(known, relatives)
    # What was believed once counts only where nothing stands any more.
    counting = [p for p in periods if p.known_to == UNTIL_CHANGED] or periods
    return [(p.valid_from, p.valid_to) for p in counting if actor.covers(p.value.division)]
