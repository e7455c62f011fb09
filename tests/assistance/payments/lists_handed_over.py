"""Lists that were handed over, and what their answers say."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl

from tests.assistance.payments.paying import PayOffice

BANK_DAY = "2016-11-09"


def handed_over(office: PayOffice, count: int) -> str:
    """A list of so many new pupils, handed over on the day of the bank's answers."""
    office.pupils(count)
    pay_list = office.compile(BANK_DAY)
    post = office.harness.post
    post(office.township, f"{pay_list}/postings", {"on": "2016-10-31"})
    post(office.department, f"{pay_list}/verifications", {"on": BANK_DAY})
    office.release(pay_list, BANK_DAY)
    post(office.finance, f"{pay_list}/handovers", {"on": BANK_DAY, "voucher_no": "V1"})
    return pay_list


def codes(answer: dict[str, Any]) -> list[tuple[int, str]]:
    return [(error["row"], error["code"].removeprefix("payment_")) for error in answer["errors"]]


def sums(office: PayOffice, pay_list: str) -> tuple[str, str, str, int]:
    state = office.read(pay_list)
    return state["instructed"], state["settled"], state["returned"], state["pending_lines"]


def workbook(content: bytes, change: Callable[[list[list[Any]]], None]) -> bytes:
    """The same result as a workbook with amounts, line numbers and days as a spreadsheet has them, and then this change."""
    head, *rows, foot = [line.split(",") for line in content.decode().splitlines()]
    said: list[list[Any]] = [
        [list_no, control, int(line), Decimal(yuan), result, date.fromisoformat(on), cause or None]
        for list_no, control, line, yuan, result, on, cause in rows
    ]
    change(said)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "回盘明细"
    for row in (head, *said, foot):
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()
