"""What every simulated process works with: random numbers, the event buffer, the regulations, the day of entry."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from contracts.facts import DecidedFrom, Fact, HouseholdFact, Recorded
from contracts.personal import Personal
from contracts.registry.households import FactsAnnulled
from contracts.registry.poverty_status import PovertyStatus
from lika.simulation.aid_state import PupilStream
from lika.simulation.divisions import Division, Province
from lika.simulation.entry_times import entered_at
from lika.simulation.event_buffer import ASSISTANCE, REGISTRY, ClaimChange, EventBuffer, MembershipChange
from lika.simulation.families import Family, is_followed
from lika.simulation.household_state import Household
from lika.simulation.plan import Plan
from lika.simulation.randomness import SeededRandom
from lika.simulation.regulations import Regulations
from services.casework.duties.store import stream_of as duties_stream

SYSTEM_ACCOUNT = "lika"
"""Enters what follows from other facts."""
TIMER_ACCOUNT = "timer"
"""Enters what a deadline brings about."""


class SimulationContext:
    """``recorded_on``: the last day of the current month, on which its facts are entered. ``exits`` and ``stock``:
    households and persons as the register has them, by township code (and year); ``registered``: the households of that stock,
    by township; ``families``: by the index of their first household; ``aid``: the streams of
    pupils' aid in the townships that pay it by lists, by township. ``workbooks``: households and members
    recorded this month, by village. ``new_households``: those that split off and are not scheduled yet.
    ``access_log_versions``: stream of a reader's day → facts in it. ``last_act``: the command that appended to a
    household last."""

    def __init__(self, plan: Plan, regulations: Regulations) -> None:
        self.plan, self.regulations, self.digest = plan, regulations, plan.digest
        self.rng, self.events = SeededRandom(plan.seed), EventBuffer(plan.digest)
        self.province = Province(plan.households)
        self.recorded_on, self.month = date(plan.first, 1, 31), plan.first * 12
        self.new_households: list[Household] = []
        self.last_act = UUID(int=0)
        self.access_log_versions: Counter[str] = Counter()
        self.workbooks: dict[Division, list[int]] = {}
        self.exits: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
        self.stock: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        self.registered: defaultdict[str, dict[UUID, Household]] = defaultdict(dict)
        self.families: dict[int, Family] = {}
        self.aid: dict[str, defaultdict[str, list[Recorded]]] = {}
        self._helper_accounts: dict[tuple[str, int], str] = {}

    def append_to_household(
        self, household: Household, *facts: Fact, claims: tuple[ClaimChange, ...] = (),
        memberships: tuple[MembershipChange, ...] = (), act: UUID | None = None,
    ) -> str:  # fmt: skip
        """Append one command's facts to the household's stream in the registry's log; ``act``: of a command that has
        appended to another household. Returns the id of the first."""
        expected_version, head = household.version, self.events.heads[REGISTRY]
        household.version = expected_version + len(facts)
        self.last_act = self.events.append(
            REGISTRY, household.stream, expected_version, facts, claims, memberships, act
        )
        if is_followed(household.index, self.plan.households):
            self._follow(household, head, facts)
        return household.fact_id(expected_version + 1)

    def _follow(self, household: Household, head: int, facts: tuple[Fact, ...]) -> None:
        root = household.index % self.plan.households
        family = self.families.setdefault(root, Family(household))
        at = entered_at(REGISTRY, self.recorded_on)
        first = household.version - len(facts)
        family.learn(
            [
                Recorded(REGISTRY, head + n, household.stream, first + n, at, self.last_act, fact.entered_by, fact, b"")
                for n, fact in enumerate(facts, start=1)
            ]
        )

    def append_to_aid(self, stream: PupilStream, *facts: HouseholdFact) -> int:
        """Append one command's facts to a pupil's stream in assistance's log. Returns the version of the first."""
        head, version = self.events.heads[ASSISTANCE], stream.version
        act = self.events.append(ASSISTANCE, stream.name, version, facts)
        stream.version = version + len(facts)
        if (streams := self.aid.get(stream.township)) is not None:
            at = entered_at(ASSISTANCE, self.recorded_on)
            streams[stream.name] += [
                Recorded(ASSISTANCE, head + n, stream.name, version + n, at, act, fact.entered_by, fact, b"")
                for n, fact in enumerate(facts, start=1)
            ]
        return version + 1

    def append_to_pairing(self, household: Household, *facts: Fact) -> str:
        """Append one command's facts about pairs that follow the register to assistance's log. Returns the id of the
        first."""
        expected_version, stream = household.pairing_version, f"pairing-{household.id}"
        household.pairing_version = expected_version + len(facts)
        self.events.append(ASSISTANCE, stream, expected_version, facts)
        return f"{ASSISTANCE}/{stream}/{expected_version + 1}"

    def append_to_duties(self, household: Household, fact: Fact) -> str:
        """Append what is recorded of the household's duties in assistance's log. Returns the id."""
        expected_version, stream = household.duties_version, duties_stream(household.id)
        household.duties_version = expected_version + 1
        self.events.append(ASSISTANCE, stream, expected_version, (fact,))
        return f"{ASSISTANCE}/{stream}/{expected_version + 1}"

    def annul(
        self, household: Household, day: date, fact_id: str, act: UUID, reason: str, *memberships: MembershipChange
    ) -> None:
        """Annul an act of one fact."""
        common = self.cadre_entry(household, day, annuls=(fact_id,))
        annulment = FactsAnnulled(**common, acts=(act,), reason=Personal(reason))
        self.append_to_household(household, annulment, memberships=memberships)

    def cadre_entry(self, household: Household, day: date, **more: Any) -> dict[str, Any]:
        """The common fields of a fact of the registry that the village's cadre enters now."""
        return common_fields(household, day, household.cadre, decided_from=self.events.decided_from(), **more)

    def assistance_basis(self, key: str) -> DecidedFrom:
        """What a conclusion of assistance is decided from: the registry's log so far and the parameters of this key."""
        return self.events.decided_from(documents=self.regulations.parameters_of_assistance(key))

    def helper_account(self, village: Division, number: int) -> str:
        """One string object for all the households that a helper has."""
        if (village.code, number) not in self._helper_accounts:
            self._helper_accounts[village.code, number] = f"helper-{village.code}-{number:02}"
        return self._helper_accounts[village.code, number]

    def begin_month(self, month: int, recorded_on: date) -> None:
        self.month, self.recorded_on = month, recorded_on
        self.workbooks = {}

    def adjust_stock(self, household: Household, sign: int) -> None:
        """The household enters (1) or leaves (-1) the stock of its township."""
        stock = self.stock[household.division.township]
        stock[0] += sign
        stock[1] += sign * len(household.members)
        registered = self.registered[household.division.township]
        if sign > 0:
            registered[household.id] = household
        else:
            registered.pop(household.id, None)

    def adjust_persons(self, household: Household, day: date, sign: int) -> None:
        """One person more or less since that day. What is entered late for a household that has exited meanwhile
        changes how many persons exited with it."""
        if household.in_stock:
            self.stock[household.division.township][1] += sign
        elif household.status is PovertyStatus.EXITED and day < household.since:
            self.exits[household.division.township, household.since.year][1] += sign


def common_fields(household: Household, day: date, by: str, **more: Any) -> dict[str, Any]:
    """What every fact of a household says."""
    return {"household_id": household.id, "effective_on": day, "entered_by": by, **more}
