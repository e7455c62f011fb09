"""Who may do what in the assistance service."""

from contracts.roles import Role
from services.casework.access.cases import CASE_ROWS, INBOX_ROWS
from services.casework.access.documents import DOCUMENT_ROWS
from services.casework.access.duties import DUTY_ROWS
from services.casework.access.evidence import EVIDENCE_ROWS
from services.casework.access.exports import EXPORT_ROWS
from services.casework.access.findings import FINDING_ROWS
from services.casework.access.records import CONFIRMATION_ROW, PERSON_RECORD_ROW, RECORD_ROWS, VISIT_ROW
from services.casework.access.roles import READERS
from services.casework.inbox.entries import SUBJECT, Act
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.web.access_rows import FORESIGHT_ROW, RUNTIME_ROWS

AREA = Relation.IN_AREA_TODAY
HELPER_OFFICES = frozenset({Role.CADRE, Role.REVIEWER})

AID_ROWS = (
    AccessRow("list_aid_entitlements", READERS, AREA, "查看资助", "List what was granted"),
    AccessRow("list_aid_eligibility", READERS, AREA, "查看资助资格", "List who is eligible, and why"),
)
PAIRING_ROWS = (
    AccessRow("assign_helper", HELPER_OFFICES, AREA, "安排帮扶责任人", "Assign a helper"),
    AccessRow("release_helper", HELPER_OFFICES, AREA, "解除帮扶", "Release a helper"),
    AccessRow("hand_over", HELPER_OFFICES, AREA, "交接帮扶责任人", "Hand over to another helper"),
    AccessRow("list_pairings", READERS, AREA, "查看结对清单", "List households and their helpers"),
    AccessRow("list_helpers", READERS, AREA, "查看帮扶责任人及所帮户数", "List helpers and whom they help"),
    AccessRow("read_pairing", READERS, AREA, "查看一户的帮扶责任人", "Read a household's helpers"),
)

VISIT = Act(VISIT_ROW.act, "POST", f"/registry/households/{SUBJECT}/visits")
"""What answers for visits that are due."""

ACCESS = AccessTable(
    *RUNTIME_ROWS,
    FORESIGHT_ROW,
    *DOCUMENT_ROWS,
    *AID_ROWS,
    *PAIRING_ROWS,
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
