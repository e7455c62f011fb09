"""A valid request for every operation on divisions and villages."""

from collections.abc import Mapping
from typing import Any

from tests.contracts.seeded_county import NEIGHBOUR, VILLAGE, SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest

PROFILE = {
    "effective_on": "2014-04-15", "village_groups": 6, "natural_villages": 9, "households": 412, "persons": 1630,
    "resettled_households": 19, "resettled_persons": 88, "labourers": 870, "party_members": 46, "village_cadres": 5,
    "paddy_mu": "620.000", "dry_land_mu": "1180.000", "arable_mu": "1800.000", "forest_mu": "5200.000",
    "without_water": 2, "without_road": 1, "without_power": 0, "facilities": ["卫生室"],
}  # fmt: skip
INCOME = {"effective_on": "2014-02-20", "year": 2013, "income": "7420.00", "source": "县统计年鉴"}


def _division(county: SeededCounty) -> ValidRequest:
    body = {"code": county.new_division_code(), "level": "village", "name": "某村", "effective_on": "2014-01-01"}
    return ValidRequest(county.operator, body=body)


_PAPER = {"organ": "县人民政府", "decided_on": "2014-04-20", "document_no": "县政复〔2014〕7号", "signer": "县长"}
_DIVISION_ACT: dict[str, Any] = {"effective_on": "2014-05-01", "decision": _PAPER}


def _at_division(body: dict[str, Any]) -> MakeRequest:
    return lambda county: ValidRequest(county.operator, {"code": county.declared_division()}, body)


def _exit_from_list(county: SeededCounty) -> ValidRequest:
    code = county.declared_division()
    listed = {"grade": "省定贫困村", "effective_on": "2014-04-15"}
    county.post(county.operator, f"/registry/divisions/{code}/designations", listed)
    return ValidRequest(county.operator, {"code": code}, _DIVISION_ACT)


def _split_off(county: SeededCounty) -> ValidRequest:
    household = county.household()
    parts = [{"code": NEIGHBOUR, "household_ids": [household]}]
    return ValidRequest(
        county.operator, {"code": VILLAGE}, {**_DIVISION_ACT, "effective_on": county.today, "parts": parts}
    )


def _annulment(county: SeededCounty) -> ValidRequest:
    code = county.declared_division()
    county.post(county.operator, f"/registry/divisions/{code}/mergers", {**_DIVISION_ACT, "into": NEIGHBOUR})
    acts = county.operator.get(f"/registry/divisions/{code}/acts").json()
    return ValidRequest(county.operator, {"code": code}, {**_DIVISION_ACT, "acts": [acts[-1]["act"]]})


def _village_with_a_profile(county: SeededCounty) -> ValidRequest:
    county.post(county.village, f"/registry/divisions/{VILLAGE}/profiles", PROFILE)
    return ValidRequest(county.auditor, {"code": VILLAGE})


DIVISIONS: Mapping[str, MakeRequest] = {
    "declare_division": _division,
    "designate_poor_village": lambda county: ValidRequest(
        county.operator, {"code": county.declared_division()}, {"grade": "省定贫困村", "effective_on": "2014-04-15"}
    ),
    "exit_poor_village": _exit_from_list,
    "rename_division": _at_division({"name": "新村", "effective_on": "2014-05-01"}),
    "add_aliases": _at_division({"aliases": ["青龙嘴"]}),
    "merge_division": _at_division({**_DIVISION_ACT, "into": NEIGHBOUR}),
    "recode_division": lambda county: ValidRequest(
        county.operator, {"code": county.declared_division()}, {**_DIVISION_ACT, "to_code": county.new_division_code()}
    ),
    "split_division": _split_off,
    "end_division": _at_division(_DIVISION_ACT),
    "annul_division_acts": _annulment,
    "list_division_acts": lambda county: ValidRequest(county.village, {"code": VILLAGE}),
    "read_division": lambda county: ValidRequest(county.village, {"code": VILLAGE}),
    "record_village_profile": lambda county: ValidRequest(county.village, {"code": VILLAGE}, PROFILE),
    "read_village_profile": _village_with_a_profile,
    "record_income_per_head": lambda county: ValidRequest(county.village, {"code": VILLAGE}, INCOME),
    "read_income_growth": lambda county: ValidRequest(county.auditor, {"code": VILLAGE}, query={"year": "2014"}),
}
