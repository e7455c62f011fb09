"""What of a household's status can hardly be so: an exit without its standards, an early elimination, a kind of monitored object that
does not fit what is on record. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from contracts.facts import Fact
from contracts.registry.codes import LabourSkill, SchoolStage
from contracts.registry.monitoring import MonitoringStarted, RiskEliminated
from contracts.registry.poverty_status import HouseholdExited
from contracts.registry.surveys import ConditionsSurveyed, IncomeSurveyed
from services.casework.findings.domain import Ground, Limits
from services.registry.findings.checked_households import CheckedHousehold, ShownRisk
from services.registry.findings.decided_incomes import ON_MONITORING, ON_STATUS, OtherIncome

BETWEEN = ","
ABLE = frozenset({LabourSkill.ORDINARY, LabourSkill.SKILLED})
SHOWN: Mapping[ShownRisk, Callable[[CheckedHousehold], bool]] = {
    ShownRisk.DISABILITY: lambda household: any(m.disabled for m in household.members),
    ShownRisk.SCHOOLING: lambda household: any(
        m.school_stage is not SchoolStage.NONE or m.schooling is not None for m in household.members
    ),
    ShownRisk.NO_LABOUR: lambda household: (
        not any(m.labour_skill in ABLE for m in household.members)
        and any(m.labour_skill is not None for m in household.members)
    ),
}
"""Whether what is on record of the members shows a risk."""


def eliminated_early(household: CheckedHousehold, _: date, __: Limits) -> Iterator[Ground]:
    if household.eliminated_early is not None:
        yield Ground((), {"eliminated_on": household.eliminated_early.isoformat()})


def exit_without_standard(household: CheckedHousehold, _: date, limits: Limits) -> Iterator[Ground]:
    """Decided, while not every standard was recorded as met by then (M010, R10)."""
    left = household.exit
    if left is None or left.exited_on.year < limits["first_year"] or left.unmet == ():
        return
    yield Ground((), {"exited_on": left.exited_on.isoformat(), "standards": BETWEEN.join(left.unmet or ())})


def risk_not_shown(household: CheckedHousehold, _: date, __: Limits) -> Iterator[Ground]:
    """Monitored for a risk that nothing on record of its members shows."""
    if (monitoring := household.monitoring) is None:
        return
    for risk, shows in SHOWN.items():
        if risk in monitoring.risks and not shows(household):
            yield Ground((), {"risk": risk.value, "started_on": monitoring.started_on.isoformat()})


def kind_after_other_status(household: CheckedHousehold, _: date, __: Limits) -> Iterator[Ground]:
    """Who may be taken in as which kind goes by the poverty status, which became another since."""
    monitoring = household.monitoring
    if monitoring is not None and monitoring.status is not None and monitoring.status_since is not None:
        figures = {"status": monitoring.status.value, "status_since": monitoring.status_since.isoformat()}
        yield Ground((), {**figures, "started_on": monitoring.started_on.isoformat()})


def status_on_other_income(household: CheckedHousehold, _: date, __: Limits) -> Iterator[Ground]:
    """The poverty status rests on a decision before which another income was on record than of the same period now."""
    return _of_income(household.status_income)


def monitoring_on_other_income(household: CheckedHousehold, _: date, __: Limits) -> Iterator[Ground]:
    return _of_income(household.monitoring_income)


def _of_income(other: OtherIncome | None) -> Iterator[Ground]:
    if other is not None:
        figures: dict[str, int | str] = {
            "decided_on": other.decided_on.isoformat(), "period_from": other.period_from.isoformat(),
            "period_to": other.period_to.isoformat(), "income_then": str(other.then),
            "income_now": "" if other.now is None else str(other.now),
        }  # fmt: skip
        yield Ground((), figures)


def decides_status(_: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, (*ON_STATUS, IncomeSurveyed))


def decides_monitoring(_: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, (*ON_MONITORING, IncomeSurveyed))


def eliminates(_: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, RiskEliminated)


def exits(_: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, HouseholdExited | ConditionsSurveyed)


def monitors(_: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, MonitoringStarted)
