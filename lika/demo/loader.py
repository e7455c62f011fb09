"""Loads the sample township's years through the interface that everybody uses: workbooks imported, cases taken through
their procedures, notices posted for their days on the stepped clock. Nothing is written past the HTTP commands."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from lika.demo.assistance import assign_helpers, grant_education_aid
from lika.demo.client import OfficialsClient
from lika.demo.divisions import TOWNSHIP
from lika.demo.lending import loans
from lika.demo.livelihoods import work_and_plans
from lika.demo.messages import say
from lika.demo.monitored import monitor, monitored
from lika.demo.officials import AUDITOR, OPERATOR
from lika.demo.public_road import build_road
from lika.demo.registration import declare_divisions, import_workbooks
from lika.demo.scenarios import changes_of_2017, return_to_poverty
from lika.demo.school_term import teach_a_term, term_assessed
from lika.demo.session import SampleSession, morning_of
from lika.demo.staff import register_staff
from lika.demo.status_changes import confirm_exits, identify
from lika.demo.work_list_targets import complete_targets, set_targets
from services.chassis.ground.messages import Message

END = date(2018, 1, 2)
Stage = Callable[[SampleSession], Awaitable[None]]


class SampleLoader:
    """``load`` may be repeated: a command that was executed before is answered from the record of commands."""

    def __init__(self, client: OfficialsClient, console: Console) -> None:
        self._client, self._console = client, console
        self._session = SampleSession(client)

    async def load(self) -> str | None:
        """From empty databases to the second of January 2018, with a progress bar. Returns the number of the
        household that returned to poverty, whose history is the longest; ``None`` where the clock is not simulated."""
        async with self._client:
            clock = await self._client.get(OPERATOR, "/registry/clock")
            if not clock["simulated"]:
                return None
            if datetime.fromisoformat(clock["now"]) < morning_of(END):
                await self._run_stages()
            await self._session.load_household_ids()
        return self._session.township.returning_household.number

    async def report_monitoring(self) -> dict[str, Any]:
        """Load, go on to the procedures of 2023 and to a road that is built under them, and read what came of them."""
        await self.load()
        async with self._client:
            await monitor(self._session)
            return {**await monitored(self._session), "road": await build_road(self._session)}

    async def report(self) -> dict[str, Any]:
        """Load, then read what the demonstration shows: statements as known on two days, a history, the targets, what came of
        courses, plans and loans, a school term."""
        await self.load()
        example = self._session.household_ids[self._session.township.returning_household.number]
        async with self._client:
            statements = [
                await self._client.get(
                    AUDITOR, "/audit/statements", division=TOWNSHIP, known_at=day, **{"from": 2014, "to": last_year}
                )
                for day, last_year in (("2016-12-31", 2016), ("2018-01-01", 2017))
            ]
            history = await self._client.get(AUDITOR, f"/audit/households/{example}/history")
            targets = await self._client.get_all(AUDITOR, "/monitoring/targets", division=TOWNSHIP, year=2016)
            work = await self._client.get(AUDITOR, "/assistance/employment/totals", division=TOWNSHIP)
            measures = await self._client.get(AUDITOR, "/assistance/measures/totals", division=TOWNSHIP)
            plans = await self._client.get_all(AUDITOR, "/assistance/measures/plans", division=TOWNSHIP, missing=True)
            lent = [
                await self._client.get_all(AUDITOR, "/assistance/loans", division=TOWNSHIP, as_of=day)
                for day in ("2016-09-25", "2018-01-02")
            ]
            divisions = await self._client.get_all(AUDITOR, "/registry/divisions")
            term = await term_assessed(self._client)
        poor = [each for each in divisions if each["poor_village"] and each["code"].startswith(TOWNSHIP)]
        return {
            "clock": {"simulated": True, "note": say("simulated_data").line},
            "statements": statements,
            "history": history,
            "targets": targets,
            "work": work,
            "measures": measures,
            "plans_with_a_cause_unanswered": plans,
            "loans": lent,
            "poor_villages": [{name: each[name] for name in ("code", "name", "designated_on")} for each in poor],
            "school_term": term,
        }

    async def _run_stages(self) -> None:
        stages: tuple[tuple[Message, Stage], ...] = (
            (say("divisions"), declare_divisions),
            (say("staff"), register_staff),
            (say("workbooks"), import_workbooks),
            (say("identification"), identify),
            (say("pairing"), assign_helpers),
            (say("education_aid"), grant_education_aid),
            (say("exits", year=2014), partial(confirm_exits, year=2014)),
            (say("school_term"), teach_a_term),
            (say("exits", year=2015), partial(confirm_exits, year=2015)),
            (say("work_list"), set_targets),
            (say("completed_targets"), complete_targets),
            (say("return_to_poverty"), return_to_poverty),
            (say("exits", year=2016), partial(confirm_exits, year=2016)),
            (say("changes_of_2017"), changes_of_2017),
            (say("work_and_plans"), work_and_plans),
            (say("loans"), loans),
            (say("year_end"), lambda session: session.advance_clocks(END)),
        )
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        with Progress(TextColumn(say("loading").line), *columns, console=self._console) as progress:
            task = progress.add_task("", total=len(stages))
            for name, stage in stages:
                progress.update(task, description=name.line)
                await stage(self._session)
                progress.advance(task)
