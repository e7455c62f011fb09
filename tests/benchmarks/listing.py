"""Pages of 50 households, now and on days gone by as known on others: 20,000 households, or with ``--full`` a million.

The floor is the bare SQL of the same answer: its rows out of a table that holds nothing else, in the order of the list. Every question
is asked with its own day, knowledge, area and place in the list, so that no page is read twice. Beside the row: questions that few
households match, where the floor would be a table made for them.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from random import Random
from statistics import quantiles
from uuid import UUID

from contracts.civil import end_of_day
from contracts.registry.households import Attribute
from contracts.registry.poverty_status import PovertyStatus
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from services.registry.households.lists import NIL_ID, HouseholdFilter
from services.registry.households.queries import HouseholdQueries
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.province import AREAS, fill_register

SMALL, LARGE = 20_000, 1_000_000
QUESTIONS, PAGE = 400, 51
TODAY = date(2026, 11, 27)
BARE = """
CREATE TABLE service.bare AS SELECT division, household_id, national_no, status, attribute, persons FROM household_periods
WHERE valid_to = '9999-12-31' AND known_to = '9999-01-01 00:00+00';
ALTER TABLE service.bare ADD PRIMARY KEY (division, household_id);
ANALYZE bare
"""
BARE_PAGE = b"SELECT * FROM bare WHERE division < %s AND (division, household_id) > (%s, %s) ORDER BY division, household_id LIMIT %s"
Question = tuple[HouseholdFilter, tuple[str, UUID]]


@contextmanager
def listing_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    households = LARGE // environment.scale if environment.full else SMALL
    with environment.fresh("registry") as (registry,):
        fill_register(registry, households)
        store = Store("registry", registry, SystemClock())
        queries = HouseholdQueries(store)
        with store.reading() as conn:
            conn.execute(BARE.encode())

        def ours(question: Question) -> int:
            return len(queries.list_households(*question, PAGE))

        def bare(question: Question) -> int:
            asked, after = question
            with store.reading() as conn:
                return len(
                    conn.execute(
                        BARE_PAGE, (asked.division + "~", *max(after, (asked.division, NIL_ID)), PAGE)
                    ).fetchall()
                )

        many, few = cycle(questions(11)), cycle(sparse_questions(13))
        try:
            yield {
                "ours": lambda: p95(ours, many),
                "bare SQL": lambda: p95(bare, many),
                "few match": lambda: p95(ours, few),
                "ms": lambda: 1.0,
            }
        finally:
            store.close()


def p95(read: Callable[[Question], int], asked: Iterator[Question]) -> float:
    """Milliseconds."""
    taken = []
    for _ in range(QUESTIONS):
        question = next(asked)
        began = time.perf_counter()
        read(question)
        taken.append((time.perf_counter() - began) * 1000)
    return quantiles(taken, n=20)[-1]


def questions(seed: int) -> list[Question]:
    """Of which the area has more than a page: half of them about today, the others about any day since 2015."""
    rng = Random(seed)
    return [
        _question(rng, TODAY if number % 2 else date(2015, 3, 1) + timedelta(rng.randrange(4_000)))
        for number in range(1009)
    ]


def _question(rng: Random, day: date) -> Question:
    status = rng.choice(
        (None, None, PovertyStatus.EXITED if day.year > 2020 else PovertyStatus.REGISTERED if day.year < 2018 else None)
    )
    return (
        HouseholdFilter(
            division=rng.choice(AREAS), as_of=day, known_at=_known(rng, day), status=status,
            attribute=rng.choice((None, None, Attribute.FIVE_GUARANTEES)),
        ),
        (f"99{rng.randrange(1, 9):02}05", NIL_ID),
    )  # fmt: skip


def sparse_questions(seed: int) -> list[Question]:
    """The first weeks of the register, and statuses that hardly anybody had on that day."""
    rng, found = Random(seed), list[Question]()
    for number in range(1009):
        day = (date(2014, 1, 10) + timedelta(rng.randrange(50)), date(2015, 10, 1) + timedelta(rng.randrange(60)))[
            number % 2
        ]
        status = PovertyStatus.EXITED if number % 2 else None
        asked = HouseholdFilter(division="99", as_of=day, known_at=_known(rng, day), status=status)
        found.append((asked, (f"99{rng.randrange(0, 9):02}", NIL_ID)))
    return found


def _known(rng: Random, day: date) -> datetime:
    return end_of_day(rng.choice((TODAY, day))).astimezone(UTC)


LISTING = Benchmark("pages of 50 households", listing_variants)
