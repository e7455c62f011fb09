"""A valid request for every operation about schools and enrolments."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.contracts.seeded_county import TOWNSHIP, SeededCounty, member_form
from tests.contracts.valid_requests import OCTETS, MakeRequest, ValidRequest
from tests.registry.households.example_requests import unused_resident_id
from tests.registry.rosters.books import book, line

_PAPER = {"organ": "县教育局", "decided_on": "2014-05-01", "document_no": "教〔2014〕7号", "signer": "局长"}
_ENROLLED_ON = "2014-03-01"


def _declaration(county: SeededCounty) -> dict[str, Any]:
    place = {"division": TOWNSHIP, "stages": ["primary"], "effective_on": "2014-01-01"}
    return {"school_code": county.new_school_code(), "name": "某校", **place}


def _school(county: SeededCounty) -> str:
    body = _declaration(county)
    county.post(county.education, "/registry/schools", body)
    return str(body["school_code"])


def _at_school(form: Callable[[SeededCounty], Mapping[str, Any]]) -> MakeRequest:
    def make(county: SeededCounty) -> ValidRequest:
        body = {"effective_on": county.today, **form(county)}
        return ValidRequest(county.education, {"school_code": _school(county)}, body)

    return make


def _by_paper(_: SeededCounty) -> Mapping[str, Any]:
    return {"decision": _PAPER}


def _annulment(county: SeededCounty) -> ValidRequest:
    code = _school(county)
    acts = county.education.get(f"/registry/schools/{code}/acts").json()
    body = {"effective_on": county.today, "decision": _PAPER, "acts": [acts[-1]["act"]]}
    return ValidRequest(county.education, {"school_code": code}, body)


def _pupil(county: SeededCounty) -> dict[str, str]:
    household = county.household()
    return {"household_id": household, "person_id": county.members(household)[2]}


def _enrolled(county: SeededCounty) -> dict[str, str]:
    path = _pupil(county)
    at = "/registry/households/{household_id}/members/{person_id}/enrolments".format_map(path)
    body = {"effective_on": _ENROLLED_ON, "school_code": _school(county), "stage": "primary"}
    county.post(county.education, at, body)
    (fact,) = county.education.get(at).json()["facts"]
    return {**path, "enrolment_id": fact["enrolment_id"], "act": fact["act"]}


def _at_enrolment(form: Mapping[str, Any]) -> MakeRequest:
    def make(county: SeededCounty) -> ValidRequest:
        path = _enrolled(county)
        del path["act"]
        return ValidRequest(county.education, path, {"effective_on": county.today, **form})

    return make


def _enrolment_annulment(county: SeededCounty) -> ValidRequest:
    path = _enrolled(county)
    body = {"effective_on": county.today, "acts": [path["act"]]}
    return ValidRequest(county.education, {n: path[n] for n in ("household_id", "person_id")}, body)


def _read_school(county: SeededCounty) -> ValidRequest:
    return ValidRequest(county.village, {"school_code": _school(county)})


def _roster(county: SeededCounty) -> bytes:
    """Of one pupil."""
    number = unused_resident_id(2005)
    members = [member_form("head", 1975), member_form("child", 2005, id_number=number)]
    county.household(members=members)
    return book(line(number, _school(county)))


def _roster_import(county: SeededCounty) -> ValidRequest:
    answer = county.education.post("/registry/rosters/workbooks", content=_roster(county)).json()
    return ValidRequest(county.education, {"batch_id": answer["batch_id"]})


SCHOOLS: Mapping[str, MakeRequest] = {
    "read_roster_template": lambda county: ValidRequest(county.education),
    "import_roster": lambda county: ValidRequest(county.education, body=_roster(county), media_type=OCTETS),
    "annotate_roster": lambda county: ValidRequest(county.education, body=_roster(county), media_type=OCTETS),
    "find_rosters": lambda county: ValidRequest(county.education, query={"file_sha256": "0" * 64}),
    "read_roster_import": _roster_import,
    "declare_school": lambda county: ValidRequest(county.education, body=_declaration(county)),
    "rename_school": _at_school(lambda _: {"name": "新校"}),
    "set_school_stages": _at_school(lambda _: {"stages": ["primary", "junior"]}),
    "relocate_school": _at_school(lambda _: {"division": TOWNSHIP}),
    "merge_school": _at_school(lambda county: {**_by_paper(county), "into_school": _school(county)}),
    "close_school": _at_school(_by_paper),
    "annul_school_acts": _annulment,
    "read_school": _read_school,
    "list_school_acts": _read_school,
    "list_schools": lambda county: ValidRequest(county.village),
    "list_pupils": lambda county: ValidRequest(county.village, query={"school_code": _school(county)}),
    "enrol_pupil": lambda county: ValidRequest(
        county.education,
        _pupil(county),
        {"effective_on": _ENROLLED_ON, "school_code": _school(county), "stage": "primary"},
    ),
    "place_pupil": _at_enrolment({"grade": 5, "class_no": 1, "boarding": True}),
    "count_attendance": _at_enrolment({"school_year": 2013, "term": "spring", "missed_days": 3}),
    "end_enrolment": _at_enrolment({"reason": "transferred"}),
    "annul_enrolment_acts": _enrolment_annulment,
    "read_enrolments": lambda county: ValidRequest(county.village, _pupil(county)),
    "list_schooling_periods": lambda county: ValidRequest(
        county.village, {"household_id": _pupil(county)["household_id"]}
    ),
}
