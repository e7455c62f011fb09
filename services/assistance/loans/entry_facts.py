"""The facts that entries of a loan's account are recorded as. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.assistance import loans as facts
from contracts.facts import Fact
from services.assistance.loans import commands as c
from services.assistance.loans.decision_context import DecisionContext
from services.casework.ledgers.money import fen_of, shared, yuan_of

ENTERED: Mapping[type[c.Command], type[Fact]] = {
    c.Disburse: facts.LoanDisbursed, c.Repay: facts.LoanRepaid, c.CorrectRate: facts.LoanRateCorrected,
    c.Extend: facts.LoanExtended, c.Compensate: facts.LoanCompensated, c.Recover: facts.LoanRecovered,
    c.PaySubsidy: facts.InterestSubsidyPaid, c.ReturnSubsidy: facts.InterestSubsidyReturned,
    c.PayDividend: facts.LoanDividendPaid,
    c.CountJobs: facts.LoanJobsCreated,
}  # fmt: skip


def facts_of(context: DecisionContext) -> list[Fact]:
    """What the command records, where no rule refuses it."""
    command = context.command
    common: dict[str, Any] = {
        "loan_id": command.loan_id, "effective_on": command.on, "entered_by": command.by, "evidence": command.evidence,
        "decision": command.decision,
    }  # fmt: skip
    match command:
        case c.Repay():
            told: dict[str, Any] = {
                "amount": command.amount,
                "voucher": command.voucher,
                "prepayment": command.prepayment,
            }
            return [facts.LoanRepaid(**common, **told)]
        case c.CorrectRate():
            return [facts.LoanRateCorrected(**common, rate=command.rate, until=command.until)]
        case c.Extend():
            return [facts.LoanExtended(**common, final_on=command.final_on)]
        case c.Compensate():
            return [facts.LoanCompensated(**common, voucher=command.voucher, **_borne(context))]
        case c.Recover():
            return [facts.LoanRecovered(**common, voucher=command.voucher, **_given_back(context))]
        case c.CountJobs():
            return [facts.LoanJobsCreated(**common, jobs=command.jobs)]
        case c.DecideReview():
            outcome: dict[str, Any] = {
                "review": command.review,
                "outcome": command.outcome,
                "debtor": command.debtor,
            }
            return [facts.LoanReviewDecided(**common, **outcome)]
        case c.Annul():
            return [facts.LoanFactsAnnulled(**common, reason=command.reason, annuls=command.facts)]
    entered: Callable[..., Fact] = ENTERED[type(command)]
    return [entered(**common, amount=command.amount, voucher=command.voucher)]


def command_of(fact: facts.LoanFact) -> c.Command:
    """As which the fact was entered, or would be anew."""
    common: dict[str, Any] = {
        "loan_id": fact.loan_id, "on": fact.effective_on, "by": fact.entered_by, "evidence": fact.evidence,
        "decision": fact.decision,
    }  # fmt: skip
    match fact:
        case facts.LoanRepaid():
            return c.Repay(**common, amount=fact.amount, voucher=fact.voucher, prepayment=fact.prepayment)
        case facts.LoanRateCorrected():
            return c.CorrectRate(**common, rate=fact.rate, until=fact.until)
        case facts.LoanExtended():
            return c.Extend(**common, final_on=fact.final_on)
        case facts.LoanCompensated():
            return c.Compensate(**common, voucher=fact.voucher)
        case facts.LoanRecovered():
            return c.Recover(**common, voucher=fact.voucher, amount=fact.fund_part + fact.lender_part)
        case facts.LoanJobsCreated():
            return c.CountJobs(**common, jobs=fact.jobs)
        case facts.LoanReviewDecided():
            return c.DecideReview(**common, review=fact.review, outcome=fact.outcome, debtor=fact.debtor)
        case (
            facts.LoanDisbursed()
            | facts.InterestSubsidyPaid()
            | facts.InterestSubsidyReturned()
            | facts.LoanDividendPaid()
        ):
            kind = next(kind for kind, entered in ENTERED.items() if entered is type(fact))
            return kind(**common, amount=fact.amount, voucher=fact.voucher)  # type: ignore[call-arg]
    raise TypeError(fact.type_name)


def _borne(context: DecisionContext) -> dict[str, Any]:
    """The whole debt of the day, in the product's proportion."""
    assert context.losses is not None
    return _parts(context.course(context.command.on).debt, context.losses.fund, context.losses.lender)


def _given_back(context: DecisionContext) -> dict[str, Any]:
    """In the proportion of what each still claims, so that the last of it leaves neither a fen."""
    course = context.account.at_last(context.today)
    assert course is not None
    return _parts(fen_of(context.command.amount), course.fund_claim, course.lender_claim)


def _parts(fen: int, fund: int, lender: int) -> dict[str, Any]:
    of_fund, of_lender = shared(fen, [fund, lender])
    return {"fund_part": yuan_of(of_fund), "lender_part": yuan_of(of_lender)}
