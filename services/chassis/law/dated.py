"""What is dated and holds in a place: by name, by jurisdiction, by day.

A jurisdiction is ``CN`` or the leading digits of a division code; the most specific one that has something in force wins.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Generic, Protocol, TypeVar

NATIONAL = "CN"
DIGITS = (12, 9, 6, 4, 2)
"""Of a village, township, county, city and province (GB/T 2260): how long a jurisdiction can be."""


class NotInForce(LookupError):
    """Nothing is in force under this name on this day, here. The caller decides whether that is a refusal."""

    def __init__(self, name: str, day: date) -> None:
        super().__init__(f"{name} 在 {day} 没有生效的规定 / nothing in force on that day")
        self.name = name
        self.day = day


class UnknownName(NotInForce):
    """Nothing was ever in force under this name, anywhere."""


class Dateable(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def jurisdiction(self) -> str: ...
    @property
    def since(self) -> date: ...


T = TypeVar("T", bound=Dateable)


class Dated(Generic[T]):
    """Dated things by name and jurisdiction, each series in order of date; of one date in the order given."""

    def __init__(self, items: Iterable[T]) -> None:
        self._series: dict[str, dict[str, list[T]]] = {}
        for item in sorted(items, key=lambda i: (i.name, i.jurisdiction, i.since)):
            self._series.setdefault(item.name, {}).setdefault(item.jurisdiction, []).append(item)

    def begun(self, name: str, day: date, place: str | None) -> Iterator[Sequence[T]]:
        """What had begun by that day, of each jurisdiction that the place lies in, from the most specific up. ``place``:
        a division code of any length; ``None``: the whole country. Raises ``UnknownName``."""
        by_place = self._named(name, day)
        for jurisdiction in jurisdictions_of(place):
            if (series := by_place.get(jurisdiction)) is not None:
                yield series[: bisect_right(series, day, key=lambda item: item.since)]

    def all(self, name: str) -> tuple[T, ...]:
        """By jurisdiction and date. Raises ``UnknownName``."""
        return tuple(item for series in self._named(name, date.max).values() for item in series)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._series)

    def _named(self, name: str, day: date) -> dict[str, list[T]]:
        try:
            return self._series[name]
        except KeyError:
            raise UnknownName(name, day) from None


def jurisdictions_of(place: str | None) -> Iterator[str]:
    """The jurisdictions that a place lies in, from the most specific up."""
    if place and place != NATIONAL:
        yield from (place[:digits] for digits in DIGITS if digits <= len(place))
    yield NATIONAL
