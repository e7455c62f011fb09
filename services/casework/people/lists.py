"""Lists of who lives in the register's households today, by division, household and person."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, LiteralString
from uuid import UUID

from fastapi import Depends
from psycopg.rows import dict_row

from services.chassis.log.store import Store
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor

Filter = tuple[str, UUID | None, UUID | None]
"""Prefix of the division within the reader's area, household, person."""
After = tuple[str, UUID, UUID]
"""Where a list goes on: after this division and these two ids."""
BEFORE_FIRST: After = ("", UUID(int=0), UUID(int=0))
CHUNK = 500


def person_filter(
    actor: CurrentActor, division: Prefix = "", household_id: UUID | None = None, person_id: UUID | None = None
) -> Filter:
    return narrowed_to_area(division, actor), household_id, person_id


AskedPersons = Annotated[Filter, Depends(person_filter)]
"""What a list of persons is asked for by, in the query."""


def members_today(
    store: Store, filters: Filter, after: After, *, only: LiteralString, also: LiteralString, given: Sequence[Any]
) -> Iterator[dict[str, Any]]:
    """Members ``m`` of households ``h`` that meet the condition ``only``: ids, division, status, stage, boarder, and ``also``
    these columns, which take the values ``given``. Read chunk by chunk, as far as they are asked for. Blocking."""
    sql = (
        f"SELECT m.person_id AS unit_id, m.household_id, h.division, h.status, m.stage, m.boarder, {also}"
        f" FROM households h JOIN members m USING (household_id) WHERE m.present AND {only}"
        " AND starts_with(h.division, %s) AND m.household_id = coalesce(%s, m.household_id)"
        " AND m.person_id = coalesce(%s, m.person_id) AND (h.division, m.household_id, m.person_id) > (%s, %s, %s)"
        " ORDER BY h.division, m.household_id, m.person_id LIMIT %s"
    )
    yield from _in_order(store, sql, (*given, *filters), after)


def households_today(
    store: Store, filters: Filter, after: After, *, also: LiteralString, given: Sequence[Any]
) -> Iterator[dict[str, Any]]:
    """Households ``h`` that did not end, as ``members_today`` has members; of no school stage."""
    sql = (
        "SELECT h.household_id AS unit_id, h.household_id, h.division, h.status, 'none' AS stage, false AS boarder,"
        f" {also} FROM households h WHERE h.status <> 'cancelled'"
        " AND starts_with(h.division, %s) AND h.household_id = coalesce(%s, h.household_id)"
        " AND h.household_id = coalesce(%s, h.household_id) AND (h.division, h.household_id, h.household_id) > (%s, %s, %s)"
        " ORDER BY h.division, h.household_id LIMIT %s"
    )
    yield from _in_order(store, sql, (*given, *filters), after)


def _in_order(store: Store, sql: LiteralString, given: Sequence[Any], after: After) -> Iterator[dict[str, Any]]:
    while True:
        with store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            found = cur.execute(sql, (*given, *after, CHUNK)).fetchall()
        yield from found
        if len(found) < CHUNK:
            return
        last = found[-1]
        after = (last["division"], last["household_id"], last["unit_id"])
