"""The sample as its village cadres would have filled it in: one workbook of the collection form per village."""

from collections.abc import Iterator, Mapping

from contracts.registry.households import SchoolStage
from lika.demo.circumstances import INCOME_YEAR
from lika.demo.people import Person
from lika.demo.places import COUNTY_NAME, TOWNSHIP_NAME, Division
from lika.demo.township import Household, Township
from services.registry.intake import codes
from services.registry.intake.layout import HOUSEHOLDS, MEMBERS
from services.registry.intake.writing.workbook_writer import Value, write_form

LAST_ROW = 2000
AMOUNTS = ("arable_mu", "forest_mu", "housing_m2", "wages", "business", "property", "transfers", "business_costs")
CONDITIONS = ("food", "clothing", "education", "medical", "housing", "water")


def village_workbooks(township: Township) -> list[tuple[str, bytes]]:
    """File name and .xlsx per village, in the order of the codes; the same bytes every time."""
    villages = [division for division in township.divisions if len(division.code) == 12]
    return [(f"{village.code}-{village.name}.xlsx", _workbook(township, village)) for village in villages]


def _workbook(township: Township, village: Division) -> bytes:
    households = township.of_village(village.code)
    rows = {
        HOUSEHOLDS: [_household(household, village) for household in households],
        MEMBERS: [row for household in households for row in _members(household)],
    }
    return write_form(rows, last_row=LAST_ROW)


def _household(household: Household, village: Division) -> Mapping[str, Value]:
    found = household.circumstances
    group = int(household.number[-2:]) % 8 + 1
    return {
        "national_no": household.number,
        "division": household.village,
        "surveyed_on": household.surveyed_on.isoformat(),
        "address": f"{COUNTY_NAME}{TOWNSHIP_NAME}{village.name}{group}组",
        "phone": found.phone,
        "account": found.account,
        "attribute": codes.ATTRIBUTES.label(found.attribute),
        "main_cause": codes.CAUSES.label(found.main_cause),
        "other_causes": "、".join(codes.CAUSES.label(cause) for cause in found.other_causes) or None,
        "income_year": INCOME_YEAR,
        **{key: getattr(found, key) for key in AMOUNTS},
        **{key: "是" if getattr(found, key) else "否" for key in CONDITIONS},
    }


def _members(household: Household) -> Iterator[Mapping[str, Value]]:
    for member in household.members:
        yield _member(household, member)


def _member(household: Household, member: Person) -> Mapping[str, Value]:
    """Pupils say whether they board; a blank level means that nobody is disabled."""
    pupil = member.stage is not SchoolStage.NONE
    level = member.disability_level
    return {
        "household_no": household.number,
        "national_no": member.number,
        "name": member.name,
        "sex": codes.SEXES.label(member.sex),
        "id_number": member.id_number,
        "relation": codes.RELATIONS.label(member.relation),
        "school_stage": codes.STAGES.label(member.stage),
        "boarder": ("是" if member.boarder else "否") if pupil else None,
        "school": member.school,
        "health": codes.HEALTH.label(member.health),
        "disability_level": codes.DISABILITY.label(codes.DisabilityLevel(level)) if level is not None else None,
        "labour_skill": codes.SKILLS.label(member.skill),
    }
