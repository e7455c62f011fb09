"""Queries of pairings."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from psycopg.rows import class_row

from contracts.registry.poverty_status import PovertyStatus
from services.casework.exports.numbers import RegisteredNumbers
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range


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


@dataclass(frozen=True, slots=True)
class UnhelpedHousehold:
    """In the register ``since`` that day, and nobody helps it today."""

    household_id: UUID
    division: str
    since: date
    persons: int
    national_no: str | None = None


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

    def unhelped(self, division: str, after: tuple[str, UUID], limit: int) -> list[UnhelpedHousehold]:
        """Households in the register whom nobody helps today, by division."""
        low, high = code_range(division)
        sql = (
            "SELECT h.household_id, h.division, r.since,"
            " (SELECT count(*) FROM members m WHERE m.household_id = h.household_id AND m.present)::int AS persons"
            " FROM households h JOIN registrations r USING (household_id)"
            " WHERE r.until IS NULL AND h.division >= %s AND h.division < %s AND (h.division, h.household_id) > (%s, %s)"
            " AND NOT EXISTS (SELECT FROM pairings p WHERE p.household_id = h.household_id AND p.released_on IS NULL)"
            " ORDER BY h.division, h.household_id LIMIT %s"
        )
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(UnhelpedHousehold)) as cur:
            rows = cur.execute(sql, (low, high, *after, limit)).fetchall()
            numbers = NUMBERS(conn, {row.household_id for row in rows})
        return [replace(row, national_no=numbers.get(row.household_id)) for row in rows]
