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
STAGE_CHANGED = rule(
    "aid_stage_changed",
    zh="申请后学段已变，请按新学段重新申请。",
    en="The pupil's stage is no longer the one applied for; apply again for the new stage.",
    source="M119; source facts §5 rule 1",
)
GRANTED_LATER = rule(
    "aid_granted_for_a_later_day",
    zh="该学生另有一项资助自此后的日期起发放，按此日期批准会与之重叠；请改按没有资助的日期决定，或不予批准。",
    en="Aid was granted to this pupil from a later day, into which an approval of this day would run; decide on a day without"
    " aid, or do not approve.",
    source="B11, B56; source facts §5 rule 24: nothing is granted twice",
)
RULE_NOT_IN_FORCE = rule(
    "aid_rule_not_in_force",
    zh="当日当地没有生效的规定，无法办理。",
    en="No rule is in force on that day in that place, so this cannot be decided.",
    source="education_aid parameters",
)
