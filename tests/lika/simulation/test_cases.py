"""Every simulated case is what the case engine itself decides when it is given the same commands."""

from datetime import date
from uuid import UUID

import msgspec
import pytest

from contracts.casework import cases as facts
from contracts.facts import Recorded
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited, HouseholdRemoved, HouseholdReturned
from contracts.selection import timeline
from services.casework.procedures.state import CaseState, Subject
from services.registry.cases.effects import effect_of
from services.registry.households.removals import entries_of
from services.registry.households.state import fold as fold_household
from tests.lika.simulation.case_replay import edition_of, replay
from tests.lika.simulation.simulated_logs import SimulatedLogs, simulated_logs

STATUS = (HouseholdEnrolled, HouseholdExited, HouseholdReturned, HouseholdRemoved)


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


def replay_case(simulation: SimulatedLogs, entries: list[Recorded]) -> CaseState:
    first, edition = entries[0].fact, edition_of(entries)
    assert isinstance(first, facts.CaseOpened)
    household = simulation.streams("registry")[f"household-{first.household_id}"]

    def subject_on(recorded: Recorded, day: date, state: CaseState | None) -> Subject:
        return status_on(household, recorded, day, state.case_id if state else None)

    def took_effect(recorded: Recorded, state: CaseState, subject: Subject) -> None:
        followed = next(r.fact for r in household if r.fact.caused_by == recorded.id and isinstance(r.fact, STATUS))
        bare = msgspec.structs.replace(followed, caused_by=None, decided_from=None)
        known = timeline((r for r in household if r.position < recorded.position), as_of=state.latest_on)
        entries = entries_of(known, state.subject)
        assert bare == effect_of(state, edition, subject, recorded.fact.entered_by, entries)

    return replay(entries, subject_on, took_effect)


def test_the_case_engine_given_the_same_commands_appends_the_same_facts() -> None:
    simulation = simulated_logs()
    streams = [facts for name, facts in simulation.streams("registry").items() if name.startswith("case-")]
    ended = [replay_case(simulation, entries) for entries in streams]
    assert all(state.outcome is not None for state in ended)
    assert {state.procedure for state in ended} >= {"identification", "exit", "look_back_removal"}
    outcomes = {state.outcome for state in ended}
    assert {facts.CaseOutcome.COMPLETED, facts.CaseOutcome.REJECTED} <= outcomes


@pytest.mark.parametrize("log", ["registry", "assistance"])
def test_a_subject_has_at_most_one_open_case(log: str) -> None:
    open_cases: dict[UUID, UUID] = {}
    for recorded in simulated_logs().logs[log]:
        fact = recorded.fact
        if isinstance(fact, facts.CaseOpened):
            assert open_cases.setdefault(fact.subject, fact.case_id) == fact.case_id
        elif isinstance(fact, facts.CaseEnded):
            del open_cases[fact.subject]
