"""Queries of agreements: one in both times, lists that cost their page, and whom agreements of a kind cover on any day as known on any
other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from contracts.facts import Recorded
from contracts.monitoring.agreements import AgreementBaseTold
from contracts.selection import timeline
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range
from services.monitoring.agreements.state import Agreement, AgreementState, agreement_from_json, fold
from services.monitoring.agreements.store import base_stream, stream_of

AGREEMENT_AREAS = "SELECT agreement_id AS subject, division FROM agreements"
"""SQL of the relation (subject, division)."""
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
STATE = {
    AgreementState.ENDED: "ended_on <= %(day)s",
    AgreementState.IN_FORCE: "({ended}) AND EXISTS ({held})",
    AgreementState.TO_COME: "({ended}) AND NOT EXISTS ({held}) AND starts_on > %(day)s",
    AgreementState.EXPIRED: "({ended}) AND NOT EXISTS ({held}) AND starts_on <= %(day)s",
}
"""As ``Agreement.state``, of agreements as they stand."""
NOT_ENDED = "ended_on IS NULL OR ended_on > %(day)s"
HELD = (
    "SELECT FROM agreement_terms t WHERE t.agreement_id = a.agreement_id AND t.known_until IS NULL"
    " AND %(day)s BETWEEN t.starts_on AND t.until"
)
COVERED = b"""
SELECT coalesce(sum(units), 0), coalesce(sum(persons), 0), count(*) FROM agreement_terms
WHERE kind = %(kind)s AND division >= %(low)s AND division < %(high)s AND %(day)s BETWEEN starts_on AND until
  AND known_from < %(at)s AND (known_until IS NULL OR known_until >= %(at)s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFilter:
    division: str
    day: date
    kind: str | None = None
    state: AgreementState | None = None
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Covered:
    """``of_units``, ``of_persons``: how many there are in all, as told; ``None`` where nobody told."""

    agreements: int
    units: int
    persons: int
    of_units: int | None
    of_persons: int | None


class AgreementQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def agreement(
        self, agreement_id: UUID, as_of: date | None, known_at: datetime | None
    ) -> tuple[Agreement | None, str | None, Sequence[Recorded]]:
        """The agreement on a day as known before an instant, its division as known now, and the facts that stand."""
        facts = self._store.stream(stream_of(agreement_id))
        current = fold(timeline(facts))
        standing = list(timeline(facts, as_of=as_of, known_at=known_at))
        return fold(standing), None if current is None else current.division, standing

    def agreements(self, asked: AgreementFilter, after: tuple[str, UUID], limit: int) -> list[Agreement]:
        """Agreements under a division, by division and id."""
        low, high = code_range(asked.division)
        where = "division >= %(low)s AND division < %(high)s AND (division, agreement_id) > (%(division)s, %(id)s)"
        if asked.kind is not None:
            where += " AND kind = %(kind)s"
        if asked.state is not None:
            where += f" AND {STATE[asked.state].format(ended=NOT_ENDED, held=HELD)}"
        if asked.behind:
            where += (
                " AND EXISTS (SELECT FROM agreement_dues d WHERE d.agreement_id = a.agreement_id AND d.done < d.wanted"
                " AND d.last_day < %(day)s)"
            )
        params = {
            "low": low, "high": high, "division": after[0], "id": after[1], "kind": asked.kind, "day": asked.day, "limit": limit,
        }  # fmt: skip
        sql = f"SELECT agreement_json::text FROM agreements a WHERE {where} ORDER BY division, agreement_id LIMIT %(limit)s"
        with self._store.reading() as conn:
            rows = conn.execute(sql.encode(), params).fetchall()
        return [agreement_from_json(row[0]) for row in rows]

    def covered(self, kind: str, division: str, day: date, known_at: datetime | None) -> Covered:
        """Whom agreements of the kind in force on a day cover under a division, and how many there are in that division."""
        low, high = code_range(division)
        asked = {"kind": kind, "low": low, "high": high, "day": day, "at": known_at or END_OF_TIME}
        told = self._store.stream(base_stream(kind, division))
        bases = [r.fact for r in timeline(told, as_of=day, known_at=known_at) if isinstance(r.fact, AgreementBaseTold)]
        of = (bases[-1].units, bases[-1].persons) if bases else (None, None)
        with self._store.reading() as conn:
            row = conn.execute(COVERED, asked).fetchone()
        units, persons, count = (0, 0, 0) if row is None else map(int, row)
        return Covered(count, units, persons, *of)
