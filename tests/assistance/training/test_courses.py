"""A course over HTTP, from the need to the certificate: persons and person-times apart, and every entry that does not fit refused."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from contracts.registry.codes import LabourSkill
from contracts.registry.members import MemberDied
from contracts.roles import Role
from services.assistance.document_kinds import FIRST_TEXTS
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from tests.assistance.harness import (
    COUNTY,
    VILLAGE,
    VOTES,
    AssistanceHarness,
    Family,
    assistance_harness,
    decision,
    fact,
)
from tests.assistance.payments.paying import PayOffice
from tests.assistance.training.course_forms import PLANNED, plan, session
from tests.assistance.training.rosters import roster_file
from tests.support.running import ApiClient

START = "2016-05-03"
"""The house's clock; what is told happened before."""


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("training"), START) as started:
        yield started


def family(harness: AssistanceHarness, born: int = 1980) -> Family:
    """Registered, its head able to work."""
    new = Family.new()
    new.head = msgspec.structs.replace(new.head, birth_year=born, labour_skill=LabourSkill.ORDINARY)
    harness.record(new.recorded("2014-01-05"), new.enrolled("2014-06-01"))
    return new


def person(one: Family) -> str:
    return str(one.head.person_id)


def rate_of_the_county(yuan: str) -> Any:
    """The subsidy's programme as the county adopts it."""
    text = (FIRST_TEXTS.folder / "programmes" / "training_subsidy-2014.yaml").read_text(encoding="utf-8")
    of_county = text.replace('jurisdiction: "CN"', f'jurisdiction: "{COUNTY}"').replace(
        'edition: "2014"', 'edition: "C-1"'
    )
    rate = of_county.replace("{kind: unknown}", f'{{kind: rate, yuan: "{yuan}"}}')
    return YamlText(rate, "training_subsidy.yaml").content


def adopt(harness: AssistanceHarness, content: Any) -> None:
    """Proposed by one operator and confirmed by another."""
    number = harness.post(harness.operator, "/documents", {"content": canonical_text(content)}).rpartition("/")[2]
    other = harness.running.client_for("operator-2", "", Role.OPERATOR)
    assert other.post(f"/assistance/documents/{number}/confirmations").status_code == 201


def offered(harness: AssistanceHarness, who: ApiClient, course: str) -> tuple[bool, set[str]]:
    (answer,) = harness.get("/acts", who, subject=f"/assistance{course}")
    return answer["exists"], {act["act"] for act in answer["acts"]}


def test_an_order_type_course_from_the_need_to_the_certificate(harness: AssistanceHarness) -> None:
    """M146, M147, M158, R36: attendance is by person and session, and every count follows from it."""
    office, (one, other) = harness.reviewer, (family(harness), family(harness))
    ordered = plan(course_kind="order_training", employer="县电机厂")
    assert harness.refused(office, "/training/courses", ordered) == (409, "training_no_need_surveyed")
    need = {"effective_on": PLANNED, "person_id": person(one), "course_kind": "order_training", "trade": "电工"}
    harness.post(harness.cadre, "/training/needs", need)
    assert harness.refused(office, "/training/courses", plan(course_kind="order_training")) == (
        409,
        "training_employer_missing",
    )
    course = harness.post(office, "/training/courses", ordered)

    fresh = {"hold_course_session", "enrol_trainee", "cancel_course", "annul_course_entries", "import_course_roster"}
    assert offered(harness, office, course) == (True, fresh)
    villager = harness.running.client_for("villager-1", VILLAGE, Role.REVIEWER)
    assert offered(harness, villager, course) == (False, set()), "the township's course is not a village's to read"
    for each in (one, other):
        harness.post(office, f"{course}/trainees", {"effective_on": "2016-03-04", "person_id": person(each)})
    assert harness.refused(office, f"{course}/trainees", {"effective_on": "2016-03-04", "person_id": person(one)}) == (
        409,
        "training_enrolled_already",
    )
    days = ["2016-03-05", "2016-03-12", "2016-03-19", "2016-03-26", "2016-04-02"]
    for number, on in enumerate(days, 1):
        harness.post(office, f"{course}/sessions", session(number, on))
    assert harness.refused(office, f"{course}/sessions", session(6, "2016-04-09")) == (
        409,
        "training_more_sessions_than_planned",
    )
    assert harness.refused(office, f"{course}/sessions", session(5, "2016-05-01")) == (
        409,
        "training_session_outside_course",
    )
    for who, attended in ((one, 4), (other, 3)):
        for number, on in enumerate(days[:attended], 1):
            present = {"effective_on": on, "person_id": person(who), "session": number}
            harness.post(office, f"{course}/attendance", present)
    exam = {"effective_on": "2016-04-29", "person_id": person(one), "passed": True}
    certificate = {
        "effective_on": "2016-04-30",
        "person_id": person(one),
        "certificate_no": "DG-2016-1",
        "skill": "电工",
    }
    assert harness.refused(office, f"{course}/certificates", certificate) == (409, "training_exam_not_passed")
    # Four of five sessions are eighty percent, three are less.
    harness.post(office, f"{course}/exams", exam)
    assert harness.refused(office, f"{course}/exams", {**exam, "person_id": person(other)}) == (
        409,
        "training_attended_too_little",
    )
    harness.post(office, f"{course}/certificates", certificate)
    evaluation = {"effective_on": "2016-05-03", "evaluator": "县扶贫办", "met": True, "findings": "结业一人"}
    assert harness.refused(office, f"{course}/evaluations", evaluation) == (409, "training_not_completed")
    stated = [{"of": "trained", "quantity": {"amount": "2", "unit": "person"}}]
    harness.post(office, f"{course}/completion", {"effective_on": "2016-05-02", "stated": stated})
    assert {"evaluate_course", "certify_trainee"} <= offered(harness, office, course)[1]
    assert offered(harness, office, course)[1].isdisjoint({"hold_course_session", "cancel_course", "complete_course"})
    late = {"effective_on": "2016-04-01", "person_id": person(family(harness))}
    harness.post(office, f"{course}/trainees", late)  # forgotten, and so offered
    harness.post(office, f"{course}/evaluations", evaluation)

    told = harness.get(course)
    assert (told["enrolled"], told["persons"], told["person_times"], told["certified"]) == (3, 2, 7, 1)
    assert told["stated"] == [{"of": "trained", "amount": "2", "unit": "person", "counted": 2}]
    on_a_day = harness.get(course, as_of="2016-03-12")
    assert (on_a_day["persons"], on_a_day["person_times"], on_a_day["certified"]) == (2, 4, 0)
    listed = next(
        c for c in harness.get("/training/courses", division=COUNTY)["items"] if course.endswith(c["course_id"])
    )
    assert (listed["persons"], listed["person_times"], listed["certified"], listed["completed_on"]) == (
        2,
        7,
        1,
        "2016-05-02",
    )
    assert harness.get("/training/totals", division=COUNTY, known_at="2016-05-02") == []
    skills = {h["household_id"]: h for h in harness.get("/training/skills", division=VILLAGE)["items"]}
    assert (skills[str(one.household)]["able"], skills[str(one.household)]["skilled"]) == (1, 1)
    assert skills[str(other.household)]["skilled"] == 0


def test_what_does_not_fit_is_refused(harness: AssistanceHarness) -> None:
    office, one = harness.reviewer, family(harness)
    course = harness.post(office, "/training/courses", plan())
    on = "2016-03-08"
    harness.post(office, f"{course}/sessions", session(1, on))
    present = {"effective_on": on, "person_id": person(one), "session": 1}
    assert harness.refused(office, f"{course}/attendance", present) == (409, "training_not_enrolled")
    harness.post(office, f"{course}/trainees", {"effective_on": on, "person_id": person(one)})
    assert harness.refused(office, f"{course}/attendance", {**present, "session": 2}) == (
        409,
        "training_session_not_held",
    )
    counted = session(2, on, heads={"amount": "30", "unit": "attendance"})
    assert harness.refused(office, f"{course}/sessions", counted) == (409, "training_heads_follow_from_attendance")
    harness.post(office, f"{course}/attendance", present)
    held = harness.get(course)
    leaving = {"effective_on": "2016-03-07", "person_id": person(one), "reason": "found_work"}
    assert harness.refused(office, f"{course}/leavings", leaving) == (409, "training_not_enrolled")
    stream = course.rpartition("/")[2]
    void = {"effective_on": on, "facts": [f"assistance/course-{stream}/2"], "reason": "日期有误"}
    assert harness.refused(office, f"{course}/annulments", void) == (409, "later_entries_rest_on_it")
    both = {**void, "facts": [f"assistance/course-{stream}/{n}" for n in (2, 4)]}
    harness.post(office, f"{course}/annulments", both)
    after = harness.get(course)
    assert (held["person_times"], after["person_times"], after["sessions"]) == (1, 0, [])
    harness.post(office, f"{course}/annulments", {**void, "facts": [f"assistance/course-{stream}/5"]})
    assert harness.get(course)["person_times"] == 1
    # No examination belongs to this kind; of a plan that is void is left that it is restored.
    assert "examine_trainee" not in offered(harness, office, course)[1]
    whole = {**void, "facts": [f"assistance/course-{stream}/{n}" for n in (1, 2, 3, 4)]}
    harness.post(office, f"{course}/annulments", whole)
    assert offered(harness, office, course) == (True, {"annul_course_entries"})
    harness.post(office, f"{course}/annulments", {**void, "facts": [f"assistance/course-{stream}/7"]})
    assert harness.get(course)["person_times"] == 1


def test_heads_of_a_session_are_person_times(harness: AssistanceHarness) -> None:
    """M148, M155, M161: three dates, about six hundred heads."""
    office = harness.reviewer
    course = harness.post(office, "/training/courses", plan(course_kind="practical_farm", sessions=3))
    days = ["2016-03-08", "2016-03-15", "2016-03-22"]
    wrong = session(1, days[0], heads={"amount": "200", "unit": "person"})
    assert harness.refused(office, f"{course}/sessions", wrong) == (409, "training_heads_are_person_times")
    assert harness.refused(office, f"{course}/sessions", session(1, days[0])) == (409, "training_heads_missing")
    for number, on in enumerate(days, 1):
        harness.post(office, f"{course}/sessions", session(number, on, heads={"amount": "200", "unit": "attendance"}))
    assert (harness.get(course)["person_times"], harness.get(course)["persons"]) == (600, 0)
    total = next(t for t in harness.get("/training/totals", division=COUNTY) if t["course_kind"] == "practical_farm")
    assert (total["persons"], total["person_times"], total["heads_counted"]) == (0, 0, "600")


def test_a_roster_is_taken_row_by_row(harness: AssistanceHarness) -> None:
    """Good rows are recorded, the others refused by their rule; the same file again records nothing."""
    office, (one, other) = harness.reviewer, (family(harness), family(harness))
    course = harness.post(office, "/training/courses", plan(title="名册班"))
    harness.post(office, f"{course}/sessions", session(1, "2016-03-08"))
    rows: list[list[Any]] = [
        [person(one), "2016-03-05", None], [person(one), "2016-03-08", 1], [person(other), "2016-03-08", 1],
        [person(one), "2016-03-09", 2], [str(uuid4()), "2016-03-05", None],
    ]  # fmt: skip
    file = roster_file(rows)
    tried = office.post(f"/assistance{course}/roster?dry_run=true", content=file)
    assert tried.status_code == 200, tried.text
    taken = office.post(f"/assistance{course}/roster", content=file)
    assert taken.status_code == 201, taken.text
    for answer in (tried.json(), taken.json()):
        assert (answer["rows_seen"], answer["recorded"], answer["known_already"], answer["refused"]) == (5, 2, 0, 3)
        found = {(error["row"], error["code"]) for error in answer["errors"]}
        assert found == {(4, "training_not_enrolled"), (5, "training_session_not_held"), (6, "not_found")}
    again = office.post(f"/assistance{course}/roster", content=file).json()
    assert (again["recorded"], again["known_already"], again["refused"]) == (0, 2, 3)
    assert harness.get(course)["person_times"] == 1


def test_a_death_that_is_told_late_ends_an_enrolment(harness: AssistanceHarness) -> None:
    """What was attended after it counts for nothing, and counts again where the death is taken back."""
    office, one = harness.reviewer, family(harness)
    course = harness.post(office, "/training/courses", plan())
    harness.post(office, f"{course}/trainees", {"effective_on": "2016-03-05", "person_id": person(one)})
    for number, on in enumerate(["2016-03-08", "2016-03-15"], 1):
        harness.post(office, f"{course}/sessions", session(number, on))
        harness.post(office, f"{course}/attendance", {"effective_on": on, "person_id": person(one), "session": number})
    harness.advance_to("2016-05-10")
    (died,) = harness.record(fact(MemberDied, one.household, "2016-03-10", person_id=one.head.person_id))
    told = harness.get(course)
    assert (told["person_times"], [c["because"] for c in told["contradictions"]]) == (1, ["training_trainee_died"])
    assert told["trainees"][0]["until"] == "2016-03-10"
    listed = next(c for c in harness.get("/training/courses")["items"] if course.endswith(c["course_id"]))
    assert listed["person_times"] == 1
    then = harness.get("/training/courses", known_at="2016-05-09")["items"]
    assert next(c for c in then if course.endswith(c["course_id"]))["person_times"] == 2
    assert harness.get(course, known_at="2016-05-09")["contradictions"] == []
    harness.record(one.annulled("2016-03-10", died))
    assert (harness.get(course)["person_times"], harness.get(course)["contradictions"]) == (2, [])


def test_a_certificate_is_subsidised_through_payments(harness: AssistanceHarness) -> None:
    """M149: nothing without the certificate; granted by the procedure, due once, listed, posted, released, handed over and settled."""
    office, one = PayOffice.with_calendars(harness), family(harness)
    course = harness.post(harness.reviewer, "/training/courses", plan(sessions=1))
    harness.post(harness.reviewer, f"{course}/sessions", session(1, "2016-03-08"))
    trainee = {"effective_on": "2016-03-08", "person_id": person(one)}
    harness.post(harness.reviewer, f"{course}/trainees", trainee)
    harness.post(harness.reviewer, f"{course}/attendance", {**trainee, "session": 1})
    certificate = {**trainee, "certificate_no": "DG-2016-9", "skill": "电工"}
    harness.post(harness.reviewer, f"{course}/certificates", certificate)
    programme = harness.get(course)["subsidy"]
    today = "2016-05-11"
    harness.advance_to(today)
    applied = {"subject": person(one), "procedure": programme, "on": today, "grounds": "培训合格"}
    proved = {"proved": ["training_certificate"]}
    # The edition of the whole country knows no rate; a county's gives one.
    assert harness.refused(harness.cadre, "/cases", {**applied, "terms": proved}) == (409, "not_eligible")
    adopt(harness, rate_of_the_county("500"))
    assert harness.refused(harness.cadre, "/cases", {**applied, "terms": {}}) == (409, "not_eligible")
    case = harness.post(harness.cadre, "/cases", {**applied, "terms": proved})
    harness.post(harness.cadre, f"{case}/appraisals", {"on": today, **VOTES})
    harness.post(harness.cadre, f"{case}/notices", {"on": today})
    today = "2016-05-19"
    harness.advance_to(today)
    harness.post(harness.reviewer, f"{case}/reviews", {"on": today, "outcome": "passed"})
    harness.post(harness.decider, f"{case}/decisions", decision(today))
    quota = {
        "payment_quota": programme, "edition": "2016", "zh": "资金额度", "en": "quota", "jurisdiction": COUNTY,
        "source": "示财农〔2016〕9号", "yuan": Decimal("10000.00"), "in_force": {"from": date(2016, 1, 1), "to": date(2016, 12, 31)},
    }  # fmt: skip
    adopt(harness, quota)
    year = {"period_from": "2016-01-01", "period_to": "2016-12-31"}
    listed = office.compile(today, programme=programme, **year)
    assert (office.read(listed)["lines"], office.read(listed)["total"]) == (1, "500.00")
    office.hand_over(listed, "2016-05-27", posted=today)
    taken = office.take(listed, office.result(listed, "2016-05-27"))
    assert (taken["newly_settled"], taken["errors"]) == (1, [])
    # What is due once is due no second time.
    again = office.asked("2016-05-27", programme=programme, **year)
    assert harness.refused(office.township, "/pay-lists", again) == (409, "payment_nothing_due")
