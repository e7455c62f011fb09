"""The funds of a county year by year: the earmarked money of the centre (专项扶贫资金), the county's own beside it, and the common
fund of one village."""

from datetime import date
from decimal import Decimal

from contracts.monitoring.funds import FundSource, HalfYear
from contracts.registry.divisions import Level
from lika.simulation import rates
from lika.simulation.context import SimulationContext
from lika.simulation.funds import CountyMoney, SimulatedFund
from lika.simulation.schedule import Process
from services.monitoring.funds.reports import ONE_DAY

REPORTED_TO = "县扶贫开发领导小组办公室"
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))
HALF_YEAR_ENDS = {6: HalfYear.FIRST, 12: HalfYear.SECOND}
YEARS_KEPT = 2
"""Behind its own year, in which a fund still pays; what is left then goes back to where it came from."""


def fund_years(context: SimulationContext, money: CountyMoney, townships: int) -> Process:
    """The first projects are built in the second year of the plan. ``townships``: of the county."""
    for year in range(context.plan.first + 1, context.plan.last + 1):
        yield date(year, 1, 8)
        for source in (FundSource.CENTRAL, FundSource.COUNTY):
            fund = SimulatedFund(context, money)
            money.funds[year, source] = fund
            money.schedule.add(_fund(context, money, fund, year, source, townships), date(year, 1, 8))


def _fund(
    context: SimulationContext, money: CountyMoney, fund: SimulatedFund, year: int, source: FundSource, townships: int
) -> Process:
    yield from ()
    rng, central = context.rng, source is FundSource.CENTRAL
    share = rates.CENTRAL_SHARE if central else 1 - rates.CENTRAL_SHARE
    amount = Decimal(townships * int(rates.MOST_PROJECT_COST * share))
    label, code = ("中央财政", "农") if central else (f"{money.county.name}财政", "预")
    fund.declare(
        date(year, 1, 8), money.county.code, f"样财{code}〔{year}〕1号",
        title="财政专项扶贫资金" if central else "县级配套资金", source=source, source_label=label, level=Level.COUNTY,
        year=year, purposes=(), amount=amount, due_on=date(year, 8, 31),
    )  # fmt: skip
    first = Decimal(int(amount * Decimal("0.7")))
    yield (arrived := rng.day_in(date(year, 2, 1), 20))
    fund.receive(arrived, first)
    yield (arrived := rng.day_in(date(year, 7, 1), 45))
    if central or rng.random() >= rates.MATCHING_SHORT_RATE:
        fund.receive(arrived, amount - first)
    for closed in range(year, year + YEARS_KEPT):
        yield date(closed, 12, 31)
        fund.close_year(closed)
    yield date(year + YEARS_KEPT, 11, 20)
    fund.return_rest(date(year + YEARS_KEPT, 11, 20))
    yield date(year + YEARS_KEPT, 12, 31)
    fund.close_year(year + YEARS_KEPT)
    del money.funds[year, source]


def village_fund(context: SimulationContext, money: CountyMoney) -> Process:
    """Of the county's first village: money to lend to each other, given bit by bit. Its accounts are posted every half-year, checked by
    the villagers' group (M202), and a report is filed of every quarter (M201)."""
    rng, first, last = context.rng, context.plan.first + 1, context.plan.last
    village = context.province.villages_of(context.province.townships_of(money.county)[0])[0]
    begun = date(first, 1, 10)
    yield begun
    each, fund = Decimal(rng.randint(20, 60) * 1000), SimulatedFund(context, money)
    fund.declare(
        begun, village.code, None, title=f"{village.name}扶贫互助资金", source=FundSource.DONOR, source_label="样例商会",
        level=None, year=first, purposes=(), amount=each * (last - first + 1), due_on=date(last, 12, 31),
        village_fund=True, raised_by="样例县工商联",
    )  # fmt: skip
    for year in range(first, last + 1):
        given = rng.day_in(date(year, 2, 1), 50)
        yield given
        fund.receive(given, each)
        for month, day in QUARTER_ENDS:
            ended = date(year, month, day)
            yield (filed_on := rng.day_after(ended, 3, 14))
            fund.file_report(filed_on, begun, ended, REPORTED_TO)
            begun = ended + ONE_DAY
            if month in HALF_YEAR_ENDS:
                fund.post_accounts(filed_on, year, HALF_YEAR_ENDS[month], rng.day_after(filed_on, 7, 15))
