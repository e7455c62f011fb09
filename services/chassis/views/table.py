"""A table of a view, and what is summed beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Protocol, Self

from psycopg import Cursor, sql

from services.chassis.log.array_literals import texts

Row = tuple[Any, ...]


class KeptSums(Protocol):
    """Sums of a table's rows, kept in tables of their own by whoever replaces rows."""

    @property
    def columns(self) -> Mapping[str, tuple[str, ...]]:
        """Of each of its tables; the first names what is summed."""
        ...

    def suffixed(self, suffix: str) -> Self:
        """In tables of its own."""
        ...

    def fill(self, cur: Cursor[Any], table: str) -> None:
        """Sum all rows of ``table``; nothing is kept yet."""
        ...

    def change(
        self, cur: Cursor[Any], table: str, columns: Sequence[str], former: Iterable[Any], rows: Iterable[Any]
    ) -> None:
        """Other rows stand in the place of the ``former`` ones."""
        ...


@dataclass(frozen=True)
class Table:
    """A view's table: its columns, and the column that names the subject. ``rollup``: the sums that are kept beside it."""

    name: str
    subject: str
    columns: tuple[str, ...]
    rollup: KeptSums | None = None

    def suffixed(self, suffix: str) -> "Table":
        """A table of its own, with the sums beside it."""
        return replace(self, name=self.name + suffix, rollup=self.rollup and self.rollup.suffixed(suffix))

    def replace(self, cur: Cursor[Any], subjects: Sequence[Any], rows: Iterable[Row]) -> None:
        """Put ``rows`` in the place of everything the table says about ``subjects``."""
        table, subject = sql.Identifier(self.name), sql.Identifier(self.subject)
        delete = sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(table, subject)
        named = (texts(map(str, subjects)),)  # a list psycopg would adapt value by value
        if self.rollup is None:
            cur.execute(delete, named)
            self.add(cur, rows)
            return
        former = cur.execute(delete + sql.SQL(" RETURNING {}").format(self._columns), named).fetchall()
        new = list(rows)
        self.add(cur, new)
        self.rollup.change(cur, self.name, self.columns, former, new)

    def copy(self, cur: Cursor[Any], of: "Table", subjects: Sequence[Any]) -> None:
        """Take the rows of ``subjects`` from another table of the same columns."""
        rows = cur.execute(
            sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM {2} WHERE {3}::text = ANY(%s) RETURNING {1}").format(
                sql.Identifier(self.name), self._columns, sql.Identifier(of.name), sql.Identifier(self.subject)
            ),
            (list(map(str, subjects)),),
        ).fetchall()
        if self.rollup is not None:
            self.rollup.change(cur, self.name, self.columns, (), rows)

    @property
    def _columns(self) -> sql.Composed:
        return sql.SQL(", ").join(map(sql.Identifier, self.columns))

    def add(self, cur: Cursor[Any], rows: Iterable[Row]) -> None:
        """Write ``rows``; the sums are not told."""
        waiting = iter(rows)
        if (first := next(waiting, None)) is None:
            return  # most tables of most views: a COPY of nothing is three messages to and fro
        columns = self._columns
        with cur.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(self.name), columns)) as copy:
            for row in chain((first,), waiting):
                copy.write_row(row)
