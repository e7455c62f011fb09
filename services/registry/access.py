"""Who may do what in the registry."""

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.access.cases import CASE_ROWS, INBOX_ROWS
from services.casework.access.documents import DOCUMENT_ROWS
from services.casework.access.duties import DUTY_ROWS
from services.casework.access.evidence import EVIDENCE_ROWS
from services.casework.access.exports import EXPORT_ROWS
from services.casework.access.findings import FINDING_ROWS
from services.casework.access.records import RECORD_ROWS, VISIT_ROW
from services.casework.access.revocations import REVOCATION_ROWS
from services.casework.access.roles import APPROVERS, CADRE, DECIDER, EDUCATION, OFFICES, OPERATOR, READERS, STAFF
from services.casework.access.staff import STAFF_ROWS
from services.casework.purposes import PURPOSES_BY_ROLE
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.web.access_rows import FORESIGHT_ROW, RUNTIME_ROWS
from services.registry.households.review_rules import REVIEWING_LEVELS

AREA = Relation.IN_AREA_TODAY

HOUSEHOLD_ROWS = (
    AccessRow("record_household", CADRE, AREA, "登记农户", "Record a household"),
    AccessRow("correct_recording", CADRE, AREA, "更正首次登记", "Correct the first recording"),
    AccessRow("survey_household", CADRE, AREA, "登记入户调查", "Enter a survey of a household"),
    AccessRow("assign_category", CADRE, AREA, "登记户属性", "Enter the category of a household"),
    AccessRow("record_common_residence", CADRE, AREA, "登记是否共同生活", "Enter whether a member lives in common"),
    AccessRow("survey_income", CADRE, AREA, "登记收入", "Enter income"),
    AccessRow("survey_conditions", CADRE, AREA, "登记两不愁三保障", "Enter living conditions"),
    AccessRow("survey_member", CADRE, AREA, "登记成员调查", "Enter a survey of a member"),
    AccessRow("split_household", CADRE, AREA, "分户", "Split a household"),
    AccessRow("move_household", CADRE, AREA, "登记或提出迁移", "Move a household, or propose it"),
    AccessRow("accept_move", CADRE, AREA, "接收迁入户", "Accept a household that moves in"),
    AccessRow("decline_move", CADRE, AREA, "退回迁入", "Decline a household that should move in"),
    AccessRow("withdraw_move", CADRE, AREA, "撤回迁移", "Take back a proposed move"),
    AccessRow("read_move", READERS, AREA, "查看待接收的迁移", "Read a proposed move"),
    AccessRow("list_moves", READERS, AREA, "查看迁移清单", "List proposed moves"),
    AccessRow("correct_facts", CADRE, AREA, "作废或恢复登记", "Annul or restore entries"),
    AccessRow("join_member", CADRE, AREA, "登记新增成员", "Enter that somebody joined"),
    AccessRow("record_departure", CADRE, AREA, "登记成员离开", "Enter that somebody left"),
    AccessRow("record_death", CADRE, AREA, "登记成员去世", "Enter a death"),
    AccessRow("record_document", CADRE, AREA, "登记后补的证件", "Enter a document that came later"),
    AccessRow("change_head", CADRE, AREA, "变更户主", "Change the head of household"),
    AccessRow(
        "read_identity_correction", READERS, AREA, "查看身份信息更正申请", "Read what a correction of an identity says, masked"
    ),
    AccessRow(
        "disclose_identity_correction", frozenset(PURPOSES_BY_ROLE), AREA, "按目的查看身份信息更正内容",
        "Read what a correction of an identity says, in plain, for a stated purpose", discloses=True,
    ),
    AccessRow("read_household", READERS, Relation.WAS_IN_AREA, "查看农户", "Read a household, personal fields masked"),
    AccessRow(
        "list_household_periods", READERS, Relation.WAS_IN_AREA, "查看农户各日的登记，按各日所知",
        "Read a household on all days, as known on all others",
    ),
    AccessRow(
        "list_shown_consequences", READERS, AREA, "查看办理前所示的后果", "Read what was shown of a household before something was decided"
    ),
    VISIT_ROW,
    AccessRow("read_visit_sheet", READERS, AREA, "查看入户走访单", "Read the sheet for a visit: last values and duties due"),
    AccessRow("read_dossier", READERS, AREA, "查看农户档案", "Read the dossier of a household"),
    AccessRow("list_facts", READERS, Relation.WAS_IN_AREA, "查看登记经过", "Read what was entered of a household"),
    AccessRow("list_households", READERS, AREA, "查看农户清单", "List households"),
    AccessRow("read_totals", READERS, AREA, "查看汇总", "Read totals"),
    AccessRow("read_monitoring_totals", READERS, AREA, "按监测状态和类型查看汇总", "Read totals by monitoring status and kind"),
    AccessRow("read_category_totals", READERS, AREA, "按户属性查看汇总", "Read totals by category"),
    AccessRow(
        "list_disclosure_matters", frozenset(PURPOSES_BY_ROLE), AREA, "查看凭哪些在办事项可查看个人信息",
        "Read which open matters a disclosure may name",
    ),
    AccessRow(
        "disclose_personal_data", frozenset(PURPOSES_BY_ROLE), AREA, "按目的查看个人信息",
        "Read personal fields in plain, for a stated purpose", discloses=True,
    ),
    AccessRow(
        "review_readings", frozenset({Role.AUDITOR}), AREA, "复核异常查看", "Review an unusual reading of personal data"
    ),
    AccessRow(
        "search_register", frozenset(PURPOSES_BY_ROLE), AREA, "查找人员", "Search for a person", is_costly=True, discloses=True
    ),
)  # fmt: skip
CORRECTION_ROWS = (
    AccessRow("report_death", CADRE, AREA, "报告去世", "Report a death that a decision is against"),
    AccessRow("report_departure", CADRE, AREA, "报告离开", "Report that somebody left, which a decision is against"),
    AccessRow("report_birth", CADRE, AREA, "报告出生或加入", "Report a birth or joining that a decision is against"),
    AccessRow(
        "record_reported", CADRE, AREA, "登记已无抵触的报告", "Enter what was reported, nothing being against it"
    ),
    AccessRow("withdraw_report", CADRE, AREA, "撤回报告", "Withdraw one's own report"),
    AccessRow("decline_report", APPROVERS, AREA, "不予采纳报告", "Decline a report"),
    AccessRow(
        "read_consequences", READERS, AREA, "查看更正的影响", "Read what follows from a correction", is_costly=True
    ),
    AccessRow("list_reports", READERS, AREA, "查看报告", "List reports"),
)
CLUE_ROWS = (
    AccessRow("receive_self_report", OFFICES, Relation.NONE, "登记自主申报", "Receive a household's own report"),
    AccessRow("receive_round_clue", OFFICES, Relation.NONE, "登记走访发现的线索", "Enter what a round found"),
    AccessRow("receive_alert", OFFICES, Relation.NONE, "登记部门预警", "Enter a department's alert"),
    AccessRow("receive_screening_clue", OFFICES, Relation.NONE, "登记排查发现的线索", "Enter what the screening raised"),
    AccessRow("accept_clue", OFFICES, AREA, "受理线索", "Accept a clue"),
    AccessRow("refuse_clue", OFFICES, AREA, "不予受理线索", "Refuse a clue"),
    AccessRow("forward_clue", OFFICES, AREA, "转交线索", "Forward a clue to the right village"),
    AccessRow("identify_clue_household", OFFICES, AREA, "确定线索所指农户", "Say which household a clue is about"),
    AccessRow("record_clue_household", CADRE, AREA, "由线索登记农户", "Record the household of a clue"),
    AccessRow("answer_clue", OFFICES, AREA, "答复线索", "Answer a clue with a reason"),
    AccessRow("read_clue", READERS, AREA, "查看线索", "Read a clue"),
    AccessRow("list_clues", READERS, AREA, "查看线索清单", "List clues"),
    AccessRow("read_clue_receipt", READERS, AREA, "按回执查询线索", "Read a clue's status by its receipt"),
    AccessRow(
        "disclose_clue", frozenset(PURPOSES_BY_ROLE), AREA, "按目的查看线索内容",
        "Read what a clue says, in plain, for a stated purpose", discloses=True,
    ),
)  # fmt: skip
AUTHORISATION_ROWS = (
    AccessRow("enter_authorisation", CADRE, AREA, "登记授权", "Enter that an adult authorised the query of assets"),
    AccessRow("refuse_authorisation", CADRE, AREA, "登记拒绝授权", "Enter that an adult did not sign"),
    AccessRow("withdraw_authorisation", CADRE, AREA, "登记撤回授权", "Enter that an adult withdrew an authorisation"),
    AccessRow("read_authorisations", READERS, AREA, "查看授权", "Read whose authorisation is missing"),
)
INTAKE_ROWS = (
    AccessRow("read_template", READERS, Relation.NONE, "下载采集表", "Download the empty collection form"),
    AccessRow("import_workbook", CADRE, AREA, "导入采集表", "Import a workbook", is_costly=True),
    AccessRow("annotate_workbook", CADRE, AREA, "检查采集表", "Check a workbook", is_costly=True),
    AccessRow("read_batch", READERS, AREA, "查看导入进度", "Read the progress of an import"),
    AccessRow(
        "export_national_layout", frozenset({Role.REVIEWER, Role.DECIDER}), AREA, "按全国系统表式导出",
        "Export households and members in the national layout, in plain, by an order", is_costly=True, discloses=True,
    ),
    AccessRow("find_batches", CADRE, Relation.OWN, "查看本人对一份文件的导入", "Find one's own imports of a file"),
)  # fmt: skip
COUNTY = frozenset({Level.COUNTY})
RECONCILIATION_ROWS = (
    AccessRow(
        "reconcile_register", APPROVERS, AREA, "与全国系统对账", "Compare the register with the other system's list", COUNTY,
        is_costly=True,
    ),
    AccessRow("list_reconciliations", READERS, AREA, "查看对账清单", "List comparisons with the other system"),
    AccessRow("read_reconciliation", READERS, AREA, "查看对账结果", "Read what a comparison found"),
    AccessRow(
        "list_reconciled_households", READERS, AREA, "查看对账不一致的户", "List households that differ from the other system"
    ),
)  # fmt: skip
NUMBER_REVIEW_ROWS = (
    AccessRow(
        "list_number_reviews", APPROVERS, AREA, "查看待核定的证件号码", "List ID numbers that await a review",
        frozenset(REVIEWING_LEVELS),
    ),
    AccessRow(
        "decide_number_review", APPROVERS, AREA, "核定证件号码", "Decide whose an ID number is", frozenset(REVIEWING_LEVELS)
    ),
)  # fmt: skip
HISTORY_ROWS = (
    AccessRow(
        "propose_history_import", APPROVERS, AREA, "提出开放历史导入", "Propose to open the import of history", COUNTY
    ),
    AccessRow("confirm_history_import", DECIDER, AREA, "决定开放历史导入", "Open the import of history", COUNTY),
    AccessRow("approve_history_batch", APPROVERS, AREA, "审核历史数据文件", "Approve a file with history", COUNTY),
    AccessRow("read_history_import", READERS, AREA, "查看历史导入", "Read whether history is imported"),
)
OPENING_ROWS = (
    AccessRow("propose_opening_balance", APPROVERS, AREA, "提出期初数", "Propose a county's opening balance", COUNTY),
    AccessRow("approve_opening_balance", DECIDER, AREA, "批准期初数", "Approve a county's opening balance", COUNTY),
    AccessRow(
        "propose_opening_annulment",
        APPROVERS,
        AREA,
        "提出作废期初数",
        "Propose to annul a county's opening balance",
        COUNTY,
    ),
    AccessRow(
        "approve_opening_annulment",
        DECIDER,
        AREA,
        "批准作废期初数",
        "Approve that an opening balance is annulled",
        COUNTY,
    ),
    AccessRow("read_opening_balance", READERS, AREA, "查看期初数核对", "Read an opening balance beside the register"),
    AccessRow(
        "list_opening_differences",
        READERS,
        AREA,
        "查看期初数差异户",
        "List households that differ from the opening balance",
    ),
)
DIVISION_ROWS = (
    AccessRow("declare_division", OPERATOR, AREA, "登记区划", "Declare a division"),
    AccessRow(
        "designate_poor_village",
        OPERATOR,
        AREA,
        "列入贫困村、贫困县名单",
        "Put a village or county on a list of poor ones",
    ),
    AccessRow("exit_poor_village", OPERATOR, AREA, "登记贫困村、贫困县退出", "Take a village or county off its list"),
    AccessRow("rename_division", OPERATOR, AREA, "区划更名", "Rename a division"),
    AccessRow("add_aliases", OPERATOR, AREA, "补充区划别名", "Add spellings of a division's name"),
    AccessRow("merge_division", OPERATOR, AREA, "合并区划", "Merge a division into another"),
    AccessRow("recode_division", OPERATOR, AREA, "变更区划代码或隶属", "Change a division's code or parent"),
    AccessRow("split_division", OPERATOR, AREA, "拆分区划", "Split a division"),
    AccessRow("end_division", OPERATOR, AREA, "撤销区划", "End a division"),
    AccessRow("annul_division_acts", OPERATOR, AREA, "作废区划变更", "Annul acts about a division"),
    AccessRow("list_division_acts", STAFF, Relation.NONE, "查看区划变更", "Read what was entered of a division"),
    AccessRow("record_village_profile", CADRE, AREA, "登记村情", "Record what a village has"),
    AccessRow("read_village_profile", STAFF, Relation.NONE, "查看村情", "Read what a village has"),
    AccessRow("record_income_per_head", CADRE, AREA, "登记人均收入", "Record the income per head of an area"),
    AccessRow("read_income_growth", STAFF, Relation.NONE, "查看收入增幅", "Read how income per head grew"),
    AccessRow("read_division", STAFF, Relation.NONE, "查看区划", "Read a division"),
    AccessRow("list_divisions", STAFF, AREA, "查看区划清单", "List divisions"),
)
SCREENING_ROWS = (
    AccessRow("list_group", CADRE, AREA, "登记村民小组或自然村", "List a village group"),
    AccessRow("delist_group", CADRE, AREA, "撤销村民小组或自然村", "Say that a village group is no more"),
    AccessRow("screen_group", CADRE, AREA, "登记一组的排查结果", "Enter what the screening of a group came to"),
    AccessRow("annul_group_acts", CADRE, AREA, "作废村民小组和排查登记", "Annul what was entered of a group"),
    AccessRow("list_group_facts", READERS, AREA, "查看村民小组登记", "List what was entered of a village group"),
    AccessRow(
        "list_village_groups", READERS, AREA, "查看村民小组和排查清单", "List village groups and their screening"
    ),
    AccessRow("read_screening_progress", READERS, AREA, "查看排查进度", "Read how far the screening is"),
)
SCHOOL_ROWS = (
    AccessRow("declare_school", EDUCATION, AREA, "登记学校", "Declare a school"),
    AccessRow("rename_school", EDUCATION, AREA, "学校更名", "Rename a school"),
    AccessRow("set_school_stages", EDUCATION, AREA, "登记学校的学段", "Enter the stages of a school"),
    AccessRow("relocate_school", EDUCATION, AREA, "变更学校所在地", "Enter where a school is"),
    AccessRow("merge_school", EDUCATION, AREA, "合并学校", "Merge a school into another"),
    AccessRow("close_school", EDUCATION, AREA, "停办学校", "Close a school"),
    AccessRow("annul_school_acts", EDUCATION, AREA, "作废学校变更", "Annul acts about a school"),
    AccessRow("enrol_pupil", EDUCATION, AREA, "登记学籍", "Enrol a pupil"),
    AccessRow("place_pupil", EDUCATION, AREA, "登记年级、班级和寄宿", "Enter a pupil's grade, class and boarding"),
    AccessRow("count_attendance", EDUCATION, AREA, "登记出勤", "Enter what a pupil missed"),
    AccessRow("end_enrolment", EDUCATION, AREA, "登记学籍终止", "End an enrolment"),
    AccessRow("annul_enrolment_acts", EDUCATION, AREA, "作废或恢复学籍登记", "Annul or restore acts about enrolments"),
    AccessRow("read_enrolments", READERS, AREA, "查看学籍", "Read a member's enrolments"),
    AccessRow(
        "list_schooling_periods", READERS, AREA, "查看农户成员各日的学籍，按各日所知",
        "Read the enrolments of a household's members on all days, as known on all others",
    ),
    AccessRow("read_roster_template", EDUCATION, Relation.NONE, "下载学生花名册空表", "Download the empty pupil roster"),
    AccessRow("import_roster", EDUCATION, AREA, "导入学生花名册", "Import a pupil roster", is_costly=True),
    AccessRow("annotate_roster", EDUCATION, AREA, "检查学生花名册", "Check a pupil roster", is_costly=True),
    AccessRow("find_rosters", EDUCATION, Relation.OWN, "查看本人对一份花名册的导入", "Find one's own imports of a roster"),
    AccessRow("read_roster_import", EDUCATION, AREA, "查看花名册导入进度", "Read the progress of a roster's import"),
    AccessRow("list_pupils", READERS, AREA, "查看学校的学生", "List the pupils of a school"),
    AccessRow("read_school", STAFF, Relation.NONE, "查看学校", "Read a school"),
    AccessRow("list_school_acts", STAFF, Relation.NONE, "查看学校变更", "Read what was entered of a school"),
    AccessRow("list_schools", STAFF, AREA, "查看学校清单", "List schools"),
)  # fmt: skip

ACCESS = AccessTable(
    *RUNTIME_ROWS,
    FORESIGHT_ROW,
    *DOCUMENT_ROWS,
    *STAFF_ROWS,
    *REVOCATION_ROWS,
    *CASE_ROWS,
    *INBOX_ROWS,
    *FINDING_ROWS,
    *DUTY_ROWS,
    *HOUSEHOLD_ROWS,
    *RECORD_ROWS,
    *CORRECTION_ROWS,
    *CLUE_ROWS,
    *AUTHORISATION_ROWS,
    *INTAKE_ROWS,
    *HISTORY_ROWS,
    *RECONCILIATION_ROWS,
    *OPENING_ROWS,
    *NUMBER_REVIEW_ROWS,
    *EVIDENCE_ROWS,
    *DIVISION_ROWS,
    *SCREENING_ROWS,
    *SCHOOL_ROWS,
    *EXPORT_ROWS,
)
