"""Who may do what in the monitoring service. Targets and projects name nobody, so that an operator reads them."""

from contracts.roles import Role
from services.casework.access.cases import CASE_ROWS, INBOX_ROWS
from services.casework.access.documents import DOCUMENT_ROWS
from services.casework.access.evidence import EVIDENCE_ROWS
from services.casework.access.exports import EXPORT_ROWS
from services.casework.access.findings import FINDING_ROWS
from services.casework.access.roles import OFFICES, STAFF
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.web.access_rows import FORESIGHT_ROW, RUNTIME_ROWS

AREA = Relation.IN_AREA_TODAY
PLANNERS = frozenset({Role.OPERATOR, Role.REVIEWER, Role.DECIDER})
STRIKERS = frozenset({Role.REVIEWER, Role.DECIDER})

TARGET_ROWS = (
    AccessRow("set_target", PLANNERS, AREA, "下达任务", "Set a target"),
    AccessRow("plan_milestone", PLANNERS, AREA, "设定节点", "Plan a milestone"),
    AccessRow("withdraw_target", PLANNERS, AREA, "撤销任务", "Withdraw a target"),
    AccessRow("report_progress", OFFICES, AREA, "填报进度", "Report progress"),
    AccessRow("reach_milestone", OFFICES, AREA, "填报节点完成", "Report a milestone reached"),
    AccessRow("strike_off_target", STRIKERS, AREA, "销号", "Strike a target off"),
    AccessRow("raise_accountability", STRIKERS, AREA, "迟滞问责", "Hold an owner to account"),
    AccessRow("name_target_work", PLANNERS, AREA, "列明完成任务的项目", "Name a project that does a target's line"),
    AccessRow("remove_target_work", PLANNERS, AREA, "撤下完成任务的项目", "Remove a project from a target's line"),
    AccessRow("read_target_cascade", STAFF, AREA, "查看任务分解", "Read a target's parts and remainder"),
    AccessRow("read_target_forecast", STAFF, AREA, "查看任务预测", "Read where a target leads"),
    AccessRow("list_target_projects", STAFF, AREA, "查看任务所列项目", "List the projects that do a target's lines"),
    AccessRow("list_targets", STAFF, AREA, "查看任务清单", "List targets"),
    AccessRow("read_target", STAFF, AREA, "查看任务", "Read a target"),
    AccessRow("read_target_path", STAFF, AREA, "查看任务进展过程", "Read how a target came to its progress"),
    AccessRow("read_milestone", STAFF, AREA, "查看节点", "Read a milestone"),
    AccessRow("list_owners", STAFF, AREA, "查看责任人任务", "List who answers for what"),
)

PROJECT_ROWS = (
    AccessRow("draft_project", OFFICES, AREA, "申报项目", "Propose a project"),
    AccessRow("redraft_project", OFFICES, AREA, "修改项目申报", "Draft a project anew"),
    AccessRow("plan_project", PLANNERS, AREA, "列入年度计划", "Put a project into a yearly plan"),
    AccessRow("survey_baseline", OFFICES, AREA, "登记需求摸底", "Enter a survey of needs"),
    AccessRow(
        "apply_for_project_funding", OFFICES, AREA, "登记项目争取申请", "Enter that a project's money is applied for"
    ),
    AccessRow("decide_project_funding", STRIKERS, AREA, "登记项目争取结果", "Enter what became of an application"),
    AccessRow("charter_project", STRIKERS, AREA, "项目立项", "Charter a project"),
    AccessRow("succeed_owner", STRIKERS, AREA, "变更项目责任人", "Name another owner or leader of a project"),
    AccessRow("report_component_progress", OFFICES, AREA, "填报项目进度", "Report the progress of a project"),
    AccessRow("inspect_project", STRIKERS, AREA, "登记项目检查", "Enter an inspection of a project"),
    AccessRow("find_project_issue", STRIKERS, AREA, "登记项目问题", "Enter an issue of a project"),
    AccessRow("rectify_project_issue", OFFICES, AREA, "登记问题整改", "Enter that an issue is rectified"),
    AccessRow("interview_responsible", STRIKERS, AREA, "登记约谈", "Enter that whoever answers for it was called in"),
    AccessRow("publish_acceptance", OFFICES, AREA, "公示验收结果", "Publish the result of an acceptance"),
    AccessRow("evaluate_project", STRIKERS, AREA, "归档项目评估", "File an evaluation of a project"),
    AccessRow("close_project", STRIKERS, AREA, "项目结项", "Close a project"),
    AccessRow("withdraw_project", STRIKERS, AREA, "撤销项目", "Withdraw a project"),
    AccessRow("annul_project_acts", STRIKERS, AREA, "撤销项目登记", "Annul acts about a project, or restore them"),
    AccessRow("observe_asset_use", OFFICES, AREA, "登记资产使用情况", "Enter how an asset is used"),
    AccessRow("list_projects", STAFF, AREA, "查看项目清单", "List projects"),
    AccessRow("list_project_figures", STAFF, AREA, "查看项目统计", "See projects by place and month"),
    AccessRow("read_project", STAFF, AREA, "查看项目", "Read a project"),
)

FUND_ROWS = (
    AccessRow("declare_fund", PLANNERS, AREA, "登记资金来源", "Enter a fund that is promised"),
    AccessRow("receive_fund", STRIKERS, AREA, "登记资金到账", "Enter that money arrived"),
    AccessRow("cut_pledge", STRIKERS, AREA, "核减资金承诺", "Cut what of a fund was promised"),
    AccessRow("allocate_fund", STRIKERS, AREA, "分配资金", "Allocate a fund"),
    AccessRow("withdraw_allocation", STRIKERS, AREA, "收回分配", "Withdraw an allocation"),
    AccessRow("post_fund_use", OFFICES, AREA, "公示资金使用", "Post the use of a fund"),
    AccessRow("file_fund_report", STRIKERS, AREA, "报告资金运行情况", "Report about a fund"),
    AccessRow("reserve_quota", STRIKERS, AREA, "预留额度", "Reserve a quota"),
    AccessRow("release_quota", STRIKERS, AREA, "释放额度", "Release a quota"),
    AccessRow("pay_from_fund", STRIKERS, AREA, "登记资金支付", "Pay from a fund"),
    AccessRow("pay_retention", STRIKERS, AREA, "支付质保金", "Pay what was retained"),
    AccessRow("return_payment", STRIKERS, AREA, "登记支付退回", "Enter that a payment came back"),
    AccessRow("return_fund", STRIKERS, AREA, "退还资金来源", "Give back what was left"),
    AccessRow("close_fund_year", STRIKERS, AREA, "资金年度结账", "Close a fund's fiscal year"),
    AccessRow("post_fund_accounts", OFFICES, AREA, "公布村级资金账目", "Post a village fund's accounts"),
    AccessRow("report_treasury_voucher", STRIKERS, AREA, "登记国库凭证", "Enter a voucher of the treasury"),
    AccessRow("annul_fund_acts", STRIKERS, AREA, "撤销资金登记", "Annul acts about a fund, or restore them"),
    AccessRow("list_funds", STAFF, AREA, "查看资金清单", "List funds"),
    AccessRow("read_fund", STAFF, AREA, "查看资金", "Read a fund"),
    AccessRow("read_trial_balance", STAFF, AREA, "查看试算平衡", "Read the trial balance"),
    AccessRow("list_execution", STAFF, AREA, "查看资金执行率", "List rates of execution"),
    AccessRow(
        "list_programme_payments", STAFF, AREA, "查看帮扶发放占用资金", "List what programmes paid and draw on funds"
    ),
    AccessRow("list_fund_floors", STAFF, AREA, "查看年度最低筹资", "List what units must raise a year"),
    AccessRow("list_village_fund_floors", STAFF, AREA, "查看村级资金下限", "See what village funds must receive"),
    AccessRow("list_missing_fund_reports", STAFF, AREA, "查看未报告的资金", "List funds that nobody reported on"),
    AccessRow("read_matching", STAFF, AREA, "查看配套资金及缺口", "Read a project's matching funds and the gap"),
)

AGREEMENT_ROWS = (
    AccessRow("sign_agreement", PLANNERS, AREA, "登记合同签订", "Enter that an agreement was signed"),
    AccessRow("renew_agreement", PLANNERS, AREA, "登记合同续签", "Enter that an agreement was renewed"),
    AccessRow("deliver_agreement", OFFICES, AREA, "登记合同履行", "Enter what was done under an agreement"),
    AccessRow("end_agreement", STRIKERS, AREA, "登记合同终止", "Enter that an agreement has ended"),
    AccessRow("annul_agreement_acts", STRIKERS, AREA, "撤销合同登记", "Annul acts about an agreement, or restore them"),
    AccessRow(
        "tell_agreement_base", PLANNERS, AREA, "登记应覆盖的单位和人数", "Enter how many an agreement could cover"
    ),
    AccessRow("list_agreements", STAFF, AREA, "查看合同清单", "List agreements"),
    AccessRow("read_agreement", STAFF, AREA, "查看合同", "Read an agreement"),
    AccessRow("read_agreement_coverage", STAFF, AREA, "查看合同覆盖率", "See whom agreements cover"),
)

ACCESS = AccessTable(
    *RUNTIME_ROWS,
    FORESIGHT_ROW,
    *DOCUMENT_ROWS,
    *TARGET_ROWS,
    *PROJECT_ROWS,
    *FUND_ROWS,
    *AGREEMENT_ROWS,
    *CASE_ROWS,
    *FINDING_ROWS,
    *INBOX_ROWS,
    *EVIDENCE_ROWS,
    *EXPORT_ROWS,
)
