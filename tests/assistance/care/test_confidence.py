"""What is told in confidence is read by those whom its document names, and by whoever did it."""

from typing import Any

from contracts.roles import Role
from tests.assistance.care.telling import BEGIN, CareCounty
from tests.assistance.harness import COUNTY, VILLAGE

ASPECTS = ("respect", "reliance", "discipline", "improvement", "habits", "places", "company")


def test_a_teacher_fills_in_the_card_of_four_selfs_and_three_aways_and_nobody_else_reads_it(county: CareCounty) -> None:
    """M037: a child in mental trouble, as needed, in detail."""
    child, client = county.pupil(), county.harness.running.client_for
    listing = {"kind": "left_behind_teacher", "subject": child, "effective_on": BEGIN, "priority": "mental"}
    county.post("/listings", listing)
    pair = {"kind": "left_behind_teacher", "subject": child, "helper": "teacher-37", "unit": "中心小学"}
    county.post("/pairs", {**pair, "mode": "by_class", "effective_on": BEGIN})
    card = {"content": "谈心", "effect": "愿意上学"}
    without = county.form("four_self_talk", child, by="teacher-37", aspect="respect", content="谈心")
    assert county.refusal("/records", without) == "record_field_missing"
    other = county.form("four_self_talk", child, by="teacher-37", aspect="wealth", **card)
    assert county.refusal("/records", other) == "record_choice_not_listed"
    made = [county.tell("four_self_talk", child, by="teacher-37", aspect=aspect, **card) for aspect in ASPECTS]
    teacher, colleague = client("teacher-37", VILLAGE, Role.CADRE), client("teacher-38", VILLAGE, Role.CADRE)
    leader = client("leader-37", COUNTY, Role.REVIEWER)
    for who, status, listed in ((teacher, 200, 0), (colleague, 404, 0), (county.stranger, 404, 0), (leader, 200, 7)):
        assert {who.get(f"/assistance{path}").status_code for path in made} == {status}
        assert len(_listed(county, who, child, "four_self_talk")) == listed
    counted = county.harness.get("/records/counts", colleague, kind="four_self_talk", since=BEGIN)["counts"]
    assert counted == []


def test_telephone_mailbox_and_hotline_are_opened_and_what_is_said_there_is_kept(county: CareCounty) -> None:
    """M090; whoever calls without a name is told of by the line."""
    school, child = county.party("school", "热线小学"), county.pupil()
    for facility in ("family_telephone", "mailbox", "hotline"):
        county.tell("facility_opened", school, facility=facility, place="教学楼")
    for way in ("telephone", "mailbox", "hotline"):
        county.tell("support_contact", child, way=way, content="想念父母")
    unnamed = county.tell("support_contact", school, way="hotline", content="匿名来电", by="counsellor-1")
    client = county.harness.running.client_for
    leader, colleague = client("leader-90", COUNTY, Role.REVIEWER), client("teacher-90", VILLAGE, Role.CADRE)
    assert [len(_listed(county, leader, whom, "support_contact")) for whom in (child, school)] == [3, 1]
    assert [len(_listed(county, colleague, whom, "support_contact")) for whom in (child, school)] == [0, 0]
    assert colleague.get(f"/assistance{unnamed}").status_code == 404
    assert client("counsellor-1", VILLAGE, Role.CADRE).get(f"/assistance{unnamed}").status_code == 200
    assert len(_listed(county, colleague, school, "facility_opened")) == 3


def test_a_case_of_the_correction_centre_is_opened_followed_and_closed_once(county: CareCounty) -> None:
    """M096: the centre cost 150,000 yuan; its cases are read by nobody outside the table."""
    centre, child = county.party("site", "青少年心理行为校正中心"), county.pupil()
    county.tell("facility_opened", centre, facility="correction_centre", place="县城", cost="150000")
    assert county.totals("facility_opened")["cost"] == (1, 1, "150000.00")
    session = county.form("counselling_session", child, content="第一次")
    assert county.refusal("/records", session) == "record_something_comes_first"
    county.tell("counselling_case", child, reason="厌学", content="转介")
    county.post("/records", session)
    end = county.form("counselling_end", child, result="好转")
    county.post("/records", end)
    assert county.refusal("/records", end) == "record_something_comes_first"  # there is no other case
    county.tell("counselling_case", child, reason="复发", content="再次转介")
    county.post("/records", end)
    client = county.harness.running.client_for
    leader, colleague = client("leader-96", COUNTY, Role.REVIEWER), client("teacher-96", VILLAGE, Role.CADRE)
    kinds = ("counselling_case", "counselling_session", "counselling_end")
    assert [len(_listed(county, leader, child, kind)) for kind in kinds] == [2, 1, 2]
    assert [len(_listed(county, colleague, child, kind)) for kind in kinds] == [0, 0, 0]


def _listed(county: CareCounty, who: Any, subject: dict[str, str], kind: str) -> list[dict[str, Any]]:
    found = county.harness.get("/records", who, subject=subject["id"], kind=kind, since="2014-01-01")["items"]
    assert isinstance(found, list)
    return found
