"""Command handlers of pairing, the reconciliation of its derived facts, and its views."""

from collections.abc import Callable, Sequence
from uuid import UUID

from contracts.assistance.pairing import (
    HelperAssigned,
    HelperReleased,
    PairingEnded,
    PairingFactsAnnulled,
)
from contracts.facts import Recorded
from contracts.selection import parent_of, surviving, timeline
from services.assistance.pairing.derived_facts import (
    DERIVED_FACTS,
    PairingContext,
    assignments_as_of,
    derive_facts,
)
from services.assistance.pairing.domain import Assign, Command, DecisionContext, HandOver, decide, helper_id, stream_of
from services.assistance.pairing.state import HelperAssignment, fold
from services.assistance.reconciliation import Annulment, reconcile
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.duties.store import Duties
from services.casework.people.domain import household_on
from services.casework.people.history import formation_of
from services.casework.people.queries import facts_about_households
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

PAIRING_FACTS = (HelperAssigned, HelperReleased, PairingEnded, PairingFactsAnnulled)
PAIRINGS = Table(
    "pairings", "household_id",
    (
        "household_id", "number", "helper", "unit", "assigned_on", "known_on", "released_on", "release_known_on", "end_reason",
        "without_successor",
    ),
)  # fmt: skip
HELPERS = Table("helpers", "household_id", ("household_id", "helper", "helper_id"))


Notice = Callable[[Tx, str, UUID], None]
"""Says what is implausible about a helper who got another household."""


class PairingCommands:
    """Handlers of the commands about a household's pairing."""

    def __init__(self, documents: Documents, duties: Duties, notice: Notice) -> None:
        self._documents, self._duties, self._notice = documents, duties, notice

    def handler(self, command: Command, in_scope: Callable[[str], bool]) -> Callable[[Tx], Reply]:
        """``in_scope``: whether the actor's area covers a division."""

        def handle(tx: Tx) -> Reply:
            household = command.household_id
            registry_facts = facts_about_households(tx.cur, [household])[household]
            current = household_on(registry_facts, household)
            if current is None or not in_scope(current.division):
                raise Refused(NOT_FOUND)
            if not tx.appended:
                tx.after(max(r.recorded_at for r in registry_facts))
            on_day = household_on(registry_facts, household, as_of=command.on)
            stream = stream_of(household)
            told = tx.load(stream)
            context = DecisionContext(
                command, fold(timeline(told)), on_day.status if on_day else None, tx.today,
                then=fold(timeline(told, as_of=command.on)),
            )  # fmt: skip
            tx.append(stream, *decide(context))
            reconcile_pairing(tx, household, registry_facts, self._documents.in_unit(tx))
            self._duties.reconcile(tx, [household])
            if isinstance(command, Assign | HandOver):
                self._notice(tx, command.helper, household)
            return Reply(location=f"/assistance/pairings/{household}")

        return handle


def reconcile_pairing(tx: Tx, household_id: UUID, registry_facts: Sequence[Recorded], lookup: Lookup) -> None:
    """Bring the household's derived facts in line with the registry's. ``registry_facts``: about it and its ancestors."""
    if not registry_facts:
        return
    stream, alive = stream_of(household_id), surviving(registry_facts)
    formed = formation_of(household_id, alive)
    context = PairingContext(
        household_id=household_id,
        recorded=surviving(tx.load(stream)),
        registry_facts=alive,
        parent_assignments=() if formed is None else _parent_assignments(tx, formed),
        parameters=lookup,
        today=tx.today,
    )
    reconcile(tx, stream, DERIVED_FACTS, derive_facts(context), registry_facts, lookup, _annulled)


def _annulled(void: Annulment) -> PairingFactsAnnulled:
    return PairingFactsAnnulled(**void.fields())


def _parent_assignments(tx: Tx, formed: Recorded) -> Sequence[HelperAssignment]:
    parent = parent_of(formed)
    return () if parent is None else assignments_as_of(tx.load(stream_of(parent)), formed.fact.effective_on)


def view() -> View[UUID]:
    """Keeps ``pairings`` and ``helpers``."""
    types = frozenset(kind.type_name for kind in PAIRING_FACTS)
    return view_of_streams("pairings", (PAIRINGS, HELPERS), types, "pairing-", UUID, _rows)


def _rows(household: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    assignments: list[Row] = [
        (
            household, number, a.helper, a.unit, a.assigned_on, a.known_on, a.released_on, a.release_known_on, a.end_reason,
            a.left_without_successor,
        )
        for number, a in enumerate(fold(timeline(facts)).assignments, start=1)
    ]  # fmt: skip
    helpers = dict.fromkeys(r.fact.helper for r in facts if isinstance(r.fact, HelperAssigned))
    return assignments, [(household, helper, helper_id(helper)) for helper in helpers]
