"""The sample as workbooks of the collection form, one per village, as its cadres would have filled them in."""

from collections.abc import Mapping

from contracts.registry.codes import SchoolStage
from lika.demo.circumstances import INCOME_YEAR
from lika.demo.divisions import COUNTY, COUNTY_NAME, TOWNSHIP_NAME, Division
from lika.demo.people import Person
from lika.demo.township import Household, Township
from lika.fiction.life_stages import disability_card
from services.casework.documents.lookup import Lookup
from services.casework.workbooks.form import Form
from services.casework.workbooks.writing.workbook_writer import Value, write_form
from services.registry.document_kinds import FIRST_TEXTS
from services.registry.intake import codes
from services.registry.intake.form import form_in_force
from services.registry.intake.layout import HOUSEHOLDS, MEMBERS

LAST_ROW = 2000
AMOUNT_FIELDS = ("arable_mu", "forest_mu", "housing_m2", "wages", "business", "property", "transfers", "business_costs")
CONDITION_FIELDS = ("food", "clothing", "education", "medical", "housing", "water")


def village_workbooks(township: Township) -> list[tuple[str, bytes]]:
    """File name and .xlsx per village, in the order of the codes; the same bytes every time."""
    villages = [division for division in township.divisions if len(division.code) == 12]
    known = FIRST_TEXTS.register("registry").as_known()
    form = form_in_force(Lookup(lambda _: known), township.households[0].surveyed_on, COUNTY)
    return [(f"{village.code}-{village.name}.xlsx", _workbook(township, village, form)) for village in villages]


def _workbook(township: Township, village: Division, form: Form) -> bytes:
    households = township.of_village(village.code)
    rows = {
        HOUSEHOLDS: [_household_row(household, village) for household in households],
        MEMBERS: [_member_row(household, member) for household in households for member in household.members],
    }
    return write_form(form, rows, last_row=LAST_ROW)


def _household_row(household: Household, village: Division) -> Mapping[str, Value]:
    circumstances = household.circumstances
    group = int(household.number[-2:]) % 8 + 1
    return {
        "national_no": household.number,
        "division": household.village,
        "surveyed_on": household.surveyed_on.isoformat(),
        "address": f"{COUNTY_NAME}{TOWNSHIP_NAME}{village.name}{group}组",
        "phone": circumstances.phone,
        "account": circumstances.account,
        "attribute": codes.ATTRIBUTES.label(circumstances.attribute),
        "main_cause": codes.CAUSES.label(circumstances.main_cause),
        "other_causes": "、".join(codes.CAUSES.label(cause) for cause in circumstances.other_causes) or None,
        "income_year": INCOME_YEAR,
        **{key: getattr(circumstances, key) for key in AMOUNT_FIELDS},
        **{key: "是" if getattr(circumstances, key) else "否" for key in CONDITION_FIELDS},
    }


def _member_row(household: Household, member: Person) -> Mapping[str, Value]:
    """``boarder`` is blank where the member is no pupil, the disability level where there is no disability."""
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
        "disability_card": disability_card(member.id_number, level) if level is not None else None,
        "labour_skill": codes.SKILLS.label(member.skill),
    }
