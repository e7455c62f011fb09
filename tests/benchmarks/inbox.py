"""A page of the register's inbox: what waits of open cases for offices of every level; 20,000 households, or with ``--full`` a million.

Of a hundred households five have an open case and twenty one that ended. The floor is the bare SQL of the same page: its rows out of a
table that holds nothing else, made for that office and kind, in the order of the inbox.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import cycle
from random import Random
from statistics import quantiles
from time import perf_counter

import psycopg

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.inbox.entries import Asked, EntryKind
from services.casework.procedures.open_cases import OpenCases
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.registry.areas import HOUSEHOLD_AREAS
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.province import fill_register
from tests.support.databases import as_superuser

SMALL, LARGE, QUESTIONS, PAGE = 20_000, 1_000_000, 200, 51
TODAY = date(2026, 11, 27)
FILL = """
INSERT INTO household_divisions (household_id, division)
SELECT household_id, division FROM household_periods WHERE valid_to = '9999-12-31' AND known_to = '9999-01-01 00:00+00';
INSERT INTO cases (case_id, subject, household_id, standing, procedure, edition, opened_on, latest_on, due, objections, returned,
    waits_for_level, waits_for_role, due_by, outcome, flags)
SELECT md5(household_id::text || 'case')::uuid, household_id, household_id, 'poverty', 'exit', '2016', latest - 20, latest, 'step', 0,
    drawn < 0.002, level, role, latest + 30, CASE WHEN drawn >= 0.05 THEN 'approved' END, '{}'
FROM (SELECT household_id, random() AS drawn, date '2026-11-20' - (random() * 60)::int AS latest, random() AS office
      FROM household_divisions) AS d,
LATERAL (SELECT * FROM (VALUES (0.55, 'village', 'cadre'), (0.8, 'township', 'reviewer'), (0.95, 'county', 'reviewer'), (1.0, NULL, NULL))
    AS o (until, level, role) WHERE office <= until ORDER BY until LIMIT 1) AS waits
WHERE drawn < 0.25
"""
BARE = """
CREATE TABLE service.bare AS SELECT c.latest_on AS since, c.case_id::text AS id, c.*, a.division AS area
FROM cases c JOIN household_divisions a ON a.household_id = c.subject WHERE c.outcome IS NULL AND c.waits_for_level IS NOT NULL;
CREATE INDEX ON bare (waits_for_level, since, id);
ANALYZE bare
"""
BARE_PAGE = b"SELECT * FROM bare WHERE waits_for_level = %s AND (since, id) > (%s, %s) ORDER BY since, id LIMIT %s"
OFFICES = (
    (Level.COUNTY, Role.REVIEWER, "990305"), (Level.TOWNSHIP, Role.REVIEWER, "990305007"), (Level.VILLAGE, Role.CADRE, "990305007003"),
    (Level.PROVINCE, Role.AUDITOR, "99"), (Level.CITY, Role.REVIEWER, "9903"),
)  # fmt: skip


@contextmanager
def inbox_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    households = LARGE // environment.scale if environment.full else SMALL
    with environment.fresh("registry") as (registry,):
        fill_register(registry, households)
        with psycopg.connect(as_superuser(registry), autocommit=True) as conn:
            conn.execute("SET search_path TO service, public")
            conn.execute("SELECT setseed(0.3)")
            conn.execute(FILL.encode())
            conn.execute("VACUUM ANALYZE")
        store = Store("registry", registry, SystemClock())
        with store.reading() as conn:
            conn.execute(BARE.encode())
        cases, asked = OpenCases(store, HOUSEHOLD_AREAS), cycle(questions())

        def ours(question: Asked, after: tuple[date, str]) -> int:
            return len(cases.waiting(question, after, PAGE))

        def bare(question: Asked, after: tuple[date, str]) -> int:
            with store.reading() as conn:
                return len(conn.execute(BARE_PAGE, (question.actor.level, *after, PAGE)).fetchall())

        def p95(read: Callable[[Asked, tuple[date, str]], int]) -> float:
            taken = []
            for _ in range(QUESTIONS):
                question = next(asked)
                began = perf_counter()
                read(*question)
                taken.append((perf_counter() - began) * 1000)
            return quantiles(taken, n=20)[-1]

        try:
            yield {"ours": lambda: p95(ours), "bare SQL": lambda: p95(bare)}
        finally:
            store.close()


def questions() -> list[tuple[Asked, tuple[date, str]]]:
    """The first page and later ones, of what the office has to do, of what waits for others, and of all."""
    rng, found = Random(5), []
    for number in range(997):
        level, role, division = OFFICES[number % len(OFFICES)]
        actor = Actor(f"account-{level}", frozenset({role}), division)
        kind = rng.choice((None, EntryKind.DUE, EntryKind.OVERDUE, EntryKind.WAITING))
        after = (date(2026, 9, 20 + rng.randrange(10)), "") if number % 3 else (date.min, "")
        found.append((Asked(actor=actor, division=division, kind=kind, today=TODAY), after))
    return found


INBOX = Benchmark("inbox", inbox_variants)
