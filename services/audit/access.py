"""Who may do what in the audit service."""

from contracts.roles import Role
from services.casework.access.exports import EXPORT_ROWS
from services.casework.access.roles import READERS
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.web.access_rows import RUNTIME_ROWS

AUDITOR = frozenset({Role.AUDITOR})
AREA = Relation.IN_AREA_TODAY

ACCESS = AccessTable(
    *RUNTIME_ROWS,
    *EXPORT_ROWS,
    AccessRow(
        "read_history",
        READERS,
        Relation.WAS_IN_AREA,
        "查看全过程",
        "Read all that is on record of a household",
        is_costly=True,
    ),
    AccessRow(
        "list_household_readings",
        READERS,
        AREA,
        "查询何人查阅过一户的个人信息",
        "See who read a household's personal data",
    ),
    AccessRow("list_own_readings", READERS, Relation.OWN, "查看本人的查阅记录", "See what one read oneself"),
    AccessRow("list_readings", AUDITOR, AREA, "查看查阅记录", "See who read what"),
    AccessRow("count_readings", AUDITOR, AREA, "查看查阅统计", "Count who read how much"),
    AccessRow(
        "read_derived_facts",
        READERS,
        Relation.WAS_IN_AREA,
        "查看因某记录而生的记录",
        "Read what was recorded because of a household's facts",
    ),
    AccessRow(
        "read_monitoring_statement",
        READERS,
        AREA,
        "查看监测对象增减变动表",
        "Read a statement of the monitored households",
        is_costly=True,
    ),
    AccessRow(
        "read_statement", READERS, AREA, "查看增减变动表", "Read a statement of stock and changes", is_costly=True
    ),
    AccessRow(
        "read_revised_statement",
        READERS,
        AREA,
        "比较两个所知日期的增减变动表",
        "Compare a statement as known on two days",
        is_costly=True,
    ),
    AccessRow(
        "list_revisions",
        READERS,
        AREA,
        "查看数字修订的农户和原因",
        "List the households and facts behind a revised figure",
        is_costly=True,
    ),
    AccessRow("list_movements", READERS, AREA, "查看变动明细", "List the movements behind a figure", is_costly=True),
    AccessRow("list_stock", READERS, AREA, "查看存量明细", "List the households behind a stock", is_costly=True),
)
