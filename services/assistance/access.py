"""Who may do what in the assistance service."""

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.access.documents import DOCUMENT_ROWS
from services.casework.access.roles import CADRE, DECIDER, READERS, REVIEWER
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.web.access_rows import RUNTIME_ROWS

AREA = Relation.IN_AREA_TODAY
TOWNSHIP, COUNTY = frozenset({Level.TOWNSHIP}), frozenset({Level.COUNTY})
HELPER_OFFICES = frozenset({Role.CADRE, Role.REVIEWER})

AID_ROWS = (
    AccessRow("apply_for_aid", CADRE, AREA, "申请教育资助", "Apply for education aid"),
    AccessRow("appraise_aid", CADRE, AREA, "登记评议", "Record the meeting's votes"),
    AccessRow("post_aid_notice", CADRE, AREA, "公示", "Post the notice"),
    AccessRow("object_to_aid", CADRE, AREA, "登记异议", "Record an objection"),
    AccessRow("resolve_aid_objection", REVIEWER, AREA, "处理异议", "Resolve an objection", TOWNSHIP),
    AccessRow("review_aid", REVIEWER, AREA, "审核", "Review an application", TOWNSHIP),
    AccessRow("decide_aid", DECIDER, AREA, "审批", "Grant or reject", COUNTY),
    AccessRow("withdraw_aid_application", CADRE, AREA, "撤回申请", "Withdraw an application"),
    AccessRow("list_aid_applications", READERS, AREA, "查看申请清单", "List applications"),
    AccessRow("read_aid_application", READERS, AREA, "查看申请", "Read an application"),
    AccessRow("list_aid_entitlements", READERS, AREA, "查看资助", "List what was granted"),
    AccessRow("list_aid_eligibility", READERS, AREA, "查看资助资格", "List who is eligible, and why"),
)
PAIRING_ROWS = (
    AccessRow("assign_helper", HELPER_OFFICES, AREA, "安排帮扶责任人", "Assign a helper"),
    AccessRow("release_helper", HELPER_OFFICES, AREA, "解除帮扶", "Release a helper"),
    AccessRow("hand_over", HELPER_OFFICES, AREA, "交接帮扶责任人", "Hand over to another helper"),
    AccessRow("list_pairings", READERS, AREA, "查看结对清单", "List households and their helpers"),
    AccessRow("read_pairing", READERS, AREA, "查看一户的帮扶责任人", "Read a household's helpers"),
    AccessRow("list_duties", READERS, AREA, "查看应办结对", "List duties to assign a helper"),
)

ACCESS = AccessTable(
    *RUNTIME_ROWS,
    *DOCUMENT_ROWS,
    *AID_ROWS,
    *PAIRING_ROWS,
    AccessRow("read_inbox", READERS, AREA, "查看待办", "Read what needs attention"),
)
