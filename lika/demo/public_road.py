"""2023–24: a village's road from its vote to its published evaluation. One inspection fails, what it found is put right, and the money is
posted before it is spent, drawn by voucher, and kept back in part. Synthetic."""

from datetime import date
from typing import Any

from lika.demo.divisions import COUNTY, VILLAGES
from lika.demo.evidence import upload
from lika.demo.officials import (
    AUDITOR,
    COUNTY_DECIDER,
    COUNTY_REVIEWER,
    COUNTY_SUPERVISOR,
    TOWNSHIP_CADRE,
    TOWNSHIP_REVIEWER,
    Official,
    village_cadre,
)
from lika.demo.procedures import VOTES, decision
from lika.demo.session import SampleSession

DRAFTED, VILLAGE_OVER, TOWNSHIP_OVER = date(2023, 10, 9), date(2023, 10, 17), date(2023, 10, 25)
CHARTERED, FAILED, FINISHED = date(2023, 11, 1), date(2023, 12, 1), date(2024, 3, 20)
CLOSED = date(2024, 3, 28)
"""The day after the result was taken down; nothing is paid on it or later, but what was retained."""
VILLAGE = VILLAGES[0].code
LENGTH = "3"
KILOMETRES: dict[str, Any] = {"component": 1, "unit": "km"}
DOCUMENT = decision("样农领〔2023〕11号")
DECIDED: dict[str, Any] = {
    "organ": DOCUMENT["organ"],
    "document_no": DOCUMENT["document_no"],
    "signer": DOCUMENT["signer"],
}


def wan(sum_: str) -> dict[str, str]:
    return {"sum": sum_, "money_unit": "wan_yuan"}


class Road:
    """The project, its fund, and who takes which step on the day that the clocks are at."""

    def __init__(self, session: SampleSession) -> None:
        self.session, self.day = session, DRAFTED
        self.project = self.fund = ""

    async def on(self, day: date) -> None:
        self.day = day
        await self.session.advance_clocks(day)

    async def post(self, who: Official, path: str, form: dict[str, Any], paper: str | None = None) -> str:
        """``paper``: kind of the evidence that goes with it."""
        if paper is not None:
            title = f"村道硬化 {path.rpartition('/')[2]}"
            about = [self.project.rpartition("/")[2]]
            form = {**form, "evidence": await upload(self.session.client, who, "monitoring", paper, title, about)}
        answer = await self.session.client.post(who, path, form)
        return str(answer["location"])

    async def step(self, who: Official, act: str, paper: str | None = None, **form: Any) -> str:
        return await self.post(who, f"{self.project}/{act}", {"effective_on": self.day.isoformat(), **form}, paper)

    async def move(self, act: str, sum_: str, **form: Any) -> str:
        moved = {"effective_on": self.day.isoformat(), "moved": wan(sum_), **form}
        return await self.post(COUNTY_DECIDER, f"{self.fund}/{act}", moved)

    async def case_step(self, case: str, who: Official, act: str, paper: str | None = None, **form: Any) -> str:
        return await self.post(who, f"{case}/{act}", {"on": self.day.isoformat(), **form}, paper)

    async def open(self, who: Official, procedure: str) -> str:
        form = {
            "subject": self.project.rpartition("/")[2], "procedure": procedure, "on": self.day.isoformat(),
            "grounds": "村民会议提出，一事一议",
        }  # fmt: skip
        return await self.post(who, "/monitoring/cases", form)

    @property
    def use(self) -> dict[str, str]:
        return {"project_id": self.project.rpartition("/")[2]}


async def build_road(session: SampleSession) -> dict[str, Any]:
    """From the draft to the closing; what is read of it then."""
    road = Road(session)
    await _into_the_library(road)
    await _charter_and_fund(road)
    await _inspect(road)
    await _accept_and_close(road)
    project = await session.client.get(AUDITOR, road.project)
    fund = await session.client.get(AUDITOR, road.fund)
    return {
        "stage": project["stage"],
        "stages": {
            day.isoformat(): (await session.client.get(AUDITOR, road.project, as_of=day.isoformat()))["stage"]
            for day in (DRAFTED, TOWNSHIP_OVER, CHARTERED, FINISHED, CLOSED)
        },
        "inspections": [{name: each[name] for name in ("on", "hidden", "passed")} for each in project["inspections"]],
        "published": project["published"],
        "evaluations": [each["stage"] for each in project["evaluations"]],
        "fund": {name: fund[name] for name in ("promised", "spent", "retained", "available", "debits", "credits")},
    }


async def _into_the_library(road: Road) -> None:
    await road.on(DRAFTED)
    component = {
        "component": 1, "content": "村道硬化", "quantity": {"amount": LENGTH, "unit": "km"}, "place": VILLAGES[0].name,
        "deadline": "2024-04-30", "owners": [{"label": "副镇长"}], "cost": wan("90"),
    }  # fmt: skip
    draft = {
        "effective_on": DRAFTED.isoformat(), "division": VILLAGE, "project_kind": "roads",
        "title": f"{VILLAGES[0].name}道路", "plan": "2023年项目库", "item": "R1", "components": [component], "total": wan("90"),
    }  # fmt: skip
    cadre = village_cadre(VILLAGE)
    road.project = await road.post(cadre, "/monitoring/projects", draft)
    case = await road.open(cadre, "village_library")
    await road.case_step(case, cadre, "appraisals", "minutes", **VOTES)
    await road.case_step(case, cadre, "notices")
    await road.step(TOWNSHIP_CADRE, "baselines", "evaluation_report")
    await road.on(VILLAGE_OVER)
    await road.case_step(case, TOWNSHIP_REVIEWER, "reviews", outcome="passed")
    await road.case_step(case, TOWNSHIP_CADRE, "notices")
    await road.on(TOWNSHIP_OVER)
    await road.case_step(case, COUNTY_REVIEWER, "opinions", "argument_report", favourable=True)
    await road.case_step(case, COUNTY_DECIDER, "decisions", **DOCUMENT)


async def _charter_and_fund(road: Road) -> None:
    await road.on(CHARTERED)
    decided: dict[str, Any] = {"decision": {**DECIDED, "decided_on": CHARTERED.isoformat()}}
    await road.step(COUNTY_DECIDER, "plans", year=2023, **decided)
    budget = [{"source": "中央衔接资金", "level": "county", "brought": wan("90")}]
    await road.step(
        COUNTY_DECIDER, "charters", owner="副镇长", leader="镇长", goal="通村道路硬化", starts_on=CHARTERED.isoformat(),
        budget=budget, **decided,
    )  # fmt: skip
    declared = {
        "effective_on": CHARTERED.isoformat(), "division": COUNTY, "title": "衔接推进乡村振兴补助资金", "source": "central",
        "source_label": "中央财政", "level": "county", "document_no": "样财农〔2023〕20号", "year": 2023, "purposes": ["roads"],
        "promised": wan("90"), "due_on": "2023-12-31",
    }  # fmt: skip
    road.fund = await road.post(COUNTY_DECIDER, "/monitoring/funds", declared)
    await road.move("receipts", "90", voucher="记-2023-1101")
    await road.move("allocations", "90", use=road.use, **decided)
    notice = {"effective_on": CHARTERED.isoformat(), "use": road.use, "place": "村务公开栏", "until": "2023-11-10"}
    await road.post(COUNTY_DECIDER, f"{road.fund}/use-notices", notice, "notice_photo")
    await road.move("reservations", "90", use=road.use)


async def _inspect(road: Road) -> None:
    """Unannounced, and it fails; the issue has a day, and whoever answers for it is called in."""
    await road.on(FAILED)
    await road.move("payments", "30", use=road.use, voucher="记-2023-1201")
    await road.step(TOWNSHIP_CADRE, "progress", **KILOMETRES, amount="1")
    await road.step(TOWNSHIP_REVIEWER, "inspections", "photo", hidden=True, passed=False)
    await road.step(TOWNSHIP_REVIEWER, "issues", content="路面厚度不足", due_on="2024-01-15")
    await road.step(TOWNSHIP_REVIEWER, "interviews", post="owner", issue=1)


async def _accept_and_close(road: Road) -> None:
    await road.on(FINISHED)
    await road.step(TOWNSHIP_CADRE, "progress", **KILOMETRES, amount=LENGTH)
    await road.step(TOWNSHIP_CADRE, "issues/1/rectifications", "photo")
    await road.step(TOWNSHIP_REVIEWER, "inspections", "photo", hidden=False, passed=True)
    await road.move("payments", "60", use=road.use, voucher="记-2024-0320", retained=wan("4.5"))
    case = await road.open(TOWNSHIP_CADRE, "works_acceptance")
    await road.case_step(case, COUNTY_REVIEWER, "inspections", "acceptance", passed=True)
    await road.case_step(case, COUNTY_SUPERVISOR, "signatures", signed=True, signer="县监委办主任")
    await road.case_step(case, COUNTY_DECIDER, "decisions", **DOCUMENT)
    await road.step(TOWNSHIP_CADRE, "results", "notice_photo", place="村务公开栏", until="2024-03-27")
    await road.step(
        COUNTY_DECIDER, "evaluations", "evaluation_report", stage="final", evaluator="县委农村工作领导小组办公室"
    )
    await road.on(CLOSED)
    await road.step(COUNTY_DECIDER, "closing")
