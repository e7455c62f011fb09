"""The rules by which a command about a project is refused, each with its source."""

from services.chassis.ground.refusals import rule

FOLLOWING = "M193, M194, M195, M196; practice (projects)"

KIND_UNKNOWN = rule(
    "project_kind_unknown",
    zh="该地当日没有这类项目的管理文件，请核对“kind”。",
    en="No document says on that day in that place how projects of this kind run; check ``kind``.",
    source="project kinds of this installation",
)
ALREADY_LISTED = rule(
    "project_already_listed",
    zh="项目已入库，不能再修改申报内容。",
    en="The project is in the library; its draft is no longer changed.",
    source=FOLLOWING,
)
CASE_OPEN = rule(
    "project_case_open",
    zh="该项目有在办程序；请先撤回，或待其办结。",
    en="A case about the project is open: withdraw it first, or wait for its end.",
    source=FOLLOWING,
)
OTHER_PROCEDURE = rule(
    "project_kind_has_other_procedure",
    zh="此类项目按另一程序办理。",
    en="Projects of this kind go by another procedure.",
    source="project kinds of this installation",
)
NOT_LISTED = rule(
    "project_not_in_library",
    zh="项目尚未入库：须先经村级表决公示、乡镇公示、县级论证审定。",
    en="The project is not in the library yet: it is voted on, posted, argued for and decided first.",
    source="practice (projects): the library comes before the charter",
)
NOT_PLANNED = rule(
    "project_not_in_yearly_plan",
    zh="项目尚未列入年度计划。",
    en="The project is in no yearly plan.",
    source="practice (projects): yearly plan",
)
PLANNED_ALREADY = rule(
    "project_already_planned",
    zh="项目已列入年度计划。",
    en="The project is in a yearly plan already.",
    source="practice (projects): yearly plan",
)
DECISION_MISSING = rule(
    "project_decision_missing",
    zh="须填明决定机关、日期、文号和签发人。",
    en="The deciding organ, its day, number and signer are named.",
    source="Lika design: who typed is not who decided",
)
NO_BASELINE = rule(
    "project_without_baseline",
    zh="立项前须完成需求摸底（前期评估）。",
    en="Needs are surveyed before the charter.",
    source="M196, M204: needs counted before",
)
CHARTERED_ALREADY = rule(
    "project_already_chartered",
    zh="项目已立项。",
    en="The project has its charter already.",
    source="M195",
)
POST_TRUNCATED = rule(
    "project_owner_incomplete",
    zh="责任人、督导领导须写全称，不能缺字或省略。",
    en="The owner and the supervising leader are named in full.",
    source="M195; C25",
)
SAME_POST = rule(
    "project_owner_is_leader",
    zh="责任人与督导领导不能是同一人。",
    en="The owner and the supervising leader are not the same.",
    source="M195: one owner and one supervising leader",
)
STARTS_LATE = rule(
    "project_deadline_before_start",
    zh="完成时限不能早于开工日期。",
    en="No deadline precedes the start.",
    source="source facts §4",
)
BUDGET_DOES_NOT_ADD = rule(
    "project_budget_does_not_add",
    zh="各资金来源之和与建设内容金额之和不符。",
    en="The sources of the budget do not add up to the costs of the components.",
    source="M195, M197",
)
BENEFICIARIES_MISSING = rule(
    "project_without_beneficiaries",
    zh="此类项目须列明带动的农户。",
    en="Projects of this kind name the households that they carry along.",
    source="M185, M187; beneficiary households (带贫)",
)
BENEFICIARY_UNKNOWN = rule(
    "project_beneficiary_unknown",
    zh="所列农户不在登记册中，或不在项目所在地。",
    en="A household named is not on the register, or not where the project is.",
    source="beneficiary households (带贫)",
)
NOT_CHARTERED = rule(
    "project_not_chartered",
    zh="项目尚未立项。",
    en="The project has no charter yet.",
    source="M195",
)
NO_SUCH_COMPONENT = rule(
    "project_has_no_such_component",
    zh="项目没有这项建设内容。",
    en="The project has no such component.",
    source="source facts §4",
)
UNIT_DIFFERS = rule(
    "project_unit_differs",
    zh="填报单位与建设内容的单位不一致。",
    en="The unit reported is not that of the component.",
    source="C24; source facts §5 rule 75",
)
WOULD_FALL = rule(
    "project_progress_would_fall",
    zh="累计进度不能减少；如原填报有误，请作更正并说明原因。",
    en="What is done in all never falls; if a former report was wrong, correct it and say why.",
    source="source facts §5 rule 72",
)
ACCEPTED_ALREADY = rule(
    "project_already_accepted",
    zh="项目已验收。",
    en="The project is accepted already.",
    source="M193",
)
EVIDENCE_MISSING = rule(
    "project_evidence_missing",
    zh="此步骤须附佐证材料。",
    en="This step needs evidence.",
    source="M193, M196",
)
ISSUE_UNKNOWN = rule(
    "project_has_no_such_issue",
    zh="没有这一问题，或已整改。",
    en="There is no such issue, or it is rectified.",
    source="M193",
)
NOT_INSPECTED = rule(
    "project_not_inspected",
    zh="没有检查合格的记录，或最近一次检查不合格，不能验收。",
    en="No inspection was passed, or the last one failed: nothing is accepted without.",
    source="M193",
)
HIDDEN_INSPECTIONS_SHORT = rule(
    "project_hidden_inspections_short",
    zh="此类项目须有暗访检查，次数不足。",
    en="Projects of this kind are inspected unannounced so many times before acceptance.",
    source="M193: open and hidden checks",
)
ISSUES_OPEN = rule(
    "project_issues_open",
    zh="尚有问题未整改，不能验收。",
    en="Issues are open; the works are not accepted.",
    source="M193",
)
QUANTITY_SHORT = rule(
    "project_quantity_short",
    zh="建设内容尚未完成，不能验收。",
    en="The components are not complete; the works are not accepted.",
    source="M193",
)
NOTICE_BACKWARDS = rule(
    "project_notice_ends_before_it_hangs",
    zh="公示截止日期不能早于张贴日期。",
    en="A notice does not end before it hangs.",
    source="M194: the result of the acceptance is published",
)
NOT_ACCEPTED = rule(
    "project_not_accepted",
    zh="项目尚未验收。",
    en="The project is not accepted yet.",
    source="M193",
)
PUBLISHED_ALREADY = rule(
    "project_result_already_published",
    zh="验收结果已公示。",
    en="The result of the acceptance is published already.",
    source="M193",
)
NOT_PUBLISHED = rule(
    "project_result_not_published",
    zh="验收结果尚未公示，不能终期评估和结项。",
    en="The result of the acceptance is not published: there is no final evaluation and no closing before.",
    source="M193: publishing the acceptance result is part of closing",
)
NOT_EVALUATED = rule(
    "project_not_evaluated",
    zh="项目未经终期评估，不能结项。",
    en="A project without its final evaluation is not closed.",
    source="M194, M196",
)
EVALUATED_ALREADY = rule(
    "project_already_evaluated",
    zh="终期评估已归档。",
    en="The final evaluation is filed already.",
    source="M196",
)
STAGE_EVALUATIONS_SHORT = rule(
    "project_stage_evaluations_short",
    zh="此类项目的阶段评估次数不足，不能结项。",
    en="Projects of this kind are evaluated so many times on the way before they are closed.",
    source="M196",
)
STAGE_EVALUATION_MISSING = rule(
    "project_stage_evaluation_missing",
    zh="建设期内有半年（年度）阶段评估报告未归档（期末见“periods_to”），不能结项；请先归档。",
    en="No report was filed about half-years, or years, of the works, which ended as ``periods_to`` says: file them first.",
    source="M196; source facts §5 rule 54: half-yearly and yearly",
)
APPLICATION_UNKNOWN = rule(
    "project_has_no_such_application",
    zh="没有这一申请，或已有结果。",
    en="There is no such application, or it is decided.",
    source="M210",
)
APPLICATION_OPEN = rule(
    "project_application_open",
    zh="尚有争取资金的申请没有结果，不能立项；请先登记结果。",
    en="An application for its money is not decided: enter what became of it before the charter.",
    source="M210; M195: the charter settles the budget",
)
GRANTED_TOO_MUCH = rule(
    "project_granted_more_than_asked",
    zh="批准金额超过申请金额，请核对单位（元、万元）。",
    en="More is granted than was asked for; check the unit.",
    source="M210",
)
REFUSAL_UNEXPLAINED = rule(
    "project_refusal_unexplained",
    zh="未获批准的，须填明原因。",
    en="Why an application was refused is said.",
    source="M210",
)
PAID_SINCE = rule(
    "project_paid_since",
    zh="项目在该日或以后有资金支付（质保金除外）；请按最后一次支付之后的日期办理，或先撤销该笔支付。",
    en="Something was paid for the project on that day or later (but what was retained): date it after the last payment, or annul"
    " that payment first.",
    source="M194, M197: nothing is spent after the closing",
)
PAID_UNDER_CHARTER = rule(
    "project_paid_under_charter",
    zh="已按该立项支付资金，不能撤销立项；请先撤销支付。",
    en="Money was paid under this charter: annul the payments first.",
    source="M195, M197",
)
CLOSED = rule(
    "project_closed",
    zh="项目已结项或已撤销。",
    en="The project is closed or withdrawn.",
    source="M194",
)
NO_ASSETS = rule(
    "project_leaves_no_assets",
    zh="此类项目不形成须后续管护的资产。",
    en="Projects of this kind leave nothing behind that is watched.",
    source="M203, M204",
)
SAME_HOLDER = rule(
    "project_same_holder",
    zh="接任者与现任相同。",
    en="The successor is who answers for it already.",
    source="M195",
)
ACT_NOT_STANDING = rule(
    "project_act_not_standing",
    zh="所列记录不存在或已撤销；申报须重新申报，入库和验收由另一案件改变。",
    en="A fact named is not there, or is void already; a draft is drafted anew, and what a case decided another case changes.",
    source="Lika design: what is annulled is an act",
)
LATER_STEP_RESTS = rule(
    "project_later_step_rests_on_it",
    zh="之后的步骤以它为依据，请一并撤销“facts”所列的步骤。",
    en="A later step rests on it: annul the steps in ``facts`` in the same act.",
    source="M194: no gate is passed without its fact",
)
DAY_TOO_EARLY = rule(
    "project_day_too_early",
    zh="日期早于项目此前一步的日期。",
    en="The day precedes the step before it.",
    source="Lika design: two times",
)
