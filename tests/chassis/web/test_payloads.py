"""Bodies take what is written and nothing that could be taken for it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from services.chassis.web.payloads import Body, Day, Instant, Text


class Colour(StrEnum):
    RED = "red"


class Inner(Body):
    word: str


class Everything(Body):
    whole: int = 0
    amount: Decimal = Decimal(0)
    flag: bool = False
    day: date | None = None
    days: list[date] = []  # noqa: RUF012 - pydantic copies defaults
    few: list[Annotated[int, Field(le=3)]] = []  # noqa: RUF012
    instant: Instant | None = None
    key: UUID | None = None
    colour: Colour = Colour.RED
    side: Literal["left", "right"] = "left"
    word: str | None = None
    inner: Inner | None = None
    either: int | str = 0


ACCEPTED: list[dict[str, Any]] = [
    {"whole": 5},
    {"whole": 5.0},
    {"amount": "1.10"},
    {"amount": 1},
    {"amount": 1.5},
    {"flag": True},
    {"day": "2014-07-01"},
    {"day": date(2014, 7, 1)},
    {"day": None},
    {"days": ["2014-07-01"]},
    {"few": [1, 2]},
    {"instant": "2014-07-01T00:00:00+08:00"},
    {"instant": datetime.fromisoformat("2014-07-01T00:00:00Z")},
    {"instant": "2014-07-01T00:00:00-22:38"},
    {"key": "6d295a8e-5135-4b21-b3c1-ac948ea0ac5e"},
    {"colour": "red"},
    {"side": "right"},
    {"word": "\U00020bb7 大病"},
    {"inner": {"word": "a"}},
    {"either": "a"},
]

REFUSED: list[dict[str, Any]] = [
    {"whole": "5"},
    {"whole": True},
    {"whole": 5.5},
    {"amount": True},
    {"amount": "NaN"},
    {"flag": 1},
    {"flag": "yes"},
    {"day": 0},
    {"day": "0"},
    {"day": "1404172800"},
    {"day": "2014-07-01T00:00:00"},
    {"day": "２０１４-07-01"},
    {"day": "2014-02-30"},
    {"days": ["2014-07-01", 0]},
    {"few": [1, "2"]},
    {"few": [4]},
    {"instant": "2014-07-01T00:00:00"},
    {"instant": "2014-07-01"},
    {"instant": 0},
    {"instant": "0001-01-01T00:00:00+01:00"},
    {"key": 5},
    {"colour": "blue"},
    {"side": 1},
    {"word": 5},
    {"word": "a\x00"},
    {"word": "\ud800"},
    {"inner": {"word": "\x00"}},
    {"inner": {"word": "a", "more": 1}},
    {"either": "\x00"},
    {"unknown": 1},
]


@pytest.mark.parametrize("sent", ACCEPTED, ids=str)
def test_what_is_written_as_it_should_be_is_accepted(sent: dict[str, Any]) -> None:
    name = next(iter(sent))
    assert name in Everything.model_validate(sent).model_fields_set


def test_an_instant_is_read_in_utc_whatever_its_offset() -> None:
    """The database takes no offset of sixteen hours or more."""
    instant = Everything.model_validate({"instant": "2014-07-01T00:00:00-22:38"}).instant
    assert instant is not None
    assert instant.isoformat() == "2014-07-01T22:38:00+00:00"


@pytest.mark.parametrize("sent", REFUSED, ids=ascii)
def test_what_could_only_be_taken_for_it_is_refused(sent: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as no:
        Everything.model_validate(sent)
    assert "input_value" not in str(no.value)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Text, "大病", "a\x00"),
        (Day, "2014-07-01", "0"),
        (Instant, "2014-07-01T00:00:00Z", "2014-07-01T00:00:00"),
    ],
)
def test_parameters_have_the_same_types(kind: Any, good: str, bad: str) -> None:
    parameter = TypeAdapter(kind)
    parameter.validate_python(good)
    with pytest.raises(ValidationError):
        parameter.validate_python(bad)
