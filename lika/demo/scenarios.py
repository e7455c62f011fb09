"""The scenario households, after the published figures end: synthetic, and marked so. One household returns to poverty
in 2016; in 2017 one is found never to have qualified, one splits, one person dies, one household moves."""

from datetime import date

from lika.demo import procedures
from lika.demo.officials import AUDITOR, village_cadre
from lika.demo.session import SampleSession
from lika.demo.township import IN_YOUNG_FAMILY, Household


async def return_to_poverty(session: SampleSession) -> None:
    """An exited household is taken in again by the regular procedure, linked to its former exit (M007)."""
    days = (date(2016, 6, 6), date(2016, 6, 14), date(2016, 6, 22))
    await session.advance_clocks(days[0])
    phases = procedures.entry_phases("2016 年返贫评议会", "样扶组〔2016〕4号")
    household = session.township.returning_household
    await session.run_cases([household], "return", "主要劳动力患病，收入中断", phases, days, cause="illness")


async def changes_of_2017(session: SampleSession) -> None:
    """The split, the death and the move, then the look-back's removal."""
    days = (date(2017, 8, 14), date(2017, 8, 22))
    await session.advance_clocks(date(2017, 3, 20))
    for household in session.township.households:
        if household.split_members:
            await _split(session, household)
        if household.dying_member:
            await _record_death(session, household)
        if household.moves_to:
            await _move(session, household)
    await session.advance_clocks(days[0])
    unqualified = [h for h in session.township.households if h.never_qualified]
    phases = procedures.removal_phases("2017 年回头看评议会", "样扶组〔2017〕6号")
    await session.run_cases(unqualified, "look_back_removal", "回头看发现识别时收入超过标准", phases, days)


async def _person_ids(session: SampleSession, household: Household) -> dict[str, str]:
    """National person number → the register's person id."""
    detail = await session.client.get(AUDITOR, _path_of(session, household))
    return {member["national_no"]: member["person_id"] for member in detail["members"]}


async def _split(session: SampleSession, household: Household) -> None:
    person_ids = await _person_ids(session, household)
    leaving = [person_ids[number] for number in household.split_members]
    relation_of = {member.number: member.relation for member in household.members}
    body = {
        "person_ids": leaving, "head": leaving[0], "effective_on": "2017-03-15",
        "national_no": f"{household.village}9001", "reason": "marriage",
        "relations": [
            {"person_id": person_ids[number], "relation": IN_YOUNG_FAMILY[relation_of[number]]}
            for number in household.split_members
            if relation_of[number] in IN_YOUNG_FAMILY
        ],
    }  # fmt: skip
    await session.client.post(village_cadre(household.village), f"{_path_of(session, household)}/splits", body)


async def _record_death(session: SampleSession, household: Household) -> None:
    assert household.dying_member is not None
    person_id = (await _person_ids(session, household))[household.dying_member]
    path = f"{_path_of(session, household)}/members/{person_id}/deaths"
    await session.client.post(village_cadre(household.village), path, {"effective_on": "2017-03-10"})


async def _move(session: SampleSession, household: Household) -> None:
    """Proposed by the village that it leaves, accepted by the one that it comes to."""
    assert household.moves_to is not None
    body = {"from_division": household.village, "to_division": household.moves_to, "effective_on": "2017-03-18"}
    leaving, receiving = village_cadre(household.village), village_cadre(household.moves_to)
    move = await session.client.post(leaving, f"{_path_of(session, household)}/moves", body)
    await session.client.post(receiving, f"{move['location']}/acceptances", {})


def _path_of(session: SampleSession, household: Household) -> str:
    return f"/registry/households/{session.household_ids[household.number]}"
