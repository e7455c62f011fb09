"""Who borrows, and what is entered about a loan."""

from datetime import date
from typing import Any
from uuid import uuid4

import msgspec

from contracts.registry.members import Sex
from contracts.roles import Role
from services.assistance.access import ACCESS
from services.assistance.document_kinds import KINDS
from services.assistance.loans.queries import LoanQueries
from services.assistance.loans.subsidy_inbox import OverpaidSubsidyInbox
from services.casework.documents.reading import Documents
from services.casework.inbox.entries import Asked
from services.chassis.law.content import canonical_text
from services.chassis.security.actor import Actor
from tests.assistance.harness import VILLAGE, AssistanceHarness, Family

START = "2016-01-04"


def family(harness: AssistanceHarness, born: int = 1976, sex: Sex = Sex.FEMALE) -> Family:
    """Enrolled, its head an adult woman, if not said otherwise."""
    new = Family.new()
    new.head = msgspec.structs.replace(new.head, birth_year=born, sex=sex)
    harness.record(new.recorded("2014-01-05"), new.enrolled("2014-06-01"))
    return new


def contract(one: Family, **otherwise: Any) -> dict[str, Any]:
    """24,000 yuan in eight equal parts of principal, each quarter with its interest."""
    form = {
        "effective_on": START, "product": "poverty_micro_credit", "household_id": str(one.household),
        "person_id": str(one.head.person_id), "division": one.division, "lender": "县农商行", "contract_no": str(uuid4())[:8],
        "use": "own_production", "principal": "24000.00", "rate": "4.3500", "overdue_surcharge": "50",
        "method": "equal_principal", "day_count": "actual_360", "first_due_on": "2016-03-20", "period_months": 3,
        "final_on": "2017-12-20",
    }  # fmt: skip
    return {**form, **otherwise}


def money(on: str, amount: str, voucher: str, **more: Any) -> dict[str, Any]:
    return {"effective_on": on, "amount": amount, "voucher": voucher, **more}


def read(harness: AssistanceHarness, loan: str, **asked: Any) -> dict[str, Any]:
    answer: dict[str, Any] = harness.get(loan, **asked)
    return answer


def adopt(harness: AssistanceHarness, text: dict[str, Any]) -> Any:
    """The answer to its proposal where that is refused, else to its confirmation."""
    proposed = harness.operator.post("/assistance/documents", {"content": canonical_text(text)})
    if proposed.status_code != 201:
        return proposed
    second = harness.running.client_for("operator-2", "", Role.OPERATOR)
    return second.post(f"{proposed.headers['Location']}/confirmations")


def subsidies_to_return(harness: AssistanceHarness, loan: str, today: str) -> list[str]:
    """What the office is told to have given back."""
    harness.get("/loans")  # waits until the view has it
    queries = LoanQueries(harness.assistance, Documents(harness.assistance, KINDS))
    reviewer = Actor("r", frozenset({Role.REVIEWER}), VILLAGE)
    asked = Asked(actor=reviewer, division=VILLAGE, kind=None, today=date.fromisoformat(today))
    inbox = OverpaidSubsidyInbox("assistance", harness.assistance, queries, ACCESS)
    found = [e for e in inbox.entries(asked, (date.min, ""), 100) if loan.endswith(str(e.details["loan_id"]))]
    assert all(e.act and e.act.path == f"/assistance{loan}/subsidy-returns" and e.refused is None for e in found)
    assert sum(inbox.counts(asked).values()) == len(inbox.entries(asked, (date.min, ""), 100))
    assert inbox.entries(asked, (date.max, ""), 100) == []
    return [e.act.form["amount"] for e in found if e.act]
