"""Growth: a command and a household's history in a registry of 20 million events, against one of 200 thousand.

Both registries are filled in proportion: the log, the household view, data keys, claims, memberships, and the answers of
the last thirty days. Commands come from one client at a time; a history is folded in the process that reads it.
Households are chosen at random among those not read since the registry was filled.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from random import Random
from time import perf_counter
from urllib.parse import urlsplit
from uuid import UUID

import psycopg

from contracts.roles import Role
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.worker_pool import WorkerPool
from services.registry.households import views as household_store
from services.registry.households.queries import HouseholdQueries
from services.registry.households.rehydration import current_state
from tests.benchmarks import http_load, serving
from tests.benchmarks.commands import SURVEY
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment, bearer_token, run_child, server_process
from tests.benchmarks.filling import fill_log, replicated_households
from tests.benchmarks.seeding import create_data_keys
from tests.support.databases import as_superuser

SMALL, LARGE = 200_000, 20_000_000
FACTS = 100
PERSONS = 4
SUBJECTS = PERSONS + 1
"""Subjects with a data key, per household."""
EVENTS_PER_ANSWER = 140
"""Answers are kept for thirty days, the log here spans twelve years."""
KEYS_AT_ONCE = 5_000
SURVEYS, HISTORIES, ROUNDS = 400, 300, 5
WARM, SECONDS = 1.0, 3.0
INSERT_KEYS = """
INSERT INTO data_keys (subject, key_id, wrapped, kek_number)
SELECT gen_random_uuid(), key_id, wrapped, kek_number FROM generate_series(1, %s), (SELECT * FROM data_keys LIMIT 1) AS one
"""
INSERT_CLAIMS = """
INSERT INTO claims (kind, key_number, digest, holder, given_by, standing)
SELECT 'resident_id', 1, sha256(n::text::bytea), gen_random_uuid(), gen_random_uuid(), true
FROM generate_series(1, %s) AS n
"""
INSERT_MEMBERSHIPS = """
INSERT INTO exclusive_periods (subject, holder, valid_from, valid_to)
SELECT gen_random_uuid(), gen_random_uuid(), '2014-01-05', '9999-12-31' FROM generate_series(1, %s)
"""
INSERT_ANSWERS = """
INSERT INTO commands (principal, route, key, command_id, digest, status, location, position, decided_at)
SELECT 'cadre-1', 'POST /registry/households/' || household || '/surveys', n, gen_random_uuid(), sha256(n::text::bytea),
    201, '/registry/households/' || household, n, now() - n * interval '18 seconds'
FROM (SELECT n, gen_random_uuid() AS household FROM generate_series(1, %s) AS n) AS answered
"""


@contextmanager
def growth_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    with ExitStack() as stack:
        large = stack.enter_context(
            filled_registry(environment, max(SMALL // environment.scale, LARGE // environment.scale))
        )
        small = stack.enter_context(filled_registry(environment, SMALL // environment.scale))
        yield {
            "command at 20 million": large.command,
            "command at 200 thousand": small.command,
            "history at 20 million": large.history,
            "history at 200 thousand": small.history,
        }


class FilledRegistry:
    """A registry behind its server, whose households are read and surveyed in random order."""

    def __init__(self, environment: BenchmarkEnvironment, url: str, registry: Store, household_ids: list[UUID]) -> None:
        self._port, self._reading = urlsplit(url).port, HouseholdQueries(registry)
        Random(7).shuffle(household_ids)
        self._ids = iter(household_ids * (1 + (SURVEYS + HISTORIES) * (ROUNDS + 1) // len(household_ids)))
        self._token = bearer_token(environment.settings, "cadre-1", Role.CADRE)

    def command(self) -> float:
        """Median of a round of surveys, in milliseconds."""
        paths = [f"/registry/households/{next(self._ids)}/surveys" for _ in range(SURVEYS)]
        result = run_child(
            http_load.__name__, port=self._port, tokens=[self._token], paths=paths, body=json.dumps(SURVEY), warm=WARM,
            seconds=SECONDS,
        )  # fmt: skip
        assert set(result["answers"]) == {"201"}, result["answers"]
        return float(result["p50"]) * 1000

    def history(self) -> float:
        """Median of a round of histories, in milliseconds."""
        durations = []
        for _ in range(HISTORIES):
            household = next(self._ids)
            started = perf_counter()
            assert current_state(self._reading.facts(household)).persons
            durations.append(perf_counter() - started)
        return sorted(durations)[HISTORIES // 2] * 1000


@contextmanager
def filled_registry(environment: BenchmarkEnvironment, events: int) -> Iterator[FilledRegistry]:
    """A registry of so many events, and its server."""
    with ExitStack() as stack:
        registry, vault = stack.enter_context(environment.fresh("registry", "vault"))
        replicated = replicated_households(events, FACTS, vault, environment.settings)
        fill_log(registry, replicated)
        count = len(replicated.households)
        with psycopg.connect(registry) as conn:
            conn.execute(INSERT_CLAIMS, (count * SUBJECTS,))
            conn.execute(INSERT_MEMBERSHIPS, (count * PERSONS,))
            conn.execute(INSERT_ANSWERS, (events // EVENTS_PER_ANSWER,))
        household_ids = list(replicated.households)
        create_household_keys(environment, vault, household_ids)
        with psycopg.connect(vault) as conn:
            conn.execute(INSERT_KEYS, (count * PERSONS,))
        with WorkerPool() as workers:
            Rebuild(registry, "registry", "registry", household_store.view(), workers, lambda *_: None).run(
                confirmed=True
            )
        for database in (registry, vault):
            with psycopg.connect(as_superuser(database), autocommit=True) as conn:
                conn.execute("VACUUM ANALYZE")
        with psycopg.connect(as_superuser(registry), autocommit=True) as conn:
            conn.execute("CHECKPOINT")
        store = Store("registry", registry, SystemClock())
        stack.callback(store.close)
        databases = {"registry": registry, "vault": vault}
        url = stack.enter_context(
            server_process(serving.__name__, "product", folder=str(environment.folder), databases=databases)
        )
        yield FilledRegistry(environment, url, store, household_ids)


def create_household_keys(environment: BenchmarkEnvironment, vault: str, household_ids: list[UUID]) -> None:
    """A data key for every household, under which a survey of it is sealed."""
    for start in range(0, len(household_ids), KEYS_AT_ONCE):
        create_data_keys(vault, environment.settings, household_ids[start : start + KEYS_AT_ONCE])


GROWTH = Benchmark("growth", growth_variants, ROUNDS)
