"""Decisions about funds, pure: a proposed fact and what the fund and its project are give the facts to append, or a refusal.

Whatever is entered, late or early, an act or an annulment, no account is short at the end of any day afterwards: so a
balance never has to be put right.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.monitoring import funds as facts
from contracts.monitoring.funds import FundUse, HalfYear
from contracts.selection import surviving, timeline
from services.casework.dates import require_not_future
from services.casework.ledgers.domain import Entry
from services.casework.normalized_texts import normalized
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.monitoring.funds import rules
from services.monitoring.funds.accounting import Account, account_of, accounting, moved_by, overdrawn, use_key
from services.monitoring.funds.state import Fund, fold
from services.monitoring.labels import is_truncated
from services.monitoring.money_forms import WAN
from services.monitoring.projects.drafts import LEAST_COST
from services.monitoring.projects.state import Project, ProjectStage

DECEMBER = 12
SPENDS = (facts.QuotaReserved, facts.FundPaid)
"""What needs a posted use and an open project."""
FORWARD = (facts.FundReceived, facts.FundAllocated, facts.QuotaReserved, facts.FundPaid)
"""Money on its way to its use: a sum so small that so many 万元 were promised as well is asked about. What comes back may be any rest."""
PROPOSED = "proposed"
UNRECORDED_TIME, UNRECORDED_POSITION = datetime(9000, 1, 1, tzinfo=UTC), 2**62
"""Of a proposed fact, which the log has not assigned a time and a position yet."""


def declare(proposed: facts.FundDeclared, today: date, *, sum_confirmed: bool = False) -> list[Fact]:
    """``sum_confirmed``: so small a sum was looked at and is yuan indeed."""
    require_not_future(proposed.effective_on, today)
    if is_truncated(proposed.source_label) or (proposed.raised_by is not None and is_truncated(proposed.raised_by)):
        raise Refused(rules.SOURCE_TRUNCATED)
    if proposed.amount < LEAST_COST and not sum_confirmed:
        raise Refused(rules.SUM_IMPLAUSIBLE)
    if proposed.due_on < proposed.effective_on:
        raise Refused(rules.DUE_EARLY, due_on=proposed.due_on)
    return [proposed]


def require_fund(of_fund: Sequence[Recorded]) -> Fund:
    """The fund as known now. Raises ``NOT_FOUND``."""
    fund = fold(timeline(of_fund))
    if fund is None:
        raise Refused(NOT_FOUND)
    return fund


def require_use(use: FundUse) -> None:
    if (use.project_id is None) is (use.programme is None):
        raise Refused(rules.USE_UNCLEAR)


def record(
    proposed: facts.FundFact, fund: Fund, of_fund: Sequence[Recorded], project: Project | None, today: date, *,
    sum_confirmed: bool = True,
) -> list[Fact]:  # fmt: skip
    """Any act but the first. ``project``: that of its use, as it stands now; ``None`` where there is none such."""
    require_day(proposed, fund, today)
    if isinstance(proposed, FORWARD) and _may_be_wan(proposed.amount, fund) and not sum_confirmed:
        raise Refused(rules.SUM_IMPLAUSIBLE)
    use: FundUse | None = getattr(proposed, "use", None)
    if use is not None:
        require_use(use)
        require_purpose(use, fund, project)
    if isinstance(proposed, facts.FundAllocated):
        require_allocatable(proposed, project)
    if isinstance(proposed, SPENDS) and use is not None:
        require_open_project(proposed, use, project)
    if isinstance(proposed, facts.FundPaid) and use is not None:
        if proposed.retained >= proposed.amount:
            raise Refused(rules.RETAINED_TOO_MUCH)
        if not fund.posted_before(use_key(use), proposed.effective_on):
            raise Refused(rules.NOT_POSTED)
    if isinstance(proposed, facts.FundUseNoticePosted):
        require_evidence(proposed)
        require_hung(proposed, proposed.until)
    if isinstance(proposed, facts.FundPaid | facts.FundPaymentReturned) and use is not None:
        require_not_paid_by_lists(use, of_fund)
    if isinstance(proposed, facts.TreasuryVoucherReported):
        require_reported_once(proposed.voucher, fund)
    require_covered(list(accounting(_with(of_fund, proposed))))
    return [proposed]


def close_year(proposed: facts.FundYearClosed, fund: Fund, today: date) -> list[Fact]:
    """In its December, or later."""
    require_day(proposed, fund, today)
    if proposed.year < fund.year or (proposed.effective_on < date(proposed.year, DECEMBER, 1)):
        raise Refused(rules.YEAR_NOT_OVER, year=proposed.year)
    if proposed.year in fund.closed_years:
        raise Refused(rules.CLOSED_YEAR, year=proposed.year)
    return [proposed]


def post_accounts(proposed: facts.FundAccountsPosted, fund: Fund, today: date) -> list[Fact]:
    """After the half-year; checked by the villagers' group."""
    require_not_future(proposed.effective_on, today)
    if not fund.village_fund:
        raise Refused(rules.NOT_A_VILLAGE_FUND)
    if proposed.effective_on <= last_day_of(proposed.year, proposed.half):
        raise Refused(rules.HALF_YEAR_RUNS)
    if any((a.year, a.half) == (proposed.year, proposed.half) for a in fund.accounts):
        raise Refused(rules.POSTED_ALREADY)
    require_evidence(proposed)
    require_hung(proposed, proposed.until)
    return [proposed]


def annul(proposed: facts.FundActsAnnulled, fund: Fund, of_fund: Sequence[Recorded], today: date) -> list[Fact]:
    """Acts, or an annulment of some, which restores them. What is left must stand on every day, each payment behind its notice; who
    closed a year does not open it again. That it was promised goes with all that rests on it, and is told anew as another fund."""
    require_not_future(proposed.effective_on, today)
    standing = {r.id: r.fact for r in surviving(of_fund)}
    if not proposed.annuls or not set(proposed.annuls) <= set(standing):
        raise Refused(rules.ACT_UNKNOWN, facts=sorted(set(proposed.annuls) - set(standing)))
    left = _with(of_fund, proposed)
    before, after = {r.id for r in surviving(of_fund)}, {r.id for r in left}
    years = {r.fact.effective_on.year for r in of_fund if (r.id in before) is not (r.id in after) and moved_by(r.fact)}
    if closed := years & set(fund.closed_years):
        raise Refused(rules.CLOSED_YEAR, year=min(closed))
    reopened = [standing[id_] for id_ in proposed.annuls if isinstance(standing[id_], facts.FundYearClosed)]
    if any(closing.entered_by == proposed.entered_by for closing in reopened):
        raise Refused(rules.OPENS_OWN_CLOSING)
    if not any(isinstance(r.fact, facts.FundDeclared) for r in left):
        if rests := [r.id for r in left if not isinstance(r.fact, facts.FundActsAnnulled)]:
            raise Refused(rules.DECLARATION_RESTED_ON, facts=rests)
        return [proposed]
    require_covered(list(accounting(left)))
    require_payments_posted(left)
    require_draws_posted(fund, left)
    return [proposed]


def require_day(proposed: Fact, fund: Fund, today: date) -> None:
    """Not in the future, not before the promise, in no closed year."""
    require_not_future(proposed.effective_on, today)
    if proposed.effective_on < fund.declared_on:
        raise Refused(rules.DAY_TOO_EARLY, since=fund.declared_on)
    if proposed.effective_on.year in fund.closed_years:
        raise Refused(rules.CLOSED_YEAR, year=proposed.effective_on.year)


def require_purpose(use: FundUse, fund: Fund, project: Project | None) -> None:
    """Earmarked money goes where it is meant to (专款专用)."""
    if use.project_id is not None and (project is None or not _held_there(project, fund)):
        raise Refused(rules.USE_UNKNOWN)
    purpose = use.programme if project is None else project.kind
    if fund.purposes and purpose not in fund.purposes:
        raise Refused(rules.PURPOSE_MISMATCH, purposes=list(fund.purposes), purpose=purpose)


def require_allocatable(proposed: facts.FundAllocated, project: Project | None) -> None:
    if proposed.decision is None:
        raise Refused(rules.DECISION_MISSING)
    if project is None:
        return
    if not project.reached(ProjectStage.PLANNED) or _before(proposed, project.planned_on):
        raise Refused(rules.PROJECT_NOT_PLANNED)


def require_open_project(proposed: Fact, use: FundUse, project: Project | None) -> None:
    """Chartered by that day, and not closed on it."""
    if use.project_id is None or project is None:
        return
    if project.charter is None or _before(proposed, project.chartered_on):
        raise Refused(rules.PROJECT_NOT_CHARTERED)
    if project.closed_on is not None and proposed.effective_on >= project.closed_on:
        raise Refused(rules.PROJECT_CLOSED, since=project.closed_on)


def require_covered(entries: Sequence[Entry]) -> None:
    """No account is short at the end of any day. Raises ``Refused`` by the account that would be."""
    short = overdrawn(entries)
    if short is None:
        return
    day, name, fen = short
    account, use = account_of(name)
    raise Refused(rules.SHORT_OF[account], day=day, missing=[f"{fen // 100}.{fen % 100:02}"], fund_use=use or None)


def require_hung(fact: Fact, until: date) -> None:
    """A notice ends no earlier than it begins: else what was hung in December would be over in January."""
    if until < fact.effective_on:
        raise Refused(rules.NOTICE_BACKWARDS, until=until)


def require_payments_posted(left: Sequence[Recorded]) -> None:
    """Raises ``Refused`` where a payment would stand behind no notice of its use."""
    fund = fold(timeline(left))
    assert fund is not None
    for recorded in left:
        paid = recorded.fact
        if isinstance(paid, facts.FundPaid) and not fund.posted_before(use_key(paid.use), paid.effective_on):
            raise Refused(rules.NOTICE_STILL_NEEDED, fact=recorded.id)


def require_draws_posted(before: Fund, left: Sequence[Recorded]) -> None:
    """Raises ``Refused`` where what a pay-list paid behind a notice would stand behind none."""
    fund = fold(timeline(left))
    assert fund is not None
    for recorded in left:
        drawn = recorded.fact
        if isinstance(drawn, facts.ProgrammePaymentDrawn):
            use, day = use_key(drawn.use), drawn.paid_on
            if before.posted_before(use, day) and not fund.posted_before(use, day):
                raise Refused(rules.NOTICE_STILL_NEEDED, fact=recorded.id)


def require_not_paid_by_lists(use: FundUse, of_fund: Sequence[Recorded]) -> None:
    """What assistance pays by lists draws on the fund by itself, and is not booked a second time."""
    drawn = (r.fact for r in surviving(of_fund) if isinstance(r.fact, facts.ProgrammePaymentDrawn))
    if any(fact.use == use for fact in drawn):
        raise Refused(rules.PAID_BY_LISTS, programme=use.programme)


def require_reported_once(voucher: str, fund: Fund) -> None:
    """A voucher of the treasury's that was typed wrongly is annulled first: a second sum would hide the first."""
    if normalized((voucher,)) in {normalized((each.voucher,)) for each in fund.treasury}:
        raise Refused(rules.VOUCHER_TWICE, voucher=voucher)


def require_evidence(fact: Fact) -> None:
    if not fact.evidence:
        raise Refused(rules.EVIDENCE_MISSING)


def last_day_of(year: int, half: HalfYear) -> date:
    return date(year, 6, 30) if half is HalfYear.FIRST else date(year, 12, 31)


def voucher_of(fact: Fact) -> str | None:
    """The number of the voucher that moves money by this fact."""
    return None if isinstance(fact, facts.TreasuryVoucherReported) else getattr(fact, "voucher", None)


def balance(balances: dict[str, int], account: Account) -> int:
    """Fen, over all uses; the source's as it is meant, above zero."""
    found = sum(fen for name, fen in balances.items() if account_of(name)[0] is account)
    return -found if account is Account.SOURCE else found


def _before(proposed: Fact, gate: date | None) -> bool:
    return gate is not None and proposed.effective_on < gate


def _may_be_wan(amount: Decimal, fund: Fund) -> bool:
    return 1 <= amount < LEAST_COST and amount * WAN <= fund.amount


def _held_there(project: Project, fund: Fund) -> bool:
    return project.division.startswith(fund.division)


def _with(of_fund: Sequence[Recorded], proposed: Fact) -> list[Recorded]:
    """What would survive if this were recorded last."""
    stream = of_fund[0].stream
    last = Recorded(
        PROPOSED,
        UNRECORDED_POSITION,
        stream,
        UNRECORDED_POSITION,
        UNRECORDED_TIME,
        UUID(int=0),
        PROPOSED,
        proposed,
        b"",
    )
    return surviving([*of_fund, last])
