"""What whoever runs the process reads: figures and health, on an address of its own.

Neither is anybody's who only works with the services, and a flood there must not hide how the process is.
"""

from collections.abc import Iterable, Mapping
from functools import partial

from fastapi import FastAPI

from services.chassis.ground.certificates import UsedCertificate
from services.chassis.ground.limits import Limits
from services.chassis.ground.metrics import certificate_ends
from services.chassis.security.access_table import AccessTable
from services.chassis.web.access_rows import DOCUMENTATION_ROWS, HEALTH_ROWS, METRICS_ROW
from services.chassis.web.application import service_app
from services.chassis.web.metrics_page import ScrapedGauges, combined, metrics_router
from services.chassis.web.operations_api import Check, operations_router


def operations_app(
    checks: Iterable[Mapping[str, Check]], limits: Limits, certificates: Iterable[UsedCertificate] = ()
) -> FastAPI:
    """``/metrics``, ``/health/live`` and ``/health/ready`` of a whole process. ``checks``: of each of its services."""
    every = {name: check for of_service in checks for name, check in of_service.items()}
    certificates_end = combined(
        *(ScrapedGauges((certificate_ends.labels(c.setting),), partial(_until, c)) for c in certificates)
    )
    return service_app(
        name="operations", title="立卡 · 运行 / Lika operations",
        routers=[operations_router(every), metrics_router(limits.metrics_seconds, certificates_end)],
        access=AccessTable(*DOCUMENTATION_ROWS, *HEALTH_ROWS, METRICS_ROW), limits=limits,
    )  # fmt: skip


def _until(certificate: UsedCertificate) -> tuple[float]:
    return (certificate.ends().timestamp(),)
