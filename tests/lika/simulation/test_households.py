"""Every simulated household obeys the register's own rules, at every entry and on every day."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from uuid import UUID

from contracts.civil import civil_day
from contracts.facts import HouseholdFact, Recorded
from contracts.personal import Personal
from contracts.registry.households import FactsAnnulled, HouseholdFormed, HouseholdRecorded, HouseholdSplit
from contracts.registry.members import Member, MemberJoined
from contracts.selection import timeline
from services.casework.dates import require_not_future
from services.chassis.log.periods import Period
from services.registry.households.legality import require_legal
from services.registry.households.lineage import with_ancestors
from services.registry.households.memberships import memberships_of
from services.registry.households.resident_id import PROVINCES, parse_resident_id, require_consistent
from services.registry.households.state import fold
from tests.lika.simulation.simulated_logs import SimulatedLogs, simulated_logs


def households(simulation: SimulatedLogs) -> dict[UUID, list[Recorded]]:
    return {
        UUID(name.removeprefix("household-")): facts
        for name, facts in simulation.streams("registry").items()
        if name.startswith("household-")
    }


def lines(simulation: SimulatedLogs) -> dict[UUID, list[Recorded]]:
    """Household → its facts and its ancestors', as they were entered."""
    of = households(simulation)
    return {
        household: sorted(with_ancestors(facts, of.__getitem__), key=lambda r: r.position)
        for household, facts in of.items()
    }


def test_each_months_entries_leave_every_day_legal_and_lie_in_the_past() -> None:
    """Those about the household that it split off from included."""
    simulation = simulated_logs()
    checked = 0
    for household, facts in lines(simulation).items():
        for known, new in simulation.monthly_entries(facts):
            line = timeline([*known, *new], of=household)
            own = [r for r in line if of_household(r, household)]
            require_legal(own, [r.id for r in new], fold(line[: len(line) - len(own)]))
            for recorded in new:
                require_not_future(recorded.fact.effective_on, civil_day(recorded.recorded_at))
                checked += of_household(recorded, household)
    assert checked > 5_000


def of_household(recorded: Recorded, household: UUID) -> bool:
    return isinstance(recorded.fact, HouseholdFact) and recorded.fact.household_id == household


def test_positions_and_versions_have_no_gaps_and_causes_stand_before_what_they_cause() -> None:
    simulation = simulated_logs()
    seen: set[str] = set()
    for log, facts in simulation.logs.items():
        assert [r.position for r in facts] == list(range(2, len(facts) + 2)), log  # 1 declares the clock
    for recorded in sorted(
        (r for facts in simulation.logs.values() for r in facts), key=lambda r: (r.recorded_at, r.position)
    ):
        cause = recorded.fact.caused_by
        assert cause is None or cause in seen, recorded.id
        assert set(recorded.fact.annuls) <= seen
        assert recorded.fact.decided_from is None or all(
            read.position <= len(simulation.logs[read.log]) + 1 for read in recorded.fact.decided_from.logs
        )
        seen.add(recorded.id)
    for streams in (simulation.streams(log) for log in simulation.logs):
        assert all([r.version for r in facts] == list(range(1, len(facts) + 1)) for facts in streams.values())


def members(simulation: SimulatedLogs) -> list[Member]:
    members: list[Member] = []
    for recorded in simulation.logs["registry"]:
        if isinstance(recorded.fact, HouseholdRecorded):
            members += recorded.fact.members
        elif isinstance(recorded.fact, MemberJoined):
            members.append(recorded.fact.member)
    return members


def plain(value: Personal[str] | None) -> str:
    assert value is not None
    return value.plain


def test_every_id_number_is_valid_fits_its_person_and_can_be_nobodys() -> None:
    holders: dict[str, object] = {}
    for member in members(simulated_logs()):
        number = parse_resident_id(plain(member.id_number)).number
        require_consistent(number, member.sex, member.birth_year)
        assert number[:2] not in PROVINCES  # GB/T 2260 has no such province
        assert holders.setdefault(number, member.person_id) == member.person_id
    assert len(holders) > 400


def test_both_halves_of_a_split_say_the_same_and_are_one_act() -> None:
    simulation = simulated_logs()
    formed = {
        r.fact.household_id: (r.fact, r.command_id)
        for r in simulation.logs["registry"]
        if isinstance(r.fact, HouseholdFormed)
    }
    splits = [r for r in simulation.logs["registry"] if isinstance(r.fact, HouseholdSplit)]
    assert splits
    for recorded in splits:
        assert isinstance(recorded.fact, HouseholdSplit)
        other, act = formed.pop(recorded.fact.new_household_id)
        assert (other.caused_by, other.split_from) == (recorded.id, recorded.fact.household_id)
        assert act == recorded.command_id
        assert other.person_ids == recorded.fact.person_ids
        assert other.head in other.person_ids
    assert not formed


def test_a_household_that_split_off_has_the_members_that_came_along_and_one_head() -> None:
    simulation = simulated_logs()
    for household, facts in lines(simulation).items():
        formed = next((r for r in facts if isinstance(r.fact, HouseholdFormed) and of_household(r, household)), None)
        if formed is None:
            continue
        line = timeline(facts, of=household)
        assert isinstance(formed.fact, HouseholdFormed)
        state = fold(line[: line.index(formed) + 1])
        assert set(state.members) == set(formed.fact.person_ids)
        assert state.head is not None
        assert state.head.person_id == formed.fact.head


def test_whole_acts_are_annulled() -> None:
    acts: defaultdict[UUID, list[str]] = defaultdict(list)
    annulled = 0
    for facts in households(simulated_logs()).values():
        for recorded in facts:
            acts[recorded.command_id].append(recorded.id)
            if isinstance(recorded.fact, FactsAnnulled):
                (act,) = recorded.fact.acts
                assert list(recorded.fact.annuls) == acts[act]
                annulled += 1
    assert annulled


def test_the_memberships_written_are_those_that_the_facts_tell() -> None:
    simulation = simulated_logs()
    written = {key: periods for key, periods in simulation.memberships.items() if periods}
    folded = {
        (person, household): periods
        for household, facts in households(simulation).items()
        for person, periods in memberships_of(timeline(facts)).items()
    }
    assert written == folded
    assert any(period.final for periods in folded.values() for period in periods)


def test_nobody_belongs_to_two_households_on_one_day_nor_to_any_after_their_death() -> None:
    periods: defaultdict[UUID, list[Period]] = defaultdict(list)
    for (person, _), of_household in simulated_logs().memberships.items():
        periods[person] += of_household
    assert not [person for person, of_person in periods.items() if any(map(overlap, combinations(of_person, 2)))]


def overlap(pair: Sequence[Period]) -> bool:
    return pair[0].overlaps(pair[1])
