"""Requests about payments."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.assistance.payment_accounts import Instalment
from contracts.assistance.payments import PayMeans, ReturnCause, StrikeReason
from contracts.facts import Decision
from services.chassis.ground.field_texts import read_line
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.web.field_readers import Reads
from services.chassis.web.payloads import Body
from services.chassis.web.text_fields import TypedDay

Programme = Annotated[str, Field(pattern=rf"^{KEY_PATTERN}$", examples=["education_aid"])]
Place = Annotated[str, Field(pattern=r"^[0-9]{6}([0-9]{3}([0-9]{3})?)?$", examples=["990001101"])]
Money = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]
Lines = Annotated[list[Annotated[int, Field(ge=1, le=10**7)]], Field(min_length=1, max_length=1000)]
Text = Annotated[str, Reads(read_line), Field(min_length=1, max_length=120)]
"""A number of a paper, or one line of typed text."""


class PayListForm(Body):
    """``period_from`` and ``period_to``: dues of periods that begin on or between these days; ``due_as_of``: what had fallen due by
    the end of that day."""

    programme: Programme
    division: Place
    period_from: TypedDay
    period_to: TypedDay
    due_as_of: TypedDay
    means: PayMeans = PayMeans.PLATFORM


class ActForm(Body):
    on: TypedDay


class ReleaseForm(ActForm):
    fund_document: Text
    order_no: Text


class HandoverForm(ActForm):
    voucher_no: Text


class LinesForm(ActForm):
    lines: Lines


class StrikeForm(LinesForm):
    reason: StrikeReason


class OutcomeForm(Body):
    """What the platform says of one line, by a call-back or on paper. ``control``: of the file that was handed over; ``cause``: of
    a line that failed; ``source``: number of the call-back, or of the delivery note."""

    control: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    line: Annotated[int, Field(ge=1, le=10**7)]
    amount: Money
    credited: bool
    on: TypedDay
    cause: ReturnCause | None = None
    source: Text


class OutcomeAnnulmentForm(ActForm):
    outcome: Annotated[str, Field(pattern=r"^assistance/pay-list-[0-9a-f-]{36}/[0-9]{1,9}$")]
    reason: Text


class DueForm(ActForm):
    """Which due of the beneficiary it is about."""

    programme: Programme
    component: Programme
    period_from: TypedDay
    period_to: TypedDay
    occasion: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9_./-]+$")] = "regular"


class DecidedForm(DueForm):
    """By whose decision."""

    amount: Money
    organ: Text
    document_no: Text
    signer: Text

    def decision(self) -> Decision:
        return Decision(organ=self.organ, decided_on=self.on, document_no=self.document_no, signer=self.signer)


class RecoveryForm(DueForm):
    amount: Money
    receipt_no: Text


class RefundForm(DueForm):
    amount: Money
    voucher_no: Text


class InstalmentForm(Body):
    due_on: TypedDay
    amount: Money


class RecoveryPlanForm(DueForm):
    instalments: Annotated[list[InstalmentForm], Field(min_length=1, max_length=60)]

    def planned(self) -> list[Instalment]:
        return [Instalment(due_on=each.due_on, amount=each.amount) for each in self.instalments]


class PayeeForm(ActForm):
    """``payee``: null gives it to the beneficiary's own account again; ``paper``: number of the paper that says so."""

    payee: UUID | None
    paper: Text


class UnitAnnulmentForm(ActForm):
    """``facts``: ids of entries, from the beneficiary's account."""

    facts: Annotated[
        list[Annotated[str, Field(pattern=r"^assistance/payments-of-[0-9a-f-]{36}/[1-9][0-9]{0,8}$", max_length=90)]],
        Field(
            min_length=1, max_length=100, examples=[["assistance/payments-of-00000000-0000-4000-8000-000000000001/1"]]
        ),
    ]
    reason: Text


class YearForm(Body):
    programme: Programme
    division: Place
    year: Annotated[int, Field(ge=2000, le=2200)]
