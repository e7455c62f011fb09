"""Festivals by name. Those of the lunar calendar fall on another day each year, so that documents list the days."""

from collections.abc import Mapping
from datetime import date

import msgspec

from services.casework.documents.lookup import Lookup
from services.chassis.law.content import DocumentError

KIND, NATIONAL = "festivals", "cn"
"""Kind and key of the documents; a place may have an edition of its own, which then says all that hold there."""


class Festival(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``days``: one in each year of the edition."""

    zh: str
    en: str
    days: tuple[date, ...]


class Festivals(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By name. The edition is in force for whole years."""

    festivals: str
    edition: str
    source: str
    jurisdiction: str
    starts: date = msgspec.field(name="from")
    ends: date = msgspec.field(name="to")
    named: Mapping[str, Festival]


def festivals_from(document: Mapping[str, object]) -> Festivals:
    """The festivals in this document. Raises ``msgspec.ValidationError``, and ``DocumentError`` where a year is missing."""
    read = msgspec.convert(document, Festivals)
    first, last = read.starts.year, read.ends.year
    if (read.starts, read.ends) != (date(first, 1, 1), date(last, 12, 31)):
        raise DocumentError((), "from、to：须为整年（1月1日至12月31日）", "from, to: whole years")
    for name, festival in read.named.items():
        if [day.year for day in festival.days] != list(range(first, last + 1)):
            raise DocumentError(
                (),
                f"named.{name}.days：{first}年至{last}年每年一日，按先后排列",
                f"named.{name}.days: one day in each year from {first} to {last}, in order",
            )
    return read


def festivals(year: int, place: str | None, lookup: Lookup) -> Mapping[str, date]:
    """The day of each festival by its name, in that year, in order of the days. Raises ``NotInForce``: no lunar date is guessed."""
    edition = lookup.in_force(KIND, NATIONAL, date(year, 1, 1), place).typed(festivals_from)
    of_year = ((festival.days[year - edition.starts.year], name) for name, festival in edition.named.items())
    return {name: day for day, name in sorted(of_year)}
