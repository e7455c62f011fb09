"""What lives need of the world around them: rng, the book, the law, the day on which it is all entered."""

from collections import Counter, defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from contracts.facts import Evidence, Fact
from contracts.registry.households import PovertyStatus
from lika.simulation.divisions import Place, Province
from lika.simulation.documents import paper
from lika.simulation.event_buffer import ASSISTANCE, FREE, REGISTRY, Book, Claimed
from lika.simulation.household_state import Home
from lika.simulation.plan import Plan
from lika.simulation.randomness import SeededRandom
from lika.simulation.regulations import Law
from services.registry.households.claims import DEATH, MEMBERSHIP

LIKA = "lika"
"""Who enters what nobody typed."""
TIMER = "timer"
"""Who enters what the calendar brings about."""


class World:
    """``recorded_on``: the last day of the month being told, on which its facts are entered. ``exits`` and ``stock``:
    households and persons as the register has them, by township code (and year)."""

    def __init__(self, plan: Plan, law: Law) -> None:
        self.plan, self.law, self.digest = plan, law, plan.digest
        self.rng, self.book, self.province = SeededRandom(plan.seed), Book(), Province(plan.households)
        self.recorded_on, self.month = date(plan.first, 1, 31), plan.first * 12
        self.formed: list[Home] = []
        self.readings: Counter[str] = Counter()
        self.workbooks: dict[Place, list[int]] = {}
        self.exits: defaultdict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
        self.stock: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._helpers: dict[tuple[str, int], str] = {}
        self._papers: dict[tuple[str, str], Evidence] = {}

    def register(self, home: Home, facts: tuple[Fact, ...], claims: tuple[Claimed, ...] = ()) -> str:
        """Put facts into the household's stream; the id of the first."""
        before = home.version
        home.version = before + len(facts)
        self.book.put(REGISTRY, home.stream, before, facts, claims)
        return home.fact_id(before + 1)

    def assist(self, home: Home, facts: tuple[Fact, ...]) -> str:
        """Put facts into the household's pairing stream; the id of the first."""
        before, stream = home.pairing_version, f"pairing-{home.id}"
        home.pairing_version = before + len(facts)
        self.book.put(ASSISTANCE, stream, before, facts)
        return f"{ASSISTANCE}/{stream}/{before + 1}"

    def helper(self, village: Place, number: int) -> str:
        """A helper's account: one text for all the households they help."""
        if (village.code, number) not in self._helpers:
            self._helpers[village.code, number] = f"helper-{village.code}-{number:02}"
        return self._helpers[village.code, number]

    def paper(self, kind: str, name: str) -> Evidence:
        """The same paper for everybody whom it names."""
        if (kind, name) not in self._papers:
            self._papers[kind, name] = paper(kind, name)
        return self._papers[kind, name]

    def turn(self, month: int, recorded_on: date) -> None:
        """A new month begins."""
        self.month, self.recorded_on = month, recorded_on
        self._papers.clear()
        self.workbooks = {}

    def counted(self, home: Home, sign: int) -> None:
        """The household enters (1) or leaves (-1) the stock of its township."""
        stock = self.stock[home.place.township]
        stock[0] += sign
        stock[1] += sign * len(home.members)

    def counted_persons(self, home: Home, day: date, sign: int) -> None:
        """One person more or less since that day. What is learned late of a household that has exited meanwhile
        changes how many persons exited with it."""
        if home.in_stock:
            self.stock[home.place.township][1] += sign
        elif home.status is PovertyStatus.EXITED and day < home.since:
            self.exits[home.place.township, home.since.year][1] += sign


def lives(home: Home, person: UUID) -> Claimed:
    return Claimed(MEMBERSHIP, person, home.id)


def leaves(person: UUID) -> Claimed:
    return Claimed(MEMBERSHIP, person, FREE)


def dies(home: Home, person: UUID) -> Claimed:
    return Claimed(DEATH, person, home.id)


def about(home: Home, day: date, by: str, **more: Any) -> dict[str, Any]:
    """What every fact of a household says."""
    return {"household_id": home.id, "effective_on": day, "entered_by": by, **more}
