"""A target of a township, and the facts that its commands append."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from contracts.facts import Fact
from contracts.monitoring import targets as facts
from contracts.quantities import Quantity
from lika.simulation.context import SimulationContext
from lika.simulation.divisions import Division
from lika.simulation.documents import on_paper
from lika.simulation.event_buffer import MONITORING, NO_HOLDER, ClaimChange
from lika.simulation.ids import target_id
from lika.simulation.schedule import Schedule
from services.monitoring.targets.domain import item_key, stream_of, work_key
from services.monitoring.targets.state import Target as TargetState
from services.monitoring.targets.store import ITEM_CLAIM
from services.monitoring.works import DONE_WORK_CLAIM

TARGET_ENTITIES = 1 << 40
"""Added to a township's index where its random numbers are seeded: beyond the index of every household."""


class TownshipOffice:
    """``targets``: how many it has set; ``completed_work``: work key → the target under which it was completed."""

    def __init__(self, division: Division) -> None:
        self.division, self.index = division, division.index
        self.entity = TARGET_ENTITIES + division.index
        self.schedule = Schedule()
        self.targets = 0
        self.completed_work: dict[str, UUID] = {}

    @property
    def planner(self) -> str:
        return f"reviewer-{self.division.code}"

    @property
    def reporter(self) -> str:
        return f"cadre-{self.division.code}"


class Target:
    """``work_keys``: of each line, what makes it the same work as another target's line."""

    def __init__(self, context: SimulationContext, office: TownshipOffice) -> None:
        self.context, self.office = context, office
        office.targets += 1
        self.id = target_id(context.digest, office.index, office.targets)
        self.stream, self.version = stream_of(self.id), 0
        self.lines: tuple[facts.TargetLine, ...] = ()
        self.work_keys: tuple[str, ...] = ()
        self.item = ""

    def common_fields(self, day: date, by: str, **more: Any) -> dict[str, Any]:
        return {"target_id": self.id, "effective_on": day, "entered_by": by, **more}

    def append(self, *new: Fact, claims: tuple[ClaimChange, ...] = ()) -> str:
        """Append one command's facts. Returns the id of the first."""
        expected_version = self.version
        self.version = expected_version + len(new)
        self.context.events.append(MONITORING, self.stream, expected_version, new, claims)
        return f"{MONITORING}/{self.stream}/{expected_version + 1}"

    def set(self, fact: facts.TargetSet) -> str:
        """Claim the item, and name the targets under which the same work was completed (§5 rule 57)."""
        self.lines, target = fact.lines, TargetState.from_fact(fact)
        self.item = item_key(target)
        if fact.kind is facts.TargetKind.REPORTED:
            self.work_keys = tuple(work_key(target, line.line) for line in fact.lines)
        completed = self.office.completed_work
        already_done = tuple(dict.fromkeys(completed[key] for key in self.work_keys if key in completed))
        if already_done:
            fact = msgspec.structs.replace(fact, already_done=already_done)
        return self.append(fact, claims=(ClaimChange(ITEM_CLAIM, self.item, self.id),))

    def report(
        self, day: date, line: facts.TargetLine, amount: Decimal, correction: str | None = None,
        annuls: tuple[str, ...] = (),
    ) -> str:  # fmt: skip
        """Report the amount of a line that is done in all; a complete line claims its work."""
        fact = facts.ProgressReported(
            **self.common_fields(day, self.office.reporter, annuls=annuls), line=line.line,
            quantity=Quantity(amount=amount, unit=line.quantity.unit), correction=correction,
        )  # fmt: skip
        if amount < line.quantity.amount:
            return self.append(fact)
        key = self.work_keys[line.line - 1]
        self.office.completed_work[key] = self.id
        return self.append(fact, claims=(ClaimChange(DONE_WORK_CLAIM, key, self.id),))

    def plan_milestone(self, day: date, content: str, due_on: date) -> None:
        common = self.common_fields(day, self.office.planner)
        self.append(facts.MilestonePlanned(**common, milestone=1, content=content, due_on=due_on))

    def reach_milestone(self, day: date) -> None:
        common = self._accepted(day, self.office.reporter)
        self.append(facts.MilestoneReached(**common, milestone=1))

    def strike_off(self, day: date, **more: Any) -> None:
        """By the planner, not by the reporter."""
        common = self._accepted(day, self.office.planner)
        self.append(facts.TargetStruckOff(**common, **more))

    def withdraw(self, day: date) -> None:
        fact = facts.TargetWithdrawn(**self.common_fields(day, self.office.planner), reason="项目资金未到位")
        self.append(fact, claims=(ClaimChange(ITEM_CLAIM, self.item, NO_HOLDER),))

    def _accepted(self, day: date, by: str) -> dict[str, Any]:
        """Common fields with an acceptance document."""
        return self.common_fields(day, by, evidence=(on_paper("acceptance"),))
