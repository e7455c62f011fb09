"""Rules by which a disclosure, or the review of one, is refused."""

from contracts.roles import Role
from services.casework.purposes import PURPOSES_BY_ROLE
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import rule

PRIVACY = "Personal Information Protection Law, articles 6 and 13; docs/privacy.md"

INBOX = NextStep("read_inbox", Office(roles=tuple(sorted(PURPOSES_BY_ROLE))))
"""Where what is open stands, with its id."""
ALLOW_MORE = NextStep("propose_document", Office(roles=(Role.OPERATOR,)))
ANOTHER_AUDITOR = NextStep("review_readings", Office(roles=(Role.AUDITOR,), another_person=True))

NEEDS_MATTER = rule(
    "disclosure_needs_matter",
    zh="按此目的查看，须指明每一户在办的事项（matters）：在办案件、未说明的核查发现、近期导入的采集表或近期的登记；下列各户没有。",
    en="For this purpose name (matters) what is open about each household: a case, an unanswered finding, a workbook or"
    " an entry of lately; the households named here have none.",
    source=PRIVACY,
)
MATTER_NOT_OPEN = rule(
    "matter_not_open",
    zh="所指事项不在办或没有找到；请从待办中选取在办的事项。",
    en="A matter that is named is not open, or was not found; take one that is open from the inbox.",
    source=PRIVACY,
)
NEEDS_ORDER = rule(
    "disclosure_needs_order",
    zh="按此目的查看，须注明所依据的文件（order）：发文机关和文号。",
    en="For this purpose name the paper that it rests on (order): its organ and document number.",
    source=PRIVACY,
)
TOO_MANY_HOUSEHOLDS_READ = rule(
    "too_many_households_read",
    zh="今日查看的户数已达您岗位的上限，次日可继续；确需更多的，由本县系统管理员以参数文件放宽。",
    en="You have read as many households today as your role may; it goes on tomorrow. An operator of the county can allow more by a"
    " document of parameters.",
    source="parameters personal_data (households_per_day); docs/privacy.md",
    status=429,
)
OWN_READINGS = rule(
    "own_readings",
    zh="不能复核自己的查看；请由上级或另一名审计人员复核。",
    en="Nobody reviews what they read themselves; another auditor, or one of a higher level, does.",
    source="Lika access rules: four eyes",
)
