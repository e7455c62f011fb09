"""The products that are shipped say what their papers say, and no more."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from services.assistance.document_kinds import FIRST_TEXTS
from services.assistance.loans.products import Borrower, LoanProduct, product_from
from services.chassis.law.content import as_dicts, content_of

CONTENTS = [as_dicts(content_of(proposal.content)) for proposal in FIRST_TEXTS.proposals]
SHIPPED: Mapping[str, LoanProduct] = {
    content["loan_product"]: product_from(content) for content in CONTENTS if "loan_product" in content
}


def test_totals_that_were_observed_and_ranges_are_no_limits() -> None:
    """B42: 2,300,000 yuan of 27 women; B43: 500,000 in half a year; B45: from tens of thousands to tens of millions."""
    women, street, members = (
        SHIPPED[key] for key in ("womens_micro_loan", "street_micro_loan", "unsecured_farm_finance")
    )
    assert [each.limit for each in (women, street, members)] == [None, None, None]
    assert [each.term_months for each in (women, street, members)] == [None, None, None]
    assert [each.women_only for each in (women, street, members)] == [True, True, False]
    assert [each.borrower for each in (women, street, members)] == [
        Borrower.PERSON, Borrower.PERSON, Borrower.ORGANISATION,
    ]  # fmt: skip
    assert {each.loan_product for each in SHIPPED.values() if each.applied_for_by} == {"womens_micro_loan"}


def test_the_micro_credit_lends_for_two_uses_of_which_one_has_ended_and_shares_what_its_paper_says() -> None:
    """B44: 19 of 22 households invested for dividend, 3 borrowed to produce: two uses, kept apart."""
    product = SHIPPED["poverty_micro_credit"]
    assert {each.use: each.ends for each in product.uses} == {
        "own_production": None, "invested_for_dividend": date(2017, 7, 25),
    }  # fmt: skip
    assert (product.limit, product.term_months) == (50000, 36)
    shares = product.subsidy_terms.shares
    days = [
        date(2014, 12, 14),
        date(2014, 12, 15),
        date(2023, 12, 31),
        date(2024, 1, 1),
        date(2025, 12, 31),
        date(2026, 1, 1),
    ]
    assert [shares.on(day) for day in days] == [0, 1, 1, Fraction(7, 10), Fraction(7, 10), 0]


def test_only_the_industry_loan_is_for_who_draws_poor_households_in() -> None:
    """R39."""
    assert [each.loan_product for each in SHIPPED.values() if each.draws_in] == ["industry_loan"]
