"""Targets of a simulated township are what monitoring itself decides, and exit targets count what the register knew."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from contracts.civil import civil_day
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.monitoring import targets as facts
from contracts.quantities import Figures
from contracts.selection import timeline
from lika.simulation.divisions import Province
from services.monitoring.targets import domain
from services.monitoring.targets.exits import SUBSCRIBED_FACTS, exits
from services.monitoring.targets.state import fold
from tests.lika.simulation.simulated_logs import PLAN, SimulatedLogs, simulated_logs


def exited(simulation: SimulatedLogs, target_set: facts.TargetSet, position: int, through: date) -> Figures:
    """Exits of the target's year in its division, as the register's log had them up to a position."""
    kept = [r for r in simulation.logs["registry"] if isinstance(r.fact, SUBSCRIBED_FACTS) and r.position <= position]
    households: dict[UUID, list[Recorded]] = {}
    for recorded in kept:
        assert isinstance(recorded.fact, HouseholdFact)
        households.setdefault(recorded.fact.household_id, []).append(recorded)
    exits_found = [
        each
        for entries in households.values()
        for each in exits(timeline(entries))
        if each.division.startswith(target_set.division) and date(target_set.year, 1, 1) <= each.exited_on <= through
    ]
    return Figures(len(exits_found), sum(each.persons for each in exits_found))


def decided(simulation: SimulatedLogs, known: Sequence[Recorded], recorded: Recorded) -> list[Fact]:
    """What monitoring decides on the command that appended this fact."""
    fact, today = recorded.fact, civil_day(recorded.recorded_at)
    target_set = known[0].fact if known else None
    match fact:
        case facts.TargetSet():
            return domain.set_target(fact, today)
        case facts.ProgressReported():
            return domain.report_progress(msgspec.structs.replace(fact, annuls=()), known, today)
        case facts.MilestonePlanned():
            return domain.plan_milestone(msgspec.structs.replace(fact, milestone=0), known, today)
        case facts.MilestoneReached():
            return domain.reach_milestone(fact, known, today)
        case facts.TargetWithdrawn():
            return domain.withdraw(fact, known, today)
    assert isinstance(target_set, facts.TargetSet)
    position = fact.decided_from.logs[0].position if fact.decided_from else 0
    if isinstance(fact, facts.TargetStruckOff):
        return domain.strike_off(fact, known, today, exited(simulation, target_set, position, fact.effective_on))
    assert isinstance(fact, facts.TargetOverdue)
    figures = exited(simulation, target_set, position, target_set.deadline)
    return domain.check_deadline(known, fact.entered_by, figures, fact.decided_from)


def targets_of(simulation: SimulatedLogs) -> list[list[Recorded]]:
    """The facts of each target; monitoring's log holds its documents, too."""
    return [
        entries for entries in simulation.streams("monitoring").values() if isinstance(entries[0].fact, facts.TargetSet)
    ]


def test_monitoring_given_the_same_commands_appends_the_same_facts() -> None:
    simulation, kinds = simulated_logs(), set[str]()
    for entries in targets_of(simulation):
        for place, recorded in enumerate(entries):
            assert decided(simulation, entries[:place], recorded) == [recorded.fact]
            kinds.add(recorded.fact.type_name)
    assert kinds >= {"TargetSet", "ProgressReported", "MilestoneReached", "TargetStruckOff", "TargetOverdue"}


def test_a_passed_deadline_was_recorded() -> None:
    simulation = simulated_logs()
    for entries in targets_of(simulation):
        target = fold(timeline(entries))
        assert target is not None
        if target.deadline.year < PLAN.last:
            position = next((r.fact.decided_from.logs[0].position for r in entries if r.fact.decided_from), 0)
            target_set = entries[0].fact
            assert isinstance(target_set, facts.TargetSet)
            assert (
                domain.check_deadline(entries, "timer", exited(simulation, target_set, position, target.deadline)) == []
            )


def test_every_place_of_a_work_list_is_a_division_of_the_province() -> None:
    province = Province(PLAN.households)
    known = {place.code for place in (*province.townships, *province.villages)}
    for recorded in simulated_logs().logs["monitoring"]:
        if isinstance(recorded.fact, facts.TargetSet):
            assert {recorded.fact.division, *(line.place for line in recorded.fact.lines)} <= known
