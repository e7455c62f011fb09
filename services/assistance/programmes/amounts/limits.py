"""Up to a line: what other grants leave of a ceiling, what an income leaves of a line, a share of a cost above a threshold."""

from decimal import Decimal
from typing import ClassVar

from services.assistance.messages import say
from services.assistance.programmes.amounts.parts import (
    NOTHING,
    AmountPart,
    Inputs,
    Missing,
    Payable,
    fen,
    percent,
    require_share,
    require_yuan,
)
from services.chassis.ground.labels import Label
from services.chassis.ground.messages import Message
from services.chassis.law.content import DocumentError


class CeilingIncludingOtherGrants(AmountPart, frozen=True, tag="ceiling_including_other_grants"):
    """Other public grants count inside of the ``ceiling`` (B11, B56): the rest is paid, at least the ``floor``. A ceiling is a cap and
    no floor, so without one the rest may be nothing."""

    is_up_to_a_line: ClassVar[bool] = True
    told: ClassVar[str] = "other_grants"

    ceiling: Decimal
    floor: Decimal = NOTHING

    def __post_init__(self) -> None:
        require_yuan(ceiling=self.ceiling, floor=self.floor)
        if self.ceiling < self.floor:
            raise DocumentError((), "ceiling：最高额低于最低额（floor），请更正", "ceiling: below the floor")

    def in_words(self, period: Label) -> Message:
        return say("programme_ceiling", ceiling=self.ceiling, period=period)

    def payable(self, inputs: Inputs) -> Payable | Missing:
        return Payable(fen(max(self.ceiling - inputs.other_grants, self.floor)))


class DifferenceToLine(AmountPart, frozen=True, tag="difference_to_line"):
    """What a head's income lacks of the ``line``, for each person in the unit (低保补差)."""

    is_up_to_a_line: ClassVar[bool] = True
    told: ClassVar[str] = "income"

    line: Decimal

    def __post_init__(self) -> None:
        require_yuan(line=self.line)

    def in_words(self, period: Label) -> Message:
        return say("programme_difference", line=self.line, period=period)

    def payable(self, inputs: Inputs) -> Payable | Missing:
        if inputs.income is None:
            return Missing.INCOME
        return Payable(fen(max(self.line - inputs.income, NOTHING) * inputs.persons))


class ShareAboveThreshold(AmountPart, frozen=True, tag="share_above_threshold"):
    """The ``share`` of the cost above the ``threshold``, up to the ``cap`` in a period."""

    told: ClassVar[str] = "cost"
    is_counted: ClassVar[bool] = True

    threshold: Decimal
    share: Decimal
    cap: Decimal

    def __post_init__(self) -> None:
        require_yuan(threshold=self.threshold, cap=self.cap)
        require_share(share=self.share)

    def in_words(self, period: Label) -> Message:
        return say("programme_share", threshold=self.threshold, percent=percent(self.share), cap=self.cap)

    def payable(self, inputs: Inputs) -> Payable | Missing:
        if inputs.cost is None:
            return Missing.COST
        share = max(inputs.cost - self.threshold, NOTHING) * self.share
        return Payable(fen(max(min(share, self.cap - inputs.paid_before), NOTHING)))
