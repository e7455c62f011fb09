"""Queries of pairings."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from psycopg.rows import class_row

from contracts.registry.poverty_status import PovertyStatus
from services.casework.exports.numbers import RegisteredNumbers
from services.chassis.log.store import Store


@dataclass(frozen=True, slots=True)
class PairingRow:
    household_id: UUID
    division: str
    status: PovertyStatus
    number: int
    helper: str
    unit: str
    assigned_on: date
    released_on: date | None
    end_reason: str | None
    national_no: str | None = None


NUMBERS = RegisteredNumbers(copied=True)
BEFORE_FIRST = ("", UUID(int=0), 0)
"""A place before every pairing."""


@dataclass(frozen=True, slots=True)
class HelperLoad:
    """Whom a helper helps today: households, with all who live in them."""

    helper: str
    unit: str
    households: int
    persons: int


class PairingQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def pairings(
        self, division: str, household: UUID | None, helper: str | None, after: tuple[str, UUID, int], limit: int,
        *, current: bool,
    ) -> list[PairingRow]:  # fmt: skip
        """By division, household and order of helpers."""
        sql = (
            "SELECT p.household_id, h.division, h.status, p.number, p.helper, p.unit, p.assigned_on, p.released_on,"
            " p.end_reason FROM pairings p JOIN households h USING (household_id)"
            " WHERE starts_with(h.division, %s) AND p.household_id = coalesce(%s, p.household_id)"
            " AND p.helper = coalesce(%s, p.helper) AND (p.released_on IS NULL OR NOT %s)"
            " AND (h.division, p.household_id, p.number) > (%s, %s, %s)"
            " ORDER BY h.division, p.household_id, p.number LIMIT %s"
        )
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(PairingRow)) as cur:
            cur.execute(sql, (division, household, helper, current, *after, limit))
            rows = cur.fetchall()
            numbers = NUMBERS(conn, {row.household_id for row in rows})
        return [replace(row, national_no=numbers.get(row.household_id)) for row in rows]

    def loads(self, division: str, after: tuple[str, str], limit: int) -> list[HelperLoad]:
        """By helper and the unit that sends them."""
        sql = (
            "SELECT p.helper, p.unit, count(*)::int AS households, sum(m.persons)::int AS persons"
            " FROM pairings p JOIN households h USING (household_id) CROSS JOIN LATERAL"
            " (SELECT count(*) AS persons FROM members m WHERE m.household_id = p.household_id AND m.present) m"
            " WHERE starts_with(h.division, %s) AND p.released_on IS NULL AND (p.helper, p.unit) > (%s, %s)"
            " GROUP BY p.helper, p.unit ORDER BY p.helper, p.unit LIMIT %s"
        )
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(HelperLoad)) as cur:
            cur.execute(sql, (division, *after, limit))
            return cur.fetchall()
