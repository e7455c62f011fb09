"""Loans as an enemy would tell them: other areas' accounts, sum lines that are none, other orders, what was annulled and restored."""

from typing import Any

import pytest

from contracts.roles import Role
from tests.assistance.harness import AssistanceHarness
from tests.assistance.loans.example_requests import START, contract, family, money, read
from tests.assistance.loans.statement_books import framed, line

STATEMENTS = "/assistance/loan-statements/workbooks"
UNREAD, CUT = "workbook_sum_unread", "workbook_cut_short"


def signed(harness: AssistanceHarness, number: str, **more: Any) -> str:
    return harness.post(harness.reviewer, "/loans", contract(family(harness), contract_no=number, **more))


@pytest.mark.parametrize(
    ("amount", "code"),
    [("24,000.00", None), (24000, None), ("24000.00元", None), ("二万四千", UNREAD), ("-24000.00", UNREAD), (1e308, UNREAD), ("0", CUT),
     ("24000.01", CUT)],
)  # fmt: skip
def test_a_sum_line_is_read_as_the_rows_are_or_nothing_is_taken(
    first_day: AssistanceHarness, amount: object, code: str | None
) -> None:
    harness, number = first_day, f"和-{amount}"
    loan = signed(harness, number)
    content = framed([line(number, "放款", "24000.00", "D-1")], below=[["合计", *[None] * 4, amount]])
    answer = harness.reviewer.post(STATEMENTS, content=content)
    assert (answer.status_code, answer.json().get("code")) == ((201, None) if code is None else (422, code))
    assert read(harness, loan)["disbursed"] == ("24000.00" if code is None else "0.00")


def test_nobody_enters_or_learns_anything_of_another_areas_accounts(first_day: AssistanceHarness) -> None:
    harness = first_day
    loan = signed(harness, "外-1")
    elsewhere = harness.running.client_for("reviewer-x", "990002", Role.REVIEWER)
    answer = elsewhere.post(STATEMENTS, content=framed([line("外-1", "放款", "24000.00", "D-1")])).json()
    unheard = elsewhere.post(STATEMENTS, content=framed([line("外-0", "放款", "24000.00", "D-1")])).json()
    assert [e["code"] for e in answer["errors"]] == ["loan_statement_unknown_contract"]
    assert [{**e, "row": 0} for e in answer["errors"]] == [{**e, "row": 0} for e in unheard["errors"]]
    for path, body in (
        ("subsidy-returns", money(START, "1.00", "B-1")), ("subsidies", money(START, "1.00", "B-1")),
        ("disbursements", money(START, "1.00", "B-1")), ("rate-corrections", {"effective_on": START, "rate": "1"}),
    ):  # fmt: skip
        assert harness.refused(elsewhere, f"{loan}/{path}", body) == (404, "not_found")
    assert read(harness, loan)["entries"] == []
