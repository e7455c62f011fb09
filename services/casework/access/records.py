"""Rows of the access table for records of work. Which office makes, confirms and reads a kind, its document says."""

from services.casework.access.roles import OFFICES, READERS
from services.casework.purposes import PURPOSES_BY_ROLE
from services.chassis.security.access_table import AccessRow, Relation

AREA = Relation.IN_AREA_TODAY

RECORD_ROWS = (
    AccessRow("make_record", OFFICES, AREA, "填报工作记录", "Say what was done"),
    AccessRow("correct_record", OFFICES, AREA, "更正工作记录", "Correct a record"),
    AccessRow("annul_record", OFFICES, AREA, "撤销工作记录", "Annul a record"),
    AccessRow("restore_record", OFFICES, AREA, "恢复工作记录", "Restore an annulled record"),
    AccessRow("list_records", READERS, AREA, "查看工作记录清单", "List records"),
    AccessRow("count_records", READERS, AREA, "统计工作记录", "Count records, households, persons and times"),
    AccessRow("total_records", READERS, AREA, "汇总工作记录的数额", "Sum up what records measured"),
    AccessRow("read_record", READERS, AREA, "查看工作记录", "Read a record and its history"),
    AccessRow(
        "read_record_texts", frozenset(PURPOSES_BY_ROLE), AREA, "按目的查看记录原文",
        "Read the text of a record, for a stated purpose", discloses=True,
    ),
)  # fmt: skip
CONFIRMATION_ROW = AccessRow("confirm_record", OFFICES, AREA, "确认工作记录", "Confirm a record as the second person")
"""Where a kind of record asks for that."""
PERSON_RECORD_ROW = AccessRow("list_records_of_person", READERS, AREA, "查看一人的工作记录", "List records of a person")
"""Where records are about persons."""
VISIT_ROW = AccessRow("record_visit", OFFICES, AREA, "登记一次走访", "Enter what a visit found")
"""Of the register; what is owed by visits elsewhere is answered by it."""
