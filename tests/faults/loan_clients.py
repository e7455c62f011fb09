"""A client that takes loans from the contract through money out and in, a corrected rate, a reversal, subsidised interest that is paid,
not due any more and given back, and a loss that is borne and recovered in part, each step retried until it is answered; and what must
be true of them whatever was killed between any two steps."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4, uuid5

import httpx

from contracts.roles import Role
from services.assistance.loans import view as loans
from services.assistance.loans.store import ORGANISATIONS
from services.chassis.law.content import canonical_text
from tests.faults.invariants import check_rebuild
from tests.faults.lika_invariants import RunningLika
from tests.faults.lika_process import LikaProcess
from tests.faults.money_clients import COUNT, Step, StepClient
from tests.faults.retrying_clients import VILLAGE, Addressed
from tests.monitoring.projects.road import COUNTY

PRODUCT = {
    "loan_product": "county_farm_finance", "edition": "1", "zh": "县贴息贷款", "en": "county farm finance", "jurisdiction": COUNTY,
    "source": "试验", "in_force": {"from": date(2014, 1, 1), "to": None}, "borrower": "organisation",
    "uses": [{"use": "industry", "to": None}],
    "losses": {"after_days": 90, "fund": 8, "lender": 2},
    "subsidy": {"on_first": 50_000, "shares": [{"from": date(2014, 1, 1), "to": None, "percent": "100"}]},
}  # fmt: skip
DAY = {"effective_on": "2016-03-02"}
QUARTER_OVER = {"effective_on": "2016-04-01"}
REPAID = (1_000_00, 2_000_00, 6_000_00)
"""Fen, one after the other, all on the first day; the first is taken back."""
TYPES = {
    "": "LoanContracted", "disbursements": "LoanDisbursed", "rate-corrections": "LoanRateCorrected", "repayments": "LoanRepaid",
    "annulments": "LoanFactsAnnulled", "jobs": "LoanJobsCreated", "subsidies": "InterestSubsidyPaid",
    "subsidy-returns": "InterestSubsidyReturned", "compensations": "LoanCompensated", "recoveries": "LoanRecovered",
}  # fmt: skip
OWED = (
    "SELECT coalesce(sum(balances[cardinality(balances)]), 0), coalesce(sum(jobs[cardinality(jobs)]), 0),"
    " coalesce(sum(claims[cardinality(claims)]), 0) FROM loan_accounts WHERE known_until IS NULL"
)


KEPT = [
    f"SELECT {', '.join(columns)} FROM {table} WHERE loans <> 0 OR principal <> 0 OR arrears <> 0 OR claims <> 0 ORDER BY 1, 2, 3, 4, 5, 6"
    for table, columns in loans.FIGURES.columns.items()
]


def _money(yuan: str, **more: Any) -> Callable[[str], dict[str, Any]]:
    return lambda key: {**DAY, "amount": yuan, "voucher": key, **more}


def _loan(organisation: str) -> Sequence[Step]:
    """50,000 yuan in two parts and what is repaid, all on one day, so that nothing but principal moves. 48,000 bear 190 yuan of interest
    to the quarter's end, which is subsidised; 6,000 more were repaid, as is told then, and 23.75 go back. Nothing else is."""
    borrower = uuid5(ORGANISATIONS, f"{VILLAGE}\n{organisation}")
    first_repayment = f"assistance/loans-{borrower}/5"
    return (
        ("", lambda key: {
            **DAY, "product": PRODUCT["loan_product"], "organisation": organisation, "division": VILLAGE, "lender": "县农商行",
            "contract_no": key, "use": "industry", "principal": "50000.00", "rate": "4.35", "method": "equal_principal",
            "day_count": "actual_360", "first_due_on": "2016-06-20", "period_months": 3, "final_on": "2018-03-20",
        }),
        ("disbursements", _money("30000.00")),
        ("disbursements", _money("20000.00")),
        ("rate-corrections", lambda _: {**DAY, "rate": "4.75"}),
        ("repayments", _money("1000.00", prepayment=True)),
        ("repayments", _money("2000.00", prepayment=True)),
        ("annulments", lambda _: {**DAY, "facts": [first_repayment], "reason": "reversed"}),
        ("subsidies", _money("190.00", **QUARTER_OVER)),
        ("repayments", _money("6000.00", prepayment=True)),
        ("subsidy-returns", _money("23.75", **QUARTER_OVER)),
        ("jobs", lambda _: {**DAY, "jobs": 5}),
        ("compensations", lambda key: {"effective_on": "2018-07-01", "voucher": key}),
        ("recoveries", _money("1000.00", effective_on="2018-07-02")),
    )  # fmt: skip


class Lender(StepClient):
    """Each loan to another organisation."""

    def steps_of_a_round(self) -> Sequence[Step]:
        return _loan(f"合作社{uuid4()}")


def adopt_product(lika: LikaProcess) -> None:
    """Proposed by one operator and confirmed by another. Lika is up."""
    path, content = "/assistance/documents", {"content": canonical_text(PRODUCT)}
    for operator, form in (("op-1", content), ("op-2", None)):
        headers = {
            "Authorization": f"Bearer {lika.token(operator, '', Role.OPERATOR)}",
            "Idempotency-Key": str(uuid4()),
        }
        answer = httpx.post(lika.url + path, json=form, headers=headers, timeout=60)
        assert answer.status_code == 201, answer.text
        path = f"{answer.headers['Location']}/confirmations"


def lender(lika: Addressed) -> Lender:
    return Lender(lika, "lender", COUNTY, Role.DECIDER, "/assistance/loans", _loan(""))


def check_loans(lika: RunningLika, lender: Lender) -> None:
    """Every step that was acknowledged is there once, what is owed is what went out and came in, and the table of loans is what a rebuild
    makes. Lika is up and has read all."""
    assert lender.refused == []
    assert lender.done["subsidy-returns"]
    done = {act: len(keys) for act, keys in lender.done.items()}
    assert {act: int(lika.query("assistance", COUNT, (f"{t}/",))[0][0]) for act, t in TYPES.items()} == done
    [(owed, jobs, claims)] = lika.query("assistance", OWED)
    # Of a loan that was broken off perhaps the first parts and payments alone.
    parts, payments = divmod(done["disbursements"], 2), divmod(done["repayments"], len(REPAID))
    out = 30_000_00 * sum(parts) + 20_000_00 * parts[0]
    back = sum(REPAID) * payments[0] + sum(REPAID[: payments[1]]) - REPAID[0] * done["annulments"]
    borne = 30_000_00 + 20_000_00 - sum(REPAID[1:])
    assert (int(owed), int(jobs)) == (out - back - borne * done["compensations"], 5 * done["jobs"])
    # Of each loan the same is claimed, with its interest, whatever happened in between.
    each, rest = divmod(int(claims) + 1_000_00 * done["recoveries"], done["compensations"])
    assert each > borne
    assert rest == 0
    kept = [lika.query("assistance", query) for query in KEPT]
    assert all(kept)
    check_rebuild("assistance", lika.conninfo("assistance"), loans.view())
    assert [lika.query("assistance", query) for query in KEPT] == kept, (
        "the sums of the portfolio are not those made anew"
    )
