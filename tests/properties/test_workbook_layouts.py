"""Any layout: what is written by it, or filled into its template, is read again unchanged, row by row."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.facts import Precision
from services.casework.workbooks.cell_rules import NO_ROWS
from services.casework.workbooks.cells import PARSERS
from services.casework.workbooks.form import Form
from services.casework.workbooks.layout import Column, ColumnType, folded, layout_from
from services.casework.workbooks.parsing import read_form
from services.casework.workbooks.reading.messages import Message, Order
from services.casework.workbooks.reading.process import refuse_at_once
from services.casework.workbooks.reading.worker import messages
from services.casework.workbooks.values import PartialDate, PlaceName
from services.casework.workbooks.writing.annotation import annotate
from services.casework.workbooks.writing.template import blank_template
from services.casework.workbooks.writing.workbook_writer import write_form
from services.chassis.ground.field_texts import read_line
from services.chassis.ground.readings import Unreadable
from services.chassis.ground.text_normalization import NOTHING

TODAY = date(2020, 6, 1)
WORDS = st.text("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥", min_size=2, max_size=8)
LETTERS = st.text("abcdefghijklmnop", min_size=2, max_size=8)
TEXTS = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp")), min_size=1, max_size=30
)
SLOW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Code(Enum):
    FIRST, SECOND, THIRD, FOURTH = "first", "second", "third", "fourth"


@dataclass(frozen=True)
class Words:
    labels: Mapping[Enum, str]

    def parse(self, text: str) -> Enum | None:
        return next((code for code, label in self.labels.items() if text in (label, code.value)), None)

    def nearest(self, text: str) -> str:
        return next(iter(self.labels.values()))


CODE_LISTS = {
    "words": Words({Code.FIRST: "第一", Code.SECOND: "第二", Code.THIRD: "第三" * 70, Code.FOURTH: "第四" * 70})
}
"""Together they are longer than a drop-down list can be in the column."""
DAYS = st.dates(date(1950, 1, 1), TODAY)
TypedCell = tuple[Any, Any]
"""What is written, and what is read."""


SHAPES = {
    ColumnType.IDENTIFIER: r"[0-9A-Za-z-]{1,40}",
    ColumnType.RESIDENT_ID: r"[0-9]{17}[0-9X]",
    ColumnType.PHONE: r"1[0-9]{10}",
    ColumnType.ACCOUNT: r"[0-9]{8,32}",
}


def cells_of(column: Column) -> st.SearchStrategy[TypedCell]:
    if column.type in SHAPES:
        # A number that is a placeholder ("-", "none") is an empty cell, and no number.
        written = st.from_regex(SHAPES[column.type], fullmatch=True)
        return written.filter(lambda number: number.casefold() not in NOTHING).map(_same)
    match column.type:
        case ColumnType.DIVISION:
            codes = st.from_regex(r"[0-9]{12}", fullmatch=True).map(_same)
            return st.one_of(codes, WORDS.map(lambda name: (name, PlaceName(name))))
        case ColumnType.CODE | ColumnType.YES_NO:
            return st.sampled_from(list(Code)).map(lambda code: (CODE_LISTS["words"].labels[code], code))
        case ColumnType.CODES:
            some = st.lists(st.sampled_from([Code.FIRST, Code.SECOND]), min_size=1, max_size=column.most, unique=True)
            return some.map(lambda codes: ("、".join(CODE_LISTS["words"].labels[c] for c in codes), tuple(codes)))
        case ColumnType.NUMBER:
            exact = st.decimals(0, 10**8, places=column.decimals, allow_nan=False, allow_infinity=False)
            return exact.map(lambda number: (str(number), Decimal(number)))
        case ColumnType.YEAR:
            return st.integers(1900, TODAY.year).map(_same)
        case ColumnType.DAY:
            return DAYS.map(lambda day: (day.isoformat(), day))
        case ColumnType.PARTIAL_DATE:
            return DAYS.map(lambda day: (day.isoformat(), PartialDate(day, Precision.DAY))) | DAYS.map(
                lambda day: (f"{day.year}-{day.month:02}", PartialDate(day.replace(day=1), Precision.MONTH))
            )
        case ColumnType.NAME:
            return WORDS.map(_same)
    return TEXTS.filter(lambda text: _in_one_spelling(text) and not text.startswith("#")).map(_same)


def _same(value: Any) -> TypedCell:
    return value, value


def _in_one_spelling(text: str) -> bool:
    """Other texts are those of ``tests/chassis/ground/test_field_texts.py``."""
    try:
        return read_line(text).value == text
    except Unreadable:
        return False


@st.composite
def columns(draw: st.DrawFn, key: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(list(ColumnType)))
    with_codes = kind in (ColumnType.CODE, ColumnType.CODES, ColumnType.YES_NO)
    return {
        "key": key, "zh": draw(WORDS), "en": draw(LETTERS), "type": kind.value, "required": draw(st.booleans()),
        "help_zh": draw(WORDS), "help_en": draw(LETTERS),
        **({"codes": "words"} if with_codes else {}),
        **({"most": draw(st.integers(1, 2))} if kind is ColumnType.CODES else {}),
        **({"decimals": draw(st.integers(0, 3)), "unit": "元"} if kind is ColumnType.NUMBER else {}),
    }  # fmt: skip


@st.composite
def forms(draw: st.DrawFn) -> Form:
    sheets = []
    for s in range(draw(st.integers(1, 3))):
        drawn = [draw(columns(f"c{n}")) for n in range(draw(st.integers(2, 6)))]
        heads = [folded(text) for column in drawn for text in (column["zh"], column["en"])]
        if len(set(heads)) < len(heads):
            drawn = [
                {**column, "zh": f"{column['zh']}甲{n}", "en": f"{column['en']}{n}"} for n, column in enumerate(drawn)
            ]
        drawn[0]["required"] = True
        sheets.append({"key": f"s{s}", "zh": f"表{s}", "en": f"sheet{s}", "columns": drawn})
    document = {
        "layout": "drawn", "edition": "1", "zh": "表", "en": "form", "jurisdiction": "CN", "source": "drawn",
        "from": date(2014, 1, 1), "sheets": sheets,
    }  # fmt: skip
    return Form(layout_from(document), CODE_LISTS, PARSERS)


@st.composite
def filled(draw: st.DrawFn) -> tuple[Form, dict[str, list[dict[str, TypedCell]]]]:
    form = draw(forms())
    rows = {}
    for sheet in form.layout.sheets:
        rows[sheet.key] = [
            {c.key: draw(cells_of(c)) for c in sheet.columns if c.required or draw(st.booleans())}
            for _ in range(draw(st.integers(0, 4)))
        ]
    return form, rows


def in_this_process(content: bytes, order: Order) -> Iterator[Message]:
    return refuse_at_once(messages(content, order))


def read_values(file: bytes, form: Form) -> dict[str, list[dict[str, object]]]:
    read = read_form(file, form, TODAY, reader=in_this_process)
    rows = [row for rows in read.rows.values() for row in rows]
    assert [error for row in rows for error in row.errors] == []
    assert [warning.code for warning in read.warnings] == ([] if rows else [NO_ROWS.code])
    return {key: [row.values for row in rows] for key, rows in read.rows.items()}


def expected(rows: Mapping[str, Sequence[Mapping[str, TypedCell]]]) -> dict[str, list[dict[str, object]]]:
    return {key: [{k: read for k, (_, read) in line.items()} for line in lines] for key, lines in rows.items()}


@SLOW
@given(filled())
def test_what_is_written_by_a_layout_is_read_unchanged(drawn: tuple[Form, Any]) -> None:
    form, rows = drawn
    written = {key: [{k: cell for k, (cell, _) in line.items()} for line in lines] for key, lines in rows.items()}
    file = write_form(form, written)
    assert read_values(file, form) == expected(rows)
    annotated = annotate(file, [], form.layout, reader=in_this_process)
    assert read_values(annotated, form) == expected(rows)


@SLOW
@given(filled(), st.integers(0, 3), st.booleans())
def test_a_template_filled_in_by_hand_is_read_unchanged(drawn: tuple[Form, Any], titles: int, gap: bool) -> None:
    form, rows = drawn
    book = openpyxl.load_workbook(io.BytesIO(blank_template(form)))
    for sheet in form.layout.sheets:
        at = book[sheet.name]
        for number, line in enumerate(rows[sheet.key], start=3 if gap else 2):
            for index, column in enumerate(sheet.columns, start=1):
                if column.key in line:
                    at.cell(number, index).value = line[column.key][0]
                    at.cell(number, index).data_type = "n" if isinstance(line[column.key][0], int) else "s"
        if titles:
            at.insert_rows(1, titles)
        for title in range(1, titles + 1):
            at.cell(title, 1).value = "标题"
    out = io.BytesIO()
    book.save(out)
    assert read_values(out.getvalue(), form) == expected(rows)


def test_a_day_far_ahead_is_refused_unless_the_layout_allows_it() -> None:
    column = {"key": "d", "zh": "日期", "en": "day", "type": "day", "required": True}
    document = {
        "layout": "one", "edition": "1", "zh": "表", "en": "form", "jurisdiction": "CN", "source": "x", "from": TODAY,
        "sheets": [{"key": "s", "zh": "表", "en": "sheet", "columns": [column]}],
    }  # fmt: skip
    for ahead, errors in ((False, 1), (True, 0)):
        column["may_lie_ahead"] = ahead
        form = Form(layout_from(document), CODE_LISTS, PARSERS)
        file = write_form(form, {"s": [{"d": (TODAY + timedelta(days=1)).isoformat()}]})
        (row,) = read_form(file, form, TODAY, reader=in_this_process).rows["s"]
        assert len(row.errors) == errors
