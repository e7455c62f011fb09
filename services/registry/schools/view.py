"""The table ``schools``: each as it is known now, at the end of its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from psycopg.rows import class_row

from contracts.facts import Recorded
from contracts.registry.codes import SchoolStage
from contracts.selection import timeline
from services.chassis.log.store import Store
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.chassis.web.areas import code_range
from services.registry.schools.domain import PREFIX, SCHOOL_TYPES, fold

SCHOOLS = Table(
    "schools",
    "school_code",
    ("school_code", "name", "division", "stages", "declared_on", "ended_on", "into_school", "former_schools"),
)
LISTED: LiteralString = """
SELECT school_code, name, division, stages, declared_on, ended_on, into_school, former_schools FROM schools
WHERE division >= %(low)s AND division < %(high)s AND (division, school_code) > (%(division)s, %(after)s)
  AND (%(stage)s::text IS NULL OR %(stage)s = ANY(stages)) AND (%(open)s::boolean IS NULL OR (ended_on IS NULL) = %(open)s)
ORDER BY division, school_code LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class SchoolRow:
    school_code: str
    name: str
    division: str
    stages: list[SchoolStage]
    declared_on: date
    ended_on: date | None
    into_school: str | None
    former_schools: list[str]


def view() -> View[str]:
    """Keeps the table ``schools``."""
    return view_of_streams("schools", (SCHOOLS,), SCHOOL_TYPES, PREFIX, str, _rows)


def _rows(_: str, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    state = fold(timeline(facts))
    if state is None:
        return ([],)
    values = (getattr(state, column) for column in SCHOOLS.columns)
    return ([tuple(list(v) if isinstance(v, tuple) else v for v in values)],)


def schools_under(
    store: Store, prefix: str, stage: SchoolStage | None, open_: bool | None, after: tuple[str, str], limit: int
) -> list[SchoolRow]:
    """Schools in divisions whose code begins so, by division and code. Blocking."""
    low, high = code_range(prefix)
    asked = {
        "low": low, "high": high, "division": after[0], "after": after[1], "stage": stage, "open": open_, "limit": limit,
    }  # fmt: skip
    with store.reading() as conn, conn.cursor(row_factory=class_row(SchoolRow)) as cur:
        return cur.execute(LISTED, asked).fetchall()
