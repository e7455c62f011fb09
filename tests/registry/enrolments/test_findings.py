"""Where the household and education differ, and who of compulsory age is out of school, is a finding with an owner and a deadline."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.registry.codes import SchoolStage
from contracts.registry.enrolments import EnrolmentEnd
from contracts.registry.members import Relation
from services.registry.findings.checked_households import CheckedHousehold, CheckedMember, CheckedSchooling
from services.registry.findings.school_checks import dropped_out, may_drop_out, not_in_school
from tests.registry.enrolments.schooling import PUPIL, Family, education_of, school
from tests.registry.households.example_villages import TODAY, done, id_of
from tests.support.running import Lika

STARTED = "2015-09-01"
LIMITS = {"min_age": 6, "max_age": 15, "days_between": 75}


@pytest.fixture(scope="module")
def both(running: Lika) -> str:
    return school(education_of(running), "九年一贯制", "2014-09-01", "primary", "junior")


@pytest.fixture
def family(running: Lika) -> Family:
    return Family(running)


def found(family: Family, on: str = TODAY, **params: str) -> list[Any]:
    """Those of schooling."""
    items = family.village.cadre.get("/registry/findings", subject=id_of(family.household), as_of=on, **params).json()[
        "items"
    ]
    return [
        f for f in items if f["rule"] in ("school_stage_differs", "boarding_differs", "dropped_out", "not_in_school")
    ]


def rules(family: Family, on: str = TODAY, **params: str) -> list[str]:
    return sorted(f["rule"] for f in found(family, on, **params))


def test_what_the_household_and_education_say_otherwise_is_said_at_entry_and_found_until_one_is_mended(
    family: Family, both: str
) -> None:
    entered = family.ask(STARTED, both, stage="junior")
    assert sorted(w["code"] for w in done(entered).json()["warnings"]) == ["boarding_differs", "school_stage_differs"]
    assert (rules(family, "2015-08-31"), rules(family, STARTED)) == ([], ["boarding_differs", "school_stage_differs"])
    differs = next(f for f in found(family) if f["rule"] == "school_stage_differs")
    assert (differs["owner"]["level"], differs["owner"]["role"], differs["due_by"]) == (
        "township",
        "reviewer",
        "2018-07-01",
    )
    survey = {"effective_on": "2018-03-01", "school_stage": "junior", "boarder": False}
    done(family.village.cadre.post(f"{family.household}/members/{family.persons[PUPIL]}/surveys", survey))
    assert (rules(family, "2018-02-28"), rules(family, "2018-03-01")) == (
        ["boarding_differs", "school_stage_differs"], [],
    )  # fmt: skip
    # Or education was wrong: annulled, nothing is said at all.
    done(family.annul(*family.acts("PupilEnrolled")))
    assert rules(family, "2018-02-28") == []
    assert rules(family, "2018-02-28", state="cleared") == ["boarding_differs", "school_stage_differs"]


def test_a_drop_out_is_found_from_its_day_and_ends_with_the_next_enrolment(family: Family, both: str) -> None:
    enrolment = family.enrol(STARTED, both, boarding=True)
    done(family.say(enrolment, "endings", "2017-03-01", reason="dropped_out"))
    assert (rules(family, "2017-02-28"), rules(family, "2017-03-01")) == ([], ["dropped_out"])
    (out,) = found(family)
    assert (out["owner"]["level"], out["owner"]["role"], out["severity"]) == ("county", "education", "error")
    done(family.ask("2018-02-15", both, boarding=True))
    assert (rules(family, "2018-02-14"), rules(family, "2018-02-15"), rules(family)) == (["dropped_out"], [], [])


def test_who_comes_no_longer_is_out_until_counted_again_and_education_answers_with_a_reason(
    family: Family, both: str
) -> None:
    enrolment = family.enrol(STARTED, both, boarding=True)
    term: dict[str, Any] = {"school_year": 2017, "term": "spring", "missed_days": 30}
    done(family.say(enrolment, "attendance", "2018-04-10", **term, dropped_out=True))
    assert (rules(family, "2018-04-09"), rules(family, "2018-04-10")) == ([], ["dropped_out"])
    (out,) = found(family)
    answers = f"/registry/findings/{out['finding_id']}/answers"
    refused = family.village.township_reviewer.post(answers, {"reason": "随父母外出"})
    assert (refused.status_code, refused.json()["facts"]["role"]) == (403, "education")
    done(family.education.post(answers, {"reason": "随父母外出，已核实在外省就读"}))
    (out,) = found(family)
    assert out["state"] == "answered"
    done(family.say(enrolment, "attendance", "2018-05-10", **{**term, "missed_days": 35}))
    assert rules(family) == []


def pupil(born: int, said: CheckedSchooling | None, stage: SchoolStage = SchoolStage.PRIMARY) -> CheckedHousehold:
    member = CheckedMember(UUID(int=1), born, Relation.CHILD, stage, schooling=said)
    return CheckedHousehold("990001101201", (member,))


@pytest.mark.parametrize(
    ("day", "is_out"),
    [("2014-12-31", False), ("2015-01-01", True), ("2023-12-31", True), ("2024-01-01", False)],
)
def test_of_compulsory_age_is_who_is_so_on_every_day_of_the_year(day: str, is_out: bool) -> None:
    """Born in 2008: six at the latest when 2015 begins, fifteen at least until 2023 is over."""
    said = CheckedSchooling(SchoolStage.PRIMARY, False, True, None, None)
    on = date.fromisoformat(day)
    assert bool(list(dropped_out(pupil(2008, said), on, LIMITS))) is is_out
    nobody = pupil(2008, None, SchoolStage.NONE)
    assert bool(list(not_in_school(nobody, on, LIMITS))) is is_out
    assert {date(2015, 1, 1), date(2024, 1, 1)} <= {*may_drop_out(pupil(2008, said), LIMITS)}


@pytest.mark.parametrize(
    ("why", "stage", "days", "is_out"),
    [
        (EnrolmentEnd.DROPPED_OUT, SchoolStage.PRIMARY, 0, True),
        (EnrolmentEnd.TRANSFERRED, SchoolStage.PRIMARY, 74, False),
        (EnrolmentEnd.TRANSFERRED, SchoolStage.PRIMARY, 75, True),
        (EnrolmentEnd.GRADUATED, SchoolStage.PRIMARY, 74, False),
        (EnrolmentEnd.GRADUATED, SchoolStage.PRIMARY, 75, True),
        (EnrolmentEnd.GRADUATED, SchoolStage.JUNIOR, 300, False),
        (EnrolmentEnd.WENT_ABROAD, SchoolStage.PRIMARY, 300, False),
        (EnrolmentEnd.DIED, SchoolStage.PRIMARY, 300, False),
        (EnrolmentEnd.SUSPENDED, SchoolStage.PRIMARY, 300, False),
    ],
)
def test_an_end_is_a_drop_out_at_once_or_when_no_school_follows_or_never(
    why: EnrolmentEnd, stage: SchoolStage, days: int, is_out: bool
) -> None:
    ended = date(2018, 1, 1)
    said = CheckedSchooling(stage, False, False, ended, why)
    on = date.fromordinal(ended.toordinal() + days)
    assert bool(list(dropped_out(pupil(2008, said), on, LIMITS))) is is_out
    if is_out and days:
        assert on in {*may_drop_out(pupil(2008, said), LIMITS)}
