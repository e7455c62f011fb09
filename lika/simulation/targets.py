"""One target of a township under way, and the facts that a target's commands leave."""

from datetime import date
from decimal import Decimal
from heapq import heappush
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from contracts.facts import Fact
from contracts.monitoring import targets as facts
from contracts.quantities import Quantity, Unit
from lika.simulation.context import World
from lika.simulation.event_buffer import FREE, MONITORING, Claimed
from lika.simulation.household_state import Process
from lika.simulation.ids import target_id
from lika.simulation.places import Place
from services.monitoring.targets.domain import item_key, stream_of, work_key
from services.monitoring.targets.state import Target as TargetState
from services.monitoring.targets.store import DONE_WORK_CLAIM, ITEM_CLAIM


class Item(NamedTuple):
    """What stands on a work list, in which unit, from the least to the most of it."""

    content: str
    unit: Unit
    least: int
    most: int


class Office:
    """A township's office: what it has under way, how many targets it has set, and which work is done under which."""

    def __init__(self, place: Place) -> None:
        self.place, self.number = place, place.number
        self.agenda: list[tuple[date, int, Process]] = []
        self.order = self.set = 0
        self.done: dict[str, UUID] = {}

    def start(self, process: Process, day: date) -> None:
        """Let something begin on that day."""
        self.order += 1
        heappush(self.agenda, (day, self.order, process))

    @property
    def planner(self) -> str:
        return f"reviewer-{self.place.code}"

    @property
    def reporter(self) -> str:
        return f"cadre-{self.place.code}"


class Target:
    """One target. ``keys``: what makes its lines the same work as another's."""

    def __init__(self, world: World, office: Office) -> None:
        self.world, self.office = world, office
        office.set += 1
        self.id = target_id(world.digest, office.number, office.set)
        self.stream, self.version = stream_of(self.id), 0
        self.lines: tuple[facts.TargetLine, ...] = ()
        self.keys: tuple[str, ...] = ()
        self.item = ""

    def about(self, day: date, by: str, **more: Any) -> dict[str, Any]:
        return {"target_id": self.id, "effective_on": day, "entered_by": by, **more}

    def put(self, *told: Fact, claims: tuple[Claimed, ...] = ()) -> str:
        """One command's facts; the id of the first."""
        before = self.version
        self.version = before + len(told)
        self.world.book.put(MONITORING, self.stream, before, told, claims)
        return f"{MONITORING}/{self.stream}/{before + 1}"

    def set(self, fact: facts.TargetSet) -> str:
        """The item takes its code, and says where the same work is done already (§5 rule 57)."""
        self.lines, target = fact.lines, TargetState.from_fact(fact)
        self.item = item_key(target)
        if fact.kind is facts.TargetKind.REPORTED:
            self.keys = tuple(work_key(target, line.line) for line in fact.lines)
        done = dict.fromkeys(self.office.done[key] for key in self.keys if key in self.office.done)
        told = msgspec.structs.replace(fact, already_done=tuple(done)) if done else fact
        return self.put(told, claims=(Claimed(ITEM_CLAIM, self.item, self.id),))

    def report(
        self, day: date, line: facts.TargetLine, amount: Decimal, correction: str | None = None,
        annuls: tuple[str, ...] = (),
    ) -> str:  # fmt: skip
        """So much of a line is done in all; a line that is all done stands as done work."""
        fact = facts.ProgressReported(
            **self.about(day, self.office.reporter, annuls=annuls), line=line.line,
            quantity=Quantity(amount=amount, unit=line.quantity.unit), correction=correction,
        )  # fmt: skip
        if amount < line.quantity.amount:
            return self.put(fact)
        key = self.keys[line.line - 1]
        self.office.done[key] = self.id
        return self.put(fact, claims=(Claimed(DONE_WORK_CLAIM, key, self.id),))

    def plan(self, day: date, content: str, due_on: date) -> None:
        common = self.about(day, self.office.planner)
        self.put(facts.MilestonePlanned(**common, milestone=1, content=content, due_on=due_on))

    def reach(self, day: date) -> None:
        papers = (self.world.paper("acceptance", f"{self.office.place.name}{day.year}年{day.month}月验收单"),)
        self.put(facts.MilestoneReached(**self.about(day, self.office.reporter, evidence=papers), milestone=1))

    def strike_off(self, day: date, **rests_on: Any) -> None:
        """By who planned, not by who reported."""
        papers = (self.world.paper("acceptance", f"{self.office.place.name}{day.year}年{day.month}月销号表"),)
        self.put(facts.TargetStruckOff(**self.about(day, self.office.planner, evidence=papers), **rests_on))

    def withdraw(self, day: date) -> None:
        fact = facts.TargetWithdrawn(**self.about(day, self.office.planner), reason="项目资金未到位")
        self.put(fact, claims=(Claimed(ITEM_CLAIM, self.item, FREE),))
