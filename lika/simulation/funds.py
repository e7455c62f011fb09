"""The money of a county, as the facts of its funds: each act is what ``services.monitoring.funds`` decides about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from contracts.facts import Decision
from contracts.monitoring import funds as facts
from contracts.monitoring.funds import FundUse
from contracts.selection import timeline
from lika.simulation.context import SimulationContext
from lika.simulation.decided_stream import DecidedStream
from lika.simulation.divisions import Division
from lika.simulation.documents import on_paper
from lika.simulation.event_buffer import MONITORING, ClaimChange
from lika.simulation.ids import deterministic_id
from lika.simulation.schedule import Schedule
from services.casework.ledgers.domain import Book
from services.casework.ledgers.money import yuan_of
from services.casework.normalized_texts import normalized
from services.monitoring.funds import domain
from services.monitoring.funds.accounting import Account, accounting
from services.monitoring.funds.draws import DOCUMENT_CLAIM
from services.monitoring.funds.reports import file_report, filed
from services.monitoring.funds.state import Fund, fold
from services.monitoring.funds.store import TOLD_CLAIM, VOUCHER_CLAIM, stream_of
from services.monitoring.projects.state import Project

FUND_ENTITIES = 2 << 40
"""Added to a county's index where the random numbers of its funds are seeded."""
UNREPORTED_RATE = 0.01
"""Of vouchers, those that the treasury's books do not have."""


@dataclass(eq=False)
class CountyMoney:
    """A county's finance office. ``funds``: of each year and source, while anything may still be paid out of it;
    ``vouchers``: numbered so far; ``declared``: funds so far."""

    county: Division
    schedule: Schedule = field(default_factory=Schedule)
    funds: dict[tuple[int, facts.FundSource], "SimulatedFund"] = field(default_factory=dict)
    vouchers: int = 0
    declared: int = 0

    @property
    def entity(self) -> int:
        return FUND_ENTITIES + self.county.index

    @property
    def accountant(self) -> str:
        return f"reviewer-{self.county.code}"

    @property
    def decider(self) -> str:
        return f"decider-{self.county.code}"

    def next_voucher(self, day: date) -> str:
        self.vouchers += 1
        return f"记-{day.year}-{self.vouchers:06}"

    def decision(self, day: date, series: str) -> Decision:
        return Decision(
            organ=f"{self.county.name}扶贫开发领导小组", decided_on=day, document_no=f"样{series}〔{day.year}〕{day.month}号",
            signer="组长",
        )  # fmt: skip


class SimulatedFund:
    """One fund, from its promise on."""

    def __init__(self, context: SimulationContext, money: CountyMoney) -> None:
        self._context, self._money = context, money
        money.declared += 1
        self.id = deterministic_id(context.digest, "fund", money.county.index, money.declared)
        self._stream = DecidedStream(context, MONITORING, stream_of(self.id))

    @property
    def fund(self) -> Fund:
        fund = fold(timeline(self._stream.known))
        assert fund is not None
        return fund

    def declare(self, day: date, division: str, document_no: str | None, **more: Any) -> None:
        fact = facts.FundDeclared(
            **self._common(day, self._money.accountant), division=division, document_no=document_no, **more
        )
        claims: tuple[ClaimChange, ...] = ()
        if document_no is not None:
            told = normalized((division, fact.source_label, document_no))
            document = normalized((division, document_no))
            claims = (ClaimChange(TOLD_CLAIM, told, self.id), ClaimChange(DOCUMENT_CLAIM, document, self.id))
        self._stream.append(*domain.declare(fact, self._context.recorded_on), claims=claims)

    def receive(self, day: date, amount: Decimal) -> None:
        self._moves(day, facts.FundReceived, amount)

    def allocate(self, day: date, project: Project, amount: Decimal) -> None:
        made = self._money.decision(day, "财农")
        common = self._common(day, self._money.decider, decision=made)
        self._record(facts.FundAllocated(**common, use=_use(project), amount=amount), project)

    def post_use(self, day: date, project: Project, place: str, until: date) -> None:
        common = self._common(day, self._money.accountant, evidence=(on_paper("notice_photo"),))
        self._record(facts.FundUseNoticePosted(**common, use=_use(project), place=place, until=until), project)

    def reserve(self, day: date, project: Project, amount: Decimal) -> None:
        common = self._common(day, self._money.decider)
        self._record(facts.QuotaReserved(**common, use=_use(project), amount=amount), project)

    def pay(self, day: date, project: Project, amount: Decimal, retained: Decimal = Decimal(0)) -> None:
        self._moves(day, facts.FundPaid, amount, project, retained=retained)

    def pay_retention(self, day: date, project: Project, amount: Decimal) -> None:
        self._moves(day, facts.RetentionPaid, amount, project)

    def take_back(self, day: date, project: Project, amount: Decimal) -> None:
        """What was paid too much comes back, and is free for another use."""
        self._moves(day, facts.FundPaymentReturned, amount, project)
        common = self._common(day, self._money.decider)
        self._record(facts.FundAllocationWithdrawn(**common, use=_use(project), amount=amount), project)

    def return_rest(self, day: date) -> None:
        """What nobody needed goes back to where it came from."""
        left = self.balance(Account.AVAILABLE)
        if left:
            self._moves(day, facts.FundReturned, left)

    def balance(self, account: Account) -> Decimal:
        balances = Book(tuple(accounting(timeline(self._stream.known)))).balances()
        return yuan_of(domain.balance(balances, account))

    def close_year(self, year: int) -> None:
        day = date(year, 12, 31)
        fact = facts.FundYearClosed(**self._common(day, self._money.accountant), year=year)
        self._stream.append(*domain.close_year(fact, self.fund, self._context.recorded_on))

    def post_accounts(self, day: date, year: int, half: facts.HalfYear, until: date) -> None:
        fact = facts.FundAccountsPosted(
            **self._common(day, self._money.accountant, evidence=(on_paper("notice_photo"),)), year=year, half=half,
            checked_by="民主理财小组", until=until,
        )  # fmt: skip
        self._stream.append(*domain.post_accounts(fact, self.fund, self._context.recorded_on))

    def file_report(self, day: date, first: date, last: date, reported_to: str) -> None:
        common = self._common(day, self._money.accountant, evidence=(on_paper("other"),))
        fact = filed({**common, "reported_to": reported_to}, self._stream.known, first, last)
        self._stream.append(*file_report(fact, self.fund, self._context.recorded_on))

    def _moves(self, day: date, kind: type[Any], amount: Decimal, project: Project | None = None, **more: Any) -> None:
        """Money moves by a voucher, which the treasury's own books have, too."""
        voucher = self._money.next_voucher(day)
        use: Mapping[str, Any] = {} if project is None else {"use": _use(project)}
        common = self._common(day, self._money.accountant)
        claim = ClaimChange(VOUCHER_CLAIM, normalized((self._money.county.code, voucher)), self.id)
        self._record(kind(**common, **use, **more, amount=amount, voucher=voucher), project, (claim,))
        if self._context.rng.random() >= UNREPORTED_RATE:
            moved = amount - more.get("retained", Decimal(0))
            self._record(facts.TreasuryVoucherReported(**common, voucher=voucher, amount=moved), None)

    def _record(self, fact: facts.FundFact, project: Project | None, claims: tuple[ClaimChange, ...] = ()) -> None:
        known, today = self._stream.known, self._context.recorded_on
        self._stream.append(*domain.record(fact, self.fund, known, project, today), claims=claims)

    def _common(self, day: date, by: str, **more: Any) -> dict[str, Any]:
        return {"fund_id": self.id, "effective_on": day, "entered_by": by, **more}


def _use(project: Project) -> FundUse:
    return FundUse(project_id=project.project_id)
