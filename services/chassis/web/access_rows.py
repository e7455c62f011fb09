"""Rows of the access table for what every service has: documentation, health, log, clock, and the caller's own rows."""

from contracts.roles import Role
from services.chassis.security.access_table import AccessRow, Relation

DOCUMENTATION_ROWS = (
    AccessRow("openapi", None, Relation.PUBLIC, "接口说明文档", "The interface's OpenAPI document"),
    AccessRow("custom_swagger_ui_html", None, Relation.PUBLIC, "接口说明网页", "The interface's documentation page"),
    AccessRow("swagger_ui_redirect", None, Relation.PUBLIC, "接口说明网页的登录跳转", "Its page for signing in"),
)
HEALTH_ROWS = (
    AccessRow("live", None, Relation.PUBLIC, "进程是否存活", "Whether the process answers"),
    AccessRow("ready", None, Relation.PUBLIC, "服务是否就绪", "Whether the service can serve"),
)
METRICS_ROW = AccessRow("metrics", None, Relation.PUBLIC, "运行指标", "Figures for those who run the process")
RUNTIME_ROWS = (
    *DOCUMENTATION_ROWS,
    *HEALTH_ROWS,
    AccessRow("read_clock", None, Relation.NONE, "读取系统时间", "Read the service's time"),
    AccessRow(
        "step_clock", frozenset({Role.OPERATOR}), Relation.WHOLE_INSTALLATION, "调整模拟时钟", "Step a simulated clock"
    ),
    AccessRow(
        "read_log_head", frozenset({Role.SERVICE, Role.AUDITOR}), Relation.WHOLE_INSTALLATION, "读取日志位置",
        "Read how far the log has come",
    ),
    AccessRow(
        "read_log_page", frozenset({Role.SERVICE, Role.AUDITOR}), Relation.WHOLE_INSTALLATION, "读取日志",
        "Read the log, with personal fields sealed",
    ),
    AccessRow(
        "read_log_digests", frozenset({Role.SERVICE, Role.AUDITOR}), Relation.WHOLE_INSTALLATION, "读取日志摘要",
        "Read the digests of the log's entries",
    ),
    AccessRow(
        "list_differences", frozenset({Role.AUDITOR, Role.OPERATOR}), Relation.WHOLE_INSTALLATION, "查看与摘要不符的日志条目",
        "List entries that differ from their digests",
    ),
    AccessRow(
        "read_integrity", frozenset({Role.AUDITOR, Role.OPERATOR}), Relation.WHOLE_INSTALLATION, "查看日志核对结果",
        "See how far logs and copies were compared, and where they differ",
    ),
    AccessRow("read_access", None, Relation.OWN, "查看本人可办理的事项", "Read what one may do oneself"),
    AccessRow("list_open_acts", None, Relation.OWN, "查看某一对象上本人可办理的事项", "Read what one may do oneself about a subject"),
)  # fmt: skip
FORESIGHT_ROW = AccessRow(
    "foretell", frozenset({Role.SERVICE}), Relation.WHOLE_INSTALLATION, "向其他服务说明某事办理后本服务的后果",
    "Tell another service what would follow here from what it is about to record",
)  # fmt: skip
"""Of services that react to others' facts, or to their own."""
