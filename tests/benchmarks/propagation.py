"""Propagation: at 200 commands a second, the time from a command's answer until its effect is committed in another service,
in another process, which reads the log over HTTP.

The bare transport is one request for the page at the end of the log, from sending it to its last byte, under the same
load and as often as our consumer polls; the response is discarded. It contains no waiting between two polls: the goal
adds that, two intervals of 50 ms. All times are of the machine's monotonic clock, which all processes share.
"""

import json
import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx

from contracts.roles import Role
from services.audit.statements.feed import divisions_view, stock_view
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import PAGE, POLL, HttpSource, LocalSource
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.ground.structured_logging import configure_logging
from services.chassis.log.store import Store
from tests.benchmarks import http_load, serving
from tests.benchmarks.commands import SURVEY
from tests.benchmarks.comparison import Benchmark, Variant
from tests.benchmarks.consuming import registry_client
from tests.benchmarks.environment import (
    BenchmarkEnvironment,
    answer,
    bearer_token,
    child_process,
    messages,
    read_message,
    run_child,
    server_process,
)
from tests.benchmarks.seeding import seed_registry
from tests.benchmarks.synthetic_households import SyntheticHousehold, synthetic_households
from tests.support.eventually import eventually

RATE, CLIENTS = 200.0, 32
WARM, SECONDS = 1.0, 6.0
HOUSEHOLDS, FACTS, ROUNDS = 500, 20, 3
MIN_RATE_SHARE = 0.95
"""Below this share of the rate a note is printed."""
TWO_POLLS = 100.0
"""Milliseconds."""
TIMEOUT = 60.0


@contextmanager
def propagation_variants(environment: BenchmarkEnvironment) -> Iterator[Mapping[str, Variant]]:
    households = synthetic_households(HOUSEHOLDS * 2, FACTS)
    with ExitStack() as stack:
        registry, vault, audit = stack.enter_context(environment.fresh("registry", "vault", "audit"))
        seed_registry(households, registry, vault, environment.settings, view=True)
        databases = {"registry": registry, "vault": vault}
        folder = str(environment.folder)
        url = stack.enter_context(server_process(serving.__name__, "product", folder=folder, databases=databases))
        follower = stack.enter_context(
            child_process(__name__, folder=folder, url=url, producer=registry, conninfo=audit)
        )
        follower.read_line()
        load = SteadyLoad(environment, url, households)
        probed: list[float] = []

        def ours() -> float:
            follower.request(begin="consumer")
            answered = load.round()
            commits = follower.request(end=max(position for position, _ in answered))
            return p99(delays(answered, commits)) * 1000

        def bare_transport() -> float:
            follower.request(begin="probe")
            load.round()
            probed.append(p99(follower.request(end=0)) * 1000)
            return probed[-1]

        yield {
            "ours": ours,
            "commands/s": lambda: load.per_second,
            "bare transport": bare_transport,
            "bare transport + 100 ms": lambda: probed[-1] + TWO_POLLS,
        }


class SteadyLoad:
    """Commands at an even rate."""

    def __init__(self, environment: BenchmarkEnvironment, url: str, households: list[SyntheticHousehold]) -> None:
        self._environment, self._port, self._households, self._rounds = (
            environment,
            urlsplit(url).port,
            households,
            count(),
        )
        self.per_second = 0.0
        self._tokens = [bearer_token(environment.settings, f"cadre-{n}", Role.CADRE) for n in range(CLIENTS)]

    def round(self) -> list[tuple[int, float]]:
        """Positions, each with the time of the answer that named it. Raises ``AssertionError`` when a command was not
        accepted. Notes a rate that was not kept."""
        first = next(self._rounds) % 2 * HOUSEHOLDS
        surveyed = self._households[first : first + HOUSEHOLDS]
        paths = [f"/registry/households/{household.household_id}/surveys" for household in surveyed]
        result = run_child(
            http_load.__name__, port=self._port, tokens=self._tokens, paths=paths, body=json.dumps(SURVEY), warm=WARM,
            seconds=SECONDS, rate=RATE,
        )  # fmt: skip
        assert set(result["answers"]) == {"201"}, result["answers"]
        self.per_second = float(result["per_second"])
        if self.per_second < RATE * MIN_RATE_SHARE:
            self._environment.notes.append(f"propagation: no more than {self.per_second:.0f} commands/s were answered")
        return [(position, at) for position, at in result["positions"]]


def delays(answered: list[tuple[int, float]], commits: list[tuple[int, float]]) -> list[float]:
    """Seconds from each answer until the first commit that reflects it."""
    reached = [position for position, _ in commits]
    return [max(0.0, commits[bisect_left(reached, position)][1] - at) for position, at in answered]


def p99(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) * 99 // 100]


class CommitRecordingConsumer(Consumer):
    """Records the time at which each position was committed."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.commits: list[tuple[int, float]] = []

    def step(self) -> int:
        consumed = super().step()
        if consumed:
            self.commits.append((self.position, monotonic()))
        return consumed

    def wait_for(self, position: int) -> float:
        """Wait until a position is committed; the time at which it was."""
        return eventually(lambda: next((at for p, at in list(self.commits) if p >= position), None), TIMEOUT) or 0.0


class TransportProbe(threading.Thread):
    """Requests the page at the end of the log every 50 ms."""

    def __init__(self, client: httpx.Client, cursor: int) -> None:
        super().__init__(daemon=True)
        self._client, self._cursor, self._halt = client, cursor, threading.Event()
        self.durations: list[float] = []

    def run(self) -> None:
        while not self._halt.wait(POLL):
            started = monotonic()
            found = self._client.get(f"/log/entries/{self._cursor // PAGE}")
            self.durations.append(monotonic() - started)
            self._cursor = max(self._cursor, found.json()["head"])

    def stop(self) -> None:
        self._halt.set()
        self.join()


def main() -> None:
    """In a child: the other service. It consumes the log, answers, and then in each round either consumes or only probes."""
    configure_logging("json", level=30)
    config = read_message()
    client = registry_client(config["url"], Settings(data_dir=Path(config["folder"]), database_url=None))
    producer = Store("registry", config["producer"], SystemClock())
    store = Store("audit", config["conninfo"], SystemClock())
    views = (stock_view(), divisions_view())
    catch_up(Consumer(store, LocalSource(producer), views, keeps_all=True), producer.position())
    answer("ready")
    running: CommitRecordingConsumer | TransportProbe | None = None
    for message in messages():
        if "begin" in message:
            if message["begin"] == "consumer":
                catch_up(Consumer(store, LocalSource(producer), views, keeps_all=True), producer.position())
                running = CommitRecordingConsumer(store, HttpSource("registry", client), views, keeps_all=True)
            else:
                running = TransportProbe(client, producer.position())
            running.start()
            answer("begun")
        elif isinstance(running, CommitRecordingConsumer):
            running.wait_for(message["end"])
            running.stop()
            answer(running.commits)
        elif running is not None:
            running.stop()
            answer(running.durations)


def catch_up(consumer: Consumer, position: int) -> None:
    """Consume the log up to a position, before anything is timed."""
    consumer.start()
    eventually(lambda: consumer.position >= position, TIMEOUT)
    consumer.stop()


PROPAGATION = Benchmark("propagation at 200 commands/s", propagation_variants, ROUNDS)

if __name__ == "__main__":
    main()
