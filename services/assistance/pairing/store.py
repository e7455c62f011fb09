"""Command handlers of pairing, the reconciliation of its derived facts, and its views."""

from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance.pairing import (
    HelperAssigned,
    HelperDutyMet,
    HelperDutyMissed,
    HelperDutySet,
    HelperReleased,
    PairingEnded,
    PairingFactsAnnulled,
)
from contracts.civil import end_of_day
from contracts.facts import Fact, Recorded
from contracts.selection import parent_of, surviving, timeline
from services.assistance.beneficiaries.domain import fold as fold_registry
from services.assistance.beneficiaries.store import REGISTRY, facts_about_households
from services.assistance.pairing.derived_facts import (
    PairingContext,
    assignment_as_of,
    formation_of,
    missing_facts,
    obsolete_facts,
)
from services.assistance.pairing.domain import Command, DecisionContext, decide, stream_of
from services.assistance.pairing.state import HelperAssignment, fold
from services.assistance.reconciliation import annulling_fact, decided_from, last_recorded
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.views.view import Row, Table, View, view_of_streams

HELPER_DUTY_TIMER = "helper_duty"
PAIRING_FACTS = (
    HelperAssigned, HelperReleased, HelperDutySet, HelperDutyMet, HelperDutyMissed, PairingEnded, PairingFactsAnnulled,
)  # fmt: skip
PAIRINGS = Table(
    "pairings", "household_id",
    ("household_id", "number", "helper", "unit", "assigned_on", "released_on", "end_reason"),
)  # fmt: skip
DUTIES = Table("helper_duties", "household_id", ("duty", "household_id", "set_on", "due_on", "state", "settled_on"))


class PairingCommands:
    """Handlers of the commands about a household's pairing."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def handler(self, command: Command, in_scope: Callable[[str], bool]) -> Callable[[Tx], Reply]:
        """``in_scope``: whether the actor's area covers a division."""

        def handle(tx: Tx) -> Reply:
            household = command.household_id
            registry_facts = facts_about_households(tx.cur, [household])[household]
            current = fold_registry(timeline(registry_facts, of=household)).households.get(household)
            if current is None or not in_scope(current.division):
                raise Refused(NOT_FOUND)
            tx.after(max(r.recorded_at for r in registry_facts))
            until = timeline(registry_facts, of=household, as_of=command.on)
            on_day = fold_registry(until).households.get(household)
            stream = stream_of(household)
            pairing = fold(timeline(tx.load(stream)))
            context = DecisionContext(command, pairing, on_day.status if on_day else None, tx.today)
            tx.append(stream, *decide(context))
            reconcile_pairing(tx, household, registry_facts, self._documents.in_unit(tx))
            return Reply(location=f"/assistance/pairings/{household}")

        return handle


def reconcile_pairing(tx: Tx, household_id: UUID, registry_facts: Sequence[Recorded], lookup: Lookup) -> None:
    """Bring the household's derived facts in line with the registry's: annul the obsolete, append the missing.
    ``registry_facts``: about it and its ancestors."""
    if not registry_facts:
        return
    stream = stream_of(household_id)
    obsolete = obsolete_facts(tx.load(stream), registry_facts, REGISTRY)
    if obsolete:
        tx.append(stream, _annulment(household_id, obsolete, registry_facts))
    alive = surviving(registry_facts)
    formed = formation_of(household_id, alive)
    context = PairingContext(
        household_id=household_id,
        own=surviving(tx.load(stream)),
        registry_facts=alive,
        parent_assignment=None if formed is None else _parent_assignment(tx, formed),
        parameters=lookup,
        today=tx.today,
    )
    missing = missing_facts(context)
    basis = decided_from(REGISTRY, last_recorded(registry_facts).position, lookup.used)
    append_with_timers(tx, stream, [msgspec.structs.replace(f, decided_from=basis) for f in missing])


def append_with_timers(tx: Tx, stream: str, new: Sequence[Fact]) -> None:
    """Append, and set the timer of each duty."""
    for fact, fact_id in zip(new, tx.append(stream, *new), strict=True):
        if isinstance(fact, HelperDutySet):
            tx.set_timer(HELPER_DUTY_TIMER, stream, end_of_day(fact.due_on), set_by=fact_id)


def _parent_assignment(tx: Tx, formed: Recorded) -> HelperAssignment | None:
    parent = parent_of(formed)
    return None if parent is None else assignment_as_of(tx.load(stream_of(parent)), formed.fact.effective_on)


def _annulment(
    household_id: UUID, obsolete: Sequence[Recorded], registry_facts: Sequence[Recorded]
) -> PairingFactsAnnulled:
    cause = annulling_fact(obsolete[0].fact.caused_by, registry_facts) or last_recorded(registry_facts)
    return PairingFactsAnnulled(
        household_id=household_id,
        effective_on=min(r.fact.effective_on for r in obsolete),
        entered_by=SYSTEM_ACTOR,
        caused_by=cause.id,
        annuls=tuple(r.id for r in obsolete),
    )


def view() -> View[UUID]:
    """Keeps ``pairings`` and ``helper_duties``."""
    types = frozenset(kind.type_name for kind in PAIRING_FACTS)
    return view_of_streams("pairings", (PAIRINGS, DUTIES), types, "pairing-", UUID, _rows)


def _rows(household: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    pairing = fold(timeline(facts))
    assignments: list[Row] = [
        (household, number, a.helper, a.unit, a.assigned_on, a.released_on, a.end_reason)
        for number, a in enumerate(pairing.assignments, start=1)
    ]
    duties: list[Row] = [(d.id, household, d.set_on, d.due_on, d.state, d.settled_on) for d in pairing.duties]
    return assignments, duties
