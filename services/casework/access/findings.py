"""Rows of the access table for findings: which office answers one, the document of check rules says."""

from services.casework.access.roles import EDUCATION, OFFICES, READERS
from services.chassis.security.access_table import AccessRow, Relation

FINDING_ROWS = (
    AccessRow("list_findings", READERS, Relation.IN_AREA_TODAY, "查看核查发现清单", "List what check rules found"),
    AccessRow("read_finding", READERS, Relation.IN_AREA_TODAY, "查看核查发现", "Read what a check rule found"),
    AccessRow(
        "answer_finding",
        OFFICES | EDUCATION,
        Relation.OFFICE_OF_THE_STEP,
        "说明核查发现",
        "Answer what a check rule found",
    ),
)
