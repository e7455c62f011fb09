"""One sound request for every operation of monitoring."""

from collections.abc import Mapping
from typing import Any

from tests.contracts.seeded_county import MINUTES, TOWNSHIP, World
from tests.contracts.valid_requests import Make, Sound, at, reading, shared


def _target(w: World) -> Sound:
    form = {
        "division": TOWNSHIP, "year": 2014, "work_list": "2014年具体工作安排", "item": w.an_item(), "content": "村道公路改建",
        "lines": [{"amount": "3", "unit": "km", "place": "青龙咀村"}], "deadline": "2014-12-31",
        "owners": [{"label": "R1"}], "effective_on": w.today,
    }  # fmt: skip
    return Sound(w.township_reviewer, body=form)


def _set(w: World) -> str:
    sound = _target(w)
    return w.post(sound.who, "/monitoring/targets", sound.body).rpartition("/")[2]


def _planned(w: World) -> str:
    """A target with one node on its roadmap."""
    target = _set(w)
    node = {"effective_on": w.today, "content": "路基完工", "due_on": "2014-10-31"}
    w.post(w.township_reviewer, f"/monitoring/targets/{target}/milestones", node)
    return target


def _finished(w: World) -> str:
    """A target that only waits to be struck off."""
    target = _planned(w)
    reached = {"effective_on": w.today, "evidence": MINUTES}
    w.post(w.township, f"/monitoring/targets/{target}/milestones/1/reached", reached)
    done = {"effective_on": w.today, "line": 1, "amount": "3", "unit": "km"}
    w.post(w.township, f"/monitoring/targets/{target}/progress", done)
    return target


def _form(**form: Any) -> Any:
    return lambda w: {"effective_on": w.today, **form}


def _about(who: str, find: Any, form: Any, **path: Any) -> Make:
    return lambda w: Sound(getattr(w, who), {"target_id": find(w), **path}, form(w))


MONITORING: Mapping[str, Make] = {
    **shared("monitoring"),
    "set_target": _target,
    "list_targets": reading(year=2014),
    "report_progress": _about("township", _set, _form(line=1, amount="1.5", unit="km")),
    "plan_milestone": _about("township_reviewer", _set, _form(content="路基完工", due_on="2014-10-31")),
    "reach_milestone": _about("township", _planned, _form(evidence=MINUTES), milestone=1),
    "strike_off_target": _about("township_reviewer", _finished, _form(evidence=MINUTES)),
    "withdraw_target": _about("township_reviewer", _set, _form(reason="任务调整")),
    "read_target": at("auditor", target_id=_set),
    "read_milestone": at("auditor", target_id=_planned, milestone=lambda _: 1),
    "list_owners": reading(division=TOWNSHIP),
}
