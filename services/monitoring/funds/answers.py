"""Answers about funds. Sums are yuan; balances are of the day and instant that were asked for."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.facts import Recorded
from contracts.monitoring.funds import FundSource, HalfYear
from contracts.registry.divisions import Level
from services.casework.fact_forms import PlainDecimal
from services.casework.ledgers.domain import Book, TrialBalance
from services.casework.ledgers.money import yuan_of
from services.casework.normalized_texts import normalized
from services.casework.standing_facts import StandingFactAnswer
from services.monitoring.funds.accounting import Account, project_of
from services.monitoring.funds.domain import last_day_of
from services.monitoring.funds.queries import Execution, FundPosition, by_use
from services.monitoring.funds.reports import figures
from services.monitoring.funds.state import FiledReport, Fund

PERMILLE = Decimal("0.0001")


class _FromState(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class UseAnswer(BaseModel):
    """What money is for: a project with its name, or a programme; one of the two."""

    project_id: UUID | None
    use_title: str | None
    programme: str | None

    @staticmethod
    def fields(use: str, titles: Mapping[str, str]) -> dict[str, Any]:
        """Of the key of a use. ``titles``: of projects, by these keys."""
        project = project_of(use)
        programme = use.partition(":")[2] if project is None else None
        return {"project_id": project, "use_title": titles.get(use), "programme": programme}


class UseNoticeAnswer(UseAnswer):
    place: str
    posted_on: date
    until: date


class PostedAccountsAnswer(_FromState):
    year: int
    half: HalfYear
    checked_by: str
    posted_on: date


class UseBalanceAnswer(UseAnswer):
    """Of one use: allocated and not reserved, reserved and not paid, retained, spent."""

    allocated: PlainDecimal
    reserved: PlainDecimal
    retained: PlainDecimal
    spent: PlainDecimal


class VoucherDifferenceAnswer(BaseModel):
    """``booked`` here and ``treasury`` there; one of them missing, or the sums differ."""

    voucher: str
    booked: PlainDecimal | None
    in_treasury: PlainDecimal | None


class ListedFundAnswer(BaseModel):
    """``pledge_overdue``: days since it was due, while something is outstanding; ``age``: years since its own, while something is
    left (结转)."""

    fund_id: UUID
    division: str
    title: str
    fund_source: FundSource
    source_label: str
    level: Level | None
    document_no: str | None
    year: int
    purposes: list[str]
    promised: PlainDecimal
    due_on: date
    village_fund: bool
    raised_by: str | None
    pledged: PlainDecimal
    available: PlainDecimal
    allocated: PlainDecimal
    reserved: PlainDecimal
    retained: PlainDecimal
    spent: PlainDecimal
    pledge_overdue: int
    age: int

    @classmethod
    def of(cls, position: FundPosition, today: date) -> Self:
        return cls(**listed_fields(position, today))


class FundReportAnswer(BaseModel):
    """As it was reported, and as the ledger has the same days now: ``differs`` where what was told since changes a figure."""

    period_from: date
    period_to: date
    reported_to: str
    filed_on: date
    received: PlainDecimal
    spent: PlainDecimal
    left: PlainDecimal
    received_now: PlainDecimal
    spent_now: PlainDecimal
    left_now: PlainDecimal
    differs: bool

    @classmethod
    def of(cls, report: FiledReport, of_fund: Sequence[Recorded]) -> Self:
        now = figures(of_fund, report.period_from, report.period_to)
        said = report.received, report.spent, report.left
        known = tuple(yuan_of(fen) for fen in now)
        return cls(
            period_from=report.period_from, period_to=report.period_to, reported_to=report.reported_to,
            filed_on=report.filed_on, received=said[0], spent=said[1], left=said[2], received_now=known[0],
            spent_now=known[1], left_now=known[2], differs=said != known,
        )  # fmt: skip


class FundAnswer(ListedFundAnswer):
    """``accounts_missing``: half-years over by the day asked about whose accounts nobody posted, of a village fund."""

    uses: list[UseBalanceAnswer]
    notices: list[UseNoticeAnswer]
    closed_years: list[int]
    posted_accounts: list[PostedAccountsAnswer]
    accounts_missing: list[str]
    debits: PlainDecimal
    credits: PlainDecimal
    voucher_differences: list[VoucherDifferenceAnswer]
    reports: list[FundReportAnswer]
    acts: list[StandingFactAnswer]
    as_of: date | None
    known_at: datetime | None

    @classmethod
    def of_fund(
        cls, position: FundPosition, book: Book, facts: Sequence[Recorded], day: date, known_at: datetime | None,
        titles: Mapping[str, str],
    ) -> Self:  # fmt: skip
        fund, trial = position.fund, book.trial_balance()
        uses = [
            UseBalanceAnswer(
                **UseAnswer.fields(use, titles),
                **{
                    a.value: yuan_of(at.get(a, 0))
                    for a in (Account.ALLOCATED, Account.RESERVED, Account.RETAINED, Account.SPENT)
                },
            )
            for use, at in sorted(by_use(position.balances).items())
        ]
        return cls(
            **listed_fields(position, day), uses=uses,
            notices=[
                UseNoticeAnswer(**UseAnswer.fields(n.use, titles), place=n.place, posted_on=n.posted_on, until=n.until)
                for n in fund.notices
            ],
            closed_years=list(fund.closed_years),
            posted_accounts=[PostedAccountsAnswer.model_validate(a) for a in fund.accounts],
            accounts_missing=accounts_missing(fund, day), debits=yuan_of(trial.debits), credits=yuan_of(trial.credits),
            voucher_differences=voucher_differences(fund),
            reports=[FundReportAnswer.of(report, facts) for report in fund.reports],
            acts=StandingFactAnswer.of_all(facts), as_of=day, known_at=known_at,
        )  # fmt: skip


class TrialBalanceAnswer(BaseModel):
    """试算平衡: all debits and all credits, summed apart; ``difference`` is what no account takes up, and zero."""

    debits: PlainDecimal
    credits: PlainDecimal
    difference: PlainDecimal
    balances: dict[Account, PlainDecimal]
    as_of: date
    known_at: datetime | None

    @classmethod
    def of(cls, trial: TrialBalance, balances: dict[Account, int], as_of: date, known_at: datetime | None) -> Self:
        return cls(
            debits=yuan_of(trial.debits), credits=yuan_of(trial.credits), difference=yuan_of(trial.difference),
            balances={account: yuan_of(fen) for account, fen in balances.items()}, as_of=as_of, known_at=known_at,
        )  # fmt: skip


class ExecutionFigures(BaseModel):
    """``rate``: paid of what is to hand, four decimals; ``None`` where nothing is."""

    received: PlainDecimal
    allocated: PlainDecimal
    spent: PlainDecimal
    rate: PlainDecimal | None


class ExecutionAnswer(BaseModel):
    """``title``: of the fund or project that the key is of; ``published``: as known at the instant asked for; ``restated``: as known
    now."""

    key: str
    title: str | None
    published: ExecutionFigures
    restated: ExecutionFigures

    @classmethod
    def of(cls, found: Execution, titles: Mapping[str, str]) -> Self:
        return cls(
            key=found.key,
            title=titles.get(found.key),
            published=_figures(found.published),
            restated=_figures(found.restated),
        )


def listed_fields(position: FundPosition, day: date) -> dict[str, object]:
    fund = position.fund
    held = {account.value: yuan_of(position.held(account)) for account in Account if account is not Account.SOURCE}
    left = position.held(Account.SOURCE) - position.held(Account.SPENT) - position.held(Account.PLEDGED)
    overdue = (day - fund.due_on).days if position.held(Account.PLEDGED) and day > fund.due_on else 0
    copied = (
        "fund_id", "division", "title", "source_label", "level", "document_no", "year", "due_on", "village_fund", "raised_by",
    )  # fmt: skip
    return {
        **{name: getattr(fund, name) for name in copied}, "fund_source": fund.source, "purposes": list(fund.purposes),
        "promised": fund.amount, **held, "pledge_overdue": overdue, "age": max(day.year - fund.year, 0) if left else 0,
    }  # fmt: skip


def accounts_missing(fund: Fund, day: date) -> list[str]:
    """Half-years of a village fund that ended after it was promised and before that day, and that nobody posted."""
    if not fund.village_fund:
        return []
    posted = {(a.year, a.half) for a in fund.accounts}
    ended = [
        (year, half)
        for year in range(fund.declared_on.year, day.year + 1)
        for half in HalfYear
        if fund.declared_on <= last_day_of(year, half) < day
    ]
    return [f"{year}-{half}" for year, half in ended if (year, half) not in posted]


def voucher_differences(fund: Fund) -> list[VoucherDifferenceAnswer]:
    """By voucher: what only one side has, and sums that differ."""
    booked, treasury = ({normalized((v.voucher,)): v for v in side} for side in (fund.booked, fund.treasury))
    found = []
    for key in sorted(booked.keys() | treasury.keys()):
        here, there = booked.get(key), treasury.get(key)
        sums = here and here.amount, there and there.amount
        if sums[0] != sums[1]:
            either = here or there
            assert either is not None
            found.append(VoucherDifferenceAnswer(voucher=either.voucher, booked=sums[0], in_treasury=sums[1]))
    return found


def _figures(sums: object) -> ExecutionFigures:
    assert isinstance(sums, dict)
    rate = (Decimal(sums["spent"]) / sums["received"]).quantize(PERMILLE) if sums["received"] else None
    return ExecutionFigures(**{name: yuan_of(fen) for name, fen in sums.items()}, rate=rate)
