"""Commands over HTTP: a survey with a personal field on a household of about 20 facts, by 32 clients at once.

Every round goes to households that no round before has touched, and begins when the view has digested the last one.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from itertools import count
from urllib.parse import urlsplit

import psycopg

from contracts.facts import DecidedFrom, LogPosition
from contracts.registry.households import HouseholdSurveyed
from contracts.roles import Role
from services.chassis.ground.clock import SystemClock
from services.chassis.log.entries import encode_fact
from services.chassis.security.sealing import seal
from services.chassis.security.tokens import LocalKey, issue_token
from services.registry.households.forms import HouseholdSurveyForm, fact_fields
from services.registry.vault.kek import LocalKek
from services.registry.vault.keys import Vault
from tests.benchmarks.comparison import Contender, Contest
from tests.benchmarks.environment import Ground, asked, child
from tests.benchmarks.seeding import plant
from tests.benchmarks.synthetic_households import Life, lives
from tests.support.eventually import eventually

CLIENTS = 32
FACTS = 20
ROUNDS = 9
HOUSEHOLDS = 700
"""Per round; at 1,000 commands a second a household is surveyed three times in it and so has 20 to 23 facts. Many short
rounds: what else the machine does comes and goes by the second."""
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
def commands(ground: Ground) -> Iterator[Mapping[str, Contender]]:
    known = lives(HOUSEHOLDS * (ROUNDS + 1), FACTS)
    with ExitStack() as stack:
        registry, vault, log, library = stack.enter_context(ground.fresh("registry", "vault", "chassis", "chassis"))
        plant(known, registry, vault, ground.settings, view=True)
        size = payload_size(known[0], vault, ground)
        folder = str(ground.folder)
        urls = {
            "ours": child("serving", "product", folder=folder, databases={"registry": registry, "vault": vault}),
            "insert": child(
                "serving", "insert", folder=folder, conninfo=log, size=size, connections=INSERT_CONNECTIONS
            ),
            "stock": child(
                "serving", "stock", folder=folder, conninfo=library, size=size, connections=STOCK_CONNECTIONS
            ),
        }
        clients = {name: Clients(ground, stack.enter_context(url), known) for name, url in urls.items()}

        def digesting() -> float:
            began = time.monotonic()
            eventually(lambda: digested(registry), within=120)
            return time.monotonic() - began

        rounds = {name: client.round for name, client in clients.items()}
        # Waited for before the floors have their turn, or they would run beside it.
        yield {"ours": rounds.pop("ours"), "seconds until the view has it all": digesting, **rounds}


class Clients:
    """The clients of one server."""

    def __init__(self, ground: Ground, url: str, known: list[Life]) -> None:
        self._port, self._known, self._rounds = urlsplit(url).port, known, count()
        key = LocalKey.of(ground.settings)
        self._tokens = [
            issue_token(
                key, subject=f"cadre-{n}", roles=[Role.CADRE], division="99", ttl=timedelta(hours=2),
                now=SystemClock().now(),
            )
            for n in range(CLIENTS)
        ]  # fmt: skip

    def round(self) -> float:
        """Commands a second. Raises ``AssertionError`` when one was not accepted."""
        first = next(self._rounds) * HOUSEHOLDS
        paths = [f"/registry/households/{h.household_id}/surveys" for h in self._known[first : first + HOUSEHOLDS]]
        answer = asked(
            "load", port=self._port, tokens=self._tokens, paths=paths, body=json.dumps(SURVEY), warm=WARM,
            seconds=SECONDS,
        )  # fmt: skip
        assert set(answer["answers"]) == {"201"}, answer["answers"]
        return float(answer["per_second"])


def payload_size(life: Life, vault: str, ground: Ground) -> int:
    """Bytes of the payload that such a command puts into the log."""
    form = HouseholdSurveyForm.model_validate_json(json.dumps(SURVEY))
    basis = DecidedFrom(logs=(LogPosition(log="registry", position=10**6),))
    fact = HouseholdSurveyed(
        household_id=life.household_id, entered_by="cadre-1", decided_from=basis, **fact_fields(form)
    )  # fmt: skip
    keys = Vault.connect(vault, LocalKek({1: ground.settings.load_kek()}))
    try:
        return len(encode_fact(seal(fact, keys.keys_for(life.subjects)))[1])
    finally:
        keys.close()


def digested(registry: str) -> bool:
    """Whether the registry's own consumer has come to the end of its log."""
    with psycopg.connect(registry) as conn:
        row = conn.execute("SELECT max(notification_id) = (SELECT max(position) FROM cursors) FROM log").fetchone()
    assert row is not None
    return bool(row[0])


COMMANDS = Contest("commands over HTTP, 32 clients", commands, ROUNDS)
