"""2023, by the procedures of that year: a household that exited in 2014 falls into hardship and is monitored, and half a year later its
risk is eliminated. Synthetic, as every household of the sample."""

from datetime import date
from typing import Any

from lika.demo.divisions import TOWNSHIP
from lika.demo.officials import AUDITOR, COUNTY_DECIDER, COUNTY_REVIEWER, village_cadre
from lika.demo.procedures import (
    ANNOUNCEMENT,
    NOTICE,
    REVIEW,
    VISIT,
    Case,
    Step,
    appraisal,
    decision,
    open_case,
    perform_phase,
)
from lika.demo.session import SampleSession
from lika.demo.township import Household

FOUND, INCLUDED = date(2023, 3, 6), date(2023, 3, 14)
"""The notice hangs from the day after it is found, five days and more."""
HELPED, ELIMINATED = date(2023, 9, 18), date(2023, 9, 26)
"""Half a year after it was included, in principle the first day on which a risk may be eliminated."""
YEAR, OF_AGE = 2023, 18
SOURCES = ("vehicles", "property", "businesses", "public_payroll")
"""What the county compares an adult with, who must have allowed it."""
SIGNED = [{"kind": "authorisation", "held_on_paper": True}]


async def monitor(session: SampleSession) -> None:
    """The household is visited, its adults allow the comparison, the village appraises, the county decides; then help, and the end."""
    await session.advance_clocks(FOUND)
    household = _fallen_into_hardship(session)
    adults = await _adults(session, household)
    included = await _open(session, household, "monitoring_inclusion", FOUND, kind="unstable_exited", risks=["illness"])
    for person in adults:
        path = f"/registry/households/{session.household_ids[household.number]}/members/{person}/authorisations"
        form = {"effective_on": FOUND.isoformat(), "evidence": SIGNED}
        await session.client.post(village_cadre(household.village), path, form)
    results = [
        {"person_id": person, "source": source, "result": "unmatched"} for person in adults for source in SOURCES
    ]
    compared = {"clean": True, "departments": ["不动产登记中心"], "results": results}
    await perform_phase(session.client, [included], (VISIT, appraisal("2023 年监测对象评议会"), NOTICE), FOUND)
    await session.advance_clocks(INCLUDED)
    decided = Step("decisions", COUNTY_DECIDER, decision("样防返贫〔2023〕3号"))
    steps = (Step("comparisons", COUNTY_REVIEWER, compared), REVIEW, decided, ANNOUNCEMENT)
    await perform_phase(session.client, [included], steps, INCLUDED)

    await session.advance_clocks(HELPED)
    eliminated = await _open(session, household, "risk_elimination", HELPED, manner="by_help")
    await perform_phase(session.client, [eliminated], (VISIT, appraisal("2023 年风险消除评议会"), NOTICE), HELPED)
    await session.advance_clocks(ELIMINATED)
    decided = Step("decisions", COUNTY_DECIDER, decision("样防返贫〔2023〕9号"))
    await perform_phase(session.client, [eliminated], (REVIEW, decided, ANNOUNCEMENT), ELIMINATED)


async def monitored(session: SampleSession) -> dict[str, Any]:
    """The year's statement of monitoring as known on three days, and the register's status of poverty, which it leaves alone."""
    statements = [
        await session.client.get(
            AUDITOR,
            "/audit/monitoring-statements",
            division=TOWNSHIP,
            known_at=day.isoformat(),
            **{"from": YEAR, "to": YEAR},
        )
        for day in (FOUND, INCLUDED, ELIMINATED)
    ]
    household = session.household_ids[_fallen_into_hardship(session).number]
    state = await session.client.get(AUDITOR, f"/registry/households/{household}")
    return {"household": {"status": state["status"], "monitoring": state["monitoring"]}, "statements": statements}


def _fallen_into_hardship(session: SampleSession) -> Household:
    return next(h for h in session.township.households if h.exit_year == 2014 and not h.has_scenario)


async def _adults(session: SampleSession, household: Household) -> list[str]:
    detail = await session.client.get(AUDITOR, f"/registry/households/{session.household_ids[household.number]}")
    return [m["person_id"] for m in detail["members"] if YEAR - m["birth_year"] >= OF_AGE]


async def _open(session: SampleSession, household: Household, procedure: str, on: date, **terms: Any) -> Case:
    body = {
        "subject": session.household_ids[household.number], "procedure": procedure, "on": on.isoformat(),
        "grounds": "主要劳动力大病住院，自付费用超过预警标准", "terms": terms,
    }  # fmt: skip
    return await open_case(session.client, village_cadre(household.village), household.village, body)
