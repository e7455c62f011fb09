"""Clues in the log: command handlers under the append lock."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

import msgspec

from contracts.facts import Fact
from contracts.registry import clues as c
from contracts.registry.households import HouseholdRecorded
from contracts.roles import Role
from services.casework.documents.reading import Documents
from services.casework.procedures.competent_office import CompetentOffice
from services.casework.procedures.repository import Procedures
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.clues import domain, rules
from services.registry.clues.document import ClueHandling, editions, handling_in_force
from services.registry.clues.domain import Clue, ClueState, fold, stream_of
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.rehydration import state_on
from services.registry.households.store import relatives_in, require_in_area
from services.registry.households.villages import require_village
from services.registry.households.visibility import division_today

F = TypeVar("F", bound=c.ClueFact)
Decide = Callable[[Tx, Clue], Sequence[Fact]]


def location_of_receipt(receipt_no: str) -> str:
    """Of the receipt, which whoever reported is given at once."""
    return f"/registry/clue-receipts/{receipt_no}"


def location_of(clue_id: UUID) -> str:
    return f"/registry/clues/{clue_id}"


def receive_handler(fact: c.ClueReceived, actor: Actor, documents: Documents) -> Callable[[Tx], Reply]:
    """Handles a new clue: wherever it is received, it goes to the village that it is about. A household on record is named by
    those alone who may see it."""

    def work(tx: Tx) -> Reply:
        lookup = documents.in_unit(tx)
        edition, handling = handling_in_force(lookup, fact.effective_on, fact.division)
        require_village(tx, fact.division, fact.effective_on)
        if fact.household_id is not None:
            _require_household_there(tx, fact.household_id, fact.division, actor)
        holidays = None
        if handling.counts_working_days:
            holidays = Procedures(lookup).holidays(fact.effective_on, fact.division)
        waits = fact.source is c.ClueSource.SELF_REPORT
        dated = msgspec.structs.replace(
            fact, document=edition, end_by=handling.ending.last_day(fact.effective_on, holidays),
            accept_by=handling.acceptance.last_day(fact.effective_on, holidays) if waits else None,
            decided_from=lookup.basis(tx.log, tx.head),
        )  # fmt: skip
        tx.append(stream_of(fact.clue_id), *domain.receive(dated, tx.today))
        return Reply(location=location_of_receipt(fact.receipt_no))

    return work


class ClueCommands:
    """Handlers of what is done about a clue in the actor's area."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def handler(self, clue_id: UUID, actor: Actor, decide: Decide) -> Callable[[Tx], Reply]:
        def work(tx: Tx) -> Reply:
            clue = clue_in_area(tx, clue_id, actor)
            self._require_office(tx, clue, actor)
            if facts := decide(tx, clue):
                tx.append(stream_of(clue_id), *facts)
            return Reply(location=location_of(clue_id))

        return work

    def accept(self, fact: c.ClueAccepted, actor: Actor) -> Callable[[Tx], Reply]:
        return self.handler(fact.clue_id, actor, lambda tx, clue: domain.accept(clue, fact, tx.today))

    def refuse(self, fact: c.ClueRefused, actor: Actor) -> Callable[[Tx], Reply]:
        return self.handler(fact.clue_id, actor, lambda tx, clue: domain.refuse(clue, fact, tx.today))

    def forward(self, fact: c.ClueForwarded, actor: Actor) -> Callable[[Tx], Reply]:
        """To any village: whoever received it there sees it from now on."""

        def decide(tx: Tx, clue: Clue) -> Sequence[Fact]:
            require_village(tx, fact.to_division, fact.effective_on)
            dated = msgspec.structs.replace(fact, from_division=clue.division)
            return domain.forward(clue, dated, tx.today)

        return self.handler(fact.clue_id, actor, decide)

    def identify(self, fact: c.ClueHouseholdIdentified, actor: Actor) -> Callable[[Tx], Reply]:
        def decide(tx: Tx, clue: Clue) -> Sequence[Fact]:
            decided = domain.identify(clue, fact, tx.today)
            _require_household_there(tx, fact.household_id, clue.division, actor)
            return decided

        return self.handler(fact.clue_id, actor, decide)

    def record_household(
        self, clue_id: UUID, first: HouseholdRecorded, actor: Actor,
        recording: Callable[[HouseholdRecorded], Callable[[Tx], Reply]],
    ) -> Callable[[Tx], Reply]:  # fmt: skip
        """Handles the recording of the clue's household, which the clue causes. ``recording``: handles the recording."""

        def work(tx: Tx) -> Reply:
            clue = clue_in_area(tx, clue_id, actor)
            self._require_office(tx, clue, actor)
            linked = c.ClueHouseholdIdentified(
                clue_id=clue_id, household_id=first.household_id, effective_on=tx.today, entered_by=actor.subject,
                recorded=True,
            )  # fmt: skip
            decided = domain.identify(clue, linked, tx.today)
            if first.division != clue.division:
                raise _elsewhere(clue.received.clue_id, first.division)
            reply = recording(msgspec.structs.replace(first, caused_by=clue.fact_id))(tx)
            tx.append(stream_of(clue_id), *decided)
            return reply

        return work

    def answer(self, fact: c.ClueAnswered, actor: Actor) -> Callable[[Tx], Reply]:
        def decide(tx: Tx, clue: Clue) -> Sequence[Fact]:
            other = None if fact.duplicate_of is None else fold(tx.load(stream_of(fact.duplicate_of)))
            if other is not None and not actor.covers(other.division):
                other = None
            monitored = clue.household_id is not None and _is_monitored(tx, clue.household_id, fact.effective_on)
            return domain.answer(clue, fact, tx.today, other, monitored=monitored)

        return self.handler(fact.clue_id, actor, decide)

    def _require_office(self, tx: Tx, clue: Clue, actor: Actor) -> None:
        """By the edition that the clue was received under. Raises ``Refused``."""
        office = _office(editions(self._documents.in_unit(tx))[clue.received.document], clue.state)
        if not office.is_held_by(actor.roles, actor.level):
            named = Office(office.roles, office.levels, division=clue.division)
            steps = (NextStep(step.act, named, step.ids) for step in _ways_on(clue))
            raise Refused(rules.CLUE_OFFICE, level=office.level, role=office.role).advising(*steps)


def _office(handling: ClueHandling, state: ClueState) -> CompetentOffice:
    return (handling.acceptance if state is ClueState.RECEIVED else handling.ending).office


def _ways_on(clue: Clue) -> tuple[NextStep, ...]:
    ids = domain.clue_ids(clue)
    return rules.ways_to_accept(ids) if clue.state is ClueState.RECEIVED else rules.ways_to_end(ids)


def clue_in_area(tx: Tx, clue_id: UUID, actor: Actor) -> Clue:
    """Raises ``NOT_FOUND`` where it is in a village outside the actor's area today."""
    clue = fold(tx.load(stream_of(clue_id)))
    if clue is None or not actor.covers(clue.division):
        raise Refused(NOT_FOUND)
    return clue


def _require_household_there(tx: Tx, household: UUID, division: str, actor: Actor) -> None:
    """Raises ``NOT_FOUND`` for one outside the actor's area, and ``Refused`` for one that lives in another village."""
    known = tx.load(household_stream(household))
    require_in_area(known, actor, relatives_in(tx))
    if (lives_in := division_today(known, relatives_in(tx))) != division:
        raise Refused(rules.HOUSEHOLD_IN_ANOTHER_VILLAGE, division=lives_in)


def _is_monitored(tx: Tx, household: UUID, on: date) -> bool:
    monitoring = state_on(tx.load(household_stream(household)), relatives_in(tx), as_of=on).monitoring
    return monitoring is not None and monitoring.counted


def _elsewhere(clue_id: UUID, division: str) -> Refused:
    cadre = Office((Role.CADRE,))
    forward = NextStep("forward_clue", cadre, {"clue_id": clue_id}, {"to_division": division})
    return Refused(rules.HOUSEHOLD_IN_ANOTHER_VILLAGE, division=division).advising(forward)
