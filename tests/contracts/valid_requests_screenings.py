"""A valid request for every operation about village groups and their screening."""

from collections.abc import Mapping
from itertools import count

from tests.contracts.seeded_county import VILLAGE, SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading

GROUPS = "/registry/village-groups"
_numbers = count(1)


def _form(county: SeededCounty) -> dict[str, str]:
    return {
        "division": VILLAGE, "name": f"第{next(_numbers)}组", "kind": "village_group", "effective_on": county.today,
    }  # fmt: skip


def _group(county: SeededCounty) -> str:
    return county.post(county.village, GROUPS, _form(county)).rpartition("/")[2]


def _screening(county: SeededCounty) -> dict[str, object]:
    away = {"reason": "working_away", "households": 1, "persons": 2}
    return {"on": county.today, "households": 20, "persons": 61, "not_reached": [away]}


def _annulment(county: SeededCounty) -> ValidRequest:
    group = _group(county)
    county.post(county.village, f"{GROUPS}/{group}/screenings", _screening(county))
    fact = f"registry/village-group-{group}/2"
    return ValidRequest(county.village, {"group_id": group}, {"facts": [fact]})


SCREENINGS: Mapping[str, MakeRequest] = {
    "list_group": lambda county: ValidRequest(county.village, body=_form(county)),
    "delist_group": lambda county: ValidRequest(
        county.village, {"group_id": _group(county)}, {"effective_on": county.today}
    ),
    "screen_group": lambda county: ValidRequest(county.village, {"group_id": _group(county)}, _screening(county)),
    "annul_group_acts": _annulment,
    "list_group_facts": lambda county: ValidRequest(county.village, {"group_id": _group(county)}),
    "list_village_groups": reading(),
    "read_screening_progress": reading(as_of="2014-06-10"),
}
