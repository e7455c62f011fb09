"""The view ``account_findings``: it follows from the digests of all households' accounts, and not from one household's facts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

from contracts.facts import Recorded
from services.casework.findings.feed import FindingRows
from services.chassis.log.unit import Tx
from services.chassis.views.subject_reader import SubjectReader
from services.chassis.views.table import Row, Table
from services.chassis.views.view import NOTHING, RowsByKey, StreamSubject, View
from services.registry.findings.accounts.domain import CheckedAccount, SharedAccount, periods_of

ACCOUNT_DIGESTS = Table(
    "account_digests",
    "household_id",
    ("household_id", "key_number", "digest", "division", "valid_from", "valid_to", "known_from", "known_to"),
)
"""Kept with the digests of names and numbers (``services.registry.searches.feed``)."""
SHARED = """
SELECT DISTINCT mine.household_id, theirs.household_id AS other, mine.division,
    greatest(mine.valid_from, theirs.valid_from), least(mine.valid_to, theirs.valid_to),
    greatest(mine.known_from, theirs.known_from), least(mine.known_to, theirs.known_to)
FROM account_digests mine JOIN account_digests theirs ON theirs.digest = mine.digest
    AND theirs.household_id <> mine.household_id
    AND theirs.valid_from < mine.valid_to AND mine.valid_from < theirs.valid_to
    AND theirs.known_from < mine.known_to AND mine.known_from < theirs.known_to
WHERE {which} ORDER BY mine.household_id
"""
SHARING = b"""
SELECT DISTINCT theirs.household_id FROM account_digests mine JOIN account_digests theirs ON theirs.digest = mine.digest
WHERE mine.household_id = ANY(%s)
"""
"""Who has or had an account of one of these, they themselves included."""
FORGET = b"DELETE FROM account_digests WHERE household_id = ANY(%s)"
_OF_STREAM = StreamSubject("household-", UUID)


class SharedAccountReader(SubjectReader):
    """Reads by household with whom it has an account in common. As the view ``account_digests`` has it: no position is asked."""

    @property
    def key_at(self) -> int:
        return 0

    def read(
        self, conn: Connection[Any], keys: Sequence[Any], upto: int | None = None, topics: Sequence[str] | None = None
    ) -> list[Row]:
        sql = SHARED.format(which="mine.household_id = ANY(%s::uuid[])")
        return conn.execute(sql.encode(), (list(keys),), prepare=True).fetchall()

    def read_range(self, conn: Connection[Any], low: Any, high: Any, upto: int) -> Iterator[Row]:
        sql = SHARED.format(
            which="mine.household_id >= %s::uuid AND (%s::uuid IS NULL OR mine.household_id < %s::uuid)"
        )
        yield from conn.execute(sql.encode(), (low, high, high))

    def changed_subjects(
        self, cur: Cursor[Any], after: int, upto: int | None, most: int, also: Sequence[int] = ()
    ) -> list[Any]:
        streams = super().changed_subjects(cur, after, upto, most, also)
        households = [household for household in map(_OF_STREAM, streams) if household is not None]
        return list(dict.fromkeys((*households, *_sharing(cur, households))))[:most]

    def ranges(self, cur: Cursor[Any], upto: int, size: int) -> tuple[int, list[tuple[Any, Any]]]:
        """One: few households have another's account."""
        row = cur.execute(b"SELECT count(*) FROM account_digests").fetchone()
        return int(row[0]) if row else 0, [(str(UUID(int=0)), None)]


@dataclass
class AccountFindingsView(View[UUID]):
    """Behind the view ``digests``, which says who has which account."""

    digests: View[UUID] | None = None

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        assert self.digests is not None
        streams = list(dict.fromkeys(r.stream for r in facts if self.digests.subject(r) and self._affects_rows(r.fact)))
        streams = self.digests.with_descendants(tx.cur, streams)
        self.refold(tx.cur, tx.log, _sharing(tx.cur, [h for h in map(_OF_STREAM, streams) if h is not None]))

    def refold(
        self, cur: Cursor[Any], own: str, keys: Sequence[Any], upto: int | None = None, *, known: RowsByKey = NOTHING
    ) -> int:
        """As ``View.refold``."""
        if not keys:
            return 0
        assert isinstance(self.fold, FindingRows)
        self.fold.editions.refresh()
        found = self.reader.read(cur.connection, keys)
        made = [self._made(household, rows) for household, rows in groupby(found, key=itemgetter(0))]
        for number, table in enumerate(self.tables):
            table.replace(cur, list(keys), (row for of_one in made for row in of_one[number]))
        return len(found)

    def rows(
        self, own: str, key: Any, rows: Iterable[Row], of_ancestors: Iterable[Row] = ()
    ) -> Sequence[Iterable[Row]] | None:
        """As ``View.rows``, from what the reader reads."""
        return self._made(key, rows)

    def forget(self, cur: Cursor[Any], households: Sequence[UUID]) -> None:
        """Delete the digests of households whose keys were destroyed, and what was found by them."""
        sharing = _sharing(cur, households)
        cur.execute(FORGET, (list(households),))
        self.refold(cur, "", sharing)

    def _made(self, household: UUID, rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
        assert isinstance(self.fold, FindingRows)
        made: tuple[list[Row], list[Row]] = self.fold.of_periods(
            household, periods_of(SharedAccount(*r[1:]) for r in rows)
        )
        return made


def _sharing(cur: Cursor[Any], households: Sequence[UUID]) -> list[UUID]:
    return [found for (found,) in cur.execute(SHARING, (list(households),), prepare=True)] if households else []


def _itself(household: UUID) -> UUID:
    return household


def account_findings_view(rows: FindingRows[CheckedAccount], digests: View[UUID]) -> AccountFindingsView:
    """``digests``: the view that keeps ``account_digests``."""
    reader = SharedAccountReader("log", "originator_id", "originator_version", None, _OF_STREAM.prefix)
    return AccountFindingsView(
        rows.checks.findings_table, rows.tables, digests.types, reader, _itself, rows, digests.relevant_types,
        digests.is_relevant, digests=digests,
    )  # fmt: skip
