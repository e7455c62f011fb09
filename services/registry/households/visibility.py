"""Who sees what of a household that moved, or of which nothing stands: an area in which it stood sees the facts that were
effective while it stood there, and may restore them. Lists, other acts and personal data need today's area."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from contracts.facts import HouseholdFact, Recorded
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor
from services.registry.households.bitemporal import project
from services.registry.households.domain import current_state_without_surveys
from services.registry.households.lineage import Relatives, started_by_split, with_ancestors


def visible_facts(known: Sequence[Recorded], actor: Actor, relatives: Relatives) -> list[Recorded]:
    """Everything where the household is in the actor's area today; else what was effective while it stood there, as far
    as that was ever known. Raises ``NOT_FOUND`` where that is nothing."""
    today = current_state_without_surveys(known, relatives)
    if today.status is not None and actor.covers(today.division):
        return list(known)
    stood = _days_in_area(known, actor, relatives)
    seen = [r for r in known if any(first <= r.fact.effective_on < end for first, end in stood)]
    if not seen:
        raise Refused(NOT_FOUND)
    return seen


def require_acts_in_area(known: Sequence[Recorded], acts: Collection[UUID], actor: Actor, relatives: Relatives) -> None:
    """Raises ``NOT_FOUND`` unless the actor sees every fact of these acts, or, of an annulment, of the acts it annulled."""
    seen = {r.id for r in visible_facts(known, actor, relatives)}
    of_acts = [r for r in known if r.command_id in acts]
    if not all(r.id in seen or (r.fact.annuls and seen.issuperset(r.fact.annuls)) for r in of_acts):
        raise Refused(NOT_FOUND)


def _days_in_area(known: Sequence[Recorded], actor: Actor, relatives: Relatives) -> list[tuple[date, date]]:
    if not known:
        return []
    first = known[0].fact
    assert isinstance(first, HouseholdFact)
    household = first.household_id if started_by_split(known) else None
    _, periods = project(with_ancestors(known, relatives), household)
    return [(p.valid_from, p.valid_to) for p in periods if actor.covers(p.value.division)]
