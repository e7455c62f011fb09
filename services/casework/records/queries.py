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

Start = tuple[str, UUID, date, int]
"""Division, subject, day and version: the order of an area's list."""
FIRST: Start = ("", UUID(int=0), date.min, 0)
StartOfPerson = tuple[date, UUID, int]
"""Day, subject and version: the order of a person's."""
FIRST_OF_PERSON: StartOfPerson = (date.min, UUID(int=0), 0)

AREAS_OF_DIVISIONS = "SELECT DISTINCT subject, place AS division FROM records WHERE place IS NOT NULL"
"""SQL of the relation (subject, division) of the divisions that records are about, for ``EvidenceStore``."""

IN_PERIOD = "r.day >= %(since)s AND r.day <= %(as_of)s AND r.kind <> ALL(%(closed)s)"
AT_HOME = """
SELECT r.*, a.division FROM records r JOIN ({areas}) a ON a.subject = r.subject
WHERE r.place IS NULL AND a.division >= %(low)s AND a.division < %(high)s AND {where}
"""
"""Records about households and persons, which are where those are today."""
IN_PLACE = "SELECT r.*, r.place AS division FROM records r WHERE r.place >= %(low)s AND r.place < %(high)s AND {where}"
"""Records about divisions."""
AT_HOME_IN_ORDER = """
SELECT r.*, a.division FROM (
    SELECT * FROM ({areas}) a WHERE division >= %(low)s AND division < %(high)s
    AND (division, subject) >= (%(division)s, %(last)s) ORDER BY division, subject
) a CROSS JOIN LATERAL (SELECT * FROM records r WHERE r.subject = a.subject AND r.place IS NULL AND {where}) r WHERE true
"""
"""``AT_HOME``, subject after subject: a page of a province's list ends when it is full."""
AFTER = "(division, subject, day, version) > (%(division)s, %(last)s, %(day)s, %(version)s)"
IN_ORDER = "division, subject, day, version"
OF_PERSON = """
SELECT r.*, coalesce(r.place, a.division, '') AS division FROM (
    SELECT * FROM records WHERE subject = %(person)s
    UNION ALL SELECT * FROM records WHERE attendants @> ARRAY[%(person)s::uuid] AND attendants IS NOT NULL
) r LEFT JOIN ({areas}) a ON a.subject = r.subject
WHERE {where} AND (r.day, r.subject, r.version) > (%(day)s, %(last)s, %(version)s)
"""
ON_LEDGER = """
r.awaiting IS NULL AND r.kind = ANY(%(entries)s)
AND (SELECT count(*) FROM records e WHERE e.subject = r.subject AND e.kind = r.kind AND e.awaiting IS NULL AND {entry}
     AND (e.day, e.stream, e.version) <= (r.day, r.stream, r.version))
  > (SELECT count(*) FROM records s JOIN unnest(%(entries)s::text[], %(strikes)s::text[]) AS m (entry, strike)
     ON s.kind = m.strike AND m.entry = r.kind WHERE s.subject = r.subject AND s.awaiting IS NULL AND {strike} AND s.day <= %(as_of)s)
"""
"""Each strike takes the oldest entry about its subject off the ledger: the entry is on it whose place is beyond their number."""
COUNTS = """
WITH chosen AS (SELECT *, {month} AS month, {part} AS part FROM ({chosen}) r),
reached AS (
    SELECT kind, month, part, about, subject AS id FROM chosen WHERE about IN ('h', 'p')
    UNION ALL
    SELECT kind, month, part, (CASE WHEN number <= persons THEN 'p' ELSE 'h' END)::"char", a.id
    FROM chosen CROSS JOIN unnest(attendants) WITH ORDINALITY AS a (id, number)
),
each AS (SELECT kind, month, part, about, id, count(*) AS times FROM reached GROUP BY 1, 2, 3, 4, 5),
told AS (SELECT kind, month, part, count(*) AS records, coalesce(sum(unnamed), 0) AS unnamed FROM chosen GROUP BY 1, 2, 3),
figures AS (
    SELECT kind, month, part,
        count(*) FILTER (WHERE about = 'h') AS households, sum(times) FILTER (WHERE about = 'h') AS household_times,
        count(*) FILTER (WHERE about = 'p') AS persons, sum(times) FILTER (WHERE about = 'p') AS person_times
    FROM each GROUP BY 1, 2, 3
)
SELECT t.kind, t.month, t.part, t.records, coalesce(f.households, 0), coalesce(f.household_times, 0)::bigint,
    coalesce(f.persons, 0), (coalesce(f.person_times, 0) + t.unnamed)::bigint, t.unnamed::bigint
FROM told t LEFT JOIN figures f ON (f.kind, f.month, f.part) IS NOT DISTINCT FROM (t.kind, t.month, t.part)
ORDER BY t.kind, t.month, t.part
"""
"""Everybody reached once with how often, by a hash: counting distinct ones by a sort takes twice as long."""

TOTALS = """
SELECT r.kind, m.value->>'field', m.value->>'unit', count(*), count(DISTINCT r.subject), sum((m.value->>'amount')::numeric)
FROM ({chosen}) r JOIN log l ON l.originator_version = r.version
    AND l.originator_id = '{prefix}' || r.subject || '-' || to_char(r.day, 'YYYY')
CROSS JOIN LATERAL jsonb_array_elements(convert_from(l.state, 'UTF8')::jsonb->'measured') m
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
"""What is sealed is in no total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``since`` to ``as_of``, both included; ``known_at``: ``None`` for now; ``closed``: kinds that are not for the caller.
    ``ledgers``: kind → the kinds that strike its entries off, where only what is still on a ledger is asked for."""

    division: str
    since: date
    as_of: date
    known_at: datetime | None = None
    kind: str | None = None
    subject: UUID | None = None
    awaiting: bool = False
    closed: Collection[str] = ()
    ledgers: Mapping[str, Collection[str]] | None = None


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
        self.store, self._areas = store, areas

    def facts(self, record: RecordId) -> tuple[Recorded, ...]:
        """All of the record's stream."""
        return self.store.stream(record.stream)

    def area(self, subject: UUID) -> str:
        """Where a household or person is today. Raises ``NOT_FOUND``."""
        sql = f"SELECT division FROM ({self._areas}) areas WHERE subject = %s"
        with self.store.reading() as conn:
            row = conn.execute(sql.encode(), (subject,)).fetchone()
        if row is None:
            raise Refused(NOT_FOUND)
        return str(row[0])

    def listed(self, asked: Asked, after: Start, limit: int) -> list[FoundRecord]:
        """Records of subjects in the division: by division, subject and day."""
        where = _where(asked)
        # One subject's are few, and so is what waits for a second person; both have an index of their own.
        at_home = AT_HOME if asked.awaiting or asked.subject is not None else AT_HOME_IN_ORDER
        parts = (
            f"(SELECT * FROM ({part.format(areas=self._areas, where=where)}) r WHERE {AFTER} ORDER BY {IN_ORDER} LIMIT %(limit)s)"
            for part in (at_home, IN_PLACE)
        )
        division, last, day, version = after
        parameters = {**_parameters(asked), "division": division, "last": last, "day": day, "version": version}
        return self._told(" UNION ALL ".join(parts), IN_ORDER, parameters, limit)

    def of_person(self, person: UUID, asked: Asked, after: StartOfPerson, limit: int) -> list[FoundRecord]:
        """Records about the person, and sessions that they attended, wherever those were held: by day."""
        day, last, version = after
        parameters = {**_parameters(asked), "person": person, "day": day, "last": last, "version": version}
        chosen = OF_PERSON.format(areas=self._areas, where=_where(asked))
        return self._told(chosen, "day, subject, version", parameters, limit)

    def counts(self, asked: Asked, by: str) -> Sequence[Sequence[Any]]:
        """One row for each kind, and month or next lower division where ``by`` says so."""
        part = f"left(division, {_next_level(asked.division)})" if by == "division" else "NULL::text"
        month = "to_char(day, 'YYYY-MM')" if by == "month" else "NULL::text"
        where = f"r.awaiting IS NULL AND {_where(asked)}"
        chosen = " UNION ALL ".join(part.format(areas=self._areas, where=where) for part in (AT_HOME, IN_PLACE))
        with self.store.reading() as conn:
            return conn.execute(
                COUNTS.format(chosen=chosen, month=month, part=part).encode(), _parameters(asked)
            ).fetchall()

    def totals(self, asked: Asked) -> Sequence[Sequence[Any]]:
        """One row for each kind, field and unit of what was measured: records, subjects and the sum."""
        where = f"r.awaiting IS NULL AND {_where(asked)}"
        chosen = " UNION ALL ".join(part.format(areas=self._areas, where=where) for part in (AT_HOME, IN_PLACE))
        with self.store.reading() as conn:
            return conn.execute(TOTALS.format(chosen=chosen, prefix=PREFIX).encode(), _parameters(asked)).fetchall()

    def _told(self, chosen: str, order: str, parameters: Mapping[str, Any], limit: int) -> list[FoundRecord]:
        columns = ", ".join(f"l.{column}" for column in COLUMNS.split(", "))
        sql = (
            f"SELECT {columns}, r.awaiting, r.division FROM"
            f" (SELECT * FROM ({chosen}) r ORDER BY {order} LIMIT %(limit)s) r JOIN log l ON l.originator_version = r.version"
            f" AND l.originator_id = '{PREFIX}' || r.subject || '-' || to_char(r.day, 'YYYY')"
            f" ORDER BY {', '.join(f'r.{column}' for column in order.split(', '))}"
        )
        with self.store.reading() as conn, conn.cursor(binary=True) as cur:
            rows = cur.execute(sql.encode(), {**parameters, "limit": limit}).fetchall()
        return [
            FoundRecord(
                decode_row(self.store.name, row[:8]),
                RecordStatus.AWAITING if row[8] else RecordStatus.STANDING,
                row[9],
            )
            for row in rows
        ]


def _parameters(asked: Asked) -> Mapping[str, Any]:
    low, high = code_range(asked.division)
    return {
        "low": low, "high": high, "since": asked.since, "as_of": asked.as_of, "known_at": asked.known_at,
        "kind": asked.kind, "subject": asked.subject, "closed": sorted(asked.closed),
        **dict(zip(("entries", "strikes"), _strikes(asked), strict=True)),
    }  # fmt: skip


def _strikes(asked: Asked) -> tuple[list[str], list[str]]:
    pairs = [(entry, strike) for entry, strikes in (asked.ledgers or {}).items() for strike in strikes]
    return [entry for entry, _ in pairs], [strike for _, strike in pairs]


def _where(asked: Asked) -> str:
    """What is known before an instant is what was recorded before it."""
    more = (
        ("r.kind = %(kind)s", asked.kind),
        ("r.subject = %(subject)s", asked.subject),
        ("r.awaiting", asked.awaiting),
        (ON_LEDGER.format(entry=_known("e", asked), strike=_known("s", asked)), asked.ledgers is not None),
    )
    return " AND ".join([IN_PERIOD, _known("r", asked), *(condition for condition, is_asked in more if is_asked)])


def _known(of: str, asked: Asked) -> str:
    if asked.known_at is None:
        return f"{of}.until IS NULL"
    return f"{of}.since < %(known_at)s AND ({of}.until IS NULL OR {of}.until >= %(known_at)s)"


def _next_level(division: str) -> int:
    """Digits of the codes of the next lower level."""
    return next((digits for digits in (2, 4, 6, 9, 12) if digits > len(division)), 12)
