"""The checks of entries of a loan's account. Pure."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from contracts.assistance import loans as facts
from services.assistance.loans import commands as c
from services.assistance.loans import rules
from services.assistance.loans.account import Account, number_of
from services.assistance.loans.decision_context import DecisionContext, renewed, step
from services.assistance.loans.entry_facts import ENTERED, facts_of
from services.assistance.loans.products import LoanProduct
from services.assistance.loans.rates import DatedValue, in_percent, of_percent, overlapping
from services.casework.dates import months_later
from services.casework.ledgers.money import fen_of, yuan_of
from services.chassis.ground.refusals import Refused
from services.chassis.ground.rule_checks import checks

OF_MONEY_LENT = (
    facts.LoanRepaid, facts.LoanCompensated, facts.LoanRecovered, facts.LoanDividendPaid, facts.LoanJobsCreated,
)  # fmt: skip
"""Entries that there can be none of before something was paid out."""


@checks(rules.FUTURE_DAY)
def not_in_future(context: DecisionContext) -> None:
    if context.command.on > context.today:
        raise Refused(rules.FUTURE_DAY, on=context.command.on, today=context.today)


@checks(rules.BEFORE_CONTRACT)
def not_before_contract(context: DecisionContext) -> None:
    if context.command.on < context.contract.effective_on:
        raise Refused(rules.BEFORE_CONTRACT, on=context.command.on, contracted_on=context.contract.effective_on)


@checks(rules.WRONG_CURRENCY)
def in_renminbi(context: DecisionContext) -> None:
    if context.command.currency != c.RENMINBI:
        raise Refused(rules.WRONG_CURRENCY, currency=context.command.currency)


@checks(rules.VOUCHER_USED)
def voucher_is_new(context: DecisionContext) -> None:
    if (ENTERED[type(context.command)], number_of(context.command.voucher)) in context.account.vouchers:
        raise Refused(rules.VOUCHER_USED).advising(step(context, "annul_loan_entries"))


@checks(rules.BEYOND_PRINCIPAL)
def within_principal(context: DecisionContext) -> None:
    paid_out = sum((fact.amount for fact in context.account.of(facts.LoanDisbursed)), Decimal(0))
    if paid_out + context.command.amount > context.contract.principal:
        raise Refused(rules.BEYOND_PRINCIPAL, principal=context.contract.principal, disbursed=paid_out)


@checks(rules.LENDING_STOPPED)
def lending_goes_on(context: DecisionContext) -> None:
    require_lending_goes_on(context.product, context.lost_share)


def require_lending_goes_on(product: LoanProduct | None, lost_share: Fraction | None) -> None:
    """Raises ``Refused`` where what was lost has reached the tolerance."""
    tolerance = product.losses.stop_at_percent if product is not None and product.losses is not None else None
    if tolerance is not None and lost_share is not None and lost_share >= of_percent(Decimal(tolerance)):
        raise Refused(rules.LENDING_STOPPED, percent=in_percent(lost_share, 2), tolerance=tolerance)


@checks(rules.BEFORE_DISBURSEMENT)
def after_disbursement(context: DecisionContext) -> None:
    first = context.account.first_disbursed_on
    if first is None or context.command.on < first:
        raise Refused(rules.BEFORE_DISBURSEMENT, disbursed_on=first).advising(step(context, "disburse_loan"))


@checks(rules.COMPENSATED_ALREADY)
def not_compensated(context: DecisionContext) -> None:
    for fact in context.account.of(facts.LoanCompensated):
        if context.command.on >= fact.effective_on:
            raise Refused(rules.COMPENSATED_ALREADY, compensated_on=fact.effective_on).advising(
                step(context, "recover_loan")
            )


@checks(rules.COMPENSATED_SINCE, given=(not_before_contract, after_disbursement, not_compensated))
def debt_is_as_it_was_borne(context: DecisionContext) -> None:
    """What restates the debt of the day on which the loss was borne (a payment told late or taken back, another rate or term): fund and
    lender bore another sum, and what they bore is told anew."""
    before, after = context.account, context.account.with_(*facts_of(context))
    for recorded in after.standing:
        if (
            isinstance(recorded.fact, facts.LoanCompensated)
            and _is_as_borne(before, recorded.id, recorded.fact)
            and not _is_as_borne(after, recorded.id, recorded.fact)
        ):
            borne = [r.id for r in before.standing if isinstance(r.fact, facts.LoanCompensated | facts.LoanRecovered)]
            void = [*context.command.facts, *borne] if isinstance(context.command, c.Annul) else borne
            raise Refused(rules.COMPENSATED_SINCE, compensated_on=recorded.fact.effective_on).advising(
                step(context, "annul_loan_entries", facts=list(dict.fromkeys(void)))
            )


def _is_as_borne(account: Account, compensation: str, borne: facts.LoanCompensated) -> bool:
    """Whether without the compensation so much would be owed on its day."""
    course = Account([r for r in account.told if r.id != compensation]).through(borne.effective_on)
    return course is not None and yuan_of(course.debt) == borne.fund_part + borne.lender_part


@checks(rules.COMPENSATED_ALREADY)
def compensated_once(context: DecisionContext) -> None:
    """Whichever of two days was told first."""
    for fact in context.account.of(facts.LoanCompensated):
        raise Refused(rules.COMPENSATED_ALREADY, compensated_on=fact.effective_on).advising(
            step(context, "annul_loan_entries")
        )


@checks(rules.WRONG_SUM)
def parts_add_up(context: DecisionContext) -> None:
    parts = context.command.parts
    if parts is not None and sum(parts, Decimal(0)) != context.command.amount:
        raise Refused(rules.WRONG_SUM, amount=context.command.amount, parts=[str(part) for part in parts])


@checks(rules.PREPAYMENT_TOO_SMALL, given=(not_before_contract, after_disbursement))
def prepayment_reaches_principal(context: DecisionContext) -> None:
    if not context.command.prepayment:
        return
    course = context.course(context.command.on)
    if fen_of(context.command.amount) + course.advance <= course.debt + course.advance - course.not_due:
        due = course.debt + course.advance - course.not_due
        raise Refused(rules.PREPAYMENT_TOO_SMALL, due_amount=yuan_of(due))


@checks(rules.BEYOND_DEBT, given=(not_before_contract, after_disbursement))
def within_debt(context: DecisionContext) -> None:
    """On its day, and on every later one with what was paid since."""
    on, paying = context.command.on, context.account.with_(*facts_of(context))
    for course in (paying.through(on), paying.at_last(context.today)):
        assert course is not None
        if course.debt < 0:
            debt = context.course(course.day).debt
            raise Refused(rules.BEYOND_DEBT, debt=yuan_of(debt), on=course.day)


@checks(rules.RATE_ENDS_FIRST)
def rate_holds_for_a_day(context: DecisionContext) -> None:
    if context.command.until is not None and context.command.until <= context.command.on:
        raise Refused(rules.RATE_ENDS_FIRST, on=context.command.on, until=context.command.until)


@checks(rules.RATE_TOO_HIGH)
def rate_is_the_products(context: DecisionContext) -> None:
    """What a contract may not say is not corrected into it: by the ceiling of the contract's day, when the rate was fixed."""
    product, day = context.product, context.contract.effective_on
    at_most = None if product is None else product.rate_ceiling(day, context.base)
    if at_most is not None and of_percent(context.command.rate) > at_most:
        raise Refused(rules.RATE_TOO_HIGH, at_most=in_percent(at_most))


@checks(rules.RATES_OVERLAP)
def rates_do_not_overlap(context: DecisionContext) -> None:
    new = DatedValue(context.command.on, of_percent(context.command.rate), context.command.until)
    for fact in context.account.of(facts.LoanRateCorrected):
        there = DatedValue(fact.effective_on, of_percent(fact.rate), fact.until)
        if overlapping([there, new]):
            raise Refused(rules.RATES_OVERLAP, since=fact.effective_on, until=fact.until).advising(
                step(context, "annul_loan_entries")
            )


@checks(rules.EXTENSION_NOT_ALLOWED)
def extension_is_allowed(context: DecisionContext) -> None:
    product = context.product
    allowed = None if product is None else product.extension
    times = len(context.account.of(facts.LoanExtended))
    latest = None if allowed is None else months_later(context.contract.final_on, allowed.months)
    if allowed is None or latest is None:
        raise Refused(rules.EXTENSION_NOT_ALLOWED, times=0)
    if times >= allowed.times or context.command.final_on > latest:
        raise Refused(rules.EXTENSION_NOT_ALLOWED, times=allowed.times, months=allowed.months)


@checks(rules.EXTENDED_TOO_LATE, given=(not_before_contract,))
def before_its_end(context: DecisionContext) -> None:
    if context.command.on > context.course(context.command.on).final_on:
        raise Refused(rules.EXTENDED_TOO_LATE, final_on=context.course(context.command.on).final_on)


@checks(rules.SETTLED_ALREADY, given=(not_before_contract,))
def something_is_owed(context: DecisionContext) -> None:
    """Or may be still: what is contracted and not paid out yet is extended, too."""
    course = context.course(context.command.on)
    if course.disbursed and course.debt <= 0:
        raise Refused(rules.SETTLED_ALREADY).advising(renewed(context))


@checks(rules.NOT_LATER, given=(not_before_contract,))
def ends_later(context: DecisionContext) -> None:
    if context.command.final_on <= context.course(context.command.on).final_on:
        raise Refused(rules.NOT_LATER, final_on=context.course(context.command.on).final_on)


@checks(rules.NO_LOSSES_SHARED)
def losses_are_shared(context: DecisionContext) -> None:
    if context.losses is None:
        raise Refused(rules.NO_LOSSES_SHARED)


@checks(rules.NOT_OVERDUE_ENOUGH, given=(not_before_contract, losses_are_shared))
def overdue_enough(context: DecisionContext) -> None:
    oldest = context.course(context.command.on).oldest_due_on
    assert context.losses is not None
    after_days = context.losses.after_days
    if oldest is None or (context.command.on - oldest).days < after_days:
        first = None if oldest is None else oldest + timedelta(days=after_days)
        raise Refused(rules.NOT_OVERDUE_ENOUGH, first_day=first, days=after_days)


@checks(rules.NOT_COMPENSATED)
def compensated(context: DecisionContext) -> None:
    days = [fact.effective_on for fact in context.account.of(facts.LoanCompensated)]
    if not days or context.command.on < min(days):
        raise Refused(rules.NOT_COMPENSATED).advising(step(context, "repay_loan"))


@checks(rules.BEYOND_CLAIM, given=(compensated,))
def within_claim(context: DecisionContext) -> None:
    course = context.account.at_last(context.today)
    assert course is not None
    claim = course.fund_claim + course.lender_claim
    if fen_of(context.command.amount) > claim:
        raise Refused(rules.BEYOND_CLAIM, claim=yuan_of(claim))


@checks(rules.NOT_FOR_DIVIDEND)
def invested_for_dividend(context: DecisionContext) -> None:
    if context.contract.use is not facts.LoanUse.INVESTED_FOR_DIVIDEND:
        raise Refused(rules.NOT_FOR_DIVIDEND, use=context.contract.use)


@checks(rules.REVIEW_NOT_OPEN)
def review_is_open(context: DecisionContext) -> None:
    review = context.account.reviews.get(context.command.review)
    if review is None or review.decided is not None or context.command.on < review.opened.effective_on:
        raise Refused(rules.REVIEW_NOT_OPEN).advising(step(context, "read_loan"))


@checks(rules.REVIEW_DEBTOR, given=(review_is_open,))
def debtor_is_named(context: DecisionContext) -> None:
    """Another debtor is somebody who lives in the register on the day; who died owes nothing more."""
    command, died = context.command, facts.LoanReviewReason.BORROWER_DIED
    if command.outcome is facts.LoanReviewOutcome.GOES_ON:
        fits = command.debtor is None and context.account.reviews[command.review].opened.reason is not died
    elif command.outcome is facts.LoanReviewOutcome.BORNE:
        fits = command.debtor is None
    else:
        fits = command.debtor is not None and context.person(command.debtor, command.on).household_id is not None
    if not fits:
        raise Refused(rules.REVIEW_DEBTOR, outcome=command.outcome)


@checks(rules.NOT_ITS_ENTRY)
def are_its_entries(context: DecisionContext) -> None:
    standing = {r.id for r in context.account.standing if isinstance(r.fact, facts.LoanFact)}
    if not standing.issuperset(context.command.facts):
        raise Refused(rules.NOT_ITS_ENTRY, unknown=sorted({*context.command.facts} - standing))


@checks(rules.CONTRACT_STANDS, given=(are_its_entries,))
def leaves_no_entry_without_what_it_rests_on(context: DecisionContext) -> None:
    """Nothing is left of a contract that is void, nor repaid of what was not paid out by then, nor recovered of what was not
    compensated; and no more is paid back than was lent."""
    after = context.account.with_(*facts_of(context))
    left = [r.fact for r in after.standing]
    entries = [fact for fact in left if type(fact) in ENTERED.values()]
    first = min((fact.effective_on for fact in entries if isinstance(fact, facts.LoanDisbursed)), default=date.max)
    contracted = any(isinstance(fact, facts.LoanContracted) for fact in left)
    if entries and (
        not contracted or any(fact.effective_on < first for fact in entries if type(fact) in OF_MONEY_LENT)
    ):
        raise Refused(rules.CONTRACT_STANDS)
    compensated_on = min((f.effective_on for f in entries if isinstance(f, facts.LoanCompensated)), default=date.max)
    if any(isinstance(f, facts.LoanRecovered) and f.effective_on < compensated_on for f in entries):
        raise Refused(rules.CONTRACT_STANDS)
    if any(
        after.subsidy_paid(fact.effective_on) < 0 for fact in entries if isinstance(fact, facts.InterestSubsidyReturned)
    ):
        raise Refused(rules.CONTRACT_STANDS)
    now, then = context.account.at_last(context.today), after.at_last(context.today)
    if now is not None and then is not None and then.disbursed < now.disbursed and then.debt < min(now.debt, 0):
        raise Refused(rules.CONTRACT_STANDS)
