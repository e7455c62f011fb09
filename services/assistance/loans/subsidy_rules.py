"""The checks of subsidised interest that is paid, and given back. Pure."""

from datetime import date

from contracts.assistance import loans as facts
from services.assistance.loans import rules
from services.assistance.loans.decision_context import DecisionContext, step
from services.assistance.loans.entry_rules import not_before_contract
from services.assistance.loans.subsidies import subsidies
from services.casework.ledgers.money import fen_of, yuan_of
from services.chassis.ground.refusals import Refused
from services.chassis.ground.rule_checks import checks


@checks(rules.BEYOND_SUBSIDY, given=(not_before_contract,))
def within_subsidy(context: DecisionContext) -> None:
    """On its day, and on every later one on which some was paid, whichever was told first; by the edition of that day, which says the
    shares of all days so far."""
    on, paid = context.command.on, context.account.of(facts.InterestSubsidyPaid)
    for day in sorted({on, *(fact.effective_on for fact in paid if fact.effective_on > on)}):
        due, before = subsidy_due(context, day), context.account.subsidy_paid(day)
        if before + fen_of(context.command.amount) > due:
            raise Refused(rules.BEYOND_SUBSIDY, subsidy_due=yuan_of(due), paid=yuan_of(before), on=day)


@checks(rules.BEYOND_OVERPAID, given=(not_before_contract,))
def within_overpaid_subsidy(context: DecisionContext) -> None:
    """Nothing is given back but what was paid beyond what is due, on its day and on every later one on which some was returned."""
    on, back = context.command.on, context.account.of(facts.InterestSubsidyReturned)
    for day in sorted({on, *(fact.effective_on for fact in back if fact.effective_on > on)}):
        if fen_of(context.command.amount) > (beyond := overpaid(context, day)):
            raise Refused(rules.BEYOND_OVERPAID, overpaid=yuan_of(beyond), on=day).advising(step(context, "read_loan"))


def subsidy_due(context: DecisionContext, day: date) -> int:
    """By the terms of that day, which say the shares of all days so far."""
    return sum(q.amount for q in subsidies(context.course(day), context.terms(day)))


def overpaid(context: DecisionContext, day: date) -> int:
    """Fen that were paid through that day and are not due, of a loan that has a contract by then."""
    if context.account.contract is None:
        return 0
    return max(context.account.subsidy_paid(day) - subsidy_due(context, day), 0)
