"""The published years: every household identified in 2014, and the exits of three years."""

from datetime import date

from lika.demo import procedures
from lika.demo.session import SampleSession

EXIT_DATES = {2014: date(2014, 11, 10), 2015: date(2015, 11, 9), 2016: date(2016, 11, 7)}
"""When the exit cases of a year are opened."""


async def identify(session: SampleSession) -> None:
    days = (date(2014, 5, 20), date(2014, 5, 28), date(2014, 6, 5))
    await session.advance_clocks(days[0])
    phases = procedures.entry_phases("2014 年识别评议会", "样扶组〔2014〕1号")
    await session.run_cases(session.township.households, "identification", "农户申请，经入户核查", phases, days)


async def confirm_exits(session: SampleSession, year: int) -> None:
    opened_on = EXIT_DATES[year]
    days = (opened_on, opened_on.replace(day=opened_on.day + 8))
    await session.advance_clocks(days[0])
    households = [h for h in session.township.households if h.exit_year == year]
    phases = procedures.exit_phases(f"{year} 年脱贫评议会", f"样扶组〔{year}〕9号")
    await session.run_cases(households, "exit", "收入稳定，两不愁三保障已实现", phases, days)
