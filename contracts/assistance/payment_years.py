"""Facts about the closing of a programme's payments of a year."""

from contracts.facts import Fact, published
from contracts.quantities import Yuan


class YearFact(Fact, frozen=True, kw_only=True):
    """A fact about a programme's payments of one year in one place. Stream ``payment-year-<programme>-<division>-<year>``."""

    programme: str
    division: str
    year: int

    @property
    def key(self) -> str:
        return f"{self.programme}-{self.division}-{self.year}"


@published("PaymentYearClosingProposed")
class PaymentYearClosingProposed(YearFact, frozen=True, kw_only=True):
    """The figures as they stood at the proposal, in yuan: both identities hold of them."""

    instructed: Yuan
    settled: Yuan
    returned: Yuan
    pending: Yuan
    due: Yuan
    overpaid: Yuan
    unpaid: Yuan
    waived: Yuan
    recovered: Yuan
    written_off: Yuan
    owed: Yuan


@published("PaymentYearClosed")
class PaymentYearClosed(YearFact, frozen=True, kw_only=True):
    """A second person closed the year, by the proposal in ``caused_by``, which still stood as it was proposed."""
