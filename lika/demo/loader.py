"""The sample township's years, told through the interface that everybody uses: workbooks imported, cases taken through
their procedures, notices hanging their days on the stepped clock. Nothing is written past the HTTP commands."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from contracts.civil import SHANGHAI
from lika.demo import assistance as help_given
from lika.demo import procedures
from lika.demo import scenarios as sequel
from lika.demo import work_list_targets as work_done
from lika.demo.divisions import DIVISIONS, TOWNSHIP
from lika.demo.officials import AUDITOR, OPERATOR, TOWNSHIP_CADRE, Officials, village_cadre
from lika.demo.procedures import Step
from lika.demo.township import Household, Township, sample_township
from lika.demo.work_list import work_list
from lika.demo.workbooks import village_workbooks

BEGINS = datetime(2014, 5, 19, 1, tzinfo=UTC)
"""The Monday after the last survey, nine o'clock in Shanghai."""

SERVICES = ("registry", "assistance", "monitoring", "audit")
EXITS = {2014: date(2014, 11, 10), 2015: date(2015, 11, 9), 2016: date(2016, 11, 7)}
ENDS = date(2018, 1, 2)


class Story:
    """Tells the sample. ``load`` may be repeated: what was done before is answered from the record of commands."""

    def __init__(self, officials: Officials, console: Console) -> None:
        self.officials = officials
        self.township: Township = sample_township()
        self.ids: dict[str, str] = {}
        self._console = console

    async def load(self) -> str | None:
        """From an empty house to the second of January 2018, with a progress bar. Returns the id of the household that
        fell back, whose history is the longest; ``None`` in a house that keeps no sample."""
        async with self.officials:
            clock = await self.officials.get(OPERATOR, "/registry/clock")
            if not clock["simulated"]:
                return None
            if datetime.fromisoformat(clock["now"]) < at(ENDS):
                await self._tell_the_years()
            await self.find_households()
        return self.ids.get(self._fallen.number)

    @property
    def _fallen(self) -> Household:
        return next(h for h in self.township.households if h.falls_back)

    async def _tell_the_years(self) -> None:
        with self._progress() as bar:
            chapters: Sequence[tuple[str, Callable[[], Awaitable[None]]]] = (
                ("区划 / divisions", self._declare_divisions),
                ("导入十村表册 / ten workbooks", self._import_workbooks),
                ("2014 识别 / identification", self._identify),
                ("结对帮扶 / helpers", lambda: help_given.find_helpers(self)),
                ("教育资助 / education aid", lambda: help_given.give_education_aid(self)),
                ("2014 脱贫 / exits", lambda: self._exit(2014)),
                ("2015 脱贫 / exits", lambda: self._exit(2015)),
                ("2016 工作任务 / work list", self._set_targets),
                ("2016 完成销号 / struck off", lambda: work_done.finish_some(self)),
                ("2016 返贫 / a fall-back", lambda: sequel.fall_back(self)),
                ("2016 脱贫 / exits", lambda: self._exit(2016)),
                ("2017 后续 / sequel", lambda: sequel.year_2017(self)),
                ("2018 / end", lambda: self.until(ENDS)),
            )
            task = bar.add_task("", total=len(chapters))
            for name, chapter in chapters:
                bar.update(task, description=name)
                await chapter()
                bar.advance(task)

    async def tell(self) -> dict[str, Any]:
        """Load, then read what the demonstration shows: statements as known on two days, a history, the targets."""
        await self.load()
        async with self.officials:
            known = ("2016-12-31", "2018-01-01")
            years = {"2016-12-31": 2016, "2018-01-01": 2017}
            statements = [
                await self.officials.get(
                    AUDITOR, "/audit/statements", division=TOWNSHIP, known_at=day, **{"from": 2014, "to": years[day]}
                )
                for day in known
            ]
            history = await self.officials.get(AUDITOR, f"/audit/households/{self.ids[self._fallen.number]}/history")
            targets = await self.officials.pages(AUDITOR, "/monitoring/targets", division=TOWNSHIP, year=2016)
        return {
            "clock": {"simulated": True, "note": "样例数据，时钟为模拟 / sample data on a simulated clock"},
            "statements": statements,
            "history": history,
            "targets": targets,
        }

    async def until(self, day: date) -> None:
        """Nine o'clock of that day, everywhere; deadlines on the way fire on their own day."""
        await self.officials.get(AUDITOR, "/audit/statements", division=TOWNSHIP, **{"from": 2014, "to": 2014})
        for service in SERVICES:
            step = {"to": at(day).isoformat()}
            await self.officials.post(OPERATOR, f"/{service}/clock/steps", step, done_before="clock_goes_forward")

    async def together(self, work: Iterable[Awaitable[Any]]) -> list[Any]:
        """Run side by side; the first failure is told, after the others have come to rest."""
        return list(await asyncio.gather(*work))

    async def run_cases(
        self,
        households: Sequence[Household],
        procedure: str,
        grounds: str,
        rounds: Sequence[Sequence[Step]],
        days: Sequence[date],
        **more: Any,
    ) -> None:
        """One case per household: each round of steps on its day, the clock stepped in between."""
        by_township = procedure == "look_back_removal"
        cases = await self.together(
            procedures.open_case(
                self.officials, TOWNSHIP_CADRE if by_township else village_cadre(h.village), h.village,
                {"household_id": self.ids[h.number], "procedure": procedure, "on": days[0].isoformat(),
                 "grounds": grounds, **more},
            )
            for h in households
        )  # fmt: skip
        for number, (steps, day) in enumerate(zip(rounds, days, strict=True)):
            if number:
                await self.until(day)
            await self.together(procedures.take(self.officials, case, steps, day) for case in cases)

    async def find_households(self) -> None:
        """The register's ids of the sample's household numbers."""
        lines = await self.officials.pages(AUDITOR, "/registry/households", division=TOWNSHIP)
        self.ids = {line["national_no"]: line["household_id"] for line in lines if line["national_no"]}

    async def _declare_divisions(self) -> None:
        for division in DIVISIONS:
            body = {"code": division.code, "level": division.level, "name": division.name, "effective_on": "2014-01-01"}
            await self.officials.post(OPERATOR, "/registry/divisions", body)
            if division.poor:
                listed = {"grade": "贫困村（样例）", "effective_on": "2014-04-15"}
                await self.officials.post(OPERATOR, f"/registry/divisions/{division.code}/designations", listed)

    async def _import_workbooks(self) -> None:
        for name, content in village_workbooks(self.township):
            told = await self.officials.send_workbook(village_cadre(name[:12]), name, content)
            if told["refused"]:
                raise RuntimeError(f"{name}: {told['errors'][:3]}")
        await self.find_households()

    async def _identify(self) -> None:
        days = (date(2014, 5, 20), date(2014, 5, 28), date(2014, 6, 5))
        await self.until(days[0])
        rounds = procedures.entry("2014 年识别评议会", "样扶组〔2014〕1号")
        await self.run_cases(self.township.households, "identification", "农户申请，经入户核查", rounds, days)

    async def _exit(self, year: int) -> None:
        first = EXITS[year]
        days = (first, first.replace(day=first.day + 8))
        await self.until(days[0])
        leaving = [h for h in self.township.households if h.exit_year == year]
        rounds = procedures.leaving(f"{year} 年脱贫评议会", f"样扶组〔{year}〕9号")
        await self.run_cases(leaving, "exit", "收入稳定，两不愁三保障已实现", rounds, days)

    async def _set_targets(self) -> None:
        await self.until(date(2016, 1, 5))
        for item in work_list():
            is_exit = item.code == "W8"
            lines = [
                {"amount": str(line.amount), "unit": line.unit, "place": "、".join(line.places)} for line in item.lines
            ]
            body = {
                "division": TOWNSHIP, "year": 2016, "work_list": "2016年具体工作安排", "item": item.code,
                "content": item.zh, "content_en": item.en, "kind": "exit" if is_exit else "reported",
                "lines": lines, "deadline": item.deadline.isoformat(),
                "owners": [{"label": label} for label in item.owners], "effective_on": "2016-01-05",
            }  # fmt: skip
            await self.officials.post(OPERATOR, "/monitoring/targets", body)

    def _progress(self) -> Progress:
        return Progress(
            TextColumn("载入样例 / loading the sample"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TextColumn("{task.description}"), console=self._console,
        )  # fmt: skip


def at(day: date) -> datetime:
    """Nine o'clock in Shanghai."""
    return datetime.combine(day, time(9), SHANGHAI).astimezone(UTC)
