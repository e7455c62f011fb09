"""A network that fails: a TCP proxy of the tests between a program and what it talks to, which cuts, delays, swallows.

It forwards to a PostgreSQL server's unix socket or to a port, and counts what it did, so that a test can show that the
fault it is about really came about.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict, make_conninfo

CHUNK = 65536
COMMITTED = b"C\x00\x00\x00\x0bCOMMIT\x00"
"""PostgreSQL's word that a transaction is durable: a CommandComplete message."""


class Proxy:
    """Listens on a free port of this machine while it is entered; ``connect`` opens a connection to the real thing."""

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self._connect = connect
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._listening.getsockname()
        self._links: set[_Link] = set()
        self._judging = threading.Lock()
        self._left: int | None = None
        self._swallows = 0
        self.away = False
        """While set, nobody gets through."""
        self.delay: Callable[[], float] = float
        """Seconds that each piece of data takes, either way."""
        self.cuts = 0
        self.swallowed = 0

    @classmethod
    def to_postgres(cls, conninfo: str) -> Self:
        """Before a server that listens on a unix socket."""
        where = conninfo_to_dict(conninfo)
        path = str(Path(str(where["host"])) / f".s.PGSQL.{where['port']}")

        def connect() -> socket.socket:
            made = socket.socket(socket.AF_UNIX)
            made.connect(path)
            return made

        return cls(connect)

    @classmethod
    def to_http(cls, url: str) -> Self:
        """Before an HTTP server."""
        parts = urlsplit(url)
        return cls(lambda: socket.create_connection((str(parts.hostname), parts.port or 80)))

    def conninfo(self, direct: str) -> str:
        """A database's connection string that leads through here."""
        return make_conninfo(direct, host=self.host, port=self.port)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.away = True
        self._listening.close()
        self.cut()

    def cut(self) -> int:
        """Cut every connection at once; how many there were."""
        links = list(self._links)
        for link in links:
            link.cut()
        self.cuts += len(links)
        return len(links)

    def cut_after(self, count: int) -> None:
        """Let so many more bytes of answers through, and cut whoever is to hear the next one, in the middle of it."""
        with self._judging:
            self._left = count

    def swallow_a_commit(self) -> None:
        """The next time PostgreSQL says that a transaction is durable nobody hears it, and the connection is cut."""
        with self._judging:
            self._swallows += 1

    def heard(self, before: bytes, data: bytes) -> int:
        """How many bytes of an answer get through; fewer than all cut the connection. ``before``: the last ones."""
        with self._judging:
            if self._swallows and (at := (before + data).find(COMMITTED)) >= 0:
                self._swallows -= 1
                self.swallowed += 1
                return max(0, at - len(before))
            if self._left is None:
                return len(data)
            through = min(len(data), self._left)
            self._left -= through
            if through < len(data):
                self._left = None
                self.cuts += 1
            return through

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                near, _ = self._listening.accept()
                try:
                    far = None if self.away else self._connect()
                except OSError:
                    far = None
                if far is None:
                    near.close()
                else:
                    _Link(self, near, far, self._links)


class _Link:
    """One connection and its other half, until either ends."""

    def __init__(self, proxy: Proxy, near: socket.socket, far: socket.socket, links: "set[_Link]") -> None:
        self._proxy, self._near, self._far, self._links = proxy, near, far, links
        self._pause = threading.Event()
        links.add(self)
        for pump in (self._ask, self._answer):
            threading.Thread(target=pump, daemon=True).start()

    def cut(self) -> None:
        """Both sides see the connection end. The sockets are closed by those who read from them."""
        self._links.discard(self)
        for half in (self._near, self._far):
            with contextlib.suppress(OSError):
                half.shutdown(socket.SHUT_RDWR)

    def _ask(self) -> None:
        with self._ending(self._near):
            while data := self._near.recv(CHUNK):
                self._travel()
                self._far.sendall(data)

    def _answer(self) -> None:
        before = b""
        with self._ending(self._far):
            while data := self._far.recv(CHUNK):
                self._travel()
                through = self._proxy.heard(before, data)
                self._near.sendall(data[:through])
                if through < len(data):
                    return
                before = (before + data)[-len(COMMITTED) + 1 :]

    @contextlib.contextmanager
    def _ending(self, read_from: socket.socket) -> Iterator[None]:
        with contextlib.suppress(OSError):
            yield
        self.cut()
        read_from.close()

    def _travel(self) -> None:
        if seconds := self._proxy.delay():
            self._pause.wait(seconds)
