"""Pages of 50 projects, and a province's projects by county and month over 13 years as known at any instant: 20,000 projects, or with
``--full`` a million. The floors are the bare SQL of the same answers over tables that hold nothing else."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from statistics import quantiles
from uuid import UUID

import psycopg

from contracts.civil import end_of_day
from contracts.registry.divisions import Level
from contracts.selection import timeline
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from services.monitoring.projects.figures import FiguresAsked, months_of_places
from services.monitoring.projects.queries import ProjectFilter, ProjectQueries
from services.monitoring.projects.state import Project, ProjectStage, fold, project_to_json
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.listing import QUESTIONS
from tests.properties.test_project_acts import IN_ORDER, entered
from tests.support.databases import as_superuser

SMALL, LARGE, PAGE = 20_000, 1_000_000, 51
TODAY, NIL = date(2026, 11, 27), UUID(int=0)
FILL = """
INSERT INTO service.projects
SELECT md5(n::text)::uuid, '99' || lpad((n %% 90 + 1)::text, 4, '0') || lpad((n %% 900 + 1)::text, 6, '0'), 'roads',
       (ARRAY['draft', 'listed', 'planned', 'chartered', 'closed'])[n %% 5 + 1], 2014 + n %% 13, '村道' || n, date '2014-12-31' + n %% 4700,
       900000, 0, 0, 0, 0, %(project)s::jsonb
FROM generate_series(1, %(projects)s) n
"""
STAGES = """
INSERT INTO service.project_stages
SELECT md5(n::text)::uuid, '99' || lpad((n %% 90 + 1)::text, 4, '0') || lpad((n %% 900 + 1)::text, 6, '0'), 'roads', stage,
       date '2014-01-01' + n %% 4400 + ordinal * 30, 90000000, timestamptz '2014-01-02' + (n %% 4400 + ordinal * 30) * interval '1 day',
       CASE WHEN n %% 50 = 0 THEN timestamptz '2026-06-01' END
FROM generate_series(1, %(projects)s) n,
     unnest(ARRAY['draft', 'listed', 'planned', 'chartered', 'accepted', 'closed'])
       WITH ORDINALITY AS s(stage, nth), LATERAL (SELECT nth::int AS ordinal) AS o
"""
BARE = """
CREATE TABLE service.bare AS SELECT division, project_id, project_json FROM projects;
ALTER TABLE service.bare ADD PRIMARY KEY (division, project_id);
CREATE TABLE service.bare_stages AS SELECT left(division, 6) AS county, on_day, stage, fen FROM project_stages WHERE known_until IS NULL;
CREATE INDEX ON service.bare_stages (county, on_day) INCLUDE (stage, fen);
ANALYZE service.bare;
ANALYZE service.bare_stages
"""
BARE_PAGE = (
    b"SELECT project_json::text FROM bare WHERE division < %s AND (division, project_id) > (%s, %s)"
    b" ORDER BY division, project_id LIMIT %s"
)
BARE_MONTHS = f"""
SELECT county, to_char(on_day, 'YYYY-MM'), {
    ", ".join(f"count(*) FILTER (WHERE stage = '{s}'), sum(fen) FILTER (WHERE stage = '{s}')" for s in ProjectStage)
}
FROM bare_stages WHERE on_day <= %s GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 51
"""


@contextmanager
def project_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    projects = LARGE // environment.scale if environment.full else SMALL
    with environment.fresh("monitoring") as (monitoring,):
        with psycopg.connect(as_superuser(monitoring), autocommit=True) as conn:
            cur: psycopg.ClientCursor[tuple[object, ...]] = psycopg.ClientCursor(conn)
            cur.execute(FILL.encode(), {"projects": projects, "project": project_to_json(a_road())})
            cur.execute(STAGES.encode(), {"projects": projects})
            conn.execute("VACUUM ANALYZE")
        store = Store("monitoring", monitoring, SystemClock())
        queries, rng = ProjectQueries(store), Random(7)
        with store.reading() as conn:
            conn.execute(BARE.encode())

        def place() -> tuple[str, UUID]:
            return f"99{rng.randrange(1, 80):04}{rng.randrange(1, 500):06}", NIL

        def page() -> None:
            after = place()
            found = queries.projects(ProjectFilter(division="99", today=TODAY), after, PAGE)
            assert len(found) == PAGE

        def bare_page() -> None:
            with store.reading() as conn:
                rows = conn.execute(BARE_PAGE, ("99~", *place(), PAGE)).fetchall()
            assert len(rows) == PAGE

        def day() -> date:
            return TODAY - timedelta(rng.randrange(30))

        def months() -> None:
            asked = FiguresAsked(division="99", level=Level.COUNTY, as_of=day(), known_at=end_of_day(day()), kind=None)
            assert len(months_of_places(store, asked, ("", ""), PAGE)) == PAGE

        def bare_months() -> None:
            with store.reading() as conn:
                assert len(conn.execute(BARE_MONTHS.encode(), (day(),)).fetchall()) == PAGE

        try:
            yield {
                "page": lambda: p95_of(page), "bare page": lambda: p95_of(bare_page), "months": lambda: timed(months),
                "bare months": lambda: timed(bare_months),
            }  # fmt: skip
        finally:
            store.close()


def a_road() -> Project:
    """From the library to the closing, and how it is used."""
    project = fold(timeline(entered([(act, 0, 0.0) for act in IN_ORDER])))
    assert project is not None
    return project


def p95_of(work: Callable[[], None]) -> float:
    return quantiles([timed(work) for _ in range(QUESTIONS)], n=20)[-1]


def timed(work: Callable[[], None]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


PROJECT_PAGES = Benchmark("pages of 50 projects", project_variants)
