"""Answers about payments. No personal field: beneficiaries are ids, with the numbers that people know them by; of an account no
more is said than that there is one."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

from contracts.assistance.payments import PayMeans, ReturnCause
from contracts.assistance.programmes import PayeeKind
from services.assistance.payments.domain_lines import LineState, PayListStage
from services.casework.standing_facts import StandingFactAnswer


class PayListAct(StrEnum):
    """By which a list goes on."""

    POST = "post_pay_list"
    VERIFY = "verify_pay_list"
    RELEASE = "release_payments"
    HAND_OVER = "hand_over_payments"
    TAKE_RESULTS = "import_payment_results"


class PaymentLineState(StrEnum):
    LISTED = "listed"
    STRUCK = "struck"
    PENDING = "pending"
    SETTLED = "settled"
    RETURNED = "returned"


class PayListAnswer(BaseModel):
    """Yuan. ``status``: how far it has come; ``status_since``: by the latest act; ``next_act``: operation by which it goes on.
    ``control``: of the last file handed over."""

    list_id: UUID
    programme: str
    division: str
    means: PayMeans
    status: PayListStage
    status_since: date
    compiled_on: date
    period_from: date
    period_to: date
    due_as_of: date
    due_known_at: datetime
    lines: int
    total: Decimal
    last_day: date | None
    quota: str | None
    fund_document: str | None
    order_no: str | None
    reserved: Decimal | None
    instructed: Decimal
    settled: Decimal
    returned: Decimal
    pending_lines: int
    held: list[int]
    reissues: UUID | None
    next_act: PayListAct | None


class ChainEntry(BaseModel):
    """A paper of the chain from the fund to the return: ``what`` happened, its number, on which day, of how much."""

    what: str
    number: str
    on: date
    amount: Decimal
    fact: str


class FullPayListAnswer(PayListAnswer):
    """``outcomes``: what the platform said that stands; each may be annulled."""

    control: str | None
    chain: list[ChainEntry]
    outcomes: list[StandingFactAnswer]


class PaymentLineAnswer(BaseModel):
    """``control``: of the file that it was handed over in; ``account``: masked, where the register has one; ``payee``: whose account
    it goes to, where that is not the beneficiary's own."""

    list_id: UUID
    control: str | None
    line: int
    unit: UUID
    person_no: str | None
    household_id: UUID | None
    national_no: str | None
    programme: str
    component: str
    period_from: date
    period_to: date
    occasion: str
    amount: Decimal
    payee_kind: PayeeKind
    payee: UUID | None
    account: str | None
    line_state: PaymentLineState
    cause: ReturnCause | None


class DifferenceAnswer(BaseModel):
    """A due that the list has and the same question does not answer now, or the other way round, or with another amount."""

    unit: UUID
    component: str
    period_from: date
    period_to: date
    occasion: str
    listed: Decimal | None
    found: Decimal | None


class ReproductionAnswer(BaseModel):
    """``same``: the same question, as known then, gives the same lines; ``differences``: to what is known now."""

    list_id: UUID
    due_as_of: date
    due_known_at: datetime
    same: bool
    lines: int
    total: Decimal
    total_now: Decimal
    differences: list[DifferenceAnswer]


STATES = {state: state.name.lower() for state in LineState}
