"""Cases of women's rights: received at seven doors, tried, aided, closed to the last one, and read by nobody outside the table."""

from itertools import cycle
from typing import Any

from contracts.roles import Role
from services.casework.records.document import RecordKind
from tests.assistance.care.telling import BEGIN, CareCounty
from tests.assistance.harness import COUNTY, TOWNSHIP
from tests.assistance.pairs.field import RECORDS

CASES, TRIALS, AIDED = 38, 23, 2
KINDS = ("rights_case", "rights_trial", "rights_legal_aid", "rights_case_closed")


def _doors(kind: RecordKind) -> list[str]:
    field = kind.field("received_by")
    assert field is not None
    return [code.code for code in field.codes]


def test_all_cases_of_the_network_are_closed_and_known_to_few(county: CareCounty) -> None:
    """M101: one police point, two centres, a court panel, two stations and a hotline; 38 cases, 23 trials, 2 free legal aids."""
    doors = _doors(RECORDS["rights_case"])
    assert len(doors) == 7
    client = county.harness.running.client_for
    federation = client("federation-101", COUNTY, Role.CADRE)

    def tell(kind: str, case: dict[str, str], **values: Any) -> None:
        county.post("/records", county.form(kind, case, **values), federation)

    cases = [county.party("case", f"WQ-{n:02}", division=COUNTY) for n in range(CASES)]
    closing = county.form("rights_case_closed", cases[0], result="调解结案")
    assert county.refusal("/records", closing, federation) == "record_something_comes_first"
    for case, door in zip(cases, cycle(doors), strict=False):
        tell("rights_case", case, received_by=door, content="案情")
    for case in cases[:TRIALS]:
        tell("rights_trial", case, content="开庭审理")
    for case in cases[:AIDED]:
        tell("rights_legal_aid", case, content="免费代理")
    for case in cases[:-1]:
        tell("rights_case_closed", case, result="调解结案")
    assert county.refusal("/records", closing, federation) == "record_something_comes_first"  # it is closed

    def closed(as_of: str) -> tuple[int, int, int]:
        found = county.harness.get("/duties/assessments", county.office, as_of=as_of)["assessments"]
        (one,) = (each for each in found if (each["duty_set"], each["duty"]) == ("rights_cases", "closed"))
        assert one["obliged"] == "federation-101"
        return one["met"], one["missed"], one["due"]

    assert [closed(day) for day in ("2016-05-15", "2016-05-16")] == [(37, 0, 1), (37, 1, 0)]
    tell("rights_case_closed", cases[-1], result="移送公安")
    assert closed("2016-05-16") == (38, 0, 0)

    asked = county.harness.get("/duties", county.office, obliged="federation-101", limit=200)["items"]
    assert {one["subject"] for one in asked} == {case["id"] for case in cases}

    def seen(who: Any) -> list[int]:
        counted = county.harness.get("/records/counts", who, since=BEGIN)["counts"]
        return [next((c["records"] for c in counted if c["kind"] == kind), 0) for kind in KINDS]

    figures = [CASES, TRIALS, AIDED, CASES]
    admitted = county.office, client("decider-101", COUNTY, Role.DECIDER), client("auditor-101", "99", Role.AUDITOR)
    others = (
        client("cadre-101", COUNTY, Role.CADRE),
        client("reviewer-101", TOWNSHIP, Role.REVIEWER),
        county.village_cadre,
    )
    assert [seen(who) for who in (*admitted, *others)] == [figures] * len(admitted) + [[0, 0, 0, 0]] * len(others)
    for who in others:
        for case in (cases[0], cases[-1]):
            assert county.harness.get("/records", who, subject=case["id"], since=BEGIN)["items"] == []
            assert county.owed("rights_cases", case, who) == []
