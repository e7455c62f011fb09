"""Who may do what in each service."""

from collections.abc import Mapping

from services.assistance import access as assistance
from services.audit import access as audit
from services.chassis.security.access_table import AccessTable
from services.console import access as console
from services.monitoring import access as monitoring
from services.registry import access as registry
from services.registry.vault import access as vault
from services.registry.vault.keys import VAULT

ACCESS: Mapping[str, AccessTable] = {
    "registry": registry.ACCESS,
    "assistance": assistance.ACCESS,
    "monitoring": monitoring.ACCESS,
    "audit": audit.ACCESS,
    VAULT: vault.ACCESS,
    console.CONSOLE: console.ACCESS,
}
