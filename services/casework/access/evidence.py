"""Rows of the access table for papers."""

from services.casework.access.roles import EDUCATION, OFFICES, OPERATOR, READERS
from services.casework.purposes import PURPOSES_BY_ROLE
from services.chassis.security.access_table import AccessRow, Relation

EVIDENCE_ROWS = (
    # Operators upload what they cite: papers about the staff.
    AccessRow("upload_evidence", OFFICES | EDUCATION | OPERATOR, Relation.NONE, "上传材料", "Upload a paper"),
    AccessRow("add_evidence_subjects", OFFICES, Relation.IN_AREA_TODAY, "补充材料所涉对象", "Say whom else a paper concerns"),
    AccessRow("read_evidence", READERS, Relation.IN_AREA_TODAY, "查看材料信息", "Read what a paper is"),
    AccessRow(
        "read_evidence_content", frozenset(PURPOSES_BY_ROLE), Relation.IN_AREA_TODAY, "按目的查看材料",
        "Read a paper, for a stated purpose", discloses=True,
    ),
)  # fmt: skip
