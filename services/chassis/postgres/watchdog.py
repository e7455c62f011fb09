"""Keeps the embedded database running: it goes down when the disk is full or the system runs out of memory, and nobody
else would start it again once there is room."""

import structlog

from services.chassis.ground.background import Background
from services.chassis.postgres.databases import DatabaseUnavailable
from services.chassis.postgres.embedded import EmbeddedPostgres

CHECK_INTERVAL = 1.0
"""Seconds between two looks."""

REST = 5.0
"""Seconds until a server that would not start is tried again."""

log = structlog.get_logger("lika.database_watchdog")


class DatabaseWatchdog(Background):
    """Watches while it is entered."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        super().__init__("database-watchdog")
        self._server = server

    def __enter__(self) -> "DatabaseWatchdog":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def run(self) -> None:
        rest = CHECK_INTERVAL
        while not self._halt.wait(rest):
            rest = CHECK_INTERVAL
            if self._server.is_down():
                log.error("database_down")
                try:
                    # This process uses it already, so it stays up when a second user comes and goes.
                    EmbeddedPostgres(self._server.folder).start().stop()
                    log.warning("database_started_again")
                except DatabaseUnavailable:
                    # Its own log, beside the data, says why.
                    log.error("database_does_not_start")
                    rest = REST
