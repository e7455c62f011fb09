"""Row of the access table for exports. Who may export a list is who may read it."""

from services.casework.access.roles import STAFF
from services.chassis.security.access_table import AccessRow, Relation

EXPORT_ROWS = (
    AccessRow(
        "list_running_exports", STAFF, Relation.OWN, "查看本人导出进度", "See how far one's own exports have come"
    ),
)
