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
QUANTITY_NOT_ASKED = rule(
    "quantity_not_asked",
    zh="该构成的金额不按此项计算：请只填 asked 所列的一项；asked 为空的，无须登记。",
    en="The amount of this component is not reckoned from that: fill in what ``asked`` names and nothing else; where it is empty, there"
    " is nothing to enter.",
    source="programme documents of this installation",
)
COMPONENT_NOT_GRANTED = rule(
    "component_not_granted",
    zh="该待遇没有批准此项构成，已批准的见 granted；请核对构成。",
    en="This component was not granted; those that were are in ``granted``: check the component.",
    source="practice, money: what is entered is of what was granted",
)
PERIOD_NOT_GRANTED = rule(
    "period_not_granted",
    zh="period_from 不是该待遇已开始的任何一期的首日，最近的几期见 periods；请按其中一期登记。",
    en="No period of the grant that has begun starts on ``period_from``; the last ones are in ``periods``: enter one of them.",
    source="programme documents of this installation; practice, money: nothing is counted before it happened",
)
MORE_THAN_GRANTED = rule(
    "more_delivered_than_granted",
    zh="发放件数超过该项批准的数量（见 most）；请核对后重新登记。",
    en="More was handed out than was granted for the period (see ``most``): check the pieces and enter them again.",
    source="M111; source facts §5 rule 27: one aid for each subject, and no other is recommended",
)
MORE_DAYS_THAN_PERIOD = rule(
    "more_days_than_period",
    zh="天数超过该期内待遇有效、已过去的天数（见 most）；请核对后重新登记。",
    en="More days than the period had so far while it was granted (see ``most``): check the days and enter them again.",
    source="B01; source facts §5 rule 26: meals are settled by days of school",
)
NOBODY_TO_PROPOSE = rule(
    "nobody_to_propose",
    zh="该区域内没有可以提出的对象：有的不符合条件，有的已享受或已申请；理由请查看资格清单。",
    en="There is nobody to propose: of those ``considered``, so many are ``not_eligible`` and so many have it or applied (``has_it``); the"
    " list of eligibility says why.",
    source="M112; source facts §5 rule 4: whoever is eligible is helped",
)
TOO_MANY_TO_PROPOSE = rule(
    "too_many_to_propose",
    zh="该区域内的对象超过一次可提出的上限；请按乡镇或村分批提出。",
    en="One act proposes at most ``most`` units, and there are ``eligible`` in the area: propose township by township, or village by"
    " village.",
    source="Lika: as many cases as one batch takes",
)
QUOTA_FULL = rule(
    "programme_quota_full",
    zh="该项目名额已全部占用，暂不能批准；申请保留在排队中，有人退出后按顺序递补。",
    en="All ``places`` of the programme are taken, so nothing can be granted yet: the application waits in the queue, and moves up when"
    " somebody leaves.",
    source="quota of the programme's document",
)
QUOTA_OTHERS_FIRST = rule(
    "programme_quota_others_first",
    zh="空余名额须先给排在前面的申请；请先办结排在前面的申请（审定、不予批准或撤回）。",
    en="There are ``ahead`` applications before this one in the queue, and ``free`` places: decide those first, or let them be withdrawn.",
    source="priority and quota of the programme's document",
)
TERMS_MISSING = rule(
    "school_terms_missing",
    zh="当地该年没有生效的校历，无法计算应发期间；请管理员先采用该年的校历文件。",
    en="No school calendar of that year is in force in that place: have an operator adopt one.",
    source="documents of kind school_terms; practice, money: a term is due as the school calendar says",
)
RULE_NOT_IN_FORCE = rule(
    "programme_not_in_force",
    zh="当日当地没有生效的项目文件，无法办理。",
    en="No edition of the programme is in force on that day in that place, so this cannot be decided.",
    source="programme documents of this installation",
)
