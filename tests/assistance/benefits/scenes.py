"""Benefits of which more is to be shown than that they are paid: what they are counted by, who waits for a place, who is outside of the
register, and what is decided before it is argued."""

from contracts.registry.codes import LabourSkill, SchoolStage
from tests.assistance.benefits.field import Benefit, family, part, proved, rate
from tests.assistance.harness import Family

PROVINCE = "99"
PRIMARY = SchoolStage.PRIMARY


def pupils(count: int) -> list[Family]:
    return [family(2004, stage=PRIMARY, boarder=True) for _ in range(count)]


SCHOOL_LIFE = Benefit(
    "school_life", "R26; M110, M112", "pupil", ("{is: registered}", "{is: in_school}"),
    (
        part("meals", "canteen", "month", '{kind: per_attended_day, yuan: "4"}'),
        part("boarding", "person", "school_year", rate("1000"), only="{is: boarder}"),
    ),
    pupils(2), [], jurisdiction=PROVINCE,
)  # fmt: skip
COLLEGE = Benefit(
    "college_aid", "M117, B11", "pupil", ("{is: registered}", "{is: in_school}"),
    (part("grant", "person", "school_year", '{kind: ceiling_including_other_grants, ceiling: "10000"}'),),
    [family(1997, stage=SchoolStage.COLLEGE)], [], {"other_grants": "6000.00"},
)  # fmt: skip
LOW_INCOME = Benefit(
    "low_income", "M127", "household", (proved("low_income_decision"),),
    (part("base", "household", "month", '{kind: difference_to_line, line: "150"}'),),
    [family()], [], {"proved": ["low_income_decision"], "income": "80.00"},
)  # fmt: skip
SPONSORED = Benefit(
    "sponsorship", "B17, M073", "pupil", ("{is: in_school}", proved("sponsored")),
    (part("instalment", "person", "term", '{kind: instalments, yuan: "1200", count: 6}'),),
    [family(2004, stage=PRIMARY) for _ in range(3)], [], {"proved": ["sponsored"]},
)  # fmt: skip
GOLDEN_AUTUMN = Benefit(
    "autumn_aid", "M122, B54", "pupil", ("{is: in_school}", proved("hardship_worker_family")),
    (part("aid", "person", "once", rate("3000")),), [family(2001, stage=SchoolStage.SENIOR) for _ in range(4)], [],
    {"proved": ["hardship_worker_family"]}, opening_level="township",
    more="lasts: school_year\nquota: {units: 2}\npriority: [{zh: 单亲女职工, en: single mothers, of: ["
    + proved("single_mother") + "]}]\n",
)  # fmt: skip
UNABLE = Benefit(
    "least_living_aid", "M141", "person", ("{is: unable_to_work}",), (part("subsidy", "person", "month", rate("60")),),
    [*(family(skill=LabourSkill.LOST) for _ in range(3)), family()], [],
)  # fmt: skip
SAFETY_NET = Benefit(
    "safety_net", "M142; source facts §5 rule 35", "household", ("{is: registered}",),
    (part("relief", "household", "once", '{kind: range, least: "500", most: "5000"}'),),
    [family() for _ in range(2)], [], urgent=True,
)  # fmt: skip
DISASTER = Benefit(
    "disaster_relief", "M131, B24", "household", (proved("disaster"),),
    (
        part("cash", "household", "once", '{kind: table, by: level, rows: {damaged: "800", destroyed: "3000"}}'),
        part("quilts", "household", "once", '{kind: in_kind, zh: 棉被, en: quilts, quantity: "2", measured_in: set}'),
    ),
    [family()], [], urgent=True,
)  # fmt: skip
VAGRANTS = Benefit(
    "vagrants", "M132, B25", "case", (), (part("aid", "person", "once", '{kind: range, least: "20", most: "1000"}'),), [], [],
    urgent=True,
)  # fmt: skip
POOR_PUPILS_FUND = Benefit(
    "poor_pupils_fund", "M120; source facts §5 rule 33", "pupil", ("{is: in_school}", proved("very_poor_pupil")),
    (
        part("aid", "person", "once", "{kind: collected}"),
        part("living", "school", "term", "{kind: exemption, zh: 生活费, en: living cost}"),
    ),
    pupils(1), [], {"proved": ["very_poor_pupil"]},
)  # fmt: skip
MUTUAL_AID = Benefit(
    "mutual_aid", "M139", "worker", (proved("special_hardship"),), (part("aid", "person", "once", "{kind: collected}"),), [], [],
)  # fmt: skip
TEXTBOOKS = Benefit(
    "textbooks", "M109, M111, B12", "pupil", ("{is: registered}", "{is: in_stage, stages: [primary, junior]}"),
    (
        part("tuition", "school", "term", "{kind: exemption, zh: 学杂费, en: fees}"),
        part("books", "school", "term", '{kind: in_kind, zh: 课本, en: set of books, quantity: "1", measured_in: set}'),
        part("aid_chinese", "school", "term", '{kind: in_kind, zh: 语文教辅, en: aid, quantity: "1", measured_in: set}'),
        part("boarding", "person", "school_year", rate("1000"), only="{is: boarder}"),
    ),
    [*pupils(1), family(2004, stage=PRIMARY)], [],
)  # fmt: skip
MEMBERSHIP = Benefit(
    "mutual_membership", "M138", "worker", (proved("union_member"),),
    (part("premium", "insurer", "year", rate("30")),), [], [],
)  # fmt: skip
CLAIM = Benefit(
    "mutual_claims", "M138, B36", "worker", ("{is: receiving, programmes: [mutual_membership]}", proved("hospital_bill")),
    (part("claim", "person", "year", '{kind: share_above_threshold, threshold: "1000", share: "0.6", cap: "20000"}'),), [], [],
)  # fmt: skip
NO_AMOUNT = Benefit(
    "golden_autumn", "B54, M122", "pupil", ("{is: in_school}", proved("hardship_worker_family")),
    (part("aid", "person", "once", rate("2000")),), [family(2001, stage=SchoolStage.SENIOR)], [],
    {"proved": ["hardship_worker_family"]},
)  # fmt: skip
"""The national text of the same name says no amount."""
ALL = (
    SCHOOL_LIFE,
    COLLEGE,
    LOW_INCOME,
    SPONSORED,
    GOLDEN_AUTUMN,
    UNABLE,
    SAFETY_NET,
    DISASTER,
    VAGRANTS,
    POOR_PUPILS_FUND,
    MUTUAL_AID,
)
