"""Whatever is posted to a fund and annulled, in any order: no account is ever short, every ledger is at zero on every day as known at
every instant, what was known stays, and the table's entries sum to the book."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.canonical import encode
from contracts.facts import Decision, Evidence, Fact, Recorded
from contracts.monitoring import funds as facts
from contracts.monitoring.funds import FundSource, FundUse
from contracts.registry.divisions import Level
from contracts.selection import surviving
from services.casework.ledgers.domain import book_of
from services.casework.ledgers.versions import versions_of_each
from services.chassis.ground.refusals import Refused
from services.monitoring.funds.accounting import Account, account_of, accounting, entries_of
from services.monitoring.funds.domain import annul, record, require_fund

FUND, USES = UUID(int=7), (FundUse(programme="yulu"), FundUse(programme="medical"))
FIRST, TODAY = date(2016, 1, 1), date(2016, 12, 31)
START = datetime(2016, 1, 1, tzinfo=UTC)
DECIDED = Decision(organ="县扶贫办", decided_on=FIRST, document_no="1", signer="组长")

days = st.integers(0, 360).map(lambda n: FIRST + timedelta(days=n))
sums = st.integers(1, 5000).map(lambda fen: Decimal(fen).scaleb(-2))
uses = st.sampled_from(USES)


def declared() -> facts.FundDeclared:
    return facts.FundDeclared(
        fund_id=FUND, effective_on=FIRST, entered_by="a", division="990001", title="某资金", source=FundSource.COUNTY,
        source_label="县财政", level=Level.COUNTY, document_no=None, year=2016, purposes=(), amount=Decimal("100.00"),
        due_on=TODAY,
    )  # fmt: skip


@st.composite
def acts(draw: st.DrawFn) -> facts.FundFact | float:
    """An act, or a place among those that stand, which is annulled."""
    if draw(st.integers(0, 3)) == 0:
        return draw(st.floats(0, 0.999))
    common: dict[str, Any] = {"fund_id": FUND, "effective_on": draw(days), "entered_by": "a", "amount": draw(sums)}
    use: dict[str, Any] = {"use": draw(uses)}
    voucher: dict[str, Any] = {"voucher": str(draw(st.integers(0, 10**6)))}
    kind = draw(st.integers(0, 8))
    match kind:
        case 0:
            return facts.FundReceived(**common, **voucher)
        case 1:
            return facts.FundAllocated(**common, **use, decision=DECIDED)
        case 2:
            return facts.QuotaReserved(**common, **use)
        case 3:
            return facts.FundPaid(**common, **use, **voucher, retained=draw(sums))
        case 4:
            return facts.FundPaymentReturned(**common, **use, **voucher)
        case 5:
            return facts.RetentionPaid(**common, **use, **voucher)
        case 6:
            return facts.FundAllocationWithdrawn(**common, **use)
        case 7:
            return facts.FundPledgeCut(**common, reason="上级核减")
    return facts.FundReturned(**common, **voucher)


def recorded(fact: Fact, number: int) -> Recorded:
    at = START + timedelta(hours=number)
    return Recorded("monitoring", number, f"fund-{FUND}", number, at, UUID(int=number), "a", fact, encode(fact))


def entered(drawn: Sequence[facts.FundFact | float]) -> list[Recorded]:
    """What of these was accepted, in order."""
    log = [recorded(declared(), 1)]
    for use in USES:
        posted = facts.FundUseNoticePosted(
            fund_id=FUND, effective_on=FIRST, entered_by="a", use=use, place="村务公开栏", until=FIRST,
            evidence=(Evidence(kind="photo"),),
        )  # fmt: skip
        log.append(recorded(posted, len(log) + 1))
    for each in drawn:
        fund = require_fund(log)
        try:
            if isinstance(each, float):
                standing = surviving(log)[1:]
                wrong = standing[int(each * len(standing))].id
                annulled = facts.FundActsAnnulled(
                    fund_id=FUND, effective_on=TODAY, entered_by="a", reason="误填", annuls=(wrong,)
                )
                new = annul(annulled, fund, log, TODAY)
            else:
                new = record(each, fund, log, None, TODAY)
        except Refused:
            continue
        log += [recorded(fact, len(log) + 1) for fact in new]
    return log


@settings(deadline=None, max_examples=60)
@given(st.lists(acts(), max_size=25), days)
def test_postings_and_annulments_in_any_order_leave_every_ledger_at_zero(
    drawn: list[facts.FundFact | float], day: date
) -> None:
    log = entered(drawn)
    versions = versions_of_each(log, entries_of)
    for recorded_then in log:
        instant = recorded_then.recorded_at + timedelta(seconds=1)
        known = [r for r in log if r.recorded_at < instant]
        book = book_of(log, accounting, as_of=day, known_at=instant)
        assert book == book_of(known, accounting, as_of=day)  # as it was known then, whatever came since
        trial = book.trial_balance()
        assert trial.difference == 0
        for name, fen in book.balances().items():
            assert fen <= 0 if account_of(name)[0] is Account.SOURCE else fen >= 0
        counted = [
            p.fen
            for v in versions
            if v.entry.on <= day and v.known_from < instant and (v.known_until is None or v.known_until >= instant)
            for p in v.entry.postings
        ]
        assert sum(counted) == 0
        assert sum(fen for fen in counted if fen > 0) == trial.debits


@settings(deadline=None, max_examples=40)
@given(st.permutations(range(6)))
def test_the_order_of_telling_the_same_acts_gives_the_same_book(order: list[int]) -> None:
    common: dict[str, Any] = {"fund_id": FUND, "entered_by": "a"}
    use = USES[0]
    told = [
        facts.FundReceived(**common, effective_on=date(2016, 2, 1), amount=Decimal("100.00"), voucher="1"),
        facts.FundAllocated(**common, effective_on=date(2016, 3, 1), amount=Decimal("80.00"), use=use, decision=DECIDED),
        facts.QuotaReserved(**common, effective_on=date(2016, 4, 1), amount=Decimal("50.00"), use=use),
        facts.FundPaid(
            **common, effective_on=date(2016, 5, 1), amount=Decimal("40.00"), retained=Decimal("4.00"), use=use, voucher="2"
        ),
        facts.FundPaymentReturned(**common, effective_on=date(2016, 6, 1), amount=Decimal("6.00"), use=use, voucher="3"),
        facts.RetentionPaid(**common, effective_on=date(2016, 7, 1), amount=Decimal("4.00"), use=use, voucher="4"),
    ]  # fmt: skip
    waiting = [told[number] for number in order]
    log = entered([])
    # What is refused for what was not told yet is told again afterwards.
    while waiting:
        for fact in list(waiting):
            try:
                new = record(fact, require_fund(log), log, None, TODAY)
            except Refused:
                continue
            log += [recorded(each, len(log) + 1) for each in new]
            waiting.remove(fact)
    balances = book_of(log, accounting).balances()
    use_accounts = {account_of(name)[0]: fen for name, fen in balances.items() if account_of(name)[1]}
    assert use_accounts == {
        Account.ALLOCATED: 3600, Account.RESERVED: 1000, Account.RETAINED: 0, Account.SPENT: 3400,
    }  # fmt: skip
