"""Keys of the bank statement. Its sheet, columns and headers are a document (kind ``layout``)."""

from collections.abc import Mapping
from enum import StrEnum

from services.casework.workbooks.labelled_codes import LabelledCodes
from services.casework.workbooks.layout import ColumnType
from services.casework.workbooks.needed_columns import Fields, Needed

STATEMENT, LINES = "bank_statement", "lines"


class LineKind(StrEnum):
    """What moved money on a loan's account."""

    DISBURSED = "disbursed"
    REPAID = "repaid"
    PREPAID = "prepaid"
    RECOVERED = "recovered"
    SUBSIDY = "subsidy"
    SUBSIDY_RETURNED = "subsidy_returned"


CODES: Mapping[str, LabelledCodes] = {
    "statement_line": LabelledCodes(
        LineKind,
        {
            LineKind.DISBURSED: "放款", LineKind.REPAID: "还款", LineKind.PREPAID: "提前还款", LineKind.RECOVERED: "追偿收回",
            LineKind.SUBSIDY: "贴息", LineKind.SUBSIDY_RETURNED: "退回贴息",
        },
        {"归还": LineKind.REPAID, "发放": LineKind.DISBURSED},
    )
}  # fmt: skip
_TEXT, _YUAN = Needed(ColumnType.TEXT, required=True), Needed(ColumnType.NUMBER, decimals=2)
FIELDS: Fields = {
    LINES: {
        "lender": _TEXT,
        "contract_no": _TEXT,
        "kind": Needed(ColumnType.CODE, required=True, codes="statement_line"),
        "on": Needed(ColumnType.DAY, required=True),
        "amount": Needed(ColumnType.NUMBER, required=True, decimals=2),
        "voucher": _TEXT,
        "currency": Needed(ColumnType.TEXT),
        "of_principal": _YUAN,
        "of_interest": _YUAN,
        "of_penalty": _YUAN,
    }
}
"""Columns that every layout of the statement has."""
