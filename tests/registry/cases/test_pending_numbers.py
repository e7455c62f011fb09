"""Nobody is identified while somebody of the household has a number that awaits its review."""

from contracts.roles import Role
from tests.registry.households.example_requests import member_body, member_ids, status_and_code, unused_resident_id
from tests.registry.households.example_villages import (
    DOCUMENT,
    TODAY,
    VOTE,
    Village,
    act_of,
    annul,
    done,
    step,
)
from tests.support.evidence import on_paper
from tests.support.running import Lika


def test_a_case_waits_for_the_review_and_is_decided_after_it(running: Lika) -> None:
    here, there, number = Village(running), Village(running), unused_resident_id()
    holder = there.household("2018-01-10", members=[member_body("head", id_number=number)])
    household = here.household("2018-01-10", members=[member_body("head", id_number=number)])
    case = here.open_case(here.cadre, household, "identification", "2018-03-02")
    step(here.cadre, case, "visits", "2018-03-02", confirmed=True)
    step(here.cadre, case, "appraisals", "2018-03-02", **VOTE)
    step(here.cadre, case, "notices", "2018-03-02")
    step(here.township_reviewer, case, "reviews", "2018-03-10", outcome="passed")
    step(here.township, case, "notices", "2018-03-10")
    step(here.county_reviewer, case, "comparisons", "2018-03-18", clean=True, departments=["民政局"])
    decision = {"on": "2018-03-19", **DOCUMENT}
    refused = here.decider.post(f"{case}/decisions", decision)
    assert status_and_code(refused) == (409, "effect_cannot_stand")
    assert refused.json()["facts"]["because"]["code"] == "number_awaits_review"
    person = member_ids(here.cadre, household)[0]
    review = f"/registry/number-reviews/{person}/decisions"
    assert ("decide_number_review", review) in [(each["act"], each["path"]) for each in refused.json()["next"]]
    assert here.totals(TODAY) == {"candidate": (1, 1)}
    done(annul(there.cadre, holder, act_of(there.cadre, holder, "HouseholdRecorded")))
    county = running.client_for("reviewer-c", here.code[:6], Role.REVIEWER)
    done(county.post(review, {"outcome": "confirmed", "evidence": on_paper("certificate")}))
    step(here.decider, case, "decisions", "2018-03-19", **DOCUMENT)
    step(here.county_reviewer, case, "announcements", "2018-03-20")
    assert here.totals(TODAY) == {"registered": (1, 1)}
