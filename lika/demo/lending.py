"""Two kinds of loans of the sample: the women's guaranteed micro-loan by its chain, rejected once; and a poverty micro-loan with an
instalment that was paid late, and a payment that the bank took back. Synthetic, told in August 2017."""

from typing import Any

from lika.demo.borrowers import Borrower, women_of_working_age
from lika.demo.officials import (
    AUDITOR,
    COUNTY_DECIDER,
    COUNTY_REVIEWER,
    LABOUR_OFFICE,
    TOWNSHIP_REVIEWER,
    Official,
    village_cadre,
    womens_congress,
)
from lika.demo.procedures import decision
from lika.demo.session import SampleSession

TODAY = "2017-08-22"
"""Where the clocks stand."""
TERMS = {"product": "womens_micro_loan", "use": "own_production", "amount": "80000", "months": 24}
LENT = {
    "lender": "样例县农商行", "use": "own_production", "rate": "4.3500", "overdue_surcharge": "50", "method": "equal_principal",
    "day_count": "actual_360",
}  # fmt: skip


async def loans(session: SampleSession) -> None:
    """Each to another woman."""
    rejected, granted, late = await women_of_working_age(session, 3, skip=3)
    await session.client.get(AUDITOR, "/assistance/duties", limit=1)
    await _apply(session, rejected, forwarded=False)
    case = await _apply(session, granted, forwarded=True)
    terms = {"principal": "80000.00", "period_months": 6, "first_due_on": "2018-03-20", "final_on": "2019-03-20"}
    signed = await _sign(
        session, granted, TODAY, product="womens_micro_loan", contract_no="样妇2017-1", case_id=case, **terms
    )
    await session.client.post(COUNTY_DECIDER, f"{signed}/disbursements", _money(TODAY, "80000.00", "F-1"))
    await session.client.post(COUNTY_DECIDER, f"{signed}/jobs", {"effective_on": TODAY, "jobs": 5})
    await _lend_and_be_paid_late(session, late)


async def _apply(session: SampleSession, borrower: Borrower, *, forwarded: bool) -> str:
    """The case's id. Certified by the village; not forwarded by the township, or decided by the lender."""
    opening = {
        "subject": borrower.person_id, "procedure": "womens_micro_loan", "on": TODAY, "grounds": "种养殖缺少资金", "terms": TERMS,
    }  # fmt: skip
    cadre = village_cadre(borrower.village)
    case = str((await session.client.post(cadre, "/assistance/cases", opening))["location"])
    certificate = {
        "signed": True,
        "signer": "村妇代会主任",
        "evidence": [{"kind": "certificate", "held_on_paper": True}],
    }
    steps: tuple[tuple[Official, str, dict[str, Any]], ...] = (
        (womens_congress(borrower.village), "signatures", certificate),
        (TOWNSHIP_REVIEWER, "reviews", {"outcome": "passed" if forwarded else "rejected"}),
        (COUNTY_REVIEWER, "opinions", {"favourable": True}),
        (LABOUR_OFFICE, "signatures", {"signed": True, "signer": "样例县就业局局长"}),
        (COUNTY_DECIDER, "decisions", decision("样农商〔2017〕12号")),
    )
    for official, step, fields in steps if forwarded else steps[:2]:
        await session.client.post(official, f"{case}/{step}", {"on": TODAY, **fields})
    return case.rpartition("/")[2]


async def _sign(session: SampleSession, borrower: Borrower, on: str, **terms: Any) -> str:
    body = {
        "effective_on": on, "person_id": borrower.person_id, "household_id": borrower.household_id, "division": borrower.village,
        **LENT, **terms,
    }  # fmt: skip
    return str((await session.client.post(COUNTY_DECIDER, "/assistance/loans", body))["location"])


async def _lend_and_be_paid_late(session: SampleSession, borrower: Borrower) -> None:
    """Two instalments: the first a week late, after a payment that was taken back; the second on its day, with what was left."""
    terms = {"principal": "20000.00", "period_months": 6, "first_due_on": "2016-09-20", "final_on": "2017-03-20"}
    loan = await _sign(
        session, borrower, "2016-03-21", product="poverty_micro_credit", contract_no="样扶2016-7", **terms
    )
    post = session.client.post
    await post(COUNTY_DECIDER, f"{loan}/disbursements", _money("2016-03-21", "20000.00", "F-2"))
    await post(COUNTY_DECIDER, f"{loan}/repayments", _money("2016-09-20", "10442.25", "H-1"))
    entries = (await session.client.get(AUDITOR, loan))["entries"]
    paid = next(entry["fact"] for entry in entries if entry["type"] == "LoanRepaid")
    void = {"effective_on": "2016-09-20", "facts": [paid], "reason": "reversed"}
    await post(COUNTY_DECIDER, f"{loan}/annulments", void)
    await post(COUNTY_DECIDER, f"{loan}/repayments", _money("2016-09-27", "10442.25", "H-2"))
    debt = (await session.client.get(AUDITOR, loan, as_of="2017-03-20"))["debt"]
    await post(COUNTY_DECIDER, f"{loan}/repayments", _money("2017-03-20", debt, "H-3"))


def _money(on: str, amount: str, voucher: str) -> dict[str, Any]:
    return {"effective_on": on, "amount": amount, "voucher": voucher}
