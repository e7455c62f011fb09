"""Rules by which a row is refused. A household with such a row yields no draft; messages never repeat a cell's
content."""

from services.chassis.ground.refusals import Rule, rule
from services.registry.households.rules import MOST_MEMBERS

FORM = "Lika collection form"
NATIONAL = "National register form (户编号, 人编号)"


def _row_rule(code: str, zh: str, en: str, source: str = FORM) -> Rule:
    return rule(f"intake_{code}", zh=zh, en=en, source=source, status=422)


UNKNOWN_RELATION = _row_rule(
    "unknown_relation", "与户主关系不在代码表中。", "The relation to the head is not in the list."
)
DECIDED_LATER = _row_rule(
    "decided_after_recorded",
    "决定日期晚于原系统登记日期。",
    "Decided after the old system recorded it.",
)
INCOME_INCOMPLETE = _row_rule(
    "income_incomplete",
    "收入年度（或收入期间填“前12个月”）与五项金额须同时填写（没有的填 0）。",
    "The year, or the twelve months before as the period, and the five amounts are filled together (0 where there is none).",
    "Reference: Income",
)
YEAR_OF_TWELVE_MONTHS = _row_rule(
    "year_of_twelve_months",
    "收入期间为“前12个月”的，以调查日期为准：请删去收入年度。",
    "The twelve months before are those before the survey: leave the income year out.",
    "Reference: Income",
)
DAY_OF_TWELVE_MONTHS = _row_rule(
    "day_of_twelve_months",
    "收入期间为“前12个月”的，调查日期须填到日。",
    "For the twelve months before, the survey date is needed to the day.",
    "Reference: Income",
)
RESIDENCE_INCOMPLETE = _row_rule(
    "residence_incomplete",
    "是否共同生活与其原因须同时填写。",
    "Whether somebody lives in common, and why, are filled together.",
    "民发〔2021〕57号",
)
RESIDENCE_CONTRADICTS = _row_rule(
    "residence_contradicts",
    "原因与是否共同生活不符：在家、外出务工、外出就学为共同生活，其余为不共同生活。",
    "The reason contradicts: at home, working or studying away is in common, the others are apart.",
    "民发〔2021〕57号",
)
CONDITIONS_INCOMPLETE = _row_rule(
    "conditions_incomplete",
    "“两不愁三保障”与饮水安全六项须同时填写。",
    "The six conditions are filled together.",
    "M010",
)
DECISION_INCOMPLETE = _row_rule(
    "decision_incomplete",
    "文号、决定机关、决定日期、签发人须同时填写。",
    "Document number, organ, day and signer are filled together.",
)
TWO_MAIN_CAUSES = _row_rule(
    "two_main_causes",
    "主要致贫原因只能填一项。",
    "There is one main cause of poverty.",
    "M011",
)
TOO_MANY_CAUSES = _row_rule("too_many_causes", "其他致贫原因最多两项。", "There are at most two other causes.", "M011")
CAUSE_REPEATED = _row_rule("cause_repeated", "致贫原因重复。", "A cause of poverty is repeated.", "M011")
DUPLICATE_HOUSEHOLD = _row_rule("duplicate_household", "户编号重复。", "The household number stands twice.", NATIONAL)
DUPLICATE_PERSON = _row_rule("duplicate_person", "人编号重复。", "The person number stands twice.", NATIONAL)
DUPLICATE_ID = _row_rule(
    "duplicate_id", "证件号码在文件中重复。", "The ID number stands twice in the file.", "GB 11643-1999"
)
ID_MISSING = _row_rule(
    "id_missing",
    "没有人编号的新成员必须填写证件号码。",
    "A new member, without a person number, needs an ID number.",
)
SEX_AND_YEAR_MISSING = _row_rule(
    "sex_and_year_missing",
    "证件号码不含性别和出生年份：新成员须填写性别和出生年份两列。",
    "The document does not say sex and year of birth: fill in both columns for a new member.",
)
YEAR_CONTRADICTS_ID = _row_rule(
    "year_contradicts_id", "出生年份与证件号码不符。", "The year of birth contradicts the ID number.", "GB 11643-1999"
)
DOCUMENT_AND_NONE = _row_rule(
    "document_and_none",
    "证件类型为“无证件”的，不填号码而填无证件原因；有证件的，不填无证件原因。",
    "With no document give the reason and no number; with a document, no reason why there is none.",
)
NO_REASON = _row_rule(
    "no_document_reason_missing",
    "证件类型为“无证件”的，须填写无证件原因。",
    "Without a document, the reason why is needed.",
)
SEX_CONTRADICTS_ID = _row_rule(
    "sex_contradicts_id", "性别与证件号码不符。", "The sex contradicts the ID number.", "GB 11643-1999"
)
BIRTH_AFTER_SURVEY = _row_rule(
    "birth_contradicts_id",
    "按证件号码，此人在调查日期尚未出生。",
    "By the ID number this person was not yet born at the survey.",
    "GB 11643-1999",
)
MONTHS_BEYOND_YEAR = _row_rule(
    "months_beyond_year", "务工时间应为 0 至 12 个整月。", "Months of work in a year are whole ones, 0 to 12."
)
UNKNOWN_VILLAGE_NAME = _row_rule(
    "unknown_village_name",
    "您的管辖范围内没有这个村名：请核对，或填写 12 位行政区划代码。",
    "There is no village of this name in your area: check it, or write its code of twelve digits.",
    "Lika access rules",
)
VILLAGE_NAME_TWICE = _row_rule(
    "village_name_twice",
    "您的管辖范围内有几个同名的村：请填写 12 位行政区划代码。",
    "Several villages of your area have this name: write the code of twelve digits.",
    "GB/T 2260; reference: Administrative divisions",
)
NO_HEAD = _row_rule("no_head", "该户没有户主。", "The household has no head.")
TWO_HEADS = _row_rule("two_heads", "该户有两个以上户主。", "The household has more than one head.")
MEMBER_WITHOUT_HOUSEHOLD = _row_rule(
    "member_without_household", "户表中没有该户编号。", "No such household in the household sheet."
)
HISTORY_WITHOUT_HOUSEHOLD = _row_rule(
    "history_without_household",
    "历史表中的户编号不在户表中。",
    "History of a household that is not in the household sheet.",
)
TOO_MANY_MEMBERS = _row_rule(
    "too_many_members",
    f"一户最多 {MOST_MEMBERS} 人：请核对户编号是否填错，确属一户的请分次登记。",
    f"A household has at most {MOST_MEMBERS} members: see whether household numbers are mistaken, or enter the rest as"
    " members who join.",
    "Lika interface rules",
)
HOUSEHOLD_WITHOUT_MEMBERS = _row_rule(
    "household_without_members", "成员表中没有该户的成员。", "The household has no members in the member sheet."
)
