"""Departments of education say where a pupil is enrolled, from when to when; the register answers for any day, as known on any other."""

from typing import Any

import pytest

from contracts.roles import Role
from tests.registry.enrolments.schooling import PUPIL, YOUNGER, Family, education_of, school
from tests.registry.households.example_requests import status_and_code
from tests.registry.households.example_villages import TODAY, Village, done
from tests.support.running import ApiClient, Lika, all_items

STARTED, ENDED, LAST_DAY = "2015-09-01", "2017-07-15", "2017-07-14"


@pytest.fixture(scope="module")
def education(running: Lika) -> ApiClient:
    return education_of(running)


@pytest.fixture(scope="module")
def primary(education: ApiClient) -> str:
    return school(education)


@pytest.fixture
def family(running: Lika) -> Family:
    return Family(running)


def test_the_household_shows_school_stage_and_boarding_as_of_any_day(family: Family, primary: str) -> None:
    family.enrol(STARTED, primary, boarding=True, grade=1, class_no=2)
    enrolment = family.member(STARTED)["schooling"]["enrolment_id"]
    done(family.say(enrolment, "placements", "2016-09-01", grade=2, boarding=False))
    done(family.say(enrolment, "endings", ENDED, reason="transferred"))
    assert family.member("2015-08-31")["schooling"] is None
    shown = [family.member(day)["schooling"] for day in (STARTED, "2016-08-31", "2016-09-01", LAST_DAY, ENDED)]
    assert [(s["stage"], s["grade"], s["boarding"], s["ended_because"]) for s in shown] == [
        ("primary", 1, True, None), ("primary", 1, True, None), ("primary", 2, False, None), ("primary", 2, False, None),
        ("primary", 2, False, "transferred"),
    ]  # fmt: skip
    assert {(s["school_code"], s["school_name"]) for s in shown} == {(primary, "样例乡中心小学")}
    # The household's own word is another matter, and stays.
    assert family.member(ENDED)["school_stage"] == "primary"
    # All of it was learned today.
    assert family.read(STARTED, known_at="2018-05-31") is None


def test_periods_say_the_same_for_every_day(family: Family, primary: str) -> None:
    family.enrol(STARTED, primary)
    periods = family.village.cadre.get(f"{family.household}/schooling-periods").json()
    (period,) = [p for p in periods if p["valid_from"] == STARTED]
    assert (period["person_id"], period["valid_to"], period["known_from"]) == (family.persons[PUPIL], None, TODAY)
    assert period["schooling"] == family.member(TODAY)["schooling"]


def test_enrolments_do_not_overlap_in_whatever_order_they_are_told(family: Family, primary: str) -> None:
    later = family.enrol("2016-09-01", primary)
    refused = family.ask(STARTED, primary)
    assert (status_and_code(refused), refused.json()["facts"]["since"]) == ((409, "enrolments_overlap"), STARTED)
    refused = family.ask(STARTED, primary, until="2016-09-02", ended_because="transferred")
    assert refused.json()["code"] == "enrolments_overlap"
    done(family.ask(STARTED, primary, until="2016-09-01", ended_because="transferred"))
    assert [family.read(day)["since"] for day in ("2016-08-31", "2016-09-01")] == [STARTED, "2016-09-01"]
    third = family.ask("2017-09-01", primary)
    assert (third.json()["code"], third.json()["facts"]["running"]) == ("enrolments_overlap", later)
    done(family.ask("2017-09-01", primary, former_ended="transferred"))
    assert [family.read(day)["since"] for day in ("2017-08-31", "2017-09-01")] == ["2016-09-01", "2017-09-01"]
    assert family.ask(TODAY, primary, until="2018-06-01", ended_because="other").status_code == 422
    assert family.ask(TODAY, primary, until="2018-06-02").status_code == 422


def test_what_was_wrong_is_annulled_and_restored_and_what_rests_on_it_first(family: Family, primary: str) -> None:
    enrolment = family.enrol(STARTED, primary)
    done(family.say(enrolment, "endings", ENDED, reason="other"))
    (entered,), (ended,) = family.acts("PupilEnrolled"), family.acts("EnrolmentEnded")
    refused = family.annul(entered)
    assert (refused.json()["code"], refused.json()["facts"]["enrolment"]) == ("not_enrolled_then", enrolment)
    done(family.annul(ended))
    assert family.read(ENDED)["ended_on"] is None
    done(family.annul(*family.acts("EnrolmentActsAnnulled")))
    assert family.read(ENDED)["ended_on"] == ENDED
    done(family.annul(entered, ended))
    assert family.read(ENDED) is None
    assert family.annul(entered).json()["code"] == "unknown_enrolment_act"


def test_attendance_is_counted_by_term_and_within_it(family: Family, primary: str) -> None:
    enrolment = family.enrol(STARTED, primary)
    term = {"school_year": 2017, "term": "spring", "missed_days": 3}

    def counted(on: str, **more: Any) -> tuple[int, str | None]:
        answer = family.say(enrolment, "attendance", on, **{**term, **more})
        return answer.status_code, answer.json().get("code")

    assert counted("2018-02-14") == (409, "attendance_outside_term")
    assert counted("2018-02-15", missed_days=2) == (409, "missed_more_than_term")
    assert counted("2018-02-15", missed_days=1) == (201, None)
    assert counted("2018-05-31", dropped_out=True) == (201, None)
    assert [(r["missed_days"], r["dropped_out"]) for r in map(family.read, ("2018-05-30", "2018-05-31"))] == [
        (1, False), (3, True),
    ]  # fmt: skip
    assert counted("2018-06-02") == (409, "future_day")
    assert counted("2018-01-31", term="autumn") == (201, None)
    assert counted("2018-02-01", term="autumn") == (409, "attendance_outside_term")


def test_each_side_is_refused_the_others_field_and_told_who_may(running: Lika, family: Family, primary: str) -> None:
    """R14: enrolment is education's, the poverty status the poverty office's."""
    offices = [family.village.cadre, family.village.township_reviewer, family.village.decider]
    for office in offices:
        refused = family.ask(STARTED, primary, by=office)
        assert (status_and_code(refused), refused.json()["facts"]["roles"]) == (
            (403, "role_not_allowed"),
            ["education"],
        )
        assert refused.json()["next"][0]["office"]["roles"] == ["education"]
    of_household = f"/registry/households/{family.household.rpartition('/')[2]}"
    for path, body in (
        (
            "/registry/cases",
            {"procedure": "identification", "subject": family.household.rpartition("/")[2], "on": TODAY},
        ),
        (f"{of_household}/members/{family.persons[PUPIL]}/surveys", {"effective_on": TODAY, "school_stage": "junior"}),
        (f"{of_household}/categories", {"effective_on": TODAY, "attribute": "low_income_security"}),
    ):
        refused = family.education.post(path, body)
        assert status_and_code(refused) == (403, "role_not_allowed"), path
        assert "education" not in refused.json()["facts"]["roles"]
        assert "cadre" in refused.json()["facts"]["roles"]


def test_an_enrolment_is_entered_in_the_area_of_the_household_for_who_belongs_to_it(
    running: Lika, family: Family, primary: str
) -> None:
    elsewhere = education_of(running, "990002")
    assert family.ask(STARTED, primary, by=elsewhere).status_code == 404
    stranger = Family(running)
    answer = family.education.post(
        f"{family.household}/members/{stranger.persons[PUPIL]}/enrolments",
        {"effective_on": STARTED, "school_code": primary, "stage": "primary"},
    )
    assert status_and_code(answer) == (409, "enrolment_of_no_member")
    assert status_and_code(family.ask(STARTED, "2199888888")) == (409, "unknown_school")
    assert status_and_code(family.ask(STARTED, primary, stage="junior")) == (409, "school_lacks_stage")
    assert family.ask(STARTED, primary, stage="none").status_code == 422


def test_pupils_of_a_school_are_listed_by_the_callers_area(running: Lika, education: ApiClient) -> None:
    own, families = school(education), [Family(running) for _ in range(3)]
    for each in families:
        each.enrol(STARTED, own)
    families[0].enrol(STARTED, own, YOUNGER)
    path, asked = "/registry/pupils", {"school_code": own}
    found = all_items(education, path, **asked, as_of=STARTED, limit="2")
    expected = {f.persons[PUPIL] for f in families} | {families[0].persons[YOUNGER]}
    assert {p["person_id"] for p in found} == expected
    assert len(found) == 4
    assert all_items(education, path, **asked, as_of="2015-08-31") == []
    village = families[0].village
    assert {p["person_id"] for p in all_items(village.cadre, path, **asked)} == {
        families[0].persons[PUPIL], families[0].persons[YOUNGER],
    }  # fmt: skip
    assert running.client_for("operator-1", "", Role.OPERATOR).get(path, **asked).status_code == 403


def test_an_enrolment_goes_along_to_another_household(running: Lika, family: Family, primary: str) -> None:
    family.enrol(STARTED, primary)
    formed = family.village.split(family.household, "2018-03-01", family.persons[PUPIL])
    found = family.village.cadre.get(formed, as_of=TODAY).json()["members"]
    assert [m["schooling"]["school_code"] for m in found] == [primary]


def test_the_area_that_a_household_left_learns_no_more_of_its_pupils(
    running: Lika, family: Family, primary: str
) -> None:
    family.enrol(STARTED, primary)
    there = Village(running)
    body = {"effective_on": "2018-03-01", "from_division": family.village.code, "to_division": there.code}
    done(family.village.township.post(f"{family.household}/moves", body))
    for who, status in ((family.village.cadre, 404), (there.cadre, 200), (family.education, 200)):
        assert who.get(family.at(PUPIL)).status_code == status
        assert who.get(f"{family.household}/schooling-periods").status_code == status
    # What it was told of the days before stays.
    then = family.village.cadre.get(family.household, as_of="2018-02-28").json()["members"]
    assert [m["schooling"]["school_code"] for m in then if m["schooling"]] == [primary]
