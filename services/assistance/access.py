"""Who may do what in the assistance service."""

from contracts.roles import Role
from services.casework.access.cases import CASE_ROWS, INBOX_ROWS
from services.casework.access.documents import DOCUMENT_ROWS
from services.casework.access.duties import DUTY_ROWS
from services.casework.access.evidence import EVIDENCE_ROWS
from services.casework.access.exports import EXPORT_ROWS
from services.casework.access.findings import FINDING_ROWS
from services.casework.access.records import RECORD_ROWS
from services.casework.access.roles import OPERATOR, READERS, STAFF
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
)
PAIRING_ROWS = (
    AccessRow("assign_helper", HELPER_OFFICES, AREA, "安排帮扶责任人", "Assign a helper"),
    AccessRow("release_helper", HELPER_OFFICES, AREA, "解除帮扶", "Release a helper"),
    AccessRow("hand_over", HELPER_OFFICES, AREA, "交接帮扶责任人", "Hand over to another helper"),
    AccessRow("list_pairings", READERS, AREA, "查看结对清单", "List households and their helpers"),
    AccessRow("list_helpers", READERS, AREA, "查看帮扶责任人及所帮户数", "List helpers and whom they help"),
    AccessRow("read_pairing", READERS, AREA, "查看一户的帮扶责任人", "Read a household's helpers"),
)

ACCESS = AccessTable(
    *RUNTIME_ROWS,
    FORESIGHT_ROW,
    *DOCUMENT_ROWS,
    *PROGRAMME_ROWS,
    *ENTITLEMENT_ROWS,
    *PAIRING_ROWS,
    *RECORD_ROWS,
    *CASE_ROWS,
    *INBOX_ROWS,
    *DUTY_ROWS,
    *FINDING_ROWS,
    *EVIDENCE_ROWS,
    *EXPORT_ROWS,
)
