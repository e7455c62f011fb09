"""What one document says otherwise than another. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.chassis.law.content import plain_form


@dataclass(frozen=True, slots=True)
class Difference:
    """``part``: where, ``steps.appraisal.quorum``; the value before and after as JSON has it, ``None`` where there is
    none."""

    part: str
    before: Any
    after: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Part by part. Parts of a list that have a ``key`` are told apart by it, plain values by themselves, and others by
    their place."""
    return list(_differences("", before, after))


def _differences(part: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after and type(before) is type(after):
        return
    former, latter = _parts(before), _parts(after)
    if former is None or latter is None:
        yield Difference(part, plain_form(before), plain_form(after))
        return
    for key in [*former, *(key for key in latter if key not in former)]:
        yield from _differences(f"{part}.{key}".removeprefix("."), former.get(key), latter.get(key))


def _parts(value: Any) -> Mapping[str, Any] | None:
    """The parts of a mapping or list by name; ``None`` for a plain value."""
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, tuple):
        return None
    if all(isinstance(part, Mapping) and isinstance(part.get("key"), str) for part in value):
        return {part["key"]: part for part in value}
    if not any(isinstance(part, Mapping | tuple) for part in value):
        return {str(part): part for part in value}
    return {str(number): part for number, part in enumerate(value)}
