"""Queries of records: found by the view, told by the log."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.casework.records import WorkRecorded
from contracts.facts import Recorded
from services.casework.records.state import RecordStatus
from services.casework.records.streams import PREFIX, RecordId
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.entries import COLUMNS, decode_row
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range

Start = tuple[date, UUID, int]
"""Day, subject and version: the order of lists."""
FIRST: Start = (date.min, UUID(int=0), 0)

AREAS_OF_DIVISIONS = "SELECT DISTINCT subject, place AS division FROM records WHERE place IS NOT NULL"
"""SQL of the relation (subject, division) of the divisions that records are about, for ``EvidenceStore``."""

CHOSEN = """
SELECT r.stream, r.subject, r.day, r.version, r.awaiting, r.unnamed, r.about, r.kind, {division} AS division
FROM {source} WHERE {where}
AND r.day >= %(since)s AND r.day <= %(as_of)s AND r.kind <> ALL(%(closed)s) AND {known} {more}
"""
ATTENDED_OR_OWN = """
(SELECT * FROM records WHERE subject = %(person)s UNION ALL
 SELECT r.* FROM record_attendants a JOIN records r USING (stream, version) WHERE a.attendant = %(person)s) r
"""
COUNTS = """
WITH chosen AS ({chosen}),
reached AS (
    SELECT kind, month, part, about, subject AS id FROM chosen WHERE about IN ('h', 'p')
    UNION ALL
    SELECT c.kind, c.month, c.part, a.about, a.attendant FROM chosen c JOIN record_attendants a USING (stream, version)
),
told AS (SELECT kind, month, part, count(*) AS records, coalesce(sum(unnamed), 0) AS unnamed FROM chosen GROUP BY 1, 2, 3),
figures AS (
    SELECT kind, month, part,
        count(DISTINCT id) FILTER (WHERE about = 'h') AS households, count(*) FILTER (WHERE about = 'h') AS household_times,
        count(DISTINCT id) FILTER (WHERE about = 'p') AS persons, count(*) FILTER (WHERE about = 'p') AS person_times
    FROM reached GROUP BY 1, 2, 3
)
SELECT t.kind, t.month, t.part, t.records, coalesce(f.households, 0), coalesce(f.household_times, 0),
    coalesce(f.persons, 0), coalesce(f.person_times, 0) + t.unnamed, t.unnamed
FROM told t LEFT JOIN figures f
    ON (f.kind, f.month, f.part) IS NOT DISTINCT FROM (t.kind, t.month, t.part)
ORDER BY t.kind, t.month, t.part
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``since`` to ``as_of``, both included; ``known_at``: ``None`` for now; ``closed``: kinds that are not for the caller."""

    division: str
    since: date
    as_of: date
    known_at: datetime | None = None
    kind: str | None = None
    subject: UUID | None = None
    awaiting: bool = False
    closed: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class FoundRecord:
    told: Recorded
    status: RecordStatus
    division: str

    @property
    def fact(self) -> WorkRecorded:
        assert isinstance(self.told.fact, WorkRecorded)
        return self.told.fact

    @property
    def id(self) -> RecordId:
        return RecordId(self.fact.subject, self.fact.effective_on.year, self.fact.corrects or self.told.version)


class RecordQueries:
    """Blocking: to be called in a thread. ``areas``: see ``RecordSubjects``."""

    def __init__(self, store: Store, areas: str) -> None:
        self._store, self._areas = store, areas

    def facts(self, record: RecordId) -> tuple[Recorded, ...]:
        """All of the record's stream."""
        return self._store.stream(record.stream)

    def area(self, subject: UUID) -> str:
        """Where a household or person is today. Raises ``NOT_FOUND``."""
        sql = f"SELECT division FROM ({self._areas}) areas WHERE subject = %s"
        with self._store.reading() as conn:
            row = conn.execute(sql.encode(), (subject,)).fetchone()
        if row is None:
            raise Refused(NOT_FOUND)
        return str(row[0])

    def listed(self, asked: Asked, after: Start, limit: int) -> list[FoundRecord]:
        """Records of subjects in the division, by day."""
        more = "AND (r.day, r.subject, r.version) > (%(day)s, %(last)s, %(version)s)"
        if asked.awaiting:
            more += " AND r.awaiting"
        return self._found(self._chosen(asked, more), self._parameters(asked, after), limit)

    def of_person(self, person: UUID, asked: Asked, after: Start, limit: int) -> list[FoundRecord]:
        """Records about the person, and sessions that they attended, wherever those were held."""
        more = "AND (r.day, r.subject, r.version) > (%(day)s, %(last)s, %(version)s)"
        source = f"{ATTENDED_OR_OWN} LEFT JOIN ({self._areas}) a ON a.subject = r.subject"
        chosen = CHOSEN.format(
            division="coalesce(r.place, a.division, '')", source=source, where="true", known=_known(asked),
            more=f"{more}{_of_kind(asked)}",
        )  # fmt: skip
        return self._found(chosen, {**self._parameters(asked, after), "person": person}, limit)

    def counts(self, asked: Asked, by: str) -> Sequence[Sequence[Any]]:
        """One row for each kind, and month or next lower division where ``by`` says so."""
        part = f"left(division, {_next_level(asked.division)})" if by == "division" else "NULL::text"
        month = "to_char(day, 'YYYY-MM')" if by == "month" else "NULL::text"
        chosen = self._chosen(asked, "AND r.awaiting IS NULL")
        sql = COUNTS.format(chosen=f"SELECT *, {month} AS month, {part} AS part FROM ({chosen}) c")
        with self._store.reading() as conn:
            return conn.execute(sql.encode(), self._parameters(asked, FIRST)).fetchall()

    def _chosen(self, asked: Asked, more: str) -> str:
        """Households and persons are where they are today, divisions where they are."""
        more += _of_kind(asked)
        if asked.subject is not None:
            more += " AND r.subject = %(subject)s"
        at_home = CHOSEN.format(
            division="a.division", source=f"records r JOIN ({self._areas}) a ON a.subject = r.subject",
            where="r.place IS NULL AND a.division >= %(low)s AND a.division < %(high)s", known=_known(asked), more=more,
        )  # fmt: skip
        in_place = CHOSEN.format(
            division="r.place", source="records r", where="r.place >= %(low)s AND r.place < %(high)s",
            known=_known(asked), more=more,
        )  # fmt: skip
        return f"{at_home} UNION ALL {in_place}"

    def _parameters(self, asked: Asked, after: Start) -> Mapping[str, Any]:
        low, high = code_range(asked.division)
        day, last, version = after
        return {
            "low": low, "high": high, "since": asked.since, "as_of": asked.as_of, "known_at": asked.known_at,
            "kind": asked.kind, "subject": asked.subject, "closed": sorted(asked.closed),
            "day": day, "last": last, "version": version,
        }  # fmt: skip

    def _found(self, chosen: str, parameters: Mapping[str, Any], limit: int) -> list[FoundRecord]:
        columns = ", ".join(f"l.{column}" for column in COLUMNS.split(", "))
        sql = (
            f"SELECT {columns}, c.awaiting, c.division FROM"
            f" (SELECT * FROM ({chosen}) c ORDER BY day, subject, version LIMIT %(limit)s) c JOIN log l"
            f" ON l.originator_id = '{PREFIX}' || c.subject || '-' || to_char(c.day, 'YYYY') AND l.originator_version = c.version"
            " ORDER BY c.day, c.subject, c.version"
        )
        with self._store.reading() as conn, conn.cursor(binary=True) as cur:
            rows = cur.execute(sql.encode(), {**parameters, "limit": limit}).fetchall()
        return [
            FoundRecord(
                decode_row(self._store.name, row[:8]),
                RecordStatus.AWAITING if row[8] else RecordStatus.STANDING,
                row[9],
            )
            for row in rows
        ]


def _known(asked: Asked) -> str:
    """What was known before an instant is what was recorded before."""
    if asked.known_at is None:
        return "r.until IS NULL"
    return "r.since < %(known_at)s AND (r.until IS NULL OR r.until >= %(known_at)s)"


def _of_kind(asked: Asked) -> str:
    return "" if asked.kind is None else " AND r.kind = %(kind)s"


def _next_level(division: str) -> int:
    """Digits of the codes of the next lower level."""
    return next((digits for digits in (2, 4, 6, 9, 12) if digits > len(division)), 12)
