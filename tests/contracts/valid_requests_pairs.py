"""A valid request for every operation on pairs, lists of those to be helped, and parties."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from tests.contracts.seeded_county import COUNTY, TOWNSHIP, VILLAGE, SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading

NUMBERS = count(1)
LETTERS: dict[int, dict[str, str]] = {}


def _pair(county: SeededCounty, kind: str, **more: Any) -> dict[str, Any]:
    """By another helper each time."""
    return {
        "kind": kind, "subject": {"kind": "household", "id": county.registered[0]}, "helper": f"staff-p{next(NUMBERS)}",
        "unit": "县农业局", "effective_on": county.today, **more,
    }  # fmt: skip


def _path(location: str) -> dict[str, str]:
    return dict(zip(("subject", "number"), location.split("/")[-2:], strict=True))


def _formed(county: SeededCounty, kind: str = "contracting_1x", **more: Any) -> dict[str, str]:
    """The path of a new pair."""
    return _path(county.post(county.village, "/assistance/pairs", _pair(county, kind, **more)))


def _at_pair(kind: str, **form: Any) -> MakeRequest:
    return lambda county: ValidRequest(county.village, _formed(county, kind), {"effective_on": county.today, **form})


def _letters(county: SeededCounty) -> ValidRequest:
    """A household keeps one promise at a time: the former was entered by mistake."""
    if (former := LETTERS.pop(id(county), None)) is not None:
        annulled = f"/assistance/pairs/{former['subject']}/{former['number']}/annulments"
        assert county.village.post(annulled).status_code == 201
    path = LETTERS[id(county)] = _formed(county, "double_promise_household")
    return ValidRequest(county.village, path, {"side": "helper", "effective_on": county.today})


def _reassigned(county: SeededCounty) -> ValidRequest:
    of_village = {**_pair(county, "contracting_1x"), "subject": {"kind": "division", "place": VILLAGE}}
    path = _path(county.post(county.township, "/assistance/pairs", of_village))
    return ValidRequest(county.township, path, {"place": TOWNSHIP, "effective_on": county.today})


def _party(county: SeededCounty) -> dict[str, Any]:
    return {"kind": "school", "division": VILLAGE, "name": f"第{next(NUMBERS)}小学", "effective_on": county.today}


def _party_left(county: SeededCounty) -> ValidRequest:
    party = county.post(county.village, "/assistance/parties", _party(county)).rsplit("/", 1)[1]
    return ValidRequest(county.village, {"party_id": party}, {"effective_on": county.today})


def _party_asking(county: SeededCounty) -> ValidRequest:
    party = county.post(county.village, "/assistance/parties", _party(county)).rsplit("/", 1)[1]
    return ValidRequest(county.village, {"party_id": party})


def _listing(county: SeededCounty) -> dict[str, Any]:
    """Of somebody else each time."""
    worker = {**_party(county), "kind": "worker", "name": None, "number": f"w{next(NUMBERS)}"}
    party = county.post(county.village, "/assistance/parties", worker).rsplit("/", 1)[1]
    return {"kind": "union_worker", "subject": {"kind": "party", "id": party}, "effective_on": county.today}


def _unlisted(county: SeededCounty) -> ValidRequest:
    path = _path(county.post(county.village, "/assistance/listings", _listing(county)))
    return ValidRequest(county.village, path, {"effective_on": county.today})


def _leaving(county: SeededCounty) -> dict[str, Any]:
    """Somebody with one pair in hand."""
    pair = _pair(county, "contracting_1x")
    county.post(county.village, "/assistance/pairs", pair)
    return {
        "helper": pair["helper"], "leader": "staff-0150", "leader_unit": "县农业局", "accept_by": county.today,
        "effective_on": county.today,
    }  # fmt: skip


def _handover(county: SeededCounty) -> str:
    return county.post(county.village, "/assistance/handovers", _leaving(county))


def _accepted(county: SeededCounty) -> ValidRequest:
    handover = _handover(county)
    (line,) = county.village.get(handover).json()["lines"]
    body = {
        "helper": f"staff-p{next(NUMBERS)}", "unit": "县水利局", "effective_on": county.today,
        "lines": [{"subject": line["subject"], "pair": line["pair"]}],
    }  # fmt: skip
    return ValidRequest(county.village, {"handover_id": handover.rsplit("/", 1)[1]}, body)


PAIRS: Mapping[str, MakeRequest] = {
    "open_handover": lambda county: ValidRequest(county.village, body=_leaving(county)),
    "accept_handover": _accepted,
    "list_handovers": reading(division=COUNTY),
    "read_handover": lambda county: ValidRequest(county.village, {"handover_id": _handover(county).rsplit("/", 1)[1]}),
    "list_for_help": lambda county: ValidRequest(county.village, body=_listing(county)),
    "unlist": _unlisted,
    "sign_commitment": _letters,
    "reassign_helper": _reassigned,
    "form_pair": lambda county: ValidRequest(county.village, body=_pair(county, "contracting_1x")),
    "sign_exit_contract": _at_pair("bureau_household", exit_by="2099-12-31"),
    "end_pair": _at_pair("contracting_1x", reason="other"),
    "succeed_helper": _at_pair("contracting_1x", helper="staff-0199", unit="县水利局"),
    "annul_pair": lambda county: ValidRequest(county.village, _formed(county)),
    "list_pairs": reading(division=COUNTY, current=False),
    "list_listed": reading(division=COUNTY),
    "list_pair_loads": reading(division=COUNTY),
    "enter_party": lambda county: ValidRequest(county.village, body=_party(county)),
    "end_party": _party_left,
    "explain_party_entitlements": _party_asking,
    "list_parties": reading(division=COUNTY),
}
