"""Cells of a table, from the values of an answer's JSON."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias
from uuid import UUID

from contracts.civil import SHANGHAI

Cell: TypeAlias = "str | Decimal | date | None"
"""Text, a number, a day or an instant (without a zone: Shanghai's); ``None`` is blank."""


def text(value: Any, _: object) -> Cell:
    return str(value)


def figure(value: Any, _: object) -> Cell:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return str(value)


def truth(yes: str, no: str) -> Callable[[Any, object], Cell]:
    return lambda value, _: yes if value else no


def day(value: Any, _: object) -> Cell:
    return date.fromisoformat(value)


def instant(value: Any, _: object) -> Cell:
    return datetime.fromisoformat(value).astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)


def code(labels: Mapping[str, str]) -> Callable[[Any, object], Cell]:
    return lambda value, _: labels.get(str(value), str(value))


def identifier(value: Any, numbers: Mapping[UUID, str]) -> Cell:
    """By the number that people know it by, where it has one."""
    try:
        return numbers.get(UUID(value), str(value))
    except ValueError:
        return str(value)
