"""Every rule of training: one code, two languages, its source. What asks them is ``course`` and ``domain``."""

from services.chassis.ground.refusals import rule

COURSE, KIND = "attendance per person and session (M146–M163; R36)", "course kind documents of this installation"

NOT_PLANNED = rule(
    "training_not_planned", zh="该班次的计划已作废；请先恢复计划。", en="The plan of this course is annulled; restore it first.",
    source=COURSE,
)  # fmt: skip
KIND_NOT_IN_FORCE = rule(
    "training_kind_not_in_force", zh="当日当地没有这一生效的培训类别；请查看培训类别文件。",
    en="No such kind of course is in force there on that day; see the documents of course kinds.", source=KIND,
)  # fmt: skip
NO_NEED_SURVEYED = rule(
    "training_no_need_surveyed", zh="当地尚未登记这类培训的需求；请先登记培训需求，再制定计划。",
    en="No need of this kind was surveyed there: enter what people need first, and plan then.", source="M158; " + KIND,
)  # fmt: skip
EMPLOYER_MISSING = rule(
    "training_employer_missing", zh="订单式培训须写明用工单位。", en="Training to order names the employer who ordered it.",
    source="M147; " + KIND,
)  # fmt: skip
ENDS_BEFORE_IT_BEGINS = rule(
    "training_ends_before_it_begins", zh="结束日期早于开始日期；请核对。", en="It ends before it begins; check the days.",
    source=COURSE,
)  # fmt: skip
SESSION_OUTSIDE_COURSE = rule(
    "training_session_outside_course", zh="上课日期不在该班起止日期之内（见 starts_on、ends_on）。",
    en="The session is not between the first and last day of the course (``starts_on``, ``ends_on``).", source=COURSE,
)  # fmt: skip
CANCELLED = rule(
    "training_cancelled", zh="该班已取消，不能再登记。", en="The course was cancelled; nothing more is entered.", source=COURSE,
)  # fmt: skip
COMPLETED = rule(
    "training_completed", zh="该班已结业；在结业日之后不能再登记上课和报名。",
    en="The course was completed; nobody enrols and no session is held after that day.", source=COURSE,
)  # fmt: skip
NOT_COMPLETED = rule(
    "training_not_completed", zh="该班尚未结业，不能评估；请先登记结业。",
    en="The course is not completed yet and cannot be evaluated; enter its completion first.", source="M158",
)  # fmt: skip
NO_SESSION_HELD = rule(
    "training_no_session_held", zh="该班尚未上过课，不能结业。", en="No session was held, so nothing is completed.", source=COURSE,
)  # fmt: skip
MORE_SESSIONS_THAN_PLANNED = rule(
    "training_more_sessions_than_planned", zh="课次超过计划（见 planned）；请核对课次。",
    en="More sessions than were planned (``planned``); check the number of the session.", source=COURSE,
)  # fmt: skip
SESSION_HELD_ALREADY = rule(
    "training_session_held_already", zh="该课次已登记过（见 on）；有误的请先作废。",
    en="This session is on record already (``on``); if that is wrong, annul it first.", source=COURSE,
)  # fmt: skip
HEADS_MISSING = rule(
    "training_heads_missing", zh="这类培训按到课人次统计，请填写到课人次。",
    en="Heads are counted in courses of this kind: say how many came.", source=KIND,
)  # fmt: skip
HEADS_FOLLOW_FROM_ATTENDANCE = rule(
    "training_heads_follow_from_attendance", zh="这类培训逐人签到，人次由签到得出，不能另报。",
    en="Attendance is by name in courses of this kind: person-times follow from it and are not reported besides.", source=KIND,
)  # fmt: skip
HEADS_ARE_PERSON_TIMES = rule(
    "training_heads_are_person_times", zh="一次课的到课数是人次，不是人数；请以“人次”为单位填写。",
    en="Who came to a session is counted in person-times, not in persons: give it in the unit attendance.", source="R36",
)  # fmt: skip
UNIT_DOES_NOT_FIT = rule(
    "training_unit_does_not_fit", zh="该项数字的单位不符（可用单位见 units）；人和人次不能混用。",
    en="The figure has another unit (``units`` may be used): persons and person-times are never mixed.", source="R36",
)  # fmt: skip
MORE_NAMED_THAN_COUNTED = rule(
    "training_more_named_than_counted", zh="签到的人数超过该课次登记的人次（见 heads）；请核对。",
    en="More are named as present than were counted (``heads``); check both.", source=COURSE,
)  # fmt: skip
TRAINEE_UNKNOWN = rule(
    "training_person_not_on_register", zh="该日该人不在登记的户中，不能报名；请先在登记系统办理。",
    en="The person lived in no household of the register on that day; enter that there first.", source=COURSE,
)  # fmt: skip
NOT_ELIGIBLE = rule(
    "training_not_eligible", zh="不符合该类培训的对象条件（原因见 reasons）。",
    en="Not whom this kind of course is for, for the ``reasons`` given.", source=KIND,
)  # fmt: skip
ENROLLED_ALREADY = rule(
    "training_enrolled_already", zh="该人已在该班，不重复报名。", en="The person takes part in the course already.", source=COURSE,
)  # fmt: skip
NOT_ENROLLED = rule(
    "training_not_enrolled", zh="该人在该日不是该班学员；请先报名，或核对日期。",
    en="Not enrolled in the course on that day: enrol first, or check the day.", source="R36; " + COURSE,
)  # fmt: skip
TRAINEE_DIED = rule(
    "training_trainee_died", zh="该人已于 on 所示日期去世。", en="The person had died by then (``on``).", source=COURSE,
)  # fmt: skip
SESSION_NOT_HELD = rule(
    "training_session_not_held", zh="该课次没有上过（已上课次数见 held）；请先登记上课。",
    en="No such session was held (``held`` says how many were); enter the session first.", source="R36; " + COURSE,
)  # fmt: skip
SESSION_ON_ANOTHER_DAY = rule(
    "training_session_on_another_day", zh="该课次在另一日期上课（见 on）；请先作废原有签到。",
    en="That session was held on another day (``on``); annul its attendance first.", source=COURSE,
)  # fmt: skip
ATTENDED_ALREADY = rule(
    "training_attended_already", zh="该人该课次已签到。", en="Attendance of this session is on record already.", source=COURSE,
)  # fmt: skip
NO_EXAM = rule(
    "training_without_exam", zh="这类培训不考试。", en="Courses of this kind have no examination.", source=KIND,
)  # fmt: skip
NO_CERTIFICATE = rule(
    "training_without_certificate", zh="这类培训不发证书。", en="Courses of this kind give no certificate.", source=KIND,
)  # fmt: skip
ATTENDED_TOO_LITTLE = rule(
    "training_attended_too_little", zh="出勤率（见 attended）低于要求（见 least），不能通过考试或发证。",
    en="Attended too little (``attended`` of the ``least`` percent) to pass or be certified.", source=KIND,
)  # fmt: skip
EXAM_NOT_PASSED = rule(
    "training_exam_not_passed", zh="尚未通过考试，不能发证；请先登记考试结果。",
    en="No certificate without a passed examination: enter its result first.", source="M155; R36",
)  # fmt: skip
CERTIFIED_ALREADY = rule(
    "training_certified_already", zh="该人在该班已领证，不重复发证。", en="The person has a certificate of this course already.",
    source=COURSE,
)  # fmt: skip
CERTIFICATE_NO_USED = rule(
    "training_certificate_no_used", zh="该证书编号已发给他人或已用于另一班次；请核对编号。",
    en="This certificate number is used already, for somebody else or in another course; check it.", source=COURSE,
)  # fmt: skip
NOT_ITS_ENTRY = rule(
    "training_not_its_entry", zh="该记录不是该班次的有效登记；请在班次详情中选取。",
    en="This is no standing entry of the course; take one from its answer.", source=COURSE,
)  # fmt: skip
ROSTER_NO_LAYOUT = rule(
    "training_roster_no_layout", zh="当地没有生效的培训名册表样；请先发布表样文件。",
    en="No layout of course rosters is in force there; a document gives it.", source="layout documents of this installation",
)  # fmt: skip
