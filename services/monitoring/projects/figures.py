"""How many projects of a place reached each stage in each month, and what they cost: on any day as known at any instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from contracts.registry.divisions import DIGITS, Level
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range
from services.monitoring.projects.state import ProjectStage

END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
STAGES = tuple(ProjectStage)
REACHED = ", ".join(
    f"count(*) FILTER (WHERE stage = '{stage}'), coalesce(sum(fen) FILTER (WHERE stage = '{stage}'), 0)"
    for stage in STAGES
)
NEXT_PLACE = (
    b"SELECT left(division, %(digits)s) FROM project_stages WHERE division >= %(from)s AND division < %(high)s"
    b" ORDER BY division LIMIT 1"
)
MONTHS = f"""
SELECT to_char(on_day, 'YYYY-MM') AS month, {REACHED} FROM project_stages
WHERE division >= %(place)s AND division < %(place)s || '~' AND division >= %(low)s AND division < %(high)s
  AND on_day <= %(as_of)s AND to_char(on_day, 'YYYY-MM') > %(month)s
  AND known_from < %(at)s AND (known_until IS NULL OR known_until >= %(at)s) AND kind = coalesce(%(kind)s, kind)
GROUP BY 1 ORDER BY 1 LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class MonthOfPlace:
    """``reached``: stage → how many projects reached it in the month, and what they cost, in fen."""

    place: str
    month: str
    reached: dict[ProjectStage, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresAsked:
    division: str
    level: Level
    as_of: date
    known_at: datetime | None
    kind: str | None


def months_of_places(store: Store, asked: FiguresAsked, after: tuple[str, str], limit: int) -> list[MonthOfPlace]:
    """By place and month. Place after place, so that a page costs the places it shows. Blocking: to be called in a thread."""
    low, high = code_range(asked.division)
    params = {
        "low": low, "high": high, "digits": DIGITS[asked.level], "as_of": asked.as_of, "at": asked.known_at or END_OF_TIME,
        "kind": asked.kind,
    }  # fmt: skip
    found: list[MonthOfPlace] = []
    (start, month), since = after, max(low, after[0])
    with store.reading() as conn:
        while len(found) < limit:
            row = conn.execute(NEXT_PLACE, {**params, "from": since}).fetchone()
            if row is None:
                break
            place = row[0]
            later = {"place": place, "month": month if place == start else "", "limit": limit - len(found)}
            rows = conn.execute(MONTHS.encode(), {**params, **later}).fetchall()
            found += [MonthOfPlace(place, each, _by_stage(sums)) for each, *sums in rows]
            since = f"{place}~"
    return found


def _by_stage(sums: Sequence[int]) -> dict[ProjectStage, tuple[int, int]]:
    return {stage: (int(sums[2 * n]), int(sums[2 * n + 1])) for n, stage in enumerate(STAGES)}
