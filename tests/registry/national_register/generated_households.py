"""Households as the national layout could have them, made up by Hypothesis: in its words, every column now filled, now blank."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hypothesis import strategies as st

from services.casework.documents.lookup import Lookup
from services.casework.workbooks.layout import Column, ColumnType
from services.casework.workbooks.writing.workbook_writer import Value, write_form
from services.registry.document_kinds import FIRST_TEXTS
from services.registry.intake.form import form_in_force
from services.registry.intake.layout import CONDITIONS, HISTORY, HOUSEHOLDS, INCOME, MEMBERS, NATIONAL, REFERENCE
from tests.registry.intake.example_workbooks import TODAY, resident_id_of
from tests.registry.intake.import_requests import VILLAGE

_known = FIRST_TEXTS.register("registry").as_known()
FORM = form_in_force(Lookup(lambda _: _known), TODAY, VILLAGE, NATIONAL)
DATA_DAY = "2014-05-20"
WORDS = st.text("甲乙丙丁戊己庚辛壬癸", min_size=2, max_size=6)
NAMES = st.sampled_from(("陈一", "林二", "阿依古丽·买买提", "欧阳子"))
APART, IN_COMMON = ("分开独立生活", "服刑"), ("在家居住", "外出务工", "外出就学")
GROUPS = {*CONDITIONS, *INCOME, *REFERENCE, "income_period", "income_surveyed_on"}
BY_HAND = {
    "document_kind", "id_number", "no_document_reason", "relation", "lives_in_common", "residence_reason", "sex", "birth_year",
    "disability_level", "disability_category", "disability_card", "health", "other_causes", "main_cause", "work_months",
    "national_no", "household_no", "name", "division", "surveyed_on",
}  # fmt: skip
_numbers, _births = count(1), count(1)

Line = Mapping[str, Value]


@dataclass
class Book:
    households: list[Line] = field(default_factory=list)
    members: list[Line] = field(default_factory=list)

    def file(self) -> bytes:
        return write_form(FORM, {HOUSEHOLDS: self.households, MEMBERS: self.members, HISTORY: []})


def labels(column: Column) -> list[str]:
    codes = FORM.column(column).codes
    assert codes is not None
    return list(codes.labels.values())


def _cell(column: Column) -> st.SearchStrategy[Any]:
    match column.type:
        case ColumnType.CODE | ColumnType.YES_NO:
            return st.sampled_from(labels(column))
        case ColumnType.CODES:
            return st.lists(st.sampled_from(labels(column)), min_size=1, max_size=column.most, unique=True).map(
                "、".join
            )
        case ColumnType.NUMBER:
            return st.decimals(0, 9_999_999, places=column.decimals)
        case ColumnType.PHONE:
            return st.integers(13_000_000_000, 18_999_999_999).map(str)
        case ColumnType.ACCOUNT:
            return st.integers(10**17, 10**18 - 1).map(lambda n: f"6{n}")
    return WORDS


@st.composite
def lines(draw: st.DrawFn, sheet: str) -> dict[str, Any]:
    """The columns that stand for themselves."""
    free = [c for c in FORM.sheet(sheet).columns if c.key not in BY_HAND | GROUPS and not c.compared_only]
    return {c.key: draw(_cell(c)) for c in free if draw(st.booleans())}


@st.composite
def incomes(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.booleans()):
        return {}
    amounts = st.decimals(0, 999_999, places=2)
    period = draw(st.sampled_from(("自然年度", "上年10月至当年9月", "前12个月")))
    said: dict[str, Any] = {name: draw(amounts) for name in INCOME[1:]} | {"income_period": period}
    said |= {name: draw(amounts) for name in REFERENCE if draw(st.booleans())}
    before = {"income_surveyed_on": draw(st.sampled_from(("2014-05-20", "2014-03-02")))}
    return said | (before if period == "前12个月" else {"income_year": draw(st.sampled_from((2012, 2013)))})


@st.composite
def members(draw: st.DrawFn, household: str, place: int) -> dict[str, Any]:
    said: dict[str, Any] = {**draw(lines(MEMBERS)), "household_no": household, "name": draw(NAMES)}
    number = next(_births)
    man = number % 2 == 1
    born = 1940 + number % 50
    citizen = resident_id_of(f"{born}0315", f"{number:03}")
    how = draw(st.sampled_from(("居民身份证", "护照", "无证件", "残疾人证")))
    documents: dict[str, dict[str, Any]] = {
        "居民身份证": {"id_number": citizen},
        "护照": {"id_number": f"E{number:08}"},
        "无证件": {"no_document_reason": "未登记户口"},
        "残疾人证": {"id_number": f"{citizen}42"},
    }
    said |= {"document_kind": how, "sex": "男" if man else "女", "birth_year": born, **documents[how]}
    said["national_no"] = f"{household}{place:02}"
    said["relation"] = "户主" if place == 1 else draw(st.sampled_from(("子女", "父母", "其他")))
    if how == "居民身份证" and draw(st.booleans()):
        said |= {"disability_card": f"{citizen}43", "disability_level": "三级", "disability_category": "肢体残疾"}
    if draw(st.booleans()):
        said["health"] = draw(st.sampled_from(("健康", "长期慢性病", "长期慢性病、残疾")))
    if draw(st.booleans()):
        said["work_months"] = draw(st.integers(0, 12))
    if draw(st.booleans()):
        apart = draw(st.booleans())
        said |= {
            "lives_in_common": "否" if apart else "是",
            "residence_reason": draw(st.sampled_from(APART if apart else IN_COMMON)),
        }
    return said


@st.composite
def books(draw: st.DrawFn) -> Book:
    book = Book()
    for _ in range(draw(st.integers(1, 4))):
        number = f"N{next(_numbers):05}"
        causes = draw(st.lists(st.sampled_from(("因病", "因残", "因学", "因灾")), max_size=3, unique=True))
        conditions = {name: draw(st.sampled_from(("是", "否"))) for name in CONDITIONS} if draw(st.booleans()) else {}
        household: dict[str, Any] = {
            **draw(lines(HOUSEHOLDS)), **draw(incomes()), **conditions,
            "national_no": number, "division": VILLAGE, "surveyed_on": DATA_DAY,
        }  # fmt: skip
        if causes:
            household["main_cause"] = causes[0]
        if causes[1:]:
            household["other_causes"] = "、".join(causes[1:])
        book.households.append(household)
        book.members += [draw(members(number, place)) for place in range(1, draw(st.integers(1, 3)) + 1)]
    return book
