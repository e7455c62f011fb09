"""Corrections in the entry of a true history, through the pure function that the procedure uses."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from contracts.facts import Decision
from contracts.registry.codes import PovertyCause
from contracts.registry.corrections import CorrectDecision, StatusDecision
from contracts.registry.poverty_status import Standard
from contracts.selection import surviving
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.registry.corrections.domain import KINDS, Correction, correct
from services.registry.households.domain import stream_of
from services.registry.households.store import relatives_in, save
from tests.properties.data_entry import DataEntry
from tests.properties.true_households import STATUS_KINDS, Act, Kind

CASE = UUID("7a4b0d2e-3f0c-4a77-9a53-0e3a5d4c9b10")
DECISIONS: Mapping[Kind, tuple[StatusDecision, Mapping[str, Any]]] = {
    Kind.ENROL: (StatusDecision.ENROLLED, {"standard": Standard.NATIONAL}),
    Kind.EXIT: (StatusDecision.EXITED, {"enjoys_policies": True}),
    Kind.RETURN: (StatusDecision.RETURNED, {"cause": PovertyCause.ILLNESS}),
    Kind.REMOVE: (StatusDecision.REMOVED, {"removed_for": "never_qualified"}),
}


def standing_decisions(entry: DataEntry) -> list[tuple[Act, str]]:
    """The decisions that stand as they were entered, each with the id of its fact."""
    found = []
    for act in entry.acts():
        if act.kind in STATUS_KINDS and act.number in entry.commands:
            facts = surviving(entry.store.stream(stream_of(entry.household(act.household))))
            mine = [r.id for r in facts if r.command_id == entry.commands[act.number][-1] and type(r.fact) in KINDS]
            found += [(act, fact_id) for fact_id in mine]
    return found


def replace_decision(entry: DataEntry, act: Act, fact_id: str) -> UUID:
    """By the same decision under another document number."""
    kind, own = DECISIONS[act.kind]
    decision = Decision(organ="县扶贫开发领导小组", decided_on=act.day, document_no="扶组更1号", signer="组长")
    decided = CorrectDecision(
        household_id=entry.household(act.household), kind=kind, effective_on=act.day, precision=act.precision,
        decision=decision, **own,
    )  # fmt: skip
    return carry_out(entry, act.household, f"replace decision {act.number}", facts=(fact_id,), decisions=(decided,))


def carry_out(
    entry: DataEntry, household: int, note: str, *, acts: Sequence[UUID] = (), facts: Sequence[str] = (),
    decisions: Sequence[CorrectDecision] = (),
) -> UUID:  # fmt: skip
    """The act of the correction."""
    correction = Correction(
        household_id=entry.household(household), case_id=CASE, entered_by="decider", acts=tuple(acts),
        facts=tuple(facts), decisions=tuple(decisions),
    )  # fmt: skip

    def work(tx: Tx) -> Reply:
        known = tx.load(stream_of(correction.household_id))
        save(tx, correct(correction, known, tx.today, relatives_in(tx)))
        return Reply()

    return entry.submit(work, note, stream_of(correction.household_id))
