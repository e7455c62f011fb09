"""What every kind of amount is built from: money as documents write it, what an amount is reckoned from, and what comes out."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import ClassVar

import msgspec

from contracts.registry.codes import SchoolStage
from services.chassis.law.content import DocumentError

FEN = Decimal("0.01")
MOST = Decimal(100_000_000)
"""Yuan: more than that is a slip, no rate."""
NOTHING = Decimal(0)


class AmountPart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """An amount of one kind: every unknown or missing key is an error. ``is_up_to_a_line``: where nothing is left below the line, there is
    nothing to grant. ``told``: which of the ``Inputs`` somebody may tell for each period; ``is_counted``: nothing of it can be known
    before it happened, so it is granted without a sum; ``by_instalment``: it depends on which period it is."""

    is_up_to_a_line: ClassVar[bool] = False
    told: ClassVar[str] = ""
    is_counted: ClassVar[bool] = False
    by_instalment: ClassVar[bool] = False


class Missing(StrEnum):
    """Why no amount is known. Nothing is paid then, and nothing is guessed."""

    MASKED = "masked"  # the paper hides the figure
    UNKNOWN = "unknown"  # the paper has none
    RANGE = "range"  # the paper leaves it open between two figures
    STAGE_NOT_LISTED = "stage_not_listed"
    LEVEL = "level"  # nobody assigned the unit a level
    INCOME = "income"
    COST = "cost"
    DAYS = "days"
    COLLECTED = "collected"


class Inputs(msgspec.Struct, frozen=True, gc=False):
    """What an amount is reckoned from for one unit and period. ``persons``: in the unit; ``other_grants``: yuan from other public
    grants for the same; ``income``: yuan a head in the period; ``cost``: yuan that arose; ``paid_before``: yuan paid on the
    same cap already; ``days``: attended; ``collected``: yuan that came in
    for it; ``decided``: yuan decided for this very case; ``instalment``: which one, from 1."""

    stage: SchoolStage = SchoolStage.NONE
    level: str | None = None
    persons: int = 1
    other_grants: Decimal = NOTHING
    income: Decimal | None = None
    cost: Decimal | None = None
    paid_before: Decimal = NOTHING
    days: int | None = None
    collected: Decimal | None = None
    decided: Decimal | None = None
    instalment: int = 1


class Payable(msgspec.Struct, frozen=True):
    """``yuan``: to the fen; ``by_level``: who bears how much of it; ``gap``: yuan of the real cost that nobody covers, on record and
    no error of payment (source facts §5 rule 32)."""

    yuan: Decimal
    by_level: Mapping[str, Decimal] = msgspec.field(default_factory=dict)
    gap: Decimal = NOTHING


def fen(yuan: Decimal) -> Decimal:
    """To the fen, half up."""
    return yuan.quantize(FEN, ROUND_HALF_UP)


def percent(share: Decimal) -> str:
    """A share of one, for people."""
    return f"{(share * 100).normalize():f}"


def require_yuan(**amounts: Decimal | None) -> None:
    """Raises ``ValueError`` for what is no amount of money."""
    for name, yuan in amounts.items():
        if yuan is not None and not (yuan.is_finite() and 0 <= yuan <= MOST and yuan == fen(yuan)):
            raise DocumentError(
                (), f"{name}：须为 0 至 {MOST} 元，精确到分", f"{name}: yuan from 0 to {MOST}, to the fen"
            )


def require_share(**shares: Decimal) -> None:
    """Raises ``ValueError`` for what is no share of a whole."""
    for name, share in shares.items():
        if not (share.is_finite() and 0 < share <= 1):
            raise DocumentError((), f"{name}：比例须大于 0、不超过 1", f"{name}: a share above 0, at most 1")
