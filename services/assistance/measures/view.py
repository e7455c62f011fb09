"""The tables ``measure_entries`` and ``household_plans``."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.assistance import measures as facts
from contracts.assistance.measures import MeasureBegun, MeasureFact, MeasuresFact
from contracts.facts import PUBLISHED, Recorded
from contracts.selection import timeline
from services.assistance.measures.state import contradictions, measures_of
from services.casework.contradictions import counted_versions
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

ENTRIES = Table(
    "measure_entries", "household_id",
    ("household_id", "measure_id", "measure_kind", "help", "division", "persons", "grade", "entry", "step", "last_step", "on_day",
     "amount", "unit", "known_from", "known_until"),
)  # fmt: skip
PLANS = Table(
    "household_plans",
    "household_id",
    ("household_id", "division", "drawn_on", "through", "label", "causes", "unplanned", "not_begun"),
)
Entry = tuple[str, str | None, bool, date, Any, str | None]


def view() -> View[UUID]:
    types = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, MeasuresFact))
    return view_of_streams("measures", (ENTRIES, PLANS), types, "measures-", UUID, _rows)


def _rows(household_id: UUID, told: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    begun = {r.fact.measure_id: r.fact for r in told if isinstance(r.fact, MeasureBegun)}
    rows: list[Row] = []
    for version in counted_versions(told, contradictions):
        fact = version.recorded.fact
        if not isinstance(fact, MeasureFact) or (of := begun.get(fact.measure_id)) is None:
            continue
        measure = (household_id, of.measure_id, of.measure_kind, of.terms.help.value, of.division, of.persons, of.grade)
        rows += [(*measure, *entry, version.known_from, version.known_until) for entry in _entries(fact, of)]
    return rows, _plan(household_id, told)


def _entries(fact: MeasureFact, begun: MeasureBegun) -> Iterator[Entry]:
    on = fact.effective_on
    match fact:
        case MeasureBegun():
            yield "begun", None, not begun.terms.steps, on, None, None
        case facts.MeasureStepTaken(step=step):
            yield "step", step, step == begun.terms.steps[-1].step, on, None, None
        case facts.MeasureDelivered(quantity=quantity):
            yield "delivered", None, False, on, quantity.amount, quantity.unit.value
        case facts.MeasureWithdrawn():
            yield "withdrawn", None, False, on, None, None


def _plan(household_id: UUID, told: Sequence[Recorded]) -> list[Row]:
    now = measures_of(timeline(told))
    plan = now.plan
    if plan is None:
        return []
    causes, unplanned, not_begun = (
        [cause.value for cause in some] for some in (plan.causes, now.unplanned, now.not_begun)
    )
    return [(household_id, plan.division, plan.effective_on, plan.through, plan.label, causes, unplanned, not_begun)]
