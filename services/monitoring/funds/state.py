"""What of a fund is no balance: what it is for, notices, vouchers, closed years, posted accounts. Folded from its timeline."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import msgspec

from contracts.facts import Recorded
from contracts.monitoring import funds as facts
from contracts.monitoring.funds import FundSource, HalfYear
from contracts.registry.divisions import Level
from services.monitoring.funds.accounting import use_key


@dataclass(frozen=True, slots=True)
class UseNotice:
    use: str
    place: str
    posted_on: date
    until: date


@dataclass(frozen=True, slots=True)
class PostedAccounts:
    year: int
    half: HalfYear
    checked_by: str
    posted_on: date


@dataclass(frozen=True, slots=True)
class FiledReport:
    """Figures as they were reported, in yuan."""

    period_from: date
    period_to: date
    reported_to: str
    filed_on: date
    received: Decimal
    spent: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class Voucher:
    """As it is booked here, or as the treasury's books have it."""

    voucher: str
    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Fund:
    fund_id: UUID
    division: str
    title: str
    source: FundSource
    source_label: str
    level: Level | None
    document_no: str | None
    year: int
    purposes: tuple[str, ...]
    amount: Decimal
    declared_on: date
    due_on: date
    village_fund: bool
    raised_by: str | None
    notices: tuple[UseNotice, ...] = ()
    closed_years: tuple[int, ...] = ()
    accounts: tuple[PostedAccounts, ...] = ()
    reports: tuple[FiledReport, ...] = ()
    booked: tuple[Voucher, ...] = ()
    treasury: tuple[Voucher, ...] = ()

    @property
    def is_common(self) -> bool:
        """Money that donors, units or villagers gave, or a village holds: common money, of which is reported."""
        return self.village_fund or self.source in {FundSource.UNIT, FundSource.DONOR, FundSource.VILLAGERS}

    def posted_before(self, use: str, day: date) -> bool:
        """Whether a notice of this use was over by that day."""
        return any(notice.use == use and notice.until < day for notice in self.notices)


def fold(timeline: Iterable[Recorded]) -> Fund | None:
    """The fund at the end of a timeline, or ``None`` where it was not yet promised or known."""
    fund: Fund | None = None
    for recorded in timeline:
        fact = recorded.fact
        if isinstance(fact, facts.FundDeclared):
            fund = Fund(
                fact.fund_id, fact.division, fact.title, fact.source, fact.source_label, fact.level, fact.document_no,
                fact.year, fact.purposes, fact.amount, fact.effective_on, fact.due_on, fact.village_fund, fact.raised_by,
            )  # fmt: skip
        elif fund is not None and isinstance(fact, facts.FundFact):
            fund = evolve(fund, fact)
    return fund


def evolve(fund: Fund, fact: facts.FundFact) -> Fund:
    match fact:
        case facts.FundUseNoticePosted(use=use, place=place, until=until):
            notice = UseNotice(use_key(use), place, fact.effective_on, until)
            return replace(fund, notices=(*fund.notices, notice))
        case facts.FundYearClosed(year=year):
            return replace(fund, closed_years=(*fund.closed_years, year))
        case facts.FundAccountsPosted(year=year, half=half, checked_by=checked_by):
            posted = PostedAccounts(year, half, checked_by, fact.effective_on)
            return replace(fund, accounts=(*fund.accounts, posted))
        case facts.FundReportFiled() as filed:
            report = FiledReport(
                filed.period_from, filed.period_to, filed.reported_to, filed.effective_on, filed.received, filed.spent,
                filed.left,
            )  # fmt: skip
            return replace(fund, reports=(*fund.reports, report))
        case facts.TreasuryVoucherReported(voucher=number, amount=amount):
            return replace(fund, treasury=(*fund.treasury, Voucher(number, fact.effective_on, amount)))
        case facts.FundPaid(voucher=number, amount=amount, retained=retained):
            return replace(fund, booked=(*fund.booked, Voucher(number, fact.effective_on, amount - retained)))
        case (
            facts.FundReceived(voucher=number, amount=amount) | facts.RetentionPaid(voucher=number, amount=amount)
            | facts.FundPaymentReturned(voucher=number, amount=amount) | facts.FundReturned(voucher=number, amount=amount)
        ):  # fmt: skip
            return replace(fund, booked=(*fund.booked, Voucher(number, fact.effective_on, amount)))
    return fund


_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder = msgspec.json.Decoder(Fund)


def fund_to_json(fund: Fund) -> str:
    """The fund as its view stores it."""
    return _encoder.encode(fund).decode()


def fund_from_json(fund_json: str) -> Fund:
    """Reads what ``fund_to_json`` wrote."""
    return _decoder.decode(fund_json)
