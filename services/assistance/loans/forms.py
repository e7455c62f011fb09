"""What is filled in about a loan: payloads in, commands out."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from contracts.assistance.loans import (
    AgreedInstalment,
    DayCount,
    LoanAnnulment,
    LoanReviewOutcome,
    LoanUse,
    RepaymentMethod,
)
from services.assistance.loans import commands as c
from services.chassis.ground.field_texts import number_reader, read_line
from services.chassis.web.application import Body
from services.chassis.web.field_readers import Reads
from services.chassis.web.text_fields import TypedDay, Village

Yuan = Annotated[
    Decimal,
    Reads(number_reader("yuan")),
    Field(gt=0, le=Decimal("9999999999"), max_digits=12, decimal_places=2, examples=["1000.00"]),
]
Part = Annotated[Decimal, Reads(number_reader("yuan")), Field(ge=0, max_digits=12, decimal_places=2, examples=["0.00"])]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4, examples=["4.3500"])]
Voucher = Annotated[str, Reads(read_line), Field(min_length=1, max_length=60)]
Line = Annotated[str, Reads(read_line), Field(min_length=1, max_length=120)]
FactId = Annotated[str, Field(pattern=r"^assistance/loans-[0-9a-f-]{36}/[1-9][0-9]{0,8}$", max_length=80)]
PERCENT_PLACES, YUAN_PLACES = Decimal("0.0001"), Decimal("0.01")


class LoanInstalmentForm(Body):
    """A part of the principal and the day it is due."""

    due_on: TypedDay
    principal: Yuan


class LoanContractForm(Body):
    """A person of a household borrows, or an organisation in a division. ``case_id``: of the application, where the product has
    a procedure. ``agreed``: with method ``agreed``, every part. ``drawn_in``: poor households that the borrower draws in.
    ``rate``: left out, the base rate of that day for the term, where the product lends at one; the contract fixes it."""

    effective_on: TypedDay
    product: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["poverty_micro_credit"])]
    case_id: UUID | None = None
    household_id: UUID | None = None
    person_id: UUID | None = None
    organisation: Line | None = None
    division: Village
    lender: Line
    contract_no: Voucher
    use: LoanUse
    principal: Yuan
    rate: Percent | None = None
    overdue_surcharge: Percent = Decimal(0)
    method: RepaymentMethod
    day_count: DayCount
    first_due_on: TypedDay
    period_months: Annotated[int, Field(ge=1, le=120)]
    final_on: TypedDay
    agreed: Annotated[list[LoanInstalmentForm], Field(max_length=360, default_factory=list)]
    renews: UUID | None = None
    drawn_in: Annotated[list[UUID], Field(max_length=500, default_factory=list)]

    def command(self, loan_id: UUID, by: str) -> c.Contract:
        agreed = tuple(AgreedInstalment(due_on=p.due_on, principal=yuan(p.principal)) for p in self.agreed)
        fields: dict[str, Any] = self.model_dump(
            exclude={"effective_on", "agreed", "principal", "rate", "overdue_surcharge", "drawn_in"}
        )
        return c.Contract(
            **fields, loan_id=self.case_id or loan_id, on=self.effective_on, by=by, agreed=agreed,
            drawn_in=tuple(dict.fromkeys(self.drawn_in)), principal=yuan(self.principal),
            rate=None if self.rate is None else percent(self.rate),
            overdue_surcharge=percent(self.overdue_surcharge),
        )  # fmt: skip


class LoanMoneyForm(Body):
    """``voucher``: of the bank; ``currency``: as its slip has it."""

    effective_on: TypedDay
    amount: Yuan
    voucher: Voucher
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["CNY"])] = c.RENMINBI

    def fields(self, loan_id: UUID, by: str) -> dict[str, Any]:
        return {
            "loan_id": loan_id, "on": self.effective_on, "by": by, "amount": yuan(self.amount), "voucher": self.voucher,
            "currency": self.currency,
        }  # fmt: skip


class LoanRepaymentForm(LoanMoneyForm):
    """``prepayment``: what is left after what is due repays principal ahead of time. The three parts as the bank's slip has
    them, all or none: they are checked against the total."""

    prepayment: bool = False
    of_principal: Part | None = None
    of_interest: Part | None = None
    of_penalty: Part | None = None

    def command(self, loan_id: UUID, by: str) -> c.Repay:
        said = (self.of_principal, self.of_interest, self.of_penalty)
        parts = None if said == (None, None, None) else tuple(part or Decimal(0) for part in said)
        return c.Repay(**self.fields(loan_id, by), prepayment=self.prepayment, parts=parts)


class LoanRateForm(Body):
    """From ``effective_on`` to before ``until``; to the end, without one."""

    effective_on: TypedDay
    rate: Percent
    until: TypedDay | None = None


class LoanExtensionForm(Body):
    effective_on: TypedDay
    final_on: TypedDay


class LoanJobsForm(Body):
    """``jobs``: people who work in the business on that day, the borrower among them."""

    effective_on: TypedDay
    jobs: Annotated[int, Field(ge=0, le=100_000, examples=[5])]


class LoanCompensationForm(Body):
    effective_on: TypedDay
    voucher: Voucher


class LoanReviewForm(Body):
    """``review``: from the loan's statement; ``debtor``: a person of the register, where another one owes it from then on."""

    effective_on: TypedDay
    review: FactId
    outcome: LoanReviewOutcome
    debtor: UUID | None = None


class LoanAnnulmentForm(Body):
    """``facts``: ids of entries, from the loan's statement; those that rest on one another together."""

    effective_on: TypedDay
    facts: Annotated[
        list[FactId],
        Field(min_length=1, max_length=100, examples=[["assistance/loans-00000000-0000-4000-8000-000000000001/2"]]),
    ]
    reason: LoanAnnulment


def yuan(amount: Decimal) -> Decimal:
    return amount.quantize(YUAN_PLACES)


def percent(rate: Decimal) -> Decimal:
    return rate.quantize(PERCENT_PLACES)


def common(loan_id: UUID, on: date, by: str) -> dict[str, Any]:
    return {"loan_id": loan_id, "on": on, "by": by}
