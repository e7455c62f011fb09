"""A loan's schedule as its household is handed it: everything that is to be paid, what of it is, and what is left after each day."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel

from contracts.assistance.loans import RepaymentMethod
from services.assistance.loans.answers import LoanStatementAnswer


class LoanScheduleRowAnswer(BaseModel):
    """One due day. ``to_pay``: principal and interest; ``unpaid``: of it, as known; ``principal_after``: that has not fallen due by the
    end of that day; ``paid_on``: the day nothing was left of it."""

    due_on: date
    principal: Decimal
    interest: Decimal
    to_pay: Decimal
    unpaid: Decimal
    paid_on: date | None
    principal_after: Decimal


class LoanScheduleAnswer(BaseModel):
    """The days on which a loan is due, those of the past with what was paid of them, at the end of ``as_of`` as known at the end of
    ``known_at``; interest of days to come at the contract's rate. No personal field. ``to_pay``: all that is due from first to
    last; ``unpaid``: what is left of it, less ``advance``, which was paid and waits for the next due day."""

    loan_id: UUID
    as_of: date
    known_at: date
    household_id: UUID | None
    division: str
    lender: str
    contract_no: str
    contracted_on: date
    final_on: date
    disbursed: Decimal
    rate: Decimal
    method: RepaymentMethod
    to_pay: Decimal
    advance: Decimal
    unpaid: Decimal
    rows: list[LoanScheduleRowAnswer]

    @classmethod
    def of(cls, loan: LoanStatementAnswer) -> "LoanScheduleAnswer":
        rows = list(_rows(loan))
        return cls(
            **{name: getattr(loan, name) for name in _OF_THE_LOAN},
            to_pay=sum((row.to_pay for row in rows), Decimal("0.00")),
            unpaid=sum((row.unpaid for row in rows), -loan.advance),
            rows=rows,
        )


_OF_THE_LOAN = (
    "loan_id", "as_of", "known_at", "household_id", "division", "lender", "contract_no", "contracted_on", "final_on",
    "disbursed", "rate", "method", "advance",
)  # fmt: skip


def _rows(loan: LoanStatementAnswer) -> Iterator[LoanScheduleRowAnswer]:
    left = sum((each.principal for each in loan.instalments), Decimal("0.00"))
    left += sum(each.principal for each in loan.planned)
    for each in loan.instalments:
        left -= each.principal
        yield LoanScheduleRowAnswer(
            due_on=each.due_on, principal=each.principal, interest=each.interest, to_pay=each.principal + each.interest,
            unpaid=each.principal_left + each.interest_left, paid_on=each.paid_on, principal_after=left,
        )  # fmt: skip
    for to_come in loan.planned:
        left -= to_come.principal
        whole = to_come.principal + to_come.interest
        yield LoanScheduleRowAnswer(
            due_on=to_come.due_on, principal=to_come.principal, interest=to_come.interest, to_pay=whole, unpaid=whole,
            paid_on=None, principal_after=left,
        )  # fmt: skip
