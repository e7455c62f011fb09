"""SQL views of subjects: when a fact arrives, its subject's rows are folded again from the whole stream.

Folding again costs one index scan of about a hundred facts and is right for late facts too; incremental folding is not.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from psycopg import sql

from contracts.facts import Recorded
from services.chassis.unit import Tx

Row = tuple[Any, ...]
Key = TypeVar("Key")


class Table:
    """A view's table: its columns, and the column that names the subject."""

    def __init__(self, name: str, subject: str, columns: Sequence[str]) -> None:
        self.name, self.columns = name, columns
        self._delete = sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(
            sql.Identifier(name), sql.Identifier(subject)
        )
        self._copy = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
        )

    def replace(self, tx: Tx, subjects: Sequence[Any], rows: Iterable[Row]) -> None:
        """Put ``rows`` in the place of everything the table says about ``subjects``."""
        tx.cur.execute(self._delete, (list(subjects),))
        with tx.cur.copy(self._copy) as copy:
            for row in rows:
                copy.write_row(row)


class StreamView(Generic[Key]):
    """A view whose subjects are streams of this service's own log: one subject, one stream."""

    appends = False

    def __init__(
        self,
        tables: Sequence[Table],
        types: frozenset[str],
        subject: Callable[[Recorded], Key | None],
        stream: Callable[[Key], str],
        fold: Callable[[Key, Sequence[Recorded]], Sequence[Iterable[Row]]],
    ) -> None:
        """``fold(subject, facts)`` gives one iterable of rows per table, from all facts of the subject's stream."""
        self.types = types
        self._tables, self._subject, self._stream, self._fold = tables, subject, stream, fold

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        subjects = [s for s in dict.fromkeys(map(self._subject, facts)) if s is not None]
        if not subjects:
            return
        streams = tx.load_many([self._stream(s) for s in subjects])
        folded = [self._fold(s, streams[self._stream(s)]) for s in subjects]
        for number, table in enumerate(self._tables):
            table.replace(tx, subjects, (row for rows in folded for row in rows[number]))
