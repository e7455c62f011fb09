"""Workbooks of made-up staff."""

from typing import Any

from tests.casework.workbooks.sheets import book_of
from tests.registry.households.example_requests import VILLAGE
from tests.registry.intake.example_workbooks import content_of

STAFF = ("序号", "工号", "姓名", "登录账号", "入册日期")
POSTS = ("工号", "岗位", "职务", "辖区", "任职方式", "任职日期", "届满日期", "离任日期", "离任原因")
DELEGATIONS = ("工号", "职务", "辖区", "代理人工号", "代理开始", "代理截止", "决定人工号")


def book(
    staff: list[tuple[object, ...]],
    posts: list[tuple[object, ...]],
    delegations: list[tuple[object, ...]] | None = None,
) -> bytes:
    made = book_of([("某县扶贫干部名册",), STAFF, *((n, *line) for n, line in enumerate(staff, 1))], "人员表")
    sheets = {"任职表": (POSTS, posts), "代理表": (DELEGATIONS, delegations)}
    for name, (headers, lines) in sheets.items():
        if lines is not None:
            sheet = made.create_sheet(name)
            for line in (headers, *lines):
                sheet.append(list(line))
    return content_of(made)


def post(number: str, title: str = "村支书", division: object = VILLAGE, since: str = "2014-01-01", **more: str) -> Any:
    ends, left, why = (more.get(k) for k in ("ends", "left", "why"))
    return number, more.get("role", "村干部"), title, division, more.get("how", "选举"), since, ends, left, why
