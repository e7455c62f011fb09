"""Every simulated household obeys the register's own rules, at every entry and on every day."""

from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.personal import Personal
from contracts.registry.households import HouseholdFormed, HouseholdRecorded, HouseholdSplit, Member, MemberJoined
from contracts.selection import timeline
from services.registry.households.resident_id import PROVINCES, parse_resident_id, require_consistent
from services.registry.households.rules import require_legal, require_not_future
from tests.lika.simulation.simulated_logs import SimulatedLogs, simulated_logs


def households(simulation: SimulatedLogs) -> dict[str, list[Recorded]]:
    return {name: facts for name, facts in simulation.streams("registry").items() if name.startswith("household-")}


def test_each_months_entries_leave_every_day_legal_and_lie_in_the_past() -> None:
    simulation = simulated_logs()
    checked = 0
    for facts in households(simulation).values():
        for known, new in simulation.monthly_entries(facts):
            require_legal(timeline([*known, *new]), [r.id for r in new])
            for recorded in new:
                require_not_future(recorded.fact.effective_on, civil_day(recorded.recorded_at))
                checked += 1
    assert checked > 5_000


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
        if isinstance(recorded.fact, HouseholdRecorded | HouseholdFormed):
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


def test_both_halves_of_a_split_say_the_same() -> None:
    simulation = simulated_logs()
    formed = {r.fact.household_id: r.fact for r in simulation.logs["registry"] if isinstance(r.fact, HouseholdFormed)}
    splits = [r for r in simulation.logs["registry"] if isinstance(r.fact, HouseholdSplit)]
    assert splits
    for recorded in splits:
        assert isinstance(recorded.fact, HouseholdSplit)
        other = formed.pop(recorded.fact.new_household_id)
        assert other.caused_by == recorded.id
        assert tuple(m.person_id for m in other.members) == recorded.fact.person_ids
    assert not formed
