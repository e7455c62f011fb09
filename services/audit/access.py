"""Who may do what in the audit service."""

from services.casework.access.roles import READERS
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.web.access_rows import RUNTIME_ROWS

AREA = Relation.IN_AREA_TODAY

ACCESS = AccessTable(
    *RUNTIME_ROWS,
    AccessRow("read_history", READERS, Relation.WAS_IN_AREA, "查看全过程", "Read all that is on record of a household"),
    AccessRow(
        "read_derived_facts",
        READERS,
        Relation.WAS_IN_AREA,
        "查看因某记录而生的记录",
        "Read what was recorded because of a household's facts",
    ),
    AccessRow("read_statement", READERS, AREA, "查看增减变动表", "Read a statement of stock and changes"),
    AccessRow("list_movements", READERS, AREA, "查看变动明细", "List the movements behind a figure"),
    AccessRow("list_stock", READERS, AREA, "查看存量明细", "List the households behind a stock"),
)
