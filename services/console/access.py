"""Who may do what at the console itself: anybody may see its pages, which hold no data. What they show, the services give or
refuse to whoever is signed in."""

from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.web.access_rows import DOCUMENTATION_ROWS, HEALTH_ROWS

CONSOLE = "console"

ACCESS = AccessTable(
    *DOCUMENTATION_ROWS,
    *HEALTH_ROWS,
    AccessRow("read_session", None, Relation.PUBLIC, "本浏览器已登录的账号", "Who is signed in in this browser"),
    AccessRow("end_session", None, Relation.PUBLIC, "退出登录", "Sign out"),
    AccessRow("read_labels", None, Relation.PUBLIC, "各项名称", "Labels of facts, fields and codes"),
    AccessRow("read_form", None, Relation.PUBLIC, "一项操作的表单", "The form of a command"),
    AccessRow("list_reads", None, Relation.PUBLIC, "可查阅的内容", "What can be read of a service"),
    AccessRow("describe_read", None, Relation.PUBLIC, "一项内容的栏目", "What a read holds"),
)
