"""Assistance for the sample's households: helpers in every village but one, and education aid for some pupils.

Synthetic: the source says that each household has a helper and that pupils are aided, not who and how many.
"""

import asyncio
from datetime import date
from typing import Any

from lika.demo.divisions import VILLAGES, village
from lika.demo.officials import AUDITOR, village_cadre
from lika.demo.procedures import Case, aid_phases, open_case, perform_phase
from lika.demo.session import SampleSession
from lika.demo.township import Household

ASSIGNED_ON = date(2014, 6, 12)
"""Within the thirty days that the duty leaves."""
GROUNDS = "建档立卡户在校学生"
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
    # A helper is assigned to who is in the register: this read waits until assistance has consumed the enrolments.
    await session.client.get(AUDITOR, "/assistance/duties", limit=1)
    households = [h for h in session.township.households if h.village != VILLAGE_WITHOUT_HELPERS]
    await asyncio.gather(*(_assign_helper(session, household) for household in households))


async def grant_education_aid(session: SampleSession) -> None:
    """Applied for, appraised, posted, reviewed and decided; the amounts are the sample's dated standards."""
    await session.advance_clocks(APPLIED_ON)
    eligible = await session.client.get_all(
        AUDITOR, "/assistance/eligibility", programme="education_aid", division=VILLAGE_WITH_AID, only="to_apply"
    )
    returning = session.township.returning_household
    pupils = [*eligible[:AIDED_PUPILS], *await _eligible_pupils_of(session, returning)]
    before_notice, after_notice = aid_phases("2014 年教育资助评议会", "样教资〔2014〕2号")
    cases = await asyncio.gather(*(_apply(session, pupil) for pupil in pupils))
    await perform_phase(session.client, cases, before_notice, APPLIED_ON)
    await session.advance_clocks(DECIDED_ON)
    await perform_phase(session.client, cases, after_notice, DECIDED_ON)


async def _assign_helper(session: SampleSession, household: Household) -> None:
    number = int(household.number[-4:]) % HELPERS_PER_VILLAGE
    village_index = [v.code for v in VILLAGES].index(household.village)
    body = {
        "kind": "pairing_helper", "subject": {"kind": "household", "id": session.household_ids[household.number]},
        "helper": f"helper-{village_index:02}-{number:02}", "unit": f"样例乡第{village_index + 1}帮扶工作队",
        "effective_on": ASSIGNED_ON.isoformat(),
    }  # fmt: skip
    await session.client.post(village_cadre(household.village), "/assistance/pairs", body)


async def _eligible_pupils_of(session: SampleSession, household: Household) -> list[dict[str, Any]]:
    query = {
        "programme": "education_aid", "household_id": session.household_ids[household.number], "only": "to_apply",
    }  # fmt: skip
    return await session.client.get_all(AUDITOR, "/assistance/eligibility", **query)


async def _apply(session: SampleSession, pupil: dict[str, Any]) -> Case:
    village = str(pupil["division"])
    body = {
        "subject": pupil["unit_id"],
        "procedure": "education_aid",
        "on": APPLIED_ON.isoformat(),
        "grounds": GROUNDS,
    }
    return await open_case(session.client, village_cadre(village), village, body, "assistance")
