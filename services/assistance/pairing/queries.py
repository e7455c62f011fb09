"""Queries of pairings and duties."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from psycopg.rows import class_row

from contracts.registry.households import PovertyStatus
from services.assistance.pairing.state import DutyState
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


@dataclass(frozen=True, slots=True)
class DutyRow:
    duty: str
    household_id: UUID
    division: str
    set_on: date
    due_on: date
    state: DutyState
    settled_on: date | None


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
            return cur.fetchall()

    def duties(
        self, division: str, state: DutyState | None, household: UUID | None, after: tuple[date, str], limit: int
    ) -> list[DutyRow]:
        """By due day."""
        sql = (
            "SELECT d.duty, d.household_id, h.division, d.set_on, d.due_on, d.state, d.settled_on"
            " FROM helper_duties d JOIN households h USING (household_id)"
            " WHERE starts_with(h.division, %s) AND d.state = coalesce(%s, d.state)"
            " AND d.household_id = coalesce(%s, d.household_id) AND (d.due_on, d.duty) > (%s, %s)"
            " ORDER BY d.due_on, d.duty LIMIT %s"
        )
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(DutyRow)) as cur:
            cur.execute(sql, (division, state, household, *after, limit))
            return cur.fetchall()
