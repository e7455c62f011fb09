"""What quota a programme has on a day: what the fund of a document granted it, or what its document says where no fund did. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate
from uuid import UUID

from services.assistance.payments import rules
from services.assistance.payments.domain_lines import NOTHING
from services.chassis.ground.refusals import Refused


@dataclass(frozen=True, slots=True)
class Quota:
    """``granted_by``: id of the fact by which its fund was declared, or of the edition that grants it; ``used``: reserved by other lists,
    less what came back; ``fund_document``: number of the document of its money, ``None`` where the quota names none."""

    granted_by: str
    granted: Decimal
    used: Decimal
    fund_document: str | None = None

    @property
    def left(self) -> Decimal:
        return self.granted - self.used


@dataclass(frozen=True, slots=True)
class Fund:
    """A fund of a document. ``moves``: what it granted the programme on which days, below zero what it took back."""

    fund_id: UUID
    declared_by: str
    document_no: str
    year: int
    moves: tuple[tuple[date, Decimal], ...]

    def granted_anything_by(self, day: date) -> bool:
        return any(on <= day for on, _ in self.moves)

    def granted_on(self, day: date) -> Decimal:
        """What may be used from that day on: the least that is granted at the end of it or of a later day."""
        so_far = sum((yuan for on, yuan in self.moves if on <= day), NOTHING)
        later: dict[date, Decimal] = {}
        for on, yuan in self.moves:
            if on > day:
                later[on] = later.get(on, NOTHING) + yuan
        return min(accumulate((later[on] for on in sorted(later)), initial=so_far))


def counts(fund: Fund, quota: Quota, day: date) -> bool:
    """A programme has this fund on that day: it is the fund of the year, or something of it is left."""
    return quota.granted > 0 and (fund.year == day.year or quota.left > 0)


@dataclass(frozen=True, slots=True)
class ProgrammeQuotas:
    """What a programme may pay in a place on a day. ``funds``: what each fund above has granted it by then; ``of_document``: what its
    document says, where it has no fund on that day."""

    funds: tuple[tuple[Fund, Quota], ...]
    of_document: Quota | None
    day: date

    def of_money(self, fund_document: str, fund_id: UUID | None) -> Quota:
        """Of a release that names this document, which is that of a fund, or of none. Raises ``Refused``."""
        named = next((quota for fund, quota in self.funds if fund.fund_id == fund_id), None)
        if named is not None:
            return named
        if having := [fund.document_no for fund, quota in self.funds if counts(fund, quota, self.day)]:
            raise Refused(rules.QUOTA_OF_OTHER_FUND, fund_document=fund_document, fund_documents=sorted(having))
        if self.of_document is None:
            raise Refused(rules.QUOTA_MISSING)
        return self.of_document
