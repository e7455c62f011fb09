"""Network faults: a TCP proxy between a client and a server that cuts connections, delays data and drops replies.

It forwards to a PostgreSQL server's unix socket or to a port, and counts the faults, so that a test can show that they
really occurred.
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
"""The CommandComplete message by which PostgreSQL confirms a commit."""


class Proxy:
    """Listens on a free port of this machine while it is entered; ``connect`` opens a connection to the server."""

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self._connect = connect
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.host, self.port = self._listening.getsockname()
        self._connections: set[_Connection] = set()
        self._lock = threading.Lock()
        self._bytes_left: int | None = None
        self._replies_to_drop = 0
        self.refusing = False
        """While set, new connections are closed at once."""
        self.delay: Callable[[], float] = float
        """Seconds by which each chunk is delayed, in either direction."""
        self.cuts = 0
        self.dropped_replies = 0

    @classmethod
    def to_postgres(cls, conninfo: str) -> Self:
        """In front of a PostgreSQL server that listens on a unix socket."""
        where = conninfo_to_dict(conninfo)
        path = str(Path(str(where["host"])) / f".s.PGSQL.{where['port']}")

        def connect() -> socket.socket:
            made = socket.socket(socket.AF_UNIX)
            made.connect(path)
            return made

        return cls(connect)

    @classmethod
    def to_http(cls, url: str) -> Self:
        """In front of an HTTP server."""
        parts = urlsplit(url)
        return cls(lambda: socket.create_connection((str(parts.hostname), parts.port or 80)))

    def conninfo(self, direct: str) -> str:
        """The connection string of a database, forwarded this proxy."""
        return make_conninfo(direct, host=self.host, port=self.port)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.refusing = True
        self._listening.close()
        self.cut()

    def cut(self) -> int:
        """Cut every open connection; how many there were."""
        connections = list(self._connections)
        for connection in connections:
            connection.cut()
        self.cuts += len(connections)
        return len(connections)

    def cut_after(self, count: int) -> None:
        """Forward so many more bytes of responses, and cut the connection on which the next one would follow."""
        with self._lock:
            self._bytes_left = count

    def drop_next_commit_reply(self) -> None:
        """Do not forward PostgreSQL's next confirmation of a commit, and cut its connection."""
        with self._lock:
            self._replies_to_drop += 1

    def bytes_to_forward(self, before: bytes, data: bytes) -> int:
        """How many bytes of a chunk of a response are forwarded; if not all, the connection is cut. ``before``: the end of
        the chunk before."""
        with self._lock:
            if self._replies_to_drop and (at := (before + data).find(COMMITTED)) >= 0:
                self._replies_to_drop -= 1
                self.dropped_replies += 1
                return max(0, at - len(before))
            if self._bytes_left is None:
                return len(data)
            forwarded = min(len(data), self._bytes_left)
            self._bytes_left -= forwarded
            if forwarded < len(data):
                self._bytes_left = None
                self.cuts += 1
            return forwarded

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _ = self._listening.accept()
                try:
                    server = None if self.refusing else self._connect()
                except OSError:
                    server = None
                if server is None:
                    client.close()
                else:
                    _Connection(self, client, server, self._connections)


class _Connection:
    """A client's connection and the one to the server, until either ends."""

    def __init__(
        self, proxy: Proxy, client: socket.socket, server: socket.socket, connections: "set[_Connection]"
    ) -> None:
        self._proxy, self._client, self._server, self._connections = proxy, client, server, connections
        self._pause = threading.Event()
        connections.add(self)
        for forward in (self._forward_requests, self._forward_responses):
            threading.Thread(target=forward, daemon=True).start()

    def cut(self) -> None:
        """Both sides see the connection end. The sockets are closed by those who read from them."""
        self._connections.discard(self)
        for half in (self._client, self._server):
            with contextlib.suppress(OSError):
                half.shutdown(socket.SHUT_RDWR)

    def _forward_requests(self) -> None:
        with self._closing(self._client):
            while data := self._client.recv(CHUNK):
                self._apply_delay()
                self._server.sendall(data)

    def _forward_responses(self) -> None:
        before = b""
        with self._closing(self._server):
            while data := self._server.recv(CHUNK):
                self._apply_delay()
                forwarded = self._proxy.bytes_to_forward(before, data)
                self._client.sendall(data[:forwarded])
                if forwarded < len(data):
                    return
                before = (before + data)[-len(COMMITTED) + 1 :]

    @contextlib.contextmanager
    def _closing(self, read_from: socket.socket) -> Iterator[None]:
        with contextlib.suppress(OSError):
            yield
        self.cut()
        read_from.close()

    def _apply_delay(self) -> None:
        if seconds := self._proxy.delay():
            self._pause.wait(seconds)
