"""Reports about a common fund (资金运行报告): what it received, spent and had left, read from its ledger; told upward at regular intervals
that a dated parameter sets. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from contracts.facts import Fact, Recorded
from contracts.monitoring import funds as facts
from services.casework.dates import require_not_future
from services.casework.ledgers.domain import book_of
from services.casework.ledgers.money import yuan_of
from services.chassis.ground.refusals import Refused
from services.monitoring.funds import rules
from services.monitoring.funds.accounting import Account, accounting
from services.monitoring.funds.domain import balance, require_evidence
from services.monitoring.funds.state import Fund

ONE_DAY = timedelta(days=1)


class Figures(NamedTuple):
    """Fen: what arrived in the period and was not given back, what was paid in it, and what was left at its end."""

    received: int
    spent: int
    left: int


def figures(of_fund: Sequence[Recorded], period_from: date, period_to: date) -> Figures:
    """As all that is given says."""
    before, after = (book_of(of_fund, accounting, as_of=day).balances() for day in (period_from - ONE_DAY, period_to))
    given = [balance(b, Account.SOURCE) - balance(b, Account.PLEDGED) for b in (before, after)]
    spent = [balance(b, Account.SPENT) for b in (before, after)]
    return Figures(given[1] - given[0], spent[1] - spent[0], given[1] - spent[1])


def file_report(proposed: facts.FundReportFiled, fund: Fund, today: date) -> list[Fact]:
    """After its period; each day is reported once to whom it is reported."""
    require_not_future(proposed.effective_on, today)
    if not fund.is_common:
        raise Refused(rules.NO_COMMON_FUND)
    if proposed.period_to < proposed.period_from or proposed.effective_on <= proposed.period_to:
        raise Refused(rules.PERIOD_RUNS, period_to=proposed.period_to)
    for former in fund.reports:
        overlaps = former.period_from <= proposed.period_to and proposed.period_from <= former.period_to
        if overlaps and former.reported_to == proposed.reported_to:
            raise Refused(rules.REPORTED_ALREADY, period_to=former.period_to)
    require_evidence(proposed)
    return [proposed]


def filed(
    fields: dict[str, Any], of_fund: Sequence[Recorded], period_from: date, period_to: date
) -> facts.FundReportFiled:
    """``fields``: all but the figures."""
    found = figures(of_fund, period_from, period_to)
    return facts.FundReportFiled(
        **fields, period_from=period_from, period_to=period_to, received=yuan_of(found.received),
        spent=yuan_of(found.spent), left=yuan_of(found.left),
    )  # fmt: skip


def reports_missing(fund: Fund, months: int, day: date) -> list[str]:
    """Last days of the periods of so many months of the calendar year that ended since the fund was promised and before that day, and of
    which no report has the last day."""
    if not fund.is_common:
        return []
    ends = (each for each in _ends(fund.declared_on, months) if each >= fund.declared_on)
    found = []
    for end in ends:
        if end >= day:
            break
        if not any(r.period_from <= end <= r.period_to for r in fund.reports):
            found.append(end.isoformat())
    return found


def _ends(since: date, months: int) -> Iterator[date]:
    year = since.year
    while True:
        for month in range(months, 13, months):
            yield (date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)) - ONE_DAY
        year += 1
