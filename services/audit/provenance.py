"""The provenance of every answer of audit: how far the logs were read, and the cutoff up to which facts count."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeAlias

from fastapi import Query
from psycopg import Connection
from pydantic import BaseModel, Field

from contracts.civil import civil_day, end_of_day
from services.chassis.ground.refusals import Refused, rule
from services.chassis.service import Service
from services.chassis.web.payloads import DAY_PATTERN, INSTANT_PATTERN, LAST_DAY
from services.chassis.web.provisional import behind_at_request

BAD_KNOWN_AT = rule(
    "bad_known_at",
    zh="“按何时所知”应为日期（2016-12-31）或带时区的时刻（2016-12-31T18:00:00+08:00）。",
    en="known_at is a day (2016-12-31) or an instant with its offset (2016-12-31T18:00:00+08:00).",
    source="Lika design: two times",
    status=422,
)

DatabaseConnection: TypeAlias = Connection[tuple[Any, ...]]

EARLIEST, LATEST = date(1900, 1, 1), date.fromisoformat(LAST_DAY)
"""Days that can be asked about."""

KnownAtParam = Annotated[
    str | None,
    Query(
        max_length=40,
        description="按该日结束前所知，缺省为今天；也可为时刻 / as known before the end of that day, today by default;"
        " an instant will do, too",
        examples=["2016-12-31"],
    ),
]


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The cutoff of an answer in transaction time. ``asked``: a day or an instant, in ISO 8601; ``before``: a fact counts
    when it was recorded before this instant."""

    asked: str
    before: datetime

    @classmethod
    def day(cls, day: date) -> "Cutoff":
        """The end of that Shanghai day."""
        return cls(day.isoformat(), end_of_day(day))

    @classmethod
    def parse(cls, text: str) -> "Cutoff":
        """Raises ``Refused`` (422)."""
        try:
            if DAY_PATTERN.fullmatch(text):
                day = date.fromisoformat(text)
                if EARLIEST <= day <= LATEST:
                    return cls.day(day)
            elif INSTANT_PATTERN.fullmatch(text):
                instant = datetime.fromisoformat(text)
                if instant.tzinfo is not None and EARLIEST.year < instant.year < LATEST.year:
                    return cls(instant.isoformat(), instant.astimezone(UTC))
        except ValueError:
            raise Refused(BAD_KNOWN_AT) from None
        raise Refused(BAD_KNOWN_AT)


class LogHead(BaseModel):
    """How far audit has read a log, and where that ended when it was last looked at. Nothing will be recorded there before
    ``closed_through``; null: not yet heard."""

    log: str
    position: int
    head: int | None
    closed_through: datetime | None


class Provenance(BaseModel):
    """What a figure was computed from."""

    known_at: str = Field(description="日期（当日结束前）或时刻 / a day (by its end) or an instant")
    known_before: datetime
    logs: list[LogHead]
    provisional: bool
    incomplete: int


class SnapshotReader:
    """Reads audit's database in consistent snapshots, each with its provenance."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def cutoff(self, asked: str | None) -> Cutoff:
        """As asked, or by the end of today. A simulated producer may be days ahead of this service's own clock."""
        if asked is not None:
            return Cutoff.parse(asked)
        instants = [self._service.store.clock.now(), *filter(None, self._closed_through().values())]
        return Cutoff.day(civil_day(max(instants)))

    @contextmanager
    def snapshot(self, cutoff: Cutoff) -> Iterator[tuple[DatabaseConnection, Provenance]]:
        """One snapshot of all tables, and its provenance. Blocking: for worker threads."""
        # Read before the snapshot is taken, so that everything up to it is in the snapshot.
        closed = self._closed_through()
        with self._service.store.snapshot() as snapshot:
            yield snapshot.connection, self._provenance(snapshot.connection, cutoff, closed)

    def _closed_through(self) -> dict[str, datetime | None]:
        consumers = self._service.consumers
        return {log: consumers[log].closed_through if log in consumers else None for log in self._service.reads}

    def _provenance(
        self, conn: DatabaseConnection, cutoff: Cutoff, closed: Mapping[str, datetime | None]
    ) -> Provenance:
        name = self._service.name
        positions: dict[str, int] = dict(
            conn.execute("SELECT log, position FROM cursors WHERE consumer = %s", (name,)).fetchall()
        )
        parked = conn.execute("SELECT count(DISTINCT subject) FROM parked WHERE consumer = %s", (name,)).fetchone()
        assert parked is not None
        return Provenance(
            known_at=cutoff.asked,
            known_before=cutoff.before,
            logs=[self._log_head(n, positions.get(n, 0), c) for n, c in closed.items()],
            # The header says so as well, from the same reading.
            provisional=bool(behind_at_request.get()) or any(c is None or c < cutoff.before for c in closed.values()),
            incomplete=parked[0],
        )

    def _log_head(self, log: str, position: int, closed: datetime | None) -> LogHead:
        consumer = self._service.consumers.get(log)
        head = None if consumer is None or consumer.head is None else max(position, consumer.head)
        return LogHead(log=log, position=position, head=head, closed_through=closed)
