"""Assistance for the sample's households: helpers in every village but one, and education aid for some pupils.

Synthetic: the source says that each household has a helper and that pupils are aided, not who and how many.
"""

import asyncio
from datetime import date
from typing import Any

from lika.demo.divisions import VILLAGES, village
from lika.demo.evidence import upload
from lika.demo.officials import AUDITOR, COUNTY_DECIDER, TOWNSHIP_REVIEWER, village_cadre
from lika.demo.procedures import VOTES, decision
from lika.demo.session import SampleSession
from lika.demo.township import Household

ASSIGNED_ON = date(2014, 6, 12)
"""Within the thirty days that the duty leaves."""
APPLIED_ON = date(2014, 9, 1)
DECIDED_ON = date(2014, 9, 10)
VILLAGE_WITHOUT_HELPERS = village("Shuanghe").code
"""Here no helper is assigned in time, so the duties are missed on their day."""
VILLAGE_WITH_AID = village("Qingshan").code
AIDED_PUPILS = 12
HELPERS_PER_VILLAGE = 12


async def assign_helpers(session: SampleSession) -> None:
    """A helper for every household of nine villages; one helper has several (source facts §5 rule 42)."""
    await session.advance_clocks(ASSIGNED_ON)
    # Assistance sets the duties when it consumes the enrolments; this read waits for that.
    await session.client.get(AUDITOR, "/assistance/duties", limit=1)
    households = [h for h in session.township.households if h.village != VILLAGE_WITHOUT_HELPERS]
    await asyncio.gather(*(_assign_helper(session, household) for household in households))


async def grant_education_aid(session: SampleSession) -> None:
    """Applied for, appraised, posted, reviewed and decided; the amounts are the sample's dated standards."""
    await session.advance_clocks(APPLIED_ON)
    eligible = await session.client.get_all(
        AUDITOR, "/assistance/aid/eligibility", division=VILLAGE_WITH_AID, only="to_apply"
    )
    returning = session.township.returning_household
    pupils = [*eligible[:AIDED_PUPILS], *await _eligible_pupils_of(session, returning)]
    minutes = {
        division: await upload(
            session.client, village_cadre(division), "assistance", "minutes", "2014 年教育资助评议会",
            [p["person_id"] for p in pupils if p["division"] == division],
        )
        for division in sorted({p["division"] for p in pupils})
    }  # fmt: skip
    applications = await asyncio.gather(
        *(_apply(session, p["person_id"], p["division"], minutes[p["division"]]) for p in pupils)
    )
    await session.advance_clocks(DECIDED_ON)
    await asyncio.gather(*(_decide(session, application) for application in applications))


async def _assign_helper(session: SampleSession, household: Household) -> None:
    number = int(household.number[-4:]) % HELPERS_PER_VILLAGE
    village_index = [v.code for v in VILLAGES].index(household.village)
    body = {
        "household_id": session.household_ids[household.number], "helper": f"helper-{village_index:02}-{number:02}",
        "unit": f"样例乡第{village_index + 1}帮扶工作队", "effective_on": ASSIGNED_ON.isoformat(),
    }  # fmt: skip
    await session.client.post(village_cadre(household.village), "/assistance/pairings", body)


async def _eligible_pupils_of(session: SampleSession, household: Household) -> list[dict[str, Any]]:
    query = {"household_id": session.household_ids[household.number], "only": "to_apply"}
    return await session.client.get_all(AUDITOR, "/assistance/aid/eligibility", **query)


async def _apply(session: SampleSession, person_id: str, division: str, minutes: list[dict[str, Any]]) -> str:
    """Returns the path of the application."""
    cadre, day = village_cadre(division), {"effective_on": APPLIED_ON.isoformat()}
    body = {"person_id": person_id, **day}
    created = await session.client.post(cadre, "/assistance/aid/applications", body)
    application = str(created["location"])
    appraisal = {**VOTES, **day, "evidence": minutes}
    await session.client.post(cadre, f"{application}/appraisals", appraisal)
    await session.client.post(cadre, f"{application}/notices", day)
    return application


async def _decide(session: SampleSession, application: str) -> None:
    day = {"effective_on": DECIDED_ON.isoformat()}
    await session.client.post(TOWNSHIP_REVIEWER, f"{application}/reviews", {"passed": True, **day})
    body = {**decision("样教资〔2014〕2号"), **day}
    await session.client.post(COUNTY_DECIDER, f"{application}/decisions", body)
