"""What the check rules of risks read of a household, period by period, is what the register and the measures say when they are asked
for each day as known at each instant, whatever is told, taken back and moved in whatever order."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from hypothesis import event, given, settings
from hypothesis import strategies as st

from contracts.assistance import measures as facts
from contracts.facts import Fact, Recorded
from contracts.registry.households import FactsAnnulled, HouseholdMoved, HouseholdRecorded
from contracts.registry.monitoring import EliminationManner, MonitoringStarted, MonitoringStatus, RiskEliminated
from contracts.selection import timeline
from services.assistance.findings.risks.domain import CheckedRisks, periods_of
from services.assistance.measures.state import measures_of
from services.casework.people.domain import household_on
from tests.support.long_run import LONG

DRAWN = settings(max_examples=1000 if LONG else 40, deadline=None)
HOUSEHOLD = UUID("00000000-0000-4000-8000-000000000099")
FIRST, STARTS = date(2016, 3, 1), datetime(2016, 3, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
PLACES = ("990001101201", "990001101202")
OFFSETS = st.integers(0, 12)
CAUSES = st.sampled_from([facts.PlanCause.ILLNESS, facts.PlanCause.UNSAFE_HOUSING])
RISKS = st.sets(st.sampled_from(["illness", "unsafe_housing"]), min_size=1).map(lambda some: tuple(sorted(some)))
KINDS = st.sampled_from(["monitored", "eliminated", "moved", "begun", "begun", "withdrawn", "void", "void"])
COMMON: dict[str, Any] = {"household_id": HOUSEHOLD, "entered_by": "cadre"}


def _recorded(told: list[Recorded], fact: Fact) -> Recorded:
    number, measures = len(told) + 1, isinstance(fact, facts.MeasuresFact)
    log, stream = ("assistance", "measures") if measures else ("registry", "household")
    at = STARTS + timedelta(minutes=number)
    return Recorded(log, number, stream, number, at, uuid5(HOUSEHOLD, str(number)), "cadre", fact, b"")


@st.composite
def stories(draw: st.DrawFn) -> list[Recorded]:
    told = [_recorded([], HouseholdRecorded(**COMMON, effective_on=FIRST, division=PLACES[0], members=()))]
    for number in range(draw(st.integers(2, 12))):
        common = {**COMMON, "effective_on": FIRST + timedelta(draw(OFFSETS))}
        fact = _drawn(draw, draw(KINDS), uuid5(HOUSEHOLD, f"measure {number}"), common, told)
        if fact is not None:
            told.append(_recorded(told, fact))
    return told


def _drawn(draw: st.DrawFn, kind: str, new: UUID, common: dict[str, Any], told: list[Recorded]) -> Fact | None:
    begun = [r.fact.measure_id for r in told if isinstance(r.fact, facts.MeasureBegun)]
    match kind:
        case "monitored":
            return MonitoringStarted(**common, kind="marginal", risks=draw(RISKS))
        case "eliminated":
            return RiskEliminated(**common, manner=EliminationManner.BY_HELP)
        case "moved":
            return HouseholdMoved(**common, from_division=PLACES[0], to_division=draw(st.sampled_from(PLACES)))
        case "begun":
            terms = facts.MeasureTerms(help=facts.Help.SECURITY, answers=(draw(CAUSES),), steps=())
            return facts.MeasureBegun(
                **common, measure_id=new, measure_kind="any", division=PLACES[0], persons=2, terms=terms
            )
        case "withdrawn" if begun:
            return facts.MeasureWithdrawn(**common, measure_id=draw(st.sampled_from(begun)), reason="外出")
        case "void" if len(told) > 1:
            one = draw(st.sampled_from(told[1:]))
            void = {**common, "effective_on": one.fact.effective_on, "annuls": (one.id,)}
            ours = isinstance(one.fact, facts.MeasuresFact)
            return facts.MeasureFactsAnnulled(**void, reason="误录入") if ours else FactsAnnulled(**void)
    return None


def asked(told: list[Recorded], day: date, known_at: datetime) -> CheckedRisks | None:
    """Of one day and instant alone."""
    register = [r for r in told if not isinstance(r.fact, facts.MeasuresFact)]
    found = household_on(register, HOUSEHOLD, as_of=day, known_at=known_at)
    if found is None or found.monitoring is not MonitoringStatus.MONITORED:
        return None
    line = timeline([r for r in told if isinstance(r.fact, facts.MeasuresFact)], as_of=day, known_at=known_at)
    standing = [m.begun.terms.answers for m in measures_of(line).measures.values() if m.withdrawn_on is None]
    return CheckedRisks(found.division, found.monitoring_risks, tuple(sorted({c for of in standing for c in of})))


@DRAWN
@given(stories())
def test_every_day_as_known_at_every_instant(told: list[Recorded]) -> None:
    periods = periods_of(HOUSEHOLD, told)
    event(f"periods {min(len(periods), 10)}")
    for instant in (r.recorded_at + TICK for r in told):
        for day in (FIRST + timedelta(n) for n in range(-1, 15)):
            holding = [
                p.value for p in periods if p.valid_from <= day < p.valid_to and p.known_from < instant <= p.known_to
            ]
            expected = asked(told, day, instant)
            assert holding == ([] if expected is None else [expected]), (day, instant)
