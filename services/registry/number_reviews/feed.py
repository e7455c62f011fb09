"""Whoever joins a household in the stock is counted at once: where their number awaits its review, the entry is set aside as soon
as its command has been answered."""

from functools import partial
from uuid import UUID

from contracts.accounts import TIMER
from contracts.registry.households import FactsAnnulled
from contracts.selection import surviving
from services.chassis.log.needs import Timer, unkeyed
from services.chassis.log.unit import Tx
from services.registry.households.claims import restore_numbers
from services.registry.households.domain import record, stream_of
from services.registry.households.pending_claims import SET_ASIDE, pending_claims_of
from services.registry.households.rehydration import current_state_without_surveys
from services.registry.households.store import relatives_in, save


def set_aside_pending(tx: Tx, timer: Timer) -> None:
    """Handles the timer ``NUMBER_CHECK``. The entry is annulled and keeps its numbers; what comes after it may not let it: then it
    stays, and no case of the household can be decided."""
    household = UUID(timer.stream.removeprefix("household-"))
    state = current_state_without_surveys(tx.load(timer.stream), relatives_in(tx))
    pending = pending_claims_of(tx, state.members) if state.in_stock else []
    for act in dict.fromkeys(act for _, act in pending):
        of_act = [r for r in surviving(tx.load(timer.stream)) if r.command_id == act]
        if not of_act:
            continue  # set aside before, or of another household
        annulment = FactsAnnulled(
            household_id=household, effective_on=min(r.fact.effective_on for r in of_act), entered_by=TIMER,
            caused_by=of_act[0].id, acts=(act,), annuls=tuple(r.id for r in of_act),
        )  # fmt: skip
        annul = partial(_annul, annulment)
        if tx.refusal_of(annul) is None:
            annul(tx)
            restore_numbers(tx, [act])
            for person in (holder for holder, given_by in pending if given_by == act):
                tx.claim(SET_ASIDE, [unkeyed(person)], household)


def _annul(annulment: FactsAnnulled, tx: Tx) -> None:
    household = annulment.household_id
    save(tx, {household: record(tx.load(stream_of(household)), [annulment], tx.today, relatives_in(tx))})
