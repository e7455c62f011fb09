"""The rules by which a draft of a project is refused, or is one still, each with its source."""

from services.chassis.ground.refusals import rule

NUMBERS_BROKEN = rule(
    "project_components_numbered_twice",
    zh="各建设内容的序号不能重复。",
    en="Every component has a number of its own.",
    source="source facts §4",
)
WITHOUT_COMPONENT = rule(
    "project_without_component",
    zh="项目至少要有一项建设内容。",
    en="A project has one component at least.",
    source="source facts §4",
)
GAP_UNLISTED = rule(
    "project_gap_unlisted",
    zh="空缺或残缺的内容须作为缺项列明，并照录原件写法。",
    en="What is missing or cut off is listed as a gap, with what the paper says instead.",
    source="practice (projects): drafts take explicit unknowns listed as gaps",
)
GAP_OF_NOTHING = rule(
    "project_gap_of_nothing",
    zh="缺项所指的建设内容不存在，或该项内容齐全，请核对。",
    en="The gap names a component that is not there, or something that is complete.",
    source="practice (projects): drafts take explicit unknowns listed as gaps",
)
NOT_A_COUNT = rule(
    "project_amount_not_whole",
    zh="该单位按整数计量。",
    en="This unit is counted in whole numbers.",
    source="source facts §5 rule 75",
)
PARTS_DO_NOT_ADD = rule(
    "project_parts_do_not_add",
    zh="各建设内容金额之和与合计不符；如原件如此，请将金额列为缺项（互相矛盾）。",
    en="The costs of the components do not add up to the total; if the paper has it so, list the cost as a gap of conflict.",
    source="source facts §4: parts that do not add",
)
COST_IMPLAUSIBLE = rule(
    "project_cost_implausible",
    zh="金额过小，可能把“万元”填成了“元”；请核对单位，确系“元”的请注明已核对（“cost_confirmed”）。",
    en="So small a sum may be 万元 typed as yuan: check the unit, and confirm it (``cost_confirmed``) if it is yuan indeed.",
    source="issue of this installation: 万元 typed as 元",
)
HAS_GAPS = rule(
    "project_has_gaps",
    zh="项目还有缺项，补齐后才能入库。",
    en="The draft has gaps; they are filled before it enters the library.",
    source="practice (projects): approval refuses them",
)
TOO_LARGE_EACH = rule(
    "project_each_above_limit",
    zh="单套（件）规模未注明，或超过此类项目的上限。",
    en="The size of each is not said, or above what projects of this kind may have.",
    source="M204; source facts: at most 35 m² of building area a unit, for teachers' dormitories",
)
