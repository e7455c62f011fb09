"""Bodies of requests about records, as officials send them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tests.support.evidence import on_paper


def about(kind: str, id_: UUID) -> dict[str, str]:
    return {"kind": kind, "id": str(id_)}


def visit(household: UUID, day: str, *, topic: str = "routine", **more: Any) -> dict[str, Any]:
    values = [{"field": "situation", "text": "老人独居，冬衣不足"}, {"field": "topic", "text": topic}]
    return {
        "kind": "home_visit", "subject": about("household", household), "effective_on": day, "values": values, **more,
    }  # fmt: skip


def delivery(household: UUID, day: str, value: str = "500.00") -> dict[str, Any]:
    values = [{"field": "goods", "text": "grain"}, {"field": "value", "number": value}]
    return {
        "kind": "goods_delivery", "subject": about("household", household), "effective_on": day, "values": values,
        "evidence": on_paper("receipt"),
    }  # fmt: skip


def contact(person: UUID, day: str) -> dict[str, Any]:
    values = [{"field": "topic", "text": "mind"}, {"field": "content", "text": "夜里睡不着"}]
    return {
        "kind": "confidential_contact", "subject": about("person", person), "effective_on": day, "values": values,
    }  # fmt: skip


def talk(person: UUID, day: str, topic: str | None = "升学") -> dict[str, Any]:
    values = [{"field": "content", "text": "愿意继续读书"}, *([{"field": "topic", "text": topic}] if topic else [])]
    return {"kind": "talk", "subject": about("person", person), "effective_on": day, "values": values}


def training(
    place: str, day: str, persons: Iterable[UUID] = (), households: Iterable[UUID] = (), unnamed: int = 0
) -> dict[str, Any]:
    attendance = {
        "persons": [str(p) for p in persons], "households": [str(h) for h in households], "unnamed": unnamed,
    }  # fmt: skip
    return {
        "kind": "training_session", "subject": {"kind": "division", "place": place}, "effective_on": day,
        "values": [
            {"field": "subject_matter", "text": "planting"}, {"field": "cost", "number": "1200.5"},
            {"field": "summary", "text": "讲了茶叶修剪"},
        ],
        "attendance": attendance, "evidence": on_paper("attendance_sheet"),
    }  # fmt: skip


def correction_of(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**{name: value for name, value in body.items() if name not in ("kind", "subject")}, **changes}
