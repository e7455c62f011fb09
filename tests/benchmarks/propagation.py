"""Propagation: commands at 200 a second, and how long after a command's answer its effect stands committed in another
service, in another process, which reads the log over HTTP.

The bare transport is one question for the page at the log's end, from asking to the last byte, at the same load and as
often as our consumer asks, with nothing done about the answer. It contains no waiting between two polls: that is what
the goal adds, two intervals of 50 ms. All times are of the machine's monotonic clock, which is one for all processes.
"""

import json
import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
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
from services.chassis.security.tokens import LocalKey, issue_token
from tests.benchmarks.commands import SURVEY
from tests.benchmarks.comparison import Contender, Contest
from tests.benchmarks.consuming import reader
from tests.benchmarks.environment import Ground, answer, asked, child, partner, questions, told
from tests.benchmarks.seeding import plant
from tests.benchmarks.synthetic_households import Life, lives
from tests.support.eventually import eventually

RATE, CLIENTS = 200.0, 32
WARM, SECONDS = 1.0, 6.0
HOUSEHOLDS, FACTS, ROUNDS = 500, 20, 3
KEPT = 0.95
"""Share of the rate below which it counts as not kept."""
TWO_POLLS = 100.0
"""Milliseconds."""
PATIENCE = 60.0


@contextmanager
def propagated(ground: Ground) -> Iterator[Mapping[str, Contender]]:
    known = lives(HOUSEHOLDS * 2, FACTS)
    with ExitStack() as stack:
        registry, vault, audit = stack.enter_context(ground.fresh("registry", "vault", "audit"))
        plant(known, registry, vault, ground.settings, view=True)
        databases = {"registry": registry, "vault": vault}
        folder = str(ground.folder)
        url = stack.enter_context(child("serving", "product", folder=folder, databases=databases))
        following = stack.enter_context(
            partner("propagation", folder=folder, url=url, producer=registry, conninfo=audit)
        )
        following.hear()
        load = Steady(ground, url, known)
        bare: list[float] = []

        def ours() -> float:
            following.ask(begin="consumer")
            answered = load.round()
            marks = following.ask(end=max(position for position, _ in answered))
            return p99(delays(answered, marks)) * 1000

        def transport() -> float:
            following.ask(begin="bare")
            load.round()
            bare.append(p99(following.ask(end=0)) * 1000)
            return bare[-1]

        yield {
            "ours": ours,
            "commands/s": lambda: load.per_second,
            "bare transport": transport,
            "bare transport + 100 ms": lambda: bare[-1] + TWO_POLLS,
        }


class Steady:
    """Commands at an even rate."""

    def __init__(self, ground: Ground, url: str, known: list[Life]) -> None:
        self._ground, self._port, self._known, self._rounds = ground, urlsplit(url).port, known, count()
        self.per_second = 0.0
        key = LocalKey.of(ground.settings)
        self._tokens = [
            issue_token(
                key, subject=f"cadre-{n}", roles=[Role.CADRE], division="99", ttl=timedelta(hours=2),
                now=SystemClock().now(),
            )
            for n in range(CLIENTS)
        ]  # fmt: skip

    def round(self) -> list[tuple[int, float]]:
        """Which position was answered when. Raises ``AssertionError`` when a command was not accepted. A rate that could
        not be kept is told of."""
        first = next(self._rounds) % 2 * HOUSEHOLDS
        paths = [f"/registry/households/{h.household_id}/surveys" for h in self._known[first : first + HOUSEHOLDS]]
        found = asked(
            "load", port=self._port, tokens=self._tokens, paths=paths, body=json.dumps(SURVEY), warm=WARM,
            seconds=SECONDS, rate=RATE,
        )  # fmt: skip
        assert set(found["answers"]) == {"201"}, found["answers"]
        self.per_second = float(found["per_second"])
        if self.per_second < RATE * KEPT:
            self._ground.notes.append(f"propagation: no more than {self.per_second:.0f} commands/s were answered")
        return [(position, at) for position, at in found["positions"]]


def delays(answered: list[tuple[int, float]], marks: list[tuple[int, float]]) -> list[float]:
    """Seconds from each answer until the first commit that reflects it."""
    reached = [position for position, _ in marks]
    return [max(0.0, marks[bisect_left(reached, position)][1] - at) for position, at in answered]


def p99(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) * 99 // 100]


class Marking(Consumer):
    """Notes when which position was committed."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.marks: list[tuple[int, float]] = []

    def step(self) -> int:
        digested = super().step()
        if digested:
            self.marks.append((self.position, monotonic()))
        return digested

    def reaches(self, position: int) -> float:
        """Wait until a position is committed; when it was."""
        return eventually(lambda: next((at for p, at in list(self.marks) if p >= position), None), PATIENCE) or 0.0


class Bare(threading.Thread):
    """Asks for the page at the end of the log every 50 ms."""

    def __init__(self, client: httpx.Client, cursor: int) -> None:
        super().__init__(daemon=True)
        self._client, self._cursor, self._halt = client, cursor, threading.Event()
        self.taken: list[float] = []

    def run(self) -> None:
        while not self._halt.wait(POLL):
            began = monotonic()
            found = self._client.get(f"/log/entries/{self._cursor // PAGE}")
            self.taken.append(monotonic() - began)
            self._cursor = max(self._cursor, found.json()["head"])

    def stop(self) -> None:
        self._halt.set()
        self.join()


def main() -> None:
    """The other service. It has digested the log before it says so; then each round either consumes or only asks."""
    configure_logging("json", level=30)
    said = told()
    client = reader(said["url"], Settings(data_dir=Path(said["folder"]), database_url=None))
    producer = Store("registry", said["producer"], SystemClock())
    store = Store("audit", said["conninfo"], SystemClock())
    views = (stock_view(), divisions_view())
    catch_up(Consumer(store, LocalSource(producer), views, keeps_all=True), producer.position())
    answer("ready")
    running: Marking | Bare | None = None
    for question in questions():
        if "begin" in question:
            if question["begin"] == "consumer":
                catch_up(Consumer(store, LocalSource(producer), views, keeps_all=True), producer.position())
                running = Marking(store, HttpSource("registry", client), views, keeps_all=True)
            else:
                running = Bare(client, producer.position())
            running.start()
            answer("begun")
        elif isinstance(running, Marking):
            running.reaches(question["end"])
            running.stop()
            answer(running.marks)
        elif running is not None:
            running.stop()
            answer(running.taken)


def catch_up(consumer: Consumer, upto: int) -> None:
    """Let it digest the log up to a position, before anything is timed."""
    consumer.start()
    eventually(lambda: consumer.position >= upto, PATIENCE)
    consumer.stop()


PROPAGATION = Contest("propagation at 200 commands/s", propagated, ROUNDS)

if __name__ == "__main__":
    main()
