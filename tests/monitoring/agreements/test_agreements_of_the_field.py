"""Agreements of the field: each is signed as the document of its kind asks, is due by its clauses on the day and not the day before, runs
out, is renewed, ended and put right; whom it covers is counted on any day as known on any other."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from services.monitoring.service import monitoring
from tests.monitoring.agreements.contracts import (
    AGREEMENTS,
    CONTRACT,
    DELIVERY,
    END,
    Contracts,
    agreement,
    clause,
    collective,
    term,
)
from tests.monitoring.projects.road import VILLAGE, Handlers, done, refused
from tests.monitoring.registry_stub import registry_stub
from tests.support.evidence import on_paper
from tests.support.running import lika

START = datetime(2018, 7, 2, 2, tzinfo=UTC)
TODAY = "2018-07-02"


@pytest.fixture(scope="module")
def contracts(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contracts]:
    with lika([registry_stub, monitoring], module_database, tmp_path_factory.mktemp("agreements"), START) as started:
        yield Contracts(Handlers(started))


def test_a_service_of_three_workers_and_one_society_is_bought_by_contract_and_delivered(contracts: Contracts) -> None:
    """M107: the street office buys, an organisation of social workers serves; forty sessions by the end of the contract."""
    c, parties = contracts, {"buyer": "样例街道办事处", "provider": "样例社工服务中心"}
    sessions = clause("sessions", "40", "course")
    form = agreement(
        "service_contract",
        "2017-03-01",
        term("社购〔2017〕1号", "2017-03-01", "2018-02-28", clauses=[sessions]),
        parties,
    )
    assert refused(c.h.decider, AGREEMENTS, {**form, "evidence": []}) == "agreement_evidence_missing"
    alone = {**form, "parties": [*form["parties"][:1], form["parties"][0]]}
    assert refused(c.h.decider, AGREEMENTS, alone) == "agreement_party_missing"
    cut = {**form, "parties": [form["parties"][0], {"role": "provider", "name": "样例社工…"}]}
    assert refused(c.h.decider, AGREEMENTS, cut) == "agreement_party_incomplete"
    path = c.sign(form)
    told = c.h.decider.post(AGREEMENTS, {**form, "term": {**form["term"], "number": "社购〔2０17〕1 号"}}).json()
    assert (told["code"], told["facts"]["agreement_id"]) == ("agreement_number_taken", path.rpartition("/")[2])
    c.deliver(path, "2017-06-30", "sessions", "25", "course")
    early = {"effective_on": "2017-02-28", **clause("sessions", "1", "course"), "evidence": DELIVERY}
    early.pop("every_months")
    assert refused(c.h.township, f"{path}/deliveries", early) == "agreement_not_in_force"
    heads = {**early, "effective_on": "2017-07-01", "unit": "attendance"}
    assert refused(c.h.township, f"{path}/deliveries", heads) == "agreement_unit_differs"
    assert c.h.township.post(f"{path}/deliveries", {k: v for k, v in heads.items() if k != "unit"}).status_code == 422
    half = {**heads, "unit": "course", "amount": "0.5"}
    assert refused(c.h.township, f"{path}/deliveries", half) == "project_amount_not_whole"
    assert (c.overdue(path, "2018-02-28"), c.overdue(path, "2018-03-01")) == ([], [("2018-02-28", "15")])
    c.deliver(path, "2018-02-28", "sessions", "15", "course")  # told late, done in time
    assert c.overdue(path, TODAY) == []


def test_the_government_pays_and_the_federation_runs_what_was_bought_by_tender_or_commission(
    contracts: Contracts,
) -> None:
    """M203."""
    c, parties = contracts, {"payer": "样例县财政局", "operator": "样例县妇联"}
    women = clause("benefited", "300", "person", 12)
    form = agreement(
        "service_purchase", "2016-12-20", term("政购〔2016〕9号", "2017-01-01", "2018-12-31", clauses=[women]), parties,
        way="tender",
    )  # fmt: skip
    form["term"]["paid"] = {"sum": "12", "money_unit": "wan_yuan"}
    assert refused(c.h.decider, AGREEMENTS, {**form, "way": None}) == "agreement_way_unclear"
    assert refused(c.h.decider, AGREEMENTS, {**form, "way": "friendship"}) == "agreement_way_unclear"
    free = {**form, "term": {**form["term"], "clauses": []}}
    assert refused(c.h.decider, AGREEMENTS, free) == "agreement_clause_missing"
    path = c.sign(form)
    assert [c.state(path, day) for day in ("2016-12-31", "2017-01-01")] == ["to_come", "in_force"]
    c.deliver(path, "2017-05-10", "benefited", "180", "person")
    c.deliver(path, "2017-11-10", "benefited", "120", "person")
    c.deliver(path, "2018-05-10", "benefited", "299", "person")
    dues = c.read(path, as_of="2018-06-30")["dues"]
    assert [(d["first"], d["last"], d["done"], d["missing"]) for d in dues] == [
        ("2017-01-01", "2017-12-31", "300", "0"), ("2018-01-01", "2018-12-31", "299", "1"),
    ]  # fmt: skip
    found = c.read(path)
    assert (found["way"], found["terms"][0]["paid"]) == ("tender", "120000")
    assert {p["role"]: p["name"] for p in found["parties"]} == parties


def test_women_workers_are_checked_every_two_years_by_a_clause_of_the_collective_contract(contracts: Contracts) -> None:
    """M143: 5,250 women from January to June."""
    c = contracts
    check = clause("womens_health_check", "5250", "person", 24)
    of = term("集〔2016〕1号", "2016-07-01", "2019-06-30", units=50, persons=12_000, clauses=[check])
    seldom = {**of, "clauses": [{**check, "every_months": 25}]}
    assert refused(c.h.decider, AGREEMENTS, collective("2016-07-01", seldom)) == "agreement_clause_too_seldom"
    once = {**of, "clauses": [{**check, "every_months": None}]}
    assert refused(c.h.decider, AGREEMENTS, collective("2016-07-01", once)) == "agreement_clause_too_seldom"
    long = {**of, "until": "2019-07-01"}
    assert refused(c.h.decider, AGREEMENTS, collective("2016-07-01", long)) == "agreement_term_too_long"
    path = c.sign(collective("2016-07-01", of))
    for month, women in enumerate((1000, 1000, 1000, 1000, 1000, 249), start=1):
        c.deliver(path, f"2018-{month:02}-20", "womens_health_check", str(women), "person")
    days = ("2018-06-30", "2018-07-01")
    assert [c.overdue(path, day) for day in days] == [[], [("2018-06-30", "1")]]
    assert ("overdue", "2016-07-01", "2018-06-30") in c.inbox(path)
    listed = c.h.auditor.get(AGREEMENTS, agreement_kind="collective_contract", behind=True).json()["items"]
    assert [(a["agreement_id"], a["overdue_clauses"]) for a in listed] == [
        (path.rpartition("/")[2], ["womens_health_check"])
    ]
    c.deliver(path, "2018-06-30", "womens_health_check", "1", "person")
    assert c.overdue(path, TODAY) == []
    # The next check of the three years' rest is no whole period and not owed by this term.
    assert [d["last"] for d in c.read(path)["dues"]] == ["2018-06-30"]


def test_wage_agreements_are_bargained_renewed_and_expire_and_their_coverage_is_counted(contracts: Contracts) -> None:
    """M145: 43 wage agreements of 50 units, which is 86 per cent; 30 women's agreements; 90 and 95 per cent of collective contracts."""
    c = contracts
    c.base("wage_agreement", "2017-01-01", 50, 10_000)
    paths = [
        c.sign(
            collective("2017-01-05", term(f"薪{n}", "2017-01-01", "2017-12-31", units=1, persons=200), "wage_agreement")
        )
        for n in range(43)
    ]
    half_year = c.coverage("wage_agreement", as_of="2017-06-30")
    assert (half_year["agreements"], half_year["units"], half_year["unit_share"]) == (43, 43, "0.86")
    assert (half_year["persons"], half_year["person_share"], half_year["short"]) == (8600, "0.86", False)
    # Expired on the day after: the renewal waits since sixty days before the last day.
    days = ("2017-12-31", "2018-01-01")
    assert [c.state(paths[0], day) for day in days] == ["in_force", "expired"]
    assert [c.coverage("wage_agreement", as_of=day)["units"] for day in days] == [43, 0]
    assert ("overdue", "2017-11-01", "2017-12-31") in c.inbox(paths[0])
    renewed: dict[str, Any] = {
        "term": term("薪0续", "2018-01-01", "2018-12-31", units=1, persons=210),
        "evidence": CONTRACT,
    }
    same = {**renewed, "term": {**renewed["term"], "starts_on": "2017-01-01", "until": "2017-12-31"}}
    assert (
        refused(c.h.decider, f"{paths[0]}/renewals", {"effective_on": "2017-12-20", **same})
        == "agreement_renewed_too_early"
    )
    c.do(paths[0], "renewals", "2017-12-20", **renewed)
    assert (c.state(paths[0], "2018-01-01"), c.read(paths[0])["number"]) == ("in_force", "薪0续")
    assert c.coverage("wage_agreement")["persons"] == 210
    # As it was known before it was told: nothing is covered any more.
    c.h.advance("2018-07-03")
    taken = c.acts(paths[0], "AgreementRenewed")
    c.do(paths[0], "annulments", "2018-07-03", annuls=taken, reason="误填")
    assert c.coverage("wage_agreement")["units"] == 0
    assert c.coverage("wage_agreement", known_at="2018-07-02")["persons"] == 210
    c.do(paths[0], "annulments", "2018-07-03", annuls=c.acts(paths[0], "AgreementActsAnnulled"), reason="撤错")
    assert c.coverage("wage_agreement")["units"] == 1
    # One that is not renewed is said to be at its end, and waits no longer.
    c.do(paths[1], "endings", "2018-01-01", reason="企业注销", evidence=END)
    assert (c.inbox(paths[1]), c.state(paths[1], "2018-01-01")) == ([], "ended")
    after = {
        "effective_on": "2018-01-02",
        "term": term("薪1续", "2018-01-02", "2018-12-31", units=1, persons=1),
        "evidence": CONTRACT,
    }
    assert refused(c.h.decider, f"{paths[1]}/renewals", after) == "agreement_ended"


def test_collective_contracts_are_to_cover_ninety_per_cent_of_the_units_and_ninety_five_of_the_workers(
    contracts: Contracts,
) -> None:
    c = contracts
    # On a day when the contract of the women's check (50 units, 12,000 persons) is not begun yet.
    c.base("collective_contract", "2015-01-01", 100, 20_000)
    three_years = ("2015-01-01", "2016-06-30")
    c.sign(collective("2015-01-01", term("集甲", *three_years, units=89, persons=18_999)))
    short = c.coverage("collective_contract", as_of="2016-06-30")
    assert (short["unit_share"], short["person_share"], short["short"]) == ("0.89", "0.9499", True)
    c.sign(collective("2015-02-01", term("集乙", "2015-02-01", "2016-06-30", units=1, persons=1)))
    met = c.coverage("collective_contract", as_of="2015-02-01")
    assert (met["unit_share"], met["person_share"], met["short"]) == ("0.9", "0.95", False)
    assert c.coverage("collective_contract", as_of="2015-01-31")["short"]
    uncounted = term("集丙", "2015-02-01", "2016-06-30")
    assert refused(c.h.decider, AGREEMENTS, collective("2015-02-01", uncounted)) == "agreement_coverage_unclear"
    for n in range(30):
        check = [clause("womens_health_check", "20", "person", 24)]
        of = term(f"女{n}", "2016-01-01", "2018-12-31", units=1, persons=20, clauses=check)
        c.sign(collective("2016-01-01", of, "womens_special_contract"))
    women = c.coverage("womens_special_contract", as_of="2017-06-30")
    assert (women["agreements"], women["unit_share"], women["short"]) == (30, None, False)


def test_a_village_signs_an_investment_of_180000_yuan_a_year(contracts: Contracts) -> None:
    """M178: the assembly's minutes are among the papers (rule 59)."""
    c, parties = contracts, {"village": "青龙咀村经济合作社", "investor": "样例光伏公司"}
    income = clause("income", "180000", "yuan", 12)
    of = term("投〔2016〕1号", "2016-07-01", "2026-06-30", clauses=[income])
    form = agreement("village_investment", "2016-06-20", of, parties, division=VILLAGE)
    answer = c.h.decider.post(AGREEMENTS, form).json()
    assert (answer["code"], answer["facts"]["missing"]) == ("agreement_evidence_missing", ["minutes"])
    path = c.sign({**form, "evidence": [*CONTRACT, *on_paper("minutes")]})
    c.deliver(path, "2017-06-30", "income", "179999.99", "yuan")
    assert (c.overdue(path, "2017-06-30"), c.overdue(path, "2017-07-01")) == ([], [("2017-06-30", "0.01")])
    c.deliver(path, "2017-07-01", "income", "180000", "yuan")
    assert c.overdue(path, TODAY) == [("2017-06-30", "0.01")]  # what was paid a day late is next year's
    moved = c.acts(path, "AgreementDelivered")[1:]
    c.do(path, "annulments", TODAY, annuls=moved, reason="日期登记错误")
    c.deliver(path, "2017-06-30", "income", "180000", "yuan")
    assert c.overdue(path, "2017-07-01") == []


def test_what_something_rests_on_is_not_taken_away_from_under_it(contracts: Contracts) -> None:
    c = contracts
    parties = {"buyer": "样例乡政府", "provider": "样例志愿者协会"}
    of = term("志1", "2017-01-01", "2017-12-31", clauses=[clause("served", "100", "attendance")])
    path = c.sign(agreement("service_contract", "2017-01-01", of, parties))
    c.do(
        path,
        "renewals",
        "2018-01-01",
        term={**of, "number": "志2", "starts_on": "2018-01-01", "until": "2018-12-31"},
        evidence=CONTRACT,
    )
    c.deliver(path, "2018-02-01", "served", "30", "attendance")
    (signed,), (renewed,), (delivered,) = (
        c.acts(path, t) for t in ("AgreementSigned", "AgreementRenewed", "AgreementDelivered")
    )
    annulments, void = f"{path}/annulments", {"effective_on": TODAY, "reason": "误填"}
    assert refused(c.h.decider, annulments, {**void, "annuls": [renewed]}) == "agreement_later_act_rests_on_it"
    assert refused(c.h.decider, annulments, {**void, "annuls": [signed]}) == "agreement_later_act_rests_on_it"
    early = {"effective_on": "2018-01-31", "reason": "解除", "evidence": END}
    assert refused(c.h.decider, f"{path}/endings", early) == "agreement_later_act_rests_on_it"
    done(c.h.decider, annulments, {**void, "annuls": [renewed, delivered]})
    assert c.state(path, "2018-02-01") == "expired"
    assert refused(c.h.decider, annulments, {**void, "annuls": [renewed]}) == "agreement_act_not_standing"
    # Wrongly signed, it is void with all that stands of it, and its number is free; it can be restored.
    done(c.h.decider, annulments, {**void, "annuls": [signed]})
    assert c.h.auditor.get(path).status_code == 404
    again = c.sign(agreement("service_contract", "2017-01-01", of, parties))
    restored = f"{signed.rpartition('/')[0]}/{int(delivered.rpartition('/')[2]) + 2}"
    assert refused(c.h.decider, annulments, {**void, "annuls": [restored]}) == "agreement_number_taken"
    done(c.h.decider, f"{again}/annulments", {**void, "annuls": c.acts(again, "AgreementSigned")})
    done(c.h.decider, annulments, {**void, "annuls": [restored]})
    assert c.read(path)["number"] == "志1"
