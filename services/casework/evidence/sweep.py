"""Sweeps, from time to time, what uploads that failed have left behind."""

import psycopg
import structlog

from services.casework.evidence.storage import StorageUnavailable
from services.casework.evidence.store import EvidenceStore
from services.chassis.ground.background import Background

log = structlog.get_logger("lika.evidence")

INTERVAL = 6 * 3600.0
"""Seconds between two sweeps."""


class EvidenceSweep(Background):
    """At the start, and then every ``INTERVAL``."""

    def __init__(self, evidence: EvidenceStore) -> None:
        super().__init__(f"{evidence.store.name}-evidence-sweep")
        self._evidence = evidence

    def run(self) -> None:
        while True:
            try:
                if swept := self._evidence.sweep():
                    log.warning("evidence_swept", service=self._evidence.store.name, count=swept)
            except (StorageUnavailable, psycopg.Error, OSError) as error:
                log.warning("evidence_not_swept", service=self._evidence.store.name, exc_info=error)
            if self._halt.wait(INTERVAL):
                return
