"""The facts about a loan that follow from what the register says of whoever borrowed. Pure.

- Exit: a loan that is open runs to its term. Removal: where the product asks for a status, a review opens.
- Death: a review opens, of who owes it and what the fund bears; the account stays with the household of the deceased.
- Split and merge: the debtor stays the debtor. Wherever they live, in whichever household, the office there keeps the account.
- What no longer follows is annulled.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance.loans import (
    HouseholdLoanFact,
    LoanContracted,
    LoanOfficeChanged,
    LoanReviewOpened,
    LoanReviewReason,
    LoanRunsToTerm,
)
from contracts.facts import Fact, Recorded
from contracts.registry.poverty_status import PovertyStatus
from contracts.selection import timeline
from services.assistance.loans.account import Account
from services.assistance.loans.eligibility import open_loans
from services.assistance.loans.products import LoanProduct
from services.casework.people.history import (
    EvaluationPoint,
    PersonStateChange,
    cause_of,
    evaluation_points,
    household_history,
    person_history,
)

DERIVED_FACTS: tuple[type[Fact], ...] = (LoanRunsToTerm, LoanReviewOpened, LoanOfficeChanged)


@dataclass(frozen=True, slots=True)
class Debt:
    """One loan of a person. ``product``: in force when it was contracted; ``about``: the register's facts about every household
    that names the person."""

    account: Account
    contracted: Recorded
    product: LoanProduct | None
    about: Sequence[Recorded]


def derive_facts(debt: Debt) -> Iterator[HouseholdLoanFact]:
    """Every fact that follows for the loan, in the order of its days."""
    contract = debt.contracted.fact
    assert isinstance(contract, LoanContracted)
    assert contract.person_id is not None
    assert contract.household_id is not None
    household, office = contract.household_id, contract.division
    for point in evaluation_points(debtor_history(contract.person_id, debt.about), contract.effective_on):
        state = point.state
        household = state.household_id or household
        common: dict[str, Any] = {"loan_id": contract.loan_id, "household_id": household, "effective_on": point.day}
        if state.division is not None and state.division != office:
            yield LoanOfficeChanged(
                **common, **_derived(debt, point, "division"), from_division=office, to_division=state.division
            )
            office = state.division
        if not _is_open(debt.account, point):
            continue
        if (reason := _review(point, debt.product)) is not None:
            field = "alive" if reason is LoanReviewReason.BORROWER_DIED else "status"
            yield LoanReviewOpened(**common, **_derived(debt, point, field), reason=reason)
        if point.is_exit and _asks_for_status(debt.product):
            yield LoanRunsToTerm(**common, **_derived(debt, point, "status"))


def debtor_history(person: UUID, about: Sequence[Recorded]) -> list[PersonStateChange]:
    """As the person's; of who died, the household's that they lived in last."""
    own = person_history(person, timeline(about))
    died = next((n for n, change in enumerate(own) if n and not change.state.alive), None)
    if died is None:
        return own
    death, last = own[died], own[died - 1].state
    if last.household_id is None:
        return own[: died + 1]
    after = replace(death, state=replace(last, alive=False))
    of_household = household_history(last.household_id, timeline(about, of=last.household_id))
    on_the_day = [change for change in of_household if change.day == death.day][-1:]
    later = [*on_the_day, *(change for change in of_household if change.day > death.day)]
    return [*own[:died], after, *(_of_the_dead(change, after) for change in later)]


def _of_the_dead(change: PersonStateChange, death: PersonStateChange) -> PersonStateChange:
    place = change.state
    state = replace(death.state, division=place.division, status=place.status, enjoys_policies=place.enjoys_policies)
    return replace(change, state=state)


def _is_open(account: Account, point: EvaluationPoint) -> bool:
    course = account.through(point.day)
    return course is not None and bool(open_loans([course]))


def _review(point: EvaluationPoint, product: LoanProduct | None) -> LoanReviewReason | None:
    """On the day on which it becomes true, and on the contract's where it was before."""
    state, before = point.state, point.previous
    if not state.alive and (before is None or before.alive):
        return LoanReviewReason.BORROWER_DIED
    removed = PovertyStatus.REMOVED
    served = not _asks_for_status(product) or (product is not None and removed in product.statuses)
    if state.status is removed and not served and (before is None or before.status is not removed):
        return LoanReviewReason.HOUSEHOLD_REMOVED
    return None


def _asks_for_status(product: LoanProduct | None) -> bool:
    """A product whose paper is gone may have asked for one."""
    return product is None or bool(product.statuses)


def _derived(debt: Debt, point: EvaluationPoint, field: str) -> dict[str, Any]:
    cause = cause_of(point, field, debt.about, debt.contracted.recorded_at)
    return {"entered_by": SYSTEM_ACTOR, "caused_by": cause.id}
