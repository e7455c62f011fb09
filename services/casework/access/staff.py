"""Rows of the access table for the staff directory. Whose posts an operator enters, the directory's rules say: the county's
those of villages and townships, the province's all others."""

from contracts.roles import Role
from services.casework.access.roles import APPROVERS, OPERATOR, STAFF
from services.chassis.security.access_table import AccessRow, Relation

KEEPERS = frozenset({Role.OPERATOR, Role.AUDITOR})
AREA = Relation.IN_AREA_TODAY

STAFF_ROWS = (
    AccessRow("register_staff", OPERATOR, Relation.NONE, "登记人员", "Enter a person"),
    AccessRow("assign_staff_number", OPERATOR, AREA, "登记工号", "Assign a staff number"),
    AccessRow("read_staff_template", OPERATOR, Relation.NONE, "下载人员名册空表", "Download the empty staff list"),
    AccessRow("import_staff_list", OPERATOR, AREA, "导入人员名册", "Import a staff list", is_costly=True),
    AccessRow("annotate_staff_list", OPERATOR, AREA, "检查人员名册", "Check a staff list", is_costly=True),
    AccessRow("read_staff_import", KEEPERS, AREA, "查看人员名册导入进度", "Read the progress of a staff list's import"),
    AccessRow(
        "find_staff_imports",
        OPERATOR,
        Relation.OWN,
        "查看本人对一份名册的导入",
        "Find one's own imports of a staff list",
    ),
    AccessRow("link_account", OPERATOR, AREA, "登记人员账号", "Link an account to a person"),
    AccessRow("unlink_account", OPERATOR, AREA, "停用人员账号", "End a person's account"),
    AccessRow("assume_post", OPERATOR, AREA, "登记任职", "Enter that a post was assumed"),
    AccessRow("leave_post", OPERATOR, AREA, "登记离任", "Enter that a post was left"),
    AccessRow("recertify_post", APPROVERS, AREA, "年度复核任职", "Confirm or end a post, from the level above"),
    AccessRow("record_absence", OPERATOR, AREA, "登记离岗", "Enter an absence"),
    AccessRow("delegate_posts", OPERATOR, AREA, "登记代理", "Enter who stands in"),
    AccessRow("correct_staff", OPERATOR, AREA, "更正人员登记", "Annul or restore entries"),
    AccessRow("list_posts", STAFF, AREA, "查看岗位", "List posts and who holds them"),
    AccessRow("find_account", KEEPERS, Relation.NONE, "查询账号属于何人", "Find whose account it is"),
    AccessRow("compare_token", STAFF, Relation.OWN, "核对本人令牌与名册", "Compare one's token with the directory"),
    AccessRow("read_staff", STAFF, Relation.WAS_IN_AREA, "查看人员任职", "Read a person's posts"),
    AccessRow("list_staff_facts", STAFF, Relation.WAS_IN_AREA, "查看人员登记经过", "Read what was entered of a person"),
)
