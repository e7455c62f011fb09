"""Edge-case values that have broken programs, put one at a time into a valid request."""

from collections.abc import Iterator, Mapping
from typing import Any

VALUES: tuple[Any, ...] = (
    "", " ", "\x00", "\ud800", "１２", "\u202e王", "=1+1", "x" * 5000, "NaN", "-1", "1e999", -1, 0, 10**30, 1e308, 0.1, None,
    True, [], {}, [[]], "0001-01-01", "9999-12-31", "2014-06-31", "2100-01-01", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
)  # fmt: skip
TEXTS = tuple(str(value) for value in VALUES if value not in ("", "\ud800"))
"""Those that a client can write into an address, as it would."""


def paths_in(body: Any) -> list[tuple[str | int, ...]]:
    """The paths of all values in a body."""
    return list(_paths_in(body))


def _paths_in(body: Any) -> Iterator[tuple[str | int, ...]]:
    inner = body.items() if isinstance(body, Mapping) else enumerate(body) if isinstance(body, list | tuple) else ()
    for name, value in inner:
        yield (name,)
        yield from ((name, *deeper) for deeper in _paths_in(value))


def replaced_at(body: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """The body with another value at a path."""
    if not path:
        return value
    name, *deeper = path
    if isinstance(body, Mapping):
        return {**body, name: replaced_at(body[name], tuple(deeper), value)}
    return [replaced_at(item, tuple(deeper), value) if index == name else item for index, item in enumerate(body)]
