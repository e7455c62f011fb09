"""Canonical bytes: one fact, one rendering; what has no exact rendering is refused, never repaired."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.canonical import NotCanonical, UnknownType, care_for, decode, encode
from contracts.civil import SHANGHAI
from contracts.facts import PUBLISHED, Fact, published
from contracts.personal import SHREDDED, Personal, PlaintextRefused
from contracts.quantities import Amount, Quantity, Unit, Yuan, scaled
from contracts.registry.members import Member, MemberJoined


class Weighed(Fact, frozen=True, kw_only=True):
    """One field of every kind that needs care."""

    at: datetime
    text: str = ""
    money: Yuan = Decimal(0)
    amounts: tuple[Quantity, ...] = ()
    owner: Personal[str] | None = None
    count: int = 0


@contextmanager
def for_this_test(kind: type[Fact], name: str) -> Iterator[None]:
    published(name)(kind)
    try:
        yield
    finally:
        del PUBLISHED[name, 1]


@pytest.fixture(autouse=True, scope="module")
def weighed_is_published() -> Iterator[None]:
    with for_this_test(Weighed, "TestWeighed"):
        yield


NOON = datetime(2016, 12, 31, 12, tzinfo=UTC)


def weighed(**given_fields: Any) -> Weighed:
    common: dict[str, Any] = {"effective_on": date(2016, 12, 31), "entered_by": "cadre", "at": NOON}
    return Weighed(**common | given_fields)


def written(fact: Fact) -> dict[str, Any]:
    return dict(msgspec.json.decode(encode(fact)))


def test_what_is_written_reads_back_the_same() -> None:
    fact = weighed(text="立卡", money=Decimal("12.30"), owner=Personal.sealed("a.1.b"), count=3)
    assert decode("TestWeighed", 1, encode(fact)) == fact


def test_fields_stand_in_their_declared_order_and_none_is_left_out() -> None:
    assert list(written(weighed())) == list(Weighed.__struct_fields__)


@pytest.mark.parametrize(
    ("instant", "bytes_"),
    [
        (NOON, "2016-12-31T12:00:00.000000Z"),
        (NOON + timedelta(microseconds=500_000), "2016-12-31T12:00:00.500000Z"),
        (datetime(2017, 1, 1, 0, 0, 0, 1, SHANGHAI), "2016-12-31T16:00:00.000001Z"),
        (datetime(2016, 12, 31, 12, tzinfo=timezone(timedelta(hours=-3))), "2016-12-31T15:00:00.000000Z"),
    ],
)
def test_instants_have_six_fractional_digits_and_a_z(instant: datetime, bytes_: str) -> None:
    assert written(weighed(at=instant))["at"] == bytes_


@given(st.datetimes(min_value=datetime(1949, 10, 1), timezones=st.timezones()))  # noqa: DTZ001 # hypothesis adds the zone
def test_every_instant_survives_writing_and_reading(instant: datetime) -> None:
    fact = decode("TestWeighed", 1, encode(weighed(at=instant)))
    assert isinstance(fact, Weighed)
    assert fact.at == instant.astimezone(UTC)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(NotCanonical, match="naive"):
        encode(weighed(at=datetime(2016, 12, 31, 12)))  # noqa: DTZ001 # the point of the test


def test_text_is_written_in_composed_form() -> None:
    decomposed = unicodedata.normalize("NFD", "Ürümqi 乌鲁木齐")
    assert written(weighed(text=decomposed))["text"] == unicodedata.normalize("NFC", decomposed) != decomposed


@given(st.lists(st.sampled_from(["e", "\u0301", "가", "\u11a8", "=", "\u0338", '"', "\\", "\x1f", "\n", "张", "Å"])))
def test_text_is_composed_whatever_it_stands_beside(parts: list[str]) -> None:
    text = "".join(parts)
    found = written(weighed(text=text, entered_by=text))
    assert (found["text"], found["entered_by"]) == (unicodedata.normalize("NFC", text),) * 2


def test_text_that_utf8_cannot_hold_is_refused() -> None:
    with pytest.raises(NotCanonical):
        encode(weighed(text="\ud800"))


@pytest.mark.parametrize("value", ["12.3", "12.30", "12.3000", "1230E-2", "0.1230E+2"])
def test_equal_decimals_have_equal_bytes(value: str) -> None:
    assert written(weighed(money=Decimal(value)))["money"] == "12.30"


@pytest.mark.parametrize(("value", "bytes_"), [("1E+2", "100.00"), ("0E+5", "0.00"), ("-0", "0.00"), ("-0.5", "-0.50")])
def test_decimals_are_written_in_plain_notation(value: str, bytes_: str) -> None:
    assert written(weighed(money=Decimal(value)))["money"] == bytes_


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_every_amount_of_money_survives_writing_and_reading(money: Decimal) -> None:
    fact = decode("TestWeighed", 1, encode(weighed(money=money)))
    assert isinstance(fact, Weighed)
    assert fact.money == money


@pytest.mark.parametrize("value", ["NaN", "sNaN", "Infinity", "-Infinity", "0.001", "1E-30", "1E+40"])
def test_what_is_no_exact_amount_is_refused(value: str) -> None:
    with pytest.raises(NotCanonical):
        encode(weighed(money=Decimal(value)))


def test_the_scale_is_that_of_the_field_also_inside_other_structs() -> None:
    quantity = Quantity(amount=Decimal("3.5"), unit=Unit.KILOMETRE)
    assert written(weighed(amounts=(quantity,)))["amounts"] == [{"amount": "3.500", "unit": "km"}]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("money", 12.3),
        ("money", 12),
        ("count", 1.5),
        ("count", "1"),
        ("count", True),
        ("at", "2016-12-31"),
        ("at", None),
        ("text", 1),
        ("text", UUID(int=1)),
        ("text", date(2016, 1, 1)),
        ("entered_by", Decimal(1)),
    ],
)
def test_a_value_of_another_type_than_declared_is_never_stored(field: str, value: object) -> None:
    with pytest.raises(NotCanonical):
        encode(weighed(**{field: value}))


def test_plaintext_personal_data_is_refused() -> None:
    with pytest.raises(PlaintextRefused):
        encode(weighed(owner=Personal("张三")))


def test_plaintext_inside_a_member_is_refused() -> None:
    member = Member(person_id=UUID(int=1), name=Personal("张三"), sex="male", birth_year=1970, relation="head")  # type: ignore[arg-type]
    joined = MemberJoined(
        effective_on=date(2016, 1, 1),
        entered_by="cadre",
        household_id=UUID(int=2),
        member=member,
        reason="birth",  # type: ignore[arg-type]
    )
    with pytest.raises(PlaintextRefused):
        encode(joined)


def test_a_shredded_value_can_be_written_and_read() -> None:
    fact = decode("TestWeighed", 1, encode(weighed(owner=Personal.sealed(SHREDDED))))
    assert isinstance(fact, Weighed)
    assert fact.owner is not None
    assert fact.owner.is_shredded


def test_an_unknown_field_is_refused() -> None:
    stored = encode(weighed())
    with pytest.raises(msgspec.ValidationError, match="unknown field"):
        decode("TestWeighed", 1, stored[:-1] + b',"colour":"red"}')


def test_an_unknown_type_or_version_is_refused() -> None:
    with pytest.raises(UnknownType, match="TestWeighed/2"):
        decode("TestWeighed", 2, encode(weighed()))


class Kind(StrEnum):
    ONE = "one"


class Bag(msgspec.Struct, frozen=True):
    loose: dict[str, str]


@pytest.mark.parametrize(
    "hint",
    [
        float,
        Decimal,
        set[str],
        frozenset[str],
        dict[str, str],
        list[str],
        tuple[int, str],
        int | str,
        bytes,
        Any,
        Bag,
        tuple[Bag, ...],
        Annotated[Decimal, scaled(7)],
        Annotated[Decimal, scaled(-1)],
    ],
    ids=str,
)
def test_types_without_one_rendering_have_no_canonical_form(hint: object) -> None:
    with pytest.raises(NotCanonical):
        care_for(hint)


@pytest.mark.parametrize(
    "hint",
    [int, bool, str, date, datetime, UUID, Kind, Yuan, Amount, Quantity, Personal[str], str | None, tuple[Yuan, ...]],
    ids=str,
)
def test_types_with_one_rendering_are_accepted(hint: object) -> None:
    assert callable(care_for(hint))
