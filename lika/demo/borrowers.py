"""Women of working age in households to which nothing else happens: whom the sample trains, places and lends to."""

import asyncio
from dataclasses import dataclass

from contracts.registry.codes import LabourSkill
from contracts.registry.members import Sex
from lika.demo.divisions import village
from lika.demo.officials import AUDITOR
from lika.demo.session import SampleSession
from lika.demo.township import Household

VILLAGE = village("Qingshan").code
BORN = range(1966, 1990)


@dataclass(frozen=True, slots=True)
class Borrower:
    """A member by the register's ids."""

    person_id: str
    household_id: str
    village: str


async def women_of_working_age(session: SampleSession, count: int, skip: int = 0) -> list[Borrower]:
    """The first so many after ``skip``, each of another household of one village that never exits."""
    found = [(h, number) for h in session.township.of_village(VILLAGE) if (number := _able_woman(h)) is not None]
    return await asyncio.gather(*(_borrower(session, *each) for each in found[skip : skip + count]))


def _able_woman(household: Household) -> str | None:
    """Her national person number."""
    if household.has_scenario or household.exit_year is not None:
        return None
    able = (LabourSkill.ORDINARY, LabourSkill.SKILLED)
    return next(
        (m.number for m in household.members if m.sex is Sex.FEMALE and m.born.year in BORN and m.skill in able), None
    )


async def _borrower(session: SampleSession, household: Household, number: str) -> Borrower:
    household_id = session.household_ids[household.number]
    detail = await session.client.get(AUDITOR, f"/registry/households/{household_id}")
    person_id = next(m["person_id"] for m in detail["members"] if m["national_no"] == number)
    return Borrower(str(person_id), household_id, household.village)
