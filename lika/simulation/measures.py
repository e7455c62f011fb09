"""What a followed family is given besides money: its plan and its measures, each entry as ``services.assistance.measures`` decides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts.assistance import measures as facts
from contracts.assistance.measures import MeasuresFact, PlanCause
from contracts.facts import Decision, Evidence
from contracts.quantities import Quantity
from contracts.selection import timeline
from lika.simulation.context import SimulationContext
from lika.simulation.divisions import Division
from lika.simulation.documents import decision, on_paper
from lika.simulation.event_buffer import ASSISTANCE
from lika.simulation.families import Family
from lika.simulation.ids import deterministic_id
from lika.simulation.schedule import Schedule
from lika.simulation.unit import Memory, SimulatedUnit
from services.assistance.measures import domain
from services.assistance.measures.kinds import MeasureKind, kind_in_force
from services.assistance.measures.state import Measure, Measures, contradictions, measures_of
from services.assistance.measures.store import HouseholdOnDay, household_on_day
from services.casework.contradictions import append_fitting
from services.chassis.ground.refusals import Refused

MEASURE_ENTITIES = 7 << 40
"""Added to a township's index where the random numbers of its measures are seeded."""


@dataclass(eq=False)
class MeasureDesk:
    """``measures``: so far; ``plans``: of each family, the year of its last plan; ``moves``: ids of moves that were taken up."""

    township: Division
    memory: Memory
    schedule: Schedule = field(default_factory=Schedule)
    measures: int = 0
    plans: dict[UUID, int] = field(default_factory=dict)
    moves: set[str] = field(default_factory=set)

    @property
    def entity(self) -> int:
        return MEASURE_ENTITIES + self.township.index


class FamilyMeasures:
    """Of the first household of a family."""

    def __init__(self, context: SimulationContext, desk: MeasureDesk, family: Family) -> None:
        self._context, self._desk, self._family = context, desk, family
        self._household, self._stream = family.root.id, domain.stream_of(family.root.id)

    @property
    def state(self) -> Measures:
        return measures_of(timeline(self._desk.memory.known(self._stream)))

    def draw_plan(
        self, day: date, causes: Sequence[PlanCause], kinds: Sequence[str], through: date, label: str
    ) -> bool:
        def drawn(on: HouseholdOnDay, common: dict[str, Any]) -> MeasuresFact:
            planned = tuple(domain.planned(key, self._kind(key, day, on.division)) for key in kinds)
            plan = facts.PovertyPlanDrawn(
                **common, division=on.division, causes=tuple(dict.fromkeys(causes)), planned=planned, through=through,
                label=label,
            )  # fmt: skip
            domain.require_plan(plan)
            return plan

        return self._enter(day, drawn)

    def begin(self, day: date, key: str, grade: str | None = None, partner: str | None = None) -> UUID | None:
        """``None`` where the household is not what the kind is for on that day."""
        self._desk.measures += 1
        id_ = deterministic_id(self._context.digest, "measure", self._desk.township.index, self._desk.measures)

        def begun(on: HouseholdOnDay, common: dict[str, Any]) -> MeasuresFact:
            kind = domain.require_kind(self._kind(key, day, on.division), key)
            domain.require_eligible(kind, on.candidate)
            domain.require_grade(kind, grade)
            return facts.MeasureBegun(
                **common, measure_id=id_, measure_kind=key, division=on.division, persons=on.persons, grade=grade,
                partner=partner, terms=kind.terms,
            )  # fmt: skip

        return id_ if self._enter(day, begun) else None

    def take_step(self, day: date, measure_id: UUID) -> bool:
        """The next one, with its papers."""
        measure = self.state.measures[measure_id]
        terms = next((each for each in measure.begun.terms.steps if each.step == measure.open_step), None)
        if terms is None:
            return False
        papers = tuple(map(on_paper, terms.evidence))
        made = decision(self._family.root.division, day, "帮扶") if terms.decided else None

        def taken(_: HouseholdOnDay, common: dict[str, Any]) -> MeasuresFact:
            step = facts.MeasureStepTaken(**common, measure_id=measure_id, step=terms.step)
            domain.require_papers(measure, step)
            return step

        return self._enter(day, taken, papers, made)

    def deliver(self, day: date, measure_id: UUID, item: str, amount: Decimal) -> bool:
        measure: Measure = self.state.measures[measure_id]
        quantity = Quantity(amount=amount, unit=measure.begun.terms.delivered_in[0])

        def delivered(_: HouseholdOnDay, common: dict[str, Any]) -> MeasuresFact:
            fact = facts.MeasureDelivered(**common, measure_id=measure_id, item=item, quantity=quantity)
            domain.require_deliverable(measure, fact)
            return fact

        return self._enter(day, delivered)

    def withdraw(self, day: date, measure_id: UUID, reason: str) -> bool:
        def withdrawn(_: HouseholdOnDay, common: dict[str, Any]) -> MeasuresFact:
            return facts.MeasureWithdrawn(**common, measure_id=measure_id, reason=reason)

        return self._enter(day, withdrawn)

    def _enter(
        self, day: date, decide: Callable[[HouseholdOnDay, dict[str, Any]], MeasuresFact],
        evidence: tuple[Evidence, ...] = (), made: Decision | None = None,
    ) -> bool:  # fmt: skip
        """Returns whether it could be entered."""
        unit = SimulatedUnit(self._desk.memory)
        common = {
            "household_id": self._household, "effective_on": day, "entered_by": self._family.root.cadre,
            "evidence": evidence, "decision": made,
        }  # fmt: skip
        try:
            on = household_on_day(self._family.about_household(self._household), self._household, day)
            append_fitting(unit.tx, self._stream, [decide(on, common)], contradictions)
        except Refused:
            return False
        unit.finish()
        return True

    def _kind(self, key: str, day: date, division: str) -> MeasureKind | None:
        return kind_in_force(self._context.regulations.looked_up_by(ASSISTANCE), key, day, division)
