"""Rows of a statement by contract, and what a contract's lines would be recorded as. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from contracts.assistance import loans as facts
from contracts.facts import Evidence, Fact
from services.assistance.loans import commands as c
from services.assistance.loans.account import Account
from services.assistance.loans.bank_statements import rules
from services.assistance.loans.bank_statements.layout import LINES, LineKind
from services.assistance.loans.decision_context import DecisionContext
from services.assistance.loans.domain import decide
from services.assistance.loans.entry_facts import ENTERED
from services.assistance.loans.forms import yuan
from services.assistance.loans.rules import WRONG_CURRENCY
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.rows import Row
from services.chassis.ground.refusals import Refused

COMMANDS: Mapping[LineKind, type[c.Money]] = {
    LineKind.DISBURSED: c.Disburse, LineKind.REPAID: c.Repay, LineKind.PREPAID: c.Repay, LineKind.RECOVERED: c.Recover,
    LineKind.SUBSIDY: c.PaySubsidy, LineKind.SUBSIDY_RETURNED: c.ReturnSubsidy,
}  # fmt: skip
MONEY = (
    facts.LoanDisbursed, facts.LoanRepaid, facts.LoanRecovered, facts.InterestSubsidyPaid, facts.InterestSubsidyReturned,
)  # fmt: skip
Moved = (
    facts.LoanDisbursed
    | facts.LoanRepaid
    | facts.LoanRecovered
    | facts.InterestSubsidyPaid
    | facts.InterestSubsidyReturned
)
RENMINBI = frozenset({"CNY", "RMB", "人民币"})
PARTS = ("of_principal", "of_interest", "of_penalty")
LONGEST_VOUCHER = 60


@dataclass(frozen=True, slots=True)
class StatementLine:
    """``parts``: principal, interest and penalty, where the bank says them."""

    row: int
    kind: LineKind
    on: date
    amount: Decimal
    voucher: str
    parts: tuple[Decimal, ...] | None

    def command(self, loan: facts.LoanContracted, by: str, evidence: Evidence) -> c.Money:
        kind = COMMANDS[self.kind]
        of_repayment: dict[str, Any] = (
            {"prepayment": self.kind is LineKind.PREPAID, "parts": self.parts} if kind is c.Repay else {}
        )
        return kind(
            loan_id=loan.loan_id, on=self.on, by=by, evidence=(evidence,), amount=self.amount, voucher=self.voucher,
            **of_repayment,
        )  # fmt: skip

    @property
    def order(self) -> tuple[date, int, int]:
        """Banks write the latest line first, or last."""
        return self.on, ENTERED[COMMANDS[self.kind]].rank, self.row


@dataclass(frozen=True, slots=True)
class StatementOfLoan:
    """All lines of one contract."""

    lender: str
    contract_no: str
    lines: tuple[StatementLine, ...]


def check(row: Row) -> None:
    """What can be said of a row by itself."""
    amount, voucher, currency = row.get("amount", Decimal), row.get("voucher", str), row.get("currency", str)
    if amount is not None and amount <= 0:
        row.refuse_cell(rules.NOT_AN_AMOUNT, "amount")
    if voucher is not None and len(voucher) > LONGEST_VOUCHER:
        row.refuse_cell(rules.TOO_LONG, "voucher")
    if currency is not None and currency.strip().upper() not in RENMINBI:
        row.refuse_cell(WRONG_CURRENCY, "currency")


def line_of(row: Row) -> StatementLine:
    said = [row.get(part, Decimal) for part in PARTS]
    parts = None if said == [None, None, None] else tuple(yuan(part or Decimal(0)) for part in said)
    return StatementLine(
        row.number, row.require("kind", LineKind), row.require("on", date), yuan(row.require("amount", Decimal)),
        row.require("voucher", str), parts,
    )  # fmt: skip


def entered(
    account: Account, lines: Sequence[StatementLine], context_of: Callable[[Account, StatementLine], DecisionContext]
) -> tuple[list[Fact], list[RowError], bool]:
    """What is new, which rows are refused, and whether some stood on record before. Each line is decided with those before it; one
    that says what is on record says nothing new."""
    known = {
        (type(r.fact), r.fact.effective_on, amount_of(r.fact), r.fact.voucher)
        for r in account.standing
        if isinstance(r.fact, MONEY)
    }
    new, errors, before = list[Fact](), list[RowError](), False
    for line in sorted(lines, key=lambda each: each.order):
        if (ENTERED[COMMANDS[line.kind]], line.on, line.amount, line.voucher) in known:
            before = True
            continue
        try:
            decided = decide(context_of(account, line))
        except Refused as no:
            errors.append(RowError.of(no.rule, LINES, line.row))
            continue
        account = account.with_(*decided)
        new += decided
    return new, errors, before


def amount_of(fact: Moved) -> Decimal:
    return fact.fund_part + fact.lender_part if isinstance(fact, facts.LoanRecovered) else fact.amount
