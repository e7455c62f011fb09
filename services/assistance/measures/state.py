"""What a household's measures come to, told from its timeline, and which facts contradict others. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from contracts.assistance import measures as facts
from contracts.assistance.measures import MeasureBegun, MeasureDelivered, PlanCause, PovertyPlanDrawn
from contracts.facts import Fact, Recorded
from services.assistance.measures import rules
from services.chassis.ground.refusals import Refused


@dataclass(slots=True)
class Measure:
    """``taken``: step → its day."""

    begun: MeasureBegun
    taken: dict[str, date] = field(default_factory=dict)
    delivered: list[MeasureDelivered] = field(default_factory=list)
    withdrawn_on: date | None = None

    @property
    def open_step(self) -> str | None:
        """The next step; ``None`` where all are taken."""
        return next((each.step for each in self.begun.terms.steps if each.step not in self.taken), None)


@dataclass(slots=True)
class Measures:
    """``contradictions``: by id of the fact."""

    plan: PovertyPlanDrawn | None = None
    measures: dict[UUID, Measure] = field(default_factory=dict)
    contradictions: dict[str, Refused] = field(default_factory=dict)

    def running(self, measure_id: UUID) -> Measure:
        """Raises ``Refused``."""
        measure = self.measures.get(measure_id)
        if measure is None:
            raise Refused(rules.NOT_BEGUN)
        if measure.withdrawn_on is not None:
            raise Refused(rules.WITHDRAWN, since=measure.withdrawn_on)
        return measure

    @property
    def unplanned(self) -> tuple[PlanCause, ...]:
        """Causes that neither a planned measure nor one that was begun is against."""
        planned = () if self.plan is None else self.plan.planned
        answered = {cause for each in planned for cause in each.against} | self._begun_against
        return tuple(cause for cause in self._causes if cause not in answered)

    @property
    def not_begun(self) -> tuple[PlanCause, ...]:
        """Causes that a measure is planned against, and none was begun."""
        return tuple(c for c in self._causes if c not in self._begun_against and c not in self.unplanned)

    @property
    def _causes(self) -> tuple[PlanCause, ...]:
        return () if self.plan is None else self.plan.causes

    @property
    def _begun_against(self) -> set[PlanCause]:
        return {c for m in self.measures.values() if m.withdrawn_on is None for c in m.begun.terms.answers}


def measures_of(timeline: Sequence[Recorded]) -> Measures:
    told = Measures()
    for recorded in timeline:
        tell = TELLS.get(type(recorded.fact))
        if tell is not None:
            try:
                tell(told, recorded.fact)
            except Refused as why:
                told.contradictions[recorded.id] = why
    return told


def contradictions(timeline: Sequence[Recorded]) -> Mapping[str, Refused]:
    """A ``Telling``."""
    return measures_of(timeline).contradictions


def _drawn(told: Measures, fact: PovertyPlanDrawn) -> None:
    told.plan = fact


def _begun(told: Measures, fact: MeasureBegun) -> None:
    told.measures[fact.measure_id] = Measure(fact)


def _step_taken(told: Measures, fact: facts.MeasureStepTaken) -> None:
    measure = told.running(fact.measure_id)
    steps = [each.step for each in measure.begun.terms.steps]
    if fact.step not in steps:
        raise Refused(rules.STEP_UNKNOWN, steps=steps)
    if fact.step in measure.taken:
        raise Refused(rules.STEP_TAKEN, on=measure.taken[fact.step])
    if measure.open_step != fact.step:
        raise Refused(rules.STEP_BEFORE, step=measure.open_step)
    measure.taken[fact.step] = fact.effective_on


def _delivered(told: Measures, fact: MeasureDelivered) -> None:
    measure = told.running(fact.measure_id)
    if measure.open_step is not None:
        raise Refused(rules.STEPS_OPEN, step=measure.open_step)
    measure.delivered.append(fact)


def _withdrawn(told: Measures, fact: facts.MeasureWithdrawn) -> None:
    told.running(fact.measure_id).withdrawn_on = fact.effective_on


TELLS: Mapping[type[Fact], Callable[[Measures, Any], None]] = {
    PovertyPlanDrawn: _drawn,
    MeasureBegun: _begun,
    facts.MeasureStepTaken: _step_taken,
    MeasureDelivered: _delivered,
    facts.MeasureWithdrawn: _withdrawn,
}
