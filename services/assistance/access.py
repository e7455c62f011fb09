"""Who may do what in the assistance service."""

from contracts.roles import Role
from services.assistance.payment_access import PAYMENT_ROWS
from services.casework.access.cases import CASE_ROWS, INBOX_ROWS
from services.casework.access.documents import DOCUMENT_ROWS
from services.casework.access.duties import DUTY_ROWS
from services.casework.access.evidence import EVIDENCE_ROWS
from services.casework.access.exports import EXPORT_ROWS
from services.casework.access.findings import FINDING_ROWS
from services.casework.access.records import CONFIRMATION_ROW, PERSON_RECORD_ROW, RECORD_ROWS, VISIT_ROW
from services.casework.access.roles import APPROVERS, OFFICES, OPERATOR, READERS, STAFF
from services.casework.inbox.entries import SUBJECT, Act
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.web.access_rows import FORESIGHT_ROW, RUNTIME_ROWS

AREA = Relation.IN_AREA_TODAY
HELPER_OFFICES = frozenset({Role.CADRE, Role.REVIEWER})

PROGRAMME_ROWS = (
    AccessRow("list_programmes", STAFF, Relation.NONE, "查看帮扶项目", "List programmes in force"),
    AccessRow("try_programme", OPERATOR, AREA, "试算帮扶项目", "Try a programme on the register, recording nothing"),
)
ENTITLEMENT_ROWS = (
    AccessRow("list_entitlements", READERS, AREA, "查看待遇", "List what was granted"),
    AccessRow("list_eligibility", READERS, AREA, "查看待遇资格", "List who is eligible, and why"),
    AccessRow(
        "explain_entitlements",
        READERS,
        AREA,
        "查看为何享受或不享受项目",
        "Read why a household gets a programme, or not",
    ),
    AccessRow(
        "explain_party_entitlements",
        READERS,
        AREA,
        "查看登记簿以外的对象为何享受或不享受项目",
        "Read why a unit outside of the register gets a programme, or not",
    ),
    AccessRow("list_suspensions", READERS, AREA, "查看待遇暂停情况", "List suspensions of what was granted"),
    AccessRow("suspend_entitlement", APPROVERS, AREA, "暂停待遇", "Suspend what was granted"),
    AccessRow("resume_entitlement", APPROVERS, AREA, "恢复待遇", "Resume what was suspended"),
    AccessRow("list_quantities", READERS, AREA, "查看计发依据", "List days, costs and incomes told of a grant"),
    AccessRow(
        "tell_quantity", OFFICES, AREA, "登记计发依据（天数、费用、收入）", "Tell days, a cost or an income of a grant"
    ),
    AccessRow(
        "read_quantity_list_template",
        OFFICES,
        Relation.NONE,
        "下载计发依据空表",
        "Download the empty list of quantities",
    ),
    AccessRow("import_quantity_list", OFFICES, AREA, "导入计发依据表", "Import a list of quantities", is_costly=True),
    AccessRow("annotate_quantity_list", OFFICES, AREA, "检查计发依据表", "Check a list of quantities", is_costly=True),
    AccessRow(
        "find_quantity_list_imports",
        OFFICES,
        Relation.OWN,
        "查看本人对一份计发依据表的导入",
        "Find one's own imports of a list of quantities",
    ),
    AccessRow(
        "read_quantity_list_import",
        OFFICES,
        AREA,
        "查看计发依据导入进度",
        "Read the progress of an import of quantities",
    ),
    AccessRow("read_collection", READERS, AREA, "查看募集情况", "Read what is collected for somebody"),
    AccessRow("open_collection", OFFICES, AREA, "开始为受助对象募集", "Seek money for a recipient"),
    AccessRow("pledge_donation", OFFICES, AREA, "登记认捐", "Enter a pledge"),
    AccessRow("receive_donation", OFFICES, AREA, "登记收到捐款", "Enter a donation received"),
    AccessRow("annul_collection_entry", OFFICES, AREA, "作废认捐或捐款登记", "Annul a pledge or donation"),
    AccessRow("propose_all", OFFICES, AREA, "批量提出符合条件的对象", "Propose everyone eligible in an area"),
    AccessRow("list_proposals", READERS, AREA, "查看批量提出及例外", "List mass proposals with their exceptions"),
    AccessRow("read_queue", READERS, AREA, "查看名额和排队", "Read who waits for a place"),
    AccessRow("annul_suspension", APPROVERS, AREA, "作废暂停或恢复", "Annul a suspension or resumption"),
)
PAIR_ROWS = (
    AccessRow(
        "list_for_help", HELPER_OFFICES, AREA, "列入帮扶对象名单", "Put somebody on the list of those to be helped"
    ),
    AccessRow("unlist", HELPER_OFFICES, AREA, "移出帮扶对象名单", "Take somebody off that list"),
    AccessRow("form_pair", HELPER_OFFICES, AREA, "结对", "Form a pair"),
    AccessRow("sign_commitment", HELPER_OFFICES, AREA, "登记签订承诺书", "Enter a signed letter of commitment"),
    AccessRow("sign_exit_contract", HELPER_OFFICES, AREA, "登记包保脱贫责任书", "Enter a contract to exit"),
    AccessRow("end_pair", HELPER_OFFICES, AREA, "结束结对", "End a pair"),
    AccessRow("succeed_helper", HELPER_OFFICES, AREA, "更换帮扶人", "Have another helper take over a pair"),
    AccessRow("reassign_helper", HELPER_OFFICES, AREA, "调整结对村", "Have a helper help another village"),
    AccessRow("annul_pair", HELPER_OFFICES, AREA, "作废结对登记", "Annul a pair entered by mistake"),
    AccessRow("list_pairs", READERS, AREA, "查看结对", "List pairs"),
    AccessRow("list_listed", READERS, AREA, "查看帮扶对象名单", "List those to be helped"),
    AccessRow("list_pair_loads", READERS, AREA, "查看帮扶人所帮对象数", "List how many each helper helps"),
    AccessRow("open_handover", HELPER_OFFICES, AREA, "发起移交", "Open a leaver's handover"),
    AccessRow("accept_handover", HELPER_OFFICES, AREA, "接收移交事项", "Accept lines of a handover"),
    AccessRow("list_handovers", READERS, AREA, "查看移交", "List handovers"),
    AccessRow("read_handover", READERS, AREA, "查看移交清单", "Read what is handed over"),
    AccessRow("enter_party", HELPER_OFFICES, AREA, "登记单位、人员", "Enter an organisation, or somebody by number"),
    AccessRow("end_party", HELPER_OFFICES, AREA, "注销单位、人员", "End an organisation's, or somebody's, entry"),
    AccessRow("list_parties", READERS, AREA, "查看单位、人员", "List organisations, and people by number"),
)

LENDING_OFFICES = frozenset({Role.REVIEWER, Role.DECIDER})
DECIDERS = frozenset({Role.DECIDER})
LOAN_ROWS = (
    AccessRow("contract_loan", LENDING_OFFICES, AREA, "签订借款合同", "Enter a loan contract"),
    AccessRow("disburse_loan", LENDING_OFFICES, AREA, "登记放款", "Enter a disbursement"),
    AccessRow("repay_loan", LENDING_OFFICES, AREA, "登记还款", "Enter a repayment"),
    AccessRow("correct_loan_rate", LENDING_OFFICES, AREA, "更正贷款利率", "Correct a loan's rate"),
    AccessRow("extend_loan", LENDING_OFFICES, AREA, "办理贷款展期", "Extend a loan"),
    AccessRow("compensate_loan", DECIDERS, AREA, "办理风险补偿", "Compensate a loss"),
    AccessRow("recover_loan", LENDING_OFFICES, AREA, "登记代偿后追回", "Enter what is recovered"),
    AccessRow("pay_loan_subsidy", LENDING_OFFICES, AREA, "登记贴息支付", "Enter subsidised interest paid"),
    AccessRow("return_loan_subsidy", LENDING_OFFICES, AREA, "登记退回贴息", "Enter subsidised interest returned"),
    AccessRow("pay_loan_dividend", LENDING_OFFICES, AREA, "登记投资分红", "Enter a dividend"),
    AccessRow("report_loan_jobs", LENDING_OFFICES, AREA, "登记贷款带动就业", "Enter the jobs that a loan gives"),
    AccessRow("annul_loan_entries", LENDING_OFFICES, AREA, "作废贷款登记", "Annul loan entries"),
    AccessRow("decide_loan_review", DECIDERS, AREA, "决定贷款复核", "Decide the review of a loan"),
    AccessRow(
        "read_statement_template",
        LENDING_OFFICES,
        Relation.NONE,
        "下载银行流水空表",
        "Download the empty bank statement",
    ),
    AccessRow(
        "import_bank_statement", LENDING_OFFICES, AREA, "导入银行流水", "Import a bank statement", is_costly=True
    ),
    AccessRow(
        "annotate_bank_statement", LENDING_OFFICES, AREA, "检查银行流水", "Check a bank statement", is_costly=True
    ),
    AccessRow(
        "find_bank_statements",
        LENDING_OFFICES,
        Relation.OWN,
        "查看本人对一份流水的导入",
        "Find one's own imports of a statement",
    ),
    AccessRow(
        "read_statement_import", LENDING_OFFICES, AREA, "查看流水导入进度", "Read the progress of a statement's import"
    ),
    AccessRow("list_loans", READERS, AREA, "查看贷款清单", "List loans"),
    AccessRow("read_loan_portfolio", READERS, AREA, "查看贷款账龄", "Read what is lent by age of arrears"),
    AccessRow("pay_into_risk_fund", LENDING_OFFICES, AREA, "登记风险补偿金缴入", "Enter what is paid into a risk fund"),
    AccessRow("pay_out_of_risk_fund", DECIDERS, AREA, "登记风险补偿金退出", "Enter what is taken out of a risk fund"),
    AccessRow("annul_risk_fund_entries", DECIDERS, AREA, "作废风险补偿金登记", "Annul entries of a risk fund"),
    AccessRow("list_risk_fund_facts", READERS, AREA, "查看风险补偿金登记", "List what was entered of risk funds"),
    AccessRow(
        "read_loan_coverage",
        READERS,
        AREA,
        "查看风险补偿金覆盖和带动情况",
        "Read how far risk funds cover what is lent",
    ),
    AccessRow("read_loan_eligibility", READERS, AREA, "查看借款条件", "Read whether somebody may borrow"),
    AccessRow("read_loan", READERS, AREA, "查看贷款对账单", "Read a loan's statement"),
    AccessRow("read_loan_schedule", READERS, AREA, "查看还款计划", "Read the schedule that the household is handed"),
    AccessRow("read_loan_restatement", READERS, AREA, "查看贷款追溯调整", "Read what of a loan was restated"),
)

TRAINING_ROWS = (
    AccessRow("survey_training_need", HELPER_OFFICES, AREA, "登记培训需求", "Enter what somebody would learn"),
    AccessRow("plan_course", OFFICES, AREA, "制定培训计划", "Plan a course"),
    AccessRow("hold_course_session", OFFICES, AREA, "登记上课", "Enter a session of a course"),
    AccessRow("complete_course", OFFICES, AREA, "登记培训结业", "Enter that a course is completed"),
    AccessRow("evaluate_course", APPROVERS, AREA, "登记培训绩效评估", "Evaluate a course"),
    AccessRow("cancel_course", OFFICES, AREA, "取消培训班", "Cancel a course"),
    AccessRow("annul_course_entries", OFFICES, AREA, "作废培训登记", "Annul entries of a course"),
    AccessRow("enrol_trainee", OFFICES, AREA, "培训报名", "Enrol somebody in a course"),
    AccessRow("attend_session", OFFICES, AREA, "登记培训签到", "Enter that a trainee attended"),
    AccessRow("examine_trainee", OFFICES, AREA, "登记培训考试", "Enter an examination"),
    AccessRow("certify_trainee", OFFICES, AREA, "登记培训证书", "Enter a certificate"),
    AccessRow("leave_course", OFFICES, AREA, "登记中途离班", "Enter that a trainee left"),
    AccessRow("import_course_roster", OFFICES, AREA, "导入培训名册", "Import a roster of a course", is_costly=True),
    AccessRow("list_courses", READERS, AREA, "查看培训班清单", "List courses"),
    AccessRow("read_course", READERS, AREA, "查看培训班", "Read a course"),
    AccessRow("read_training_totals", READERS, AREA, "查看培训人数和人次", "Read persons and person-times of training"),
    AccessRow("read_stated_training_totals", READERS, AREA, "查看培训上报数", "Read what papers state of training"),
    AccessRow("list_household_skills", READERS, AREA, "查看各户技能", "List the skills of households"),
)

EMPLOYMENT_ROWS = (
    AccessRow("offer_job", OFFICES, AREA, "登记岗位信息", "Enter a job offer"),
    AccessRow("close_job_offer", OFFICES, AREA, "关闭岗位信息", "Close a job offer"),
    AccessRow("match_job", OFFICES, AREA, "推荐就业", "Propose somebody for a job"),
    AccessRow("place_worker", OFFICES, AREA, "安置就业", "Place somebody in a job"),
    AccessRow("end_placement", OFFICES, AREA, "登记离岗", "Enter that a job ended"),
    AccessRow("start_business", OFFICES, AREA, "登记创业", "Enter a business that was started"),
    AccessRow("annul_work_entries", OFFICES, AREA, "作废就业登记", "Annul entries of somebody's work"),
    AccessRow("keep_placement", OFFICES, AREA, "登记稳定就业", "Enter that a job was kept"),
    AccessRow("attend_post", OFFICES, AREA, "登记岗位出勤", "Enter days in a public post"),
    AccessRow("report_wage", OFFICES, AREA, "登记务工收入", "Report what was earned"),
    AccessRow("assign_work_tutor", OFFICES, AREA, "安排车间导师", "Assign a tutor at work"),
    AccessRow("hand_worker_over", OFFICES, AREA, "输出地移交", "Hand a worker's case over"),
    AccessRow("accept_hand_over", OFFICES, AREA, "输入地接收", "Enter that a worker's case was accepted"),
    AccessRow("list_placements", READERS, AREA, "查看就业安置清单", "List placements"),
    AccessRow("list_job_offers", READERS, AREA, "查看岗位信息清单", "List job offers"),
    AccessRow("list_job_candidates", READERS, AREA, "查看岗位人选次序", "List who comes first for a job offer"),
    AccessRow("list_several_posts", READERS, AREA, "查看一户多岗", "List households with several posts"),
    AccessRow("read_employment_totals", READERS, AREA, "查看就业人数", "Read how many work"),
    AccessRow(
        "read_household_wages", READERS, AREA, "查看各户务工收入", "Read what a household's wages are reported as"
    ),
    AccessRow("read_work", READERS, AREA, "查看就业情况", "Read somebody's work"),
)

MEASURE_ROWS = (
    AccessRow("draw_household_plan", OFFICES, AREA, "制定一户帮扶规划", "Draw a household's plan of measures"),
    AccessRow("begin_measure", OFFICES, AREA, "登记帮扶措施", "Enter that a measure begins"),
    AccessRow("take_measure_step", OFFICES, AREA, "登记措施步骤", "Enter a step of a measure"),
    AccessRow("deliver_measure", OFFICES, AREA, "登记实物、分红、订单", "Enter what was delivered"),
    AccessRow("withdraw_measure", OFFICES, AREA, "撤销帮扶措施", "Withdraw a measure"),
    AccessRow("annul_measure_entries", OFFICES, AREA, "作废措施登记", "Annul entries of measures"),
    AccessRow("list_household_plans", READERS, AREA, "查看帮扶规划清单", "List plans of households"),
    AccessRow("read_measure_totals", READERS, AREA, "查看措施户数人数", "Read households and persons by measure"),
    AccessRow("read_delivered_totals", READERS, AREA, "查看发放数量", "Read what was delivered"),
    AccessRow("read_household_measures", READERS, AREA, "查看一户帮扶措施", "Read a household's measures"),
)

VISIT = Act(VISIT_ROW.act, "POST", f"/registry/households/{SUBJECT}/visits")
"""What answers for visits that are due."""

ACCESS = AccessTable(
    *RUNTIME_ROWS,
    FORESIGHT_ROW,
    *DOCUMENT_ROWS,
    *PROGRAMME_ROWS,
    *ENTITLEMENT_ROWS,
    *PAIR_ROWS,
    *LOAN_ROWS,
    *TRAINING_ROWS,
    *EMPLOYMENT_ROWS,
    *MEASURE_ROWS,
    *PAYMENT_ROWS,
    *RECORD_ROWS,
    CONFIRMATION_ROW,
    PERSON_RECORD_ROW,
    *CASE_ROWS,
    *INBOX_ROWS,
    *DUTY_ROWS,
    *FINDING_ROWS,
    *EVIDENCE_ROWS,
    *EXPORT_ROWS,
    elsewhere=(VISIT_ROW,),
)
