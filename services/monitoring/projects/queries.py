"""Queries: one project as of a day, as known on another, and lists that cost their page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.facts import Recorded
from contracts.selection import timeline
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range
from services.monitoring.projects.domain import stream_of
from services.monitoring.projects.state import Project, ProjectStage, fold, project_from_json

PROJECT_AREAS = "SELECT project_id AS subject, division FROM projects"
"""SQL of the relation (subject, division)."""
CHANGED_SINCE_REVIEW = (
    "EXISTS (SELECT FROM log WHERE originator_id = 'project-' || cases.subject AND recorded_at > cases.reviewed_at)"
)
"""SQL of whether something was recorded about the case's project since it was reviewed last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFilter:
    """``attention``: only those with gaps, issues open, works that others plan too, assets misused, works late
    ``today``, or money applied for and not decided; ``title``: a part of it, or of its
    number in the plan."""

    division: str
    today: date
    kind: str | None = None
    stage: ProjectStage | None = None
    year: int | None = None
    attention: str | None = None
    title: str | None = None


ATTENTION = {"gaps": "gaps", "issues": "open_issues", "same_works": "same_works", "assets": "assets_misused"}
"""What asks for attention → the column that counts it."""

LATE = """stage IN ('planned', 'chartered') AND EXISTS (
    SELECT FROM jsonb_array_elements(project_json -> 'components') AS c
    WHERE (c ->> 'deadline')::date < %s
      AND (c -> 'quantity' ->> 'amount' IS NULL OR (c -> 'quantity' ->> 'amount')::numeric
           > coalesce((project_json -> 'done' ->> (c ->> 'component'))::numeric, 0)))"""
"""As ``Project.late``, of the projects as they stand."""


WAITS_FOR_MONEY = """stage <> 'withdrawn' AND EXISTS (
    SELECT FROM jsonb_array_elements(project_json -> 'applications') AS a WHERE a ->> 'decided_on' IS NULL)"""
"""Of which an application is not decided."""


NAMED = "strpos(lower(concat_ws(chr(10), project_json ->> 'title', project_json ->> 'item')), lower(%s)) > 0"
"""By a part of the title, or of the number in its plan."""


class ProjectQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def project(
        self, project_id: UUID, as_of: date | None, known_at: datetime | None
    ) -> tuple[Project | None, str | None, Sequence[Recorded]]:
        """The project on a day as known before an instant, its division as known now, for the caller's scope, and the facts that
        stand."""
        facts = self._store.stream(stream_of(project_id))
        current = fold(timeline(facts))
        standing = list(timeline(facts, as_of=as_of, known_at=known_at))
        return fold(standing), None if current is None else current.division, standing

    def projects(self, asked: ProjectFilter, after: tuple[str, UUID], limit: int) -> list[Project]:
        """Projects under a division, by division and id."""
        low, high = code_range(asked.division)
        division, project_id = after
        where, params = "division < %s AND (division, project_id) > (%s, %s)", [high, max(low, division), project_id]
        # The start of the range itself is in it.
        if division < low:
            where, params = "division >= %s AND division < %s", [low, high]
        for column, value in (("kind", asked.kind), ("stage", asked.stage), ("plan_year", asked.year)):
            if value is not None:
                where, params = f"{where} AND {column} = %s", [*params, value]
        if asked.title is not None:
            where, params = f"{where} AND {NAMED}", [*params, asked.title]
        if asked.attention == "late":
            where, params = f"{where} AND {LATE}", [*params, asked.today]
        elif asked.attention == "applications":
            where = f"{where} AND {WAITS_FOR_MONEY}"
        elif asked.attention is not None:
            where += f" AND {ATTENTION[asked.attention]} > 0"
        sql = f"SELECT project_json::text FROM projects WHERE {where} ORDER BY division, project_id LIMIT %s"
        with self._store.reading() as conn:
            rows = conn.execute(sql.encode(), (*params, limit)).fetchall()
        return [project_from_json(row[0]) for row in rows]

    def titles_of_same_works(self, projects: Sequence[Project]) -> Mapping[UUID, str]:
        """Of the other projects that have the same works, by their ids."""
        others = {same.other for project in projects for same in project.same_works}
        if not others:
            return {}
        with self._store.reading() as conn:
            return dict(
                conn.execute(
                    b"SELECT project_id, title FROM projects WHERE project_id = ANY(%s)", (list(others),)
                ).fetchall()
            )
