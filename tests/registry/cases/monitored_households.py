"""Households on the way into monitoring, as their offices take them there over HTTP."""

from typing import Any

from tests.registry.households.example_requests import member_body
from tests.registry.households.example_villages import DOCUMENT, VOTE, Village, day, done, step
from tests.support.evidence import on_paper

SOURCES = ("vehicles", "property", "businesses", "public_payroll")
ABLE_HEAD = member_body("head", labour_skill="ordinary")


def recorded_for(village: Village, clue: str, on: str) -> str:
    """The location of the household, one head who is able to work, to which the clue led."""
    body = {"division": village.code, "effective_on": on, "members": [ABLE_HEAD]}
    return str(done(village.cadre.post(f"{clue}/households", body)).headers["Location"])


def compared(village: Village, household: str, on: str, **asked: Any) -> str:
    """The case of a household of one, from the visit to the appraisal on one day; its notice is not posted yet."""
    (head,) = (m["person_id"] for m in village.cadre.get(household).json()["members"])
    asked = {"terms": {"kind": "marginal", "risks": ["illness"]}, **asked}
    case = village.open_case(village.cadre, household, "monitoring_inclusion", on, **asked)
    step(village.cadre, case, "visits", on, confirmed=True)
    signed = {"effective_on": on, "evidence": on_paper("authorisation")}
    done(village.cadre.post(f"{household}/members/{head}/authorisations", signed))
    results = [{"person_id": head, "source": source, "result": "unmatched"} for source in SOURCES]
    told = {"clean": True, "departments": ["车辆管理所"], "results": results}
    step(village.county_reviewer, case, "comparisons", on, **told)
    step(village.cadre, case, "appraisals", on, **VOTE)
    return case


def noticed_and_reviewed(village: Village, case: str, on: str) -> str:
    """Its notice posted on that day; reviewed on the day after the last of five, which is returned."""
    reviewed_on = day(on, 6)
    step(village.cadre, case, "notices", on)
    step(village.township_reviewer, case, "reviews", reviewed_on, outcome="passed")
    return reviewed_on


def monitored_from(village: Village, decided_on: str, head: dict[str, Any] = ABLE_HEAD) -> str:
    """The location of a household of one that is taken in on that day."""
    begun = day(decided_on, -6)
    household = village.household(begun, members=[head])
    case = compared(village, household, begun)
    noticed_and_reviewed(village, case, begun)
    step(village.decider, case, "decisions", decided_on, **DOCUMENT)
    step(village.county_reviewer, case, "announcements", decided_on)
    return household


def elimination_reviewed(village: Village, household: str, on: str, **terms: str) -> str:
    """A case that is opened on that day and waits for its decision six days later."""
    case = village.open_case(village.cadre, household, "risk_elimination", on, terms=terms)
    step(village.cadre, case, "visits", on, confirmed=True)
    step(village.cadre, case, "appraisals", on, **VOTE)
    noticed_and_reviewed(village, case, on)
    return case
