"""Values that break programs, put one at a time into a sound request."""

from collections.abc import Iterator, Mapping
from typing import Any

VALUES: tuple[Any, ...] = (
    "", " ", "\x00", "\ud800", "１２", "\u202e王", "=1+1", "x" * 5000, "NaN", "-1", "1e999", -1, 0, 10**30, 1e308, 0.1, None,
    True, [], {}, [[]], "0001-01-01", "9999-12-31", "2014-06-31", "2100-01-01", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
)  # fmt: skip


def places(body: Any) -> list[tuple[str | int, ...]]:
    """Where values stand in it, as paths."""
    return list(_places(body))


def _places(body: Any) -> Iterator[tuple[str | int, ...]]:
    inner = body.items() if isinstance(body, Mapping) else enumerate(body) if isinstance(body, list | tuple) else ()
    for name, value in inner:
        yield (name,)
        yield from ((name, *deeper) for deeper in _places(value))


def put(body: Any, place: tuple[str | int, ...], value: Any) -> Any:
    """The same with another value there."""
    if not place:
        return value
    name, *deeper = place
    if isinstance(body, Mapping):
        return {**body, name: put(body[name], tuple(deeper), value)}
    return [put(each, tuple(deeper), value) if at == name else each for at, each in enumerate(body)]
