"""Facts about funds, from the pledge to the last fen returned. Stream ``fund-<uuid>``. Each fact moves what it says by itself, so a
ledger follows from them alone; amounts are yuan, whole fen.

Nothing is ever posted to a ledger: an act that was wrong is annulled.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Fact, published
from contracts.quantities import Yuan
from contracts.registry.divisions import Level


class FundSource(StrEnum):
    """Whose money it is. ``UNIT``: raised by a unit from its own means or relations."""

    CENTRAL = "central"
    PROVINCIAL = "provincial"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    LOTTERY = "lottery"
    UNIT = "unit"
    DONOR = "donor"
    VILLAGERS = "villagers"


class FundUse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What it is for: a project, or a programme of assistance by its key; one of the two."""

    project_id: UUID | None = None
    programme: str | None = None


class FundFact(Fact, frozen=True, kw_only=True):
    """A fact of one fund."""

    fund_id: UUID


@published("FundDeclared")
class FundDeclared(FundFact, frozen=True, kw_only=True):
    """A sum is promised, to be had by ``due_on``. ``purposes``: kinds of projects and programmes that it is earmarked for, any
    where none is named; ``division``: where it is held; ``raised_by``: the unit that must raise so much a year."""

    division: str
    title: str
    source: FundSource
    source_label: str
    level: Level | None
    document_no: str | None
    year: int
    purposes: tuple[str, ...]
    amount: Yuan
    due_on: date
    village_fund: bool = False
    raised_by: str | None = None


@published("FundReceived")
class FundReceived(FundFact, frozen=True, kw_only=True):
    amount: Yuan
    voucher: str


@published("FundPledgeCut")
class FundPledgeCut(FundFact, frozen=True, kw_only=True):
    """So much of what was promised will not come."""

    amount: Yuan
    reason: str


@published("FundAllocated")
class FundAllocated(FundFact, frozen=True, kw_only=True):
    """So much is for this use, by the decision named."""

    use: FundUse
    amount: Yuan


@published("FundAllocationWithdrawn")
class FundAllocationWithdrawn(FundFact, frozen=True, kw_only=True):
    use: FundUse
    amount: Yuan


@published("FundUseNoticePosted")
class FundUseNoticePosted(FundFact, frozen=True, kw_only=True):
    """The use is posted before anything is spent (使用前张榜公示), until the end of a day."""

    use: FundUse
    place: str
    until: date


@published("QuotaReserved")
class QuotaReserved(FundFact, frozen=True, kw_only=True):
    """So much may be paid for this use. Of a programme it is the quota that assistance checks before it releases."""

    use: FundUse
    amount: Yuan


@published("QuotaReleased")
class QuotaReleased(FundFact, frozen=True, kw_only=True):
    use: FundUse
    amount: Yuan


@published("FundPaid")
class FundPaid(FundFact, frozen=True, kw_only=True):
    """Paid out of what is reserved. ``retained``: of it, kept back as security (质保金)."""

    use: FundUse
    amount: Yuan
    retained: Yuan
    voucher: str


@published("ProgrammePaymentDrawn")
class ProgrammePaymentDrawn(FundFact, frozen=True, kw_only=True):
    """Aid was paid by a list of assistance, on ``paid_on``, and draws on the quota reserved for its programme. ``caused_by``: the
    fact by which it was paid; dated in the first open year, where that of the payment is closed."""

    use: FundUse
    list_id: UUID
    paid_on: date
    amount: Yuan


@published("ProgrammePaymentRestored")
class ProgrammePaymentRestored(FundFact, frozen=True, kw_only=True):
    """Of what a list of assistance had paid so much came back (``caused_by``); it is reserved for the programme again, as it is
    free again in assistance."""

    use: FundUse
    list_id: UUID
    paid_on: date
    amount: Yuan


@published("RetentionPaid")
class RetentionPaid(FundFact, frozen=True, kw_only=True):
    """What was kept back is paid."""

    use: FundUse
    amount: Yuan
    voucher: str


@published("FundPaymentReturned")
class FundPaymentReturned(FundFact, frozen=True, kw_only=True):
    """What was paid came back; it is allocated to the same use still."""

    use: FundUse
    amount: Yuan
    voucher: str


@published("FundReturned")
class FundReturned(FundFact, frozen=True, kw_only=True):
    """What was left goes back to where it came from."""

    amount: Yuan
    voucher: str


@published("FundYearClosed")
class FundYearClosed(FundFact, frozen=True, kw_only=True):
    """The fiscal year is closed for the fund: nothing more is dated in it."""

    year: int


class HalfYear(StrEnum):
    FIRST = "first"
    SECOND = "second"


@published("FundAccountsPosted")
class FundAccountsPosted(FundFact, frozen=True, kw_only=True):
    """A village fund's accounts of a half-year are posted, checked by the villagers' group."""

    year: int
    half: HalfYear
    checked_by: str
    until: date


@published("FundReportFiled")
class FundReportFiled(FundFact, frozen=True, kw_only=True):
    """What a fund received and spent from one day to another, and had left at the end of it, as known when this was recorded: reported
    to ``reported_to``. The figures are the ledger's own and never typed."""

    period_from: date
    period_to: date
    reported_to: str
    received: Yuan
    spent: Yuan
    left: Yuan


@published("TreasuryVoucherReported")
class TreasuryVoucherReported(FundFact, frozen=True, kw_only=True):
    """The treasury's own books have this voucher. It moves nothing here: it is compared."""

    voucher: str
    amount: Yuan


@published("FundActsAnnulled")
class FundActsAnnulled(FundFact, frozen=True, kw_only=True):
    """The acts named were wrong, or an annulment of some was."""

    reason: str
