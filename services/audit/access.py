"""Who may do what in the audit service."""

from services.casework.access.exports import EXPORT_ROWS
from services.casework.access.roles import READERS
from services.chassis.security.access_table import AccessRow, AccessTable, Relation
from services.chassis.web.access_rows import RUNTIME_ROWS

AREA = Relation.IN_AREA_TODAY

ACCESS = AccessTable(
    *RUNTIME_ROWS,
    *EXPORT_ROWS,
    AccessRow("read_history", READERS, Relation.WAS_IN_AREA, "查看全过程", "Read all that is on record of a household"),
    AccessRow("read_statement", READERS, AREA, "查看增减变动表", "Read a statement of stock and changes"),
    AccessRow("list_movements", READERS, AREA, "查看变动明细", "List the movements behind a figure"),
    AccessRow("list_stock", READERS, AREA, "查看存量明细", "List the households behind a stock"),
)
