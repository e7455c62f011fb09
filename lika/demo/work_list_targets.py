"""What became of the 2016 work list: synthetic, since the source only says what was planned. Three items are done before
their deadlines and struck off by milestone (M008); the others are not, and fall overdue by the calendar."""

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

from lika.demo.divisions import TOWNSHIP
from lika.demo.officials import AUDITOR, TOWNSHIP_CADRE, TOWNSHIP_REVIEWER

if TYPE_CHECKING:
    from lika.demo.loader import Story

DONE = {"W1": date(2016, 3, 28), "W5": date(2016, 5, 27), "W6": date(2016, 5, 27)}


async def finish_some(story: "Story") -> None:
    """In the order of the days on which they are finished."""
    listed = await story.officials.pages(AUDITOR, "/monitoring/targets", division=TOWNSHIP, year=2016)
    targets = {target["item"]: target for target in listed}
    for item, day in sorted(DONE.items(), key=lambda one: one[1]):
        await story.until(day)
        await _finish(story, targets[item], day)


async def _finish(story: "Story", target: dict[str, Any], day: date) -> None:
    where = f"/monitoring/targets/{target['target_id']}"
    on = {"effective_on": day.isoformat()}
    accepted = {**on, "evidence": [_paper(f"{target['item']} 验收单")]}
    milestone = {"content": "竣工验收", "due_on": target["deadline"], **on}
    planned = await story.officials.post(TOWNSHIP_REVIEWER, f"{where}/milestones", milestone)
    for line in target["progress"]["lines"]:
        done = {"line": line["line"], "amount": line["target"], "unit": line["unit"], **on}
        await story.officials.post(TOWNSHIP_CADRE, f"{where}/progress", done)
    await story.officials.post(TOWNSHIP_CADRE, f"{planned['location']}/reached", accepted)
    await story.officials.post(TOWNSHIP_REVIEWER, f"{where}/strike-off", accepted)


def _paper(name: str) -> dict[str, str]:
    """A stand-in for the scanned paper: the sample has none, so the hash is of its name."""
    return {"sha256": hashlib.sha256(name.encode()).hexdigest(), "kind": "acceptance", "name": name}
