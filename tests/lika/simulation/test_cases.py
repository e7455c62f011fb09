"""Every simulated case is what the case engine itself decides when it is given the same commands."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from contracts.casework import cases as facts
from contracts.civil import civil_day
from contracts.facts import Fact, Recorded
from contracts.registry.households import HouseholdEnrolled, HouseholdExited, HouseholdRemoved, HouseholdReturned
from contracts.selection import timeline
from services.casework.procedures import commands as c
from services.casework.procedures.domain import decide
from services.casework.procedures.effects import effect_due
from services.casework.procedures.state import CaseState, Subject, evolve
from services.registry.cases.effects import effect_of
from services.registry.households.state import fold as fold_household
from tests.lika.simulation.simulated_logs import SimulatedLogs, regulations, simulated_logs

STATUS = (HouseholdEnrolled, HouseholdExited, HouseholdReturned, HouseholdRemoved)


COMMANDS: dict[type[Fact], tuple[type[c.Command], tuple[str, ...]]] = {
    facts.CaseOpened: (c.OpenCase, ("subject", "grounds", "cause")),
    facts.VisitMade: (c.MakeVisit, ("confirmed", "findings")),
    facts.AppraisalHeld: (c.HoldAppraisal, ("entitled", "present", "in_favour", "against", "abstained")),
    facts.ConsentGiven: (c.GiveConsent, ("agreed",)),
    facts.NoticePosted: (c.PostNotice, ()),
    facts.ObjectionRaised: (c.RaiseObjection, ("text", "objector")),
    facts.ObjectionResolved: (c.ResolveObjection, ("objection_no", "upheld", "finding")),
    facts.NoticeClosed: (c.CloseNotice, ()),
    facts.ReviewGiven: (c.GiveReview, ("outcome",)),
    facts.ComparisonMade: (c.MakeComparison, ("clean", "departments", "findings")),
    facts.CaseReturned: (c.ReturnCase, ("back_to", "reason")),
    facts.CaseAnnounced: (c.AnnounceCase, ()),
    facts.CaseEnded: (c.WithdrawCase, ()),
}
"""The command whose first fact this is, and which of the fact's fields the command names. A case that is not withdrawn
ends with another fact."""


def command_of(fact: Fact, today: date) -> c.Command:
    assert isinstance(fact, facts.CaseFact)
    common: dict[str, Any] = {
        "case_id": fact.case_id, "on": fact.effective_on, "today": today, "by": fact.entered_by,
        "evidence": fact.evidence,
    }  # fmt: skip
    if isinstance(fact, facts.CaseDecided):
        decision = fact.decision
        assert decision is not None
        return c.DecideCase(
            **common,
            approved=fact.approved,
            organ=decision.organ,
            document_no=decision.document_no,
            signer=decision.signer,
        )
    kind, named = COMMANDS[type(fact)]
    return kind(**common, **{name: getattr(fact, name) for name in named})


def status_on(facts_of_household: list[Recorded], before: Recorded, day: date, open_case: UUID | None) -> Subject:
    """The household as the register had it when the case's fact was entered."""
    known = [r for r in facts_of_household if r.position < before.position]
    state = fold_household(timeline(known, as_of=day))
    assert state.status is not None
    assert state.status_since is not None
    assert state.id is not None
    return Subject(
        id=state.id, household_id=state.id, area=state.division, standing=state.status, since=state.status_since,
        fact_id=state.status_fact, open_case_id=open_case,
    )  # fmt: skip


def replay(simulation: SimulatedLogs, entries: list[Recorded]) -> CaseState:
    """Give the engine the commands one by one; each must be accepted and append exactly the simulated facts."""
    first = entries[0].fact
    assert isinstance(first, facts.CaseOpened)
    edition = regulations().library.edition(first.procedure, first.edition)
    household = simulation.streams("registry")[f"household-{first.household_id}"]
    state: CaseState | None = None
    remaining = list(entries)
    while remaining:
        recorded, today = remaining[0], civil_day(remaining[0].recorded_at)
        command = command_of(recorded.fact, today)
        status = status_on(household, recorded, command.on, state.case_id if state else None)
        expected = decide(command, state, edition, status)
        appended = [msgspec.structs.replace(r.fact, decided_from=None) for r in remaining[: len(expected)]]
        assert appended == expected
        before = state
        for fact in expected:
            state = evolve(state, fact)
        assert state is not None
        if effect_due(before, state, edition):
            followed = next(r.fact for r in household if r.fact.caused_by == recorded.id and isinstance(r.fact, STATUS))
            effect = effect_of(state, edition, status, command.by)
            bare = msgspec.structs.replace(followed, caused_by=None, decided_from=None)
            assert bare == effect
        remaining = remaining[len(expected) :]
    assert state is not None
    return state


def test_the_case_engine_given_the_same_commands_appends_the_same_facts() -> None:
    simulation = simulated_logs()
    streams = [facts for name, facts in simulation.streams("registry").items() if name.startswith("case-")]
    ended = [replay(simulation, entries) for entries in streams]
    assert all(state.outcome is not None for state in ended)
    assert {state.procedure for state in ended} >= {"identification", "exit", "look_back_removal"}
    outcomes = {state.outcome for state in ended}
    assert {facts.CaseOutcome.COMPLETED, facts.CaseOutcome.REJECTED} <= outcomes


def test_a_household_has_at_most_one_open_case() -> None:
    open_cases: dict[UUID, UUID] = {}
    for recorded in simulated_logs().logs["registry"]:
        fact = recorded.fact
        if isinstance(fact, facts.CaseOpened):
            assert open_cases.setdefault(fact.subject, fact.case_id) == fact.case_id
        elif isinstance(fact, facts.CaseEnded):
            del open_cases[fact.subject]
