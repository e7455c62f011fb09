"""The village that a household is put into: whether it exists on the day."""

from datetime import date

from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.unit import Tx
from services.registry.divisions.domain import declaration_of
from services.registry.divisions.rules import require_exists
from services.registry.households.transfers import division_in

UNKNOWN_VILLAGE = rule(
    "unknown_village",
    zh="没有这个村（社区）的区划代码，请核对后重填。",
    en="There is no village under this division code.",
    source="GB/T 2260",
)


def require_village(tx: Tx, code: str, on: date | None = None) -> None:
    """There is such a village, on that day. Raises ``Refused``, naming since when it exists or what succeeded it."""
    division = division_in(tx, code) if len(code) == 12 else None
    if division is None:
        raise Refused(UNKNOWN_VILLAGE, division=code).advising(declaration_of(code))
    if on is not None:
        require_exists(division, code, on)
