"""One synthetic sample of every fact and version, kept for ever: what was once written must still be read."""

import types
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

import msgspec

from contracts.canonical import NotCanonical, UnknownType, decode, encode, scale_of
from contracts.facts import Fact
from contracts.personal import Personal, PlaintextRefused
from contracts.publishing.shape import fields

SEALED = "sample.0.bm90IGEgcmVhbCBib3g"
"""Shaped like a sealed box, but nothing is inside and no key opens it."""

_PLAIN: dict[Any, Any] = {
    bool: True,
    int: 1,
    date: date(2016, 1, 1),  # the first day of a month and of a year: legal with every precision
    datetime: datetime(2016, 1, 1, 0, 30, 0, 5, tzinfo=UTC),
    UUID: UUID("00000000-0000-4000-8000-000000000001"),
}


def sample_of(kind: type[Fact]) -> bytes:
    """Canonical bytes of a made-up fact in which every field, optional ones too, has a value."""
    return encode(_filled(kind))


def _filled(kind: type[Any]) -> Any:
    return kind(**{name: _value(hint, name) for name, hint in fields(kind).items()})


def _value(hint: Any, name: str) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin is None:
        return _plain_value(hint, name)
    if origin is Annotated:
        places = scale_of(hint)
        return _value(args[0], name) if places is None else Decimal(1234).quantize(Decimal(1).scaleb(-places))
    if origin in (Union, types.UnionType):
        return _value(next(arg for arg in args if arg is not type(None)), name)
    if origin is tuple:
        return (_value(args[0], name),)
    return Personal.sealed(SEALED)


def _plain_value(hint: Any, name: str) -> Any:
    if hint is str:
        return f"样例 {name}"
    if hint in _PLAIN:
        return _PLAIN[hint]
    return next(iter(hint)) if issubclass(hint, Enum) else _filled(hint)


def unreadable(folder: Path) -> Iterator[str]:
    """Every kept sample that this release cannot read back into the same bytes."""
    for path in sorted(folder.glob("*.json")):
        type_name, _, version = path.stem.rpartition(".v")
        stored = path.read_bytes()
        try:
            again = encode(decode(type_name, int(version), stored))
        except UnknownType:
            yield f"{path.name}: no longer published; facts are kept for ever"
        except (msgspec.DecodeError, NotCanonical, PlaintextRefused) as wrong:
            yield f"{path.name}: {wrong}"
        else:
            # A sample may be older than an optional field that was added since: that field, and no other, is left out.
            if _without_later_fields(again, stored) != stored:
                yield f"{path.name}: reads back as other bytes"


def _without_later_fields(again: bytes, stored: bytes) -> bytes:
    return msgspec.json.encode(_like(msgspec.json.decode(again), msgspec.json.decode(stored)))


def _like(value: Any, model: Any) -> Any:
    if isinstance(value, dict) and isinstance(model, dict):
        return {key: _like(inner, model[key]) for key, inner in value.items() if key in model}
    if isinstance(value, list) and isinstance(model, list) and len(value) == len(model):
        return [_like(inner, other) for inner, other in zip(value, model, strict=True)]
    return value
