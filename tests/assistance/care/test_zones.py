"""Meetings and reports that somebody convenes or hears: bureau leaders of school zones, joint meetings of care bodies."""

from tests.assistance.care.telling import BEGIN, CareCounty
from tests.assistance.care.test_papers_of_pairs import pair, paired

TERM = ("2016-02-15", "2016-07-15")


def test_each_bureau_leader_has_one_zone_and_hears_a_report_each_term(county: CareCounty) -> None:
    """M085: the last day with its grace, and the day after; what somebody else heard does not count."""
    heard, others, none = (county.party("zone", f"第{n}责任区") for n in range(3))
    for n, zone in enumerate((heard, others, none)):
        paired(county, "zone_leader", zone, f"leader-85-{n}", unit="县教育局")
    assert county.refusal("/pairs", pair("zone_leader", heard, "leader-85-3")) == "pair_subject_has_enough"
    fourth = county.party("zone", "第4责任区")
    assert county.refusal("/pairs", pair("zone_leader", fourth, "leader-85-0")) == "pair_helper_has_enough"
    unsaid = county.form("zone_report", heard)
    assert county.refusal("/records", unsaid) == "record_field_missing"
    county.tell("zone_report", heard, by="leader-85-0", content="联盟活动进展")
    county.tell("zone_report", others, by="leader-85-0", content="代听汇报")
    states = {
        day: [[state for *_, state in county.owed("zone_reports", zone, as_of=day)] for zone in (heard, others, none)]
        for day in ("2016-07-25", "2016-07-26")
    }
    assert states == {
        "2016-07-25": [["met"], ["due"], ["due"]], "2016-07-26": [["met"], ["overdue"], ["overdue"]],
    }  # fmt: skip
    assert county.owed("zone_reports", heard) == [("report", *TERM, "met")]
    links = county.harness.get("/pairs", county.cadre, kind="zone_leader")["items"]
    assert {(p["subject"], p["helper"]) for p in links} == {
        (zone["id"], f"leader-85-{n}") for n, zone in enumerate((heard, others, none))
    }


def test_care_bodies_meet_regularly_and_keep_minutes(county: CareCounty) -> None:
    """M104: the league convenes population, education and women's bodies; by the half-year until a place says another."""
    met, idle = (county.party("association", f"关爱联席会议{n}") for n in range(2))
    for meeting in (met, idle):
        paired(county, "joint_meeting_convener", meeting, f"league-{meeting['id'][:8]}", unit="团县委")
    held = {"bodies": "人口计生局、教育局、妇联", "minutes": "议定三项"}
    for left_out in held:
        partly = county.form("joint_meeting", met, **{k: v for k, v in held.items() if k != left_out})
        assert county.refusal("/records", partly) == "record_field_missing"
    county.tell("joint_meeting", met, **held)
    assert county.owed("joint_meeting_regular", met) == [("meeting", "2016-01-01", "2016-06-30", "met")]
    for day, state in (("2016-06-30", "due"), ("2016-07-10", "due"), ("2016-07-11", "overdue")):
        (first, *_) = county.owed("joint_meeting_regular", idle, as_of=day)
        assert first == ("meeting", "2016-01-01", "2016-06-30", state)
    counted = county.harness.get("/records/counts", county.cadre, kind="joint_meeting", since=BEGIN)["counts"]
    assert [c["records"] for c in counted] == [1]
