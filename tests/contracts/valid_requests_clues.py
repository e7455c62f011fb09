"""A valid request for every operation about clues and authorisations."""

from collections.abc import Mapping
from typing import Any

from tests.contracts.seeded_county import NEIGHBOUR, VILLAGE, SeededCounty, member_form
from tests.contracts.valid_requests import MakeRequest, ValidRequest, reading
from tests.support.evidence import on_paper

PAPER = {"evidence": on_paper("authorisation")}


def _body(county: SeededCounty, **more: Any) -> dict[str, Any]:
    return {"on": county.today, "division": VILLAGE, "name": "王某", "group": "三组", **more}


def _received(**more: Any) -> MakeRequest:
    return lambda county: ValidRequest(county.village, body=_body(county, **more))


def _receipt(county: SeededCounty) -> str:
    location = county.post(county.village, "/registry/clues/self-reports", _body(county, channel="office"))
    return location.rpartition("/")[2]


def _clue(county: SeededCounty, *, accepted: bool = True) -> str:
    clue = str(county.village.get(f"/registry/clue-receipts/{_receipt(county)}").json()["clue_id"])
    if accepted:
        county.post(county.village, f"/registry/clues/{clue}/acceptances", {"on": county.today})
    return clue


def _at_clue(form: Mapping[str, Any], *, accepted: bool = True, dated: bool = True) -> MakeRequest:
    def make(county: SeededCounty) -> ValidRequest:
        path = {"clue_id": _clue(county, accepted=accepted)}
        return ValidRequest(county.village, path, {**({"on": county.today} if dated else {}), **form})

    return make


def _identification(county: SeededCounty) -> ValidRequest:
    form = {"on": county.today, "household_id": county.household()}
    return ValidRequest(county.village, {"clue_id": _clue(county)}, form)


def _recording(county: SeededCounty) -> ValidRequest:
    form = {"division": VILLAGE, "effective_on": county.today, "members": [member_form("head", 1970)]}
    return ValidRequest(county.village, {"clue_id": _clue(county)}, form)


def _at_adult(form: Mapping[str, Any], *, authorised: bool = False) -> MakeRequest:
    def make(county: SeededCounty) -> ValidRequest:
        household = county.household()
        path = {"household_id": household, "person_id": county.members(household)[1]}
        if authorised:
            member = f"/registry/households/{household}/members/{path['person_id']}"
            county.post(county.village, f"{member}/authorisations", {"effective_on": county.today, **PAPER})
        return ValidRequest(county.village, path, {"effective_on": county.today, **form})

    return make


CLUES: Mapping[str, MakeRequest] = {
    "receive_self_report": _received(channel="hotline", phone="13900000001", statement="家中有人患大病"),
    "receive_round_clue": _received(),
    "receive_alert": _received(department="health", item="medical_expenses", reference="WJ-2014-17"),
    "receive_screening_clue": _received(),
    "accept_clue": _at_clue({}, accepted=False),
    "refuse_clue": _at_clue({"reason": "not_rural", "explanation": "已当面告知"}, accepted=False),
    "forward_clue": _at_clue({"to_division": NEIGHBOUR}),
    "identify_clue_household": _identification,
    "record_clue_household": _recording,
    "answer_clue": _at_clue({"answer": "not_qualified", "explanation": "已当面告知"}),
    "disclose_clue": _at_clue({"purpose": "case"}, dated=False),
    "read_clue": lambda county: ValidRequest(county.village, {"clue_id": _clue(county)}),
    "read_clue_receipt": lambda county: ValidRequest(county.village, {"receipt_no": _receipt(county)}),
    "list_clues": reading(state="accepted"),
    "enter_authorisation": _at_adult(PAPER),
    "refuse_authorisation": _at_adult({}),
    "withdraw_authorisation": _at_adult({}, authorised=True),
    "read_authorisations": lambda county: ValidRequest(county.village, {"household_id": county.household()}),
}
