"""Counted as it happens: days attended, a donor's instalments, a cost that several levels share."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, ClassVar

import msgspec

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
from services.chassis.ground.labels import LABELS, Label
from services.chassis.ground.messages import Message
from services.chassis.law.content import DocumentError

Count = Annotated[int, msgspec.Meta(ge=1, le=120)]


class PerAttendedDay(AmountPart, frozen=True, tag="per_attended_day"):
    """``yuan`` for each day attended (B01): meals are settled by days of school, never by the year."""

    told: ClassVar[str] = "days"
    is_counted: ClassVar[bool] = True

    yuan: Decimal

    def __post_init__(self) -> None:
        require_yuan(yuan=self.yuan)

    def in_words(self, period: Label) -> Message:
        return say("programme_attended", yuan=self.yuan)

    def payable(self, inputs: Inputs) -> Payable | Missing:
        return Missing.DAYS if inputs.days is None else Payable(fen(self.yuan * inputs.days))


class Instalments(AmountPart, frozen=True, tag="instalments"):
    """A donor's promise: ``yuan`` in each of ``count`` periods, and no more (M073, B17)."""

    by_instalment: ClassVar[bool] = True

    yuan: Decimal
    count: Count

    def __post_init__(self) -> None:
        require_yuan(yuan=self.yuan)

    def in_words(self, period: Label) -> Message:
        return say("programme_instalments", yuan=self.yuan, count=self.count, period=period)

    def payable(self, inputs: Inputs) -> Payable | Missing:
        return Payable(fen(self.yuan) if 1 <= inputs.instalment <= self.count else NOTHING)


class Collected(AmountPart, frozen=True, tag="collected"):
    """What donors gave for the unit, and no more (M120, M139): sought only once the recipient was chosen (§5 rule 33)."""

    told: ClassVar[str] = "collected"
    is_counted: ClassVar[bool] = True

    def in_words(self, period: Label) -> Message:
        return say("programme_collected")

    def payable(self, inputs: Inputs) -> Payable | Missing:
        return Missing.COLLECTED if inputs.collected is None else Payable(fen(inputs.collected))


class SharedBetweenLevels(AmountPart, frozen=True, tag="shared_between_levels"):
    """``matched`` yuan, borne by the levels in these ``shares``, of a ``real_cost``: what is not matched is a gap on record, no error
    of payment (B31; §5 rule 32). The level whose name
    comes first bears the odd fen."""

    matched: Decimal
    real_cost: Decimal
    shares: Mapping[str, Decimal]

    def __post_init__(self) -> None:
        require_yuan(matched=self.matched, real_cost=self.real_cost)
        require_share(**self.shares)
        if sum(self.shares.values()) != 1:
            raise DocumentError((), "shares：各份合计须为 1", "shares: together they are the whole")
        if self.real_cost < self.matched:
            raise DocumentError((), "real_cost：低于配套的金额，请更正", "real_cost: below what is matched")

    def in_words(self, period: Label) -> Message:
        levels = LABELS.codes["Level"].codes
        of = [
            say("programme_share_of", level=levels.get(level, Label(level, level)), percent=percent(share))
            for level, share in self.shares.items()
        ]
        gap = self.real_cost - self.matched
        return say("programme_shared", matched=self.matched, shares=of, real_cost=self.real_cost, gap=gap)

    def payable(self, inputs: Inputs) -> Payable | Missing:
        first, *others = sorted(self.shares)
        borne = {level: fen(self.matched * self.shares[level]) for level in others}
        borne = {first: self.matched - sum(borne.values()), **borne}
        return Payable(fen(self.matched), borne, self.real_cost - self.matched)
