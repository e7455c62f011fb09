"""A valid request for every operation on measures."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.contracts.seeded_county import COUNTY, SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading, reading_at


def _household(county: SeededCounty) -> str:
    return county.registered[0]


def _path(county: SeededCounty) -> str:
    return f"/assistance/measures/households/{_household(county)}"


def _begin(kind: str) -> Callable[[SeededCounty], dict[str, Any]]:
    return lambda county: {"effective_on": county.today, "measure_kind": kind}


def _begun(kind: str) -> Callable[[SeededCounty], dict[str, Any]]:
    """The common fields of what is told of a new measure of the kind."""

    def begun(county: SeededCounty) -> dict[str, Any]:
        before = {m["measure_id"] for m in county.decider.get(_path(county)).json()["measures"]}
        county.post(county.decider, f"{_path(county)}/measures", _begin(kind)(county))
        found = [m["measure_id"] for m in county.decider.get(_path(county)).json()["measures"]]
        return {"effective_on": county.today, "measure_id": next(m for m in found if m not in before)}

    return begun


def _telling(form: Callable[[SeededCounty], dict[str, Any]], **more: Any) -> MakeRequest:
    return lambda county: ValidRequest(county.decider, {"household_id": _household(county)}, {**form(county), **more})


def _annulment(county: SeededCounty) -> ValidRequest:
    _begun("well")(county)
    household = _household(county)
    entries = len(county.decider.get(_path(county)).json()["measures"])
    form = {"effective_on": county.today, "facts": [f"assistance/measures-{household}/{entries}"], "reason": "误录入"}
    return ValidRequest(county.decider, {"household_id": household}, form)


MEASURES: Mapping[str, MakeRequest] = {
    "draw_household_plan": _telling(
        lambda county: {"effective_on": county.today, "through": "2016-12-31"},
        causes=["no_skill", "illness"],
        planned=["skill_training"],
    ),
    "begin_measure": _telling(_begin("well")),
    "take_measure_step": _telling(_begun("well"), step="connected"),
    "deliver_measure": _telling(_begun("production_in_kind"), item="化肥", amount="100", unit="jin"),
    "withdraw_measure": _telling(_begun("well"), reason="已搬迁"),
    "annul_measure_entries": _annulment,
    "list_household_plans": reading(division=COUNTY),
    "read_measure_totals": reading(division=COUNTY),
    "read_delivered_totals": reading(division=COUNTY),
    "read_household_measures": reading_at("decider", household_id=_household),
}
