"""Table 4.1 of the source facts: the township's work list for 2016 (M189), owners by label."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from contracts.monitoring.targets import Direction, Owner, TargetKind, TargetLine, TargetSet
from contracts.quantities import Quantity, Unit

TOWNSHIP = "990001101"
LIST = "2016年具体工作安排"
ADOPTED = date(2016, 1, 20)
ONE_CHARACTER = "原件只有一个字 / the paper names one character"

FOUR_VILLAGES = ("桂花村", "三角寺村", "青龙咀村", "青山村")

Row = tuple[str, str, tuple[tuple[str, Unit, str], ...], date, tuple[str, ...]]

ROWS: tuple[Row, ...] = (
    ("W1", "村道公路改建", (("3", Unit.KILOMETRE, "青龙咀村"), ("13", Unit.KILOMETRE, "青山村")), date(2016, 3, 31), ("R1", "R2", "R3")),
    ("W2", "整村推进", (("1.5", Unit.KILOMETRE, "铜佛寺村"), ("3.2", Unit.KILOMETRE, "油坪村")), date(2016, 10, 31), ("R1", "R4", "R2")),
    ("W3", "卫生院职工周转房", (("1", Unit.BUILDING, "全镇"),), date(2016, 11, 20), ("R2",)),
    ("W4", "农网改造", tuple(("1", Unit.VILLAGE, v) for v in FOUR_VILLAGES), date(2016, 12, 31), ("R2", "R3")),
    ("W5", "活动室、社区活动中心", (("1", Unit.BUILDING, "青山村"), ("1", Unit.BUILDING, "关庙坝社区")), date(2016, 5, 31), ("R5", "R1")),
    ("W6", "饮水管网入户", (("6", Unit.VILLAGE_GROUP, "青山村"),), date(2016, 5, 31), ("R3",)),
    ("W7", "宽带入户", (("1", Unit.VILLAGE, "铜佛寺村"), ("1", Unit.VILLAGE, "油坪村")), date(2016, 8, 31), ("R2",)),
    ("W8", "脱贫", (("105", Unit.HOUSEHOLD, "全镇"), ("421", Unit.PERSON, "全镇")), date(2016, 12, 31), ("R6", "R5")),
    ("W9", "烟叶", (("1500", Unit.MU, "全镇"), ("450000", Unit.JIN, "全镇")), date(2016, 12, 10), ("R5", "R3")),
)  # fmt: skip

BY_DEADLINE = ("W1", "W5", "W6", "W7", "W2", "W3", "W9", "W4", "W8")

OWNER_LOAD = {
    "R1": ("W1", "W2", "W5"),
    "R2": ("W1", "W2", "W3", "W4", "W7"),
    "R3": ("W1", "W4", "W6", "W9"),
    "R4": ("W2",),
    "R5": ("W5", "W8", "W9"),
    "R6": ("W8",),
}
"""The table's own sum of it."""


def target_id(item: str) -> UUID:
    return uuid5(NAMESPACE_OID, item)


def note_of(owner: str) -> str | None:
    return ONE_CHARACTER if owner == "R6" else None


def target_set(wanted: str, /, **changed: Any) -> TargetSet:
    """An item of the table as a fact; W8 is the exit target."""
    code, content, lines, deadline, owners = next(row for row in ROWS if row[0] == wanted)
    facts: dict[str, Any] = {
        "target_id": target_id(code),
        "effective_on": ADOPTED,
        "entered_by": "planner",
        "division": TOWNSHIP,
        "year": 2016,
        "work_list": LIST,
        "item": code,
        "content": content,
        "kind": TargetKind.EXIT if code == "W8" else TargetKind.REPORTED,
        "lines": tuple(
            TargetLine(
                line=n, quantity=Quantity(amount=Decimal(amount), unit=unit), place=place, direction=Direction.AT_LEAST
            )
            for n, (amount, unit, place) in enumerate(lines, start=1)
        ),
        "deadline": deadline,
        "owners": tuple(Owner(label=owner, owner_note=note_of(owner)) for owner in owners),
    }
    return TargetSet(**{**facts, **changed})


def request_body(wanted: str, /, **changed: Any) -> Mapping[str, Any]:
    """The same item as a request body."""
    code, content, lines, deadline, owners = next(row for row in ROWS if row[0] == wanted)
    return {
        "effective_on": ADOPTED.isoformat(),
        "division": TOWNSHIP,
        "year": 2016,
        "work_list": LIST,
        "item": code,
        "content": content,
        "kind": "exit" if code == "W8" else "reported",
        "lines": [
            {"amount": amount, "unit": unit, "place": place, "direction": "at_least"} for amount, unit, place in lines
        ],
        "deadline": deadline.isoformat(),
        "owners": [{"label": owner, "owner_note": note_of(owner)} for owner in owners],
        **changed,
    }
