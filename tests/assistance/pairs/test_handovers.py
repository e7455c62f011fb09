"""A leaver hands over; an activity lives by plan, measure, record and summary; a new kind is a document."""

from typing import Any

from contracts.casework.records import SubjectKind
from contracts.roles import Role
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from tests.assistance.harness import COUNTY, VILLAGE
from tests.assistance.pairs.field import FieldCounty, Somebody
from tests.assistance.pairs.requests import DAY, form, refused
from tests.support.helper_forms import helper_form


def test_a_leaver_hands_over_line_by_line_and_the_rest_falls_to_the_leader(county: FieldCounty) -> None:
    """R46: nothing is orphaned."""
    one, two = Somebody(county, "leaver-1", VILLAGE), Somebody(county, "leaver-1", VILLAGE)
    first = county.post("/pairs", form(one, "bureau_household", "household"))
    county.post(f"{first}/contracts", {"exit_by": "2016-12-31", "effective_on": DAY})
    county.post("/pairs", form(two, "double_promise_household", "household"))
    county.post("/pairs", helper_form(two.family.household, DAY, "leaver-1"))
    body = {
        "helper": "leaver-1", "leader": "leader-9", "leader_unit": "县教育局", "accept_by": "2015-10-07", "effective_on": DAY,
    }  # fmt: skip
    assert refused(county, "/handovers", {**body, "leader": "leaver-1"}) == "handover_to_oneself"
    assert refused(county, "/handovers", {**body, "accept_by": "2015-10-04"}) == "handover_accept_by"
    handover = county.post("/handovers", body)
    assert refused(county, "/handovers", body) == "handover_open_already"
    lines = county.harness.get(handover, county.cadre)["lines"]
    assert {(x["kind"], x["exit_by"], x["unsigned"]) for x in lines} == {
        ("bureau_household", "2016-12-31", False), ("double_promise_household", None, True), ("pairing_helper", None, False),
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
    (helper,) = county.harness.get("/pairs", subject=str(two.family.household), kind="pairing_helper")["items"]
    assert helper["helper"] == "leader-9"


def test_what_falls_to_a_leader_who_left_meanwhile_falls_to_theirs(county: FieldCounty) -> None:
    """Nobody is named who is leaving; who leaves after they were named passes it on."""
    day, accept_by = "2015-10-08", "2015-10-09"  # where the clock of this county stands by now
    for leaver in ("leaver-2", "leaver-3"):
        county.post(
            "/pairs", {**form(Somebody(county, leaver, VILLAGE), "bureau_household", "household"), "effective_on": day}
        )
    body = {"leader_unit": "县教育局", "accept_by": accept_by, "effective_on": day}
    first = county.post("/handovers", {**body, "helper": "leaver-2", "leader": "leaver-3", "accept_by": "2015-10-10"})
    assert (
        refused(county, "/handovers", {**body, "helper": "leaver-3", "leader": "leaver-2"}) == "handover_leader_leaves"
    )
    county.post("/handovers", {**body, "helper": "leaver-3", "leader": "leader-8"})
    county.harness.advance_to("2015-10-11")
    assert county.harness.get(first, county.cadre)["closed"]
    now = {p["took_over_from"] for p in county.harness.get("/pairs", county.cadre, helper="leader-8")["items"]}
    assert now == {"leaver-2", "leaver-3"}
    assert county.harness.get("/pairs", county.cadre, helper="leaver-3")["items"] == []


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
