"""Pages of households, by (division, id), for any day as known on any other.

A page is read along an index in the order of the list, of which every entry has both times. How many entries there are of a
household depends on how often it changed, not on how many households there are. Where few match (the first weeks of a register, a
status that hardly anybody has on that day) the walk is broken off after ``LONGEST_WALK`` entries, and the few are looked up
by their times and put in order: that costs what matches. Those that are or were monitored have an index of their own, short enough to be
walked to its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from contracts.registry.households import Attribute
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.poverty_status import PovertyStatus
from services.chassis.log.snapshot import Connection
from services.chassis.web.areas import code_range

LONGEST_WALK = 30_000
"""Entries of the index: about what it costs to put in order as many households as match in a province where a walk so long did not
fill a page."""
NIL_ID = UUID(int=0)

KNOWN = "known_from < %(known_at)s AND known_to >= %(known_at)s"
MATCHES = f"valid_from <= %(as_of)s AND valid_to > %(as_of)s AND {KNOWN}"
"""The bitemporal period that contains (as_of, as_of, known_at, known_at); ``known_at`` is exclusive."""
ENDS = "least(valid_to, (known_to AT TIME ZONE 'UTC')::date)"
"""Over in one of the two times; for a period that answers, no day before both days asked about."""
BEGUN = "valid_from <= %(as_of)s"
NOT_OVER = f"{ENDS} >= %(not_over)s"
BEGUN_IN_STATUS = "status || lpad((valid_from - date '0001-01-01')::text, 7, '0') BETWEEN %(status)s AND %(begun)s"
NOT_OVER_IN_STATUS = (
    f"status || lpad(({ENDS} - date '0001-01-01')::text, 7, '0') BETWEEN %(not_over_in)s AND %(status)s || '9999999'"
)
"""As the indexes by the times have it. Status and day are one value, so that the planner knows how many there are of both: it would
take them for independent, and of a status that nobody had yet expect a share."""
HAS_OPEN_CASE = "EXISTS (SELECT FROM cases WHERE cases.subject = p.household_id AND cases.outcome IS NULL)"

COLUMNS = "household_id, national_no, division, status, attribute, monitoring, monitoring_kind, persons"
ORDER = "ORDER BY division, household_id"
IN_RANGE = "division < %(high)s AND (division, household_id) > (%(code)s, %(household)s)"
WALK = f"SELECT {COLUMNS}, valid_from, valid_to, known_from, known_to FROM household_periods WHERE {IN_RANGE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdFilter:
    """``division``: a prefix; ``open_case``: whether a case about the household is open today; ``None`` for any; ``households``:
    these alone, empty for all."""

    division: str
    as_of: date
    known_at: datetime
    status: PovertyStatus | None = None
    attribute: Attribute | None = None
    monitoring: MonitoringStatus | None = None
    monitoring_kind: str | None = None
    national_no: str | None = None
    open_case: bool | None = None
    households: tuple[UUID, ...] = ()

    def equal(self) -> Iterator[tuple[str, str]]:
        """Columns that must have a value."""
        for column in ("status", "attribute", "monitoring", "monitoring_kind", "national_no"):
            if (value := getattr(self, column)) is not None:
                yield column, value

    @property
    def names_some(self) -> bool:
        """By number or id: they are looked up, and no index is walked."""
        return self.national_no is not None or bool(self.households)

    @property
    def of_monitored(self) -> bool:
        return self.monitoring is not None or self.monitoring_kind is not None


@dataclass(frozen=True, slots=True)
class HouseholdListItem:
    """A household in a list; no personal data."""

    household_id: UUID
    national_no: str | None
    division: str
    status: PovertyStatus
    attribute: str
    monitoring: MonitoringStatus | None
    monitoring_kind: str | None
    persons: int


def household_page(
    conn: Connection, asked: HouseholdFilter, after: tuple[str, UUID], limit: int
) -> list[HouseholdListItem]:
    """The first so many households after this key."""
    low, high = code_range(asked.division)
    # One bound only: given two, the index would be entered by the comparison of the rows, at the beginning of the province.
    code, household = max(after, (low, NIL_ID))
    not_over = min(asked.as_of, asked.known_at.astimezone(UTC).date())
    params: dict[str, Any] = {
        **dict(asked.equal()), "high": high, "code": code, "household": household, "as_of": asked.as_of,
        "known_at": asked.known_at, "not_over": not_over, "limit": limit,
        "longest": None if asked.of_monitored else LONGEST_WALK,
        "households": list(asked.households), "begun": _in_status(asked, asked.as_of), "not_over_in": _in_status(asked, not_over),
    }  # fmt: skip
    equal = "".join(f" AND {column} = %({column})s" for column, _ in asked.equal())
    if asked.households:
        equal += " AND household_id = ANY(%(households)s)"
    if asked.of_monitored:
        equal += " AND monitoring IS NOT NULL"
    case = "" if asked.open_case is None else f" AND {'' if asked.open_case else 'NOT '}{HAS_OPEN_CASE}"
    walk = f"{WALK}{equal} {ORDER}"
    if not asked.names_some:
        page = _rows(
            conn,
            f"SELECT {COLUMNS} FROM ({walk} LIMIT %(longest)s) p WHERE {MATCHES}{case} {ORDER} LIMIT %(limit)s",
            params,
        )
        if len(page) == limit or asked.of_monitored or not _goes_on(conn, walk, params):
            return page
    where = f"{IN_RANGE}{equal}"
    # Materialized: the planner must not think of walking in order after all.
    few = f"SELECT {COLUMNS} FROM household_periods p WHERE {_by_times(where, asked)} AND {MATCHES}{case}"
    return _rows(conn, f"WITH few AS MATERIALIZED ({few}) SELECT * FROM few {ORDER} LIMIT %(limit)s", params)


def _in_status(asked: HouseholdFilter, day: date) -> str:
    return f"{asked.status}{day.toordinal() - 1:07}"


def _by_times(where: str, asked: HouseholdFilter) -> str:
    """The same conditions, so that only the indexes by the times may be entered, or those of numbers and ids."""
    own = where.replace("division", "division || ''").replace("status =", "status || '' =")
    times = f"{BEGUN} AND {NOT_OVER}" if asked.status is None else f"{BEGUN_IN_STATUS} AND {NOT_OVER_IN_STATUS}"
    return f"{own} AND {times}"


def _goes_on(conn: Connection, walk: str, params: dict[str, Any]) -> bool:
    """Whether the index has more entries than were walked."""
    further = f"SELECT EXISTS (SELECT FROM ({walk} OFFSET %(longest)s LIMIT 1) further)"
    return bool((conn.execute(further.encode(), params, prepare=False).fetchone() or (False,))[0])


def _rows(conn: Connection, sql: str, params: dict[str, Any]) -> list[HouseholdListItem]:
    """Planned for these days and this area: a plan for any would fear that it has to look at half of the register."""
    return [HouseholdListItem(*row) for row in conn.execute(sql.encode(), params, prepare=False)]
