"""What an annulment of annulments brings back, as if it were entered anew. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from contracts.assistance import loans as facts
from contracts.facts import Fact
from services.assistance.loans import rules
from services.assistance.loans.account import Account
from services.assistance.loans.decision_context import DecisionContext
from services.assistance.loans.entry_facts import command_of, facts_of
from services.chassis.ground.refusals import Refused

SHARED = ("fund_part", "lender_part")


def entered_anew(context: DecisionContext, new: Sequence[Fact]) -> Iterator[tuple[DecisionContext, facts.LoanFact]]:
    """Each entry that stands again by these facts, with the decision on it beside all else that stands. A contract is none of them:
    of one that is void nothing is annulled, and it is entered anew."""
    standing = {r.id for r in context.account.standing}
    after = context.account.with_(*new)
    for restored in after.standing:
        fact = restored.fact
        if restored.id in standing or fact.annuls or not isinstance(fact, facts.LoanFact):
            continue
        without = Account([r for r in after.told if r.id != restored.id])
        yield replace(context, command=command_of(fact), account=without), fact


def require_same(anew: DecisionContext, fact: facts.LoanFact) -> None:
    """What was shared by the debt or the claims of its day would be shared so again. Raises ``Refused``."""
    (entered,) = facts_of(anew)
    if any(getattr(entered, part, None) != getattr(fact, part, None) for part in SHARED):
        raise Refused(rules.RESTORED_OTHERWISE)
