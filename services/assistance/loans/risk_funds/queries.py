"""How far risk funds cover what is lent, by product and county: the loans from their table, each fund from its facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import class_row, dict_row

from contracts.assistance.risk_funds import RiskFundPaidIn, RiskFundPaidOut
from contracts.facts import Recorded
from contracts.selection import known, timeline
from services.assistance.loans.queries import ASKED, Asked
from services.assistance.loans.rates import in_percent
from services.assistance.loans.risk_funds.answers import LoanCoverageAnswer, RiskFundEntryAnswer, RiskFundFactAnswer
from services.assistance.loans.risk_funds.domain import held, stream_of
from services.casework.ledgers.money import yuan_of
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range

COUNTY_DIGITS, PERCENT_PLACES = 6, 2
LENT: LiteralString = f"""
WITH asked AS MATERIALIZED (SELECT left(division, 6) AS county, * FROM ({ASKED}) AS loans)
SELECT county, product, count(*)::int AS loans, count(DISTINCT household_id)::int AS households,
       count(DISTINCT person_id)::int AS persons, sum(principal)::bigint AS principal, sum(arrears)::bigint AS arrears,
       sum(claims)::bigint AS claims,
       CASE WHEN NOT bool_or(fund_claims IS NULL) THEN sum(fund_claims)::bigint END AS fund_claims,
       CASE WHEN NOT bool_or(jobs IS NULL) THEN sum(jobs)::int END AS jobs,
       CASE WHEN NOT bool_or(drawn_in IS NULL) THEN
           (SELECT count(DISTINCT household)::int FROM asked AS o, unnest(o.drawn_in) AS household
             WHERE (o.county, o.product) = (asked.county, asked.product)) END AS drawn_in
  FROM asked GROUP BY county, product
"""
FUNDS: LiteralString = (
    "SELECT division, product, fund_id FROM risk_funds WHERE division >= %(low)s AND division < %(high)s"
)
NOTHING: dict[str, Any] = {
    "loans": 0, "households": 0, "persons": 0, "drawn_in": 0, "jobs": 0, "principal": 0, "arrears": 0, "claims": 0,
    "fund_claims": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fund:
    division: str
    product: str
    fund_id: UUID


class RiskFundQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def coverage(self, division: str, asked: Asked) -> list[LoanCoverageAnswer]:
        """By county and product, of whatever was lent or paid in by then. A fund is the county's: of a smaller area the loans are told
        and no fund."""
        low, high = code_range(division)
        given = {**asked.parameters, "low": low, "high": high}
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            lent = {(row.pop("county"), row.pop("product")): row for row in cur.execute(LENT, given)}
            funds = {(row["division"], row["product"]): row["fund_id"] for row in cur.execute(FUNDS, given)}
        told = {key: self._told(fund_id, asked) for key, fund_id in funds.items()}
        whole = len(division) <= COUNTY_DIGITS
        return [
            _answer(*key, lent.get(key, NOTHING), funds.get(key), told.get(key, ()) if whole else None)
            for key in sorted({*lent, *(key for key, facts in told.items() if facts)})
        ]

    def facts(self, division: str, asked: Asked) -> list[RiskFundFactAnswer]:
        """Of the funds of an area, by county, product and day."""
        low, high = code_range(division)
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(Fund)) as cur:
            funds = sorted(cur.execute(FUNDS, {"low": low, "high": high}), key=lambda f: (f.division, f.product))
        return [_fact(fund, recorded) for fund in funds for recorded in self._told(fund.fund_id, asked)]

    def _told(self, fund_id: UUID, asked: Asked) -> Sequence[Recorded]:
        return timeline(known(self._store.stream(stream_of(fund_id)), asked.known_at), as_of=asked.day)


def _answer(
    county: str, product: str, lent: dict[str, Any], fund_id: UUID | None, told: Sequence[Recorded] | None
) -> LoanCoverageAnswer:
    """``told``: of the county's fund; ``None`` where only a part of the county is asked for."""
    fund, of_fund = None if told is None else held(told), lent["fund_claims"]
    available = None if of_fund is None or fund is None else fund.balance - yuan_of(of_fund)
    return LoanCoverageAnswer(
        product=product, division=county, fund_id=fund_id, loans=lent["loans"], households=lent["households"],
        persons=lent["persons"], drawn_in=lent["drawn_in"], jobs=lent["jobs"], principal=yuan_of(lent["principal"]),
        arrears=yuan_of(lent["arrears"]), claims=yuan_of(lent["claims"]),
        fund_claims=None if of_fund is None else yuan_of(of_fund), paid_in=fund and fund.paid_in, paid_out=fund and fund.paid_out,
        available=available, coverage=_share(available, lent["principal"]),
        arrears_coverage=_share(available, lent["arrears"]), entries=list(map(_entry, filter(_moves, told or ()))),
    )  # fmt: skip


def _share(available: Decimal | None, fen: int) -> Decimal | None:
    return None if available is None or not fen else in_percent(Fraction(available) * 100 / fen, PERCENT_PLACES)


def _moves(recorded: Recorded) -> bool:
    return isinstance(recorded.fact, RiskFundPaidIn | RiskFundPaidOut)


def _entry(recorded: Recorded) -> RiskFundEntryAnswer:
    fact = recorded.fact
    assert isinstance(fact, RiskFundPaidIn | RiskFundPaidOut)
    amount = fact.amount if isinstance(fact, RiskFundPaidIn) else -fact.amount
    return RiskFundEntryAnswer(
        on=fact.effective_on, fact=recorded.id, type=fact.type_name, amount=amount, voucher=fact.voucher
    )


def _fact(fund: Fund, recorded: Recorded) -> RiskFundFactAnswer:
    moved = _entry(recorded) if _moves(recorded) else None
    return RiskFundFactAnswer(
        fact=recorded.id, type=recorded.fact.type_name, on=recorded.fact.effective_on, amount=moved and moved.amount,
        voucher=moved and moved.voucher, product=fund.product, division=fund.division, entered_by=recorded.fact.entered_by,
    )  # fmt: skip
