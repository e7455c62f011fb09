"""What the register's totals count: the measures that are kept of every division, each by its values."""

from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.poverty_status import STOCK
from services.chassis.views.knowledge_blocks import KnowledgeBlocks
from services.chassis.views.rollup import Rollup

STATUS, CATEGORY, MONITORED_CATEGORY, MONITORING = "status", "category", "monitored_category", "monitoring"
"""Measures: of all households by poverty status; of those in stock, and of those monitored, by category; of those that are or were
monitored by status and kind."""
BETWEEN = "/"
"""Stands between the two parts of a value."""
IN_STOCK = f"status IN ({', '.join(repr(status.value) for status in sorted(STOCK))})"
IS_MONITORED = f"monitoring = '{MonitoringStatus.MONITORED}'"
FIGURES = Rollup(
    "household_figures",
    KnowledgeBlocks("household_blocks"),
    f"('{STATUS}', status), (CASE WHEN {IN_STOCK} THEN '{CATEGORY}' END, attribute),"
    f" (CASE WHEN {IS_MONITORED} THEN '{MONITORED_CATEGORY}' END, attribute),"
    f" (CASE WHEN monitoring IS NOT NULL THEN '{MONITORING}' END, monitoring || '{BETWEEN}' || monitoring_kind)",
)
