"""Rows of the access table for cases: which office takes a step, the procedure document says."""

from services.casework.access.roles import OFFICES, READERS
from services.chassis.security.access_table import AccessRow, Relation

STEP = Relation.OFFICE_OF_THE_STEP

CASE_ROWS = (
    AccessRow("open_case", OFFICES, STEP, "受理、启动程序", "Open a case"),
    AccessRow("make_visit", OFFICES, STEP, "入户核实", "Make an on-site visit"),
    AccessRow("hold_appraisal", OFFICES, STEP, "登记民主评议", "Record a meeting's votes"),
    AccessRow("give_consent", OFFICES, STEP, "登记农户意愿", "Record the household's consent"),
    AccessRow("post_notice", OFFICES, STEP, "公示", "Post a notice"),
    AccessRow("take_down_notice", OFFICES, STEP, "撤下公示", "Take a notice down"),
    AccessRow("raise_objection", OFFICES, STEP, "登记异议", "Record an objection"),
    AccessRow("resolve_objection", OFFICES, STEP, "处理异议", "Resolve an objection"),
    AccessRow("give_review", OFFICES, STEP, "审核", "Review"),
    AccessRow("give_opinion", OFFICES, STEP, "签署意见", "Give an opinion"),
    AccessRow("give_signature", OFFICES, STEP, "签字", "Sign, or decline to"),
    AccessRow("make_inspection", OFFICES, STEP, "验收", "Inspect"),
    AccessRow("make_comparison", OFFICES, STEP, "部门比对", "Compare with departments' data"),
    AccessRow("decide_case", OFFICES, STEP, "审批决定", "Decide"),
    AccessRow("announce_case", OFFICES, STEP, "公告", "Announce"),
    AccessRow("return_case", OFFICES, STEP, "退回补正", "Return for correction"),
    AccessRow("withdraw_case", OFFICES, STEP, "撤回", "Withdraw"),
    AccessRow("close_case", OFFICES, STEP, "终止", "Close a case that cannot go on"),
    AccessRow("take_green_channel", OFFICES, STEP, "绿色通道", "Take the green channel"),
    AccessRow("take_step_in_batch", OFFICES, STEP, "批量办理同一步骤", "Take one step of many cases"),
    AccessRow("read_case", READERS, Relation.WAS_IN_AREA, "查看案卷", "Read a case"),
    AccessRow("read_case_steps", READERS, Relation.IN_AREA_TODAY, "查看案卷各步骤", "Read the steps of a case"),
    AccessRow("list_notices", READERS, Relation.IN_AREA_TODAY, "查看公示清单", "List notices that hang"),
    AccessRow("list_cases", READERS, Relation.IN_AREA_TODAY, "查看案卷清单", "List cases"),
    AccessRow(
        "list_due_steps", READERS, Relation.IN_AREA_TODAY, "查看本岗位待办步骤", "List steps that wait for one's office"
    ),
)
INBOX_ROWS = (
    AccessRow("read_inbox", READERS, Relation.IN_AREA_TODAY, "查看待办", "Read what needs attention"),
    AccessRow("count_inbox", READERS, Relation.IN_AREA_TODAY, "查看待办数量", "Count what needs attention"),
)
