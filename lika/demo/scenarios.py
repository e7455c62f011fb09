"""What happens after the published figures end: synthetic, and marked so. One household falls back in 2016; in 2017 one
is found never to have qualified, one splits, one person dies, one household moves."""

from datetime import date
from typing import TYPE_CHECKING

from lika.demo import procedures
from lika.demo.officials import AUDITOR, village_cadre
from lika.demo.township import Household

if TYPE_CHECKING:
    from lika.demo.loader import Story


async def fall_back(story: "Story") -> None:
    """An exited household is taken in again by the regular procedure, linked to its former exit (M007)."""
    days = (date(2016, 6, 6), date(2016, 6, 14), date(2016, 6, 22))
    await story.until(days[0])
    fallen = [h for h in story.township.households if h.falls_back]
    rounds = procedures.entry("2016 年返贫评议会", "样扶组〔2016〕4号")
    await story.run_cases(fallen, "return", "主要劳动力患病，收入中断", rounds, days, cause="illness")


async def year_2017(story: "Story") -> None:
    """The look-back's removal, the split, the death and the move."""
    days = (date(2017, 8, 14), date(2017, 8, 22))
    await story.until(date(2017, 3, 20))
    for household in story.township.households:
        if household.splits:
            await _split(story, household)
        if household.dies:
            await _death(story, household)
        if household.moves_to:
            await _move(story, household)
    await story.until(days[0])
    doubtful = [h for h in story.township.households if h.never_qualified]
    rounds = procedures.removal("2017 年回头看评议会", "样扶组〔2017〕6号")
    await story.run_cases(doubtful, "look_back_removal", "回头看发现识别时收入超过标准", rounds, days)


async def _persons(story: "Story", household: Household) -> dict[str, str]:
    """National person number → the register's person id."""
    told = await story.officials.get(AUDITOR, f"/registry/households/{story.ids[household.number]}")
    return {m["national_no"]: m["person_id"] for m in told["members"]}


async def _split(story: "Story", household: Household) -> None:
    persons = await _persons(story, household)
    leaving = [persons[number] for number in household.splits]
    body = {
        "person_ids": leaving, "head": leaving[0], "effective_on": "2017-03-15",
        "national_no": f"{household.village}9001",
    }  # fmt: skip
    where = f"/registry/households/{story.ids[household.number]}/splits"
    await story.officials.post(village_cadre(household.village), where, body)


async def _death(story: "Story", household: Household) -> None:
    assert household.dies is not None
    person = (await _persons(story, household))[household.dies]
    where = f"/registry/households/{story.ids[household.number]}/members/{person}/deaths"
    await story.officials.post(village_cadre(household.village), where, {"effective_on": "2017-03-10"})


async def _move(story: "Story", household: Household) -> None:
    body = {"from_division": household.village, "to_division": household.moves_to, "effective_on": "2017-03-18"}
    where = f"/registry/households/{story.ids[household.number]}/moves"
    await story.officials.post(village_cadre(household.village), where, body)
