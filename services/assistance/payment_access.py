"""Who may do what about payments."""

from contracts.roles import Role
from services.casework.access.roles import APPROVERS, DECIDER, OFFICES, READERS
from services.chassis.security.access_table import AccessRow, Relation

AREA = Relation.IN_AREA_TODAY
COMPILERS = frozenset({Role.CADRE, Role.REVIEWER})
PAYMENT_ROWS = (
    AccessRow("compile_pay_list", COMPILERS, AREA, "编制发放名册", "Compile a pay-list", is_costly=True),
    AccessRow("post_pay_list", COMPILERS, AREA, "公示发放名册", "Post a pay-list"),
    AccessRow("strike_payment_lines", APPROVERS, AREA, "剔除名册明细", "Strike lines of a pay-list"),
    AccessRow("verify_pay_list", APPROVERS, AREA, "核实发放名册", "Verify a pay-list"),
    AccessRow("post_payment_fund", APPROVERS, AREA, "登记资金用途公示", "Enter the posting of a fund's use"),
    AccessRow("annul_fund_posting", APPROVERS, AREA, "作废资金用途公示登记", "Annul the posting of a fund's use"),
    AccessRow("list_fund_postings", READERS, AREA, "查看资金用途公示", "List where funds' uses were posted"),
    AccessRow("list_payment_quotas", READERS, AREA, "查看项目资金额度", "See what quota a programme has"),
    AccessRow("release_payments", DECIDER, AREA, "审核额度、拨付", "Check the quota and release"),
    AccessRow("hand_over_payments", DECIDER, AREA, "交付代发", "Hand a list over to be paid"),
    AccessRow("free_payment_lines", APPROVERS, AREA, "解除暂缓发放", "Free lines that are held"),
    AccessRow("withdraw_pay_list", APPROVERS, AREA, "作废发放名册", "Withdraw a pay-list"),
    AccessRow("reissue_payments", OFFICES, AREA, "退票重发", "Pay again what was returned"),
    AccessRow("import_payment_results", DECIDER, AREA, "导入回盘文件", "Import a result file", is_costly=True),
    AccessRow("report_payment_outcome", APPROVERS, AREA, "登记单笔发放结果", "Report the outcome of a line"),
    AccessRow("annul_payment_outcome", DECIDER, AREA, "作废结果登记", "Annul an outcome"),
    AccessRow("list_pay_lists", READERS, AREA, "查看发放名册清单", "List pay-lists"),
    AccessRow("read_pay_list", READERS, AREA, "查看发放名册", "Read a pay-list"),
    AccessRow("list_payment_lines", READERS, AREA, "查看名册明细", "List the lines of a pay-list"),
    AccessRow("reproduce_pay_list", READERS, AREA, "复现发放名册", "Reproduce a pay-list", is_costly=True),
    AccessRow("list_unit_facts", READERS, AREA, "查看个人发放登记", "List what was entered about one beneficiary"),
    AccessRow("read_unit_payments", READERS, AREA, "查看个人发放账目", "Read what one beneficiary was paid"),
    AccessRow("waive_due", DECIDER, AREA, "放弃应发", "Waive a due"),
    AccessRow("plan_recovery", APPROVERS, AREA, "订立追回计划", "Plan a recovery"),
    AccessRow("record_recovery", APPROVERS, AREA, "登记追回", "Record a recovery"),
    AccessRow("refund_recovery", DECIDER, AREA, "退还追回款", "Refund what was recovered"),
    AccessRow("annul_unit_entries", DECIDER, AREA, "作废个人发放登记", "Annul entries about one beneficiary's due"),
    AccessRow("write_off_overpayment", DECIDER, AREA, "核销多付款", "Write an overpayment off"),
    AccessRow("name_payee", APPROVERS, AREA, "指定收款人", "Name whose account is paid"),
    AccessRow(
        "read_payment_totals",
        READERS,
        AREA,
        "查看实发合计和人均",
        "Read what was paid in all, and to a head",
        is_costly=True,
    ),
    AccessRow("read_payment_identities", READERS, AREA, "核对收支恒等式", "Read both identities", is_costly=True),
    AccessRow(
        "list_year_end_blocks",
        READERS,
        AREA,
        "查看年结障碍及办法",
        "List what keeps a year from being closed",
        is_costly=True,
    ),
    AccessRow("list_money_bench", READERS, AREA, "查看退票台账", "List returns that are not paid again"),
    AccessRow("list_payee_checks", READERS, AREA, "查看需核对的收款账户", "List accounts that hold no longer"),
    AccessRow(
        "read_payment_accounts", DECIDER, AREA, "为代发文件查看账号", "Read account numbers for the platform's file"
    ),
    AccessRow("propose_year_closing", APPROVERS, AREA, "提出年度结账", "Propose the closing of a year"),
    AccessRow("close_payment_year", DECIDER, AREA, "年度结账", "Close a year"),
)
