"""A contract: pure decisions on who borrows, the product and the terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

from contracts.assistance.loans import LoanContracted, RepaymentMethod
from contracts.facts import Fact
from contracts.registry.poverty_status import STOCK, PovertyStatus
from services.assistance.loans import rules
from services.assistance.loans.commands import Contract
from services.assistance.loans.eligibility import OpenLoan, Wish, months_of, require_lendable
from services.assistance.loans.entry_rules import require_lending_goes_on
from services.assistance.loans.products import LoanProduct
from services.assistance.loans.rates import in_percent, of_percent
from services.assistance.loans.schedules import ends_at_zero
from services.casework.ledgers.money import fen_of
from services.casework.people.state import PersonState
from services.chassis.ground.refusals import Refused
from services.chassis.ground.rule_checks import check_all, checks


@dataclass(frozen=True, slots=True)
class ContractContext:
    """``product``: in force there on the contract's day; ``person``: on that day; ``opened``, ``known``: loans of the borrower
    that are not settled, and all of them; ``lost_share``: compensated and not recovered of what is lent in the county; ``drawn_in``: status
    on that day of the households named, as far as they are of the area; ``base``: the base rate of that day for the term, where the
    product lends at one."""

    command: Contract
    product: LoanProduct | None
    person: PersonState | None
    today: date
    opened: Sequence[OpenLoan] = field(default=())
    known: Sequence[UUID] = field(default=())
    lost_share: Fraction | None = None
    drawn_in: Mapping[UUID, PovertyStatus] = field(default_factory=dict)
    base: Fraction | None = None

    @property
    def rate(self) -> Decimal | None:
        """A year, in percent: the contract's, or the base rate where it says none."""
        stated = self.command.rate
        return in_percent(self.base) if stated is None and self.base is not None else stated


@checks(rules.FUTURE_DAY)
def not_in_future(context: ContractContext) -> None:
    if context.command.on > context.today:
        raise Refused(rules.FUTURE_DAY, on=context.command.on, today=context.today)


@checks(rules.PRODUCT_NOT_IN_FORCE)
def product_is_in_force(context: ContractContext) -> None:
    if context.product is None:
        raise Refused(rules.PRODUCT_NOT_IN_FORCE, product=context.command.product, on=context.command.on)


@checks(rules.NOT_ELIGIBLE, given=(product_is_in_force,))
def may_be_lent(context: ContractContext) -> None:
    command = context.command
    assert context.product is not None
    months = months_of(command)
    rate = None if context.rate is None else of_percent(context.rate)
    wish = Wish(command.product, command.use, command.principal, months, rate, command.renews, context.base)
    require_lendable(context.product, wish, context.person, command.on, context.opened, context.known)


@checks(rules.RATE_NEEDED, given=(product_is_in_force,))
def rate_is_said(context: ContractContext) -> None:
    if context.rate is None:
        raise Refused(rules.RATE_NEEDED)


@checks(rules.LENDING_STOPPED, given=(product_is_in_force,))
def lending_goes_on(context: ContractContext) -> None:
    require_lending_goes_on(context.product, context.lost_share)


@checks(rules.DRAWS_NOBODY_IN, given=(product_is_in_force,))
def draws_poor_households_in(context: ContractContext) -> None:
    """Where the product asks for it (R39); who is named for another one is poor, too."""
    assert context.product is not None
    named = context.command.drawn_in
    not_poor = [str(household) for household in named if context.drawn_in.get(household) not in STOCK]
    if not_poor or (context.product.draws_in and not named):
        raise Refused(rules.DRAWS_NOBODY_IN, not_poor=not_poor)


@checks(rules.SCHEDULE_DAYS)
def days_are_in_order(context: ContractContext) -> None:
    command = context.command
    agreed = [part.due_on for part in command.agreed]
    days = [command.on, *(agreed or [command.first_due_on])]
    ordered = all(earlier < later for earlier, later in pairwise(days))
    if not ordered or (agreed and agreed[-1] != command.final_on) or days[-1] > command.final_on:
        raise Refused(rules.SCHEDULE_DAYS)


@checks(rules.SCHEDULE_NOT_ZERO)
def schedule_ends_at_zero(context: ContractContext) -> None:
    command = context.command
    parts, agreed = [fen_of(part.principal) for part in command.agreed], command.method is RepaymentMethod.AGREED
    fits = ends_at_zero(fen_of(command.principal), parts) if agreed else not parts
    if not fits:
        raise Refused(rules.SCHEDULE_NOT_ZERO, principal=command.principal, parts=len(parts))


RULES = (
    not_in_future,
    days_are_in_order,
    schedule_ends_at_zero,
    product_is_in_force,
    rate_is_said,
    may_be_lent,
    lending_goes_on,
    draws_poor_households_in,
)


def contract(context: ContractContext) -> list[Fact]:
    """Raises ``Refused``."""
    check_all(RULES, context)
    assert context.rate is not None
    return [_contract(context.command, context.rate)]


def _contract(command: Contract, rate: Decimal) -> LoanContracted:
    return LoanContracted(
        loan_id=command.loan_id, effective_on=command.on, entered_by=command.by, evidence=command.evidence,
        decision=command.decision, product=command.product, case_id=command.case_id, household_id=command.household_id,
        person_id=command.person_id, organisation=command.organisation, division=command.division, lender=command.lender,
        contract_no=command.contract_no, use=command.use, principal=command.principal, rate=rate,
        overdue_surcharge=command.overdue_surcharge, method=command.method, day_count=command.day_count,
        first_due_on=command.first_due_on, period_months=command.period_months, final_on=command.final_on,
        agreed=command.agreed, renews=command.renews, drawn_in=command.drawn_in,
    )  # fmt: skip
