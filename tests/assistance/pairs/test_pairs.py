"""Pairs of every kind through the running service: lists, limits, letters, contracts, terms, other villages, and what is not for
everybody."""

from decimal import Decimal

from contracts.roles import Role
from services.casework.records.streams import subject_of_division
from tests.assistance.harness import COUNTY, NEXT_VILLAGE, VILLAGE
from tests.assistance.pairs.field import FieldCounty, Somebody
from tests.assistance.pairs.requests import DAY, form, refused


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
    assert refused(county, "/pairs", {**body, "ends_on": "2018-10-06"}) == "pair_term"
    pair = county.post("/pairs", {**body, "ends_on": "2018-10-05"})
    done = {"reason": "completed", "effective_on": DAY}
    assert refused(county, f"{pair}/ends", done) == "pair_summary_missing"
    place = {"kind": "division", "place": VILLAGE}
    early = {"kind": "stationed_handover", "subject": place, "effective_on": DAY, "values": []}
    assert refused(county, "/records", early) in ("record_field_missing", "record_something_comes_first")
    one.record("stationed_handover", DAY, place)
    assert refused(county, f"{pair}/ends", done) == "pair_summary_missing"
    one.record("stationed_assessment", DAY, place)
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
        assert {item["household_id"] for item in owed} == ({str(one.family.household)} if owed else set())
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
