"""Pairs as the papers have them: who helps whom, how many, on what ground, and what comes before."""

from typing import Any

from tests.assistance.care.telling import BEGIN, CareCounty
from tests.assistance.harness import NEXT_VILLAGE, VILLAGE
from tests.support.helper_forms import helper_form

PLACE = {"kind": "division", "place": VILLAGE}
UNITS = {"县财政局": (4, 2), "县水利局": (9, 4), "县农业局": (6, 2), "县教育局": (5, 5)}
"""Households and cadres of four partner units."""


def pair(kind: str, subject: dict[str, str], helper: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "subject": subject, "helper": helper, "unit": "中心校", "effective_on": BEGIN, **more}


def listed(county: CareCounty, kind: str, subject: dict[str, str], priority: str | None = None) -> None:
    county.post("/listings", {"kind": kind, "subject": subject, "effective_on": BEGIN, "priority": priority})


def paired(county: CareCounty, kind: str, subject: dict[str, str], helper: str, **more: Any) -> str:
    return county.post("/pairs", pair(kind, subject, helper, **more))


def test_every_household_of_a_village_has_a_helper_and_the_totals_of_units_add_up(county: CareCounty) -> None:
    """M049, R42: nobody is without a helper unnoticed."""
    county.settle(NEXT_VILLAGE, sum(households for households, _ in UNITS.values()))
    families = [str(f.household) for f in county.families[NEXT_VILLAGE]]
    wanted = iter(families)

    def unhelped() -> set[str]:
        items = county.harness.get("/duties", county.office, division=NEXT_VILLAGE, state="due")["items"]
        return {
            i["subject"]
            for i in items
            for d in i["duties"]
            if (d["duty_set"], d["duty"]) == ("pairing_helper", "helper")
        }

    def listed_without() -> set[str]:
        asked = {"division": NEXT_VILLAGE, "kind": "pairing_helper", "unhelped": True}
        items = county.harness.get("/listings", county.office, **asked)["items"]
        assert all(item["persons"] == 2 for item in items)
        return {item["subject"] for item in items}

    assert (unhelped(), listed_without()) == (set(families), set(families))
    pairs = list[str]()
    for number, (unit, (households, cadres)) in enumerate(UNITS.items()):
        for n in range(households):
            helper = f"cadre-49-{number}-{n % cadres}"
            pairs.append(county.post("/pairs", helper_form(next(wanted), BEGIN, helper, unit)))
    assert (unhelped(), listed_without()) == (set(), set())
    loads = county.harness.get("/pair-loads", county.office, division=NEXT_VILLAGE)["items"]
    by_unit = {u: [load["households"] for load in loads if load["unit"] == u] for u in UNITS}
    assert {u: (sum(each), len(each)) for u, each in by_unit.items()} == UNITS
    county.post(f"{pairs[0]}/ends", {"reason": "helper_left", "effective_on": BEGIN})
    assert (unhelped(), listed_without()) == ({families[0]}, {families[0]})


def test_cadres_of_three_levels_enter_a_village_take_groups_and_contract_households(county: CareCounty) -> None:
    """M053."""
    group, households = county.party("village_group", "第三村民小组"), [county.household() for _ in range(3)]
    paired(county, "contracting_1x", PLACE, "county-53", unit="县委办")
    paired(county, "contracting_1x", group, "township-53", unit="镇政府")
    for household in households:
        paired(county, "contracting_1x", household, "village-53", unit="村委会")
    found = [
        county.harness.get("/pairs", county.cadre, kind="contracting_1x", helper=f"{h}-53")["items"]
        for h in ("county", "township", "village")
    ]
    assert [[p["about"] for p in of] for of in found] == [["division"], ["party"], ["household"] * 3]
    (load,) = county.harness.get("/pair-loads", county.cadre, helper="village-53")["items"]
    assert load["pairs"] == 3


def test_a_bureau_branch_gives_an_old_member_a_card_and_comes_on_the_first_of_july(county: CareCounty) -> None:
    """M055."""
    member = county.party("resident", "old-55")
    paired(county, "old_party_member_branch", member, "branch-55", unit="县农委支部")
    card = county.form("help_card", member, by="branch-55", contact="每月一次", help="修缮房屋")
    assert county.refusal("/records", {**card, "values": card["values"][:1]}) == "record_field_missing"
    assert county.owed("old_party_member_card", member) == [("card", BEGIN, "2016-03-16", "due")]
    county.post("/records", card)
    (_, july) = county.owed("old_party_member_card", member, as_of="2016-07-07")
    assert july == ("july", "2016-06-16", "2016-07-01", "overdue")
    assert county.owed("old_party_member_card", member)[0][3] == "met"


SCHEME = {"organisation": "领导小组", "stage_plan": "三阶段", "scheme": "方案", "supervision": "纪检督查"}
PLAN = {"held_on": BEGIN, "held_at": "村部", "people": "20人", "topic": "种植", "money": "3000"}


def test_an_activity_that_lacks_one_of_the_five_is_not_ready(county: CareCounty) -> None:
    """M063: four haves of the unit, five in place for each activity."""
    held = county.form("activity_held", PLACE, content="已举办")
    assert county.refusal("/records", held) == "record_something_comes_first"
    assert county.refusal("/records", county.form("activity_plan", PLACE, **PLAN)) == "record_something_comes_first"
    for left_out in SCHEME:
        partly = {k: v for k, v in SCHEME.items() if k != left_out}
        assert county.refusal("/records", county.form("activity_scheme", PLACE, **partly)) == "record_field_missing"
    county.tell("activity_scheme", PLACE, **SCHEME)
    for left_out in PLAN:
        partly = {k: v for k, v in PLAN.items() if k != left_out}
        assert county.refusal("/records", county.form("activity_plan", PLACE, **partly)) == "record_field_missing"
    county.tell("activity_plan", PLACE, **PLAN)
    county.post("/records", held)
    assert county.refusal("/records", held) == "record_something_comes_first"  # of a plan of its own
    county.tell("activity_plan", PLACE, **PLAN)
    county.post("/records", held)


def test_every_teacher_tutors_pupils_and_no_pupil_has_two_tutors(county: CareCounty) -> None:
    """M074: 1+N."""
    teacher, idle = county.party("teacher", "t-74", "tutor-74"), county.party("teacher", "t-75", "tutor-75")
    pupils = [county.pupil() for _ in range(3)]
    for pupil in pupils:
        paired(county, "tutor_pupil", pupil, "tutor-74")
    assert county.refusal("/pairs", pair("tutor_pupil", pupils[0], "tutor-75")) == "pair_subject_has_enough"
    terms = [county.owed("tutor_pupils", who, as_of="2016-08-01") for who in (teacher, idle)]
    assert [[(duty, last, state) for duty, _, last, state in term] for term in terms] == [
        [("pupils", "2016-07-15", "met")], [("pupils", "2016-07-15", "overdue")]
    ]  # fmt: skip
    items = county.harness.get("/pairs", county.cadre, helper="tutor-74")["items"]
    assert {item["subject"] for item in items} == {pupil["id"] for pupil in pupils}


def test_a_teacher_answers_for_one_very_poor_pupil(county: CareCounty) -> None:
    """M077: continuously, one to one."""
    one, other = county.pupil(), county.pupil()
    paired(county, "very_poor_pupil_teacher", one, "teacher-77")
    assert county.refusal("/pairs", pair("very_poor_pupil_teacher", other, "teacher-77")) == "pair_helper_has_enough"
    assert county.refusal("/pairs", pair("very_poor_pupil_teacher", one, "teacher-78")) == "pair_subject_has_enough"
    (told,) = county.harness.get("/pairs", county.cadre, helper="teacher-77")["items"]
    assert (told["since"], told["until"]) == (BEGIN, None)


def test_recipients_are_selected_with_care_before_society_gives(county: CareCounty) -> None:
    """M078: a list, a selection that a second person confirms, a charity, and only then money."""
    pupil, charity = county.pupil(), county.party("association", "慈善会")
    asked = pair("society_pupil", pupil, "charity-78", helper_subject=charity["id"])
    assert county.refusal("/pairs", asked) == "pair_subject_not_listed"
    listed(county, "society_pupil", pupil)
    money = county.form("society_aid", pupil, amount="2000")
    assert [county.refusal("/records", money), county.refusal("/pairs", asked)] == [
        "record_something_comes_first", "pair_something_comes_first"
    ]  # fmt: skip
    selected = county.tell("recipient_selected", pupil, ground="特困", in_need="家访核实")
    assert county.refusal("/pairs", asked) == "pair_something_comes_first"  # nobody has confirmed it yet
    county.post(f"{selected}/confirmations", None, county.reviewer)
    county.post("/pairs", asked)
    county.post("/records", money)
    assert county.totals("society_aid") == {"amount": (1, 1, "2000.00")}


def test_a_village_founds_an_association_whose_fund_pays_for_school(county: CareCounty) -> None:
    """M079: donors and grants."""
    association, pupils = county.party("association", "村贤会"), [county.pupil() for _ in range(2)]
    county.tell("fund_founded", association, rules="章程")
    for donor, amount in (("在外乡贤甲", "5000"), ("在外乡贤乙", "8000.50")):
        county.tell("donation_received", association, donor=donor, amount=amount)
    for pupil in pupils:
        county.tell("fund_grant", pupil, purpose="school", amount="1200", fund="村贤会")
    assert county.totals("donation_received") == {"amount": (2, 1, "13000.50")}
    assert county.totals("fund_grant") == {"amount": (2, 2, "2400.00")}


def test_a_demonstration_union_helps_several_and_each_is_assessed_by_the_end_of_may(county: CareCounty) -> None:
    """M081: women's contract, mutual aid, rights."""
    union, helped = county.party("union", "示范工会"), [county.party("union", f"帮带工会{n}") for n in range(3)]
    for one in helped:
        paired(county, "union_union", one, "union-81", helper_subject=union["id"])
    parts = {"contract": "已签女职工专项合同", "mutual_aid": "已参加互助", "rights": "维权到位"}
    partly = county.form("union_assessment", helped[0], contract="已签", mutual_aid="已参加")
    assert county.refusal("/records", partly) == "record_field_missing"
    for day, state in (("2016-05-31", "due"), ("2016-06-10", "due"), ("2016-06-11", "overdue")):
        found = county.owed("union_chain", helped[0], as_of=day)
        assert found == [("assessment", "2016-04-01", "2016-05-31", state)]
    county.tell("union_assessment", helped[0], **parts)
    assert county.harness.get("/pair-loads", county.cadre, helper="union-81")["items"][0]["pairs"] == 3


def test_kindergartens_go_hand_in_hand_by_a_plan_from_march_to_december(county: CareCounty) -> None:
    """M250: a group of heads, exchange, contests."""
    helper, helped = county.party("kindergarten", "城区园"), county.party("kindergarten", "乡镇园")
    paired(county, "hand_in_hand_kindergarten", helped, "head-250", helper_subject=helper["id"])
    steps = {
        "hand_in_hand_group": {"members": "两园园长"}, "hand_in_hand_plan": {"goals": "交流三次"},
        "hand_in_hand_exchange": {"content": "跟岗"}, "hand_in_hand_contest": {"content": "技能竞赛"},
        "hand_in_hand_summary": {"result": "全部完成"},
    }  # fmt: skip
    for kind in [*steps][1:]:
        assert county.refusal("/records", county.form(kind, helped, **steps[kind])) == "record_something_comes_first"
    for kind, values in steps.items():
        county.tell(kind, helped, **values)
    owed = [o[:3] for o in county.owed("hand_in_hand_year", helped, as_of="2016-12-31")]
    assert owed == [
        ("plan", "2016-03-01", "2016-03-31"), ("contest", "2016-03-01", "2016-12-31"),
        ("exchange", "2016-03-01", "2016-12-31"), ("summary", "2016-12-01", "2016-12-31"),
    ]  # fmt: skip


def test_a_master_hears_lessons_each_week_and_guides_and_checks_by_the_term(county: CareCounty) -> None:
    """M255, R41: four ones of masters; 9 lessons, 2 guidances and 4 checks in a term."""
    apprentice = county.party("teacher", "apprentice-255")
    paired(county, "master_apprentice", apprentice, "master-255")
    assert county.refusal("/pairs", pair("master_apprentice", apprentice, "master-256")) == "pair_subject_has_enough"
    for kind in ("master_entry_lesson", "master_weekly_lesson", "master_report_lesson", "master_guidance"):
        county.tell(kind, apprentice, by="master-255")
    for _ in range(3):
        county.tell("master_homework_check", apprentice, by="master-255")

    def states(as_of: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for duty, _, _, state in county.owed("master_four_ones", apprentice, as_of=as_of):
            found.setdefault(duty, []).append(state)
        return found

    now = states(BEGIN)
    assert {d: now[d] for d in ("entry", "weekly", "report", "guidance", "homework")} == {
        "entry": ["met"], "weekly": ["met"], "report": ["met"], "guidance": ["due"], "homework": ["due"]
    }  # fmt: skip
    county.tell("master_guidance", apprentice, by="master-255")
    county.tell("master_homework_check", apprentice, by="master-255")
    for _ in range(8):
        county.tell("master_weekly_lesson", apprentice, by="master-255")
    counted = county.harness.get("/records/counts", county.cadre, since=BEGIN)["counts"]
    told = {c["kind"]: c["records"] for c in counted if c["kind"].startswith("master_")}
    assert (told["master_weekly_lesson"], told["master_guidance"], told["master_homework_check"]) == (9, 2, 4)
    later = states("2016-07-26")
    assert (later["guidance"], later["homework"], later["report"]) == (["met"], ["met"], ["met"])
    assert _missed_in_a_row(county, "master-255") == {("weekly", 1, 19, 19)}
    # Before mid-term and before the end of the term; a week of which nobody heard a lesson is missed.
    assert (later["analysis"], later["weekly"][:3]) == (["overdue", "overdue"], ["met", "overdue", "overdue"])


def _missed_in_a_row(county: CareCounty, helper: str) -> set[tuple[str, int, int, int]]:
    """Of those who missed the same twice running: how often they did it, and did not."""
    found = county.harness.get(
        "/duties/assessments", county.office, obliged=helper, as_of="2016-07-10", missed_in_a_row=2
    )["assessments"]
    assert {one["obliged"] for one in found} == {helper}
    return {(one["duty"], one["met"], one["missed"], one["in_a_row"]) for one in found}


def test_a_pair_of_kindergartens_teaches_ten_hours_and_gives_two_lectures_a_term(county: CareCounty) -> None:
    """B55: each record is one class-hour."""
    helper, helped = county.party("kindergarten", "结对城区园"), county.party("kindergarten", "结对乡镇园")
    paired(county, "kindergarten_pair", helped, "head-55", helper_subject=helper["id"])

    def states() -> list[str]:
        found = county.owed("kindergarten_indicators", helped)
        return [state for duty, _, last, state in found if duty in ("lessons", "lectures") and last == "2016-07-15"]

    for _ in range(9):
        county.tell("kindergarten_lesson", helped)
    county.tell("kindergarten_lecture", helped, topic="区域活动")
    assert states() == ["due", "due"]
    county.tell("kindergarten_lesson", helped)
    county.tell("kindergarten_lecture", helped, topic="家园共育")
    assert states() == ["met", "met"]


def test_lists_go_by_grounds_of_priority_and_each_worker_has_one_named_responsible(county: CareCounty) -> None:
    """R22, R34."""
    grounds = ("disabled_family", "single_parent", "disabled", "orphan", "left_behind")
    for ground in grounds:
        listed(county, "filed_pupil_teacher", county.pupil(), ground)
    listed(county, "filed_pupil_teacher", county.pupil())

    def order(kind: str, **asked: Any) -> list[str | None]:
        items = county.harness.get("/listings", county.cadre, kind=kind, first=True, **asked)["items"]
        return [item["priority"] for item in items]

    assert order("filed_pupil_teacher") == [*grounds[::-1], None]
    page = county.harness.get("/listings", county.cadre, kind="filed_pupil_teacher", first=True, limit=4)
    rest = county.harness.get("/listings", county.cadre, kind="filed_pupil_teacher", first=True, cursor=page["next"])
    assert [i["priority"] for i in [*page["items"], *rest["items"]]] == [*grounds[::-1], None]
    for ground in ("other", "age_40_53"):
        listed(county, "woman_household", county.household(), ground)
    assert order("woman_household") == ["age_40_53", "other"]
    workers = {ground: county.party("worker", f"w-{ground}") for ground in ("hardship", "single_mother")}
    for ground, worker in workers.items():
        listed(county, "union_worker", worker, ground)
    assert order("union_worker", unhelped=True) == ["single_mother", "hardship"]
    paired(county, "union_worker", workers["single_mother"], "union-22")
    assert order("union_worker", unhelped=True) == ["hardship"]
    second = pair("union_worker", workers["single_mother"], "union-23")
    assert county.refusal("/pairs", second) == "pair_subject_has_enough"
    late = county.owed("union_worker_first_responsible", workers["hardship"], as_of="2016-03-17")
    assert late == [("helper", BEGIN, "2016-03-16", "overdue")]
