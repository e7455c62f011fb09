"""Reading loans: one from its facts, many from the table ``loan_accounts``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import dict_row

from contracts.assistance.loans import LoanContracted
from contracts.civil import civil_day, end_of_day
from contracts.facts import Recorded
from contracts.selection import known, timeline
from services.assistance.loans.account import of_loan
from services.assistance.loans.borrowers import base_rate_of, product_in_force, subsidy_terms_of
from services.assistance.loans.course import course_of
from services.assistance.loans.eligibility import months_of
from services.assistance.loans.kept_figures import DIGITS
from services.assistance.loans.portfolio_changes import AGES
from services.assistance.loans.rates import in_percent
from services.assistance.loans.subsidies import SubsidyTerms, overpaid, subsidies
from services.assistance.loans.view import FIGURES, view
from services.casework.documents.reading import Documents
from services.casework.people.domain import person_on
from services.casework.people.queries import facts_about_persons
from services.casework.people.state import PersonState
from services.chassis.ground.refusals import Refused
from services.chassis.log.entries import COLUMNS as LOGGED
from services.chassis.log.entries import decode_row
from services.chassis.log.store import Store
from services.chassis.views.editions import is_current
from services.chassis.web.areas import code_range

TICK = timedelta(microseconds=1)
_ASKED: LiteralString = """
SELECT loan_id, household_id, person_id, product, lender, contract_no, division, contracted_on,
       principal_then AS principal, claims_then AS claims,
       greatest(due - paid, 0) AS arrears, fund_claims_then AS fund_claims, jobs_then AS jobs, drawn_in,
       CASE WHEN due > paid THEN due_days[width_bucket(paid, due_sums) + 1] END AS overdue_since
  FROM (SELECT *, coalesce(balances[told], 0) AS principal_then, coalesce(claims[told], 0) AS claims_then,
               CASE WHEN fund_claims IS NOT NULL THEN coalesce(fund_claims[told], 0) END AS fund_claims_then,
               CASE WHEN jobs IS NOT NULL THEN coalesce(jobs[told], 0) END AS jobs_then,
               coalesce(paid_sums[told], 0) AS paid, coalesce(due_sums[fallen_due], 0) AS due
          FROM (SELECT *, least(width_bucket(%(day)s::date, days), width_bucket(%(known)s::timestamptz, known)) AS told,
                       width_bucket(%(before)s::date, due_days) AS fallen_due
                  FROM loan_accounts
                 WHERE division >= %(low)s AND division < %(high)s AND contracted_on <= %(day)s
                   AND office_since <= %(day)s AND (office_until IS NULL OR office_until > %(day)s)
                   AND known_from <= %(known)s AND (known_until IS NULL OR known_until > %(known)s)
                   {also}
                OFFSET 0) AS accounts
        OFFSET 0) AS sums
"""
"""Every loan of an area on a day as known then. What is due on the day itself is not overdue. ``OFFSET 0``:
each array is searched once."""
ASKED: LiteralString = _ASKED.format(also="")
_LISTED: LiteralString = """
SELECT loan_id, household_id, person_id, product, lender, contract_no, division, contracted_on, principal, claims, arrears, overdue_since
  FROM ({asked}) AS asked WHERE (division, loan_id) > (%(after)s, %(loan)s) ORDER BY division, loan_id LIMIT %(limit)s
"""
LISTED: LiteralString = _LISTED.format(asked=ASKED)
NUMBERED: LiteralString = _LISTED.format(asked=_ASKED.format(also="AND contract_no = %(contract_no)s"))
PORTFOLIO: LiteralString = f"""
SELECT product, age, count(*)::int AS loans, sum(principal)::bigint AS principal, sum(arrears)::bigint AS arrears,
       sum(claims)::bigint AS claims
  FROM (SELECT product, principal, arrears, claims,
               coalesce((%(ages)s::int[])[width_bucket(%(day)s::date - overdue_since, %(ages)s::int[])], 0) AS age
          FROM ({ASKED}) AS asked) AS aged
 GROUP BY product, age ORDER BY product, age
"""

BORROWERS_FACTS: LiteralString = f"""
SELECT {LOGGED} FROM log
 WHERE originator_id = 'loans-' || (SELECT borrower_id FROM loan_accounts WHERE loan_id = %(loan)s LIMIT 1) ORDER BY originator_version
"""
OPEN_NOW: LiteralString = """
SELECT *, due_days[oldest] AS due_on, due_sums[greatest(oldest, width_bucket(%(day)s::date - 1, due_days))] - paid AS owed
  FROM (SELECT loan_id, household_id, person_id, product, lender, contract_no, division, contracted_on, principal,
               due_days, due_sums, paid, 0 < ANY (balances) OR 0 < ANY (paid_sums) AS disbursed, width_bucket(paid, due_sums) + 1 AS oldest
          FROM (SELECT *, coalesce(paid_sums[cardinality(paid_sums)], 0) AS paid
                  FROM loan_accounts
                 WHERE known_until IS NULL AND office_until IS NULL AND division >= %(low)s AND division < %(high)s
                OFFSET 0) AS accounts
        OFFSET 0) AS paid
"""
"""Every loan of an area as known now: the due day of the oldest instalment that is not paid, and what is owed of instalments through
that day and yesterday. What was paid out and paid back on one day has no balance; jobs may be told of what was not paid out yet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A day, as known before an instant."""

    day: date
    known_at: datetime

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "day": self.day,
            "before": self.day - timedelta(days=1),
            "known": self.known_at - TICK,
            "ages": list(AGES),
        }

    @property
    def known_on(self) -> date | None:
        """The civil day at whose end it is asked; ``None`` within a day."""
        last = civil_day(self.known_at - TICK)
        return last if end_of_day(last) == self.known_at else None


class LoanQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self.documents = store, documents

    def borrower_of(self, loan_id: UUID) -> UUID | None:
        """Whose loan it is, which never changes."""
        with self._store.reading() as conn:
            row = conn.execute(
                b"SELECT borrower_id FROM loan_accounts WHERE loan_id = %s LIMIT 1", (loan_id,)
            ).fetchone()
        return None if row is None else row[0]

    def facts(self, loan_id: UUID, asked: Asked | None = None) -> Sequence[Recorded]:
        """The loan's facts; of those known then, in the order of the timeline, where a day is asked for."""
        with self._store.reading() as conn, conn.cursor(binary=True) as cur:
            rows = cur.execute(BORROWERS_FACTS, {"loan": loan_id}, prepare=True).fetchall()
        told = of_loan((decode_row(self._store.name, row) for row in rows), loan_id)
        return told if asked is None else timeline(known(told, asked.known_at), as_of=asked.day)

    def subsidy_terms(self, contract: LoanContracted, day: date, known_at: datetime | None = None) -> SubsidyTerms:
        """On that day, by the papers known then, or now."""
        return subsidy_terms_of(self.documents.known_at(known_at), contract, day)

    def subsidy_overpaid(self, loan_id: UUID, today: date) -> int:
        """Fen that were paid by that day and are not due by it, as known now."""
        told = self.facts(loan_id)
        course = course_of(timeline(told, as_of=today), today)
        return 0 if course is None else overpaid(course, subsidies(course, self.subsidy_terms(course.contract, today)))

    def base_rate(self, contract: LoanContracted, known_at: datetime) -> Decimal | None:
        """Of its day and term, percent a year, by the papers known then; ``None`` where the product lends at none."""
        papers, day = self.documents.known_at(known_at), contract.effective_on
        product = product_in_force(papers, contract.product, day, contract.division)
        try:
            found = base_rate_of(papers, product, day, months_of(contract), contract.division)
        except Refused:  # the series was not adopted yet
            return None
        return None if found is None else in_percent(found)

    def person(self, person_id: UUID, day: date) -> PersonState:
        """Who would sign, on that day; without a household where nobody knows them."""
        with self._store.reading() as conn, conn.cursor() as cur:
            return person_on(facts_about_persons(cur, [person_id])[person_id], person_id, as_of=day)

    def loans(
        self, division: str, asked: Asked, contract_no: str | None, after: tuple[str, UUID], limit: int
    ) -> list[dict[str, Any]]:
        """By division and loan; sums in fen. ``contract_no``: those of that number alone, whoever the lender."""
        low, high = code_range(division)
        given = {
            **asked.parameters, "low": low, "high": high, "contract_no": contract_no, "after": after[0], "loan": after[1],
            "limit": limit,
        }  # fmt: skip
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            return cur.execute(LISTED if contract_no is None else NUMBERED, given).fetchall()

    def portfolio(self, division: str, asked: Asked) -> list[dict[str, Any]]:
        """By product and age of arrears; sums in fen. From the sums that are kept, where they say it, or from the loans."""
        known_on = asked.known_on
        if (
            known_on is not None
            and len(division) in DIGITS
            # What is to come is kept as it is known now alone.
            and (asked.day <= known_on or self._store.now() < asked.known_at)
        ):
            with self._store.reading() as conn:
                if is_current(conn, view()):
                    return FIGURES.portfolio(conn, division, asked.day, known_on)
        return self.of_loans(division, asked)

    def of_loans(self, division: str, asked: Asked) -> list[dict[str, Any]]:
        """The portfolio, loan by loan."""
        low, high = code_range(division)
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            return cur.execute(PORTFOLIO, {**asked.parameters, "low": low, "high": high}).fetchall()
