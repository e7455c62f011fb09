"""Who helps the sample's households: helpers in every village but one, and education aid for some pupils.

Synthetic: the source says that each household has a helper and that pupils are aided, not who and how many.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from lika.demo.divisions import VILLAGES, village
from lika.demo.officials import AUDITOR, COUNTY_DECIDER, TOWNSHIP_REVIEWER, village_cadre
from lika.demo.procedures import VOTE, decision, minutes
from lika.demo.township import Household

if TYPE_CHECKING:
    from lika.demo.loader import Story

FOUND = date(2014, 6, 12)
"""Within the thirty days that the duty leaves."""
APPLIED = date(2014, 9, 1)
DECIDED = date(2014, 9, 10)
WITHOUT_HELPERS = village("Shuanghe").code
"""Here nobody is found in time, so the duties are missed on their day."""
AIDED = village("Qingshan").code
PUPILS = 12
HELPERS_OF_A_VILLAGE = 12


async def find_helpers(story: "Story") -> None:
    """A helper for every household of nine villages; one helper has several (source facts §5 rule 42)."""
    await story.until(FOUND)
    # The duties follow the enrolments in their own time; what is asked here waits for them.
    await story.officials.get(AUDITOR, "/assistance/duties", limit=1)
    await story.together(_pair(story, h) for h in story.township.households if h.village != WITHOUT_HELPERS)


async def give_education_aid(story: "Story") -> None:
    """Applied for, appraised, posted, reviewed and decided; the amounts are the sample's dated standards."""
    await story.until(APPLIED)
    pupils = await story.officials.pages(AUDITOR, "/assistance/aid/eligibility", division=AIDED, only="to_apply")
    fallen = next(h for h in story.township.households if h.falls_back)
    pupils = [*pupils[:PUPILS], *await _pupils_of(story, fallen)]
    applications = await story.together(_apply(story, p["person_id"], p["division"]) for p in pupils)
    await story.until(DECIDED)
    await story.together(_decide(story, where) for where in applications)


async def _pair(story: "Story", household: Household) -> None:
    number = int(household.number[-4:]) % HELPERS_OF_A_VILLAGE
    place = [v.code for v in VILLAGES].index(household.village)
    body = {
        "household_id": story.ids[household.number], "helper": f"helper-{place:02}-{number:02}",
        "unit": f"样例乡第{place + 1}帮扶工作队", "effective_on": FOUND.isoformat(),
    }  # fmt: skip
    await story.officials.post(village_cadre(household.village), "/assistance/pairings", body)


async def _pupils_of(story: "Story", household: Household) -> list[dict[str, Any]]:
    of = {"household_id": story.ids[household.number], "only": "to_apply"}
    return await story.officials.pages(AUDITOR, "/assistance/aid/eligibility", **of)


async def _apply(story: "Story", person_id: str, division: str) -> str:
    cadre, day = village_cadre(division), {"effective_on": APPLIED.isoformat()}
    told = await story.officials.post(cadre, "/assistance/aid/applications", {"person_id": person_id, **day})
    where = str(told["location"])
    papers = {"evidence": minutes("2014 年教育资助评议会")}
    await story.officials.post(cadre, f"{where}/appraisals", {**VOTE, **day, **papers})
    await story.officials.post(cadre, f"{where}/notices", day)
    return where


async def _decide(story: "Story", where: str) -> None:
    day = {"effective_on": DECIDED.isoformat()}
    await story.officials.post(TOWNSHIP_REVIEWER, f"{where}/reviews", {"passed": True, **day})
    await story.officials.post(COUNTY_DECIDER, f"{where}/decisions", {**decision("样教资〔2014〕2号"), **day})
