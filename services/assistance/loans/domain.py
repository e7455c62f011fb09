"""Entries of a loan's account: pure decisions on its facts, its product and the day."""

from collections.abc import Mapping
from uuid import UUID

from contracts.facts import Fact
from services.assistance.loans import commands as c
from services.assistance.loans import entry_rules as check
from services.assistance.loans import subsidy_rules as of_subsidy
from services.assistance.loans.decision_context import DecisionContext
from services.assistance.loans.entry_facts import facts_of
from services.assistance.loans.restoring import entered_anew, require_same
from services.chassis.ground.rule_checks import RuleCheck, check_all

DAYS = (check.not_in_future, check.not_before_contract)
MONEY = (*DAYS, check.in_renminbi, check.voucher_is_new)
RULES_FOR: Mapping[type[c.Command], tuple[RuleCheck[DecisionContext], ...]] = {
    c.Disburse: (
        *MONEY, check.not_compensated, check.within_principal, check.lending_goes_on,
        check.debt_is_as_it_was_borne,
    ),
    c.Repay: (
        *MONEY, check.parts_add_up, check.after_disbursement, check.not_compensated, check.debt_is_as_it_was_borne,
        check.prepayment_reaches_principal, check.within_debt,
    ),
    c.CorrectRate: (
        *DAYS, check.rate_holds_for_a_day, check.rate_is_the_products, check.rates_do_not_overlap, check.debt_is_as_it_was_borne,
    ),
    c.Extend: (
        *DAYS, check.not_compensated, check.extension_is_allowed, check.before_its_end, check.something_is_owed, check.ends_later,
        check.debt_is_as_it_was_borne,
    ),
    c.Compensate: (
        *DAYS, check.losses_are_shared, check.voucher_is_new, check.after_disbursement, check.compensated_once,
        check.overdue_enough,
    ),
    c.Recover: (*MONEY, check.compensated, check.within_claim),
    c.PaySubsidy: (*MONEY, of_subsidy.within_subsidy),
    c.ReturnSubsidy: (*MONEY, of_subsidy.within_overpaid_subsidy),
    c.PayDividend: (*MONEY, check.invested_for_dividend, check.after_disbursement),
    c.CountJobs: (*DAYS, check.after_disbursement),
    c.DecideReview: (*DAYS, check.review_is_open, check.debtor_is_named),
    c.Annul: (
        check.not_in_future, check.are_its_entries, check.leaves_no_entry_without_what_it_rests_on, check.debt_is_as_it_was_borne,
    ),
}  # fmt: skip


def decide(context: DecisionContext) -> list[Fact]:
    """The facts of the command; what they bring back is asked as if it were entered anew. Raises ``Refused``."""
    check_all(RULES_FOR[type(context.command)], context)
    new = facts_of(context)
    for anew, fact in entered_anew(context, new):
        check_all(RULES_FOR[type(anew.command)], anew)
        require_same(anew, fact)
    return new


def stream_of(borrower_id: UUID) -> str:
    """All loans of one borrower: of a household, or of an organisation."""
    return f"loans-{borrower_id}"
