"""Rows of the access table for duties."""

from services.casework.access.roles import READERS
from services.chassis.security.access_table import AccessRow, Relation

DUTY_ROWS = (
    AccessRow(
        "list_duties", READERS, Relation.IN_AREA_TODAY, "查看应办事项及逾期", "List what is owed, and what was missed"
    ),
    AccessRow(
        "read_duty_calendar",
        READERS,
        Relation.IN_AREA_TODAY,
        "查看应办事项日历",
        "Read the calendar of duties",
        is_costly=True,
    ),
    AccessRow(
        "assess_duties",
        READERS,
        Relation.IN_AREA_TODAY,
        "查看履职考核数据",
        "Read how those who owe duties did",
        is_costly=True,
    ),
)
