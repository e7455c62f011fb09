"""The table ``loan_accounts``, and what is summed beside it."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from contracts.assistance.loans import HouseholdLoanFact, LoanConsequencesAnnulled, LoanContracted, LoanFact
from contracts.facts import PUBLISHED, Recorded
from services.assistance.loans.account import of_loan
from services.assistance.loans.kept_figures import PortfolioFigures
from services.assistance.loans.revisions import Revision, revisions
from services.assistance.loans.subsidies import restated_on, told_on
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

COLUMNS = (
    "borrower_id", "loan_id", "household_id", "person_id", "product", "lender", "contract_no", "principal", "contracted_on",
    "division", "office_since", "office_until", "known_from", "known_until", "due_days", "due_sums", "days", "known",
    "paid_sums", "balances", "claims", "fund_claims", "jobs", "drawn_in",
    "contracted_in", "subsidy_told_on", "subsidy_restated_on",
)  # fmt: skip
FIGURES = PortfolioFigures()
OF_LOANS = (LoanFact, HouseholdLoanFact, LoanConsequencesAnnulled)


def view() -> View[UUID]:
    """Keeps the table ``loan_accounts``."""
    types = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, OF_LOANS))
    accounts = Table("loan_accounts", "borrower_id", COLUMNS, FIGURES)
    # 2: the figures of the portfolio are kept beside it; when what subsidy was paid on was told otherwise.
    # 3: when it was last told of, and where the loan was contracted.
    return view_of_streams("loan_accounts", (accounts,), types, "loans-", UUID, _rows, edition=3)


def _rows(borrower: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    loans = dict.fromkeys(r.fact.loan_id for r in facts if isinstance(r.fact, LoanContracted))
    return ([row for loan in loans for row in _of(borrower, facts, loan)],)


def _of(borrower: UUID, facts: Sequence[Recorded], loan: UUID) -> Iterator[Row]:
    told = of_loan(facts, loan)
    subsidy = told_on(told), restated_on(told)
    for revision in revisions(facts, loan):
        yield from _of_revision(borrower, revision, subsidy if revision.known_until is None else (None, None))


def _of_revision(borrower: UUID, revision: Revision, subsidy: tuple[date | None, date | None]) -> Iterator[Row]:
    contract, sums = revision.contract, revision.sums
    for office in revision.offices:
        yield (
            borrower, contract.loan_id, contract.household_id, contract.person_id, contract.product, contract.lender,
            contract.contract_no, int(contract.principal * 100), contract.effective_on, office.division, office.since,
            office.until, revision.known_from, revision.known_until, [on for on, _ in revision.dues],
            [fen for _, fen in revision.dues], [each.on for each in sums], list(revision.known), [each.paid for each in sums],
            [each.balance for each in sums], [each.claims for each in sums], [each.fund_claims for each in sums],
            [each.jobs for each in sums], list(contract.drawn_in),
            contract.division, *subsidy,
        )  # fmt: skip
