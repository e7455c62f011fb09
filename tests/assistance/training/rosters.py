"""Rosters of courses as files."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook


def roster_file(rows: Sequence[Sequence[Any]]) -> bytes:
    """Each row: the person, the day, and a session or none."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "名册"
    for row in (["人员标识", "日期", "课次"], *rows):
        sheet.append(list(row))
    file = BytesIO()
    book.save(file)
    return file.getvalue()
