"""The opening balance of a county: proposed, approved by another person, once; annulled by two persons again. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.divisions import Level
from contracts.registry.opening_balances import (
    MonitoringBalance,
    OpeningAnnulmentProposed,
    OpeningBalanceAnnulled,
    OpeningBalanceApproved,
    OpeningBalanceProposed,
    StatusBalance,
)
from contracts.registry.poverty_status import PovertyStatus
from contracts.roles import Role
from services.casework.procedures.approval_rules import OWN_ENTRY
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.registry.opening_balances.rules import (
    BALANCE_STANDS,
    FIGURES_IMPOSSIBLE,
    LINE_TWICE,
    NO_BALANCE,
    SAID_BEFORE_THE_DAY,
)

PREFIX = "opening-balance-"
PROPOSER = Office((Role.REVIEWER, Role.DECIDER), (Level.COUNTY,))
ANOTHER = Office((Role.DECIDER,), (Level.COUNTY,), another_person=True)


@dataclass(frozen=True, slots=True)
class Approved:
    """The balance that stands; ``fact_id``: of its approval."""

    proposal: OpeningBalanceProposed
    approval: OpeningBalanceApproved
    fact_id: str


@dataclass(frozen=True, slots=True)
class OpeningBalances:
    """Of one county. ``proposals`` and ``annulments``: by their ids, what was ever proposed."""

    proposals: Mapping[UUID, OpeningBalanceProposed] = field(default_factory=dict)
    annulments: Mapping[UUID, OpeningAnnulmentProposed] = field(default_factory=dict)
    annulled: frozenset[UUID] = frozenset()
    approved: Approved | None = None

    @property
    def awaiting(self) -> Sequence[OpeningBalanceProposed]:
        """Proposals that another person may approve."""
        if self.approved is not None:
            return ()
        return tuple(p for p in self.proposals.values() if p.balance_id not in self.annulled)

    @property
    def annulments_awaiting(self) -> Sequence[OpeningAnnulmentProposed]:
        """Of the balance that stands."""
        standing = self.approved and self.approved.proposal.balance_id
        return tuple(a for a in self.annulments.values() if a.balance_id == standing)


def stream_of(county: str) -> str:
    return f"{PREFIX}{county}"


def fold(facts: Iterable[Recorded], known_at: datetime | None = None) -> OpeningBalances:
    """As known before an instant, or now."""
    state = OpeningBalances()
    for recorded in facts:
        if known_at is not None and recorded.recorded_at >= known_at:
            break
        match recorded.fact:
            case OpeningBalanceProposed() as fact:
                state = replace(state, proposals={**state.proposals, fact.balance_id: fact})
            case OpeningBalanceApproved() as fact:
                state = replace(state, approved=Approved(state.proposals[fact.balance_id], fact, recorded.id))
            case OpeningAnnulmentProposed() as fact:
                state = replace(state, annulments={**state.annulments, fact.annulment_id: fact})
            case OpeningBalanceAnnulled() as fact:
                state = replace(state, approved=None, annulled=state.annulled | {fact.balance_id})
    return state


def propose(state: OpeningBalances, fact: OpeningBalanceProposed) -> Sequence[OpeningBalanceProposed]:
    _require_none(state)
    keys = [name for name, _ in _lines(fact)]
    if twice := sorted({name for name in keys if keys.count(name) > 1}):
        raise Refused(LINE_TWICE, lines=twice)
    wrong = [name for name, line in _lines(fact) if not _possible(line)]
    if wrong:
        raise Refused(FIGURES_IMPOSSIBLE, lines=wrong)
    if fact.source_recorded_on is not None and fact.source_recorded_on < fact.effective_on:
        raise Refused(SAID_BEFORE_THE_DAY, opening_on=fact.effective_on, source_recorded_on=fact.source_recorded_on)
    return (fact,)


def approve(
    state: OpeningBalances, balance_id: UUID, by: str, accounts: Collection[str]
) -> Sequence[OpeningBalanceApproved]:
    """``accounts``: all those of whoever approves."""
    _require_none(state)
    proposal = next((p for p in state.awaiting if p.balance_id == balance_id), None)
    if proposal is None:
        raise Refused(NOT_FOUND)
    if proposal.entered_by in accounts:
        raise Refused(OWN_ENTRY).advising(NextStep("approve_opening_balance", ANOTHER))
    return (
        OpeningBalanceApproved(
            balance_id=balance_id, county=proposal.county, proposed_by=proposal.entered_by, decision=proposal.decision,
            effective_on=proposal.effective_on, source_recorded_on=proposal.source_recorded_on, entered_by=by,
        ),
    )  # fmt: skip


def propose_annulment(state: OpeningBalances, fact: OpeningAnnulmentProposed) -> Sequence[OpeningAnnulmentProposed]:
    if state.approved is None:
        raise Refused(NO_BALANCE).advising(NextStep("propose_opening_balance", PROPOSER))
    if state.approved.proposal.balance_id != fact.balance_id:
        raise Refused(NOT_FOUND)
    return (fact,)


def approve_annulment(
    state: OpeningBalances, annulment_id: UUID, by: str, accounts: Collection[str]
) -> Sequence[OpeningBalanceAnnulled]:
    """``accounts``: all those of whoever approves."""
    proposal = next((a for a in state.annulments_awaiting if a.annulment_id == annulment_id), None)
    if proposal is None or state.approved is None:
        raise Refused(NOT_FOUND)
    if proposal.entered_by in accounts:
        raise Refused(OWN_ENTRY).advising(NextStep("approve_opening_annulment", ANOTHER))
    return (
        OpeningBalanceAnnulled(
            annulment_id=annulment_id, balance_id=proposal.balance_id, county=proposal.county,
            proposed_by=proposal.entered_by, decision=proposal.decision, effective_on=proposal.effective_on,
            entered_by=by, annuls=(state.approved.fact_id,),
        ),
    )  # fmt: skip


def _require_none(state: OpeningBalances) -> None:
    if state.approved is not None:
        standing = state.approved.proposal
        raise Refused(BALANCE_STANDS, balance_id=standing.balance_id, opening_on=standing.effective_on).advising(
            NextStep(
                "propose_opening_annulment",
                PROPOSER,
                {"county": standing.county},
                {"balance_id": str(standing.balance_id)},
            )
        )


def _possible(line: StatusBalance | MonitoringBalance) -> bool:
    """Nobody belongs to a household that has ended; to every other at least one person."""
    if line.status is PovertyStatus.CANCELLED:
        return line.persons == 0
    return line.persons >= line.households and (line.persons == 0 or line.households > 0)


def _lines(fact: OpeningBalanceProposed) -> Iterator[tuple[str, StatusBalance | MonitoringBalance]]:
    for each in fact.poverty:
        yield each.status.value, each
    for kind in fact.monitoring:
        yield f"{kind.status.value}/{kind.kind}", kind
