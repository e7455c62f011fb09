"""Canonical payload bytes: UTF-8 JSON, fixed field order, exact decimals, UTC instants, NFC text, sealed boxes.

Encoding walks only the fields that need care (a plan per struct type, built once); stored bytes are never re-encoded.
"""

import threading
import types
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from operator import is_
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec

from contracts.facts import PUBLISHED, Fact
from contracts.personal import Personal, from_box, to_box

Care = Callable[[Any], Any]
"""Brings one value to canonical form or raises ``NotCanonical``."""

FINEST_SCALE = 6
"""Decimals below 10**-6 print in scientific notation, which is a second rendering of the same number."""

_building = threading.Lock()
"""msgspec shows its half-built plan of a struct to other threads: two that first met a type together would break down."""

_encoder = msgspec.json.Encoder(enc_hook=to_box, decimal_format="string", uuid_format="canonical")


class NotCanonical(ValueError):
    """A value has no canonical form: a naive time, a decimal finer than its scale, an undeclared type."""


class UnknownType(LookupError):
    """A stored type or version that this release does not know; consumers must be deployed first."""


def encode(fact: Fact) -> bytes:
    """Canonical bytes of a sealed, published fact. Raises ``NotCanonical``, ``UnknownType`` or ``PlaintextRefused``;
    nothing is repaired silently except text form (NFC) and trailing zeros of decimals."""
    kind = type(fact)
    try:
        # msgspec does not look at declared types when it encodes. Bytes that cannot be read back must never be stored.
        reads = decoder(kind.type_name, kind.type_version)
        payload = _encoder.encode(_care_for_struct(kind, texts=False)(fact))
        if reads.decode(payload) != fact or not _composed(payload):
            # Nearly never: a text in another form than NFC, or a value of another type than the declared one.
            payload = _encoder.encode(_care_for_struct(kind, texts=True)(fact))
            reads.decode(payload)
    except (msgspec.ValidationError, UnicodeEncodeError) as wrong:
        raise NotCanonical(f"{kind.type_name}: {wrong}") from None
    return payload


def _composed(payload: bytes) -> bool:
    """Whether every text in these bytes is in NFC: no text composes with the quotes around it, and a part of composed
    text is composed."""
    return payload.isascii() or unicodedata.is_normalized("NFC", payload.decode())


def decode(type_name: str, version: int, payload: bytes) -> Fact:
    """The fact in these bytes. Raises ``UnknownType`` and ``msgspec.ValidationError``."""
    return decoder(type_name, version).decode(payload)


@cache
def decoder(type_name: str, version: int) -> msgspec.json.Decoder[Fact]:
    """Reads the payloads of one type and version. Raises ``UnknownType``."""
    try:
        kind = PUBLISHED[type_name, version]
    except KeyError:
        raise UnknownType(f"{type_name}/{version}") from None
    with _building:
        return msgspec.json.Decoder(kind, dec_hook=from_box)


def _exact(places: int) -> Care:
    if not 0 <= places <= FINEST_SCALE:
        raise NotCanonical(f"a scale of {places} decimals has no plain notation")
    unit = Decimal(1).scaleb(-places)

    def exact(value: Any) -> Decimal:
        if not isinstance(value, Decimal):
            raise NotCanonical(f"a {type(value).__name__} is not an exact number")
        if value.same_quantum(unit) and (value or not value.is_signed()):
            return value
        if not value.is_finite():
            raise NotCanonical(f"{value} is not a number")
        try:
            scaled = value.quantize(unit)
        except InvalidOperation:
            raise NotCanonical(f"{value} has more digits than an exact number can hold") from None
        if scaled != value:
            raise NotCanonical(f"{value} has more than {places} decimals")
        return abs(scaled) if scaled.is_zero() else scaled

    return exact


def _utc(value: Any) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise NotCanonical("a naive time has no place on the time line")
    # Printed here: msgspec leaves out the fraction of a full second, and bytes of equal instants must be equal.
    return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _nfc(value: Any) -> str:
    if not isinstance(value, str):
        raise NotCanonical(f"a {type(value).__name__} is not text")
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def _same(value: Any) -> Any:
    return value


@cache
def _care_for_struct(kind: type[msgspec.Struct], *, texts: bool) -> Care:
    hints = get_type_hints(kind, include_extras=True)
    cares = [(n, care) for n in kind.__struct_fields__ if (care := care_for(hints[n], texts=texts)) is not _same]
    if not cares:
        return _same

    def walk(value: msgspec.Struct) -> msgspec.Struct:
        changes = {}
        for name, care in cares:
            before = getattr(value, name)
            after = care(before)
            if after is not before:
                changes[name] = after
        return msgspec.structs.replace(value, **changes) if changes else value

    return walk


def care_for(hint: Any, *, texts: bool = True) -> Care:
    """The walk for one declared type, with or without its texts. Raises ``NotCanonical`` for types that have no
    canonical form (float, set, dict): this is the type walk of ``make check``."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        places = scale_of(hint)
        return care_for(args[0], texts=texts) if places is None else _exact(places)
    if origin in (Union, types.UnionType):
        inner = [care_for(a, texts=texts) for a in args if a not in (type(None), msgspec.UnsetType)]
        if len(inner) != 1:
            raise NotCanonical(f"{hint} is a free union")
        return _optional(inner[0])
    if origin is tuple:
        if len(args) != 2 or args[1] is not Ellipsis:
            raise NotCanonical(f"{hint} is not a plain sequence")
        return _each(care_for(args[0], texts=texts))
    return _care_for_plain(hint, origin, texts=texts)


def scale_of(hint: Any) -> int | None:
    """The declared number of decimals of an annotated ``Decimal``; ``None`` for every other type."""
    if get_origin(hint) is not Annotated or get_args(hint)[0] is not Decimal:
        return None
    return next(
        (mark.extra["scale"] for mark in hint.__metadata__ if isinstance(mark, msgspec.Meta) and mark.extra), None
    )


def _care_for_plain(hint: Any, origin: Any, *, texts: bool) -> Care:
    if origin is Personal or hint in (int, bool, date, UUID):
        return _same
    if hint is str:
        return _nfc if texts else _same
    if hint is datetime:
        return _utc
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _same
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return _care_for_struct(hint, texts=texts)
    raise NotCanonical(f"{hint} has no canonical form")


def _optional(care: Care) -> Care:
    return _same if care is _same else lambda value: value if value is None or value is msgspec.UNSET else care(value)


def _each(care: Care) -> Care:
    if care is _same:
        return _same

    def each(values: Any) -> Any:
        after = tuple(map(care, values))
        return values if all(map(is_, values, after)) else after

    return each
