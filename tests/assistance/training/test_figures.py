"""The figures of the papers on training (source facts 1H) go in as courses and come out as totals that equal them, in their units:
persons as persons, person-times as person-times, yuan as yuan."""

from collections.abc import Callable, Iterator

import msgspec
import pytest

from contracts.registry.codes import LabourSkill
from contracts.registry.members import MemberJoined, MemberLeft
from contracts.registry.reasons import JoinReason, LeaveReason
from tests.assistance.harness import COUNTY, VILLAGE, AssistanceHarness, Family, assistance_harness, fact
from tests.assistance.training.courses_held import (
    HELD,
    START,
    certified,
    completed,
    counted,
    course,
    courses_of,
    held,
    shares,
    stated,
    woman,
)


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("figures"), START) as started:
        yield started


def test_free_vocational_training_of_women(harness: AssistanceHarness) -> None:
    """M149, B41: 17 courses of 13 trades, 843 women, 3,126 persons in all, 2.78 million yuan."""
    for number, (women, yuan) in enumerate(zip(shares(843, 17), shares(2_780_000, 17), strict=True)):
        one = course(harness, "womens_vocational", f"工种{number % 13 + 1}")
        held(harness, one)
        completed(harness, one, ("women", women, "person"), ("subsidy", yuan, "yuan"))
    others = course(harness, "womens_vocational", "各类培训合计")
    held(harness, others)
    completed(harness, others, ("trained", 3126, "person"))
    assert stated(harness, "womens_vocational") == {
        ("women", "person"): (17, "843"), ("subsidy", "yuan"): (17, "2780000"), ("trained", "person"): (1, "3126"),
    }  # fmt: skip
    listed = [f"/training/courses/{c['course_id']}" for c in courses_of(harness, "womens_vocational")]
    trades = [harness.get(of)["trade"] for of in listed if of != others]
    assert (len(trades), len(set(trades))) == (17, 13)
    # What a paper states is never taken for what was counted.
    assert (counted(harness, "womens_vocational")["persons"], counted(harness, "womens_vocational")["courses"]) == (
        0,
        18,
    )


def test_business_courses_and_skill_courses(harness: AssistanceHarness) -> None:
    """M150: 3 courses, 102 women of 237 (the target of 500 stays a target). M151: 3 classes, 195 women, 33 of them at work."""
    for women, trained in zip(shares(102, 3), shares(237, 3), strict=True):
        one = course(harness, "syb")
        held(harness, one)
        completed(harness, one, ("women", women, "person"), ("trained", trained, "person"))
    for women, placed in zip(shares(195, 3), shares(33, 3), strict=True):
        one = course(harness, "poor_target_skill")
        held(harness, one)
        completed(harness, one, ("women", women, "person"), ("placed", placed, "person"))
    assert stated(harness, "syb") == {("women", "person"): (3, "102"), ("trained", "person"): (3, "237")}
    assert stated(harness, "poor_target_skill") == {("women", "person"): (3, "195"), ("placed", "person"): (3, "33")}
    # Of the women one is named, with her job: who is at work follows from placements, and what the paper says stands beside it.
    named = woman(harness)
    skill = course(harness, "poor_target_skill")
    held(harness, skill)
    harness.post(harness.reviewer, f"{skill}/trainees", named)
    harness.post(harness.reviewer, f"{skill}/attendance", {**named, "session": 1})
    harness.post(harness.reviewer, f"{skill}/certificates", {**named, "certificate_no": "BX-1", "skill": "缝纫"})
    course_id, work = skill.rpartition("/")[2], f"/employment/persons/{named['person_id']}"
    job = {"effective_on": "2016-03-09", "post_kind": "job", "employer": "县服装厂", "course_id": course_id}
    harness.post(harness.reviewer, f"{work}/placements", job)
    assert [p["course_id"] for p in harness.get(work)["placements"]] == [course_id]
    assert [p["course_id"] for p in harness.get("/employment/placements", division=COUNTY)["items"]] == [course_id]
    other = course(harness, "syb")
    held(harness, other)
    wrong = {"of": "certified", "quantity": {"amount": "30", "unit": "attendance"}}
    form = {"effective_on": "2016-04-01", "stated": [wrong]}
    assert harness.refused(harness.reviewer, f"{other}/completion", form) == (409, "training_unit_does_not_fit")


def test_spare_time_schools_and_three_tiers_count_person_times(harness: AssistanceHarness) -> None:
    """M155: 17 schools, 25 classes, 1,363 person-times, certificates of two trades. M161: 15
    sessions, ten of them technical, 1,580 person-times."""
    one, schools = woman(harness), list[str]()
    for number, heads in enumerate(shares(1363, 25)):
        school = course(
            harness, "spare_time_school", ("冶金", "爆破")[number % 2], organiser=f"业余学校{number % 17 + 1}"
        )
        schools.append(school)
        held(harness, school, heads=heads)
        if number == 0:
            certified(harness, school, one)
            completed(harness, school, ("certified", 169, "person"))
        elif number == 1:
            completed(harness, school, ("certified", 250, "person"))
    assert stated(harness, "spare_time_school") == {("certified", "person"): (2, "419")}
    assert len(schools) == 25
    assert len({harness.get(of)["organiser"] for of in schools}) == 17
    tiers = course(harness, "three_tier", sessions=15)
    for number, heads in enumerate(shares(1580, 15), 1):
        held(harness, tiers, number, heads, topic="技术" if number <= 10 else "维权")
    spare, told = counted(harness, "spare_time_school"), counted(harness, "three_tier")
    assert (spare["courses"], spare["heads_counted"], spare["persons"], spare["certified"]) == (25, "1363", 1, 1)
    assert (told["sessions"], told["heads_counted"]) == (15, "1580")
    assert sum(s["topic"] == "技术" for s in harness.get(tiers)["sessions"]) == 10


def test_a_practical_course_gives_families_a_technique(harness: AssistanceHarness) -> None:
    """M148, R37: twelve classes, 1,500 person-times; of those who came, members of registered families are named."""
    office, families = harness.reviewer, [Family.new() for _ in range(3)]
    for one in families:
        one.head = msgspec.structs.replace(one.head, birth_year=1980, labour_skill=LabourSkill.ORDINARY)
    harness.record(*(f for one in families for f in (one.recorded("2014-01-05"), one.enrolled("2014-06-01"))))
    yearly = course(harness, "practical_farm", "茶叶管护", sessions=12)
    for number in range(1, 13):
        held(harness, yearly, number, heads=1 if number == 12 else 125)
    for one in families[:2]:
        named = {"effective_on": HELD, "person_id": str(one.head.person_id)}
        harness.post(office, f"{yearly}/trainees", named)
        harness.post(office, f"{yearly}/attendance", {**named, "session": 1})
    last = {"effective_on": HELD, "session": 12}
    harness.post(office, f"{yearly}/attendance", {**last, "person_id": str(families[0].head.person_id)})
    more = {**last, "person_id": str(families[1].head.person_id)}
    assert harness.refused(office, f"{yearly}/attendance", more) == (409, "training_more_named_than_counted")
    told = counted(harness, "practical_farm")
    assert (told["heads_counted"], told["persons"], told["person_times"]) == (str(11 * 125 + 1), 2, 3)
    found = {h["household_id"]: h for h in harness.get("/training/skills", division=VILLAGE)["items"]}
    assert [found[str(one.household)]["techniques"] for one in families] == [1, 1, 0]
    assert [found[str(one.household)]["able"] for one in families] == [1, 1, 1]


@pytest.mark.parametrize("kind", ["trade_school", "vocational_centre"])
def test_a_course_of_each_kind_runs_by_its_document(harness: AssistanceHarness, kind: str) -> None:
    """M158, M159."""
    office, one = harness.reviewer, Family.new()
    one.head = msgspec.structs.replace(one.head, birth_year=1998)
    harness.record(one.recorded("2014-01-05"), one.enrolled("2014-06-01"))
    person = {"effective_on": HELD, "person_id": str(one.head.person_id)}
    if kind == "vocational_centre":
        need = {**person, "effective_on": "2016-02-01", "course_kind": kind, "trade": "刺绣"}
        harness.post(harness.cadre, "/training/needs", need)
    of = course(harness, kind, "刺绣")
    held(harness, of)
    harness.post(office, f"{of}/trainees", person)
    harness.post(office, f"{of}/attendance", {**person, "session": 1})
    certificate = {**person, "certificate_no": f"{kind}-{one.household}", "skill": "刺绣"}
    harness.post(office, f"{of}/certificates", certificate)
    assert harness.refused(office, f"{of}/certificates", certificate) == (409, "training_certified_already")
    completed(harness, of, ("trained", 1, "person"))
    evaluation = {"effective_on": "2016-04-02", "evaluator": "县教育局", "met": True, "findings": "结业一人"}
    harness.post(office, f"{of}/evaluations", evaluation)
    told = harness.get(of)
    assert told["evaluations"][0]["findings"] == evaluation["findings"]
    assert (told["persons"], told["certified"], told["evaluations"][0]["met"]) == (1, 1, True)


@pytest.mark.parametrize(("kind", "trade"), [("pre_departure", "务工常识"), ("home_craft", "刺绣")])
def test_a_village_union_trains_before_departure_and_in_home_crafts(
    harness: AssistanceHarness, kind: str, trade: str
) -> None:
    """M156: trainees by name; sixteen in the year is old enough, the year before is not; 200 yuan more for each a year, as evaluated."""
    office, (one, other, young) = harness.reviewer, (Family.new(), Family.new(), Family.new())
    for each, born in ((one, 1980), (other, 2000), (young, 2001)):
        each.head = msgspec.structs.replace(each.head, birth_year=born)
    harness.record(
        *(f for each in (one, other, young) for f in (each.recorded("2014-01-05"), each.enrolled("2014-06-01")))
    )
    of = course(harness, kind, trade, organiser="青山村工会")
    held(harness, of)
    named = [{"effective_on": HELD, "person_id": str(each.head.person_id)} for each in (one, other, young)]
    assert harness.refused(office, f"{of}/trainees", named[2]) == (409, "training_not_eligible")
    for trainee in named[:2]:
        harness.post(office, f"{of}/trainees", trainee)
        harness.post(office, f"{of}/attendance", {**trainee, "session": 1})
    evaluation = {"effective_on": "2016-04-02", "evaluator": "青山村工会", "met": True, "findings": "人均年增收200元"}
    assert harness.refused(office, f"{of}/evaluations", evaluation) == (409, "training_not_completed")
    completed(harness, of, ("trained", 2, "person"))
    harness.post(office, f"{of}/evaluations", evaluation)
    certificate = {**named[0], "certificate_no": f"{kind}-1", "skill": trade}
    assert harness.refused(office, f"{of}/certificates", certificate) == (409, "training_without_certificate")
    assert harness.refused(office, f"{of}/exams", {**named[0], "passed": True}) == (409, "training_without_exam")
    told = harness.get(of)
    assert (told["organiser"], told["persons"], told["person_times"]) == ("青山村工会", 2, 2)
    assert [(e["evaluator"], e["findings"]) for e in told["evaluations"]] == [("青山村工会", "人均年增收200元")]
    assert sorted(t["person_id"] for t in told["trainees"]) == sorted(trainee["person_id"] for trainee in named[:2])
    assert stated(harness, kind)[("trained", "person")][1] == "2"


def test_who_moves_in_the_middle_of_a_course_is_one_trainee_and_learned_for_where_they_live(
    harness: AssistanceHarness,
) -> None:
    """Joins, leaves and moves told in time or late: persons and person-times stay what they are."""
    office, families = harness.reviewer, [Family.new(), Family.new()]
    for each in families:
        each.head = msgspec.structs.replace(each.head, birth_year=1980, labour_skill=LabourSkill.ORDINARY)
    harness.record(*(f for each in families for f in (each.recorded("2014-01-05"), each.enrolled("2014-06-01"))))
    left, joined = families
    of = course(harness, "practical_farm", "茶叶管护", sessions=2)
    held(harness, of, heads=1)
    second = {"effective_on": "2016-05-08", "session": 2, "topic": "课", "place": "镇成人学校"}
    harness.post(office, f"{of}/sessions", {**second, "heads": {"amount": "1", "unit": "attendance"}})
    named = {"effective_on": HELD, "person_id": str(left.head.person_id)}
    harness.post(office, f"{of}/trainees", named)
    harness.post(office, f"{of}/attendance", {**named, "session": 1})
    moved = {"person_id": left.head.person_id, "reason": LeaveReason.MARRIAGE}
    harness.record(
        fact(MemberLeft, left.household, "2016-04-01", **moved),
        fact(MemberJoined, joined.household, "2016-04-01", member=left.head, reason=JoinReason.MARRIAGE),
    )
    harness.post(office, f"{of}/attendance", {**named, "effective_on": "2016-05-08", "session": 2})
    told = harness.get(of)
    assert (told["persons"], told["person_times"], told["contradictions"]) == (1, 2, [])

    def techniques(day: str) -> list[int]:
        items = harness.get("/training/skills", division=VILLAGE, as_of=day, limit=200)["items"]
        found = {h["household_id"]: h["techniques"] for h in items}
        return [found[str(each.household)] for each in families]

    assert (techniques("2016-03-31"), techniques("2016-04-01")) == ([1, 0], [0, 1])


def test_a_certificate_number_is_used_once(harness: AssistanceHarness) -> None:
    """Also in another course; annulled, it is free again."""
    office, (one, other) = harness.reviewer, (Family.new(), Family.new())
    for each in (one, other):
        each.head = msgspec.structs.replace(each.head, birth_year=1980)
    harness.record(*(f for each in (one, other) for f in (each.recorded("2014-01-05"), each.enrolled("2014-06-01"))))
    courses = [course(harness, "trade_school") for _ in range(2)]
    for of, each in zip(courses, (one, other), strict=True):
        harness.post(office, f"{of}/trainees", {"effective_on": HELD, "person_id": str(each.head.person_id)})
    number = {"effective_on": HELD, "certificate_no": "ZX 2016-7", "skill": "护理"}
    first, second = ({**number, "person_id": str(each.head.person_id)} for each in (one, other))
    harness.post(office, f"{courses[0]}/certificates", first)
    again = {**second, "certificate_no": "zx2016-7"}
    assert harness.refused(office, f"{courses[1]}/certificates", again) == (409, "training_certificate_no_used")
    entry = f"assistance/course-{courses[0].rpartition('/')[2]}/3"
    harness.post(office, f"{courses[0]}/annulments", {"effective_on": HELD, "facts": [entry], "reason": "误录入"})
    harness.post(office, f"{courses[1]}/certificates", again)
    restored = f"assistance/course-{courses[0].rpartition('/')[2]}/4"
    back = {"effective_on": HELD, "facts": [restored], "reason": "误作废"}
    assert harness.refused(office, f"{courses[0]}/annulments", back) == (409, "training_certificate_no_used")


def test_whom_a_kind_is_for_is_asked_on_each_day_that_decides(harness: AssistanceHarness) -> None:
    """The day before the household is registered, its day, and after its exit; the year before the age, and its year."""
    office, (one, young) = harness.reviewer, (Family.new(), Family.new())
    one.head = msgspec.structs.replace(one.head, birth_year=1980)
    young.head = msgspec.structs.replace(young.head, birth_year=2001)
    harness.record(
        one.recorded("2014-01-05"), one.enrolled("2016-03-08"), one.exited("2016-06-01", enjoys_policies=False),
        young.recorded("2014-01-05"), young.enrolled("2014-06-01"),
    )  # fmt: skip
    of = course(harness, "poor_target_skill")

    def enrolling(who: Family, on: str) -> tuple[int, str]:
        form = {"effective_on": on, "person_id": str(who.head.person_id)}
        answer = office.post(f"/assistance{of}/trainees", form)
        return answer.status_code, answer.json().get("code", "")

    assert enrolling(young, "2016-03-08") == (409, "training_not_eligible")
    assert enrolling(one, "2016-03-07") == (409, "training_not_eligible")
    assert enrolling(one, "2016-06-01") == (409, "training_not_eligible")
    assert enrolling(one, "2016-03-08")[0] == 201

    # Asked again on the day of the certificate: the day before the exit, its day, the day after.
    held(harness, of)
    named = {"effective_on": HELD, "person_id": str(one.head.person_id)}
    harness.post(office, f"{of}/attendance", {**named, "session": 1})
    certificate = {**named, "certificate_no": "ZG-1", "skill": "缝纫"}
    for on in ("2016-06-02", "2016-06-01"):
        late = {**certificate, "effective_on": on}
        assert harness.refused(office, f"{of}/certificates", late) == (409, "training_not_eligible")
    harness.post(office, f"{of}/certificates", {**certificate, "effective_on": "2016-05-31"})
