"""What a decision on a loan's account depends on. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from contracts.assistance import loans as facts
from contracts.roles import Role
from services.assistance.loans.account import Account
from services.assistance.loans.course import Course
from services.assistance.loans.products import LoanProduct, Losses
from services.assistance.loans.subsidies import SubsidyTerms
from services.casework.people.state import PersonState
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """What a decision depends on. ``edition``: of the product, in force on a day; ``terms``: of its subsidy, as of a day;
    ``lost_share``: of what is lent under it in the
    county, compensated and not recovered; ``person``: somebody on a day, as the register has them;
    ``base``: the base rate of the contract's day and term, where the product lends at one."""

    command: Any
    account: Account
    edition: Callable[[date], LoanProduct | None]
    terms: Callable[[date], SubsidyTerms]
    today: date
    lost_share: Fraction | None = None
    person: Callable[[UUID, date], PersonState] = lambda _, __: PersonState()
    base: Fraction | None = None

    @property
    def contract(self) -> facts.LoanContracted:
        found = self.account.contract
        if found is None:
            raise Refused(NOT_FOUND)
        return found

    @property
    def product(self) -> LoanProduct | None:
        """The edition in force when it was contracted."""
        return self.edition(self.contract.effective_on)

    def course(self, day: date) -> Course:
        found = self.account.through(day)
        assert found is not None  # the day is not before the contract's
        return found

    @property
    def losses(self) -> Losses | None:
        product = self.product
        return None if product is None else product.losses


def step(context: DecisionContext, act: str, **form: Any) -> NextStep:
    """Another act on the same loan, by whoever keeps its account. ``form``: what is settled of it."""
    return NextStep(act, Office((Role.REVIEWER,)), {"loan_id": context.command.loan_id}, form=form)


def renewed(context: DecisionContext) -> NextStep:
    """Another contract of the same borrower in the place of this one."""
    contract = context.contract
    form = {"product": contract.product, "lender": contract.lender, "use": contract.use, "renews": contract.loan_id}
    whose = {name: getattr(contract, name) for name in ("household_id", "person_id", "organisation")}
    settled = {**form, **{name: value for name, value in whose.items() if value is not None}}
    return NextStep(
        "contract_loan", Office((Role.REVIEWER,)), form={name: str(value) for name, value in settled.items()}
    )
