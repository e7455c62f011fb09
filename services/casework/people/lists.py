"""Lists of who lives in the register's households today, by division, household and person."""

from collections.abc import Iterator
from typing import Annotated, LiteralString, NamedTuple
from uuid import UUID

from fastapi import Depends

from contracts.registry.poverty_status import PovertyStatus
from services.chassis.log.store import Store
from services.chassis.web.areas import Prefix, code_range, narrowed_to_area
from services.chassis.web.callers import CurrentActor

Filter = tuple[str, UUID | None, UUID | None]
"""Prefix of the division within the reader's area, household, person."""
After = tuple[str, UUID, UUID]
"""Where a list goes on: after this division and these two ids."""
BEFORE_FIRST: After = ("", UUID(int=0), UUID(int=0))
CHUNK = 250
HOUSEHOLDS: LiteralString = (
    "SELECT h.household_id AS unit_id, 'none' AS stage, false AS boarder WHERE h.status <> 'cancelled'"
)
"""SQL of the unit that a household ``h`` is itself, while it did not end; it is in no school stage."""
MEMBERS: LiteralString = (
    "SELECT person_id AS unit_id, stage, boarder FROM members WHERE present AND household_id = h.household_id"
)
"""SQL of those who live in the household ``h``."""


class Listed(NamedTuple):
    """A household or a person, today. ``status``: of the household; none of who is outside of the register."""

    household_id: UUID
    division: str
    status: str | None
    unit_id: UUID
    stage: str
    boarder: bool

    @property
    def poverty_status(self) -> PovertyStatus | None:
        return None if self.status is None else PovertyStatus(self.status)

    @property
    def is_household(self) -> bool:
        return self.unit_id == self.household_id


def person_filter(
    actor: CurrentActor, division: Prefix = "", household_id: UUID | None = None, person_id: UUID | None = None
) -> Filter:
    return narrowed_to_area(division, actor), household_id, person_id


AskedPersons = Annotated[Filter, Depends(person_filter)]
"""What a list of persons is asked for by, in the query."""


def units_today(store: Store, filters: Filter, after: After, units: LiteralString) -> Iterator[Listed]:
    """``units``: one of the relations above, or several united. Read chunk by chunk, as far as they are asked for. Blocking."""
    division, household, person = filters
    of_household: LiteralString = " AND h.household_id = %(household)s" if household is not None else ""
    of_unit: LiteralString = " AND u.unit_id = %(person)s" if person is not None else ""
    # Places are a range of the index, from the one where the list goes on; what is behind it there is looked at row by row.
    sql = (
        "SELECT h.household_id, h.division, h.status, u.unit_id, u.stage, u.boarder"
        f" FROM households h CROSS JOIN LATERAL ({units}) u"
        " WHERE h.division >= greatest(%(low)s, %(place)s) AND h.division < %(high)s"
        f" AND (h.division, h.household_id, u.unit_id) > (%(place)s, %(last)s, %(last_unit)s){of_household}{of_unit}"
        " ORDER BY h.division, h.household_id, u.unit_id LIMIT %(limit)s"
    )
    low, high = code_range(division)
    asked = {"low": low, "high": high, "household": household, "person": person, "limit": CHUNK}
    while True:
        behind = dict(zip(("place", "last", "last_unit"), after, strict=True))
        with store.reading() as conn:
            rows = conn.execute(sql, {**asked, **behind}, prepare=True, binary=True).fetchall()
        found = [Listed(*row) for row in rows]
        yield from found
        if len(found) < CHUNK:
            return
        after = (found[-1].division, found[-1].household_id, found[-1].unit_id)
