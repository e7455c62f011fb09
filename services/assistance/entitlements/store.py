"""The reconciliation of entitlements with the register, and their view."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from contracts.assistance.entitlements import (
    EntitlementAnnulment,
    EntitlementFactsAnnulled,
    EntitlementGranted,
    EntitlementTransferred,
    UnitFact,
)
from contracts.facts import PUBLISHED, Recorded
from contracts.selection import timeline
from services.assistance.entitlements.derived_facts import DERIVED_FACTS, derive_facts_of_all
from services.assistance.entitlements.domain import STREAMS, stream_of
from services.assistance.entitlements.state import Grant, fold
from services.assistance.entitlements.units import history_of, is_household
from services.assistance.programmes.lookup import Programmes
from services.assistance.reconciliation import Annulment, reconcile
from services.casework.documents.lookup import Lookup
from services.chassis.log.unit import Tx
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

COLUMNS = (
    "case_id", "unit_id", "programme", "household_id", "division", "stage", "amounts", "granted_from", "granted_until",
    "ending", "continued_on", "suspended_from", "review", "persons",
)  # fmt: skip
GRANTS = Table("entitlements", "unit_id", COLUMNS)
PLACES = Table("entitlement_places", "unit_id", ("programme", "division", "unit_id"))


def reconcile_entitlements(tx: Tx, unit: UUID, facts: Sequence[Recorded], lookup: Lookup) -> None:
    """Bring the unit's derived facts in line with the registry's: annul the obsolete, append the missing."""
    own = tx.load(stream_of(unit))
    if not own or not facts:
        return
    history = history_of(unit, household=is_household(unit, facts))
    desired = derive_facts_of_all(fold(timeline(own)).grants.values(), facts, history, Programmes(lookup))

    def annul(each: Annulment) -> EntitlementFactsAnnulled:
        reason = EntitlementAnnulment.CAUSE_ANNULLED if each.cause_annulled else EntitlementAnnulment.OVERTAKEN
        return EntitlementFactsAnnulled(unit_id=unit, reason=reason, **each.fields())

    reconcile(tx, stream_of(unit), DERIVED_FACTS, desired, facts, lookup, annul)


def view() -> View[UUID]:
    """Keeps ``entitlements``, and ``entitlement_places``: where a unit with a programme ever was, annulled or not."""
    types = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, UnitFact))
    return view_of_streams("entitlements", (GRANTS, PLACES), types, STREAMS, UUID, _rows)


def _rows(unit: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    grants = fold(timeline(facts)).grants.values()
    places = dict.fromkeys(
        (r.fact.programme, r.fact.division if isinstance(r.fact, EntitlementGranted) else r.fact.to_division)
        for r in facts
        if isinstance(r.fact, EntitlementGranted | EntitlementTransferred)
    )
    return [_row(unit, grant) for grant in grants], [(programme, place, unit) for programme, place in places]


def _row(unit: UUID, grant: Grant) -> Row:
    granted, review = grant.granted, grant.review
    running = next((s.since for s in grant.suspensions if s.until is None), None)
    return (
        granted.case_id, unit, granted.programme, grant.household_id, grant.division, granted.stage,
        _json(granted.amounts), granted.effective_on, grant.until, grant.ending, grant.continued_on, running,
        None if review is None else _json({"lines": review.lines, "amount": review.amount}), granted.persons,
    )  # fmt: skip


def _json(value: Sequence[Any] | Mapping[str, Any]) -> str:
    return msgspec.json.encode(value).decode()
