"""Base rates (贷款基准利率) that products lend at, as documents: by the day since which each holds and the months of the term::

base_rate: pboc_benchmark
rates:
  - {from: 2015-10-24, source: …, terms: [{to_months: 12, percent: "4.35"}, {percent: "4.90"}]}
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any

import msgspec

from services.assistance.loans.products import Months, PercentText
from services.assistance.loans.rates import of_percent
from services.casework.procedures.competent_office import DocumentPart
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Key, Label
from services.chassis.law.content import DocumentError

KIND = "base_rate"


class TermRate(DocumentPart, frozen=True, kw_only=True):
    """``to_months``: of the longest term at this rate; without one, of every longer term."""

    to_months: Months | None = None
    percent: PercentText


class RatesSince(DocumentPart, frozen=True, kw_only=True):
    """``from``: until the next rates hold."""

    starts: date = msgspec.field(name="from")
    source: str
    terms: Annotated[tuple[TermRate, ...], msgspec.Meta(min_length=1, max_length=20)]

    def __post_init__(self) -> None:
        ends = [term.to_months for term in self.terms]
        if any(a is None or (b is not None and b <= a) for a, b in pairwise(ends)):
            raise DocumentError(
                (),
                f"自{self.starts}起的利率：期限须由短到长，只有最后一档不设上限",
                f"rates from {self.starts}: the terms grow, and only the last has no end",
            )


class BaseRates(DocumentPart, frozen=True, kw_only=True):
    """One edition of one series."""

    base_rate: Key
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    in_force: InForce
    rates: Annotated[tuple[RatesSince, ...], msgspec.Meta(min_length=1, max_length=200)]

    def __post_init__(self) -> None:
        if any(later.starts <= earlier.starts for earlier, later in pairwise(self.rates)):
            raise DocumentError(
                (), "rates：须按日期先后排列，每个日期一条", "rates: in the order of their days, one for each"
            )

    def on(self, day: date, months: int) -> Fraction | None:
        """A year, for a term of so many months that begins on that day; ``None`` where the series says nothing of it."""
        since = [each for each in self.rates if each.starts <= day]
        if not since:
            return None
        found = (t.percent for t in since[-1].terms if t.to_months is None or months <= t.to_months)
        percent = next(found, None)
        return None if percent is None else of_percent(Decimal(percent))


def base_rates_from(document: Mapping[str, Any]) -> BaseRates:
    """The series in this document. Raises ``msgspec.ValidationError``."""
    return msgspec.convert(document, BaseRates)
