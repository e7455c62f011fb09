"""Facts about loans (扶贫贷款): what was lent to whom, repaid, lost and recovered. Stream ``loans-<household_id>``, or of the
organisation that borrows: all loans of one borrower. A loan that was applied for has the id of its case.

Balances are no facts: they are what these come to on a day, as known then. The rate is the contract's; what was typed wrong
of it is corrected, and restates every later day. Ranks are the order within a day: a term is extended before its last day is
over, money goes out before it comes back. No personal field stands here: a borrower is an id, a firm is no person.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec

from contracts.facts import Fact, HouseholdFact, published
from contracts.quantities import Yuan, scaled

Percent = Annotated[Decimal, scaled(4)]
"""Hundredths, four decimals."""


class LoanFact(Fact, frozen=True, kw_only=True):
    """A fact about one loan."""

    loan_id: UUID


class RepaymentMethod(StrEnum):
    """``bullet``: interest in each period, the principal on the last day; ``agreed``: the parts that the contract lists."""

    BULLET = "bullet"
    EQUAL_PRINCIPAL = "equal_principal"
    EQUAL_INSTALMENTS = "equal_instalments"
    AGREED = "agreed"


class DayCount(StrEnum):
    """Days of interest, and how many a year has. ``thirty_360``: every month has thirty."""

    ACTUAL_360 = "actual_360"
    ACTUAL_365 = "actual_365"
    THIRTY_360 = "thirty_360"


class LoanUse(StrEnum):
    """What the money is for. Production of one's own and investment for dividend are never one (R30)."""

    OWN_PRODUCTION = "own_production"
    INVESTED_FOR_DIVIDEND = "invested_for_dividend"
    INDUSTRY = "industry"
    STUDY = "study"


class AgreedInstalment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A part of the principal and the day it is due."""

    due_on: date
    principal: Yuan


class HouseholdLoanFact(HouseholdFact, frozen=True, kw_only=True):
    """What follows for a loan from what the register says of the household that borrowed."""

    loan_id: UUID


class LoanTermsFact(HouseholdLoanFact, frozen=True, kw_only=True):
    """What somebody may be lent. ``months``: of the term."""

    person_id: UUID
    division: str
    product: str
    use: LoanUse
    amount: Yuan
    months: int


@published("LoanApplied")
class LoanApplied(LoanTermsFact, frozen=True, kw_only=True):
    """What only loans know of an application."""


@published("LoanApproved")
class LoanApproved(LoanTermsFact, frozen=True, kw_only=True):
    """The lender may contract up to this amount and term with this borrower; nothing is lent yet."""


@published("LoanContracted")
class LoanContracted(LoanFact, frozen=True, kw_only=True):
    """Agreed, and nothing paid out yet. ``product``: the key of its document; ``organisation``: a firm or cooperative that
    borrows, where no person of a household does. ``rate``: a year, in percent; ``overdue_surcharge``: percent of the rate on
    top of it for principal that is overdue. Instalments are due every ``period_months`` from ``first_due_on`` on, the last on
    ``final_on``. ``renews``: the loan that this one takes the place of (续贷), which an extension never does. ``drawn_in``: the poor
    households that the borrower draws in (带贫), where it does."""

    product: str
    case_id: UUID | None = None
    household_id: UUID | None = None
    person_id: UUID | None = None
    organisation: str | None = None
    division: str
    lender: str
    contract_no: str
    use: LoanUse
    principal: Yuan
    rate: Percent
    overdue_surcharge: Percent
    method: RepaymentMethod
    day_count: DayCount
    first_due_on: date
    period_months: int
    final_on: date
    agreed: tuple[AgreedInstalment, ...] = ()
    renews: UUID | None = None
    drawn_in: tuple[UUID, ...] = ()


@published("LoanDisbursed", rank=20)
class LoanDisbursed(LoanFact, frozen=True, kw_only=True):
    """A part of the principal was paid out. ``voucher``: of the lender, once for each loan."""

    amount: Yuan
    voucher: str


@published("LoanRateCorrected", rank=10)
class LoanRateCorrected(LoanFact, frozen=True, kw_only=True):
    """The contract's rate is this one from ``effective_on`` to before ``until`` (to the end, without one)."""

    rate: Percent
    until: date | None = None


@published("LoanExtended", rank=5)
class LoanExtended(LoanFact, frozen=True, kw_only=True):
    """What was not due yet falls due until ``final_on`` instead (展期): the same contract at the same rate."""

    final_on: date


@published("LoanRepaid", rank=30)
class LoanRepaid(LoanFact, frozen=True, kw_only=True):
    """The borrower paid. What is due is paid by it, the oldest instalment first; what is left waits for the next one, or is
    a ``prepayment`` of principal, interest through the day first."""

    amount: Yuan
    voucher: str
    prepayment: bool = False


@published("LoanCompensated", rank=40)
class LoanCompensated(LoanFact, frozen=True, kw_only=True):
    """The whole debt is called and borne by risk fund and lender (代偿); against the borrower the claims stay."""

    fund_part: Yuan
    lender_part: Yuan
    voucher: str


@published("LoanRecovered", rank=50)
class LoanRecovered(LoanFact, frozen=True, kw_only=True):
    """Of a compensated loan something was recovered, and given back to who bore it."""

    fund_part: Yuan
    lender_part: Yuan
    voucher: str


@published("InterestSubsidyPaid", rank=60)
class InterestSubsidyPaid(LoanFact, frozen=True, kw_only=True):
    """The treasury paid subsidised interest (贴息)."""

    amount: Yuan
    voucher: str


@published("InterestSubsidyReturned", rank=65)
class InterestSubsidyReturned(LoanFact, frozen=True, kw_only=True):
    """The lender gave subsidised interest back to the treasury (退回贴息): paid before, and not due any more, for the loan was restated or
    what was lent was annulled."""

    amount: Yuan
    voucher: str


@published("LoanDividendPaid", rank=70)
class LoanDividendPaid(LoanFact, frozen=True, kw_only=True):
    """Who invested the household's loan paid it a dividend: the historical kind (户贷企用), forbidden since."""

    amount: Yuan
    voucher: str


@published("LoanJobsCreated", rank=70)
class LoanJobsCreated(LoanFact, frozen=True, kw_only=True):
    """How many people the business that was lent for employs on that day, the borrower among them; the number told last counts."""

    jobs: int


class LoanAnnulment(StrEnum):
    REVERSED = "reversed"
    TYPED_WRONG = "typed_wrong"
    CAUSE_ANNULLED = "cause_annulled"


@published("LoanFactsAnnulled")
class LoanFactsAnnulled(LoanFact, frozen=True, kw_only=True):
    """The entries in ``annuls`` are void: a payment that the bank took back, or what was typed wrong."""

    reason: LoanAnnulment


@published("BankStatementImported")
class BankStatementImported(Fact, frozen=True, kw_only=True):
    """A lender's statement was taken in, stream ``bank_statement-<batch_id>``; ``evidence`` names the file, as do the entries that came
    out of it. A subject is a contract with all of its lines. ``division``: the area of whoever brought it in. ``subjects_seen`` =
    recorded + updated + unchanged + refused."""

    batch_id: UUID
    division: str
    subjects_seen: int
    rows_seen: int
    recorded: int
    updated: int
    unchanged: int
    refused: int


@published("LoanRunsToTerm")
class LoanRunsToTerm(HouseholdLoanFact, frozen=True, kw_only=True):
    """The household left poverty; its loan goes on at its terms until it is repaid."""


class LoanReviewReason(StrEnum):
    HOUSEHOLD_REMOVED = "household_removed"
    BORROWER_DIED = "borrower_died"


@published("LoanReviewOpened")
class LoanReviewOpened(HouseholdLoanFact, frozen=True, kw_only=True):
    """Somebody has to decide what becomes of the loan, who owes it and whether the fund bears it; nothing is called by
    itself."""

    reason: LoanReviewReason


class LoanReviewOutcome(StrEnum):
    """``goes_on``: the borrower goes on owing it; ``other_debtor``: somebody else does from then on; ``borne``: nobody is left who
    owes it, and what is not paid is for fund and lender to bear when it has been overdue for its days."""

    GOES_ON = "goes_on"
    OTHER_DEBTOR = "other_debtor"
    BORNE = "borne"


@published("LoanReviewDecided", rank=80)
class LoanReviewDecided(LoanFact, frozen=True, kw_only=True):
    """What becomes of the loan. ``review``: id of the fact that opened it; ``debtor``: who owes the loan from then on, where
    that is another person."""

    review: str
    outcome: LoanReviewOutcome
    debtor: UUID | None = None


@published("LoanOfficeChanged")
class LoanOfficeChanged(HouseholdLoanFact, frozen=True, kw_only=True):
    """The household moved, and the office there keeps the account; the debtor stays."""

    from_division: str
    to_division: str


@published("LoanConsequencesAnnulled")
class LoanConsequencesAnnulled(HouseholdFact, frozen=True, kw_only=True):
    """The register annulled what the facts in ``annuls`` followed from, or learned something that overtook it; or the case
    failed that had been decided first."""
