"""Handlers of collections: what is received becomes due to the recipient in the same unit of work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.assistance.collections import CollectionFact
from contracts.assistance.entitlements import EntitlementQuantityTold
from contracts.selection import timeline
from services.assistance.areas import UNIT_AREAS
from services.assistance.collections import rules
from services.assistance.collections.domain import Collection, fold, stream_of
from services.assistance.entitlements.domain import stream_of as entitlement_stream
from services.assistance.entitlements.due_queries import edition_of_grant
from services.assistance.entitlements.state import Grant
from services.assistance.entitlements.state import fold as fold_entitlements
from services.assistance.entitlements.suspensions import UNIT
from services.assistance.entitlements.told import told_of
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

APPLIED = f"SELECT a.division FROM cases c JOIN ({UNIT_AREAS}) a USING (subject) WHERE c.case_id = %s".encode()
COLLECTED = "collected"
Decide = Callable[[Collection, dict[str, Any], date], CollectionFact]


@dataclass(frozen=True, slots=True)
class Entering:
    """Something entered for the recipient of this case, on a day."""

    case_id: UUID
    on: date


def recipient_of(cur: Cursor[Any], case_id: UUID, actor: Actor) -> UUID:
    """To whom it was granted. Raises ``Refused``: nobody is chosen yet, or there is no such case in the actor's area."""
    row = cur.execute(UNIT, (case_id,), prepare=True).fetchone()
    if row is not None and actor.covers(row[1]):
        unit: UUID = row[0]
        return unit
    applied = cur.execute(APPLIED, (case_id,)).fetchone() if row is None else None
    if applied is not None and actor.covers(applied[0]):
        raise Refused(rules.NO_RECIPIENT_YET)
    raise Refused(NOT_FOUND)


class CollectionCommands:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def handler(self, entering: Entering, actor: Actor, decide: Decide) -> Callable[[Tx], Reply]:
        def work(tx: Tx) -> Reply:
            unit, stream = recipient_of(tx.cur, entering.case_id, actor), stream_of(entering.case_id)
            grant = fold_entitlements(timeline(tx.load(entitlement_stream(unit)))).grants.get(entering.case_id)
            if grant is None:
                raise Refused(rules.NO_RECIPIENT_YET)
            component = component_collected(self._documents, grant)
            if component is None:
                raise Refused(rules.NOT_COLLECTED)
            before = fold(timeline(tx.load(stream)))
            common = {
                "case_id": entering.case_id, "unit_id": unit, "programme": grant.granted.programme,
                "division": grant.residence_on(entering.on).division, "effective_on": entering.on,
                "entered_by": actor.subject,
            }  # fmt: skip
            (told,) = tx.append(stream, decide(before, common, tx.today))
            after = fold(timeline(tx.load(stream)))
            if after.received != before.received:
                tx.append(entitlement_stream(unit), _due(grant, component, after.received, entering.on, actor, told))
            return Reply(location=f"/assistance/entitlements/{entering.case_id}/collection")

        return work


def component_collected(documents: Documents, grant: Grant) -> str | None:
    """The component that pays what was collected; ``None`` where the programme has none."""
    return next((key for key, told in components_told(documents, grant).items() if told == COLLECTED), None)


def components_told(documents: Documents, grant: Grant) -> Mapping[str, str]:
    """Component granted → what is told of it: of others nothing can be told. Blocking."""
    programme = edition_of_grant(documents.own().as_known())(grant)
    found = [] if programme is None else [programme.component(amount.component) for amount in grant.granted.amounts]
    return {each.key: told for each in found if each is not None and (told := told_of(each, grant))}


def _due(
    grant: Grant, component: str, received: Decimal, on: date, actor: Actor, caused_by: str
) -> EntitlementQuantityTold:
    granted = grant.granted
    return EntitlementQuantityTold(
        household_id=grant.residence_on(on).household_id, unit_id=granted.unit_id, programme=granted.programme,
        case_id=granted.case_id, effective_on=on, entered_by=actor.subject, caused_by=caused_by, component=component,
        period_from=granted.effective_on, period_to=granted.effective_on, collected=received,
    )  # fmt: skip
