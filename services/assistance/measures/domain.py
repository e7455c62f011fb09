"""Decisions about measures that ask for more than the household's own: the kind, the papers, the terms of a purchase. Pure."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from uuid import UUID

from contracts.assistance.measures import MeasureDelivered, MeasureStepTaken, PlannedMeasure, PovertyPlanDrawn
from contracts.facts import Recorded
from contracts.selection import surviving
from services.assistance.measures import rules
from services.assistance.measures.kinds import MeasureKind
from services.assistance.measures.state import Measure
from services.assistance.programmes.predicates import Candidate, reasons_against
from services.chassis.ground.refusals import Refused


def stream_of(household_id: UUID) -> str:
    return f"measures-{household_id}"


def require_kind(kind: MeasureKind | None, key: str) -> MeasureKind:
    """Raises ``Refused``."""
    if kind is None:
        raise Refused(rules.KIND_NOT_IN_FORCE, measure_kind=key)
    return kind


def require_eligible(kind: MeasureKind, household: Candidate) -> None:
    """As of the day on which the measure begins. Raises ``Refused``."""
    if against := reasons_against(kind.eligibility, household):
        raise Refused(rules.NOT_ELIGIBLE, reasons=[str(reason) for reason in against])


def planned(key: str, kind: MeasureKind | None) -> PlannedMeasure:
    """A measure of the plan, with the causes that its kind answers. Raises ``Refused``."""
    return PlannedMeasure(measure_kind=key, against=require_kind(kind, key).answers)


def require_plan(plan: PovertyPlanDrawn) -> None:
    """Raises ``Refused``."""
    if plan.through < plan.effective_on:
        raise Refused(rules.PLAN_ENDS_BEFORE_IT_BEGINS)


def require_grade(kind: MeasureKind, grade: str | None) -> None:
    """Raises ``Refused``."""
    if not kind.grades and grade is not None:
        raise Refused(rules.GRADE_NOT_TAKEN)
    if kind.grades and grade not in kind.grades:
        raise Refused(rules.GRADE_MISSING, grades=list(kind.grades))


def require_papers(measure: Measure, step: MeasureStepTaken) -> None:
    """What the step must cite, and who decided it. Raises ``Refused``."""
    terms = next((each for each in measure.begun.terms.steps if each.step == step.step), None)
    if terms is None:
        return
    if missing := set(terms.evidence) - {evidence.kind for evidence in step.evidence}:
        raise Refused(rules.EVIDENCE_MISSING, evidence=sorted(missing))
    if terms.decided and step.decision is None:
        raise Refused(rules.DECISION_MISSING)


def require_deliverable(measure: Measure, fact: MeasureDelivered) -> None:
    """Raises ``Refused``."""
    terms = measure.begun.terms
    if not terms.delivered_in:
        raise Refused(rules.NOTHING_DELIVERED)
    if fact.quantity.unit not in terms.delivered_in:
        raise Refused(rules.UNIT_DOES_NOT_FIT, units=list(terms.delivered_in))
    if terms.equal_terms:
        require_equal_terms(fact.price, fact.compared_price)


def require_equal_terms(price: Decimal | None, compared: Decimal | None) -> None:
    """Preferred is who offers the same, not who offers less. Raises ``Refused``."""
    if price is None or compared is None:
        raise Refused(rules.PRICES_MISSING)
    if price > compared:
        raise Refused(rules.NOT_ON_EQUAL_TERMS, price=str(price), compared_price=str(compared))


def require_entries(of_household: Sequence[Recorded], named: Collection[str]) -> None:
    """Those that stand. Raises ``Refused``."""
    standing = {r.id for r in surviving(of_household)}
    if not standing.issuperset(named):
        raise Refused(rules.NOT_ITS_ENTRY, facts=sorted(set(named) - standing))
