"""A client that takes loans from the contract through money out and in, a corrected rate and a reversal, each step retried until it is
answered; and what must be true of them whatever was killed between any two steps."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4, uuid5

from contracts.roles import Role
from services.assistance.loans import view as loans
from services.assistance.loans.store import ORGANISATIONS
from tests.faults.invariants import check_rebuild
from tests.faults.lika_invariants import RunningLika
from tests.faults.money_clients import COUNT, Step, StepClient
from tests.faults.retrying_clients import VILLAGE, Addressed
from tests.monitoring.projects.road import COUNTY

DAY = {"effective_on": "2016-03-02"}
TYPES = {
    "": "LoanContracted", "disbursements": "LoanDisbursed", "rate-corrections": "LoanRateCorrected", "repayments": "LoanRepaid",
    "annulments": "LoanFactsAnnulled", "jobs": "LoanJobsCreated",
}  # fmt: skip
OWED = (
    "SELECT coalesce(sum(balances[cardinality(balances)]), 0), coalesce(sum(jobs[cardinality(jobs)]), 0)"
    " FROM loan_accounts WHERE known_until IS NULL"
)


def _money(yuan: str, **more: Any) -> Callable[[str], dict[str, Any]]:
    return lambda key: {**DAY, "amount": yuan, "voucher": key, **more}


def _loan(organisation: str) -> Sequence[Step]:
    """50,000 yuan in two parts, all on one day, so that nothing but principal moves: 1,000 repaid and taken back, 2,000 repaid."""
    borrower = uuid5(ORGANISATIONS, f"{VILLAGE}\n{organisation}")
    first_repayment = f"assistance/loans-{borrower}/5"
    return (
        ("", lambda key: {
            **DAY, "product": "unsecured_farm_finance", "organisation": organisation, "division": VILLAGE, "lender": "县农商行",
            "contract_no": key, "use": "industry", "principal": "50000.00", "rate": "4.35", "method": "equal_principal",
            "day_count": "actual_360", "first_due_on": "2016-06-20", "period_months": 3, "final_on": "2018-03-20",
        }),
        ("disbursements", _money("30000.00")),
        ("disbursements", _money("20000.00")),
        ("rate-corrections", lambda _: {**DAY, "rate": "4.75"}),
        ("repayments", _money("1000.00", prepayment=True)),
        ("repayments", _money("2000.00", prepayment=True)),
        ("annulments", lambda _: {**DAY, "facts": [first_repayment], "reason": "reversed"}),
        ("jobs", lambda _: {**DAY, "jobs": 5}),
    )  # fmt: skip


class Lender(StepClient):
    """Each loan to another organisation."""

    def steps_of_a_round(self) -> Sequence[Step]:
        return _loan(f"合作社{uuid4()}")


def lender(lika: Addressed) -> Lender:
    return Lender(lika, "lender", COUNTY, Role.DECIDER, "/assistance/loans", _loan(""))


def check_loans(lika: RunningLika, lender: Lender) -> None:
    """Every step that was acknowledged is there once, what is owed is what went out and came in, and the table of loans is what a rebuild
    makes. Lika is up and has read all."""
    assert lender.refused == []
    assert lender.done["repayments"]
    done = {act: len(keys) for act, keys in lender.done.items()}
    assert {act: int(lika.query("assistance", COUNT, (f"{t}/",))[0][0]) for act, t in TYPES.items()} == done
    [(owed, jobs)] = lika.query("assistance", OWED)
    # The first of two parts and of two payments, and of a loan that was broken off perhaps the first alone.
    parts, payments = (divmod(done[act], 2) for act in ("disbursements", "repayments"))
    out = 30_000_00 * sum(parts) + 20_000_00 * parts[0]
    back = 1_000_00 * sum(payments) + 2_000_00 * payments[0] - 1_000_00 * done["annulments"]
    assert (int(owed), int(jobs)) == (out - back, 5 * done["jobs"])
    check_rebuild("assistance", lika.conninfo("assistance"), loans.view())
