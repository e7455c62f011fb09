"""The rules by which a command about a target is refused, each with its source."""

from services.chassis.ground.refusals import rule

WITHOUT_QUANTITY = rule(
    "target_without_quantity",
    zh="任务事项必须有数量和单位。",
    en="An item has a quantity with its unit.",
    source="source facts §5 rules 55, 75",
)
WITHOUT_OWNER = rule(
    "target_without_owner",
    zh="任务事项必须明确责任人。",
    en="An item has a named owner.",
    source="M189; source facts §5 rule 55; C25",
)
OWNER_INCOMPLETE = rule(
    "target_owner_incomplete",
    zh="责任人不完整（缺字或被省略）；如原件如此，请填写责任人说明。",
    en="An owner's label is truncated; if the paper says no more, say so in its note.",
    source="C25; table 4.1 W8",
)
OWNER_TWICE = rule(
    "target_owner_named_twice",
    zh="同一责任人重复填写。",
    en="The same owner is named twice.",
    source="M189: owner load counts items, not mentions",
)
NOT_A_COUNT = rule(
    "target_amount_not_whole",
    zh="该单位按整数计量。",
    en="This unit is counted in whole numbers.",
    source="source facts §5 rule 75",
)
EXIT_NEEDS_BOTH = rule(
    "exit_target_needs_households_and_persons",
    zh="脱贫任务须同时给出户数和人数，各一项。",
    en="An exit target names households and persons, one line each.",
    source="M006; source facts §5 rule 9",
)
EXIT_DEADLINE = rule(
    "exit_target_deadline_outside_year",
    zh="年度脱贫任务的完成时限须在该年度内；多年脱贫计划须逐项写明每年应完成的数量，或比例及其基数。",
    en="The deadline of a yearly exit target lies within its year; one of several years says of each line what is to be reached by the"
    " end of each, or the rate with its base.",
    source="M006; M211",
)
YEARS_ASTRAY = rule(
    "target_years_do_not_lead_there",
    zh="分年数量须从起始年逐年写到完成年、不减少，末年等于任务数量；同一项不得同时填写比例。",
    en="Yearly amounts run year by year to the deadline's, never fall, and end at the line's quantity; a line has them or a rate.",
    source="M211; source facts §5 rule 56",
)
WHOLE_UNKNOWN = rule(
    "target_whole_unknown",
    zh="没有这样的上级任务：须是上级地区同类、未结束的任务。",
    en="There is no such whole: a target of the same kind, of a place above, that is not closed.",
    source="Lika design: cascades add up",
)
PART_DIFFERS = rule(
    "target_part_differs",
    zh="分解任务须与上级任务的各项单位、方向一致，完成时限不晚于上级任务。",
    en="A part has the lines of the whole, in the same units and directions, and is due no later.",
    source="source facts §5 rules 65, 75",
)
SHARES_DO_NOT_ADD = rule(
    "target_shares_do_not_add",
    zh="比例和上限不能相加，不能分解下达。",
    en="Shares and ceilings do not add up: such a target has no parts.",
    source="source facts §5 rule 65",
)
WORK_UNKNOWN = rule(
    "target_work_unknown",
    zh="任务所在地区没有该项目或该项目没有此建设内容，或单位不一致。",
    en="There is no such component of a project in the target's place, in the unit of the line.",
    source="M189; source facts §5 rule 75",
)
WORK_NAMED = rule(
    "target_work_named_already",
    zh="该建设内容已列入一项任务，只计一次。",
    en="This component does a line already, and counts once.",
    source="source facts §5 rule 57",
)
WORK_NOT_NAMED = rule(
    "target_work_not_named",
    zh="该建设内容未列入本项任务。",
    en="This component does not do the line.",
    source="M189",
)
READ_FROM_PROJECTS = rule(
    "target_progress_is_of_projects",
    zh="该项进度由所列项目的验收计算，不能填报。",
    en="Progress of this line is what was accepted of the projects named, and is never typed.",
    source="M189; practice (projects): a reported figure unlike the log",
)
NO_WORK_OF_LEVELS = rule(
    "target_level_is_no_work",
    zh="比例、上限和脱贫数量不由项目完成。",
    en="Shares, ceilings and exits are not done by projects.",
    source="source facts §5 rule 65",
)
DEADLINE_PASSED = rule(
    "target_deadline_before_adoption",
    zh="完成时限不能早于任务下达日期。",
    en="The deadline cannot precede the day on which the target was set.",
    source="M189",
)
ITEM_LISTED = rule(
    "target_item_already_listed",
    zh="该工作清单中已有此编号的事项。",
    en="This work list has an item of this code already.",
    source="M189",
)
TOO_EARLY = rule(
    "target_day_too_early",
    zh="日期早于任务上已有的记录。",
    en="The day precedes what is on record about the target.",
    source="Lika design: two times",
)
IN_FUTURE = rule(
    "target_day_in_future",
    zh="日期不能晚于今天。",
    en="The day cannot lie in the future.",
    source="source facts §5 rule 72: reports are true",
)
CLOSED = rule(
    "target_closed",
    zh="该任务已销号或已撤销。",
    en="The target is struck off or withdrawn.",
    source="source facts §5 rule 5",
)
COMPUTED = rule(
    "exit_progress_is_computed",
    zh="脱贫任务的进度由脱贫登记计算，不能填报。",
    en="Progress of an exit target follows from the register and is never typed.",
    source="M006",
)
NO_SUCH_LINE = rule(
    "target_has_no_such_line",
    zh="该任务没有这一数量项。",
    en="The target has no such quantity line.",
    source="table 4.1",
)
UNIT_DIFFERS = rule(
    "target_unit_differs",
    zh="填报单位与任务单位不一致。",
    en="The unit reported is not the unit of the line.",
    source="C24; source facts §5 rule 75",
)
WOULD_FALL = rule(
    "target_progress_would_fall",
    zh="累计进度不能减少；如原填报有误，请作更正并说明原因。",
    en="What is done in all never falls; if a former report was wrong, correct it and say why.",
    source="source facts §5 rule 72",
)
AFTER_DEADLINE = rule(
    "milestone_after_deadline",
    zh="时间节点不能晚于任务的完成时限。",
    en="A milestone cannot be due after the target's deadline.",
    source="M008",
)
REACHED_ALREADY = rule(
    "milestone_already_reached",
    zh="该时间节点已经完成。",
    en="This milestone is reached already.",
    source="M008",
)
WITHOUT_EVIDENCE = rule(
    "target_evidence_missing",
    zh="节点完成和销号须附佐证材料。",
    en="Reaching a milestone and striking off need evidence.",
    source="M008",
)
NO_ROADMAP = rule(
    "target_without_milestones",
    zh="没有时间节点的任务不能销号：销号按节点进行。",
    en="A target without milestones cannot be struck off: strike-off goes by milestones.",
    source="M008; source facts §5 rule 5",
)
MILESTONES_OPEN = rule(
    "target_milestones_open",
    zh="尚有时间节点未完成，不能销号。",
    en="Milestones are open; the target cannot be struck off.",
    source="M008; source facts §5 rule 5",
)
QUANTITY_SHORT = rule(
    "target_quantity_not_met",
    zh="数量尚未完成，不能销号。",
    en="The quantity is not met; the target cannot be struck off.",
    source="M008; source facts §5 rule 5",
)
OWN_REPORT = rule(
    "strikes_off_own_report",
    zh="不能对本人填报完成的事项销号。",
    en="Nobody strikes off what they reported done themselves.",
    source="Lika access rules: nobody approves what they entered",
)
NOT_OVERDUE = rule(
    "target_was_never_overdue",
    zh="该任务未逾期，或此日尚未逾期，不能问责。",
    en="The target was not overdue by that day: nobody is held to account.",
    source="source facts §5 rule 55",
)
NOT_AN_OWNER = rule(
    "target_has_no_such_owner",
    zh="此人不是该任务的责任人。",
    en="This is no owner of the target.",
    source="source facts §5 rule 55",
)
