"""Requests about funds. Sums name their unit; nothing in a fund is personal."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from contracts.monitoring import funds as facts
from contracts.monitoring.funds import FundSource, FundUse, HalfYear
from contracts.registry.divisions import Level
from services.casework.fact_forms import Day, Division, FactForm, LongText, ShortText
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.web.payloads import Body
from services.monitoring.money_forms import MoneyForm

NOTHING = Decimal("0.00")
Key = Annotated[str, Field(pattern=rf"^{KEY_PATTERN}$", examples=["roads"])]
VoucherNo = Annotated[str, Field(pattern=r"^[0-9A-Za-z\u4e00-\u9fff〔〕()（）._/-]{1,40}$", examples=["记-2016-0031"])]


class FundForm(FactForm):
    """A sum that is promised. ``purposes``: kinds of projects and programmes that it is earmarked for, any where none is named;
    ``raised_by``: the unit that is to raise so much a year; ``sum_confirmed``: so small a sum was looked at and is yuan indeed."""

    division: Division
    title: LongText
    source: FundSource
    source_label: ShortText
    level: Level | None = None
    document_no: ShortText | None = None
    year: int = Field(ge=1990, le=2100)
    purposes: tuple[Key, ...] = Field(default=(), max_length=40)
    promised: MoneyForm
    due_on: Day
    village_fund: bool = False
    raised_by: ShortText | None = None
    sum_confirmed: bool = False

    def fact(self, fund_id: UUID, by: str) -> facts.FundDeclared:
        return facts.FundDeclared(
            fund_id=fund_id, division=self.division, title=self.title, source=self.source, source_label=self.source_label,
            level=self.level, document_no=self.document_no, year=self.year, purposes=self.purposes,
            amount=self.promised.yuan, due_on=self.due_on, village_fund=self.village_fund, raised_by=self.raised_by,
            **self.common(by),
        )  # fmt: skip


class UseForm(Body):
    """A project, or a programme of assistance; one of the two."""

    project_id: UUID | None = None
    programme: Key | None = None

    @property
    def use_of_fund(self) -> FundUse:
        return FundUse(project_id=self.project_id, programme=self.programme)


class MovedForm(FactForm):
    """Money that is moved. ``moved_fields``: of the fact that says so; ``sum_confirmed``: so small a sum is yuan indeed."""

    moved: MoneyForm
    sum_confirmed: bool = False

    def moved_fields(self, by: str) -> dict[str, Any]:
        return {"amount": self.moved.yuan, **self.common(by)}


class PledgeCutForm(MovedForm):
    reason: LongText

    def moved_fields(self, by: str) -> dict[str, Any]:
        return {"reason": self.reason, **super().moved_fields(by)}


class VoucherForm(MovedForm):
    voucher: VoucherNo

    def moved_fields(self, by: str) -> dict[str, Any]:
        return {"voucher": self.voucher, **super().moved_fields(by)}


class UseMovedForm(MovedForm):
    use: UseForm

    def moved_fields(self, by: str) -> dict[str, Any]:
        return {"use": self.use.use_of_fund, **super().moved_fields(by)}


class UseVoucherForm(UseMovedForm, VoucherForm):
    """For a use, by voucher."""


class FundPaymentForm(UseVoucherForm):
    """``retained``: of the sum moved, kept back as security."""

    retained: MoneyForm | None = None

    def moved_fields(self, by: str) -> dict[str, Any]:
        return {"retained": NOTHING if self.retained is None else self.retained.yuan, **super().moved_fields(by)}


class UseNoticeForm(FactForm):
    use: UseForm
    place: LongText
    until: Day


class YearForm(FactForm):
    year: int = Field(ge=1990, le=2100)


class AccountsForm(FactForm):
    """A village fund's accounts of a half-year; ``checked_by``: the villagers' group."""

    year: int = Field(ge=1990, le=2100)
    half: HalfYear
    checked_by: ShortText
    until: Day


class FundReportForm(FactForm):
    """To whom it is reported, of which days; the figures are the ledger's."""

    period_from: Day
    period_to: Day
    reported_to: ShortText


class FundAnnulmentForm(FactForm):
    """``annuls``: ids of acts that were wrong, or of an annulment that was."""

    annuls: tuple[Annotated[str, Field(pattern=r"^monitoring/fund-[0-9a-f-]{36}/[0-9]{1,9}$")], ...] = Field(
        min_length=1, max_length=100
    )
    reason: LongText
