"""A view: tables that hold, for each subject, what its facts fold to.

There is one way to make their rows: read all facts of a subject and fold them. The consumer that keeps a view does it for
the subjects that new facts are about, a rebuild for all of them. Folding again costs one index scan of about a
hundred facts and is right for late facts and annulments too; adding each fact to the former row is not."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Generic, TypeVar
from uuid import UUID

from psycopg import Cursor

from contracts.canonical import UnknownType
from contracts.facts import PUBLISHED, Fact, HouseholdFact, Recorded
from services.chassis.log.entries import decode_row
from services.chassis.log.lineage import ancestors, begetting_topics, children_in
from services.chassis.log.unit import Tx
from services.chassis.views.subject_reader import SubjectReader
from services.chassis.views.table import Row, Table

Key = TypeVar("Key")

RowsByKey = Mapping[Any, Sequence[Row]]
NOTHING: RowsByKey = {}
FACT_AT = 8
"""Where in a row of a stream its fact stands, if it was decoded before."""

ANNULS = b'"annuls":["'
"""Stands in the canonical bytes of every fact that annuls another, and of no other: within a text quotes are escaped."""


@dataclass
class View(Generic[Key]):
    """``types``: the facts it follows; ``relevant_types``: those that can change its rows by themselves (all, if not said) -
    of the others only what annuls something is read at all; ``is_relevant``: whether one of those does so in fact.
    ``reader``: where the facts stand; ``subject_of`` its keys: the subject, or nothing for a key that is not this
    view's. ``fold`` gives the rows of each table from all facts of one subject, in any order; it is pure, and like
    everything here it is named in a module, so that other processes can be sent the view.

    ``key_of`` where subjects may start from one another (``lineage``): ``fold`` is then given the facts of a subject's
    ancestors, too, and a fact moves the subject's descendants. ``appended``: the rows are written by the commands, in the
    transactions that append the facts; a rebuild replaces them like any other view's. ``edition``: raised with every release
    that makes other rows of facts that may stand already (``editions``)."""

    name: str
    tables: tuple[Table, ...]
    types: frozenset[str]
    reader: SubjectReader
    subject_of: Callable[[Any], Key | None]
    fold: Callable[[Key, Sequence[Recorded]], Sequence[Iterable[Row]]]
    relevant_types: frozenset[str] | None = None
    is_relevant: Callable[[Fact], bool] | None = None
    key_of: Callable[[Key], Any] | None = None
    appended: bool = False
    edition: int = 1

    appends = False

    @property
    def stored(self) -> tuple[Table, ...]:
        """Its tables, and behind them those of the sums that are kept of them."""
        kept = (each for table in self.tables if table.rollup is not None for each in table.rollup.columns.items())
        return (*self.tables, *(Table(name, columns[0], columns) for name, columns in kept))

    def subject(self, recorded: Recorded) -> Key | None:
        """The subject of this view that a fact is about."""
        key = self._key(recorded)
        return None if key is None else self.subject_of(key)

    def _key(self, recorded: Recorded) -> Any:
        if self.reader.key == "originator_id":
            return recorded.stream if recorded.stream.startswith(self.reader.prefix) else None
        return recorded.fact.household_id if isinstance(recorded.fact, HouseholdFact) else None

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        """Fold again every subject that these facts are about."""
        if self.appended:
            return
        keys = dict.fromkeys(self._key(r) for r in facts if self._affects_rows(r.fact))
        if moved := [key for key in keys if key is not None]:
            self.refold(tx.cur, tx.log, moved, known=tx.beginnings if self.reader.table == "log" else {})

    def _affects_rows(self, fact: Fact) -> bool:
        if fact.annuls:
            return True
        return (self.relevant_types is None or fact.type_name in self.relevant_types) and (
            self.is_relevant is None or self.is_relevant(fact)
        )

    def refold(
        self, cur: Cursor[Any], own: str, keys: Sequence[Any], upto: int | None = None, *, known: RowsByKey = NOTHING
    ) -> int:
        """Fold these keys' subjects, and their descendants, as of a position (as they stand, if not said) into the
        tables, in the transaction of ``cur``; ``own`` is the name of the service's log. ``known``: rows that need not be
        read. Returns how many facts there were."""
        rows = {key: list(known[key]) for key in keys if key in known}
        if unknown := [key for key in keys if key not in rows]:
            rows |= self._rows_by_key(cur, unknown, upto)
        folded_keys = self._with_descendants(cur, rows, keys, upto)
        subjects = [subject for subject in map(self.subject_of, folded_keys) if subject is not None]
        if not subjects:
            return 0
        folded = [
            self.rows(own, key, rows[key], self._ancestors(cur, rows, key, upto)) for key in folded_keys if key in rows
        ]
        for number, table in enumerate(self.tables):
            table.replace(cur, subjects, (row for made in folded if made is not None for row in made[number]))
        return sum(len(rows[key]) for key in folded_keys if key in rows)

    def with_descendants(self, cur: Cursor[Any], keys: Sequence[Any], upto: int | None = None) -> list[Any]:
        """These keys, and those of all subjects that start from theirs."""
        if self.key_of is None or not keys:
            return list(keys)
        topics = tuple(begetting_topics())
        found, new = dict.fromkeys(keys), list(keys)
        while new:
            children = children_in(self.reader.read(cur.connection, new, upto, topics))
            new = [key for key in map(self.key_of, children) if key not in found]  # type: ignore[arg-type]
            found.update(dict.fromkeys(new))
        return list(found)

    def _rows_by_key(self, cur: Cursor[Any], keys: Sequence[Any], upto: int | None) -> dict[Any, list[Row]]:
        return {key: list(of_key) for key, of_key in self.by_key(self.reader.read(cur.connection, keys, upto))}

    def _with_descendants(
        self, cur: Cursor[Any], rows: dict[Any, list[Row]], keys: Sequence[Any], upto: int | None
    ) -> list[Any]:
        """These keys and their descendants', whose rows are added."""
        found, new = dict.fromkeys(keys), list(keys)
        while new and self.key_of is not None:
            children = [child for key in new for child in children_in(rows.get(key, ()))]
            new = [key for key in map(self.key_of, children) if key not in found]  # type: ignore[arg-type]
            if new:
                rows.update(self._rows_by_key(cur, new, upto))
                found.update(dict.fromkeys(new))
        return list(found)

    def _ancestors(self, cur: Cursor[Any], rows: dict[Any, list[Row]], key: Any, upto: int | None) -> list[Row]:
        if self.key_of is None:
            return []

        def read(wanted: Sequence[Any]) -> dict[Any, list[Row]]:
            missing = [key for key in wanted if key not in rows]
            if missing:
                rows.update({key: [] for key in missing} | self._rows_by_key(cur, missing, upto))
            return {key: rows[key] for key in wanted}

        return ancestors(rows[key], self.key_of, read)  # type: ignore[arg-type]

    def by_key(self, rows: Iterable[Row]) -> Iterator[tuple[Any, Iterator[Row]]]:
        """The reader's rows, subject by subject."""
        return groupby(rows, key=itemgetter(self.reader.key_at))

    def rows(
        self, own: str, key: Any, rows: Iterable[Row], of_ancestors: Iterable[Row] = ()
    ) -> Sequence[Iterable[Row]] | None:
        """The rows of each table that one subject's facts come to; ``None`` where none of them is this view's. Raises
        ``UnknownType``, and whatever a broken entry or the fold raises."""
        subject = self.subject_of(key)
        facts = [] if subject is None else list(self._read(own, rows))
        if subject is None or not any(r.fact.type_name in self.types for r in facts):
            return None
        return self.fold(subject, [*facts, *self._read(own, of_ancestors)])

    def _read(self, own: str, rows: Iterable[Row]) -> Iterator[Recorded]:
        log, irrelevant = self.reader.log or own, _irrelevant_topics(self.relevant_types)
        for row in rows:
            if row[3] in irrelevant and ANNULS not in row[4]:
                continue
            if len(row) > FACT_AT and isinstance(row[FACT_AT], Recorded):
                yield row[FACT_AT]
                continue
            try:
                yield decode_row(log, row[:8])
            except UnknownType:
                # Of another log everything may have been kept, known or not. But to leave out a newer version of a
                # type that we do fold would make the figures silently wrong.
                if self.reader.log is None or any(row[3].partition("/")[0] == name for name, _ in PUBLISHED):
                    raise


@cache
def _irrelevant_topics(relevant_types: frozenset[str] | None) -> frozenset[str]:
    """Topics known to this release that need not be read. One that is not known is read, and then raises."""
    names = PUBLISHED if relevant_types is not None else ()
    return frozenset(f"{name}/{version}" for name, version in names if name not in (relevant_types or ()))


@dataclass(frozen=True)
class StreamSubject(Generic[Key]):
    """The subject that a stream is named after: ``household-<uuid>``."""

    prefix: str
    kind: Callable[[str], Key]

    def __call__(self, stream: str) -> Key | None:
        try:
            return self.kind(stream.removeprefix(self.prefix))
        except ValueError:
            return None

    def key_of(self, subject: Key) -> str:
        return f"{self.prefix}{subject}"


def view_of_streams(
    name: str,
    tables: Sequence[Table],
    types: frozenset[str],
    prefix: str,
    kind: Callable[[str], Key],
    fold: Callable[[Key, Sequence[Recorded]], Sequence[Iterable[Row]]],
    *,
    log: str | None = None,
    relevant_types: frozenset[str] | None = None,
    is_relevant: Callable[[Fact], bool] | None = None,
    with_lineage: bool = False,
    appended: bool = False,
    edition: int = 1,
) -> View[Key]:
    """A view whose subjects are streams, of the service's own log or of the copies of another ``log``: the stream of
    subject x is named ``prefix`` + x, and ``kind`` reads x."""
    reader = SubjectReader("copies" if log else "log", "originator_id", "originator_version", log, prefix)
    subject = StreamSubject(prefix, kind)
    key_of = subject.key_of if with_lineage else None
    return View(
        name, tuple(tables), types, reader, subject, fold, relevant_types, is_relevant, key_of, appended, edition
    )  # fmt: skip


def view_of_households(
    name: str,
    tables: Sequence[Table],
    types: frozenset[str],
    log: str,
    fold: Callable[[UUID, Sequence[Recorded]], Sequence[Iterable[Row]]],
    *,
    relevant_types: frozenset[str] | None = None,
) -> View[UUID]:
    """A view whose subjects are households, from the copies of another log's facts about them."""
    reader = SubjectReader("copies", "subject", "notification_id", log)
    return View(name, tuple(tables), types, reader, _itself, fold, relevant_types, key_of=_itself)


def _itself(household: UUID) -> UUID:
    return household
