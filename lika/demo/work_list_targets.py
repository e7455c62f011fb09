"""The targets of the 2016 work list. Their progress is synthetic, since the source only says what was planned: three are
completed before their deadlines and struck off by milestone (M008); the others become overdue."""

from datetime import date
from typing import Any

from lika.demo.divisions import TOWNSHIP
from lika.demo.evidence import upload
from lika.demo.officials import AUDITOR, OPERATOR, TOWNSHIP_CADRE, TOWNSHIP_REVIEWER
from lika.demo.session import SampleSession
from lika.demo.work_list import work_list

SET_ON = date(2016, 1, 5)
COMPLETED_ON = {"W1": date(2016, 3, 28), "W5": date(2016, 5, 27), "W6": date(2016, 5, 27)}


async def set_targets(session: SampleSession) -> None:
    await session.advance_clocks(SET_ON)
    for item in work_list():
        lines = [
            {"amount": str(line.amount), "unit": line.unit, "place": "、".join(line.places), "direction": "at_least"}
            for line in item.lines
        ]
        body = {
            "division": TOWNSHIP, "year": 2016, "work_list": "2016年具体工作安排", "item": item.code,
            "content": item.zh, "content_en": item.en, "kind": "exit" if item.code == "W8" else "reported",
            "lines": lines, "deadline": item.deadline.isoformat(),
            "owners": [{"label": label} for label in item.owners], "effective_on": SET_ON.isoformat(),
        }  # fmt: skip
        await session.client.post(OPERATOR, "/monitoring/targets", body)


async def complete_targets(session: SampleSession) -> None:
    """In the order of the days on which they are completed."""
    listed = await session.client.get_all(AUDITOR, "/monitoring/targets", division=TOWNSHIP, year=2016)
    targets = {target["item"]: target for target in listed}
    for item, day in sorted(COMPLETED_ON.items(), key=lambda entry: entry[1]):
        await session.advance_clocks(day)
        await _complete(session, targets[item], day)


async def _complete(session: SampleSession, target: dict[str, Any], day: date) -> None:
    path = f"/monitoring/targets/{target['target_id']}"
    on = {"effective_on": day.isoformat()}
    title = f"{target['item']} 验收单"
    paper = await upload(session.client, TOWNSHIP_CADRE, "monitoring", "acceptance", title, [target["target_id"]])
    accepted = {**on, "evidence": paper}
    milestone = {"content": "竣工验收", "due_on": target["deadline"], **on}
    planned = await session.client.post(TOWNSHIP_REVIEWER, f"{path}/milestones", milestone)
    for line in target["progress"]["lines"]:
        report = {"line": line["line"], "amount": line["target"], "unit": line["unit"], **on}
        await session.client.post(TOWNSHIP_CADRE, f"{path}/progress", report)
    await session.client.post(TOWNSHIP_CADRE, f"{planned['location']}/reached", accepted)
    await session.client.post(TOWNSHIP_REVIEWER, f"{path}/strike-off", accepted)
