"""Rosters of made-up pupils."""

from collections.abc import Mapping

from tests.casework.workbooks.sheets import book_of
from tests.registry.intake.example_workbooks import content_of

HEADERS = (
    "序号", "姓名", "身份证号", "学校标识码", "学段", "入学日期", "统计日期", "年级", "班级", "是否寄宿", "学籍终止日期", "学籍终止原因",
    "学年", "学期", "缺勤天数", "是否辍学",
)  # fmt: skip


def line(number: str, school: str, **more: object) -> Mapping[str, object]:
    return {
        "身份证号": number, "姓名": "某某", "学校标识码": school, "学段": "小学", "入学日期": "2014-03-01", "统计日期": "2014-05-10",
        "是否寄宿": "是", **more,
    }  # fmt: skip


def book(*lines: Mapping[str, object]) -> bytes:
    rows = [[n, *(one.get(header) for header in HEADERS[1:])] for n, one in enumerate(lines, 1)]
    return content_of(book_of([("样例小学在校学生花名册",), HEADERS, *rows, ("校长（签字）：",)], "花名册"))
