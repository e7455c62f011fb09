"""What a request may carry: strict bodies, text that the database can store, days that are written as days."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, get_args, get_origin
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from services.chassis.ground.texts import is_storable
from services.chassis.web.field_readers import reader_of

UNSTORABLE = "text_not_storable"

DAY_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT_PATTERN = re.compile(DAY_PATTERN.pattern + r"T[0-9]{2}:[0-9]{2}.*")
"""How days and instants are written; Python's own reading takes weeks and other forms of ISO 8601, too."""


def storable(text: str) -> str:
    """The text itself. Raises a validation error."""
    if is_storable(text):
        return text
    raise PydanticCustomError(UNSTORABLE, "Text contains NUL or an unpaired surrogate")


LAST_DAY = "2200-12-31"
"""The last day that anybody may name: tables keep the greatest date for periods that have no end."""


def _written_day(value: Any) -> Any:
    # Left alone, pydantic takes 0 and "0" for 1970-01-01.
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not DAY_PATTERN.fullmatch(value):
        raise PydanticCustomError("date_parsing", "A day is written YYYY-MM-DD")
    if value > LAST_DAY:
        raise PydanticCustomError("date_parsing", "A day is before the year 2201")
    return value


def _written_instant(value: Any) -> Any:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not INSTANT_PATTERN.fullmatch(value):
        raise PydanticCustomError("datetime_parsing", "An instant is written as RFC 3339 says")
    return value


def _in_utc(value: datetime) -> datetime:
    # Python knows offsets of up to a day, PostgreSQL none of sixteen hours or more.
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_parsing", "An instant is in a year from 1 to 9999") from None


Text = Annotated[str, AfterValidator(storable)]
"""For path, query, header and form parameters; the fields of a ``Body`` need no mark."""

Day = Annotated[date, BeforeValidator(_written_day)]
"""For path, query and form parameters; the ``date`` fields of a ``Body`` need no mark."""

Instant = Annotated[AwareDatetime, BeforeValidator(_written_instant), AfterValidator(_in_utc)]
"""An instant with its zone, in parameters and bodies alike; read in UTC."""


class Body(BaseModel):
    """Base of every request body: unknown fields are refused, no value is taken for another kind, text is storable, and
    what a type ``Reads`` is read that way.

    A field of ``int``, ``bool``, ``date`` … takes that JSON kind only: "5" is no number, 1 not true, 0 no day.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @field_validator("*", mode="before")
    @classmethod
    def _is_of_its_kind(cls, value: Any, info: ValidationInfo) -> Any:
        if info.field_name is not None:
            if (reader := reader_of(cls, info.field_name)) is not None:
                _check_text(value)
                value = reader.value(value)
            _check_kind(value, _kinds(cls, info.field_name))
        return value

    @field_validator("*", mode="after")
    @classmethod
    def _all_text_is_storable(cls, value: Any) -> Any:
        _check_text(value)
        return value


@cache
def _kinds(model: type[BaseModel], field: str) -> frozenset[Any]:
    """The innermost types of a field: ``list[date] | None`` → date, None."""

    def leaves(hint: Any) -> Iterable[Any]:
        inner = [arg for arg in get_args(hint) if arg is not Ellipsis]
        if get_origin(hint) is Annotated:
            inner = inner[:1]
        if not inner:
            yield hint
        for arg in inner:
            yield from leaves(arg)

    return frozenset(leaves(model.model_fields[field].annotation))


def _check_kind(value: Any, kinds: frozenset[Any]) -> None:
    if not kinds <= {bool, int, float, Decimal, str, date, datetime, UUID, type(None)}:
        return  # enumerations, literals and bodies within look after themselves
    if isinstance(value, list):
        for each in value:
            _check_kind(each, kinds)
    elif isinstance(value, bool):
        if bool not in kinds:
            raise PydanticCustomError("wrong_kind", "True or false where something else is expected")
    elif isinstance(value, int | float):
        if kinds.isdisjoint({int, float, Decimal}):
            raise PydanticCustomError("wrong_kind", "A number where something else is expected")
    elif isinstance(value, str):
        if kinds <= {bool, int, float, type(None)}:
            raise PydanticCustomError("wrong_kind", "Text where something else is expected")
        if kinds <= {date, type(None)}:
            _written_day(value)
        elif kinds <= {datetime, type(None)}:
            _written_instant(value)


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        storable(value)
    elif isinstance(value, dict):
        for name, each in value.items():
            _check_text(name)
            _check_text(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            _check_text(each)
