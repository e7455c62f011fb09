"""What benefits are counted by, who waits for a place, who is outside of the register, and what is decided before it is argued: over HTTP
in one county."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from contracts.registry.codes import SchoolStage
from contracts.roles import Role
from tests.assistance.benefits import scenes as s
from tests.assistance.benefits.field import APPLIED, TOLD, BenefitField, adopted, family, listed, paid
from tests.assistance.harness import COUNTY, VILLAGE, VOTES, assistance_harness, decision
from tests.casework.records.requests import delivery

COUNTED = (s.SCHOOL_LIFE, s.COLLEGE, s.LOW_INCOME)
DAY_BEFORE_LAST = "2016-09-30"


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[BenefitField]:
    """What is counted as it happens is granted; the rest is adopted."""
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), APPLIED) as harness:
        found = adopted(harness, s.ALL)
        found.take_in(COUNTED)
        found.take_in((s.SPONSORED,), on="2013-09-02", decided="2013-09-11")
        harness.advance_to(TOLD)
        yield found


def case(office: BenefitField, benefit: Any, place: int = 0) -> str:
    return office.cases[benefit.programme][benefit.units[place]]


def lines(office: BenefitField, benefit: Any, component: str, place: int = 0) -> list[tuple[str, str, str]]:
    """(first day of the period, whether on the regular occasion, yuan), in order."""
    one = office.entitlement(benefit.programme, benefit.units[place])
    of = [line for line in one["due"] if line["component"] == component]
    return sorted((d["first"], "regular" if d["occasion"] == "regular" else "more", d["amount"]) for d in of)


def test_meals_are_counted_by_days_of_school_and_boarding_by_the_year(office: BenefitField) -> None:
    """Source facts §5 rule 26; whoever knows the days tells them, and what was told wrongly is told anew."""
    harness, of = office.harness, case(office, s.SCHOOL_LIFE)
    path = f"/entitlements/{of}/quantities"
    assert lines(office, s.SCHOOL_LIFE, "boarding") == [("2016-09-01", "regular", "1000.00")]
    assert lines(office, s.SCHOOL_LIFE, "meals") == []
    form: dict[str, Any] = {
        "on": TOLD,
        "component": "meals",
        "period_from": "2016-09-01",
        "paper": "出勤表9月",
        "days": 17,
    }
    refused: list[tuple[dict[str, Any], str]] = [
        ({"days": 18}, "more_days_than_period"), ({"component": "boarding"}, "quantity_not_asked"),
        ({"component": "bus"}, "component_not_granted"), ({"period_from": "2016-08-01"}, "period_not_granted"),
        ({"period_from": "2016-11-01"}, "period_not_granted"), ({"days": None, "cost": "68.00"}, "quantity_not_asked"),
        ({"on": "2016-09-20", "days": 8}, "more_days_than_period"),
    ]  # fmt: skip
    for changes, code in refused:
        assert harness.refused(harness.reviewer, path, {**form, **changes}) == (409, code), changes
    harness.post(harness.reviewer, path, {**form, "days": 15})
    assert lines(office, s.SCHOOL_LIFE, "meals") == [("2016-09-01", "regular", "60.00")]
    harness.post(harness.reviewer, path, form)
    assert lines(office, s.SCHOOL_LIFE, "meals") == [("2016-09-01", "more", "8.00"), ("2016-09-01", "regular", "60.00")]
    harness.post(harness.reviewer, path, {**form, "days": 14})
    assert lines(office, s.SCHOOL_LIFE, "meals") == [("2016-09-01", "regular", "56.00")]
    told = harness.get(path)
    assert [(t["period_to"], t["days"], t["cost"]) for t in told] == [(DAY_BEFORE_LAST, n, None) for n in (15, 17, 14)]


def test_other_grants_count_inside_of_a_ceiling_and_an_income_inside_of_a_line(office: BenefitField) -> None:
    """M117: what the national grant leaves is topped up; M127: a lower income raises what is due from its month on."""
    assert lines(office, s.COLLEGE, "grant") == [("2016-09-01", "regular", "4000.00")]
    office.tell(case(office, s.COLLEGE), "grant", "2016-09-01", {"other_grants": "5000.00"})
    assert lines(office, s.COLLEGE, "grant") == [
        ("2016-09-01", "more", "1000.00"),
        ("2016-09-01", "regular", "4000.00"),
    ]
    assert lines(office, s.LOW_INCOME, "base") == [
        ("2016-09-01", "regular", "140.00"),
        ("2016-10-01", "regular", "140.00"),
    ]
    office.tell(case(office, s.LOW_INCOME), "base", "2016-10-01", {"income": "60.00"})
    assert lines(office, s.LOW_INCOME, "base") == [
        ("2016-09-01", "regular", "140.00"), ("2016-10-01", "more", "40.00"), ("2016-10-01", "regular", "140.00"),
    ]  # fmt: skip


def test_a_sponsor_pays_six_terms_and_no_more(office: BenefitField) -> None:
    """B17: 1,200 yuan a term for three years; seven terms have begun since the grant."""
    for place in range(3):
        assert [yuan for _, _, yuan in lines(office, s.SPONSORED, "instalment", place)] == ["1200.00"] * 6
    due = sum(Decimal(yuan) for place in range(3) for _, _, yuan in lines(office, s.SPONSORED, "instalment", place))
    assert due == 3 * 7200


def test_an_entitlement_goes_with_whom_it_is_for(office: BenefitField) -> None:
    """Source facts §5 rule 15: the pupil's family moves to another county, which goes on paying; nobody applies again."""
    family, elsewhere = s.SCHOOL_LIFE.families[1], "990002101201"
    before = lines(office, s.SCHOOL_LIFE, "boarding", 1)
    office.harness.record(family.moved("2016-09-28", elsewhere))
    one = office.entitlement("school_life", s.SCHOOL_LIFE.units[1])
    assert (one["division"], one["until"]) == (elsewhere, None)
    assert lines(office, s.SCHOOL_LIFE, "boarding", 1) == before
    other = office.harness.running.client_for("school-2", "990002", Role.REVIEWER)
    told = {"on": TOLD, "component": "meals", "period_from": "2016-10-01", "paper": "出勤表10月", "days": 4}
    office.harness.post(other, f"/entitlements/{case(office, s.SCHOOL_LIFE, 1)}/quantities", told)
    one = office.entitlement("school_life", s.SCHOOL_LIFE.units[1])
    assert [(d["component"], d["county"]) for d in one["due"]] == [("meals", "990002"), ("boarding", "990001")]


def test_everyone_eligible_is_proposed_in_one_act_exceptions_first(office: BenefitField) -> None:
    """M141: everyone in the village who is unable to work, but for those left out, each with the reason."""
    harness, declined = office.harness, s.UNABLE.units[1]
    asked = {
        **office.proposal(s.UNABLE, units=None), "on": TOLD, "exceptions": [{"unit_id": declined, "reason": "declined"}],
    }  # fmt: skip
    path, key = "/assistance/entitlements/proposals", str(uuid4())
    for who in (harness.reviewer, office.township):  # before anything is recorded
        assert harness.refused(who, path.removeprefix("/assistance"), asked) == (403, "office_not_allowed")
    assert harness.get("/entitlements/proposals", programme=s.UNABLE.programme)["items"] == []
    given = {**asked, "exceptions": [{"unit_id": declined, "reason": "not_eligible"}]}
    assert harness.cadre.post(path, given).status_code == 422
    found = harness.cadre.post(path, asked, key=key).json()
    assert list(found)[:3] == ["proposal_id", "considered", "exceptions"]
    assert found["exceptions"] == [{"unit_id": declined, "reason": "declined", "against": []}]
    assert sorted(p["unit_id"] for p in found["proposed"]) == sorted((s.UNABLE.units[0], s.UNABLE.units[2]))
    assert found["considered"] == found["not_eligible"] + 3
    assert harness.cadre.post(path, asked, key=key).json()["proposed"] == found["proposed"]  # the same act
    (made,) = harness.get("/entitlements/proposals", programme=s.UNABLE.programme)["items"]
    assert [(c["opened"], c["outcome"]) for c in made["cases"]] == [(True, None)] * 2
    again = harness.cadre.post(path, asked).json()
    assert (again["code"], again["facts"]["has_it"]) == ("nobody_to_propose", 2)


def test_who_waits_for_a_place_is_decided_in_order_and_moves_up_when_somebody_leaves(office: BenefitField) -> None:
    """M122: the township's union applies and checks, the county decides; single mothers first; each autumn anew."""
    harness, benefit = office.harness, s.GOLDEN_AUTUMN
    single_mother = {"proved": ["hardship_worker_family", "single_mother"]}
    cases = {}
    for place, terms in enumerate((benefit.terms, benefit.terms, benefit.terms, single_mother)):
        found = office.propose(benefit, units=[benefit.units[place]], terms=dict(terms), on="2016-09-15")
        cases[place] = found["proposed"][0]["case_id"]
    office.put_up(cases.values(), on="2016-09-15")
    asked: dict[str, Any] = {"programme": benefit.programme, "division": COUNTY}
    queue = harness.get("/entitlements/queue", **asked)
    assert [w["case_id"] for w in queue["waiting"]] == [cases[n] for n in (3, 0, 1, 2)]
    assert [w["moves_up"] for w in queue["waiting"]] == [True, True, False, False]
    assert harness.get("/entitlements/queue", harness.cadre, **asked)["waiting_in_all"] == 4
    office.batch(harness.reviewer, "reviews", {"on": TOLD, "outcome": "passed"}, cases.values())
    decide = {place: f"/cases/{found}/decisions" for place, found in cases.items()}
    assert harness.cannot_stand(decide[2], decision(TOLD)) == "programme_quota_others_first"
    for place in (0, 3):
        harness.post(harness.decider, decide[place], decision(TOLD))
    assert harness.cannot_stand(decide[1], decision(TOLD)) == "programme_quota_full"
    harness.record(benefit.families[0].pupil_died(TOLD))
    queue = harness.get("/entitlements/queue", **asked)
    assert (queue["taken"], queue["free"]) == (1, 1)
    assert [(w["case_id"], w["moves_up"]) for w in queue["waiting"]] == [(cases[1], True), (cases[2], False)]
    harness.post(harness.decider, decide[1], decision(TOLD))
    ended = office.entitlement(benefit.programme, benefit.units[3])
    assert (ended["until"], ended["ending"], [d["amount"] for d in ended["due"]]) == (
        "2017-09-01",
        "term_over",
        ["3000.00"],
    )


def urgent(office: BenefitField, benefit: Any, subject: str, cause: str, **terms: Any) -> str:
    """Opened by the village, taken out of turn by the county and decided on the same day."""
    harness = office.harness
    form = {"subject": subject, "procedure": benefit.programme, "terms": terms, "on": TOLD, "grounds": "急难"}
    assert harness.cadre.post("/assistance/cases", form).json()["code"] == "cause_required"
    one = harness.post(harness.cadre, "/cases", {**form, "cause": cause})
    harness.post(office.department, f"{one}/green-channel", {"on": TOLD, "reason": "等不得"})
    harness.post(harness.decider, f"{one}/decisions", decision(TOLD))
    return one


def test_emergency_aid_is_decided_first_and_leaves_the_same_record_or_falls(office: BenefitField) -> None:
    """M142; source facts §5 rule 35: prompt, on a named cause; what was skipped is made good, and where that fails, the grant is void."""
    harness, (kept, lost) = office.harness, s.SAFETY_NET.units
    made_good = urgent(office, s.SAFETY_NET, kept, "illness", decided="2000.00")
    voted_down = urgent(office, s.SAFETY_NET, lost, "disaster", decided="800.00")
    assert office.due("safety_net", kept) == [("relief", TOLD, "2000.00")]
    assert office.due("safety_net", lost) == [("relief", TOLD, "800.00")]
    harness.post(harness.cadre, f"{made_good}/appraisals", {"on": TOLD, **VOTES})
    harness.post(harness.cadre, f"{made_good}/notices", {"on": TOLD})
    harness.advance_to("2016-10-18")
    harness.post(harness.reviewer, f"{made_good}/reviews", {"on": "2016-10-18", "outcome": "passed"})
    record = harness.get(made_good)
    assert record["outcome"] == "completed"
    harness.post(harness.cadre, f"{voted_down}/appraisals", {"on": TOLD, **VOTES, "in_favour": 3, "against": 11})
    assert harness.get(voted_down)["outcome"] == "rejected"
    assert [e["unit_id"] for e in office.entitlements("safety_net")] == [kept]


def test_disaster_relief_is_cash_by_damage_and_goods_by_receipt(office: BenefitField) -> None:
    """M131, B24: on the event; cash is due, quilts are granted in kind and no money, and their delivery is on record."""
    (household,) = s.DISASTER.units
    urgent(office, s.DISASTER, household, "disaster", proved=["disaster"], level="destroyed")
    (one,) = office.entitlements("disaster_relief")
    assert [a["component"] for a in one["amounts"]] == ["cash", "quilts"]
    assert office.due("disaster_relief", household) == [("cash", TOLD, "3000.00")]
    note = delivery(s.DISASTER.families[0].household, TOLD, "180.00")
    goods = [{"field": "goods", "text": "bedding"}, {"field": "pieces", "number": "2"}, note["values"][1]]
    record = office.harness.post(office.harness.cadre, "/records", {**note, "values": goods})
    assert office.harness.get(record)["status"] == "awaiting_confirmation"
    assert office.harness.reviewer.post(f"/assistance{record}/confirmations").status_code == 201
    found = office.harness.get(record)
    assert (found["status"], [v["field"] for v in found["values"]]) == ("standing", ["goods", "pieces", "value"])


def party(office: BenefitField, kind: str, **named: str) -> str:
    form = {"kind": kind, "division": VILLAGE, "effective_on": APPLIED, **named}
    return office.harness.post(office.harness.cadre, "/parties", form).rpartition("/")[2]


def test_somebody_without_a_name_is_helped_under_the_number_of_a_case(office: BenefitField) -> None:
    """M132, B25, M055: outside of the register; a village or a school is no such unit."""
    harness = office.harness
    unknown, village = party(office, "case", number="2016-0017"), party(office, "village", name="河西村")
    form = {"procedure": "vagrants", "terms": {"decided": "164.00"}, "on": TOLD, "grounds": "救助", "cause": "illness"}
    answer = harness.cadre.post("/assistance/cases", {**form, "subject": village}).json()
    assert (answer["code"], answer["facts"]["reasons"]) == ("not_eligible", ["another_kind_of_unit"])
    urgent(office, s.VAGRANTS, unknown, "illness", decided="164.00")
    (one,) = office.entitlements("vagrants")
    assert (one["unit_id"], one["division"], one["stage"]) == (unknown, VILLAGE, "none")
    assert office.due("vagrants", unknown) == [("aid", TOLD, "164.00")]
    office.lists["vagrants"] = listed(office, s.VAGRANTS)


def test_what_has_no_amount_pays_nothing_until_a_place_says_it(office: BenefitField) -> None:
    """B54: the text that has no amount says so, and nobody can be proposed by it; a county's own edition may say one."""
    harness = office.harness
    without = ("yulu_schooling", "golden_autumn", "rural_minimum_living", "urban_minimum_living", "two_exemptions")
    found = {p["programme"]: p for p in harness.get("/programmes", division=COUNTY, limit=200)["items"]}
    assert [bool(found[key]["gaps"]) for key in without] == [True] * len(without)
    assert [found[key]["settled"] for key in without] == [False] * 4 + [True]  # an exemption is no sum
    assert {a["kind"] for key in without[:4] for c in found[key]["components"] for a in c["amounts"]} == {"unknown"}
    office.adopt(s.NO_AMOUNT.procedure)
    office.register(s.NO_AMOUNT.families)
    answer = harness.cadre.post("/assistance/entitlements/proposals", office.proposal(s.NO_AMOUNT, on=TOLD)).json()
    assert (answer["code"], answer["facts"]["not_eligible"]) == ("nobody_to_propose", 1)
    form = {"procedure": "golden_autumn", "on": TOLD, "grounds": "申请", "terms": dict(s.NO_AMOUNT.terms)}
    alone = harness.cadre.post("/assistance/cases", {**form, "subject": s.NO_AMOUNT.units[0]}).json()
    assert (alone["code"], alone["facts"]["reasons"]) == ("not_eligible", ["no_standard_in_force"])
    office.adopt(s.NO_AMOUNT.document)
    assert office.propose(s.NO_AMOUNT, on=TOLD)["proposed"][0]["opened"]


def test_a_year_later(office: BenefitField) -> None:
    """B25: what was paid to people without a name, and to a head; M122: who had aid for a school year applies anew."""
    office.harness.advance_to("2017-09-05")
    paid(office, office.lists["vagrants"])
    assert office.identities(programme="vagrants")["hold"]
    total = office.harness.get("/payments/totals", office.finance, programme="vagrants")["total"]
    assert (total["amount"], total["persons"], total["a_person"]) == ("164.00", 1, "164.00")
    # As a former release wrote the row, which did not know persons: not known, and not one.
    with office.harness.assistance.reading() as conn:
        conn.execute("UPDATE entitlements SET persons = NULL WHERE programme = 'vagrants'")
    total = office.harness.get("/payments/totals", office.finance, programme="vagrants")["total"]
    assert (total["amount"], total["persons"], total["a_person"]) == ("164.00", None, None)
    again, single_mother = s.GOLDEN_AUTUMN.units[3], {"proved": ["hardship_worker_family", "single_mother"]}
    found = office.propose(s.GOLDEN_AUTUMN, units=[again], terms=single_mother, on="2017-09-01")
    assert [(p["unit_id"], p["opened"]) for p in found["proposed"]] == [(again, True)]


def test_who_left_school_and_has_it_still_is_told_and_who_is_named_is_judged(office: BenefitField) -> None:
    harness, families = office.harness, [family(2004, stage=SchoolStage.PRIMARY) for _ in range(2)]
    fund = replace(s.SPONSORED, programme="school_fund", families=families[:1])
    office.adopt(fund.document.replace("stage_change: stops", "stage_change: continues"), fund.procedure)
    office.register(families)
    office.take_in([fund], on="2017-09-05", decided="2017-09-14")
    harness.record(*(one.pupil_surveyed("2017-09-14", SchoolStage.NONE) for one in families))
    former = str(families[0].pupil.person_id)
    questions: list[dict[str, Any]] = [{"programme": "school_fund"}, {"person_id": former}]
    for asked in questions:
        for only in ("not_eligible", "differences"):
            told = harness.get("/eligibility", **asked, only=only)["items"]
            ((unit, reasons),) = [(e["unit_id"], e["reasons"]) for e in told if e["programme"] == "school_fund"]
            assert (unit, [r["code"] for r in reasons]) == (former, ["not_in_school", "not_proved"])
    never = office.proposal(fund, units=[str(families[1].pupil.person_id)], on="2017-09-14")
    refused = harness.cadre.post("/assistance/entitlements/proposals", never).json()
    assert (refused["code"], refused["facts"]["not_eligible"]) == ("nobody_to_propose", 1)
