"""Every rule of education aid: one code, two languages, its source. The functions that ask them are in ``domain``."""

from services.chassis.ground.refusals import rule

NOT_ELIGIBLE = rule(
    "aid_not_eligible",
    zh="该学生不符合教育资助条件。",
    en="The pupil is not eligible for education aid.",
    source="M009, M112; source facts §5 rules 4, 23; reasons in facts",
)
CEILING_REACHED = rule(
    "aid_ceiling_reached",
    zh="其他资助已达到该学段的封顶标准，不能叠加。",
    en="Other grants reach the ceiling of this stage already; nothing can be stacked on top.",
    source="B11, B56; source facts §5 rule 24",
)
APPLICATION_OPEN = rule(
    "aid_application_open",
    zh="该学生已有未办结的申请。",
    en="An application for this pupil is under way.",
    source="Lika: one application at a time",
)
ALREADY_GRANTED = rule(
    "aid_already_granted",
    zh="该学生当日已在享受教育资助。",
    en="The pupil is entitled to education aid on that day already.",
    source="M112: one amount per pupil and year",
)
APPLICATION_OVER = rule(
    "aid_application_over",
    zh="该申请已办结。",
    en="This application is closed.",
    source="Lika: an application is decided once",
)
OUT_OF_ORDER = rule(
    "aid_step_out_of_order",
    zh="尚未办到这一步。",
    en="This step is not due.",
    source="source facts §5 rule 2: appraisal, objection-free notice, review, decision",
)
BEFORE_FORMER_STEP = rule(
    "aid_before_former_step",
    zh="日期不能早于上一步。",
    en="The day may not be earlier than that of the step before.",
    source="source facts §5 rule 2",
)
FUTURE_DAY = rule(
    "aid_future_day",
    zh="日期不能晚于今天。",
    en="The day may not lie in the future.",
    source="Lika design: two times",
)
VOTES_DO_NOT_ADD = rule(
    "aid_votes_do_not_add_up",
    zh="赞成、反对、弃权之和应等于到会人数，到会人数不能超过应到人数。",
    en="Votes in favour, against and abstained must add up to those present, and no more can be present than entitled.",
    source="source facts §3: totals must equal the sum of their parts",
)
NO_QUORUM = rule(
    "aid_appraisal_without_quorum",
    zh="到会人数不足，评议无效。",
    en="Too few were present: the appraisal is void.",
    source="education_aid.quorum_percent",
)
NOTICE_NOT_OVER = rule(
    "aid_notice_not_over",
    zh="公示期未满，或异议尚未处理完毕。",
    en="The notice is not over, or an objection is still open.",
    source="source facts §5 rule 2 公示无异议",
)
OBJECTION_TOO_LATE = rule(
    "aid_objection_outside_notice",
    zh="只能在公示期内提出异议。",
    en="An objection is raised while the notice hangs out.",
    source="source facts §5 rule 2",
)
OBJECTION_NOT_OPEN = rule(
    "aid_objection_not_open",
    zh="没有这一编号的未处理异议。",
    en="No open objection has this number.",
    source="Lika: an objection is resolved once",
)
OWN_ENTRY = rule(
    "aid_approves_own_entry",
    zh="不能审核自己录入或审核过的内容。",
    en="Nobody approves what they entered or reviewed.",
    source="Lika access rules: four eyes",
)
STAGE_CHANGED = rule(
    "aid_stage_changed",
    zh="申请后学段已变，请按新学段重新申请。",
    en="The pupil's stage is no longer the one applied for; apply again for the new stage.",
    source="M119; source facts §5 rule 1",
)
RULE_NOT_IN_FORCE = rule(
    "aid_rule_not_in_force",
    zh="当日当地没有生效的规定，无法办理。",
    en="No rule is in force on that day in that place, so this cannot be decided.",
    source="education_aid parameters",
)
