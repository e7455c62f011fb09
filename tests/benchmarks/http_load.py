"""A load generator in a process of its own: clients on kept-alive connections, each with one request in flight.

Raw HTTP/1.1 on asyncio: a client library would use more processor time than the servers that are measured.
"""

import asyncio
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count, cycle
from typing import cast
from uuid import uuid4

import uvloop

from tests.benchmarks.environment import read_message

ANSWER_TIMEOUT = 30.0
"""Seconds for the last answers."""
POSITION = re.compile(rb'"registry": ?(\d+)')
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


@dataclass
class Load:
    """``paths`` are used in turn, ``tokens`` one per client. Answers count from ``warm`` seconds after the start for
    ``seconds``. With a ``rate`` at most so many requests a second are sent, evenly, and the time of each answer is
    recorded with its position, by the machine's monotonic clock. ``source``: the address that they come from; ``nice``: how far
    this process stands back where processors are short. Clients that do not ``wait`` send on while earlier requests have no
    answer, as long as the server reads them, and connect again when cut off."""

    port: int
    tokens: list[str]
    paths: list[str]
    body: str
    warm: float
    seconds: float
    rate: float = 0.0
    source: str = "127.0.0.1"
    wait: bool = True
    nice: int = 0
    offered: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    positions: list[tuple[int, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._paths = cycle(self.paths)
        self._run, self._numbers = uuid4().hex, count()
        self.counts_from = self.counts_until = self._next = 0.0

    def requests(self, token: str) -> Iterator[bytes]:
        """One client's requests, each with a new idempotency key."""
        body = self.body.encode()
        rest = (
            f" HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: {self._run}-"
        ).encode()
        end = b"\r\n\r\n" + body
        while True:
            yield b"POST %s%s%d%s" % (next(self._paths).encode(), rest, next(self._numbers), end)

    def next_send_time(self) -> float:
        """When the next request is due; in the past without a rate, or when all clients were busy at that time."""
        if not self.rate:
            return 0.0
        self._next = (self._next or time.monotonic()) + 1 / self.rate
        return self._next

    def record(self, status: bytes, body: bytes, since: float, now: float) -> None:
        if self.counts_from <= now < self.counts_until:
            self.answers[status.decode()] += 1
            self.latencies.append(now - since)
            if self.rate and (position := POSITION.search(body)) is not None:
                self.positions.append((int(position[1]), now))
        elif status != b"201":
            self.answers[status.decode()] += 1

    async def run(self) -> None:
        self.counts_from = time.monotonic() + self.warm
        self.counts_until = self.counts_from + self.seconds
        clients = [Client(self, token) if self.wait else UnwaitingClient(self, token) for token in self.tokens]
        for client in clients:
            await self.connect(client)
        async with asyncio.timeout(self.warm + self.seconds + ANSWER_TIMEOUT):
            await asyncio.gather(*(client.done for client in clients))

    async def connect(self, client: "Client") -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(partial(_itself, client), "127.0.0.1", self.port, local_addr=(self.source, 0))


class Client(asyncio.Protocol):
    """Sends the next request when the last is answered, until the time is over."""

    def __init__(self, load: Load, token: str) -> None:
        self._load, self._requests = load, load.requests(token)
        self._received, self._since = b"", 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's does not inherit from it
        self._schedule_next()

    def _schedule_next(self) -> None:
        pause = self._load.next_send_time() - time.monotonic()
        if pause > 0:
            asyncio.get_running_loop().call_later(pause, self._send)
        else:
            self._send()

    def _send(self) -> None:
        self._since = time.monotonic()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0:
            return
        length = LENGTH.search(self._received, 0, head + 2)
        if length is None:
            self.done.set_exception(RuntimeError("an answer without Content-Length"))
            return
        if len(self._received) < head + 4 + int(length[1]):
            return
        end = head + 4 + int(length[1])
        now, status, body, rest = time.monotonic(), self._received[9:12], self._received[head:end], self._received[end:]
        self._load.record(status, body, self._since, now)
        self._received = b""
        self._answered(now, rest)

    def _answered(self, now: float, rest: bytes) -> None:
        if now < self._load.counts_until:
            self._schedule_next()
        else:
            self._transport.close()
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))


class UnwaitingClient(Client):
    """Sends at its time, whether or not there are answers, unless the server no longer reads."""

    _is_read = True
    _connecting: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._received, self._is_read = b"", True
        if self._connecting is None:
            super().connection_made(transport)
        else:
            self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self._is_read = False
            self._connecting = asyncio.get_running_loop().create_task(self._load.connect(self))

    def pause_writing(self) -> None:
        self._is_read = False

    def resume_writing(self) -> None:
        self._is_read = True

    def _send(self) -> None:
        if time.monotonic() >= self._load.counts_until:
            self.done.set_result(None)
            self._transport.abort()
            return
        self._load.offered += 1
        if self._is_read:
            super()._send()
        asyncio.get_running_loop().call_soon(self._schedule_next)

    def _answered(self, now: float, rest: bytes) -> None:
        if rest:
            self.data_received(rest)


def _itself(client: Client) -> Client:
    return client


def main() -> None:
    """In a child: run the load of the first message; answers with counts per status, rate, percentiles and positions."""
    load = Load(**read_message())
    os.nice(load.nice)
    uvloop.run(load.run())
    latencies = sorted(load.latencies)

    def percentile(percent: int) -> float | None:
        return latencies[len(latencies) * percent // 100] if latencies else None

    answer = {
        "answers": load.answers,
        "per_second": len(latencies) / load.seconds,
        "offered_per_second": load.offered / (load.warm + load.seconds),
        "p50": percentile(50),
        "p95": percentile(95),
        "p99": percentile(99),
        "positions": load.positions,
    }
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
