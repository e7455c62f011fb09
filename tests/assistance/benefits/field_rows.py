"""Benefits whose eligibility stands in papers, and an office that pays them."""

from typing import Any

from contracts.registry.codes import SchoolStage
from contracts.registry.members import Sex
from tests.assistance.benefits.field import (
    APPLIED,
    DECIDED,
    PAID,
    TOLD,
    YEAR,
    Benefit,
    BenefitField,
    family,
    part,
    proved,
    rate,
)
from tests.assistance.care.telling import CareCounty

PRIMARY = SchoolStage.PRIMARY


SHARED = '{kind: shared_between_levels, matched: "79", real_cost: "100", shares: {province: "0.6", county: "0.4"}}'


SCREENING = Benefit(
    "breast_screen", "M136, B31", "person", ("{is: of_sex, sex: female}",), (part("examination", "hospital", "year", SHARED),),
    [*(family(1970) for _ in range(12)), family(1970, Sex.MALE)], [("examination", "2016-01-01", "79.00")],
    left_out={12: ("another_sex",)},
)  # fmt: skip


RELIEF = Benefit(
    "cancer_relief", "M136, B30", "person", ("{is: of_sex, sex: female}", proved("two_cancer_diagnosis")),
    (part("relief", "person", "once", rate("10000")),), SCREENING.families[:11], [("relief", DECIDED, "10000.00")],
    {"proved": ["two_cancer_diagnosis"]}, more="fund: {zh: 两癌救助基金, en: the relief fund, posted: false}\n",
)  # fmt: skip


BUS = Benefit(
    "school_bus", "M114, B08; source facts §5 rule 25", "pupil", ("{is: registered}", "{is: in_school}", proved("school_runs_buses")),
    (part("bus", "person", "school_year", rate("500")),), [family(2006, stage=PRIMARY) for _ in range(2)],
    [("bus", "2016-09-01", "500.00")], {"proved": ["school_runs_buses"]},
)  # fmt: skip


PUPILS = [family(2004, stage=PRIMARY, boarder=True) for _ in range(2)]


def schooling(key: str, pays: str) -> Benefit:
    return Benefit(
        key, "M022, M109; source facts §5 rules 15, 27", "pupil", ("{is: registered}", "{is: in_school}"),
        (
            part("boarding", "person", "term", rate("500"), only="{is: boarder}"),
            part("tuition", "school", "term", "{kind: exemption, zh: 学杂费, en: fees}"),
        ),
        PUPILS, [("boarding", "2016-09-01", "500.00")], more=f"pays: {pays}\n",
    )  # fmt: skip


LIVING, GRANTING = schooling("migrant_living", "residence"), schooling("migrant_granting", "granting")


ALL = (SCREENING, RELIEF, BUS, LIVING, GRANTING)


class FieldRows(BenefitField):
    """``care``: what is entered about people and schools."""

    care: CareCounty


def person(pupil: Any) -> dict[str, str]:
    return {"kind": "person", "id": str(pupil.pupil.person_id)}


def posted(office: FieldRows, benefit: Benefit, yuan: str) -> str:
    office.quota(yuan, programme=benefit.programme)
    pay_list = office.compile(TOLD, programme=benefit.programme, **YEAR)
    office.harness.post(office.township, f"{pay_list}/postings", {"on": TOLD})
    office.harness.post(office.department, f"{pay_list}/verifications", {"on": TOLD})
    return pay_list


def handed_over(office: FieldRows, pay_list: str) -> None:
    office.release(pay_list, PAID)
    office.harness.post(office.finance, f"{pay_list}/handovers", {"on": PAID, "voucher_no": "V1"})


def without_papers(office: FieldRows, benefit: Benefit) -> str:
    asked = office.proposal(benefit, terms={})
    return str(office.harness.cadre.post("/assistance/entitlements/proposals", asked).json()["code"])


def reach(office: FieldRows, day: str) -> None:
    """Unless a test before did."""
    if office.harness.assistance.now().date().isoformat() < day:
        office.harness.advance_to(day)


def school(office: FieldRows, name: str) -> dict[str, str]:
    return office.care.party("school", name, since=APPLIED)
