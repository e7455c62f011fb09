"""Dated parameters: what the law says on a day, where. Pure once loaded; ``parameter_files`` reads the YAML.

Every figure carries unit, jurisdiction and source. A jurisdiction is ``CN`` or the leading digits of a division code;
the most specific one in force wins, and one that repealed its own value (``null``) falls back to the next above it.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, TypeVar

NATIONAL = "CN"

Scalar = Decimal | int | bool | str | date
Value = Scalar | tuple[Scalar, ...]


class NotInForce(LookupError):
    """Nothing is in force under this name on this day, here. The caller decides whether that is a refusal."""

    def __init__(self, name: str, day: date) -> None:
        super().__init__(f"{name} 在 {day} 没有生效的规定 / nothing in force on that day")
        self.name = name
        self.day = day


class UnknownName(LookupError):
    """No file declares this name at all: a mistake in the program, not in the date."""


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


@dataclass(frozen=True, slots=True)
class Document:
    """One edition of a free-form document, in force from ``since`` to ``until``, both included.

    ``content``: the whole document, its head included; read-only mappings, tuples, text, whole numbers, dates.
    """

    name: str
    since: date
    until: date | None
    jurisdiction: str
    source: str
    content: Mapping[str, Any]

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


T = TypeVar("T", Entry, Document)


class Parameters:
    """Everything that was loaded. Two sets with the same ``digest`` decide alike."""

    def __init__(self, entries: Iterable[Entry] = (), documents: Iterable[Document] = ()) -> None:
        self._entries = _Dated(entries)
        self._documents = _Dated(documents)

    def at(self, name: str, day: date, jurisdiction: str | None = None) -> Entry:
        """The value in force on that day in that place (a division code of any length; ``None``: the whole country).
        Raises ``NotInForce`` and ``UnknownName``."""
        return self._entries.find(name, day, jurisdiction, lambda entry: entry.value is not None)

    def document(self, name: str, day: date, jurisdiction: str | None = None) -> Document:
        """The edition in force of ``folder/name``. Raises ``NotInForce`` and ``UnknownName``."""
        return self._documents.find(name, day, jurisdiction, lambda edition: edition.holds_on(day))

    def history(self, name: str) -> tuple[Entry, ...]:
        """Every entry of a parameter by jurisdiction and date, repeals included. Raises ``UnknownName``."""
        return self._entries.all(name)

    def editions(self, name: str) -> tuple[Document, ...]:
        """Every edition of a document by jurisdiction and date. Raises ``UnknownName``."""
        return self._documents.all(name)

    @property
    def names(self) -> tuple[str, ...]:
        return self._entries.names

    @property
    def document_names(self) -> tuple[str, ...]:
        return self._documents.names

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hex over the content: neither order, layout nor comments of the files count."""
        content = {
            "parameters": {name: [_entry_form(entry) for entry in self.history(name)] for name in self.names},
            "documents": {name: [_form(e.content) for e in self.editions(name)] for name in self.document_names},
        }
        canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


class _Dated(Generic[T]):
    """Dated things by name and jurisdiction, each series in order of date."""

    def __init__(self, items: Iterable[T]) -> None:
        self._series: dict[str, dict[str, list[T]]] = {}
        for item in sorted(items, key=lambda i: (i.name, i.jurisdiction, i.since)):
            series = self._series.setdefault(item.name, {}).setdefault(item.jurisdiction, [])
            if series and series[-1].since == item.since:
                raise ValueError(f"{item.name}: {item.jurisdiction} says two things from {item.since}")
            series.append(item)

    def find(self, name: str, day: date, jurisdiction: str | None, holds: Callable[[T], bool]) -> T:
        by_place = self._named(name)
        for place in _from_most_specific(jurisdiction):
            series = by_place.get(place, [])
            index = bisect_right(series, day, key=lambda item: item.since)
            if index and holds(series[index - 1]):
                return series[index - 1]
        raise NotInForce(name, day)

    def all(self, name: str) -> tuple[T, ...]:
        return tuple(item for series in self._named(name).values() for item in series)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._series)

    def _named(self, name: str) -> dict[str, list[T]]:
        try:
            return self._series[name]
        except KeyError:
            raise UnknownName(name) from None


def _from_most_specific(jurisdiction: str | None) -> Iterable[str]:
    if jurisdiction and jurisdiction != NATIONAL:
        yield from (jurisdiction[:length] for length in range(len(jurisdiction), 0, -1))
    yield NATIONAL


def _entry_form(entry: Entry) -> dict[str, Any]:
    return {
        "from": entry.since.isoformat(),
        "value": _form(entry.value),
        "unit": entry.unit,
        "jurisdiction": entry.jurisdiction,
        "source": entry.source,
        "basis": entry.basis,
    }


def _form(value: Any) -> Any:
    """JSON in which a decimal, a date and a text of the same letters stay apart."""
    if isinstance(value, Mapping):
        return {key: _form(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_form(part) for part in value]
    if isinstance(value, Decimal):
        return {"decimal": f"{value:f}"}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value
