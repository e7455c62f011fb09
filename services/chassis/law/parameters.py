"""Dated parameters: what the law says on a day, where. Pure.

Every figure carries unit, jurisdiction and source. The most specific jurisdiction in force wins, and one that repealed its
own value (``null``) falls back to the next above it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Protocol

from services.chassis.law.content import DocumentError
from services.chassis.law.dated import Dated, NotInForce

Scalar = Decimal | int | bool | str | date
Value = Scalar | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated value; ``None`` is an explicit repeal. ``source``: paper or fact number; ``basis``: how it was derived."""

    name: str
    since: date
    value: Value | None
    unit: str
    jurisdiction: str
    source: str
    basis: str | None = None

    @property
    def amount(self) -> Decimal:
        """The value as an exact decimal. Raises ``TypeError`` when it is not a single number."""
        if isinstance(self.value, Decimal | int) and not isinstance(self.value, bool):
            return Decimal(self.value)
        raise TypeError(f"{self.name} is not a number but {self.unit}")

    @property
    def count(self) -> int:
        """The value as a whole number. Raises ``TypeError`` otherwise."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return self.value
        raise TypeError(f"{self.name} is not a whole number but {self.unit}")


class ParameterSource(Protocol):
    """Where the value of a parameter is looked up."""

    def at(self, name: str, day: date, jurisdiction: str | None = None) -> Entry:
        """The value in force on that day in that place (a division code of any length; ``None``: the whole country).
        Raises ``NotInForce`` and ``UnknownName``."""
        ...


class Parameters:
    """Parameters by name, place and day. Raises ``ValueError`` for two values from one day, and for two units."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = Dated(entries)
        for name in self._entries.names:
            for earlier, later in pairwise(self._entries.all(name)):
                if (earlier.jurisdiction, earlier.since) == (later.jurisdiction, later.since):
                    raise DocumentError(
                        ("values",),
                        f"{name}：{later.jurisdiction}自{later.since}起有两个值，请删去其一",
                        f"{name}: {later.jurisdiction} says two things from {later.since}",
                    )
                if earlier.unit != later.unit:
                    raise DocumentError(
                        ("values",),
                        f"{name}：单位有{earlier.unit}和{later.unit}两种；同一参数只能有一种单位",
                        f"{name}: both {earlier.unit} and {later.unit}; one name has one unit",
                    )

    def at(self, name: str, day: date, jurisdiction: str | None = None) -> Entry:
        """As ``ParameterSource`` says."""
        for begun in self._entries.begun(name, day, jurisdiction):
            if begun and begun[-1].value is not None:
                return begun[-1]
        raise NotInForce(name, day)

    def history(self, name: str) -> tuple[Entry, ...]:
        """Every entry of a parameter by jurisdiction and date, repeals included. Raises ``UnknownName``."""
        return self._entries.all(name)

    @property
    def names(self) -> tuple[str, ...]:
        return self._entries.names
