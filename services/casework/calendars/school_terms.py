"""School terms (学期), as the calendars of education departments (校历) set them: a document, dated and of a place."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Annotated

import msgspec

from services.casework.documents.lookup import Lookup
from services.chassis.law.content import DocumentError

KIND, NATIONAL = "school_terms", "cn"
"""Kind and key of the documents; a place may have an edition of its own, for one school year or for many."""
COMMON_YEAR = 2001

DayOfYear = Annotated[str, msgspec.Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
"""Month and day, ``09-01``."""


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``ends``: its last day, in the next year where it comes before the day on which the term ``begins``."""

    term: str
    begins: DayOfYear
    ends: DayOfYear

    def beginning_in(self, year: int) -> tuple[date, date]:
        """First and last day. Raises ``DocumentError`` for a day that not every year has."""
        return _day(year, self.begins), _day(year if self.ends >= self.begins else year + 1, self.ends)


@lru_cache(1_000)
def _day(year: int, of_year: str) -> date:
    return date.fromisoformat(f"{year}-{of_year}")


class InForce(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    since: date = msgspec.field(name="from")
    until: date | None = msgspec.field(name="to")


class SchoolTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``terms`` of a school year. ``basis``: why these days, where the source says none."""

    school_terms: str
    edition: str
    source: str
    jurisdiction: str
    in_force: InForce
    terms: Annotated[tuple[Term, ...], msgspec.Meta(min_length=1)]
    basis: str | None = None

    def beginning_in(self, year: int) -> list[tuple[date, date]]:
        """First and last day of each. Raises ``DocumentError`` for a day that not every year has."""
        return [term.beginning_in(year) for term in self.terms]


def school_terms_from(document: Mapping[str, object]) -> SchoolTerms:
    """The terms in this document. Raises ``msgspec.ValidationError``, and ``DocumentError`` where two overlap."""
    read = msgspec.convert(document, SchoolTerms)
    ordered = sorted(term for year in (COMMON_YEAR, COMMON_YEAR + 1) for term in read.beginning_in(year))
    if any(end >= following for (_, end), (following, _) in pairwise(ordered)):
        raise DocumentError(
            (), "terms：后一学期在前一学期结束前开始，请更正日期", "terms: one begins before the one before it ends"
        )
    return read


def terms(year: int, place: str | None, lookup: Lookup) -> tuple[tuple[date, date], ...]:
    """First and last day of the terms that begin in that calendar year, in order. Each begins as the edition in force on its
    first day says. Raises ``NotInForce`` where no edition is in force on some day of the year."""
    whole = date(year, 1, 1), date(year, 12, 31)
    return tuple(
        sorted(
            term
            for first, last, edition in lookup.in_force_through(KIND, NATIONAL, *whole, place)
            for term in edition.typed(school_terms_from).beginning_in(year)
            if first <= term[0] <= last
        )
    )
