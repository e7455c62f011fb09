"""What a household has of loans: dividends of one that it invested, by year, and the loans whose borrowers draw it in, with the jobs
that their businesses give. Each stands on the sheet of its next visit."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import LiteralString
from uuid import UUID

from contracts.assistance.loans import LoanContracted, LoanDividendPaid
from contracts.consequences import LOAN_BENEFIT, ConsequenceEffect, ConsequenceLine
from contracts.selection import surviving
from services.assistance.loans.domain import stream_of
from services.chassis.following.foresight import Lines, details
from services.chassis.log.unit import Tx

DRAWN_IN: LiteralString = """
SELECT household, loan_id, product, lender, contracted_on, coalesce(jobs[cardinality(jobs)], 0)
  FROM loan_accounts, unnest(drawn_in) AS household
 WHERE known_until IS NULL AND cardinality(drawn_in) > 0 AND office_until IS NULL AND drawn_in && %(households)s::uuid[]
   AND household = ANY(%(households)s::uuid[]) AND contracted_on <= %(day)s AND (0 < ANY (balances) OR 0 < ANY (paid_sums))
 ORDER BY household, contracted_on, loan_id
"""
"""By loans of which money was paid out, settled since or not. As known now."""
Line = tuple[Hashable, ConsequenceLine]


class LoanBenefits:
    """Implements ``Standing``: a line for each loan, of dividends for each year."""

    def lines(self, tx: Tx, households: Sequence[UUID], effect: ConsequenceEffect) -> Lines:
        return dict([*_dividends(tx, households, effect), *_drawn_in(tx, households, effect)])


def _dividends(tx: Tx, households: Sequence[UUID], effect: ConsequenceEffect) -> Iterator[Line]:
    streams = tx.load_many(map(stream_of, households))
    for household in households:
        paid: defaultdict[tuple[UUID, int], list[tuple[date, Decimal]]] = defaultdict(list)
        contracts: dict[UUID, LoanContracted] = {}
        for recorded in surviving(streams[stream_of(household)]):
            match recorded.fact:
                case LoanContracted() as fact:
                    contracts[fact.loan_id] = fact
                case LoanDividendPaid() as fact if fact.effective_on <= tx.today:
                    paid[fact.loan_id, fact.effective_on.year].append((fact.effective_on, fact.amount))
        for (loan, year), sums in paid.items():
            yield (
                (LOAN_BENEFIT, household, loan, year),
                ConsequenceLine(
                    service=tx.log, effect=effect, what=LOAN_BENEFIT, zh="贷款投资分红，待入户核实",
                    en="dividends of an invested loan, for the survey to confirm", on=max(on for on, _ in sums),
                    household_id=household,
                    details=details(
                        loan_id=loan, product=contracts[loan].product, lender=contracts[loan].lender, year=year,
                        dividends=sum((yuan for _, yuan in sums), Decimal(0)),
                    ),
                ),
            )  # fmt: skip


def _drawn_in(tx: Tx, households: Sequence[UUID], effect: ConsequenceEffect) -> Iterator[Line]:
    asked = {"households": list(households), "day": tx.today}
    for household, loan, product, lender, on, jobs in tx.cur.execute(DRAWN_IN, asked).fetchall():
        yield (
            (LOAN_BENEFIT, household, loan),
            ConsequenceLine(
                service=tx.log, effect=effect, what=LOAN_BENEFIT, zh="由贷款主体带动", en="drawn in by who was lent to", on=on,
                household_id=household, details=details(loan_id=loan, product=product, lender=lender, jobs=jobs),
            ),
        )  # fmt: skip
