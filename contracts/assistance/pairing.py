"""Facts about the helper of a household (结对帮扶). Stream ``pairing-<household_id>``, which tells of all pairs that follow the
register (``contracts.assistance.pairs``).

``HelperAssigned`` and ``HelperReleased`` are of the first edition: they are read for ever, and written no more. A helper is a staff
account and its unit, never a private name.
"""

from enum import StrEnum

from contracts.facts import HouseholdFact, published


@published("HelperAssigned")
class HelperAssigned(HouseholdFact, frozen=True, kw_only=True):
    """The household has this helper from ``effective_on`` (M049). ``took_over_from``: the account that handed over."""

    helper: str
    unit: str
    took_over_from: str | None = None


class ReleaseReason(StrEnum):
    HANDOVER = "handover"
    TRANSFERRED = "transferred"
    LEFT_SERVICE = "left_service"
    OTHER = "other"


@published("HelperReleased")
class HelperReleased(HouseholdFact, frozen=True, kw_only=True):
    """``effective_on`` is the first day without this helper."""

    helper: str
    reason: ReleaseReason


class EndReason(StrEnum):
    HOUSEHOLD_REMOVED = "household_removed"
    HOUSEHOLD_CANCELLED = "household_cancelled"
    HOUSEHOLD_EXITED = "household_exited"
    NOT_REGISTERED = "not_registered"


@published("PairingEnded")
class PairingEnded(HouseholdFact, frozen=True, kw_only=True):
    """Nobody helps this household any more in a pair that follows the register. Help is given day by day, so it ends when the
    reason became known, not when the reason became true."""

    reason: EndReason


@published("PairingFactsAnnulled")
class PairingFactsAnnulled(HouseholdFact, frozen=True, kw_only=True):
    """The registry annulled what caused the facts in ``annuls``."""
