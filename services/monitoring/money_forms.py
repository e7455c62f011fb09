"""Sums of money as they are typed: each names its unit, and none is rounded."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from services.chassis.ground.field_texts import number_reader
from services.chassis.web.field_readers import Reads
from services.chassis.web.form_errors import FormError
from services.chassis.web.payloads import Body

WAN, FEN = Decimal(10_000), Decimal("0.01")


class MoneyUnit(StrEnum):
    """Of a sum as it was typed; recorded are yuan."""

    YUAN = "yuan"
    WAN_YUAN = "wan_yuan"


class MoneyForm(Body):
    """A sum names its unit: 万元 is not taken for 元."""

    sum: Annotated[
        Decimal,
        Reads(number_reader()),
        Field(gt=0, le=Decimal("999999999"), max_digits=15, decimal_places=6, examples=["35"]),
    ]
    money_unit: MoneyUnit

    @property
    def yuan(self) -> Decimal:
        return (self.sum * (WAN if self.money_unit is MoneyUnit.WAN_YUAN else 1)).quantize(FEN)

    @model_validator(mode="after")
    def _is_exact(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if self.yuan != self.sum * (WAN if self.money_unit is MoneyUnit.WAN_YUAN else 1):
            raise FormError("金额精确到分，请去掉多余的小数", "a sum has no fraction of a fen")
        return self
