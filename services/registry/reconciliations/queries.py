"""Comparisons and what they found, as the tables say. Blocking."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from psycopg.rows import class_row

from contracts.registry.reconciliations import ReconciliationResult
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range


@dataclass(frozen=True, slots=True)
class ListedReconciliation:
    """``figures``: as JSON."""

    reconciliation_id: UUID
    county: str
    compared_on: date
    made_on: date
    made_by: str
    evidence_id: UUID | None
    figures: str


@dataclass(frozen=True, slots=True)
class ListedLine:
    """``differences``: as JSON."""

    subject: UUID
    reconciliation_id: UUID
    national_no: str
    household_id: UUID | None
    division: str
    result: ReconciliationResult
    persons_here: int
    persons_there: int
    differences: str
    document: str


class ReconciliationQueries:
    def __init__(self, store: Store) -> None:
        self._store = store

    def one(self, reconciliation_id: UUID, actor: Actor) -> ListedReconciliation:
        """Raises ``NOT_FOUND`` where it is of no place that the actor's area has a part of."""
        found = self._comparisons("reconciliation_id = %(id)s", {"id": reconciliation_id, "limit": 1})
        if not found or not (actor.covers(found[0].county) or actor.division.startswith(found[0].county)):
            raise Refused(NOT_FOUND)
        return found[0]

    def listed(self, area: str, after: tuple[str, date, UUID], limit: int) -> list[ListedReconciliation]:
        """Of the counties in an area, or of the county that it lies in, by county and day."""
        low, high = code_range(area[:6])
        where = "county >= %(low)s AND county < %(high)s AND (county, compared_on, reconciliation_id) > (%(county)s, %(day)s, %(id)s)"
        county, day, last = after
        params = {"low": low, "high": high, "county": county, "day": day, "id": last, "limit": limit}
        return self._comparisons(where, params)

    def lines(
        self,
        reconciliation_id: UUID,
        area: str,
        result: ReconciliationResult | None,
        after: tuple[str, UUID],
        limit: int,
    ) -> list[ListedLine]:
        """What was not the same, by village and number's id."""
        low, high = code_range(area)
        which = "result <> 'same'" if result is None else "result = %(result)s"
        sql = (
            "SELECT * FROM reconciled_households WHERE reconciliation_id = %(id)s AND division >= %(low)s"
            " AND division < %(high)s AND (division, subject) > (%(division)s, %(subject)s)"
            f" AND {which} ORDER BY division, subject LIMIT %(limit)s"
        )
        params = {
            "id": reconciliation_id, "low": low, "high": high, "division": after[0], "subject": after[1],
            "result": result, "limit": limit,
        }  # fmt: skip
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(ListedLine)) as cur:
            return cur.execute(sql.encode(), params).fetchall()

    def _comparisons(self, where: str, params: dict[str, object]) -> list[ListedReconciliation]:
        sql = f"SELECT * FROM reconciliations WHERE {where} ORDER BY county, compared_on, reconciliation_id LIMIT %(limit)s"
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(ListedReconciliation)) as cur:
            return cur.execute(sql.encode(), params).fetchall()
