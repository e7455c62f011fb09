"""Benefits of the field, one by one, as the rows of the source facts have them. Amounts that a paper does not say are those of a made-up
county: only its own edition may say them."""

from contracts.registry.codes import LabourSkill, SchoolStage
from contracts.registry.members import Sex
from tests.assistance.benefits.field import Benefit, family, part, proved, rate
from tests.assistance.harness import Family

PRIMARY, JUNIOR, SENIOR = SchoolStage.PRIMARY, SchoolStage.JUNIOR, SchoolStage.SENIOR
BY_STAGE = '{kind: table, by: stage, rows: {primary: "1000", junior: "1250"}}'
COMPULSORY = ("primary", "junior")
REGISTERED, IN_COMPULSORY = "{is: registered}", "{is: in_stage, stages: [primary, junior]}"
SCHOOL_YEAR = "2016-09-01"
FREE = "{{kind: exemption, zh: {0}, en: free {0}}}"


def pupil(stage: SchoolStage, *, boarder: bool = False) -> Family:
    return family(2004, stage=stage, boarder=boarder)


def man(birth_year: int) -> Family:
    return family(birth_year, Sex.MALE)


SCHOOL = {
    "M109": Benefit(
        "two_exemptions_one_subsidy", "M109, B04, B05, B12", "pupil", (REGISTERED, IN_COMPULSORY),
        (
            part("tuition", "school", "term", FREE.format("tuition")), part("books", "school", "term", FREE.format("books")),
            part("boarding", "person", "school_year", BY_STAGE, only="{is: boarder}"),
        ),
        [pupil(PRIMARY, boarder=True), pupil(PRIMARY, boarder=True)], [("boarding", SCHOOL_YEAR, "1000.00")],
    ),
    "M110": Benefit(
        "nutrition", "M110, B01", "pupil", (REGISTERED, IN_COMPULSORY),
        (part("meals", "canteen", "month", '{kind: per_attended_day, yuan: "4"}', stages=COMPULSORY),),
        [pupil(PRIMARY), pupil(JUNIOR), pupil(SENIOR)], [("meals", "2016-09-01", "48.00")],
        told=[("meals", "2016-09-01", {"days": 12})], left_out={2: ("not_in_stage",)},
    ),
    "M113": Benefit(
        "preschool", "M113, B02", "pupil", (REGISTERED, "{is: in_stage, stages: [preschool]}"),
        (part("preschool", "person", "school_year", rate("1000")),),
        [family(2012, stage=SchoolStage.PRESCHOOL), pupil(PRIMARY)], [("preschool", SCHOOL_YEAR, "1000.00")],
        left_out={1: ("not_in_stage",)},
    ),
    "M114": Benefit(
        "bus", "M114, B08", "pupil", (REGISTERED, "{is: in_school}", proved("school_runs_buses")),
        (part("bus", "person", "school_year", rate("500")),), [pupil(PRIMARY)], [("bus", SCHOOL_YEAR, "500.00")],
        {"proved": ["school_runs_buses"]},
    ),
    "M115": Benefit(
        "senior", "M115, B09", "pupil", (REGISTERED, "{is: in_stage, stages: [senior]}"),
        (
            part("grant", "person", "school_year", rate("2500")), part("tuition", "school", "term", FREE.format("tuition")),
            part("lodging", "school", "term", FREE.format("lodging")),
        ),
        [pupil(SENIOR)], [("grant", SCHOOL_YEAR, "2500.00")],
    ),
    "M116": Benefit(
        "vocational", "M116, B10", "pupil", (REGISTERED, "{is: in_stage, stages: [vocational]}"),
        (
            part("grant", "person", "school_year", "{kind: masked}"), part("tuition", "school", "term", FREE.format("tuition")),
            part("lodging", "school", "term", FREE.format("lodging")),
        ),
        [pupil(SchoolStage.VOCATIONAL)], [],
    ),
    "M117": Benefit(
        "college", "M117, B11", "pupil", (REGISTERED, "{is: in_stage, stages: [college]}"),
        (part("grant", "person", "school_year", '{kind: ceiling_including_other_grants, ceiling: "10000"}'),),
        [family(1997, stage=SchoolStage.COLLEGE)], [("grant", SCHOOL_YEAR, "4000.00")], {"other_grants": "6000.00"},
    ),
    "M121": Benefit(
        "college_entrants", "M121, B14", "person", ("{is: in_stage, stages: [college]}", proved("college_entrant")),
        (part("subsidy", "person", "once", rate("4000")),),
        [family(1998, stage=SchoolStage.COLLEGE) for _ in range(7)], [("subsidy", "2016-09-14", "4000.00")],
        {"proved": ["college_entrant"]},
    ),
}  # fmt: skip
BASE = '{kind: difference_to_line, line: "150"}'


def supplement(yuan: str, *, each: bool = False) -> str:
    return f'{{kind: supplement, to: base, yuan: "{yuan}", per_person: {str(each).lower()}}}'


def months(component: str, yuan: str) -> list[tuple[str, str, str]]:
    return [(component, "2016-09-01", yuan), (component, "2016-10-01", yuan)]


CIVIL_AFFAIRS = {
    "M127": Benefit(
        "rural_low_income", "M127, B20; source facts §5 rule 29", "household",
        (proved("low_income_decision"), '{is: income_below, line: "150"}'),
        (
            part("base", "household", "month", BASE), part("festival", "household", "year", supplement("50")),
            part("price", "household", "month", supplement("8", each=True)),
            part("raised", "household", "month", supplement("5", each=True)),
        ),
        [family(), family()],
        [*months("base", "140.00"), ("festival", "2016-01-01", "50.00"), *months("price", "16.00"), *months("raised", "10.00")],
        {"proved": ["low_income_decision"], "income": "80.00"},
    ),
    "M128": Benefit(
        "urban_low_income", "M128, B21", "household",
        (proved("low_income_decision"), '{is: income_below, line: "300"}'),
        (
            part("base", "household", "month", '{kind: difference_to_line, line: "300"}'),
            part("price", "household", "month", supplement("10", each=True)),
        ),
        [family()], [*months("base", "260.00"), *months("price", "20.00")],
        {"proved": ["low_income_decision"], "income": "170.00"},
    ),
    "M129": Benefit(
        "five_guarantees", "M129, B22", "household", (proved("five_guarantee_decision"),),
        (part("support", "household", "year", '{kind: table, by: level, rows: {scattered: "3900", in_a_home: "5200"}}'),),
        [family(1940)], [("support", "2016-01-01", "3900.00")],
        {"proved": ["five_guarantee_decision"], "level": "scattered"},
    ),
    "M130": Benefit(
        "medical", "M130, B23", "person", (proved("hospital_bill"),),
        (part("aid", "hospital", "year", '{kind: share_above_threshold, threshold: "2000", share: "0.5", cap: "20000"}'),),
        [family(), family()], [("aid", "2016-01-01", "3000.00")], {"proved": ["hospital_bill"]},
        told=[("aid", "2016-01-01", {"cost": "8000.00"})],
    ),
    "B24": Benefit(
        "disaster_living_aid", "M131, B24", "household", (proved("disaster"),),
        (
            part("cash", "household", "once", '{kind: table, by: level, rows: {damaged: "800", destroyed: "3000"}}'),
            part("felt", "household", "once", '{kind: in_kind, zh: 油毡, en: rolls of felt, quantity: "3", measured_in: set}'),
        ),
        [family(), family()], [("cash", "2016-09-14", "800.00")], {"proved": ["disaster"], "level": "damaged"},
    ),
    "M134": Benefit(
        "elderly_veterans", "M134, B29", "person", ("{is: aged, least: 60}", proved("veteran")),
        (part("allowance", "person", "month", rate("47.25")),),
        [man(1957), man(1956), man(1955)], months("allowance", "47.25"), {"proved": ["veteran"]},
        left_out={0: ("too_young",)},
    ),
    "B27": Benefit(
        "merit_extra", "B27", "person", (proved("conscript"), proved("merit")),
        (part("merit", "household", "once", '{kind: table, by: level, rows: {third_class: "500", second_class: "1000"}}'),),
        [man(1996)], [("merit", "2016-09-14", "500.00")], {"proved": ["conscript", "merit"], "level": "third_class"},
    ),
    "B30": Benefit(
        "two_cancer", "B30", "person", ("{is: of_sex, sex: female}", proved("two_cancer_diagnosis")),
        (part("relief", "person", "once", rate("10000")),),
        [family(), man(1970), family()], [("relief", "2016-09-14", "10000.00")], {"proved": ["two_cancer_diagnosis"]},
        left_out={1: ("another_sex",)},
    ),
    "M141": Benefit(
        "least_living", "M141", "person", ("{is: unable_to_work}",), (part("subsidy", "person", "month", rate("60")),),
        [family(skill=LabourSkill.LOST), family(), family(skill=None)], months("subsidy", "60.00"),
        left_out={1: ("no_labour_ability_stated",), 2: ("labour_not_asked",)},
    ),
}  # fmt: skip
WORK = {
    "M171": Benefit(
        "tea_machine", "M171, B46", "household", (REGISTERED, proved("tea_grower")),
        (part("machine", "household", "once", rate("1000")),),
        [family() for _ in range(10)], [("machine", "2016-09-14", "1000.00")], {"proved": ["tea_grower"]},
    ),
    "M137": Benefit(
        "insurance_cover", "M137", "person", (proved("uninsured"),),
        (
            part("medical", "insurer", "year", rate("90")), part("pension", "insurer", "year", rate("100")),
            part("accident", "insurer", "year", rate("30")),
        ),
        [family(), family(1985)],
        [("medical", "2016-01-01", "90.00"), ("pension", "2016-01-01", "100.00"), ("accident", "2016-01-01", "30.00")],
        {"proved": ["uninsured"]}, more="fund: {zh: 帮扶责任人代缴, en: paid by the helper, posted: false}\n",
        opening_level="township",
    ),
    "B36": Benefit(
        "mutual_claim", "B36", "person", ("{is: of_sex, sex: female}", proved("mutual_member"), proved("hospital_bill")),
        (part("claim", "person", "year", '{kind: share_above_threshold, threshold: "1000", share: "0.6", cap: "20000"}'),),
        [family()], [("claim", "2016-01-01", "8400.00")], {"proved": ["mutual_member", "hospital_bill"]},
        told=[("claim", "2016-01-01", {"cost": "15000.00"})],
    ),
    "B39": Benefit(
        "public_post_subsidy", "B39", "person", ("{is: of_sex, sex: female}", proved("public_post")),
        (part("post", "person", "month", '{kind: per_attended_day, yuan: "30"}'),),
        [family(1980)], [("post", "2016-09-01", "450.00")], {"proved": ["public_post"]},
        told=[("post", "2016-09-01", {"days": 15})],
    ),
    "B40": Benefit(
        "aid_for_the_4050", "B40", "person", ("{is: of_sex, sex: female}", "{is: aged, least: 40, most: 53}"),
        (part("aid", "person", "half_year", rate("1500")),),
        [family(1977), family(1976), family(1963), family(1962)], [("aid", "2016-07-01", "1500.00")],
        left_out={0: ("too_young",), 3: ("too_old",)},
    ),
}  # fmt: skip
ROWS = {**SCHOOL, **CIVIL_AFFAIRS, **WORK}
