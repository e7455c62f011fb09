"""Rules for enrolments and attendance, beside those of what goes together (``schooling``) and of schools."""

from services.chassis.ground.refusals import rule

MEMBER = "source facts M022 (eligibility follows the person)"

NOT_OF_HOUSEHOLD = rule(
    "enrolment_of_no_member",
    zh="此人在该日和现在都不是该户成员，请核对户和人。",
    en="Neither on that day nor now is this person a member of the household: check household and person.",
    source=MEMBER,
)
NO_CALENDAR = rule(
    "school_calendar_missing",
    zh="该学年没有生效的校历，请管理员确认校历文件。",
    en="No calendar of school terms is in force for that school year: have an operator adopt one.",
    source="documents of kind school_terms",
)
OUTSIDE_TERM = rule(
    "attendance_outside_term",
    zh="统计日期不在所填学期内（first 至 last），请核对学年、学期和日期。",
    en="The day of counting does not lie in that term (``first`` to ``last``): check school year, term and day.",
    source="documents of kind school_terms",
)
MORE_THAN_TERM = rule(
    "missed_more_than_term",
    zh="缺勤天数多于开学以来的天数（days），请核对。",
    en="More days are missed than the term has had (``days``): check the number.",
    source="documents of kind school_terms",
)
UNKNOWN_ENROLMENT_ACT = rule(
    "unknown_enrolment_act",
    zh="该学生没有这一次登记，或已作废。",
    en="This pupil has no such act, or it is void already.",
    source="Lika design: two times",
)
