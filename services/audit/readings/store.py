"""Questions to the tables of readings: of whom, by whom, and how many."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from psycopg.rows import class_row

from contracts.registry.access import Purpose
from services.audit.provenance import DatabaseConnection
from services.audit.readings.domain import Reading, ReadingKind
from services.chassis.web.areas import code_range

COLUMNS = tuple(each.name for each in fields(Reading))
By = Literal["reader", "subject", "day"]
KEYS = {"reader": "account", "subject": "subject::text", "day": "day::text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingFilter:
    """``area``: prefix of the readers' offices; ``subjects``: any of these; the days are both included."""

    since: date
    until: date
    area: str | None = None
    account: str | None = None
    subjects: Collection[UUID] | None = None
    kind: ReadingKind | None = None


@dataclass(frozen=True, slots=True)
class ReadingCount:
    """``readings``: requests; ``subjects``: distinct ones; ``readers``: distinct accounts."""

    key: str
    readings: int
    subjects: int
    readers: int


def table_of(log: str) -> str:
    """Of what that log says was read."""
    return f"readings_{log}"


class Readings:
    """``logs``: whose readings there are tables of."""

    def __init__(self, logs: Sequence[str]) -> None:
        columns = ", ".join(COLUMNS)
        self._tables = " UNION ALL ".join(f"SELECT {columns} FROM {table_of(log)} WHERE {{where}}" for log in logs)

    def listed(
        self, conn: DatabaseConnection, asked: ReadingFilter, after: tuple[datetime, str, UUID], limit: int
    ) -> list[Reading]:
        """By (instant, fact, subject), those after this key."""
        where, params = _where(asked)
        where += " AND (read_at, reading, subject) > (%(read_at)s, %(reading)s, %(subject)s)"
        sql = f"{self._tables.format(where=where)} ORDER BY read_at, reading, subject LIMIT %(limit)s"
        keys = {"read_at": after[0], "reading": after[1], "subject": after[2], "limit": limit}
        with conn.cursor(row_factory=class_row(Reading)) as cur:
            return cur.execute(sql.encode(), {**params, **keys}).fetchall()

    def counts(
        self, conn: DatabaseConnection, asked: ReadingFilter, by: By, after: str, limit: int
    ) -> list[ReadingCount]:
        """By key, those after this one."""
        where, params = _where(asked)
        sql = (
            f"SELECT {KEYS[by]} AS key, count(DISTINCT reading) AS readings,"
            " count(DISTINCT subject) FILTER (WHERE kind <> 'export') AS subjects, count(DISTINCT account) AS readers"
            f" FROM ({self._tables.format(where=where)}) r GROUP BY 1 HAVING {KEYS[by]} > %(after)s"
            " ORDER BY 1 LIMIT %(limit)s"
        )
        with conn.cursor(row_factory=class_row(ReadingCount)) as cur:
            return cur.execute(sql.encode(), {**params, "after": after, "limit": limit}).fetchall()

    def asked_for_it(self, conn: DatabaseConnection, account: str, household: UUID, day: date) -> bool:
        """Whether the account opened this household's data on that day because the household asks who read them."""
        asked = ReadingFilter(since=day, until=day, account=account, subjects=[household])
        where, params = _where(asked)
        sql = f"SELECT 1 FROM ({self._tables.format(where=where)}) r WHERE purpose = %(purpose)s LIMIT 1"
        return conn.execute(sql.encode(), {**params, "purpose": Purpose.ACCESS_REQUEST}).fetchone() is not None


def _where(asked: ReadingFilter) -> tuple[str, dict[str, Any]]:
    where = "day >= %(since)s AND day <= %(until)s"
    params: dict[str, Any] = {"since": asked.since, "until": asked.until}
    if asked.area is not None:
        params["low"], params["high"] = code_range(asked.area)
        where += " AND area >= %(low)s AND area < %(high)s"
    if asked.account is not None:
        where, params["account"] = f"{where} AND account = %(account)s", asked.account
    if asked.subjects is not None:
        where, params["subjects"] = f"{where} AND subject = ANY(%(subjects)s)", list(asked.subjects)
    if asked.kind is not None:
        where, params["kind"] = f"{where} AND kind = %(kind)s", asked.kind
    return where, params
