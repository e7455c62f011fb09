"""A school is declared from a day on, renamed, given stages, merged into another or closed; what was so before is answered as before."""

from typing import Any

import pytest

from contracts.roles import Role
from tests.registry.enrolments.schooling import COUNTY, PAPER, Family, education_of, school
from tests.registry.households.example_requests import VILLAGE, status_and_code
from tests.registry.households.example_villages import TODAY, done
from tests.support.running import ApiClient, Lika, all_items

MERGED_ON, DAY_BEFORE = "2017-09-01", "2017-08-31"


@pytest.fixture
def education(running: Lika) -> ApiClient:
    return education_of(running)


def act(education: ApiClient, code: str, what: str, on: str = MERGED_ON, **more: Any) -> Any:
    return education.post(f"/registry/schools/{code}/{what}", {"effective_on": on, "decision": PAPER, **more})


def read(education: ApiClient, code: str, **params: str) -> Any:
    return education.get(f"/registry/schools/{code}", **params).json()


def last_act(education: ApiClient, code: str) -> str:
    return str(education.get(f"/registry/schools/{code}/acts").json()[-1]["act"])


def test_a_school_exists_from_its_day_on_and_its_name_is_that_of_the_day(education: ApiClient) -> None:
    code = school(education, "旧校名", "2015-09-01")
    assert education.get(f"/registry/schools/{code}", as_of="2015-08-31").status_code == 404
    done(education.post(f"/registry/schools/{code}/names", {"name": "新校名", "effective_on": "2016-09-01"}))
    names = [read(education, code, as_of=day)["name"] for day in ("2015-09-01", "2016-08-31", "2016-09-01")]
    assert names == ["旧校名", "旧校名", "新校名"]
    # All of it was entered today: the day before nobody knew.
    assert education.get(f"/registry/schools/{code}", as_of="2016-09-01", known_at="2018-05-31").status_code == 404
    refused = education.post(f"/registry/schools/{code}/names", {"name": "更早", "effective_on": "2015-08-31"})
    assert status_and_code(refused) == (409, "school_not_yet_declared")
    again = {"school_code": code, "name": "又", "division": VILLAGE, "stages": ["junior"], "effective_on": TODAY}
    assert status_and_code(education.post("/registry/schools", again)) == (409, "school_already_declared")


def test_only_education_declares_schools_and_only_in_its_area(running: Lika, education: ApiClient) -> None:
    body = {
        "school_code": "2199999999",
        "name": "某校",
        "division": VILLAGE,
        "stages": ["primary"],
        "effective_on": TODAY,
    }
    refused = running.client_for("operator-1", "", Role.OPERATOR).post("/registry/schools", body)
    assert (status_and_code(refused), refused.json()["facts"]["roles"]) == ((403, "role_not_allowed"), ["education"])
    elsewhere = education_of(running, "990002")
    assert elsewhere.post("/registry/schools", body).status_code == 404
    code = school(education)
    assert status_and_code(act(elsewhere, code, "closures")) == (404, "not_found")
    assert education.post("/registry/schools", {**body, "stages": ["none"]}).status_code == 422
    assert education.post("/registry/schools", {**body, "division": "990001199"}).status_code == 409


def test_pupils_of_a_merged_school_are_at_the_other_one_since(running: Lika, education: ApiClient) -> None:
    village_school, central = school(education, "村小"), school(education, "中心小学")
    family = Family(running)
    family.enrol("2016-09-01", village_school)
    done(act(education, village_school, "mergers", into_school=central))
    at = [family.read(day)["school_code"] for day in (DAY_BEFORE, MERGED_ON)]
    assert at == [village_school, central]
    assert [family.member(day)["schooling"]["school_name"] for day in (DAY_BEFORE, MERGED_ON)] == ["村小", "中心小学"]
    pupils = [
        [p["person_id"] for p in all_items(education, "/registry/pupils", school_code=code, as_of=day)]
        for code in (village_school, central)
        for day in (DAY_BEFORE, MERGED_ON)
    ]
    person = family.persons[1]
    assert pupils == [[person], [person], [], [person]]  # who was enrolled at the old code is found by it still
    late = Family(running)
    refused = late.ask(MERGED_ON, village_school)
    assert status_and_code(refused) == (409, "school_has_ended")
    assert refused.json()["facts"]["into_school"] == central
    done(late.ask(DAY_BEFORE, village_school))
    assert (read(education, village_school)["into_school"], read(education, central)["former_schools"]) == (
        central, [village_school],
    )  # fmt: skip
    done(act(education, village_school, "annulments", acts=[last_act(education, village_school)]))
    assert family.read(MERGED_ON)["school_code"] == village_school
    assert read(education, central)["former_schools"] == []


def test_a_school_is_not_closed_over_its_pupils(running: Lika, education: ApiClient) -> None:
    code, family = school(education), Family(running)
    enrolment = family.enrol("2016-09-01", code)
    refused = act(education, code, "closures")
    assert (status_and_code(refused), refused.json()["facts"]["pupils"]) == ((409, "school_has_pupils"), 1)
    done(family.say(enrolment, "endings", MERGED_ON, reason="transferred"))
    done(act(education, code, "closures"))
    refused = Family(running).ask("2017-08-31", code)  # told late, and without an end
    assert status_and_code(refused) == (409, "school_has_ended")
    done(Family(running).ask(DAY_BEFORE, code, until=MERGED_ON, ended_because="transferred"))
    # The end may not be taken back while the school is closed.
    refused = family.annul(*family.acts("EnrolmentEnded"))
    assert status_and_code(refused) == (409, "school_has_ended")


def test_a_successor_is_there_and_has_the_stages(education: ApiClient) -> None:
    both = school(education, "九年一贯制", "2014-09-01", "primary", "junior")
    other = school(education)
    assert status_and_code(act(education, both, "mergers", into_school=both)) == (409, "school_succeeds_itself")
    refused = act(education, both, "mergers", into_school=other)
    assert (status_and_code(refused), refused.json()["facts"]["stages"]) == (
        (409, "school_successor_lacks_stage"), ["junior"],
    )  # fmt: skip
    stages = {"stages": ["primary", "junior"], "effective_on": MERGED_ON}
    done(education.post(f"/registry/schools/{other}/stages", stages))
    done(act(education, both, "mergers", into_school=other))
    # Another one merged into it, so it ends on no day before.
    assert status_and_code(act(education, other, "closures", DAY_BEFORE)) == (409, "school_act_rested_on")
    assert status_and_code(act(education, both, "closures", DAY_BEFORE)) == (409, "school_has_ended")
    assert status_and_code(act(education, other, "annulments", acts=["00000000-0000-4000-8000-000000000001"])) == (
        409, "unknown_school_act",
    )  # fmt: skip


def test_an_annulled_closure_is_restored_by_annulling_its_annulment(education: ApiClient) -> None:
    code = school(education)
    done(act(education, code, "closures"))
    done(act(education, code, "annulments", acts=[last_act(education, code)]))
    assert read(education, code)["ended_on"] is None
    done(act(education, code, "annulments", acts=[last_act(education, code)]))
    assert read(education, code)["ended_on"] == MERGED_ON


def test_schools_are_listed_by_area_page_by_page(running: Lika, education: ApiClient) -> None:
    codes = {school(education, stage, "2014-09-01", stage) for stage in ("college", "college", "vocational")}
    found = all_items(education, "/registry/schools", division=COUNTY, stage="college", limit="1")
    assert len(found) == 2
    assert {s["school_code"] for s in found} < codes
    done(act(education, found[0]["school_code"], "closures"))
    assert [s["school_code"] for s in all_items(education, "/registry/schools", stage="college", open="true")] == [
        found[1]["school_code"]
    ]
    assert education_of(running, "990002").get("/registry/schools", division=COUNTY).status_code == 404


def test_a_school_goes_with_its_place(running: Lika, education: ApiClient) -> None:
    code = school(education)
    operator, recoded = running.client_for("operator-1", "", Role.OPERATOR), "990003"
    new = {"code": recoded, "level": "county", "name": "新县", "effective_on": "2014-01-01"}
    assert operator.post("/registry/divisions", new).status_code == 201
    place = {"division": recoded, "effective_on": TODAY}
    # Whoever has both areas says where it is since.
    done(education_of(running, "99").post(f"/registry/schools/{code}/relocations", place))
    assert [read(education, code, as_of=day)["division"] for day in ("2018-05-31", TODAY)] == [VILLAGE, recoded]
    assert [s["school_code"] for s in all_items(education_of(running, recoded), "/registry/schools")] == [code]
