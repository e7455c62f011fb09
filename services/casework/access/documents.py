"""Rows of the access table for documents, which are public among those who work with the system. Who adopts one for which
place, the documents' rules say: operators of that place, two of them."""

from services.casework.access.roles import OPERATOR, STAFF
from services.chassis.security.access_table import AccessRow, Relation

AREA = Relation.IN_AREA_TODAY

DOCUMENT_ROWS = (
    AccessRow("list_documents", STAFF, Relation.NONE, "查看文件清单", "List documents"),
    AccessRow("read_document", STAFF, Relation.NONE, "查看文件", "Read a document"),
    AccessRow("propose_document", OPERATOR, AREA, "提出文件", "Propose a document"),
    AccessRow("confirm_document", OPERATOR, AREA, "确认文件", "Confirm what another operator proposed"),
    AccessRow("withdraw_document", OPERATOR, AREA, "撤回文件", "Propose to withdraw a document"),
)
