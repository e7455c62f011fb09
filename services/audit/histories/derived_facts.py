"""Facts of any service that were recorded because of certain facts about a household, and because of those in turn.

They are looked for among the facts about the household and about those that split off from it, which are copied here under
their household: no log is searched, and none needs an index of causes.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from contracts.facts import Recorded
from contracts.selection import child_of
from services.audit.histories import store
from services.audit.histories.domain import annulments
from services.audit.histories.visibility import visible_facts
from services.audit.provenance import DatabaseConnection
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor


@dataclass(frozen=True, slots=True)
class DerivedFact:
    """``annulled_by``: the fact that makes it void; ``visible``: whether the reader may see it."""

    recorded: Recorded
    household: UUID | None
    annulled_by: str | None
    visible: bool


def derived_facts(
    conn: DatabaseConnection, household: UUID, causes: Collection[str], actor: Actor
) -> list[DerivedFact]:
    """In the order in which they were recorded. Raises ``NOT_FOUND`` where the actor sees nothing of the household."""
    facts, seen = _line_below(conn, household, actor)
    if not seen:
        raise Refused(NOT_FOUND)
    by_cause: dict[str, list[Recorded]] = {}
    for r in facts:
        if r.fact.caused_by is not None:
            by_cause.setdefault(r.fact.caused_by, []).append(r)
    found: dict[str, Recorded] = {}
    open_ = [*causes]
    for cause in open_:
        for r in by_cause.get(cause, ()):
            if r.id not in found and r.id not in causes:
                found[r.id] = r
                open_.append(r.id)
    void = annulments(facts)
    in_order = sorted(found.values(), key=lambda r: (r.recorded_at, r.log, r.position))
    return [DerivedFact(r, _household_of(r), void.get(r.id), r.id in seen) for r in in_order]


def _line_below(conn: DatabaseConnection, household: UUID, actor: Actor) -> tuple[list[Recorded], set[str]]:
    """Everything about the household and those that split off from it, and what of that the actor sees."""
    households, facts, seen = [household], list[Recorded](), set[str]()
    for each in households:
        own, _ = store.facts_of(conn, each)
        ancestors, _ = store.ancestors_of(conn, own)
        seen |= visible_facts(own, ancestors, each, actor)
        facts += own
        households += [child for child in _children(own) if child not in households]
    return facts, seen


def _children(facts: Iterable[Recorded]) -> list[UUID]:
    return [child for r in facts if (child := child_of(r)) is not None]


def _household_of(recorded: Recorded) -> UUID | None:
    """Also of what names one beside another subject: a duty that was missed, a pair that follows the register."""
    return getattr(recorded.fact, "household_id", None)
