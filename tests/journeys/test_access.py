"""Access control: what each role sees, enters, approves and discloses, by area and purpose, and never their own entry."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest

from contracts.personal import MASK
from contracts.roles import Role
from tests.contracts.seeded_county import (
    COUNTY,
    ELSEWHERE,
    MINUTES,
    NEIGHBOUR,
    TODAY,
    TOWNSHIP,
    VILLAGE,
    SeededCounty,
    member_form,
    seeded_county,
)
from tests.registry.intake.example_workbooks import resident_id_of
from tests.registry.intake.import_requests import head_line, household_line, post_workbook, row_errors, workbook_bytes
from tests.support.helper_forms import helper_form
from tests.support.running import all_items

NAME, NUMBER, PHONE, ADDRESS = "钱某某", resident_id_of("19700101", "971"), "13912345678", "青龙咀村某组 3 号"
OTHER_TOWNSHIP = ELSEWHERE[:9]

ORDER = {"organ": "县审计局", "document_no": "审通〔2014〕5号"}


@pytest.fixture(scope="module")
def county(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeededCounty]:
    with seeded_county(module_database, tmp_path_factory.mktemp("lika")) as running:
        yield running


@pytest.fixture(scope="module")
def household_ids(county: SeededCounty) -> dict[str, str]:
    """A household in each village, with personal data that a test can look for."""
    members = [member_form("head", 1970, name=NAME, id_number=NUMBER, phone=PHONE), member_form("child", 2003)]
    ids = {VILLAGE: county.household(members=members, address=ADDRESS, effective_on=TODAY)}
    for village in (NEIGHBOUR, ELSEWHERE):
        cadre = county.client_for(f"cadre-{village}", village, Role.CADRE)
        form = {"division": village, "effective_on": TODAY, "members": [member_form("head", 1965)]}
        ids[village] = county.post(cadre, "/registry/households", form).rpartition("/")[2]
    county.wait_for_services()
    return ids


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("role", "area", "sees"),
    [
        (Role.CADRE, VILLAGE, {VILLAGE}),
        (Role.CADRE, NEIGHBOUR, {NEIGHBOUR}),
        (Role.REVIEWER, TOWNSHIP, {VILLAGE, NEIGHBOUR}),
        (Role.REVIEWER, OTHER_TOWNSHIP, {ELSEWHERE}),
        (Role.DECIDER, COUNTY, {VILLAGE, NEIGHBOUR, ELSEWHERE}),
        (Role.ANALYST, "99", {VILLAGE, NEIGHBOUR, ELSEWHERE}),
        (Role.AUDITOR, "", {VILLAGE, NEIGHBOUR, ELSEWHERE}),
        (Role.AUDITOR, "990002", set()),
    ],
)
def test_everybody_sees_their_area_and_nothing_beside_it(
    role: Role, area: str, sees: set[str], county: SeededCounty, household_ids: dict[str, str]
) -> None:
    """Lists, totals, single households and histories alike."""
    client = county.client_for(f"{role}-{area}", area, role)
    assert {line["division"] for line in all_items(client, "/registry/households")} == sees
    own_village = {VILLAGE} & sees
    assert {case["division"] for case in all_items(client, "/registry/cases")} == own_village
    assert {item["division"] for item in all_items(client, "/assistance/cases")} == own_village
    assert {item["division"] for item in all_items(client, "/assistance/duties")} == own_village
    assert {item["division"] for item in all_items(client, "/audit/stock", as_of=TODAY)} == own_village
    for village, household_id in household_ids.items():
        expected = 200 if village in sees else 404
        paths = (
            f"/registry/households/{household_id}",
            f"/registry/households/{household_id}/facts",
            f"/audit/households/{household_id}/history",
        )
        assert [client.get(path).status_code for path in paths] == [expected] * 3
        # A reader gets the part of a division that lies in their area; outside it nothing is found.
        totals_status = client.get("/registry/totals", division=village).status_code
        assert totals_status == (200 if village.startswith(area) else 404)


@pytest.mark.parametrize("area", ["98", "980001", "980001101201"])
def test_an_area_in_another_province_reads_and_changes_nothing(area: str, county: SeededCounty) -> None:
    """Two digits are everywhere in the installation's own province only."""
    stranger = county.client_for("auditor-1", area, Role.AUDITOR, Role.OPERATOR)
    for path in (
        "/registry/households", "/registry/log/head", "/registry/cases", "/registry/staff/posts", "/assistance/duties",
        "/monitoring/targets", "/audit/stock", "/assistance/log/entries/0",
    ):  # fmt: skip
        assert code_of(stranger.get(path)) == (403, "area_in_another_province"), path
    step = {"to": "2014-07-01T09:00:00+08:00"}
    assert code_of(stranger.post("/audit/clock/steps", step)) == (403, "area_in_another_province")


def test_what_no_area_divides_belongs_to_the_whole_province(county: SeededCounty) -> None:
    """A log holds the households of every village, and its clock is common to all."""
    for path in ("/registry/log/head", "/assistance/log/entries/0"):
        answers = [county.client_for("auditor-1", area, Role.AUDITOR).get(path) for area in ("", "99", COUNTY, VILLAGE)]
        assert [answer.status_code for answer in answers] == [200, 200, 404, 404]
    local = county.client_for("operator-1", COUNTY, Role.OPERATOR)
    assert code_of(local.post("/audit/clock/steps", {"to": "2014-07-01T09:00:00+08:00"})) == (404, "not_found")
    beside = {"code": "990002", "level": "county", "name": "邻县", "effective_on": "2014-01-01"}
    assert code_of(local.post("/registry/divisions", beside)) == (404, "not_found")
    assert local.post("/registry/divisions", {**beside, "code": f"{COUNTY}199", "level": "township"}).status_code == 201
    listed = {"grade": "省定贫困村", "effective_on": "2014-04-15"}
    assert code_of(local.post("/registry/divisions/990002/designations", listed)) == (404, "not_found")


def test_a_cadre_enters_in_the_own_village_only(county: SeededCounty, household_ids: dict[str, str]) -> None:
    today = {"effective_on": TODAY}
    elsewhere = {"division": NEIGHBOUR, **today, "members": [member_form("head", 1970)]}
    assert code_of(county.village.post("/registry/households", elsewhere)) == (404, "not_found")
    there = f"/registry/households/{household_ids[NEIGHBOUR]}"
    assert code_of(county.village.post(f"{there}/surveys", {**today, "arable_mu": 1})) == (404, "not_found")
    case = {"subject": household_ids[NEIGHBOUR], "procedure": "identification", "on": TODAY, "grounds": "申请"}
    assert code_of(county.village.post("/registry/cases", case)) == (404, "not_found")
    pair = helper_form(county.registered[0], TODAY)
    assert code_of(county.neighbour.post("/assistance/pairs", pair)) == (404, "not_found")
    application = county.application_form(county.pupils[0])
    assert code_of(county.neighbour.post("/assistance/cases", application)) == (404, "not_found")
    # The township's cadre covers both villages; its reviewer reads both and enters in neither.
    assert county.township.post(f"{there}/surveys", {**today, "arable_mu": 1}).status_code == 201
    assert code_of(county.township_reviewer.post(f"{there}/surveys", {**today, "arable_mu": 2})) == (
        403,
        "role_not_allowed",
    )


def test_a_cadre_brings_in_no_rows_of_another_village(county: SeededCounty) -> None:
    before = len(all_items(county.auditor, "/registry/households"))
    rows = [household_line("A1", surveyed_on=TODAY), household_line("A2", surveyed_on=TODAY, division=NEIGHBOUR)]
    answer = post_workbook(county.village, workbook_bytes(rows, [head_line("A1", 81), head_line("A2", 83)])).json()
    assert row_errors(answer) == [("户表", 3, "行政区划代码", "village_outside_area")]
    assert (answer["recorded"], answer["refused"]) == (1, 1)
    lines = all_items(county.auditor, "/registry/households")
    assert len(lines) == before + 1
    assert not all_items(county.auditor, "/registry/households", national_no="A2")


def test_nobody_reviews_or_decides_a_case_they_entered(county: SeededCounty) -> None:
    """One account with several roles is one person: what it entered, somebody else approves."""
    of_village, of_township = (county.client_for("two-hats", area, *roles) for area, *roles in (
        (VILLAGE, Role.CADRE), (TOWNSHIP, Role.REVIEWER),
    ))  # fmt: skip
    case = f"/registry/cases/{county.case('visits', 'appraisals')}"
    county.post(of_village, f"{case}/notices", {"on": county.today})
    waiting = f"/registry/cases/{county.waiting['comparisons'][0]}"
    both = county.client_for("three-hats", COUNTY, Role.REVIEWER, Role.DECIDER)
    county.post(both, f"{waiting}/comparisons", {"on": county.today, **county.steps()["comparisons"][1]})
    decision = {"on": county.today, **county.steps()["decisions"][1]}
    assert code_of(both.post(f"{waiting}/decisions", decision)) == (409, "approves_own_entry")
    assert county.decider.post(f"{waiting}/decisions", decision).status_code == 201
    county.advance_to("2014-06-18")
    review = {"on": county.today, "outcome": "passed"}
    assert code_of(of_township.post(f"{case}/reviews", review)) == (409, "approves_own_entry")
    for written in ("Two-Hats", "TWO-HATS", "ｔｗｏ-ＨＡＴＳ"):
        same = county.client_for(written, TOWNSHIP, Role.REVIEWER)
        assert code_of(same.post(f"{case}/reviews", review)) == (409, "approves_own_entry")
    assert county.township_reviewer.post(f"{case}/reviews", review).status_code == 201


def test_nobody_decides_aid_they_reviewed_or_strikes_off_what_they_reported(county: SeededCounty) -> None:
    application = f"/assistance/cases/{county.applications['decisions'][0]}"
    decision = {"on": county.today, **county.aid_steps()["decisions"][1]}
    reviewer_too = county.client_for("reviewer-t", COUNTY, Role.DECIDER)
    assert code_of(reviewer_too.post(f"{application}/decisions", decision)) == (409, "approves_own_entry")
    assert county.decider.post(f"{application}/decisions", decision).status_code == 201

    form = {
        "division": TOWNSHIP, "year": 2014, "work_list": "工作安排", "item": "W1", "content": "村道公路改建",
        "lines": [{"amount": "3", "unit": "km", "place": "某村", "direction": "at_least"}],
        "deadline": "2014-12-31", "owners": [{"label": "R1"}],
        "effective_on": county.today,
    }  # fmt: skip
    target = county.post(county.township_reviewer, "/monitoring/targets", form)
    evidenced = {"effective_on": county.today, "evidence": MINUTES}
    milestone = {"effective_on": county.today, "content": "完工", "due_on": "2014-12-01"}
    county.post(county.township_reviewer, f"{target}/milestones", milestone)
    county.post(county.township, f"{target}/milestones/1/reached", evidenced)
    done = {"effective_on": county.today, "line": 1, "amount": "3", "unit": "km"}
    county.post(county.township_reviewer, f"{target}/progress", done)
    assert code_of(county.township_reviewer.post(f"{target}/strike-off", evidenced)) == (409, "strikes_off_own_report")
    assert county.county_reviewer.post(f"{target}/strike-off", evidenced).status_code == 201


def test_personal_fields_are_masked_everywhere(county: SeededCounty, household_ids: dict[str, str]) -> None:
    household_id = household_ids[VILLAGE]
    answer = county.village.get(f"/registry/households/{household_id}").json()
    assert (answer["address"], answer["members"][0]["name"], answer["members"][0]["id_number"]) == (MASK, MASK, MASK)
    texts = [
        client.get(path).text
        for client in (county.village, county.auditor)
        for path in (f"/registry/households/{household_id}", f"/audit/households/{household_id}/history")
    ]
    head = county.auditor.get("/registry/log/head").json()["position"]
    texts += [county.auditor.get(f"/registry/log/entries/{page}").text for page in range(head // 256 + 1)]
    assert not [secret for secret in (NAME, NUMBER, PHONE, ADDRESS) for text in texts if secret in text]


@pytest.mark.parametrize(
    ("role", "area", "purpose", "refused"),
    [
        (Role.CADRE, NEIGHBOUR, "case", (404, "not_found")),
        (Role.REVIEWER, OTHER_TOWNSHIP, "case", (404, "not_found")),
        (Role.CADRE, VILLAGE, "audit", (403, "purpose_not_allowed")),
        (Role.REVIEWER, TOWNSHIP, "payment", (403, "purpose_not_allowed")),
        (Role.AUDITOR, "", "case", (403, "purpose_not_allowed")),
        (Role.ANALYST, COUNTY, "verification", (403, "role_not_allowed")),
        (Role.OPERATOR, "", "audit", (403, "role_not_allowed")),
        (Role.SERVICE, "", "payment", (403, "role_not_allowed")),
        (Role.CADRE, VILLAGE, "curiosity", (422, "malformed")),
    ],
)
def test_personal_fields_stay_masked_without_role_scope_and_purpose(
    role: Role, area: str, purpose: str, refused: tuple[int, str], county: SeededCounty, household_ids: dict[str, str]
) -> None:
    client = county.client_for("reader", area, role)
    before = county.auditor.get("/registry/log/head").json()
    answer = client.post(
        "/registry/disclosures",
        {"household_ids": [household_ids[VILLAGE]], "purpose": purpose, "fields": ["name"], "order": ORDER},
    )
    assert code_of(answer) == refused
    assert NAME not in answer.text
    assert county.auditor.get("/registry/log/head").json()["position"] == before["position"]


@pytest.mark.parametrize(
    ("role", "area", "purpose"),
    [
        (Role.CADRE, VILLAGE, "correction"),
        (Role.REVIEWER, TOWNSHIP, "verification"),
        (Role.DECIDER, COUNTY, "payment"),
        (Role.AUDITOR, "", "audit"),
    ],
)
def test_each_reading_of_personal_fields_is_on_record(
    role: Role, area: str, purpose: str, county: SeededCounty, household_ids: dict[str, str]
) -> None:
    reader, household = f"reader-{purpose}", household_ids[VILLAGE]
    client = county.client_for(reader, area, role)
    key = str(uuid4())
    entered = county.village.get(f"/registry/households/{household}/facts").json()[0]["act"]
    basis = {"order": ORDER} if purpose in ("payment", "audit") else {"matters": [{"kind": "entry", "id": entered}]}
    form = {"household_ids": [household], "purpose": purpose, "fields": ["name", "address"], **basis}
    answer = client.post("/registry/disclosures", form, key=key)
    assert answer.status_code == 201, answer.text
    (disclosed,) = answer.json()["households"]
    assert disclosed["household"] == {"address": ADDRESS}
    assert NAME in [fields.get("name") for fields in disclosed["members"].values()]
    assert NUMBER not in answer.text
    again = client.post("/registry/disclosures", form, key=key)
    assert (again.json()["replayed"], NAME in again.text) == (True, False)
