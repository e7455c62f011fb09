"""Several statements in one round trip, straight on libpq.

psycopg's own pipeline mode spends some 60 µs of Python on each statement, which for a small group of commands was most
of what it cost; this uses the same C parts underneath it.
"""

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import psycopg
from psycopg.abc import PQGen
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, pipeline_communicate, send
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

from services.chassis.log.array_literals import TYPES


class Loads(Protocol):
    """What is used of psycopg's ``Transformer``, whose C version has no types."""

    def set_pgresult(self, result: PGresult) -> None: ...

    def load_rows(self, row0: int, row1: int, make_row: type[tuple[Any, ...]]) -> "Rows": ...


Rows = Sequence[tuple[Any, ...]]

_numbers = count(1)
_prepared: "WeakKeyDictionary[psycopg.Connection[Any], set[Statement]]" = WeakKeyDictionary()


class Statement:
    """SQL with ``$1``, ``$2`` … for its parameters."""

    def __init__(self, text: str) -> None:
        self.text = text.encode()
        self.name = b"lika_%d" % next(_numbers)


class Bulk(Statement):
    """A statement over many rows: ``{}`` stands for one array parameter of each type, in the order of the rows'
    fields, as in ``INSERT … SELECT * FROM unnest({})``."""

    def __init__(self, text: str, *types: str) -> None:
        super().__init__(text.format(", ".join(f"${n}::{t}[]" for n, t in enumerate(types, start=1))))
        self._literals = [TYPES[t] for t in types]

    def columns(self, rows: Sequence[tuple[Any, ...]]) -> list[str]:
        """The parameters: one array per field."""
        return [literal(column) for literal, column in zip(self._literals, zip(*rows, strict=True), strict=True)]


def keep_prepared(conn: "psycopg.Connection[Any]") -> None:
    """From now on statements are prepared once on this connection, and psycopg's own are not: after a rollback it
    deallocates whatever was prepared, ours too."""
    conn.prepare_threshold = None
    _prepared[conn] = set()


class Pipeline:
    """Add statements, then ``run`` them in order; after an error none of the later ones has any effect."""

    def __init__(self, conn: "psycopg.Connection[Any]") -> None:
        self._conn = conn
        self._asked: list[tuple[Statement, list[bytes]]] = []

    def add(self, statement: Statement, *params: str) -> int:
        """The number under which ``run`` answers it."""
        encoded = [p.encode() for p in params]
        if any(b"\0" in p for p in encoded):
            # libpq ends a text parameter there.
            raise psycopg.DataError("PostgreSQL text cannot contain NUL")
        self._asked.append((statement, encoded))
        return len(self._asked) - 1

    def add_rows(self, statement: Bulk, rows: Sequence[tuple[Any, ...]]) -> int:
        return self.add(statement, *statement.columns(rows))

    def run(self) -> list[Rows]:
        """The rows of each statement. Raises psycopg's errors: the first that failed, or a lost connection."""
        pgconn, known = self._conn.pgconn, _prepared.get(self._conn)
        prepares: dict[int, Statement] = {}
        commands: deque[Callable[[], None]] = deque()
        for statement, params in self._asked:
            if known is None:
                commands.append(partial(pgconn.send_query_params, statement.text, params, result_format=Format.BINARY))
                continue
            if statement not in known and statement not in prepares.values():
                prepares[len(commands)] = statement
                commands.append(partial(pgconn.send_prepare, statement.name, statement.text))
            commands.append(partial(pgconn.send_query_prepared, statement.name, params, result_format=Format.BINARY))
        commands.append(pgconn.pipeline_sync)
        results = self._exchange(commands)
        if known is not None:
            known.update(s for place, s in prepares.items() if results[place].status == ExecStatus.COMMAND_OK)
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise error_from_result(result)
        loads: Loads = Transformer(self._conn)
        return [_rows(loads, r) for place, r in enumerate(results) if place not in prepares]

    def _exchange(self, commands: "deque[Callable[[], None]]") -> "list[PGresult]":
        """The result of each command but the last, which is the mark that ends the pipeline."""
        pgconn = self._conn.pgconn
        pgconn.enter_pipeline_mode()
        try:
            fetched = self._conn.wait(_conversation(pgconn, commands))
        finally:
            if pgconn.status == ConnStatus.OK:
                pgconn.exit_pipeline_mode()
        return [result for (result,) in fetched[:-1]]


def _conversation(pgconn: PGconn, commands: "deque[Callable[[], None]]") -> PQGen[list[list[PGresult]]]:
    expected = len(commands)
    fetched: list[list[PGresult]] = yield from pipeline_communicate(pgconn, commands)
    # What is larger than the socket's buffer is only partly on its way by then.
    yield from send(pgconn)
    while len(fetched) < expected:
        fetched.append((yield from fetch_many(pgconn)))
    return fetched


def _rows(loads: Loads, result: "PGresult") -> Rows:
    if result.status != ExecStatus.TUPLES_OK:
        return ()
    loads.set_pgresult(result)
    return loads.load_rows(0, result.ntuples, tuple)
