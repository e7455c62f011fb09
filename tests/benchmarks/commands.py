"""Commands over HTTP: a survey with a personal field on a household of about 20 facts, by 32 clients at once.

Every round surveys households that no earlier round has, and starts when the view has consumed the round before.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count
from urllib.parse import urlsplit

import psycopg

from contracts.facts import DecidedFrom, LogPosition
from contracts.registry.surveys import HouseholdSurveyed
from contracts.roles import Role
from services.chassis.log.entries import encode_fact
from services.chassis.security.sealing import seal
from services.registry.households.forms import fact_fields
from services.registry.households.living_forms import HouseholdSurveyForm
from tests.benchmarks import http_load, serving
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.environment import BenchmarkEnvironment, bearer_token, run_child, server_process
from tests.benchmarks.seeding import create_data_keys, seed_registry
from tests.benchmarks.synthetic_households import SyntheticHousehold, synthetic_households
from tests.support.eventually import eventually

CLIENTS = 32
FACTS = 20
ROUNDS = 9
HOUSEHOLDS = 700
"""Per round; at 1,000 commands a second a household is surveyed three times in it and so has 20 to 23 facts. Many short
rounds, since other load on the machine comes and goes by the second."""
WARM, SECONDS = 0.4, 1.6
INSERT_CONNECTIONS = 16
STOCK_CONNECTIONS = 8

SURVEY = {
    "effective_on": "2020-05-20",
    "address": "某组 17 号",
    "phone": "13900000017",
    "main_cause": "illness",
    "arable_mu": "3.5",
}


@contextmanager
def command_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    households = synthetic_households(HOUSEHOLDS * (ROUNDS + 1), FACTS)
    with ExitStack() as stack:
        registry, vault, log, library = stack.enter_context(
            environment.fresh("registry", "vault", "chassis", "chassis")
        )
        seed_registry(households, registry, vault, environment.settings, view=True)
        size = payload_size(households[0], vault, environment)
        folder = str(environment.folder)
        urls = {
            "ours": server_process(
                serving.__name__, "product", folder=folder, databases={"registry": registry, "vault": vault}
            ),
            "insert": server_process(
                serving.__name__, "insert", folder=folder, conninfo=log, size=size, connections=INSERT_CONNECTIONS
            ),
            "stock": server_process(
                serving.__name__, "stock", folder=folder, conninfo=library, size=size, connections=STOCK_CONNECTIONS
            ),
        }
        loads = {name: SurveyLoad(environment, stack.enter_context(url), households) for name, url in urls.items()}

        def catch_up_seconds() -> float:
            started = time.monotonic()
            eventually(lambda: caught_up(registry), within=120)
            return time.monotonic() - started

        rounds = {name: load.round for name, load in loads.items()}
        # The view catches up before the floors have their turn, or it would run beside them.
        yield {"ours": rounds.pop("ours"), "seconds until the view has it all": catch_up_seconds, **rounds}


class SurveyLoad:
    """The load on one server."""

    def __init__(self, environment: BenchmarkEnvironment, url: str, households: list[SyntheticHousehold]) -> None:
        self._port, self._households, self._rounds = urlsplit(url).port, households, count()
        self._tokens = [bearer_token(environment.settings, f"cadre-{n}", Role.CADRE) for n in range(CLIENTS)]

    def round(self) -> float:
        """Commands a second. Raises ``AssertionError`` when one was not accepted."""
        first = next(self._rounds) * HOUSEHOLDS
        surveyed = self._households[first : first + HOUSEHOLDS]
        paths = [f"/registry/households/{household.household_id}/surveys" for household in surveyed]
        result = run_child(
            http_load.__name__, port=self._port, tokens=self._tokens, paths=paths, body=json.dumps(SURVEY), warm=WARM,
            seconds=SECONDS,
        )  # fmt: skip
        assert set(result["answers"]) == {"201"}, result["answers"]
        return float(result["per_second"])


def payload_size(household: SyntheticHousehold, vault: str, environment: BenchmarkEnvironment) -> int:
    """Bytes of the payload that such a command appends to the log."""
    form = HouseholdSurveyForm.model_validate_json(json.dumps(SURVEY))
    basis = DecidedFrom(logs=(LogPosition(log="registry", position=10**6),))
    fact = HouseholdSurveyed(
        household_id=household.household_id, entered_by="cadre-1", decided_from=basis, **fact_fields(form)
    )  # fmt: skip
    keyring = create_data_keys(vault, environment.settings, household.subjects)
    return len(encode_fact(seal(fact, keyring))[1])


def caught_up(registry: str) -> bool:
    """Whether the registry's own consumer has reached the end of its log."""
    with psycopg.connect(registry) as conn:
        row = conn.execute("SELECT max(notification_id) = (SELECT max(position) FROM cursors) FROM log").fetchone()
    assert row is not None
    return bool(row[0])


COMMANDS = Benchmark("commands over HTTP, 32 clients", command_variants, ROUNDS)
