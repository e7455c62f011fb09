"""Answers about measures. Households and persons are always two figures."""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from contracts.assistance.measures import Help, PlanCause
from contracts.facts import Recorded
from contracts.quantities import Unit
from services.assistance.measures.state import Measure, measures_of
from services.casework.fact_forms import PlainDecimal
from services.casework.standing_facts import StandingFactAnswer


class MeasureStepAnswer(BaseModel):
    """``on``: ``None`` while it is not taken."""

    step: str
    on: date | None


class MeasureDeliveryAnswer(BaseModel):
    on: date
    item: str
    amount: PlainDecimal
    unit: Unit
    price: PlainDecimal | None
    compared_price: PlainDecimal | None


class MeasureAnswer(BaseModel):
    measure_id: UUID
    measure_kind: str
    help: Help
    grade: str | None
    partner: str | None
    begun_on: date
    withdrawn_on: date | None
    steps: list[MeasureStepAnswer]
    deliveries: list[MeasureDeliveryAnswer]

    @classmethod
    def of(cls, measure: Measure) -> Self:
        begun = measure.begun
        return cls(
            measure_id=begun.measure_id, measure_kind=begun.measure_kind, help=begun.terms.help, grade=begun.grade,
            partner=begun.partner, begun_on=begun.effective_on, withdrawn_on=measure.withdrawn_on,
            steps=[MeasureStepAnswer(step=s.step, on=measure.taken.get(s.step)) for s in begun.terms.steps],
            deliveries=[
                MeasureDeliveryAnswer(
                    on=d.effective_on, item=d.item, amount=d.quantity.amount, unit=d.quantity.unit, price=d.price,
                    compared_price=d.compared_price,
                )
                for d in measure.delivered
            ],
        )  # fmt: skip


class HouseholdPlanAnswer(BaseModel):
    """``unplanned``: causes that no measure is against; ``not_begun``: those that one is planned against, and none was begun."""

    drawn_on: date
    through: date
    label: str | None
    village_set: str | None
    class_set: str | None
    causes: list[PlanCause]
    planned: list[str]
    unplanned: list[PlanCause]
    not_begun: list[PlanCause]


class MeasureContradictionAnswer(BaseModel):
    """An entry that counts for nothing, and why."""

    fact: str
    because: str


class HouseholdMeasuresAnswer(BaseModel):
    """A household's plan and measures on a day, as known on another."""

    household_id: UUID
    plan: HouseholdPlanAnswer | None
    measures: list[MeasureAnswer]
    contradictions: list[MeasureContradictionAnswer]
    history: list[StandingFactAnswer]

    @classmethod
    def of(cls, household_id: UUID, facts: Sequence[Recorded]) -> Self:
        """``facts``: the household's timeline."""
        told = measures_of(facts)
        plan = told.plan
        return cls(
            household_id=household_id,
            plan=None if plan is None else HouseholdPlanAnswer(
                drawn_on=plan.effective_on, through=plan.through, label=plan.label, village_set=plan.village_set,
                class_set=plan.class_set, causes=list(plan.causes), planned=[p.measure_kind for p in plan.planned],
                unplanned=list(told.unplanned), not_begun=list(told.not_begun),
            ),
            measures=[MeasureAnswer.of(m) for m in told.measures.values()],
            contradictions=[
                MeasureContradictionAnswer(fact=fact, because=why.rule.code)
                for fact, why in told.contradictions.items()
            ],
            history=StandingFactAnswer.of_all(facts),
        )  # fmt: skip


class ListedPlanAnswer(BaseModel):
    """As known now. ``unplanned`` and ``not_begun``: as of the plan."""

    household_id: UUID
    division: str
    drawn_on: date
    through: date
    label: str | None
    causes: list[PlanCause]
    unplanned: list[PlanCause]
    not_begun: list[PlanCause]


class MeasureTotalAnswer(BaseModel):
    """Of one kind, grade and unit in an area. ``completed_…``: where the last step was taken; ``amount``: of what was delivered."""

    measure_kind: str
    help: Help
    grade: str | None
    households: int
    persons: int
    completed_households: int
    completed_persons: int
    withdrawn: int


class MeasureDeliveredTotalAnswer(BaseModel):
    """What was delivered, by kind and unit: units are never added up."""

    measure_kind: str
    unit: Unit
    households: int
    deliveries: int
    amount: PlainDecimal
