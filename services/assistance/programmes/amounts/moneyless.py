"""What is no sum of money to the unit: goods, what need not be paid, and what no paper says."""

from decimal import Decimal
from typing import ClassVar

from contracts.quantities import Unit
from services.assistance.messages import say
from services.assistance.programmes.amounts.parts import (
    NOTHING,
    AmountPart,
    Inputs,
    Missing,
    Payable,
    fen,
    require_yuan,
)
from services.chassis.ground.labels import LABELS, Label
from services.chassis.ground.messages import Message
from services.chassis.law.content import DocumentError


class InKind(AmountPart, frozen=True, tag="in_kind"):
    """So many of a good: no line of money. What was handed out is told, and never more than that (M111)."""

    told: ClassVar[str] = "delivered"

    zh: str
    en: str
    quantity: Decimal
    measured_in: Unit

    def __post_init__(self) -> None:
        if not (self.quantity.is_finite() and self.quantity > 0):
            raise DocumentError((), "quantity：数量须大于零", "quantity: above zero")

    def in_words(self, period: Label) -> Message:
        what, unit = Label(self.zh, self.en), LABELS.code(self.measured_in)
        return say("programme_in_kind", what=what, quantity=self.quantity, unit=unit)

    def payable(self, inputs: Inputs) -> Payable | Missing:
        return Payable(NOTHING)


class Exemption(AmountPart, frozen=True, tag="exemption"):
    """What need not be paid (no fees, free books). ``yuan``: what the payee is given for it, where a paper says so; never the unit."""

    zh: str
    en: str
    yuan: Decimal | None = None

    def __post_init__(self) -> None:
        require_yuan(yuan=self.yuan)

    def in_words(self, period: Label) -> Message:
        what = Label(self.zh, self.en)
        if self.yuan is None:
            return say("programme_exemption", what=what)
        return say("programme_exemption_paid", what=what, yuan=self.yuan)

    def payable(self, inputs: Inputs) -> Payable | Missing:
        return Payable(NOTHING if self.yuan is None else fen(self.yuan))


class Range(AmountPart, frozen=True, tag="range"):
    """Between ``least`` and ``most`` (B15): nothing until an amount is decided for the case, and then no other than between them."""

    least: Decimal
    most: Decimal

    def __post_init__(self) -> None:
        require_yuan(least=self.least, most=self.most)
        if self.most <= self.least:
            raise DocumentError((), "most：最多须大于最少（least）", "most: not above the least")

    def in_words(self, period: Label) -> Message:
        return say("programme_range", least=self.least, most=self.most, period=period)

    def payable(self, inputs: Inputs) -> Payable | Missing:
        if inputs.decided is None or not self.least <= inputs.decided <= self.most:
            return Missing.RANGE
        return Payable(fen(inputs.decided))


class Masked(AmountPart, frozen=True, tag="masked"):
    """The paper hides the figure (B03, B10): it stays unknown until an edition says it."""

    def in_words(self, period: Label) -> Message:
        return say("programme_masked")

    def payable(self, inputs: Inputs) -> Payable | Missing:
        return Missing.MASKED


class Unknown(AmountPart, frozen=True, tag="unknown"):
    """The paper has no figure, or one that can be read in two ways (B30, B54): unknown until an edition says it."""

    def in_words(self, period: Label) -> Message:
        return say("programme_unknown")

    def payable(self, inputs: Inputs) -> Payable | Missing:
        return Missing.UNKNOWN
