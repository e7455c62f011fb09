"""Risks without a measure. Pure. What a household is monitored for is the register's to say, which causes a measure is against its
kind's document, and which causes answer a risk the document of these rules."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby, pairwise
from uuid import UUID, uuid5

import msgspec

from contracts.assistance.measures import MeasuresFact, PlanCause
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.divisions import HouseholdTransferred
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated
from contracts.registry.households import HouseholdFormed, HouseholdMoved, HouseholdRecorded, HouseholdSplit
from contracts.registry.monitoring import MonitoringStarted, MonitoringStatus
from contracts.selection import timeline
from services.assistance.measures.state import measures_of
from services.casework.findings.domain import NAMESPACE, CheckRule, Choices, Ground, Period, choices_in
from services.casework.findings.projection import UNTIL_CHANGED
from services.casework.people.domain import MONITORING_AFTER, evolve
from services.casework.people.state import RegisterState

KEY = "household_risks"
"""Of the documents of these rules."""
BETWEEN = ","
REGISTER_FACTS: tuple[type[Fact], ...] = (
    HouseholdRecorded, HouseholdFormed, HouseholdSplit, HouseholdMoved, HouseholdTransferred, HouseholdCancelled,
    HouseholdReinstated, *MONITORING_AFTER,
)  # fmt: skip
"""What of the register says where a household is and what it is monitored for."""


class RiskCheck(StrEnum):
    RISK_WITHOUT_MEASURE = "risk_without_measure"


class CheckedRisks(msgspec.Struct, frozen=True, array_like=True):
    """Of a household that is monitored. ``against``: the causes that its measures are against, those under way and those done."""

    division: str
    risks: tuple[str, ...]
    against: tuple[str, ...]


def risk_id(risk: str) -> UUID:
    """By which a finding tells a risk from the household's others."""
    return uuid5(NAMESPACE, f"risk {risk}")


def reads(fact: Fact) -> bool:
    """Whether a fact that annuls nothing can change what is checked. Who was just recorded is monitored later."""
    return isinstance(fact, (MeasuresFact, *REGISTER_FACTS)) and not isinstance(fact, HouseholdRecorded)


def periods_of(household: UUID, facts: Sequence[Recorded]) -> list[Period[CheckedRisks]]:
    """``facts``: the register's about it and its ancestors, and those about its measures."""
    if not any(isinstance(r.fact, MonitoringStarted) for r in facts):
        return []
    read = [r for r in facts if r.fact.annuls or isinstance(r.fact, (MeasuresFact, *REGISTER_FACTS))]
    read.sort(key=lambda r: (r.recorded_at, r.log, r.position))
    instants = [*dict.fromkeys(r.recorded_at for r in read), UNTIL_CHANGED]
    found = list[Period[CheckedRisks]]()
    for known_from, known_to in pairwise(instants):
        known = [r for r in read if r.recorded_at <= known_from]
        for first, end, value in _over_days(household, known):
            if value is not None:
                found.append(Period(value, first, end, known_from, known_to))
    return found


def now_of(household: UUID, facts: Sequence[Recorded]) -> CheckedRisks | None:
    """With which risks and measures the household is left after all of these facts."""
    last = None
    for _, _, value in _over_days(household, facts):
        last = value
    return last


def timeline_of(
    household: UUID, facts: Sequence[Recorded], as_of: date, known_at: datetime | None
) -> Sequence[Recorded]:
    """Of the register: a finding rests on what the household is monitored for."""
    return timeline(_parted(household, facts)[0], of=household, as_of=as_of, known_at=known_at)


def _parted(household: UUID, facts: Sequence[Recorded]) -> tuple[list[Recorded], list[Recorded]]:
    """The register's facts, and those about the household's own measures: who splits off takes along none."""
    register = [r for r in facts if not isinstance(r.fact, MeasuresFact)]
    return register, [r for r in facts if isinstance(r.fact, MeasuresFact) and r.fact.household_id == household]


def _over_days(household: UUID, facts: Sequence[Recorded]) -> Iterator[tuple[date, date, CheckedRisks | None]]:
    """From when to when (exclusive) which risks stand beside which measures."""
    of_register, of_measures = _parted(household, facts)
    monitored = dict(_monitored(household, of_register))
    told = timeline(of_measures)
    turns = sorted({*monitored, *(r.fact.effective_on for r in told if not r.fact.annuls)})
    here: tuple[str, tuple[str, ...]] | None = None
    for first, end in pairwise((*turns, date.max)):
        here = monitored.get(first, here)
        against = _against([r for r in told if r.fact.effective_on <= first])
        yield first, end, None if here is None else CheckedRisks(*here, against)


def _monitored(household: UUID, facts: Sequence[Recorded]) -> Iterator[tuple[date, tuple[str, tuple[str, ...]] | None]]:
    """Day → where it is and at which risks, from that day on; ``None`` while it is not monitored."""
    state = RegisterState()
    for day, of_day in groupby(timeline(facts, of=household), key=lambda r: r.fact.effective_on):
        for recorded in of_day:
            state = evolve(state, recorded.fact)
        found = state.households.get(household)
        monitored = found is not None and found.monitoring is MonitoringStatus.MONITORED
        yield day, (found.division, found.monitoring_risks) if found is not None and monitored else None


def _against(told: Sequence[Recorded]) -> tuple[str, ...]:
    standing = (m for m in measures_of(told).measures.values() if m.withdrawn_on is None)
    return tuple(sorted({cause.value for measure in standing for cause in measure.begun.terms.answers}))


def _without_measure(household: CheckedRisks, _: date, choices: Choices) -> Iterator[Ground]:
    """Of a risk that the document does not name, nothing is asked."""
    for risk in household.risks:
        answers = choices.get(risk, ())
        if answers and not {*answers} & {*household.against}:
            yield Ground((risk_id(risk),), {"risk": risk, "causes": BETWEEN.join(answers)})


def _takes_in(about: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, MonitoringStarted) and any(risk_id(risk) in about for risk in fact.risks)


RULES: Mapping[str, CheckRule[CheckedRisks]] = {
    RiskCheck.RISK_WITHOUT_MEASURE: CheckRule(
        RiskCheck.RISK_WITHOUT_MEASURE, _without_measure, _takes_in, asked_by=choices_in,
        among=frozenset(cause.value for cause in PlanCause),
    )
}  # fmt: skip


def households_of(facts: Sequence[Recorded]) -> list[UUID]:
    """Whom these facts are about, each once."""
    return list(dict.fromkeys(r.fact.household_id for r in facts if isinstance(r.fact, HouseholdFact)))
