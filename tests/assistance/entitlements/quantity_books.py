"""Lists of quantities of nobody."""

from collections.abc import Mapping

from tests.casework.workbooks.sheets import book_of
from tests.registry.intake.example_workbooks import content_of

HEADERS = (
    "序号", "编号", "项目", "组成", "期间起始日", "天数", "费用", "月人均收入", "其他资助", "发放数量", "统计日期", "依据文号",
)  # fmt: skip


def row(unit: str, programme: str, component: str, period_from: str, on: str, **said: object) -> Mapping[str, object]:
    return {
        "编号": unit, "项目": programme, "组成": component, "期间起始日": period_from, "统计日期": on, "依据文号": "台账2016-9",
        **said,
    }  # fmt: skip


def book(*rows: Mapping[str, object]) -> bytes:
    lines = [[n, *(one.get(header) for header in HEADERS[1:])] for n, one in enumerate(rows, 1)]
    return content_of(book_of([HEADERS, *lines], "计发依据"))
