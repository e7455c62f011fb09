"""A valid request for every operation of monitoring."""

from collections.abc import Mapping
from typing import Any

from tests.contracts.seeded_county import FIRST_DAY, MINUTES, TOWNSHIP, SeededCounty
from tests.contracts.seeded_projects import drafted
from tests.contracts.valid_requests import (
    MakeRequest,
    ValidRequest,
    common_operations,
    evidence_operations,
    foretell,
    inbox_operations,
    reading,
    reading_at,
)
from tests.contracts.valid_requests_agreements import AGREEMENTS
from tests.contracts.valid_requests_documents import document_operations
from tests.contracts.valid_requests_funds import FUNDS
from tests.contracts.valid_requests_projects import PROJECTS


def _target(county: SeededCounty) -> ValidRequest:
    form = {
        "division": TOWNSHIP, "year": 2014, "work_list": "2014年具体工作安排", "item": county.new_item_code(), "content": "村道公路改建",
        "lines": [{"amount": "3", "unit": "km", "place": "青龙咀村", "direction": "at_least"}], "deadline": "2014-12-31",
        "owners": [{"label": "R1"}], "effective_on": county.today,
    }  # fmt: skip
    return ValidRequest(county.township_reviewer, body=form)


def _set(county: SeededCounty) -> str:
    valid = _target(county)
    return county.post(valid.client, "/monitoring/targets", valid.body).rpartition("/")[2]


def _planned(county: SeededCounty) -> str:
    """A target with one milestone."""
    target = _set(county)
    milestone = {"effective_on": county.today, "content": "路基完工", "due_on": "2014-10-31"}
    county.post(county.township_reviewer, f"/monitoring/targets/{target}/milestones", milestone)
    return target


def _finished(county: SeededCounty) -> str:
    """A target that can be struck off."""
    target = _planned(county)
    reached = {"effective_on": county.today, "evidence": MINUTES}
    county.post(county.township, f"/monitoring/targets/{target}/milestones/1/reached", reached)
    done = {"effective_on": county.today, "line": 1, "amount": "3", "unit": "km"}
    county.post(county.township, f"/monitoring/targets/{target}/progress", done)
    return target


def _form(**form: Any) -> Any:
    return lambda county: {"effective_on": county.today, **form}


def _about(client: str, find: Any, form: Any, **path: Any) -> MakeRequest:
    return lambda county: ValidRequest(getattr(county, client), {"target_id": find(county), **path}, form(county))


def _work(county: SeededCounty) -> dict[str, Any]:
    """Of a project that is drafted, in the unit of the line."""
    return {"effective_on": county.today, "line": 1, "project_id": drafted(county), "component": 1}


def _built(county: SeededCounty) -> str:
    """A target of one building."""
    valid = _target(county)
    line = {"amount": "1", "unit": "building", "place": "某校", "direction": "at_least"}
    return county.post(valid.client, "/monitoring/targets", {**valid.body, "lines": [line]}).rpartition("/")[2]


def _naming(county: SeededCounty) -> ValidRequest:
    return ValidRequest(county.township_reviewer, {"target_id": _built(county)}, _work(county))


def _removing(county: SeededCounty) -> ValidRequest:
    target, work = _built(county), _work(county)
    county.post(county.township_reviewer, f"/monitoring/targets/{target}/works", work)
    return ValidRequest(county.township_reviewer, {"target_id": target}, {**work, "reason": "列错"})


def _accounting(county: SeededCounty) -> ValidRequest:
    """Of a target whose deadline is over: a report of less than its quantity finds it overdue."""
    valid, on = _target(county), {"effective_on": FIRST_DAY}
    body = {**valid.body, **on, "deadline": FIRST_DAY}
    target = county.post(valid.client, "/monitoring/targets", body).rpartition("/")[2]
    county.post(
        county.township, f"/monitoring/targets/{target}/progress", {**on, "line": 1, "amount": "1", "unit": "km"}
    )
    held = {"effective_on": county.today, "owner": "R1", "measure": "约谈", "evidence": MINUTES}
    return ValidRequest(county.township_reviewer, {"target_id": target}, held)


MONITORING: Mapping[str, MakeRequest] = {
    **common_operations("monitoring"),
    **evidence_operations("monitoring", _set),
    **inbox_operations(),
    **document_operations("monitoring"),
    **PROJECTS,
    **FUNDS,
    **AGREEMENTS,
    "foretell": foretell,
    "set_target": _target,
    "list_targets": reading(year=2014),
    "report_progress": _about("township", _set, _form(line=1, amount="1.5", unit="km")),
    "plan_milestone": _about("township_reviewer", _set, _form(content="路基完工", due_on="2014-10-31")),
    "reach_milestone": _about("township", _planned, _form(evidence=MINUTES), milestone=1),
    "strike_off_target": _about("township_reviewer", _finished, _form(evidence=MINUTES)),
    "withdraw_target": _about("township_reviewer", _set, _form(reason="任务调整")),
    "read_target": reading_at("auditor", target_id=_set),
    "read_target_path": reading_at("auditor", target_id=_set),
    "raise_accountability": _accounting,
    "name_target_work": _naming,
    "remove_target_work": _removing,
    "read_target_cascade": reading_at("auditor", target_id=_set),
    "read_target_forecast": reading_at("auditor", target_id=_set),
    "list_target_projects": reading_at("auditor", target_id=_set),
    "read_milestone": reading_at("auditor", target_id=_planned, milestone=lambda _: 1),
    "list_owners": reading(division=TOWNSHIP),
}
