"""Lines that a household's income per head is compared with, as documents: of what series, where, since which day::

    income_line: monitoring        # a series
    edition: "2021"
    jurisdiction: CN
    zh: 监测范围
    en: monitoring line
    basis: …                       # how the figures of the series come about
    source: …
    from: 2021-01-01               # to: none, for a line holds until another is drawn
    lines:
      - {from: 2021-01-01, yuan: "6000.00", confirmed: true, source: …}

Yuan per head and year. A place that has a document of its own in force goes by it alone.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Any

import msgspec

from services.casework.documents.lookup import Lookup
from services.chassis.law.content import DocumentError
from services.chassis.law.dated import NotInForce

KIND = "income_line"


class LineBasis(StrEnum):
    """The series. The first two conflict, and both are kept."""

    POVERTY_STATISTICAL = "poverty_statistical"
    EXIT_CHECK = "exit_check"
    MONITORING = "monitoring"


class LineTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``confirmed``: whether it was found in an official text; ``note``: what is not exact about it."""

    starts: date = msgspec.field(name="from")
    yuan: Decimal
    confirmed: bool
    source: str
    note: str | None = None

    def __post_init__(self) -> None:
        if not (0 < self.yuan < 1_000_000 and self.yuan == self.yuan.quantize(Decimal("0.01"))):
            raise DocumentError((), "yuan：须为大于零的金额，精确到分", "yuan: a positive amount, to the fen")


class IncomeLines(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One edition of a series in a place. ``lines``: by the day since which each holds."""

    income_line: LineBasis
    edition: str
    jurisdiction: str
    zh: str
    en: str
    basis: str
    source: str
    starts: date = msgspec.field(name="from")
    ends: date | None = msgspec.field(name="to", default=None)
    lines: tuple[LineTerms, ...]

    def __post_init__(self) -> None:
        if not self.lines or self.lines[0].starts != self.starts:
            raise DocumentError(
                (), "lines：第一条须自文件生效之日起", "lines: the first one holds since the document does"
            )
        if any(later.starts <= earlier.starts for earlier, later in pairwise(self.lines)):
            raise DocumentError(
                (), "lines：须按日期先后排列，每个日期一条", "lines: in the order of their days, one for each"
            )


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """The line of a day. ``jurisdiction``: of the document that says it; ``document``: id of its edition."""

    yuan: Decimal
    basis: LineBasis
    since: date
    jurisdiction: str
    confirmed: bool
    source: str
    document: str


def income_lines_from(content: Mapping[str, Any]) -> IncomeLines:
    """Raises ``msgspec.ValidationError`` and ``DocumentError``."""
    return msgspec.convert(content, IncomeLines)


def line_on(day: date, jurisdiction: str | None, basis: LineBasis, lookup: Lookup) -> IncomeLine:
    """The line of a series on a day in a place (a division code of any length; ``None``: the whole country), as known to the
    lookup. Raises ``NotInForce``: no line is guessed."""
    edition = lookup.in_force(KIND, basis, day, jurisdiction)
    lines = edition.typed(income_lines_from).lines
    place = bisect_right(lines, day, key=lambda line: line.starts)
    if place == 0:
        raise NotInForce(basis, day)
    line = lines[place - 1]
    return IncomeLine(line.yuan, basis, line.starts, edition.jurisdiction, line.confirmed, line.source, edition.id)
