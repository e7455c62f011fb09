"""Who sees what of a household that moved, or of which nothing stands: an area in which it stood sees the facts that were
effective while it stood there, and may restore them. Lists, other acts and personal data need today's area."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.households import FactsAnnulled
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor
from services.registry.households.bitemporal import UNTIL_CHANGED, project
from services.registry.households.lineage import Relatives, household_of, started_by_split, with_ancestors
from services.registry.households.rehydration import current_state_without_surveys


def visible_facts(known: Sequence[Recorded], actor: Actor, relatives: Relatives) -> list[Recorded]:
    """Everything where the household is in the actor's area today; else what was effective while it stood there, or, of
    one none of whose facts stands, while it was believed to. Raises ``NOT_FOUND`` where that is nothing."""
    today = current_state_without_surveys(known, relatives)
    if today.status is not None and actor.covers(today.division):
        return list(known)
    stood = _days_in_area(known, actor, relatives)
    seen: dict[str, Recorded] = {}
    for r in sorted(known, key=lambda r: r.position):
        # An annulment is seen with what it annulled.
        if seen.keys() >= {*r.fact.annuls} if r.fact.annuls else _holds(stood, r.fact.effective_on):
            seen[r.id] = r
    if not seen:
        raise Refused(NOT_FOUND)
    return list(seen.values())


def require_acts_in_area(known: Sequence[Recorded], acts: Collection[UUID], actor: Actor, relatives: Relatives) -> None:
    """Raises ``NOT_FOUND`` unless the actor sees every fact of these acts, and may annul them: all of them where the
    household is in the actor's area today; elsewhere annulments only, which restores what they annulled."""
    seen = {r.id for r in visible_facts(known, actor, relatives)}
    today = current_state_without_surveys(known, relatives)
    only_restores = today.status is None or not actor.covers(today.division)
    annulments = {r.id for r in known if isinstance(r.fact, FactsAnnulled)}
    for r in known:
        restorable = r.id in annulments and annulments.isdisjoint(r.fact.annuls)
        if r.command_id in acts and (r.id not in seen or (only_restores and not restorable)):
            raise Refused(NOT_FOUND)


def require_today_or_nothing(known: Sequence[Recorded], actor: Actor, relatives: Relatives) -> None:
    """Raises ``NOT_FOUND`` unless the household is in the actor's area today, or nothing of it stands and it was believed
    to be there."""
    today = current_state_without_surveys(known, relatives)
    if today.status is None:
        visible_facts(known, actor, relatives)
    elif not actor.covers(today.division):
        raise Refused(NOT_FOUND)


def _holds(periods: Sequence[tuple[date, date]], day: date) -> bool:
    return any(first <= day < end for first, end in periods)


def _days_in_area(known: Sequence[Recorded], actor: Actor, relatives: Relatives) -> list[tuple[date, date]]:
    if not known:
        return []
    household = household_of(known) if started_by_split(known) else None
    _, periods = project(with_ancestors(known, relatives), household)
    # What was believed once counts only where nothing stands any more.
    counting = [p for p in periods if p.known_to == UNTIL_CHANGED] or periods
    return [(p.valid_from, p.valid_to) for p in counting if actor.covers(p.value.division)]
