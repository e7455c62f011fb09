"""What every answer of audit rests on: how far the logs were read, what was known when, and for which division."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeAlias

from fastapi import Depends, Query
from psycopg import Connection
from pydantic import BaseModel, Field

from contracts.civil import civil_day, end_of_day
from contracts.roles import Role
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.chassis.security.identity import Actor, require
from services.chassis.service import Service

BAD_KNOWN_AT = rule(
    "bad_known_at",
    zh="“按何时所知”应为日期（2016-12-31）或带时区的时刻（2016-12-31T18:00:00+08:00）。",
    en="known_at is a day (2016-12-31) or an instant with its offset (2016-12-31T18:00:00+08:00).",
    source="Lika design: two times",
    status=422,
)

Connected: TypeAlias = Connection[tuple[Any, ...]]

Reader = Annotated[Actor, Depends(require(Role.AUDITOR, Role.ANALYST, Role.REVIEWER, Role.DECIDER, Role.CADRE))]
"""Who may read histories and statements, each within their area."""

EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
"""Days that can be asked about."""

AskedKnownAt = Annotated[
    str | None,
    Query(
        max_length=40,
        description="按当时所知：日期（该日结束前）或时刻；缺省为今天 / as known before the end of that day, or before"
        " that instant; today by default",
        examples=["2016-12-31"],
    ),
]
AskedDivision = Annotated[
    str | None,
    Query(
        pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$",
        description="区划代码（含下辖）；缺省为本人辖区 / division with all below it; the caller's area by default",
        examples=["990001101"],
    ),
]


@dataclass(frozen=True, slots=True)
class KnownAt:
    """``asked``: a day or an instant, in ISO 8601; ``before``: a fact is known when it was recorded before that."""

    asked: str
    before: datetime

    @classmethod
    def day(cls, day: date) -> "KnownAt":
        """Known by the end of that Shanghai day."""
        return cls(day.isoformat(), end_of_day(day))

    @classmethod
    def parse(cls, text: str) -> "KnownAt":
        """Raises ``Refused`` (422)."""
        try:
            if len(text) == len("2016-12-31"):
                day = date.fromisoformat(text)
                if EARLIEST <= day <= LATEST:
                    return cls.day(day)
            else:
                instant = datetime.fromisoformat(text)
                if instant.tzinfo is not None and EARLIEST.year < instant.year < LATEST.year:
                    return cls(instant.isoformat(), instant.astimezone(UTC))
        except ValueError:
            raise Refused(BAD_KNOWN_AT) from None
        raise Refused(BAD_KNOWN_AT)


@dataclass(frozen=True, slots=True)
class Prefix:
    """A division with everything below it; "" is everything."""

    code: str

    @property
    def range(self) -> dict[str, str]:
        """Codes that begin so: ``low <= code < high``, which an index can walk. ``~`` sorts behind every digit."""
        return {"low": self.code, "high": f"{self.code}~"}


def within(asked: str | None, actor: Actor) -> Prefix:
    """The division asked about, or the actor's own area. Raises ``NOT_FOUND`` outside it."""
    if asked is None:
        return Prefix(actor.division)
    if not actor.covers(asked):
        raise Refused(NOT_FOUND)
    return Prefix(asked)


class LogHead(BaseModel):
    """How far audit has read a log. Nothing will be recorded there before ``closed_through``; null: not yet heard."""

    log: str
    position: int
    closed_through: datetime | None


class Basis(BaseModel):
    """What a figure was computed from."""

    known_at: str = Field(description="日期（当日结束前）或时刻 / a day (by its end) or an instant")
    known_before: datetime = Field(description="此刻之前记录的事实计入 / facts recorded before this instant count")
    logs: list[LogHead]
    provisional: bool = Field(description="尚可变动 / a log may still receive facts that count")
    incomplete: int = Field(description="暂存未处理的户数 / households parked behind an entry that could not be read")


class Reading:
    """Gives consistent views of audit's database, and says what they rest on."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def known_at(self, asked: str | None) -> KnownAt:
        """As asked, or by the end of today. A simulated producer may be days ahead of this service's own clock."""
        if asked is not None:
            return KnownAt.parse(asked)
        instants = [self._service.store.clock.now(), *filter(None, self._closed().values())]
        return KnownAt.day(civil_day(max(instants)))

    @contextmanager
    def snapshot(self, known_at: KnownAt) -> Iterator[tuple[Connected, Basis]]:
        """One state of all tables, and its basis. Blocking: for worker threads."""
        # Asked before the snapshot is taken: what is called closed here is surely in it.
        closed = self._closed()
        with self._service.store.reading() as conn, conn.transaction():
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield conn, self._basis(conn, known_at, closed)

    def _closed(self) -> dict[str, datetime | None]:
        consumers = self._service.consumers
        return {log: consumers[log].closed_through if log in consumers else None for log in self._service.reads}

    def _basis(self, conn: Connected, known_at: KnownAt, closed: Mapping[str, datetime | None]) -> Basis:
        name = self._service.name
        reached: dict[str, int] = dict(
            conn.execute("SELECT log, position FROM cursors WHERE consumer = %s", (name,)).fetchall()
        )
        parked = conn.execute("SELECT count(DISTINCT subject) FROM parked WHERE consumer = %s", (name,)).fetchone()
        assert parked is not None
        return Basis(
            known_at=known_at.asked,
            known_before=known_at.before,
            logs=[LogHead(log=n, position=reached.get(n, 0), closed_through=c) for n, c in closed.items()],
            provisional=any(c is None or c < known_at.before for c in closed.values()),
            incomplete=parked[0],
        )
