"""Who may do what in the monitoring service. Targets name no household, so that an operator reads them."""

from contracts.roles import Role
from services.casework.access.cases import INBOX_ROWS
from services.casework.access.evidence import EVIDENCE_ROWS
from services.casework.access.exports import EXPORT_ROWS
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
    AccessRow("list_targets", STAFF, AREA, "查看任务清单", "List targets"),
    AccessRow("read_target", STAFF, AREA, "查看任务", "Read a target"),
    AccessRow("read_target_path", STAFF, AREA, "查看任务进展过程", "Read how a target came to its progress"),
    AccessRow("read_milestone", STAFF, AREA, "查看节点", "Read a milestone"),
    AccessRow("list_owners", STAFF, AREA, "查看责任人任务", "List who answers for what"),
)

ACCESS = AccessTable(*RUNTIME_ROWS, FORESIGHT_ROW, *TARGET_ROWS, *INBOX_ROWS, *EVIDENCE_ROWS, *EXPORT_ROWS)
