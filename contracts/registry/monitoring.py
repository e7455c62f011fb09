"""A household's monitoring status (防返贫监测对象) and the decisions that change it. Stream ``household-<uuid>``; what ``rank`` says
stands in ``households``.

It is independent of the poverty status: an ordinary household, a candidate of the register, may be monitored as well as one that
exited, and neither an exit nor a removal ends it. A household that splits off starts as its parent was; one that ends is
monitored no more, and is again what it was when it is reinstated with its former status.
"""

from enum import StrEnum
from uuid import UUID

from contracts.facts import HouseholdFact, published


class MonitoringStatus(StrEnum):
    """Of a household that is, or was, monitored. Every other household has none. Who is monitored again is ``MONITORED``."""

    MONITORED = "monitored"
    ELIMINATED = "eliminated"


class EliminationManner(StrEnum):
    """帮扶消除, 自然消除."""

    BY_HELP = "by_help"
    NATURALLY = "naturally"


@published("MonitoringStarted", rank=54)
class MonitoringStarted(HouseholdFact, frozen=True, kw_only=True):
    """Taken in as a monitored object (纳入监测), for the first time or again. ``kind``, ``risks``: codes of the document of kinds
    that was in force."""

    kind: str
    risks: tuple[str, ...]
    case_id: UUID | None = None


@published("RiskEliminated", rank=55)
class RiskEliminated(HouseholdFact, frozen=True, kw_only=True):
    """The risk is gone (风险消除); the record is kept. ``early_reason``: code of why it was marked before the months were over that
    the procedure asks for in principle."""

    manner: EliminationManner
    early_reason: str | None = None
    case_id: UUID | None = None


@published("EliminationWithdrawn", rank=56)
class EliminationWithdrawn(HouseholdFact, frozen=True, kw_only=True):
    """The mark was unsound (风险消除回退): undone from the day of the elimination on, as a removal undoes an entry. Not the same as
    monitored again, which is another ``MonitoringStarted``. ``elimination``: the fact that it undoes."""

    elimination: str
    case_id: UUID | None = None


@published("MonitoringProposed")
class MonitoringProposed(HouseholdFact, frozen=True, kw_only=True):
    """That the household is monitored is applied for: as which kind, and for which risks. Counts for nobody."""

    case_id: UUID
    kind: str
    risks: tuple[str, ...]


@published("EliminationProposed")
class EliminationProposed(HouseholdFact, frozen=True, kw_only=True):
    """That the risk is gone is applied for. Counts for nobody."""

    case_id: UUID
    manner: EliminationManner
    early_reason: str | None = None
