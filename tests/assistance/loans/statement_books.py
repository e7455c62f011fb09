"""Statements of a lender of nobody."""

from collections.abc import Mapping, Sequence

from tests.casework.workbooks.sheets import book_of
from tests.registry.intake.example_workbooks import content_of

HEADERS = ("序号", "贷款机构", "合同号", "摘要", "日期", "金额", "凭证号", "币种", "其中本金", "其中利息", "其中罚息")


def line(number: str, kind: str, amount: object, voucher: str, **more: object) -> Mapping[str, object]:
    return {
        "贷款机构": "县农商行",
        "合同号": number,
        "摘要": kind,
        "日期": "2016-01-04",
        "金额": amount,
        "凭证号": voucher,
        **more,
    }


def book(*lines: Mapping[str, object]) -> bytes:
    return framed(lines)


def framed(
    lines: Sequence[Mapping[str, object]], *, above: Sequence[Sequence[object]] = (),
    below: Sequence[Sequence[object]] = (),
) -> bytes:  # fmt: skip
    """With what the bank writes above and below the table."""
    rows = [[n, *(one.get(header) for header in HEADERS[1:])] for n, one in enumerate(lines, 1)]
    return content_of(book_of([*above, HEADERS, *rows, *below], "流水明细"))
