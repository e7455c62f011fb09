"""What is owed by those who care, met or missed, and by whom it is looked at."""

from decimal import Decimal

from contracts.casework.duties import DutyMissed
from tests.assistance.care.telling import BEGIN, CareCounty
from tests.assistance.harness import VILLAGE

FIVE = {
    "call": ("parent_call", "2016-02-15", "2016-02-21"),
    "class_teacher": ("parent_class_contact", "2016-02-01", "2016-02-29"),
    "home": ("parent_home", "2016-01-01", "2016-12-31"),
    "letter": ("parent_letter", "2016-02-01", "2016-02-29"),
    "love_mother": ("parent_mother_talk", "2016-02-01", "2016-02-29"),
}
PLACE = {"kind": "division", "place": VILLAGE}


def test_parents_are_looked_at_for_five_ones_and_nobody_is_reproached(county: CareCounty) -> None:
    """M088: a call a week, a letter, the class teacher and the love mother each month, at home once a year."""
    child, other = county.pupil(), county.pupil()
    for one in (child, other):
        county.post("/listings", {"kind": "left_behind_child", "subject": one, "effective_on": BEGIN})
    for kind, _, _ in FIVE.values():
        county.tell(kind, child)
    first = {
        duty: (start, last, state) for duty, start, last, state in county.owed("left_behind_parents_five_ones", child)
    }
    assert first == {duty: (start, last, "met") for duty, (_, start, last) in FIVE.items()}
    later = county.owed("left_behind_parents_five_ones", other, as_of="2017-01-01")
    assert {(duty, state) for duty, _, last, state in later if last < "2017-01-01"} == {(d, "overdue") for d in FIVE}
    assert sum(duty == "call" for duty, *_ in later) == 46  # weeks of which the year has the last day or the first
    child_duties = county.harness.assistance.stream(f"duties-{other['id']}")
    assert not [r for r in child_duties if isinstance(r.fact, DutyMissed)]
    inbox = county.harness.get("/inbox", county.village_cadre)["items"]
    assert not [e for e in inbox if e["details"].get("duty_set") == "left_behind_parents_five_ones"]


def test_three_priorities_are_planned_given_and_told_of_and_a_sick_child_is_treated_at_once(county: CareCounty) -> None:
    """M089: plan with time, content and stage result."""
    child = county.pupil()
    cares = [county.form("priority_care", child, aspect=a, content="优先") for a in ("study", "life", "activities")]
    assert county.refusal("/records", cares[0]) == "record_something_comes_first"
    plan = {"starts_on": BEGIN, "ends_on": "2016-07-15", "content": "每周辅导两次"}
    partly = county.form("priority_plan", child, **{k: v for k, v in plan.items() if k != "ends_on"})
    assert county.refusal("/records", partly) == "record_field_missing"
    county.tell("priority_plan", child, **plan)
    for care in cares:
        county.post("/records", care)
    result = county.form("priority_result", child, result="成绩提高")
    county.post("/records", result)
    assert county.refusal("/records", result) == "record_something_comes_first"
    county.tell("sick_child", child, event="发烧")
    assert county.owed("priority_treatment", child) == [("treatment", BEGIN, "2016-02-17", "due")]
    (overdue,) = county.owed("priority_treatment", child, as_of="2016-02-18")
    assert overdue[3] == "overdue"
    county.tell("sick_child_treated", child, content="送镇卫生院")
    assert county.owed("priority_treatment", child) == [("treatment", BEGIN, "2016-02-17", "met")]


def test_a_home_is_open_three_times_a_week_and_trains_on_tuesday_and_thursday(county: CareCounty) -> None:
    """M091: 61 pupils and 25 performers at the parties."""
    home = county.party("care_home", "留守儿童之家")
    for group in ("书画", "棋类"):
        county.tell("home_session", home, heads=20, group=group)
    unsaid = county.form("home_session", home, group="舞蹈")
    assert county.refusal("/records", unsaid) == "record_attendance_missing"

    def owed(key: str, as_of: str) -> list[tuple[str, str, str]]:
        return [
            (first, last, state)
            for duty, first, last, state in county.owed("care_home_rota", home, as_of=as_of)
            if duty == key
        ]

    assert owed("openings", BEGIN) == [("2016-02-15", "2016-02-21", "due")]
    county.tell("home_session", home, heads=20, group="舞蹈")
    assert owed("openings", BEGIN) == [("2016-02-15", "2016-02-21", "met")]
    trained = [(day, day) for day in ("2016-02-16", "2016-02-18", "2016-02-23", "2016-02-25")]
    # Nobody is at school at National Day; each day stands for itself.
    assert [(a, b) for a, b, _ in owed("training", "2016-02-26")] == trained
    in_october = [first for first, _, _ in owed("training", "2016-10-12") if first >= "2016-09-29"]
    assert in_october == ["2016-09-29", "2016-10-11"]
    for occasion in ("new_year", "birthday"):
        county.tell("home_party", home, heads=61, occasion=occasion, performers="25")
    assert county.totals("home_party") == {"performers": (2, 1, "50.00")}
    counted = county.harness.get("/records/counts", county.cadre, kind="home_party", since=BEGIN)["counts"]
    assert [(c["records"], c["person_times"]) for c in counted] == [(2, 122)]
    for part in ("noon", "after_class", "reading"):
        assert owed("rota", BEGIN) == [(BEGIN, BEGIN, "due")]
        county.tell("duty_session", home, part=part)
    assert owed("rota", BEGIN) == [(BEGIN, BEGIN, "met")]


def test_after_school_there_is_care_on_each_school_day_by_contract(county: CareCounty) -> None:
    """M094: attendance and contract; a telephone and a room for counselling."""
    school, child = county.party("school", "四点半小学"), county.pupil()
    pair = {"kind": "after_school_school", "subject": school, "helper": "teacher-94", "unit": "中心校"}
    county.post("/pairs", {**pair, "effective_on": BEGIN})
    day = county.form("after_school_day", school, content="作业辅导", heads=30)
    assert county.refusal("/records", day) == "record_something_comes_first"
    for facility in ("after_school_room", "family_telephone", "counselling_room"):
        county.tell("facility_opened", school, facility=facility, place="村小")
    county.post("/records", day)
    named = {**county.form("after_school_day", school), "attendance": {"persons": [child["id"]]}}
    county.post("/records", named)
    county.tell("after_school_contract", child, until="2016-07-15", content="放学至六点")
    owed = county.owed("after_school_days", school, as_of="2016-02-22")
    assert owed == [
        ("session", BEGIN, BEGIN, "met"),
        *(("session", d, d, "overdue") for d in ("2016-02-16", "2016-02-17", "2016-02-18")),
        *(("session", d, d, "due") for d in ("2016-02-19", "2016-02-22")),  # three days to enter it
    ]
    of_child = county.harness.get(f"/records/persons/{child['id']}", county.cadre, since=BEGIN)["items"]
    assert sorted(r["kind"] for r in of_child) == ["after_school_contract", "after_school_day"]


def test_needs_heard_at_a_forum_become_tasks(county: CareCounty) -> None:
    """M105: helpers, pupils and guardians are invited; minutes, needs."""
    school, household, child = county.party("school", "座谈小学"), county.household(), county.pupil()
    came = {"persons": [child["id"]], "households": [household["id"]], "unnamed": 12}
    forum = {**county.form("forum", school, topic="家校共育", minutes="会议记录"), "attendance": came}
    assert county.refusal("/records", {**forum, "values": forum["values"][:1]}) == "record_field_missing"
    county.post("/records", forum)
    for whom, need in ((household, "缺少监护"), (child, "缺课外书")):
        county.tell("forum_need", whom, need=need)
    county.tell("forum_need_answered", child, answer="已配书柜")
    assert county.owed("forum_needs", child) == [("answer", BEGIN, "2016-03-16", "met")]
    assert county.owed("forum_needs", household, as_of="2016-03-16") == [("answer", BEGIN, "2016-03-16", "due")]
    assert county.owed("forum_needs", household, as_of="2016-03-17") == [("answer", BEGIN, "2016-03-16", "overdue")]
    due = [e for e in county.harness.get("/inbox", county.village_cadre)["items"] if e["subject"] == household["id"]]
    assert [e["details"]["duty"] for e in due if e["details"].get("duty_set") == "forum_needs"] == ["answer"]


def test_a_room_for_mothers_is_opened_and_meets_the_standard(county: CareCounty) -> None:
    """M108."""
    site = county.party("site", "爱心妈咪小屋")
    standard = county.form("facility_standardised", site, standard="有冰箱、沙发、洗手池")
    assert county.refusal("/records", standard) == "record_something_comes_first"
    county.tell("facility_opened", site, facility="mother_baby_room", place="工会大楼一层")
    county.post("/records", standard)
    assert county.harness.get("/parties", county.cadre, kind="site")["items"][0]["until"] is None


def test_a_township_cares_for_the_old_for_women_and_for_the_disabled(county: CareCounty) -> None:
    """M144."""
    for group in ("elderly", "women", "disabled", "disabled_business"):
        county.tell("care_activity", PLACE, heads=10, group=group, content="走访慰问、技能培训")
    counted = county.harness.get("/records/counts", county.cadre, kind="care_activity", since=BEGIN)["counts"]
    assert [(c["records"], c["person_times"]) for c in counted] == [(4, 40)]
    nobody = county.form("care_activity", PLACE, group="elderly", content="空")
    assert county.refusal("/records", nobody) == "record_attendance_missing"


def test_a_suspected_drop_out_is_checked_and_stands_on_one_ledger_until_it_is_struck_off(county: CareCounty) -> None:
    """M123: absent since 5 October, back on 14 November: suspected one, dropped none; another dropped out and came back."""
    back, gone, waiting = county.pupil(), county.pupil(), county.pupil()
    checked = county.form("dropout_checked", back, "2015-11-14", outcome="back", content="已返校")
    assert county.refusal("/records", checked) == "record_something_comes_first"
    for pupil in (back, gone, waiting):
        county.tell("dropout_suspected", pupil, "2015-10-12", since="2015-10-05", ground="absent")
    (duty,) = county.owed("dropout_control", gone)
    assert duty == ("check", "2015-10-12", "2016-02-22", "due"), "told late, it is owed within a week of the telling"

    def on_ledger(kind: str, as_of: str = BEGIN, **asked: str) -> set[str]:
        """Of the three, whoever stands on it that day."""
        more = {"as_of": as_of, "on_ledger": "true", "limit": "200", **asked}
        found = county.harness.get("/records", county.cadre, kind=kind, **more)["items"]
        return {each["subject"] for each in found} & {pupil["id"] for pupil in (back, gone, waiting)}

    names = [pupil["id"] for pupil in (back, gone, waiting)]
    assert on_ledger("dropout_suspected") == {*names}
    county.post("/records", checked)
    # It is struck off from the day on which it was checked, and stands on that of the day before.
    assert on_ledger("dropout_suspected", "2015-11-13") == {*names}
    assert on_ledger("dropout_suspected", "2015-11-14") == {gone["id"], waiting["id"]}
    county.tell("dropout_checked", gone, "2015-11-20", outcome="dropped_out", content="外出务工")
    county.tell("dropout_reported", gone, "2015-11-20", reason="study", since="2015-10-05")
    assert on_ledger("dropout_suspected") == {waiting["id"]}
    assert [county.owed("dropout_control", p)[0][3] for p in (back, gone, waiting)] == ["met", "met", "due"]
    assert (on_ledger("dropout_reported", "2015-11-19"), on_ledger("dropout_reported")) == (set(), {gone["id"]})
    county.tell("dropout_visit", gone, "2015-11-21", way="home_visit", meal="none", content="已劝返")
    county.tell("pupil_returned", gone, "2016-01-11", returned_on="2016-01-11")
    assert on_ledger("dropout_reported", "2016-01-10") == {gone["id"]}
    assert on_ledger("dropout_reported") == set()
    # Gone again, the second entry stands though the first was struck off; both stand in the year's list.
    county.tell("dropout_reported", gone, "2016-02-01", reason="study", since="2016-01-20")
    assert on_ledger("dropout_reported") == {gone["id"]}
    assert county.refusal("/records", {**checked, "effective_on": "2015-11-15"}) == "record_something_comes_first"
    (of_ledger,) = county.harness.get(
        "/records/counts", county.cadre, kind="dropout_reported", on_ledger="true", division=VILLAGE
    )["counts"]
    assert (of_ledger["records"], of_ledger["persons"]) >= (1, 1)
    assert (
        len(
            county.harness.get(
                "/records", county.cadre, kind="dropout_reported", since="2015-01-01", subject=gone["id"]
            )["items"]
        )
        == 2
    )
    # What makes no ledger is on none.
    assert on_ledger("dropout_visit") == set()


def test_a_pupil_at_risk_is_visited_and_one_who_dropped_out_is_persuaded(county: CareCounty) -> None:
    """M123: term reports of the school, a yearly assessment by those above it; none for poverty, two in a hundred at most."""
    school, at_risk, gone = county.party("school", "控辍中学"), county.pupil(), county.pupil()
    county.tell("dropout_risk", at_risk, ground="连续旷课")
    assert (
        county.refusal("/records", county.form("pupil_returned", gone, returned_on=BEGIN))
        == "record_something_comes_first"
    )
    county.tell("dropout_reported", gone, reason="study", since=BEGIN)
    assert [county.owed("dropout_control", p)[0][2:] for p in (at_risk, gone)] == [("2016-02-22", "due")] * 2
    assert county.owed("dropout_control", gone, as_of="2016-02-23")[0][3] == "overdue"
    for pupil, way in ((at_risk, "home_visit"), (gone, "meeting"), (gone, "persuasion")):
        county.tell("dropout_visit", pupil, way=way, meal="none", content="已沟通")
    assert [county.owed("dropout_control", p)[0][3] for p in (at_risk, gone)] == ["met", "met"]
    county.tell("pupil_returned", gone, returned_on=BEGIN)
    county.tell("dropout_term_report", school, pupils="500", dropped_out="1", for_poverty="0", returned="1")
    assessed = county.form("dropout_assessment", school, grade="met", content="巩固率达标")
    assert county.refusal("/records", assessed, county.village_cadre) == "record_of_another_office"
    county.post("/records", assessed, county.office)
    states = [(duty, state) for duty, _, _, state in county.owed("dropout_control", school)]
    assert states == [("report", "met"), ("assessment", "met")]
    sums = county.totals("dropout_term_report")
    gone_of_all = Decimal(sums["dropped_out"][2]) / Decimal(sums["pupils"][2])
    assert (gone_of_all <= Decimal("0.02"), sums["for_poverty"][2]) == (True, "0.00")
