"""Cursor paging: a page names the key after which the next one starts, so nothing is skipped while the list grows."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from services.chassis.ground.refusals import Refused, rule

T = TypeVar("T")

SMALLEST_INT, LARGEST_INT = -(2**63), 2**63 - 1
LONGEST_CURSOR = 1000

BAD_CURSOR = rule(
    "bad_cursor",
    zh="翻页标记无效，请从第一页重新开始。",
    en="The cursor is not one of this list; start again from the first page.",
    source="Lika interface rules",
    status=422,
)

LARGEST_PAGE = 200
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]
"""Declare as ``limit: Limit = DEFAULT_LIMIT``."""
DEFAULT_LIMIT = 50

Cursor = Annotated[str | None, Query(max_length=LONGEST_CURSOR)]
"""Declare as ``cursor: Cursor = None``."""


class Page(BaseModel, Generic[T]):
    """``next`` is the cursor of the following page, or null on the last one."""

    model_config = ConfigDict(extra="forbid")

    items: list[T]
    next: str | None = None


def listed_by(endpoint: Callable[..., Any]) -> type[BaseModel] | None:
    """What the endpoint lists in pages; ``None`` for one that answers anything else."""
    answer = endpoint.__annotations__.get("return")
    if not isinstance(answer, type) or not issubclass(answer, Page) or answer is Page:
        return None
    item: type[BaseModel]
    (item,) = answer.__pydantic_generic_metadata__["args"]
    return item


class Keyset:
    """The order of one list: its name and the types of its sort key, the last of which makes it unique.

    Keys are ``str``, ``int``, ``date``, ``datetime`` or ``UUID``; never personal data, for a cursor is not secret.
    """

    def __init__(self, name: str, *kinds: type) -> None:
        self.name = name
        self.kinds = kinds

    def encode(self, *key: object) -> str:
        """The cursor after this key."""
        values = [value if isinstance(value, int) else str(value) for value in key]
        packed = json.dumps([self.name, *values], ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    def after(self, cursor: str | None) -> tuple[Any, ...] | None:
        """The key after which the page starts, or ``None`` for the first page. Raises ``Refused`` (422)."""
        if cursor is None:
            return None
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            name, *values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
            if name != self.name:
                raise ValueError("a cursor of another list")
            return tuple(_typed(kind, value) for kind, value in zip(self.kinds, values, strict=True))
        except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError):
            raise Refused(BAD_CURSOR) from None

    def page(self, rows: Sequence[T], limit: int, key: Callable[[T], tuple[object, ...]]) -> Page[T]:
        """A page from ``limit + 1`` rows: the one too many only tells that there is more."""
        items = list(rows[:limit])
        return Page(items=items, next=self.encode(*key(items[-1])) if len(rows) > limit else None)


def _typed(kind: type, value: object) -> object:
    if kind is int:
        if type(value) is not int or not SMALLEST_INT <= value <= LARGEST_INT:
            raise ValueError("not an integer that the database has")
        return value
    if not isinstance(value, str) or "\x00" in value or not value.isprintable():
        raise ValueError("not a key")
    if kind is str:
        return value
    if kind is UUID:
        return UUID(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is datetime:
        return datetime.fromisoformat(value).astimezone(UTC)
    raise TypeError(f"{kind.__name__} is not a kind of key")
