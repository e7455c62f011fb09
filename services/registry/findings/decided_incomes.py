"""Whether the income on which a decision rested is another by now. Pure.

What a decision rested on is the income per head of the latest period on record on its day, **as known when it was recorded**: that never
changes again, whatever is told later. Beside it stands what the register says now of the same period and day: of the income itself,
and of who lived in common then.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec

from contracts.facts import Fact, Recorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded, HouseholdSplit
from contracts.registry.monitoring import EliminationWithdrawn, MonitoringStarted, RiskEliminated
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited, HouseholdReturned
from contracts.registry.surveys import ConditionsSurveyed, HouseholdSurveyed, IncomeSurveyed
from contracts.selection import timeline
from services.registry.households.income import IncomeFigures, figures_of
from services.registry.households.state import Household, fold

ON_STATUS: tuple[type[Fact], ...] = (HouseholdEnrolled, HouseholdExited, HouseholdReturned)
ON_MONITORING: tuple[type[Fact], ...] = (MonitoringStarted, RiskEliminated, EliminationWithdrawn)
DECISIONS = (*ON_STATUS, *ON_MONITORING)
SAYING = (IncomeSurveyed, HouseholdRecorded, HouseholdFormed, HouseholdSplit)
"""What says of which household which income is."""


class DecidedIncome(msgspec.Struct, frozen=True, array_like=True):
    """Of a decision by a case here. ``known``: the income it rested on."""

    decided_on: date
    known: IncomeFigures


DecidedIncomes = Mapping[str, DecidedIncome]
"""Id of a decision's fact → what it rested on, where something told since may say otherwise."""


def decided_incomes(facts: Sequence[Recorded], of: UUID | None) -> DecidedIncomes:
    """``facts``: all of a household's; with its ancestors', where ``of`` says whose."""
    found, saying = dict[str, DecidedIncome](), [r for r in facts if r.fact.annuls or isinstance(r.fact, SAYING)]
    if not any(isinstance(r.fact, IncomeSurveyed) for r in saying):
        return found
    for decision in facts:
        # History that was imported rests on papers elsewhere.
        if not isinstance(decision.fact, DECISIONS) or getattr(decision.fact, "case_id", None) is None:
            continue
        day = decision.fact.effective_on
        period = _latest_period(timeline((r for r in saying if r.position < decision.position), of=of, as_of=day))
        if period is None or not any(_says_otherwise(r, decision, period) for r in facts):
            continue
        state = fold(timeline((r for r in facts if r.position < decision.position), of=of, as_of=day))
        if (known := state.latest_income) is not None:
            found[decision.id] = DecidedIncome(day, known)
    return found


def _latest_period(facts: Iterable[Recorded]) -> date | None:
    """The first day of the latest period surveyed, as ``households.state`` folds it; few facts need be looked at for that."""
    periods = set[date]()
    for recorded in facts:
        match recorded.fact:
            case HouseholdRecorded() | HouseholdFormed():
                periods = set()
            case IncomeSurveyed(period_from=first):
                periods.add(first)
    return max(periods, default=None)


def _says_otherwise(recorded: Recorded, decision: Recorded, period: date) -> bool:
    """Whether a fact that was told after the decision may say another income of the period, or another number of persons then."""
    fact = recorded.fact
    if recorded.position < decision.position or recorded is decision:
        return False
    if isinstance(fact, IncomeSurveyed):
        return fact.period_from == period
    is_survey = isinstance(fact, HouseholdSurveyed | ConditionsSurveyed)
    return bool(fact.annuls) or (fact.effective_on <= decision.fact.effective_on and not is_survey)


class OtherIncome(msgspec.Struct, frozen=True, array_like=True):
    """``then``, ``now``: yuan per head of that period, as known when it was decided and now; ``now`` is ``None`` where no income of that
    period is on record any more."""

    decided_on: date
    period_from: date
    period_to: date
    then: Decimal
    now: Decimal | None


def on_status(state: Household, decided: DecidedIncomes) -> OtherIncome | None:
    """Net income, which the lines of poverty are compared with."""
    return _other(state, decided.get(state.status_fact), reference=False)


def on_monitoring(state: Household, decided: DecidedIncomes) -> OtherIncome | None:
    """Monitoring reference income, or net income where a part of the other was not asked then or now."""
    return None if state.monitoring is None else _other(state, decided.get(state.monitoring.fact), reference=True)


def _other(state: Household, decided: DecidedIncome | None, *, reference: bool) -> OtherIncome | None:
    if decided is None:
        return None
    known, day = decided.known, decided.decided_on
    income = next((i for i in state.incomes if i.period_from == known.income.period_from), None)
    # Who lived in common on the day of the decision; counts of later days are for later questions.
    counts = tuple(count for count in state.common_counts if count[0] <= day) or state.common_counts[:1]
    now = None if income is None else figures_of(income, counts)
    figures = known.per_head, None if now is None else now.per_head
    if reference and now is not None and known.reference_per_head is not None and now.reference_per_head is not None:
        figures = known.reference_per_head, now.reference_per_head
    if figures[0] == figures[1]:
        return None
    return OtherIncome(day, known.income.period_from, known.income.period_to, *figures)
