"""Rules by which rows of a pupil roster are refused, beside those of enrolments and schools."""

from services.chassis.ground.refusals import Rule, rule

ROSTER = "pupil roster layout of this installation"


def _row_rule(code: str, zh: str, en: str, source: str = ROSTER) -> Rule:
    return rule(f"roster_{code}", zh=zh, en=en, source=source, status=422)


NO_LAYOUT = rule(
    "roster_no_layout",
    zh="当日没有生效的学生花名册版式：请管理员确认版式文件。",
    en="No layout of the pupil roster is in force on that day: have an operator adopt one.",
    source="layout documents of this installation",
)
PUPIL_TWICE = _row_rule(
    "pupil_twice", "证件号码在表中重复：请合并为一行。", "The ID number stands twice: make it one row."
)
UNKNOWN_PUPIL = _row_rule(
    "unknown_pupil",
    "本辖区登记簿中没有这个证件号码：不是登记农户成员的学生不在此登记；号码有误的请改正。",
    "Nobody on the register in your area has this number: pupils of no household on record are not entered here; if the number is"
    " wrong, correct it.",
    "source facts M022",
)
BAD_SCHOOL_CODE = _row_rule("bad_school_code", "学校标识码应为十位数字。", "A school code has ten digits.")
NOT_IN_SCHOOL = _row_rule("stage_of_nobody", "花名册上的学生须有学段。", "A pupil on the roster has a stage.")
OUT_OF_RANGE = _row_rule(
    "number_out_of_range", "年级应为 1 至 12，班应为 1 至 60，缺勤天数应为不超过 250 的整数。",
    "A grade is 1 to 12, a class 1 to 60, days missed a whole number of at most 250.",
)  # fmt: skip
END_INCOMPLETE = _row_rule(
    "end_incomplete",
    "学籍终止日期和原因须同时填写。",
    "The day on which an enrolment ended and the reason are filled in together.",
)
TERM_INCOMPLETE = _row_rule(
    "term_incomplete", "学年、学期和缺勤天数须同时填写。", "School year, term and days missed are filled in together."
)
ENROLLED_OTHERWISE = _row_rule(
    "enrolled_on_another_day",
    "该学生在该校该学段的学籍自另一日起登记：请核对入学日期；原登记有误的，请先作废。",
    "The pupil's enrolment at this school and stage is on record from another day: check the day; if the entry there is wrong,"
    " annul it first.",
)
OVERTAKEN = rule(
    "roster_overtaken",
    zh="导入期间该学生的学籍被他人改动：请核对后重新导入。",
    en="Others changed this pupil's enrolments during the import: check them and import again.",
    source="Lika design: decided under the lock",
)
