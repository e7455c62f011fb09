"""What is filled in about measures."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.assistance.measures import PlanCause
from contracts.quantities import Quantity, Unit
from services.casework.fact_forms import Day, FactForm, LongText, PositiveAmount, ShortText
from services.chassis.ground.field_texts import number_reader
from services.chassis.web.field_readers import Reads

KindKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["relocation"])]
Price = Annotated[
    Decimal,
    Reads(number_reader("yuan")),
    Field(gt=0, le=Decimal("9999999"), max_digits=9, decimal_places=2, examples=["38.00"]),
]
FactId = Annotated[str, Field(pattern=r"^assistance/measures-[0-9a-f-]{36}/[1-9][0-9]{0,8}$", max_length=100)]


class HouseholdPlanForm(FactForm):
    """``label``, ``village_set``, ``class_set``: as the paper has them; none is read as a rule."""

    causes: Annotated[list[PlanCause], Field(min_length=1, max_length=20)]
    planned: Annotated[list[KindKey], Field(max_length=40, default_factory=list)]
    through: Day
    label: ShortText | None = None
    village_set: ShortText | None = None
    class_set: ShortText | None = None


class MeasureBeginForm(FactForm):
    """``partner``: cooperative, firm, unit or village that it is done with."""

    measure_kind: KindKey
    grade: Annotated[str, Field(pattern=r"^[0-9A-Za-z\u4e00-\u9fff]{1,10}$", examples=["C"])] | None = None
    partner: LongText | None = None


class MeasureForm(FactForm):
    measure_id: UUID


class MeasureStepForm(MeasureForm):
    step: KindKey


class MeasureDeliveryForm(MeasureForm):
    """``price`` and ``compared_price``: of a purchase, for one."""

    item: ShortText
    amount: PositiveAmount
    unit: Unit
    price: Price | None = None
    compared_price: Price | None = None

    def quantity(self) -> Quantity:
        return Quantity(amount=self.amount, unit=self.unit)


class MeasureWithdrawalForm(MeasureForm):
    reason: LongText


class MeasureAnnulmentForm(FactForm):
    """``facts``: ids of entries, from the answer on the household's measures."""

    facts: Annotated[
        list[FactId],
        Field(min_length=1, max_length=100, examples=[["assistance/measures-00000000-0000-4000-8000-000000000001/2"]]),
    ]
    reason: LongText
