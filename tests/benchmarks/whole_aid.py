"""All that had fallen due for one person by any day, as known then: a pupil of nine school years with meals by the days attended and
a living allowance, a hundred facts, folded and reckoned, against the bare SELECT of these."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import cycle
from random import Random
from statistics import median
from typing import Any
from uuid import UUID, uuid5

import psycopg

from contracts.assistance import entitlements as facts
from contracts.civil import end_of_day, start_of_day
from contracts.facts import DecidedFrom, Fact, LogPosition
from contracts.registry.codes import SchoolStage
from services.assistance.document_kinds import FIRST_TEXTS, FOLLOWED, KINDS
from services.assistance.entitlements.domain import stream_of
from services.assistance.entitlements.due_queries import EntitlementDue
from services.assistance.programmes.document import KIND
from services.casework.calendars.periods import months
from services.casework.documents.feed import FollowedDocuments
from services.casework.documents.first_texts import FirstTexts
from services.casework.documents.reading import Documents
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.entries import COLUMNS, encode_fact
from services.chassis.log.store import Store
from services.registry.document_kinds import FIRST_TEXTS as REGISTRY_TEXTS
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment
from tests.benchmarks.seeding import LogRow, copy_rows

PERSONS, QUESTIONS = 40, 200
VILLAGE = "990001101201"
STAGES = ((SchoolStage.PRIMARY, 2014, 2020), (SchoolStage.JUNIOR, 2020, 2023))
"""From September to September."""
AMOUNTS = {SchoolStage.PRIMARY: Decimal(500), SchoolStage.JUNIOR: Decimal(625)}
SUMMER = 8
RATES = date(2014, 1, 1)
CALENDARS = FirstTexts(REGISTRY_TEXTS.folder / "school_terms", REGISTRY_TEXTS.kinds)
SELECT = f"SELECT {COLUMNS} FROM log WHERE originator_id = %s ORDER BY originator_version".encode()


@contextmanager
def whole_aid_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    with environment.fresh("registry", "assistance") as (registry, assistance):
        clock = SimulatedClock(start_of_day(RATES))
        producer, store = Store("registry", registry, clock), Store("assistance", assistance, clock)
        try:
            CALENDARS.adopt(producer)
            FIRST_TEXTS.adopt(store)
            consumer = Consumer(store, LocalSource(producer), [FollowedDocuments()])
            while consumer.step():
                pass
            documents = Documents(store, KINDS, FOLLOWED)
            persons = [UUID(int=number) for number in range(1, PERSONS + 1)]
            with psycopg.connect(assistance) as conn:
                copy_rows(conn, _rows(persons, store.position(), documents))
            due = EntitlementDue(store, documents)
            asked = cycle(list(_questions(persons)))

            def ours(person: UUID, day: date) -> int:
                return len(list(due.of_unit(person, as_of=day, known_at=end_of_day(day))))

            def select(person: UUID, _: date) -> int:
                with store.reading() as conn, conn.cursor(binary=True) as cur:
                    return len(cur.execute(SELECT, (stream_of(person),), prepare=True).fetchall())

            last = date(2023, 8, 31)
            # Meals of each month told of, and two terms of each year.
            assert (ours(persons[0], last), select(persons[0], last)) == (9 * 11 + 9 * 2, 9 * 11 + 10)
            yield {"ours": partial(_milliseconds, ours, asked), "select": partial(_milliseconds, select, asked)}
        finally:
            producer.close()
            store.close()


def _milliseconds(query: Callable[[UUID, date], int], asked: Iterator[tuple[UUID, date]]) -> float:
    """Median."""
    taken = []
    for _ in range(QUESTIONS):
        person, day = next(asked)
        began = time.perf_counter()
        assert query(person, day)
        taken.append((time.perf_counter() - began) * 1000)
    return median(taken)


def _questions(persons: list[UUID]) -> Iterator[tuple[UUID, date]]:
    random, days = Random(11), (date(2023, 8, 31) - date(2014, 10, 1)).days
    for _ in range(QUESTIONS):
        yield random.choice(persons), date(2014, 10, 1) + timedelta(random.randrange(days))


def _rows(persons: list[UUID], head: int, documents: Documents) -> Iterator[LogRow]:
    """Each fact recorded on its day."""
    lookup, position = documents.current(), head
    editions = {
        key: lookup.in_force(KIND, key, date(2014, 9, 1), VILLAGE).id for key in ("nutrition_meals", "education_aid")
    }
    for person in persons:
        for version, fact in enumerate(_school_years(person, editions, head), 1):
            position += 1
            topic, payload = encode_fact(fact)
            at = start_of_day(fact.effective_on) + timedelta(hours=9, microseconds=version)
            yield position, stream_of(person), version, topic, payload, at, UUID(int=position), "teacher-1"


def _school_years(person: UUID, editions: Mapping[str, str], head: int) -> Iterator[Fact]:
    for stage, first, end in STAGES:
        began, ends = date(first, 9, 1), date(end, 9, 1)
        cases: dict[str, dict[str, Any]] = {
            programme: {
                "household_id": uuid5(person, "household"), "unit_id": person, "programme": programme,
                "case_id": uuid5(person, f"{programme}/{stage}"), "entered_by": "decider-1",
            }
            for programme in editions
        }  # fmt: skip
        amounts = {"nutrition_meals": ("meals", Decimal(4)), "education_aid": (stage.value, AMOUNTS[stage])}
        for programme, common in cases.items():
            there: dict[str, Any] = {"effective_on": began, "division": VILLAGE, "stage": stage}
            yield facts.EntitlementApplied(**common, **there, other_grants=Decimal(0))
            component, yuan = amounts[programme]
            yield facts.EntitlementGranted(
                **common, **there, amounts=(facts.GrantedAmount(component=component, yuan=yuan, since=RATES),),
                decided_from=DecidedFrom(logs=(LogPosition(log="assistance", position=head),), documents=(editions[programme],)),
            )  # fmt: skip
        for year in range(first, end + 1):
            for month in months(year):
                if began <= month.start < ends and month.start.month != SUMMER:
                    yield facts.EntitlementQuantityTold(
                        **cases["nutrition_meals"], effective_on=month.end, component="meals", period_from=month.start,
                        period_to=month.end, days=20,
                    )  # fmt: skip
        if ends.year < STAGES[-1][2]:
            for common in cases.values():
                yield facts.EntitlementEndedAtStageChange(
                    **common, effective_on=ends, from_stage=stage, to_stage=SchoolStage.JUNIOR
                )


WHOLE_AID = Benchmark("a person's whole aid on any day", whole_aid_variants)
