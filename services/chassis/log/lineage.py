"""Subjects that start from one another's state: a household that split off folds its ancestors' facts before its own.

The edges stand in the facts themselves (``HouseholdFact.descends_from`` and ``begets``), so they are as old and as
complete as whatever facts are folded. A subject without relatives costs nothing here but a look at its facts' types.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from contracts.facts import PUBLISHED, HouseholdFact

Row = tuple[Any, ...]
TOPIC, STATE = 3, 4
"""Where they stand in a row of ``entries.COLUMNS``."""

ReadRows = Callable[[Sequence[Any]], Mapping[Any, Sequence[Row]]]
"""Keys → the rows of each."""


@cache
def begetting_topics() -> Mapping[str, str]:
    """Topic → name of the field with the subject that starts from this one."""
    return _topics("begets")


@cache
def descending_topics() -> Mapping[str, str]:
    """Topic → name of the field with the subject that this one starts from."""
    return _topics("descends_from")


def children_in(rows: Iterable[Row]) -> list[UUID]:
    """Subjects that start from the one whose rows these are."""
    return _named(rows, begetting_topics())


def parents_in(rows: Iterable[Row]) -> list[UUID]:
    """Subjects that the one whose rows these are starts from."""
    return _named(rows, descending_topics())


def ancestors(rows: Sequence[Row], key_of: Callable[[UUID], Any], read: ReadRows) -> list[Row]:
    """The rows of all that a subject starts from, whichever of them its facts still count."""
    found: dict[Any, Sequence[Row]] = {}
    missing = [key_of(parent) for parent in parents_in(rows)]
    while missing:
        found.update(read(missing))
        missing = [
            key for of_key in missing for key in map(key_of, parents_in(found.get(of_key, ()))) if key not in found
        ]
    return [row for of_key in found.values() for row in of_key]


def _topics(attribute: str) -> Mapping[str, str]:
    return {
        f"{name}/{version}": field
        for (name, version), kind in PUBLISHED.items()
        if issubclass(kind, HouseholdFact) and (field := getattr(kind, attribute)) is not None
    }


def _named(rows: Iterable[Row], fields: Mapping[str, str]) -> list[UUID]:
    found = (row for row in rows if row[TOPIC] in fields)
    return [UUID(msgspec.json.decode(row[STATE])[fields[row[TOPIC]]]) for row in found]
