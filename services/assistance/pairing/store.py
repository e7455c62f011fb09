"""Pairings in the log and in their views."""

from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

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
from contracts.registry.households import HouseholdFormed
from contracts.selection import surviving, timeline
from services.assistance.beneficiaries.domain import fold as fold_registry
from services.assistance.beneficiaries.store import REGISTRY, facts_about_household
from services.assistance.pairing.derived_facts import Scene, consequences, helper_on, void
from services.assistance.pairing.domain import Basis, Command, decide, stream_of
from services.assistance.pairing.state import Help, fold
from services.assistance.reconciliation import BY, annuller_of, decided_from, newest
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.parameters import Parameters
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.views.view import Row, Table, View, view_of_streams

HELPER_DUTY = "helper_duty"
PAIRING_FACTS = (
    HelperAssigned, HelperReleased, HelperDutySet, HelperDutyMet, HelperDutyMissed, PairingEnded, PairingFactsAnnulled,
)  # fmt: skip
PAIRINGS = Table(
    "pairings", "household_id",
    ("household_id", "number", "helper", "unit", "assigned_on", "released_on", "end_reason"),
)  # fmt: skip
DUTIES = Table("helper_duties", "household_id", ("duty", "household_id", "set_on", "due_on", "state", "settled_on"))


class Pairings:
    """The unit's work of every command about a household's pairing."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters

    def carrying(self, command: Command, in_scope: Callable[[str], bool]) -> Callable[[Tx], Reply]:
        def work(tx: Tx) -> Reply:
            facts = facts_about_household(tx.cur, command.household_id)
            place = fold_registry(timeline(facts)).households.get(command.household_id)
            if place is None or not in_scope(place.division):
                raise Refused(NOT_FOUND)
            tx.after(max(r.recorded_at for r in facts))
            then = fold_registry(timeline(facts, as_of=command.on)).households.get(command.household_id)
            stream = stream_of(command.household_id)
            pairing = fold(timeline(tx.load(stream)))
            tx.append(stream, *decide(command, pairing, Basis(then.status if then else None, tx.today)))
            settle(tx, command.household_id, facts, self.parameters)
            return Reply(location=f"/assistance/pairings/{command.household_id}")

        return work


def settle(tx: Tx, household: UUID, facts: Sequence[Recorded], parameters: Parameters) -> None:
    """Bring the household's pairing in line with the register: void what no longer follows, append what follows."""
    if not facts:
        return
    stream = stream_of(household)
    gone = void(tx.load(stream), facts, REGISTRY)
    if gone:
        tx.append(stream, _annulment(household, gone, facts))
    alive = surviving(facts)
    scene = Scene(
        household_id=household,
        own=surviving(tx.load(stream)),
        facts=alive,
        followed=next((_helper_before_split(tx, r.fact) for r in alive if isinstance(r.fact, HouseholdFormed)), None),
        parameters=parameters,
        today=tx.today,
    )
    basis = decided_from(REGISTRY, newest(facts).position, parameters.digest)
    append(tx, stream, [msgspec.structs.replace(f, decided_from=basis) for f in consequences(scene)])


def append(tx: Tx, stream: str, new: Sequence[Fact]) -> None:
    """Append, and set the clock of a duty."""
    for fact, fact_id in zip(new, tx.append(stream, *new), strict=True):
        if isinstance(fact, HelperDutySet):
            tx.set_timer(HELPER_DUTY, stream, end_of_day(fact.due_on), set_by=fact_id)


def _helper_before_split(tx: Tx, formed: HouseholdFormed) -> Help | None:
    return helper_on(tx.load(stream_of(formed.split_from)), formed.effective_on)


def _annulment(household: UUID, gone: Sequence[Recorded], facts: Sequence[Recorded]) -> PairingFactsAnnulled:
    return PairingFactsAnnulled(
        household_id=household,
        effective_on=min(r.fact.effective_on for r in gone),
        entered_by=BY,
        caused_by=(annuller_of(gone[0].fact.caused_by, facts) or newest(facts)).id,
        annuls=tuple(r.id for r in gone),
    )


def view() -> View[UUID]:
    """Keeps ``pairings`` and ``helper_duties``."""
    types = frozenset(kind.type_name for kind in PAIRING_FACTS)
    return view_of_streams("pairings", (PAIRINGS, DUTIES), types, "pairing-", UUID, _rows)


def _rows(household: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    pairing = fold(timeline(facts))
    helps: list[Row] = [
        (household, number, h.helper, h.unit, h.assigned_on, h.released_on, h.end_reason)
        for number, h in enumerate(pairing.helps, start=1)
    ]
    duties: list[Row] = [(d.id, household, d.set_on, d.due_on, d.state, d.settled_on) for d in pairing.duties]
    return helps, duties
