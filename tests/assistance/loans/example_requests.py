"""Who borrows, and what is entered about a loan."""

from typing import Any
from uuid import uuid4

import msgspec

from contracts.registry.members import Sex
from tests.assistance.harness import AssistanceHarness, Family

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
