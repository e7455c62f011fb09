"""Growth: a command and a household's history in a registry of 20 million events, against one of 200 thousand.

Both registries are full in proportion: the log, the view of households, data keys, claims, memberships, and the answers
of the last thirty days. A command is answered to one client at a time; a history is folded in the process that asks.
Each time households are met at random that nobody has asked for since the registry was filled.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from random import Random
from time import perf_counter
from urllib.parse import urlsplit
from uuid import UUID

import psycopg

from contracts.roles import Role
from services.chassis.ground.clock import SystemClock
from services.chassis.log.store import Store
from services.chassis.security.tokens import LocalKey, issue_token
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.worker_pool import WorkerPool
from services.registry.households import store as households
from services.registry.households.domain import current_state
from services.registry.households.queries import HouseholdQueries
from services.registry.vault.kek import LocalKek
from services.registry.vault.keys import Vault
from tests.benchmarks.commands import SURVEY
from tests.benchmarks.comparison import Contender, Contest
from tests.benchmarks.environment import Ground, asked, child
from tests.benchmarks.filling import fill, many

SMALL, LARGE = 200_000, 20_000_000
FACTS = 100
PERSONS = 4
SUBJECTS = PERSONS + 1
"""With data keys, per household."""
ANSWERS = 140
"""Events for which an answer is still remembered: thirty days of twelve years."""
SURVEYED, READ, ROUNDS = 400, 300, 5
WARM, SECONDS = 1.0, 3.0
KEYS = """
INSERT INTO data_keys (subject, number, wrapped, kek_number)
SELECT gen_random_uuid(), 1, wrapped, kek_number FROM generate_series(1, %s), (SELECT * FROM data_keys LIMIT 1) AS one
"""
CLAIMS = """
INSERT INTO claims (kind, key_number, digest, holder, given_by, standing)
SELECT 'resident_id', 1, sha256(n::text::bytea), gen_random_uuid(), gen_random_uuid(), true
FROM generate_series(1, %s) AS n
"""
MEMBERSHIPS = """
INSERT INTO exclusive_periods (subject, holder, valid_from, valid_to)
SELECT gen_random_uuid(), gen_random_uuid(), '2014-01-05', '9999-12-31' FROM generate_series(1, %s)
"""
COMMANDS = """
INSERT INTO commands (principal, route, key, command_id, digest, status, location, position, decided_at)
SELECT 'cadre-1', 'POST /registry/households/' || household || '/surveys', n, gen_random_uuid(), sha256(n::text::bytea),
    201, '/registry/households/' || household, n, now() - n * interval '18 seconds'
FROM (SELECT n, gen_random_uuid() AS household FROM generate_series(1, %s) AS n) AS answered
"""


@contextmanager
def grown(ground: Ground) -> Iterator[Mapping[str, Contender]]:
    with ExitStack() as stack:
        large = stack.enter_context(registry_of(ground, max(SMALL // ground.scale, LARGE // ground.scale)))
        small = stack.enter_context(registry_of(ground, SMALL // ground.scale))
        yield {
            "command at 20 million": large.command,
            "command at 200 thousand": small.command,
            "history at 20 million": large.history,
            "history at 200 thousand": small.history,
        }


class Grown:
    """A registry that is served, and asked for households in random order."""

    def __init__(self, ground: Ground, url: str, registry: Store, known: list[UUID]) -> None:
        self._port, self._reading = urlsplit(url).port, HouseholdQueries(registry)
        Random(7).shuffle(known)
        self._known = iter(known * (1 + (SURVEYED + READ) * (ROUNDS + 1) // len(known)))
        self._token = issue_token(
            LocalKey.of(ground.settings), subject="cadre-1", roles=[Role.CADRE], division="99",
            ttl=timedelta(hours=12), now=SystemClock().now(),
        )  # fmt: skip

    def command(self) -> float:
        """Milliseconds, the median."""
        paths = [f"/registry/households/{next(self._known)}/surveys" for _ in range(SURVEYED)]
        found = asked(
            "load", port=self._port, tokens=[self._token], paths=paths, body=json.dumps(SURVEY), warm=WARM,
            seconds=SECONDS,
        )  # fmt: skip
        assert set(found["answers"]) == {"201"}, found["answers"]
        return float(found["p50"]) * 1000

    def history(self) -> float:
        """Milliseconds, the median."""
        taken = []
        for _ in range(READ):
            household = next(self._known)
            began = perf_counter()
            assert current_state(self._reading.facts(household)).persons
            taken.append(perf_counter() - began)
        return sorted(taken)[READ // 2] * 1000


@contextmanager
def registry_of(ground: Ground, events: int) -> Iterator[Grown]:
    """A registry of so many events, served."""
    with ExitStack() as stack:
        registry, vault = stack.enter_context(ground.fresh("registry", "vault"))
        life = many(events, FACTS, vault, ground.settings)
        fill(registry, life)
        count = len(life.households)
        with psycopg.connect(registry) as conn:
            conn.execute(CLAIMS, (count * SUBJECTS,))
            conn.execute(MEMBERSHIPS, (count * PERSONS,))
            conn.execute(COMMANDS, (events // ANSWERS,))
        known = list(life.households)
        make_keys(ground, vault, known)
        with psycopg.connect(vault) as conn:
            conn.execute(KEYS, (count * PERSONS,))
        with WorkerPool() as workers:
            Rebuild(registry, "registry", "registry", households.view(), workers, lambda *_: None).run(confirmed=True)
        for database in (registry, vault):
            with psycopg.connect(database, autocommit=True) as conn:
                conn.execute("VACUUM ANALYZE")
        with psycopg.connect(registry, autocommit=True) as conn:
            conn.execute("CHECKPOINT")
        store = Store("registry", registry, SystemClock())
        stack.callback(store.close)
        databases = {"registry": registry, "vault": vault}
        url = stack.enter_context(child("serving", "product", folder=str(ground.folder), databases=databases))
        yield Grown(ground, url, store, known)


def make_keys(ground: Ground, vault: str, known: list[UUID]) -> None:
    """A data key for every household, which is what a survey of it is sealed under."""
    keys = Vault.connect(vault, LocalKek({1: ground.settings.load_kek()}))
    try:
        for start in range(0, len(known), 5_000):
            keys.keys_for(known[start : start + 5_000])
    finally:
        keys.close()


GROWTH = Contest("growth", grown, ROUNDS)
