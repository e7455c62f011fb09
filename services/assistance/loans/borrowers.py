"""What a unit of work looks up about whoever borrowed: their loans, the product, the register."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.assistance.loans import LoanContracted, LoanOfficeChanged
from contracts.facts import Recorded
from contracts.selection import surviving
from services.assistance.loans import base_rates, rules
from services.assistance.loans.account import Account, of_loan
from services.assistance.loans.course import Course
from services.assistance.loans.eligibility import OpenLoan, open_loans
from services.assistance.loans.products import KIND, LoanProduct, product_from
from services.assistance.loans.subsidies import UNSUBSIDISED, SubsidyTerms
from services.casework.documents.lookup import Lookup
from services.casework.people.domain import person_on
from services.casework.people.queries import facts_about_persons
from services.casework.people.state import PersonState
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import NotInForce
from services.chassis.log.unit import Tx

About = Mapping[UUID, Sequence[Recorded]]
"""Of each person the register's facts about every household that names them."""


def office_of(account: Account) -> str:
    """Where the loan is kept now."""
    moved = account.of(LoanOfficeChanged)
    contracted = account.contract
    assert contracted is not None
    return moved[-1].to_division if moved else contracted.division


def person_as_of(tx: Tx, person: UUID, day: date) -> PersonState:
    return person_on(facts_about_persons(tx.cur, [person])[person], person, as_of=day)


def product_in_force(lookup: Lookup, product: str, day: date, division: str) -> LoanProduct | None:
    try:
        return lookup.in_force(KIND, product, day, division).typed(product_from)
    except NotInForce:
        return None


def subsidy_terms_on(lookup: Lookup, product: str, day: date, division: str) -> SubsidyTerms:
    """By the product's paper in force where it was contracted, which says the share of every day so far; or by the last one that was:
    a product that ended lends no more, and what it lent runs to its term."""
    paper = lookup.last_in_force(KIND, product, day, division)
    return UNSUBSIDISED if paper is None else paper.typed(product_from).subsidy_terms


def edition_of(lookup: Lookup, contract: LoanContracted, day: date) -> LoanProduct | None:
    return product_in_force(lookup, contract.product, day, contract.division)


def subsidy_terms_of(lookup: Lookup, contract: LoanContracted, day: date) -> SubsidyTerms:
    return subsidy_terms_on(lookup, contract.product, day, contract.division)


def base_rate_of(lookup: Lookup, product: LoanProduct | None, day: date, months: int, division: str) -> Fraction | None:
    """That the product lends at, for a term that begins on a day; ``None`` where it lends at none. Raises ``Refused`` where the series
    says nothing of it."""
    if product is None or product.lends_at is None:
        return None
    try:
        found = lookup.in_force(base_rates.KIND, product.lends_at, day, division).typed(base_rates.base_rates_from)
    except NotInForce:
        found = None
    if found is None or (rate := found.on(day, months)) is None:
        raise Refused(rules.BASE_RATE_NOT_IN_FORCE, base_rate=product.lends_at, on=day, months=months)
    return rate


def known_loans(told: Sequence[Recorded]) -> list[UUID]:
    return [r.fact.loan_id for r in surviving(told) if isinstance(r.fact, LoanContracted)]


def loans_open(told: Sequence[Recorded], on: date, until: date, today: date) -> list[OpenLoan]:
    """Of one borrower, as known now: what was open on a day, whatever was settled since; and what was contracted after it, until
    another day, and is open still: another loan may be told after one that was signed later."""
    found = list[Course | None]()
    for account in accounts_of(told):
        contract = account.contract
        assert contract is not None
        if contract.effective_on <= on:
            found.append(account.through(on))
        elif contract.effective_on <= until:
            found.append(account.at_last(today))
    return open_loans([course for course in found if course is not None])


def accounts_of(told: Sequence[Recorded]) -> list[Account]:
    """Of every loan of one borrower that stands."""
    return [Account(of_loan(told, loan)) for loan in known_loans(told)]


def about_debtors(cur: Cursor[Any], told: Sequence[Recorded]) -> About:
    """Of everybody who signed for one of the borrower's loans."""
    signed = {r.fact.person_id for r in told if isinstance(r.fact, LoanContracted) and r.fact.person_id is not None}
    return facts_about_persons(cur, sorted(signed))


def recorded_after(tx: Tx, about: About) -> None:
    """What is appended next is recorded after all of it."""
    if instants := [r.recorded_at for known in about.values() for r in known]:
        tx.after(max(instants))
