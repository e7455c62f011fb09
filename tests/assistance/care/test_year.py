"""A year of dates, festivals and phases: whoever is helped is visited on each, their neighbour on none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from contracts.casework.duties import DutyMissed
from tests.assistance.care.telling import CareCounty
from tests.assistance.harness import NEXT_VILLAGE, VILLAGE, assistance_harness

BEGIN, END = "2015-12-28", "2016-10-20"
EVENTS = ("marriage", "funeral", "daughter_wedding", "son_wedding", "hospital", "accident")
Subject = dict[str, str]
RELIEF = {
    "relief_household": ("household", {"spring_festival": "2016-02-07", "mid_autumn": "2016-09-10", "national_day": "2016-09-28"}),
    "relief_person": ("veteran", {"spring_festival": "2016-02-07"}),
    "relief_woman": ("woman", {"women": "2016-03-05"}),
    "relief_child": ("child", {"children": "2016-05-28"}),
    "relief_party_member": ("old_party_member", {"party": "2016-06-28"}),
    "relief_worker": ("worker", {"heat": "2016-08-10"}),
}  # fmt: skip
"""By list: who is on it, and what is given on which day."""
VISITS = ("2015-12-28", "2016-02-07", "2016-04-28", "2016-06-28", "2016-09-28")


@dataclass
class Year:
    """``helped``, and ``idle``: the neighbour whom nobody came to see, by what they are."""

    county: CareCounty
    helped: dict[str, Subject] = field(default_factory=dict)
    idle: dict[str, Subject] = field(default_factory=dict)

    def both(self, what: str, made: Callable[[str], Subject]) -> list[Subject]:
        self.helped[what], self.idle[what] = made("a"), made("b")
        return [self.helped[what], self.idle[what]]

    def states(self, duty_set: str, what: str) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """Of both, the states of each duty in periods that began and ended in this year."""
        found: list[dict[str, set[str]]] = []
        for subject in (self.helped[what], self.idle[what]):
            of: dict[str, set[str]] = {}
            for duty, first, last, state in self.county.owed(duty_set, subject):
                if first >= "2015-10-01" and last < END:
                    of.setdefault(duty, set()).add(state)
            found.append(of)
        return found[0], found[1]


@pytest.fixture(scope="module")
def year(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("year"), BEGIN) as harness:
        told = Year(CareCounty(harness, BEGIN))
        told.county.settle(VILLAGE, 10)
        told.county.settle(NEXT_VILLAGE, 1)
        _begin(told)
        for day in sorted({*VISITS, *STATIONED, *(d for _, days in RELIEF.values() for d in days.values())}):
            if day > BEGIN:
                harness.advance_to(day)
            _lived(told, day)
        yield told


def _begin(year: Year) -> None:
    county = year.county
    for kind, (who, _) in RELIEF.items():
        for subject in year.both(kind, lambda n, who=who: _recipient(county, who, n)):  # type: ignore[misc]
            county.post("/listings", {"kind": kind, "subject": subject, "effective_on": BEGIN})
    for subject in year.both("worker", lambda n: county.party("worker", f"w-{n}", since=BEGIN)):
        _pair(county, "obligatory_worker", subject)
    for event in EVENTS:
        for subject in year.both(event, lambda n, event=event: county.party("worker", f"{event}-{n}", since=BEGIN)):  # type: ignore[misc]
            county.tell("life_event", subject, BEGIN, event=event)
        county.tell("obligatory_visit", year.helped[event], BEGIN, meal="none", amount="500")
    for subject in year.both("kin", lambda _: county.household()):
        county.post(
            "/listings", {"kind": "kin_household", "subject": subject, "effective_on": BEGIN, "priority": "low_income"}
        )
        _pair(county, "kin_household", subject, f"kin-{subject['id'][:8]}")
    year.both("branch", lambda n: county.party("team", f"流动党支部{n}", since=BEGIN))
    year.both("school", lambda n: county.party("school", f"乡中学{n}", since=BEGIN))
    year.helped["part"] = _exporter(county, "c")
    for firm in (*year.both("donor", lambda n: _exporter(county, n)), year.helped["part"]):
        county.tell("enterprise_pledge", firm, BEGIN, amount="50000", purpose="日常救助")
        _pair(county, "enterprise_donation_donor", firm, f"trade-{firm['id'][:8]}", ends_on="2016-12-28")
    for place in year.both("village", lambda n: {"kind": "division", "place": VILLAGE if n == "a" else NEXT_VILLAGE}):
        team = county.party("team", f"工作队{place['place']}", since=BEGIN)
        _pair(
            county, "stationed_team", place, f"team-{place['place']}", helper_subject=team["id"], ends_on="2018-12-28"
        )


def _exporter(county: CareCounty, n: str) -> Subject:
    return county.party("enterprise", f"出口企业{n}", since=BEGIN)


def _recipient(county: CareCounty, who: str, n: str) -> Subject:
    if who in ("household", "child"):
        return county.household() if who == "household" else county.pupil()
    return county.party("worker" if who == "worker" else "resident", f"{who}-{n}", since=BEGIN)


def _pair(county: CareCounty, kind: str, subject: Subject, helper: str = "union-97", **more: Any) -> None:
    body = {"kind": kind, "subject": subject, "helper": helper, "unit": "总工会", "effective_on": BEGIN, **more}
    county.post("/pairs", body)


STATIONED: dict[str, list[tuple[str, int, dict[str, Any]]]] = {
    "2016-02-07": [
        ("stationed_survey", 16, {"topic": "产业", "findings": "缺水"}), ("stationed_scheme", 1, {"scheme": "修渠"}),
    ],
    "2016-06-28": [
        *(("stationed_ledger", 1, {"ledger": each, "entry": "台账"}) for each in ("diary", "leaders", "poor")),
        *(("stationed_project_ledger", 1, {"project": "水渠", "stage": each}) for each in ("to_apply", "planned")),
        ("stationed_project", 1, {"what": "industry", "name": "茶园", "money": "30000"}),
        ("stationed_project", 1, {"what": "project", "name": "水渠", "money": "120000"}),
    ],
    END: [
        ("stationed_handover", 1, {"open_matters": "水渠管护", "outline": "明年扩种"}),
        ("stationed_assessment", 1, {"grade": "good", "findings": "落实到位"}),
    ],
}  # fmt: skip
"""By day: kinds of records, how many, and what they say."""
DONATED: dict[str, list[tuple[str, dict[str, str]]]] = {
    "2016-06-28": [
        ("donor", {"amount": "50000", "receipt_no": "R-1", "all_in_on": "2016-06-28"}),
        ("part", {"amount": "20000", "receipt_no": "R-2"}),
    ],
    "2016-09-28": [("part", {"amount": "30000", "receipt_no": "R-3", "all_in_on": "2016-09-28"})],
}
"""By day: whose money came in."""
MEETINGS = {"2016-09-28": "班级管理", END: "家校沟通"}
"""By day: the topic of the class teachers' meeting."""


def _lived(year: Year, day: str) -> None:
    county, helped = year.county, year.helped
    if day in VISITS:
        county.tell("obligatory_visit", helped["worker"], day, by="union-97", meal="none", amount="500")
    for kind, (who, days) in RELIEF.items():
        for occasion in (o for o, on in days.items() if on == day):
            recipient = {"household": "poor_household"}.get(who, who)
            county.tell("relief", helped[kind], day, occasion=occasion, recipient=recipient, amount="146")
    if day == "2016-02-07":
        by = f"kin-{helped['kin']['id'][:8]}"
        county.tell("kin_visit", helped["kin"], day, by=by, meal="none")
    if day == "2016-08-10":
        county.tell("summer_event", helped["branch"], day, heads=40, partner="街道办", content="流动儿童夏令营")
    for firm, given in DONATED.get(day, ()):
        county.tell("enterprise_donation", helped[firm], day, **given)
    if day in MEETINGS:
        county.tell("class_teacher_meeting", helped["school"], day, topic=MEETINGS[day], minutes="会议纪要")
    for kind, times, values in STATIONED.get(day, ()):
        official = county.office if kind == "stationed_assessment" else county.cadre
        for _ in range(times):
            county.post("/records", county.form(kind, helped["village"], day, **values), official)


def test_workers_are_visited_on_five_dates_and_at_six_events(year: Year) -> None:
    """M097: visit and amount, by a union."""
    visited, not_visited = year.states("obligatory_five_visits_six_arrivals", "worker")
    five = {"new_year", "spring_festival", "may_day", "national_day", "june"}
    assert visited == {duty: {"met"} for duty in five}
    assert not_visited == {duty: {"overdue"} for duty in five}
    for event in EVENTS:
        assert year.states("obligatory_five_visits_six_arrivals", event) == (
            {"arrival": {"met"}},
            {"arrival": {"overdue"}},
        )
    assert year.county.totals("obligatory_visit") == {"amount": (11, 7, "5500.00")}
    missed = [
        r.fact for r in year.county.harness.assistance.stream(f"duties-{year.idle['worker']['id']}")
        if isinstance(r.fact, DutyMissed)
    ]  # fmt: skip
    assert sorted(f.duty for f in missed) == sorted(five)


def test_relief_comes_on_each_occasion_to_whoever_is_on_its_list(year: Year) -> None:
    """M098: Spring Festival, 8 March, 1 June, 1 July, the heat, Mid-Autumn, National Day."""
    duties = {
        "relief_household": {"spring_festival", "mid_autumn", "national_day"}, "relief_person": {"person"}, "relief_woman": {"women"},
        "relief_child": {"children"}, "relief_party_member": {"party"}, "relief_worker": {"heat"},
    }  # fmt: skip
    for kind, of in duties.items():
        given, missed = year.states("relief_of_the_year", kind)
        assert (given, missed) == ({d: {"met"} for d in of}, {d: {"overdue"} for d in of}), kind
    assert year.county.totals("relief") == {"amount": (8, 6, "1168.00")}


def test_kin_come_before_spring_festival_one_to_one(year: Year) -> None:
    """M054: poor, five-guarantee and low-income households are listed."""
    assert year.states("kin_visits", "kin") == ({"spring_festival": {"met"}}, {"spring_festival": {"overdue"}})
    county = year.county
    helper = f"kin-{year.helped['kin']['id'][:8]}"
    other = county.household()
    body = {"kind": "kin_household", "helper": helper, "unit": "中心", "effective_on": END}
    assert county.refusal("/pairs", {**body, "subject": other}) == "pair_subject_not_listed"
    county.post(
        "/listings", {"kind": "kin_household", "subject": other, "effective_on": END, "priority": "five_guarantee"}
    )
    assert county.refusal("/pairs", {**body, "subject": other}) == "pair_helper_has_enough"
    assert county.refusal("/pairs", {**body, "subject": year.idle["kin"]}) == "pair_subject_has_enough"


def test_a_branch_and_its_street_hold_an_event_every_summer(year: Year) -> None:
    """M106."""
    held, not_held = year.states("summer_exchange", "branch")
    assert (held, not_held) == ({"event": {"met"}}, {"event": {"overdue"}})
    counted = year.county.harness.get("/records/counts", year.county.cadre, kind="summer_event")["counts"]
    assert [(c["records"], c["person_times"]) for c in counted] == [(1, 40)]


def test_a_team_goes_through_three_phases_and_is_done_with_handover_and_assessment(year: Year) -> None:
    """M059, R66: sixteen topics, four ledgers, an industry and a project; years of stationing overlap in February."""
    county, place = year.county, year.helped["village"]
    done, idle = year.states("stationed_phases", "village")
    implemented = ("survey", "scheme", "ledgers", "project_ledger", "project")
    assert {d: done[d] for d in implemented} == {d: {"met"} for d in implemented}
    owed = (*implemented, "handover", "assessment")
    assert {d: idle[d] for d in owed} == {d: {"overdue"} for d in owed}
    for day, overlap in (("2016-02-01", False), ("2016-02-10", True), ("2016-02-28", True), ("2016-03-10", False)):
        due = {d for d, first, last, _ in county.owed("stationed_phases", place, as_of=day) if first <= day <= last}
        assert ({"survey", "handover"} <= due) is overlap, day
    assert county.totals("stationed_project") == {"money": (2, 1, "150000.00")}
    (pair,) = county.harness.get("/pairs", county.cadre, helper=f"team-{VILLAGE}")["items"]
    (other,) = county.harness.get("/pairs", county.cadre, helper=f"team-{NEXT_VILLAGE}")["items"]
    completed = {"reason": "completed", "effective_on": END}
    assert county.refusal(f"/pairs/{other['subject']}/{other['number']}/ends", completed) == "pair_summary_missing"
    county.post(f"/pairs/{pair['subject']}/{pair['number']}/ends", completed)
    assessed = county.form("stationed_assessment", place, END, grade="good")
    assert county.refusal("/records", assessed, county.village_cadre) == "record_of_another_office"


def test_what_exporters_pledge_is_in_by_the_end_of_june_or_overdue(year: Year) -> None:
    """M057: three are mobilised by the trade bureau; part of the money does not do."""
    county, duty_set = year.county, "enterprise_donation_by_june"
    assert year.states(duty_set, "donor") == ({"money_in": {"met"}}, {"money_in": {"overdue"}})
    for day, state in (("2016-06-30", "due"), ("2016-07-01", "overdue")):
        owed = county.owed(duty_set, year.idle["donor"], as_of=day)
        assert owed == [("money_in", "2016-01-02", "2016-06-30", state)]
    assert [state for *_, state in county.owed(duty_set, year.helped["part"])] == ["missed"]
    assert [state for *_, state in county.owed(duty_set, year.helped["part"], known_at="2016-07-01")] == ["overdue"]
    assert county.totals("enterprise_pledge") == {"amount": (3, 3, "150000.00")}
    assert county.totals("enterprise_donation") == {"amount": (3, 2, "100000.00")}
    new = _exporter(county, "d")
    early = {"kind": "enterprise_donation_donor", "subject": new, "helper": "trade-d", "unit": "外贸局"}
    asked = {**early, "effective_on": END, "ends_on": "2017-10-19"}
    assert county.refusal("/pairs", asked) == "pair_something_comes_first"
    unpledged = county.form("enterprise_donation", new, END, amount="1", receipt_no="R-4")
    assert county.refusal("/records", unpledged) == "record_something_comes_first"


def test_class_teachers_meet_each_month_from_september_to_december_on_a_topic(year: Year) -> None:
    """M257: minutes and a topic; the last of December is late from the sixth of January on."""
    county, months = (
        year.county,
        [("2016-09-01", "2016-09-30"), ("2016-10-01", "2016-10-31"), ("2016-11-01", "2016-11-30")],
    )
    december = ("2016-12-01", "2016-12-31")
    held, idle = (
        [*county.owed("class_meeting_monthly", one["school"], as_of="2017-01-05")] for one in (year.helped, year.idle)
    )
    assert held == [
        *(("meeting", *of, state) for of, state in zip(months, ("met", "met", "overdue"), strict=True)), ("meeting", *december, "due"),
    ]  # fmt: skip
    assert idle == [*(("meeting", *of, "overdue") for of in months), ("meeting", *december, "due")]
    (last,) = county.owed("class_meeting_monthly", year.idle["school"], as_of="2017-01-06")[-1:]
    assert last == ("meeting", *december, "overdue")
    unsaid = county.form("class_teacher_meeting", year.helped["school"], END, minutes="会议纪要")
    assert county.refusal("/records", unsaid) == "record_field_missing"
