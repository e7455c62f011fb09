"""Loan products, typed: one document says who may borrow how much for what, at which terms, who bears a loss, and what of the
interest the treasury pays. What a paper does not say is left out, and nothing is made up for it.

::

    loan_product: poverty_micro_credit
    borrower: household              # whose loans count together: household, person, organisation
    ages: {from: 18, to: 65}         # of the person who signs
    uses: [{use: own_production, to: null}, {use: invested_for_dividend, to: 2017-12-31}]
    limit: 50000                     # yuan open at once
    lends_at: pboc_benchmark         # what it lends at, fixed by the contract
    losses: {after_days: 90, fund: 8, lender: 2, stop_at_percent: 3}
    subsidy: {on_first: 50000, shares: [{from: 2015-01-01, to: 2023-12-31, percent: 100}]}
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any

import msgspec

from contracts.assistance.loans import LoanUse
from contracts.registry.poverty_status import PovertyStatus
from services.assistance.loans.rates import DatedValue, ValuesByDay, of_percent, overlapping
from services.assistance.loans.subsidies import UNSUBSIDISED, SubsidyTerms
from services.casework.ledgers.money import FEN
from services.casework.procedures.competent_office import DocumentPart
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Key, Label
from services.chassis.law.content import DocumentError

KIND = "loan_product"
ONE_DAY = timedelta(days=1)
SEVERAL = 2

Months = Annotated[int, msgspec.Meta(ge=1, le=360)]
YuanLimit = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
Share = Annotated[int, msgspec.Meta(ge=0, le=100)]
PercentText = Annotated[str, msgspec.Meta(pattern=r"^(100|[0-9]{1,2}(\.[0-9]{1,4})?)\Z")]


class Borrower(StrEnum):
    HOUSEHOLD = "household"
    PERSON = "person"
    ORGANISATION = "organisation"


class Ages(DocumentPart, frozen=True, kw_only=True):
    """Reached in the year of the contract, both included: the day of birth is sealed."""

    starts: Annotated[int, msgspec.Meta(ge=0, le=120)] = msgspec.field(name="from")
    ends: Annotated[int, msgspec.Meta(ge=0, le=120)] = msgspec.field(name="to")


class Use(DocumentPart, frozen=True, kw_only=True):
    """``to``: the last day on which a contract for this use may begin; ``null``: no end is known."""

    use: LoanUse
    ends: date | None = msgspec.field(name="to")


class DatedPercent(DocumentPart, frozen=True, kw_only=True):
    """From and to, both included."""

    starts: date = msgspec.field(name="from")
    ends: date | None = msgspec.field(name="to")
    percent: PercentText

    @property
    def value(self) -> DatedValue:
        until = None if self.ends is None else self.ends + ONE_DAY
        return DatedValue(self.starts, of_percent(Decimal(self.percent)), until)


class Subsidy(DocumentPart, frozen=True, kw_only=True):
    """``on_first``: yuan of the principal; ``shares``: percent of the interest, by day."""

    on_first: YuanLimit
    shares: Annotated[tuple[DatedPercent, ...], msgspec.Meta(min_length=1, max_length=50)]

    def __post_init__(self) -> None:
        if found := overlapping(each.value for each in self.shares):
            raise DocumentError(
                (),
                f"subsidy：自{found[1].since}起有两个贴息比例；请使较早的一条在前一日结束",
                f"subsidy: two shares hold from {found[1].since} on: end the earlier one the day before",
            )


class Losses(DocumentPart, frozen=True, kw_only=True):
    """``after_days``: overdue, before a loss is compensated; ``fund`` and ``lender``: the proportion in which they bear it;
    ``stop_at_percent``: of what is lent under this product in a county, compensated and not recovered: then no more is lent."""

    after_days: Annotated[int, msgspec.Meta(ge=1, le=3650)]
    fund: Share
    lender: Share
    stop_at_percent: PercentText | None = None

    def __post_init__(self) -> None:
        if not self.fund + self.lender:
            raise DocumentError((), "losses：损失须写明由谁承担", "losses: somebody bears them")


class Extension(DocumentPart, frozen=True, kw_only=True):
    """``times``: at the most; ``months``: behind the contract's last day at the most."""

    times: Annotated[int, msgspec.Meta(ge=1, le=9)]
    months: Months


class LoanProduct(DocumentPart, frozen=True, kw_only=True):
    """One edition of one product. ``applied_for_by``: the procedure; ``statuses``: of the household that borrows, any
    where none is named; ``rate_at_most``: percent a year, by day; ``lends_at``: the
    series of base rates that it lends at, nothing above that of the contract's day and term; ``draws_in``: the borrower must draw
    in poor households (R39);
    ``renewable``: whether a new contract may take the place of a settled one."""

    loan_product: Key
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    in_force: InForce
    borrower: Borrower
    uses: Annotated[tuple[Use, ...], msgspec.Meta(min_length=1, max_length=9)]
    applied_for_by: Key | None = None
    statuses: tuple[PovertyStatus, ...] = ()
    women_only: bool = False
    ages: Ages | None = None
    limit: YuanLimit | None = None
    term_months: Months | None = None
    one_at_a_time: bool = False
    rate_at_most: tuple[DatedPercent, ...] = ()
    lends_at: Key | None = None
    losses: Losses | None = None
    subsidy: Subsidy | None = None
    extension: Extension | None = None
    renewable: bool = False
    draws_in: bool = False
    basis: str | None = None

    def __post_init__(self) -> None:
        if found := overlapping(each.value for each in self.rate_at_most):
            raise DocumentError(
                (),
                f"rate_at_most：自{found[1].since}起有两个利率；请使较早的一条在前一日结束",
                f"rate_at_most: two rates hold from {found[1].since} on: end the earlier one the day before",
            )
        if len({each.use for each in self.uses}) != len(self.uses):
            raise DocumentError((), "uses：同一用途只列一次，请删去重复的", "uses: each is listed once")
        if self.ages is not None and self.ages.starts > self.ages.ends:
            raise DocumentError((), "ages：from 大于 to，请更正", "ages: 'from' is above 'to'")
        if self.borrower is Borrower.ORGANISATION and (self.statuses or self.ages or self.women_only):
            raise DocumentError(
                (), "组织没有身份和年龄，请删去 statuses 和 ages", "an organisation has neither status nor age"
            )

    def rate_ceiling(self, day: date, base: Fraction | None = None) -> Fraction | None:
        """A year; ``None`` where the paper has none for that day. ``base``: the rate of its series for the term."""
        own = (v.value for each in self.rate_at_most if (v := each.value).holds_on(day))
        return min((each for each in (next(own, None), base) if each is not None), default=None)

    @property
    def subsidy_terms(self) -> SubsidyTerms:
        if self.subsidy is None:
            return UNSUBSIDISED
        return SubsidyTerms(ValuesByDay(tuple(each.value for each in self.subsidy.shares)), self.subsidy.on_first * FEN)


def product_from(document: Mapping[str, Any]) -> LoanProduct:
    """The product in this document. Raises ``msgspec.ValidationError``."""
    return msgspec.convert(document, LoanProduct)
