"""The sheet that is taken along on a visit: what was known last, field by field as it is called, with room for what has changed. Drawn
from the answer about the household and the labels: no field is named here but those that are no matter of a visit."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, Self

from pydantic import BaseModel

from services.chassis.ground.labels import LABELS
from services.registry.households.answers import HouseholdAnswer, LabelAnswer
from services.registry.households.member_answers import CODED as CODES_OF_MEMBERS
from services.registry.households.member_answers import MemberAnswer

CODES_OF_HOUSEHOLDS = {
    "attribute": "household_attribute", "housing_grade": "housing_grade", "water_supply": "water_supply",
    "power_supply": "power_supply", "toilet": "toilet", "main_cause": "poverty_cause", "other_causes": "poverty_cause",
    "risks": "risk", "period": "income_period",
}  # fmt: skip
"""Field → the code list that labels it."""
CODED = {**CODES_OF_HOUSEHOLDS, **CODES_OF_MEMBERS}
APART = frozenset({
    "household_id", "person_id", "as_of", "known_at", "labels", "members", "incomes", "conditions", "monitoring", "national_no",
    "division", "status", "name",
})  # fmt: skip
"""What stands elsewhere on the sheet, or is nothing to be asked for."""

Lists = Mapping[str, Mapping[str, LabelAnswer]]


class SheetLine(BaseModel):
    """A field as it is called, and what was known last; both texts are empty where nothing is."""

    name: str
    zh: str
    en: str
    text_zh: str
    text_en: str


class SheetPart(BaseModel):
    """Of a member: relation and masked name as the title; of the household none. ``no``: 户编号 or 人编号."""

    title_zh: str
    title_en: str
    no: str | None
    lines: list[SheetLine]

    @classmethod
    def of(cls, answer: BaseModel, lists: Lists, no: str | None = None, title: tuple[str, str] = ("", "")) -> Self:
        return cls(title_zh=title[0], title_en=title[1], no=no, lines=[*_lines(answer, lists)])


def parts_of(answer: HouseholdAnswer) -> list[SheetPart]:
    """The household, its conditions and its latest income, then its members, the head first."""
    parts = [SheetPart.of(answer, answer.labels, answer.national_no)]
    for field, found in (
        ("conditions", answer.conditions),
        ("incomes", answer.incomes[-1] if answer.incomes else None),
    ):
        if found is not None:
            label = LABELS.field(field, "HouseholdAnswer")
            parts.append(SheetPart.of(found, answer.labels, title=(label.zh, label.en)))
    for member in in_order(answer):
        zh, en = _text("relation", member.relation, answer.labels)
        parts.append(
            SheetPart.of(member, answer.labels, member.national_no, (f"{zh} {member.name}", f"{en} {member.name}"))
        )
    return parts


def in_order(answer: HouseholdAnswer) -> list[MemberAnswer]:
    """The head first."""
    return sorted(answer.members, key=lambda each: each.relation != "head")


def _lines(answer: BaseModel, lists: Lists) -> Iterator[SheetLine]:
    for name in type(answer).model_fields:
        if name not in APART:
            label = LABELS.field(name, type(answer).__name__)
            zh, en = _text(name, getattr(answer, name), lists)
            yield SheetLine(name=name, zh=label.zh, en=label.en, text_zh=zh, text_en=en)


def _text(name: str, value: Any, lists: Lists) -> tuple[str, str]:
    match value:
        case None:
            return "", ""
        case bool():
            return ("是", "yes") if value else ("否", "no")
        case list() | tuple():
            texts = [_text(name, each, lists) for each in value]
            return "、".join(zh for zh, _ in texts), ", ".join(en for _, en in texts)
        case Decimal():
            number = f"{value.normalize():f}"
            return number, number
    code = str(value.value if isinstance(value, Enum) else value)
    label = lists.get(CODED.get(name, ""), {}).get(code)
    return (label.zh, label.en) if label is not None else (code, code)
