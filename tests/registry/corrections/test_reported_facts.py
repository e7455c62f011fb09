"""A true death, birth or departure that a standing decision is against is never lost: it is reported, waits with a last day at
the office that corrects, and is made true by the correction, as one act. Over HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from services.registry.service import registry
from tests.registry.corrections.correction_cases import CorrectedVillage, house_of_2018
from tests.registry.households.example_requests import DEATH_CERTIFICATE, member_body, member_ids, status_and_code
from tests.registry.households.example_villages import TODAY, act_of, annul, done, facts_of, id_of
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with house_of_2018(module_database, tmp_path_factory.mktemp("lika"), registry) as started:
        yield started


@pytest.fixture
def village(running: Lika) -> CorrectedVillage:
    return CorrectedVillage(running)


class Contradicted:
    """The only member of a household died in May 2017; the exit is dated November."""

    def __init__(self, village: CorrectedVillage) -> None:
        self.village, self.cadre = village, village.cadre
        self.household = village.household("2016-01-10", members=[member_body("head")])
        village.enrol(self.household, "2016-02-18")
        (self.person,) = member_ids(village.cadre, self.household)
        village.exit(self.household, "2017-11-10")

    def died(self, on: str = "2017-05-03") -> Any:
        body = {"effective_on": on, "evidence": DEATH_CERTIFICATE}
        return self.cadre.post(f"{self.household}/members/{self.person}/deaths", body)

    def report(self, **more: Any) -> Any:
        body = {"effective_on": "2017-05-03", "evidence": DEATH_CERTIFICATE, **more}
        return self.cadre.post(f"{self.household}/members/{self.person}/reported-deaths", body)

    def reported(self) -> str:
        return str(done(self.report()).headers["Location"])

    def states(self) -> list[str]:
        listed = self.cadre.get("/registry/reports", household_id=id_of(self.household)).json()["items"]
        return [report["state"] for report in listed]


@pytest.fixture
def death(village: CorrectedVillage) -> Contradicted:
    return Contradicted(village)


def entries(who: ApiClient, village: CorrectedVillage) -> list[tuple[str, str, str]]:
    """Kind, code of why, and last day of every entry about a report of the village."""
    items = who.get("/registry/inbox", division=village.code).json()["items"]
    return [(e["kind"], e["why"]["code"], e["due_by"]) for e in items if "report_id" in e["details"]]


def test_a_death_before_a_decision_is_reported_and_made_true_by_its_correction(death: Contradicted) -> None:
    village = death.village
    refused = death.died()
    assert status_and_code(refused) == (409, "later_fact_impossible")
    correction, report_instead = refused.json()["next"]
    assert (correction["act"], correction["form"]["procedure"]) == ("open_case", "correction")
    assert correction["form"]["terms"] == {"facts": [village.fact(death.household, "HouseholdExited")]}
    assert report_instead["path"] == f"{death.household}/members/{death.person}/reported-deaths"
    report = death.reported()
    # Nothing counts it.
    assert village.totals(TODAY) == {"exited": (1, 1)}
    assert [f["type"] for f in facts_of(death.cadre, death.household)][-1] == "HouseholdExited"
    assert entries(village.county_reviewer, village) == [("due", "report_waits", "2018-07-01")]
    assert entries(village.township_reviewer, village) == [("waiting", "report_waits", "2018-07-01")]

    terms = {"facts": [village.fact(death.household, "HouseholdExited")], "report": id_of(report)}
    without = village.propose(death.household, {"report": id_of(report)}, village.county_reviewer)
    assert status_and_code(without) == (409, "later_fact_impossible")  # the exit would still be in the way
    (advised,) = without.json()["next"]
    assert advised["form"]["terms"] == terms
    case = str(done(village.propose(death.household, terms, village.county_reviewer)).headers["Location"])
    done(village.decide(case))

    assert [village.status(death.household, day) for day in ("2017-05-02", "2017-05-03", TODAY)] == [
        "registered", "cancelled", "cancelled",
    ]  # fmt: skip
    made = [f for f in facts_of(death.cadre, death.household) if f["type"] != "HouseholdRecorded"]
    by = {f["type"]: f["entered_by"] for f in made if not f["annulled_by"]}
    assert (by["MemberDied"], by["FactsAnnulled"]) == (f"cadre-{village.code}", "decider-c")
    acts = {f["act"] for f in made if f["type"] in ("FactsAnnulled", "MemberDied", "HouseholdCancelled")}
    assert len(acts) == 1
    assert death.states() == ["carried_out"]
    assert entries(village.county_reviewer, village) == []


def test_what_contradicts_nothing_any_more_is_entered_directly(death: Contradicted) -> None:
    report = death.reported()
    assert status_and_code(death.cadre.post(f"{report}/recordings")) == (409, "later_fact_impossible")
    death.village.correct(death.household, facts=[death.village.fact(death.household, "HouseholdExited")])
    assert status_and_code(death.report()) == (409, "reported_already")
    done(death.cadre.post(f"{report}/recordings"))
    assert death.village.totals(TODAY) == {"cancelled": (1, 0)}
    assert death.states() == ["carried_out"]
    assert status_and_code(death.cadre.post(f"{report}/recordings")) == (409, "report_ended")


def test_a_report_is_for_what_a_decision_is_against_and_rests_on_evidence(death: Contradicted) -> None:
    assert status_and_code(death.report(evidence=[])) == (409, "report_needs_evidence")
    after = death.report(effective_on="2018-01-05")
    assert status_and_code(after) == (409, "report_contradicts_nothing")
    assert after.json()["next"][0]["path"] == f"{death.household}/members/{death.person}/deaths"
    assert status_and_code(death.report(effective_on="2019-01-01")) == (409, "future_day")
    assert status_and_code(death.report(effective_on="2015-01-01")) == (409, "household_not_yet_recorded")
    assert death.states() == []


def test_a_report_is_withdrawn_by_whoever_made_it_and_declined_by_the_office_with_a_reason(death: Contradicted) -> None:
    village, report = death.village, death.reported()
    assert status_and_code(village.township.post(f"{report}/withdrawals")) == (403, "report_of_somebody_else")
    done(death.cadre.post(f"{report}/withdrawals"))
    again, why = death.reported(), {"reason": "此人健在，系同名误报", "evidence": on_paper("certificate")}
    assert status_and_code(village.township_reviewer.post(f"{again}/refusals", why)) == (403, "office_not_allowed")
    done(village.county_reviewer.post(f"{again}/refusals", why))
    assert sorted(death.states()) == ["declined", "withdrawn"]
    assert village.totals(TODAY) == {"exited": (1, 1)}


def test_a_report_that_nobody_answers_is_overdue_for_everybody_above(death: Contradicted) -> None:
    village = death.village
    death.reported()
    village.go_on_to("2018-07-01")
    assert entries(village.county_reviewer, village) == [("due", "report_waits", "2018-07-01")]
    assert village.cadre.get("/registry/reports", overdue="true").json()["items"] == []
    village.next_day()
    assert entries(village.county_reviewer, village) == [("overdue", "report_overdue", "2018-07-01")]
    assert [r["state"] for r in village.cadre.get("/registry/reports", overdue="true").json()["items"]] == ["open"]


def test_a_departure_and_a_birth_that_decisions_are_against(village: CorrectedVillage) -> None:
    household = village.household("2016-01-10", members=[member_body("head"), member_body("spouse")])
    head, spouse = member_ids(village.cadre, household)
    village.enrol(household, "2016-02-18")
    new = village.split(household, "2016-06-01", spouse)
    village.exit(new, "2017-11-10")
    # The spouse had left before: nobody split off, and nobody exited.
    body = {"effective_on": "2016-05-01", "reason": "moved_away", "evidence": on_paper("certificate")}
    left = village.cadre.post(f"{household}/members/{spouse}/departures", body)
    assert left.json()["code"] in ("later_fact_impossible", "later_fact_of_related_household")
    report = done(village.cadre.post(f"{household}/members/{spouse}/reported-departures", body)).headers["Location"]
    acts = [act_of(village.cadre, new, kind) for kind in ("HouseholdExited", "HouseholdFormed")]
    village.correct(household, acts=acts, report=id_of(report))
    assert village.totals(TODAY) == {"registered": (1, 1)}

    # The head died in 2017, and so the household ended; a grandchild had been born before, and stayed.
    death = {"effective_on": "2017-03-01", "evidence": DEATH_CERTIFICATE}
    done(village.cadre.post(f"{household}/members/{head}/deaths", death))
    born = {"effective_on": "2017-02-01", "member": member_body("grandchild", 2017), "reason": "birth"}
    refused = village.cadre.post(f"{household}/members", born)
    assert status_and_code(refused) == (409, "later_fact_impossible")
    reported = village.cadre.post(f"{household}/reported-births", {**born, "evidence": on_paper("certificate")})
    report = done(reported).headers["Location"]
    village.correct(household, acts=[act_of(village.cadre, household, "HouseholdCancelled")], report=id_of(report))
    assert village.totals(TODAY) == {"registered": (1, 2)}
    # What a correction made true, a correction undoes.
    joined = act_of(village.cadre, household, "MemberJoined")
    assert status_and_code(annul(village.township, household, joined)) == (409, "status_fact_needs_case")
    village.correct(household, acts=[joined])
    assert village.totals(TODAY) == {"cancelled": (1, 0)}
