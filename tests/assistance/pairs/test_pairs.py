"""Pairs of every kind through the running service: lists, limits, letters, contracts, terms, other villages, handovers, and what is
not for everybody."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from contracts.casework.records import SubjectKind
from contracts.roles import Role
from services.casework.records.streams import subject_of_division
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from tests.assistance.harness import COUNTY, NEXT_VILLAGE, VILLAGE, assistance_harness
from tests.assistance.pairs.field import FieldCounty, Somebody

DAY = "2015-10-05"


@pytest.fixture(scope="module")
def county(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[FieldCounty]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("pairs"), DAY) as harness:
        started = FieldCounty(harness, DAY)
        started.settle(VILLAGE, 30)
        started.settle(NEXT_VILLAGE, 1)
        yield started


def refused(county: FieldCounty, path: str, body: dict[str, Any] | None, who: Any = None) -> str:
    answer = (who or county.cadre).post(f"/assistance{path}", body)
    assert answer.status_code in (403, 404, 409), answer.text
    return str(answer.json()["code"])


def form(one: Somebody, kind: str, about: str = "person", **more: Any) -> dict[str, Any]:
    subject = {"kind": about, "id": str(one.family.household if about == "household" else one.family.pupil.person_id)}
    return {"kind": kind, "subject": subject, "helper": one.helper, "unit": "县教育局", "effective_on": DAY, **more}


def test_a_pair_takes_effect_when_both_have_signed(county: FieldCounty) -> None:
    """M051, R50."""
    one = Somebody(county, "promise-1", VILLAGE)
    pair = county.post("/pairs", form(one, "double_promise_household", "household"))
    (told,) = county.harness.get("/pairs", county.cadre, helper="promise-1")["items"]
    assert (told["formed_on"], told["since"], told["committed_first"]) == (DAY, None, True)
    assert [d["duty"] for d in county.duties(one.family.household) if d["obliged"] == "promise-1"] == ["letters"]
    sides = [{"side": side, "effective_on": DAY} for side in ("helper", "helped")]
    county.post(f"{pair}/commitments", sides[0])
    assert refused(county, f"{pair}/commitments", sides[0]) == "pair_letter_signed_already"
    assert county.harness.get("/pair-loads", county.cadre, helper="promise-1")["items"][0]["unsigned"] == 1
    county.post(f"{pair}/commitments", sides[1])
    (told,) = county.harness.get("/pairs", county.cadre, helper="promise-1")["items"]
    assert told["since"] == DAY
    states = {d["duty"]: d["state"] for d in county.duties(one.family.household) if d["obliged"] == "promise-1"}
    assert states == {"letters": "met", "follow_up": "due"}
    other = county.post("/pairs", form(one, "contracting_1x", "household"))
    assert refused(county, f"{other}/commitments", sides[0]) == "pair_takes_no_letters"


def test_exactly_one_to_one_holds_on_both_sides_and_on_every_day(county: FieldCounty) -> None:
    """M068: 2,698 cadres with 2,698 children."""
    one, two = (Somebody(county, f"ratio-{n}", VILLAGE) for n in (1, 2))
    pair = county.post("/pairs", form(one, "county_child_cadre"))
    assert refused(county, "/pairs", form(two, "county_child_cadre", helper="ratio-1")) == "pair_helper_has_enough"
    assert refused(county, "/pairs", form(one, "county_child_cadre", helper="ratio-2")) == "pair_subject_has_enough"
    assert refused(county, "/pairs", form(one, "county_child_cadre")) == "pair_formed_already"
    county.post(f"{pair}/ends", {"reason": "helped_left", "effective_on": DAY})
    freed = county.post("/pairs", form(two, "county_child_cadre", helper="ratio-1"))
    county.post(f"{freed}/annulments", None)
    county.post("/pairs", form(one, "county_child_cadre"))
    assert refused(county, f"{freed}/ends", {"reason": "other", "effective_on": DAY}) == "pair_not_then"


def test_a_fellow_pupil_helps_one_pupil_and_is_on_record(county: FieldCounty) -> None:
    """M076."""
    one, two = (Somebody(county, f"fellow-{n}", VILLAGE) for n in (1, 2))
    asked = form(one, "study_helper_pupil")
    assert refused(county, "/pairs", asked) == "pair_helper_on_record"
    itself = {**asked, "helper_subject": str(one.family.pupil.person_id)}
    assert refused(county, "/pairs", itself) == "pair_helps_oneself"
    county.post("/pairs", {**asked, "helper_subject": str(two.family.pupil.person_id)})


def test_whoever_is_on_a_list_is_owed_a_helper_and_another_when_one_goes(county: FieldCounty) -> None:
    """M065, M066, M078, R34, R42: nobody is without a helper unnoticed."""
    one = Somebody(county, "list-1", VILLAGE)
    pupil = one.family.pupil.person_id
    asked = form(one, "filed_pupil_teacher", mode="layered")
    assert refused(county, "/pairs", asked) == "pair_subject_not_listed"
    listing = {"kind": "filed_pupil_teacher", "subject": asked["subject"], "effective_on": DAY}
    assert refused(county, "/listings", {**listing, "priority": "rich"}) == "pair_priority_not_of_the_kind"
    listed = county.post("/listings", {**listing, "priority": "orphan"})
    assert refused(county, "/listings", listing) == "pair_subject_listed_already"

    def unhelped() -> list[tuple[str, str]]:
        items = county.harness.get("/listings", county.cadre, kind="filed_pupil_teacher", unhelped=True)["items"]
        return [(item["subject"], item["priority"]) for item in items]

    def owed() -> list[tuple[str, str]]:
        return [(d["last"], d["state"]) for d in county.duties(pupil) if d["duty"] == "helper"]

    assert (unhelped(), owed()) == ([(str(pupil), "orphan")], [("2015-11-04", "due")])
    assert refused(county, "/pairs", form(one, "filed_pupil_teacher", mode="by_lot")) == "pair_mode_not_of_the_kind"
    pair = county.post("/pairs", asked)
    assert (unhelped(), owed()) == ([], [("2015-11-04", "met")])
    county.post(f"{pair}/ends", {"reason": "helper_left", "effective_on": DAY})
    assert unhelped() == [(str(pupil), "orphan")]
    county.post(f"{listed}/ends", {"effective_on": DAY})
    assert unhelped() == []
    assert refused(county, f"{listed}/ends", {"effective_on": DAY}) == "pair_listing_over"


def test_a_helper_answers_for_an_exit_by_contract(county: FieldCounty) -> None:
    """M050."""
    one = Somebody(county, "contract-1", VILLAGE)
    pair = county.post("/pairs", form(one, "bureau_household", "household"))
    body = {"exit_by": "2016-12-31", "effective_on": DAY}
    assert refused(county, f"{pair}/contracts", {**body, "exit_by": DAY}) == "pair_contract_day"
    county.post(f"{pair}/contracts", body)
    assert county.harness.get("/pairs", county.cadre, helper="contract-1")["items"][0]["exit_by"] == "2016-12-31"
    other = county.post("/pairs", form(one, "contracting_1x", "household"))
    assert refused(county, f"{other}/contracts", body) == "pair_takes_no_contract"


def test_a_team_is_stationed_for_a_term_and_is_done_with_a_handover_file(county: FieldCounty) -> None:
    """M058, M059."""
    one = Somebody(county, "team-1", VILLAGE)
    body = {
        "kind": "stationed_team", "subject": {"kind": "division", "place": VILLAGE}, "helper": "team-1", "unit": "县水利局",
        "helper_subject": one.party("team"), "effective_on": DAY,
    }  # fmt: skip
    assert refused(county, "/pairs", body) == "pair_term"
    assert refused(county, "/pairs", {**body, "ends_on": "2019-01-01"}) == "pair_term"
    pair = county.post("/pairs", {**body, "ends_on": "2018-10-05"})
    done = {"reason": "completed", "effective_on": DAY}
    assert refused(county, f"{pair}/ends", done) == "pair_summary_missing"
    place = {"kind": "division", "place": VILLAGE}
    early = {"kind": "stationed_handover", "subject": place, "effective_on": DAY, "values": []}
    assert refused(county, "/records", early) in ("record_field_missing", "record_something_comes_first")
    one.record("stationed_handover", DAY, place)
    county.post(f"{pair}/ends", done)


def test_a_partner_village_is_moved_in_mid_year_and_its_funds_stay_told(county: FieldCounty) -> None:
    """M060, R45."""
    one = Somebody(county, "partner-1", VILLAGE)
    body = {
        "kind": "designated_village", "subject": {"kind": "division", "place": VILLAGE}, "helper": "partner-1",
        "unit": "市商务局", "helper_subject": one.party("bureau"), "effective_on": DAY,
    }  # fmt: skip
    pair = county.post("/pairs", body)
    one.record("designated_funds", DAY, {"kind": "division", "place": VILLAGE})
    assert refused(county, f"{pair}/reassignments", {"place": VILLAGE, "effective_on": DAY}) == "pair_moved_nowhere"
    county.post(f"{pair}/reassignments", {"place": NEXT_VILLAGE, "effective_on": DAY})
    told = county.harness.get("/pairs", county.cadre, helper="partner-1", current=False)["items"]
    assert [(t["place"], t["until"], t["reason"]) for t in told] == [
        (VILLAGE, DAY, "reassigned"), (NEXT_VILLAGE, None, None)
    ]  # fmt: skip
    assert told[1]["moved_from"] == str(subject_of_division(VILLAGE))
    funds = county.harness.get("/records", county.cadre, kind="designated_funds", since="2015-01-01")["items"]
    told_of = [(f["division"], Decimal(f["values"][0]["amount"]), f["values"][0]["unit"]) for f in funds]
    assert told_of == [(VILLAGE, Decimal(1), "yuan")]
    counts = county.harness.get("/records/counts", county.cadre, division=NEXT_VILLAGE, since="2015-01-01")["counts"]
    assert [c for c in counts if c["kind"] == "designated_funds"] == []


def test_no_plan_without_a_survey_and_no_visit_without_saying_that_no_meal_was_taken(county: FieldCounty) -> None:
    """M084, M052, R43, R47."""
    one = Somebody(county, "survey-1", VILLAGE)
    asked = form(one, "branch_household", "household")
    assert refused(county, "/pairs", asked) == "pair_something_comes_first"
    values = [{"field": f, "text": "发展养殖"} for f in ("goals", "measures")]
    plan = {"kind": "branch_plan", "subject": asked["subject"], "effective_on": DAY, "values": values}
    assert refused(county, "/records", plan) == "record_something_comes_first"
    needs = {**plan, "kind": "needs_survey", "values": [{"field": "needs", "text": "缺技术"}]}
    assert refused(county, "/records", needs) == "record_field_missing"
    meal = {**needs, "values": [*needs["values"], {"field": "meal", "text": "taken"}]}
    assert refused(county, "/records", meal) == "record_choice_not_listed"
    county.post("/records", {**needs, "values": [*needs["values"], {"field": "meal", "text": "none"}]})
    county.post("/pairs", asked)
    county.post("/records", plan)


def test_a_child_at_risk_is_known_to_nobody_outside_the_table(county: FieldCounty) -> None:
    """M086, M087, R49: the pair, what is owed by it, and its records."""
    one = Somebody(county, "risk-1", VILLAGE)
    pair = one.paired("at_risk_teacher")
    talk = one.record("individual_talk", DAY, {"kind": "person", "id": str(one.family.pupil.person_id)})
    client = county.harness.running.client_for
    teacher, other = client("risk-1", VILLAGE, Role.CADRE), client("cadre-77", VILLAGE, Role.CADRE)
    leader = client("leader-1", COUNTY, Role.REVIEWER)
    for who, sees in ((teacher, True), (leader, True), (other, False), (county.stranger, False)):
        pairs = who.get("/assistance/pairs", kind="at_risk_teacher").json()["items"]
        owed = who.get("/assistance/duties", subject=str(one.family.pupil.person_id)).json()["items"]
        keys = {duty["duty_set"] for item in owed for duty in item["duties"]}
        listed = [r["kind"] for r in who.get("/assistance/records", since="2015-01-01").json()["items"]]
        # Lists leave out what is kept from a reader; whoever did it reads it by its address.
        assert (len(pairs) == 1, "at_risk_plans" in keys) == (sees, sees)
        assert ("individual_talk" in listed) is (who is leader)
        assert who.get(f"/assistance{talk}").status_code == (200 if sees else 404)
    assert refused(county, f"{pair}/ends", {"reason": "other", "effective_on": DAY}, other) == "not_found"
    assert all(
        entry["details"].get("duty_set") != "at_risk_plans" for entry in county.harness.get("/inbox", other)["items"]
    )
    assert refused(county, f"{pair}/ends", {"reason": "completed", "effective_on": DAY}) == "pair_summary_missing"


def test_a_leaver_hands_over_line_by_line_and_the_rest_falls_to_the_leader(county: FieldCounty) -> None:
    """R46: nothing is orphaned."""
    one, two = Somebody(county, "leaver-1", VILLAGE), Somebody(county, "leaver-1", VILLAGE)
    first = county.post("/pairs", form(one, "bureau_household", "household"))
    county.post(f"{first}/contracts", {"exit_by": "2016-12-31", "effective_on": DAY})
    county.post("/pairs", form(two, "double_promise_household", "household"))
    household = {
        "household_id": str(two.family.household),
        "helper": "leaver-1",
        "unit": "县教育局",
        "effective_on": DAY,
    }
    county.post("/pairings", household)
    body = {
        "helper": "leaver-1", "leader": "leader-9", "leader_unit": "县教育局", "accept_by": "2015-10-07", "effective_on": DAY,
    }  # fmt: skip
    assert refused(county, "/handovers", {**body, "leader": "leaver-1"}) == "handover_to_oneself"
    assert refused(county, "/handovers", {**body, "accept_by": "2015-10-04"}) == "handover_accept_by"
    handover = county.post("/handovers", body)
    assert refused(county, "/handovers", body) == "handover_open_already"
    lines = county.harness.get(handover, county.cadre)["lines"]
    assert {(x["kind"], x["exit_by"], x["unsigned"]) for x in lines} == {
        ("bureau_household", "2016-12-31", False), ("double_promise_household", None, True), (None, None, False),
    }  # fmt: skip
    assert sum(line["due"] for line in lines if line["kind"] == "double_promise_household") == 1
    mine = next(line for line in lines if line["kind"] == "bureau_household")
    taken = {
        "helper": "heir-1", "unit": "县水利局", "effective_on": DAY,
        "lines": [{"subject": mine["subject"], "pair": mine["pair"]}],
    }  # fmt: skip
    assert refused(county, f"{handover}/acceptances", {**taken, "helper": "leaver-1"}) == "handover_to_oneself"
    county.post(f"{handover}/acceptances", taken)
    assert refused(county, f"{handover}/acceptances", taken) == "handover_line_not_open"
    assert not county.harness.get(handover, county.cadre)["closed"]
    county.harness.advance_to("2015-10-08")
    found = county.harness.get(handover, county.cadre)
    assert (found["closed"], found["lines"]) == (True, [])
    assert sorted((a["helper"], a["fell"]) for a in found["accepted"]) == [
        ("heir-1", False), ("leader-9", True), ("leader-9", True)
    ]  # fmt: skip
    assert refused(county, f"{handover}/acceptances", taken) == "handover_closed"
    assert refused(county, "/handovers", {**body, "accept_by": "2015-10-09"}) == "handover_nothing_in_hand"
    now = {p["took_over_from"] for p in county.harness.get("/pairs", county.cadre, helper="leader-9")["items"]}
    assert now == {"leaver-1"}
    (helper,) = [h for h in county.harness.get(f"/pairings/{two.family.household}") if h["released_on"] is None]
    assert helper["helper"] == "leader-9"


def test_an_activity_lives_by_plan_measure_record_and_summary(county: FieldCounty) -> None:
    """M063, M064, M249, R43: each in its volume, none before what it rests on."""
    one = Somebody(county, "kinder-1", VILLAGE)
    school = one.subject(SubjectKind.PARTY)

    def told(kind: str, field: str) -> dict[str, Any]:
        values = [{"field": field, "text": "按计划"}]
        return {"kind": kind, "subject": school, "effective_on": DAY, "values": values}

    assert refused(county, "/records", told("kindergarten_activity", "content")) == "record_something_comes_first"
    assert refused(county, "/records", told("kindergarten_summary", "result")) == "record_something_comes_first"
    steps = (("plan", "goals"), ("measure", "measures"), ("activity", "content"), ("summary", "result"))
    for step, field in steps:
        county.post("/records", told(f"kindergarten_{step}", field))
    assert refused(county, "/records", told("school_activity", "content")) == "record_something_comes_first"
    three = [{"field": f, "text": "有"} for f in ("purpose", "plan", "scheme")]
    scheme = {**told("school_scheme", "purpose"), "values": three}
    assert refused(county, "/records", scheme) == "record_field_missing"


NEW_KIND = """
pair_kind: orchard_adviser
of_programme: orchard
edition: "990001-2015"
zh: 果园顾问
en: an adviser and a household's orchard
jurisdiction: "990001"
source: a county's paper
in_force: {from: 2015-01-01, to: null}
helped: [household]
made_by: {roles: [cadre]}
helps_at_most: 2
"""
NEW_RECORD = """
record_kind: orchard_round
edition: "990001-2015"
zh: 果园指导
en: round of an orchard
jurisdiction: "990001"
source: a county's paper
in_force: {from: 2015-01-01, to: null}
of_programme: orchard
volume: record
subjects: [household]
made_by: {roles: [cadre]}
fields:
  - {name: advice, zh: 指导内容, en: advice, type: text, required: true}
"""
NEW_SET = """
duty_set: orchard_rounds
of_programme: orchard
edition: "990001-2015"
zh: 果园指导
en: rounds of orchards
jurisdiction: "990001"
source: a county's paper
in_force: {from: 2014-01-01, to: null}
duties:
  - key: round
    zh: 每两年一次
    en: once in two years
    obligation: pair
    of: orchard_adviser
    office: {level: village, role: cadre}
    cadence: {kind: every, period: two_years}
    fulfilled_by: {fact: orchard_round, fields: [advice]}
"""


def test_a_new_kind_of_pair_record_and_duty_set_is_a_document_and_no_code(county: FieldCounty) -> None:
    proposer, confirmer = (county.harness.running.client_for(f"op-{n}", COUNTY, Role.OPERATOR) for n in (1, 2))

    def adopt(text: str) -> None:
        content = canonical_text(YamlText(text, "new").content)
        made = county.post("/documents", {"content": content}, proposer)
        assert confirmer.post(f"/assistance{made}/confirmations").status_code == 201

    def complaint(text: str) -> str:
        content = canonical_text(YamlText(text, "new").content)
        answer = proposer.post("/assistance/documents", {"content": content}).json()
        assert answer["code"] == "document_malformed"
        return str(answer["facts"]["complaint"])

    assert "orchard_adviser" not in complaint(NEW_SET)  # neither is known yet
    adopt(NEW_KIND)
    adopt(NEW_RECORD)
    # What is done for one programme counts for no other.
    stolen = NEW_SET.replace("fact: orchard_round, fields: [advice]", "fact: kin_visit")
    assert "kin_visit" not in complaint(stolen)
    adopt(NEW_SET)
    one = Somebody(county, "orchard-1", VILLAGE)
    county.post("/pairs", form(one, "orchard_adviser", "household", effective_on="2015-10-08"))
    (owed,) = [d for d in county.duties(one.family.household) if d["duty_set"] == "orchard_rounds"]
    assert (owed["first"], owed["last"], owed["obliged"], owed["state"]) == (
        "2014-01-01", "2015-12-31", "orchard-1", "due"
    )  # fmt: skip
    county.post("/records", {
        "kind": "orchard_round", "subject": {"kind": "household", "id": str(one.family.household)}, "done_by": "orchard-1",
        "effective_on": "2015-10-08", "values": [{"field": "advice", "text": "剪枝"}],
    })  # fmt: skip
    (owed,) = [d for d in county.duties(one.family.household) if d["duty_set"] == "orchard_rounds"]
    assert owed["state"] == "met"
