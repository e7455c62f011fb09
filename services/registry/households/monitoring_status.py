"""The monitoring status of a household: its state, and which decision may follow which. Pure; what of a kind may be monitored is
asked when it is decided, since kinds are documents."""

from collections.abc import Mapping
from datetime import date

import msgspec

from contracts.facts import Fact, Recorded
from contracts.registry.monitoring import (
    EliminationManner,
    EliminationWithdrawn,
    MonitoringStarted,
    MonitoringStatus,
    RiskEliminated,
)
from services.chassis.ground.refusals import Rule, rule

MONITORING_FORBIDS = rule(
    "monitoring_status_forbids",
    zh="按该户当日的监测状态，不能作此变更：只有未监测或已消除风险的才可纳入，监测中的才可消除风险，已消除风险的才可回退。",
    en="The household's monitoring status on that day does not allow this: who is not monitored, or whose risk was eliminated, is"
    " taken in; who is monitored has the risk eliminated; an elimination is withdrawn where there is one.",
    source="domain reference: the lifecycle (monitoring status)",
)


class Monitoring(msgspec.Struct, frozen=True, gc=False):
    """``kind``, ``risks``: as taken in last. ``started_on``: that day; ``since``: the day from which it has this status, and
    ``fact`` the id of the fact that set it; ``manner``, ``early_reason``: of an elimination."""

    status: MonitoringStatus
    kind: str
    risks: tuple[str, ...]
    started_on: date
    since: date
    fact: str
    manner: EliminationManner | None = None
    early_reason: str | None = None

    @property
    def counted(self) -> bool:
        """Whether it adds to the figures of monitored households."""
        return self.status is MonitoringStatus.MONITORED


MONITORING_TYPES: tuple[type[Fact], ...] = (MonitoringStarted, RiskEliminated, EliminationWithdrawn)
MAY_FOLLOW: Mapping[type[Fact], frozenset[MonitoringStatus | None]] = {
    MonitoringStarted: frozenset({None, MonitoringStatus.ELIMINATED}),
    RiskEliminated: frozenset({MonitoringStatus.MONITORED}),
    EliminationWithdrawn: frozenset({MonitoringStatus.ELIMINATED}),
}
"""Type → monitoring statuses that it may follow: the transition table."""


def monitoring_after(before: Monitoring | None, recorded: Recorded) -> Monitoring | None:
    """After a fact of ``MONITORING_TYPES``. Total: where none was monitored, nothing is eliminated."""
    match recorded.fact:
        case MonitoringStarted(kind=kind, risks=risks, effective_on=day):
            return Monitoring(MonitoringStatus.MONITORED, kind, risks, day, day, recorded.id)
        case RiskEliminated(effective_on=day, manner=manner, early_reason=reason) if before is not None:
            return msgspec.structs.replace(
                before, status=MonitoringStatus.ELIMINATED, since=day, fact=recorded.id, manner=manner,
                early_reason=reason,
            )  # fmt: skip
        case EliminationWithdrawn(effective_on=day) if before is not None:
            return msgspec.structs.replace(
                before, status=MonitoringStatus.MONITORED, since=day, fact=recorded.id, manner=None, early_reason=None
            )
    return before


def monitoring_allows(before: Monitoring | None, fact: Fact) -> Rule | None:
    """The rule by which this fact cannot follow, or ``None``."""
    status = None if before is None else before.status
    return None if status in MAY_FOLLOW[type(fact)] else MONITORING_FORBIDS
