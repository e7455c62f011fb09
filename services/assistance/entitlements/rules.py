"""Every rule of entitlements: one code, two languages, its source. The functions that ask them are in ``domain``."""

from services.chassis.ground.refusals import rule

NOT_ELIGIBLE = rule(
    "not_eligible",
    zh="不符合该项目的条件，理由见 reasons。",
    en="The programme is not for this unit; why not is in ``reasons``.",
    source="the programme's document; M009, M112; source facts §5 rules 4, 23",
)
CEILING_REACHED = rule(
    "ceiling_reached",
    zh="其他资助或收入已达到该项目的标准，没有可补的差额，不能叠加。",
    en="Other grants, or the income, reach what this programme brings it up to; nothing can be stacked on top.",
    source="B11, B56; source facts §5 rule 24",
)
AMOUNT_UNKNOWN = rule(
    "amount_unknown",
    zh="该项目金额尚不能确定（见 missing）：请补齐申请内容；原文件未写明的，须先采用写明金额的版本。",
    en="The amount is not known (see ``missing``): complete the application; what the paper leaves open needs an edition that says it.",
    source="practice, money 8: what is masked, a range or unknown pays nothing until decided",
)
STAGE_CHANGED = rule(
    "stage_changed",
    zh="申请后学段已变，请按新学段重新申请。",
    en="The pupil's stage is no longer the one applied for; apply again for the new stage.",
    source="M119; source facts §5 rule 1",
)
GRANTED_LATER = rule(
    "granted_for_a_later_day",
    zh="该对象的同一项目另自此后的日期起发放，按此日期批准会与之重叠；请改按没有待遇的日期决定，或不予批准。",
    en="The same programme was granted to this unit from a later day, into which an approval of this day would run; decide on a day"
    " without it, or do not approve.",
    source="B11, B56; source facts §5 rule 24: nothing is granted twice",
)
NOT_RUNNING = rule(
    "entitlement_not_running",
    zh="该日待遇尚未开始或已终止，不能暂停；请按发放期间内的日期办理。",
    en="The entitlement does not run on that day, so it cannot be suspended: enter a day on which it runs.",
    source="practice, money: a suspension is of what runs",
)
SUSPENDED_ALREADY = rule(
    "entitlement_suspended_already",
    zh="该日待遇已处于暂停，应先恢复。",
    en="The entitlement is suspended on that day already: it is resumed first.",
    source="practice, money: a suspension ends by a resumption or its annulment",
)
NOT_SUSPENDED = rule(
    "entitlement_not_suspended",
    zh="该日待遇没有暂停，或已经恢复，没有可恢复的。",
    en="The entitlement is not suspended on that day, or was resumed: there is nothing to resume.",
    source="practice, money: a suspension ends by a resumption or its annulment",
)
SUSPENSION_BEFORE_LAST_CHANGE = rule(
    "suspension_before_last_change",
    zh="日期不能早于上一次暂停或恢复；以前登记有误的，先作废。",
    en="The day may not be earlier than the last suspension or resumption; what was entered wrongly is annulled first.",
    source="Lika design: two times",
)
SUSPENSION_VOID = rule(
    "suspension_annulled_already",
    zh="该暂停或恢复已经作废。",
    en="This suspension or resumption was annulled already.",
    source="Lika design: what is void is void once",
)
TERMS_MISSING = rule(
    "school_terms_missing",
    zh="当地该年没有生效的校历，无法计算应发期间；请管理员先采用该年的校历文件（school_terms）。",
    en="No school calendar of that year is in force in that place: have an operator adopt one (``school_terms``).",
    source="documents of kind school_terms; practice, money: a term is due as the school calendar says",
)
RULE_NOT_IN_FORCE = rule(
    "programme_not_in_force",
    zh="当日当地没有生效的项目文件，无法办理。",
    en="No edition of the programme is in force on that day in that place, so this cannot be decided.",
    source="programme documents of this installation",
)
