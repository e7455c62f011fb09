"""A lender's statement is taken in contract by contract, each wholly or not at all; sent again it says nothing new."""

from collections.abc import Mapping
from typing import Any

import pytest

from services.casework.workbooks.importing import importer as importing
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.unit import Unit
from tests.assistance.harness import AssistanceHarness, Family
from tests.assistance.loans.example_requests import contract, family, read
from tests.assistance.loans.statement_books import book, framed, line

STATEMENTS = "/assistance/loan-statements/workbooks"


def signed(harness: AssistanceHarness, number: str) -> tuple[Family, str]:
    one = family(harness)
    return one, harness.post(harness.reviewer, "/loans", contract(one, contract_no=number))


def sent(harness: AssistanceHarness, *lines: Mapping[str, object], **more: Any) -> Any:
    return taken(harness, book(*lines), **more)


def taken(harness: AssistanceHarness, content: bytes, **more: Any) -> Any:
    answer = harness.reviewer.post(STATEMENTS, content=content, **more)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def counts(answer: Any) -> tuple[int, int, int, int]:
    return answer["recorded"], answer["updated"], answer["unchanged"], answer["refused"]


def errors(answer: Any) -> list[tuple[int, str]]:
    return [(error["row"], error["code"]) for error in answer["errors"]]


def test_lines_in_any_order_are_entered_once_and_the_file_again_changes_nothing(first_day: AssistanceHarness) -> None:
    harness = first_day
    _, loan = signed(harness, "流水-1")
    lines = [line("流水-1", "还款", "100.00", "R-1"), line("流水-1", "放款", "24000.00", "D-1", 币种="人民币")]
    tried = sent(harness, *lines, params={"dry_run": "true"})
    assert (counts(tried), read(harness, loan)["disbursed"]) == ((1, 0, 0, 0), "0.00")
    done = sent(harness, *lines)
    assert (counts(done), errors(done)) == ((1, 0, 0, 0), [])
    assert (read(harness, loan)["disbursed"], read(harness, loan)["advance"]) == ("24000.00", "100.00")
    assert counts(sent(harness, *reversed(lines))) == (0, 0, 1, 0)
    more = line("流水-1", "提前还款", "1100.00", "R-2", 其中本金="1100.00")
    assert counts(sent(harness, *lines, more)) == (0, 1, 0, 0)
    assert read(harness, loan)["principal"] == "22800.00"
    progress = harness.reviewer.get(f"{STATEMENTS}/{done['batch_id']}").json()
    assert (progress["subjects_done"], progress["summary"]["recorded"]) == (1, 1)


def foot_of(amount: object, label: str = "合计") -> list[object]:
    return [label, *[None] * 4, amount]


def test_a_statement_that_was_cut_short_is_named_and_nothing_of_it_is_entered(first_day: AssistanceHarness) -> None:
    """By its sum line, by the number of lines that it says above or below, or because its last line breaks off."""
    harness = first_day
    loans = [signed(harness, number)[1] for number in ("流水-断-1", "流水-断-2")]
    lines = [line(number, "放款", "24000.00", "D-1") for number in ("流水-断-1", "流水-断-2")]
    part: dict[str, object] = dict(list(lines[1].items())[:5])  # up to its amount: no voucher
    cut = {
        "sum": framed(lines[:1], below=[foot_of("48000.00")]),
        "count below": framed(lines[:1], below=[["共 2 笔"]]),
        "count above": framed(lines[:1], above=[["县农商行流水"], ["总笔数：", 2, "打印日期", "2016-01-05"]]),
        "both": framed(lines[:1], below=[[*foot_of("24000.00", "合计 共2笔")]]),
    }
    for how, content in cut.items():
        for params in ({"dry_run": "true"}, {}):
            answer = harness.reviewer.post(STATEMENTS, content=content, params=params)
            assert (answer.status_code, answer.json().get("code")) == (422, "workbook_cut_short"), (how, answer.json())
    said = harness.reviewer.post(STATEMENTS, content=cut["sum"]).json()
    assert (said["facts"]["row"], said["facts"]["said"], said["facts"]["found"]) == (3, "48000.00", "24000.00")
    broken = harness.reviewer.post(STATEMENTS, content=framed([lines[0], part]))
    assert (broken.status_code, broken.json()["code"], broken.json()["facts"]["row"]) == (
        422,
        "workbook_cut_in_line",
        3,
    )
    sent_bytes = framed(lines, below=[foot_of("48000.00")])
    halved = harness.reviewer.post(STATEMENTS, content=sent_bytes[: len(sent_bytes) // 2])
    assert (halved.status_code, halved.json()["code"]) == (422, "workbook_not_sound")
    assert [read(harness, loan)["disbursed"] for loan in loans] == ["0.00", "0.00"]
    # Page by page, with the total of each page or of all so far, and what it says of itself is so.
    whole = framed(
        lines,
        above=[["总笔数", 2], ["第 1 页 共 2 页"]],
        below=[foot_of("48000.00", "合计 共 2 笔"), foot_of("48000.00", "总计")],
    )
    answer = taken(harness, whole)
    assert (counts(answer), errors(answer)) == ((2, 0, 0, 0), [])
    # Who forgot a cell in the middle of a line is told of that cell, and the other contract is entered.
    blank = {**lines[1], "凭证号": None, "币种": "人民币"}
    assert errors(taken(harness, framed([lines[0], blank]))) == [(3, "workbook_required")]


def test_subsidy_given_back_stands_in_a_statement_as_what_was_paid_does(first_day: AssistanceHarness) -> None:
    harness = first_day
    _, loan = signed(harness, "流水-退")
    out = line("流水-退", "放款", "24000.00", "D-1")
    answer = sent(harness, out, line("流水-退", "退回贴息", "1.00", "B-1"))
    assert errors(answer) == [(3, "loan_beyond_overpaid_subsidy")]
    assert read(harness, loan)["entries"] == []


def test_each_wrong_line_is_named_and_nothing_of_its_contract_is_entered(first_day: AssistanceHarness) -> None:
    """Unknown loans, twice, before disbursement, beyond the debt, wrong currency, wrong sum."""
    harness = first_day
    loans = {number: signed(harness, number)[1] for number in ("流水-2", "流水-3", "流水-4", "流水-5", "流水-6")}
    lent = [line(number, "放款", "24000.00", "D-1") for number in ("流水-3", "流水-4", "流水-5", "流水-6")]
    answer = sent(
        harness,
        line("无此合同", "还款", "1.00", "R-1"),
        line("流水-2", "还款", "1.00", "R-1"),
        *lent,
        line("流水-3", "还款", "24000.01", "R-1"),
        line("流水-4", "还款", "1.00", "R-1", 币种="USD"),
        line("流水-5", "还款", "1.00", "R-1", 其中本金="0.50"),
        line("流水-5", "还款", "0.00", "R-2"),
        line("流水-6", "还款", "1.00", "R-1"),
        line("流水-6", "还款", "2.00", "R-1"),
    )
    assert (counts(answer), answer["rows_seen"]) == ((0, 0, 0, 6), 12)
    assert errors(answer) == [
        (2, "loan_statement_unknown_contract"), (3, "loan_before_disbursement"), (8, "loan_beyond_debt"),
        (9, "loan_wrong_currency"), (11, "loan_statement_not_an_amount"), (13, "loan_voucher_used"),
    ]  # fmt: skip
    assert {read(harness, loan)["disbursed"] for loan in loans.values()} == {"0.00"}
    again = sent(harness, *lent, line("流水-5", "还款", "1.00", "R-1", 其中本金="0.50"))
    assert (counts(again), errors(again)) == ((3, 0, 0, 1), [(6, "loan_wrong_sum")])


def test_what_was_broken_off_goes_on_where_it_stopped(
    first_day: AssistanceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness = first_day
    loans = [signed(harness, number)[1] for number in ("流水-7", "流水-8")]
    file = book(*(line(number, "放款", "24000.00", "D-1") for number in ("流水-7", "流水-8")))
    monkeypatch.setattr(importing, "CHUNK_SIZE", 1)
    submit, submitted = harness.assistance.submit, list[Unit]()

    def broken(unit: Unit) -> Any:
        submitted.append(unit)
        if len(submitted) > 2:  # the file itself, and the first contract
            raise StoreUnavailable("away")
        return submit(unit)

    with monkeypatch.context() as away:
        away.setattr(harness.assistance, "submit", broken)
        assert harness.reviewer.post(STATEMENTS, content=file, key="statement-7").status_code == 503
    assert [read(harness, loan)["disbursed"] for loan in loans] == ["24000.00", "0.00"]
    assert counts(taken(harness, file, key="statement-7")) == (2, 0, 0, 0)
    assert [len(read(harness, loan)["entries"]) for loan in loans] == [1, 1]
