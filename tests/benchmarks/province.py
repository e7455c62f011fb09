"""A province in the tables of the registry's and of audit's views: a million households of at most five changes, and 20,000 of
twelve among them.

The rows are those that the views' folds come to for households whose facts are recorded up to twenty days after they are true,
one after the other: of each change a period without an end, known until the next change is, and the period up to it, known since.
Or for a province whose households are all imported within the working hours of one day, each with its history.
"""

from datetime import datetime
from typing import Any

import psycopg

from contracts.civil import SHANGHAI
from services.audit.statements.store import MOVEMENTS, STOCK_PERIODS
from services.chassis.views.table import Table
from services.registry.households.views import PERIODS
from tests.support.databases import as_superuser

FULL_HOUSEHOLDS = 20_000
AREAS = ("99", "99", "9903", "990305", "990305007")
VILLAGES = 9 * 11 * 15 * 12
"""In 9 cities of 11 counties of 15 townships of 12 villages."""

AS_RECORDED = "(day + floor(random() * 20)::int)::timestamptz + random() * interval '9 hours'"
IMPORT_BEGAN, IMPORT_ENDED = (datetime(2026, 10, 15, hour, tzinfo=SHANGHAI) for hour in (9, 18))
AS_IMPORTED = """%(began)s + (%(ended)s - %(began)s) * (n::float / %(households)s) + row_number() OVER w * interval '1 microsecond'"""
CHANGES = f"""
CREATE TEMP TABLE drawn AS
SELECT n, md5(n::text)::uuid AS household, n <= least({FULL_HOUSEHOLDS}, %(households)s / 10) AS whole,
    1 + (random() * 5)::int AS size, random() AS luck, random() AS later, floor(random() * {VILLAGES})::int AS village,
    CASE WHEN random() < 0.02 THEN date '2014-01-05' + floor(random() * 60)::int
         WHEN random() < 0.85 THEN date '2014-04-01' + floor(random() * 180)::int
         ELSE date '2014-10-01' + floor(random() * 1500)::int END AS recorded_on
FROM generate_series(1, %(households)s) AS n;
CREATE TEMP TABLE changes AS
SELECT household, '99' || lpad((village / 1980 + 1)::text, 2, '0') || lpad((village / 180 %% 11 + 1)::text, 2, '0')
        || lpad((village / 12 %% 15 + 1)::text, 3, '0') || lpad((village %% 12 + 1)::text, 3, '0') AS division,
    day, status, CASE WHEN luck < 0.6 THEN 'general_poor' WHEN luck < 0.9 THEN 'low_income_security'
        WHEN luck < 0.99 THEN 'five_guarantees' ELSE 'low_income_farmer' END AS attribute,
    persons, row_number() OVER w AS number,
    {{known}} AS known
FROM drawn, LATERAL (
    SELECT recorded_on AS day, 'candidate' AS status, size AS persons UNION ALL
    SELECT recorded_on + 60 + (later * 30)::int, 'registered', size UNION ALL
    SELECT recorded_on + 200 + 90 * m, 'registered', size + m %% 3 FROM generate_series(1, 9) AS m WHERE whole UNION ALL
    SELECT greatest(date '2015-09-01', recorded_on + 1100) + (luck * 1100)::int, 'exited', size WHERE later < 0.97 UNION ALL
    SELECT date '2023-02-01' + (luck * 700)::int, 'exited', size + 1 WHERE later BETWEEN 0.3 AND 0.5 UNION ALL
    SELECT date '2025-03-01' + (luck * 300)::int, 'returned', size WHERE later < 0.003
) AS change WINDOW w AS (PARTITION BY household ORDER BY day);
CREATE TEMP TABLE versions AS
SELECT *, lead(day, 1, '9999-12-31') OVER w AS until, lead(known, 1, '9999-01-01 00:00+00') OVER w AS superseded,
    lag(status) OVER w AS status_before, lag(persons) OVER w AS persons_before
FROM changes WINDOW w AS (PARTITION BY household ORDER BY number);
"""
PERIOD_ROWS = """
INSERT INTO household_periods (household_id, national_no, division, status, attribute, persons, valid_from, valid_to, known_from, known_to)
SELECT household, '99' || lpad((('x' || substr(household::text, 1, 8))::bit(32)::bigint)::text, 14, '0'), division, status,
    attribute, persons, day, valid_to, known_from, known_to
FROM versions, LATERAL (
    SELECT '9999-12-31'::date AS valid_to, known AS known_from, superseded AS known_to UNION ALL
    SELECT until, superseded, '9999-01-01 00:00+00' WHERE until < '9999-12-31'
) AS version ORDER BY household;
"""


STOCK_ROWS = """
INSERT INTO stock_periods SELECT household, 'poverty', NULL, division, persons, day, valid_to, known_from, known_to
FROM versions, LATERAL (
    SELECT '9999-12-31'::date AS valid_to, known AS known_from, superseded AS known_to UNION ALL
    SELECT until, superseded, '9999-01-01 00:00+00' WHERE until < '9999-12-31'
) AS version WHERE status IN ('registered', 'returned') ORDER BY household;
INSERT INTO movements SELECT household, 'poverty', NULL, day, line, households, change, division, NULL, md5(household::text || number),
    known, '9999-01-01 00:00+00'
FROM versions, LATERAL (
    SELECT 'identified' AS line, 1 AS households, persons AS change WHERE status = 'registered' AND status_before = 'candidate' UNION ALL
    SELECT 'size_change', 0, persons - persons_before
        WHERE status = 'registered' AND status_before = 'registered' AND persons <> persons_before UNION ALL
    SELECT 'exited', 1, persons_before WHERE status = 'exited' AND status_before = 'registered' UNION ALL
    SELECT 'returned', 1, persons WHERE status = 'returned'
) AS movement ORDER BY household;
"""


def fill_register(registry: str, households: int) -> None:
    """The register's periods, and the sums that are kept of them."""
    _fill(registry, households, PERIOD_ROWS, PERIODS)


def fill_audit(audit: str, households: int, *, imported: bool = False) -> None:
    """Audit's stock periods and movements, and the sums that are kept of them."""
    _fill(audit, households, STOCK_ROWS, STOCK_PERIODS, MOVEMENTS, known=AS_IMPORTED if imported else AS_RECORDED)


def _fill(conninfo: str, households: int, rows: str, *tables: Table, known: str = AS_RECORDED) -> None:
    owner, asked = as_superuser(conninfo), {"households": households, "began": IMPORT_BEGAN, "ended": IMPORT_ENDED}
    with psycopg.connect(owner) as conn:
        conn.execute("SET work_mem = '256MB'")
        conn.execute("SELECT setseed(0.7)")
        conn.execute("SET TIME ZONE 'Asia/Shanghai'")
        cur: psycopg.ClientCursor[Any] = psycopg.ClientCursor(conn)
        cur.execute((CHANGES.format(known=known) + rows).encode(), asked)
        for table in tables:
            if table.rollup is not None:
                table.rollup.fill(cur, table.name)
    with psycopg.connect(owner, autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE")
