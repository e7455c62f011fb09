"""Facts about what an older system says that a county held on the last day of its own. Stream ``opening-balance-<county>``."""

from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Fact, published
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.poverty_status import PovertyStatus


class KeptIn(StrEnum):
    """The system that a balance comes from."""

    NATIONAL_SYSTEM = "national_system"
    PROVINCIAL_SYSTEM = "provincial_system"
    PAPER_LEDGER = "paper_ledger"


class StatusBalance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Households of this poverty status and their persons, as the older system says."""

    status: PovertyStatus
    households: int
    persons: int


class MonitoringBalance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The same of those that are or were monitored, by status and kind."""

    status: MonitoringStatus
    kind: str
    households: int
    persons: int


@published("OpeningBalanceProposed")
class OpeningBalanceProposed(Fact, frozen=True, kw_only=True):
    """What the county held at the end of ``effective_on``, as an older system says, which learned it on ``source_recorded_on``: asserted,
    and nothing that is counted here. It counts for nothing before another person approves it. ``reconciliation_id``: the comparison of
    that system's list with the register as of the same day, by which a difference is told household by household."""

    balance_id: UUID
    county: str
    kept_in: KeptIn
    poverty: tuple[StatusBalance, ...]
    monitoring: tuple[MonitoringBalance, ...] = ()
    reconciliation_id: UUID | None = None


@published("OpeningBalanceApproved")
class OpeningBalanceApproved(Fact, frozen=True, kw_only=True):
    """The county is cut over, once: from ``effective_on`` on the balance of this proposal is what its statements name. ``proposed_by``
    and ``entered_by`` are two persons."""

    balance_id: UUID
    county: str
    proposed_by: str


@published("OpeningAnnulmentProposed")
class OpeningAnnulmentProposed(Fact, frozen=True, kw_only=True):
    """Somebody proposes, by a decision of the county, that the balance never counted. Nothing changes before another person approves it."""

    annulment_id: UUID
    balance_id: UUID
    county: str


@published("OpeningBalanceAnnulled")
class OpeningBalanceAnnulled(Fact, frozen=True, kw_only=True):
    """The approval that ``annuls`` names is void; the county may be cut over anew. ``proposed_by`` and ``entered_by`` are two persons."""

    annulment_id: UUID
    balance_id: UUID
    county: str
    proposed_by: str
