"""The findings about households, kept from the register's log: from each household's facts, and from those of education about whoever
was ever a member."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

from contracts.facts import Recorded
from contracts.registry.categories import HouseholdCategoryAssigned
from contracts.registry.households import HouseholdFormed, HouseholdRecorded
from contracts.registry.members import MemberJoined
from contracts.registry.surveys import HouseholdSurveyed
from services.casework.findings.domain import FactChecks
from services.casework.findings.feed import FindingRows, FindingsView
from services.chassis.log.entries import decode_row
from services.chassis.log.unit import Tx
from services.chassis.views.subject_reader import SubjectReader
from services.chassis.views.table import Row
from services.chassis.views.view import StreamSubject
from services.registry.findings.checked_households import CheckedHousehold
from services.registry.households.lineage import persons_named
from services.registry.households.views import HOUSEHOLD_TYPES
from services.registry.schooling.domain import ENROLMENT_TYPES
from services.registry.schooling.domain import PREFIX as ENROLMENT
from services.registry.schooling.domain import stream_of as enrolments_of

NOT_READ = (HouseholdSurveyed, HouseholdCategoryAssigned)
NEVER_READ = frozenset(kind.type_name for kind in NOT_READ)
NAMING = frozenset(f"{k.type_name}/{k.type_version}" for k in (HouseholdRecorded, HouseholdFormed, MemberJoined))
"""Topics of facts that name members."""
HOUSEHOLDS_OF = b"SELECT DISTINCT 'household-' || holder FROM exclusive_periods WHERE subject = ANY(%s::uuid[])"
AT_ONCE = 500
"""Households whose pupils are looked up in one query."""
_HOUSEHOLD, _PUPIL = StreamSubject("household-", UUID), StreamSubject(ENROLMENT, UUID)
_PUPILS = SubjectReader("log", "originator_id", "originator_version", None, ENROLMENT)


@dataclass(frozen=True)
class PupilReader(SubjectReader):
    """The facts of households and, behind each one's, those of education about whoever was ever a member of it. The household's
    stream stands behind each row."""

    @property
    def key_at(self) -> int:
        return 8

    @property
    def _plain(self) -> SubjectReader:
        return SubjectReader(self.table, self.key, self.order, self.log, self.prefix)

    def read(
        self, conn: Connection[Any], keys: Sequence[Any], upto: int | None = None, topics: Sequence[str] | None = None
    ) -> list[Row]:
        rows = self._plain.read(conn, keys, upto, topics)
        if topics is not None:
            return [(*row, row[1]) for row in rows]
        return list(_with_pupils(conn, rows, upto))

    def read_range(self, conn: Connection[Any], low: Any, high: Any, upto: int) -> Iterator[Row]:
        by_household = (
            list(of_one) for _, of_one in groupby(self._plain.read_range(conn, low, high, upto), itemgetter(1))
        )
        while several := list(islice(by_household, AT_ONCE)):
            yield from _with_pupils(conn, [row for of_one in several for row in of_one], upto)

    def changed_subjects(
        self, cur: Cursor[Any], after: int, upto: int | None, most: int, also: Sequence[int] = ()
    ) -> list[Any]:
        changed = self._plain.changed_subjects(cur, after, upto, most, also)
        pupils = _PUPILS.changed_subjects(cur, after, upto, most, also)
        return list(dict.fromkeys((*changed, *_households_of(cur, pupils))))


@dataclass
class HouseholdFindingsView(FindingsView):
    """What is said of a pupil moves the findings of every household that they belonged to."""

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        affecting = [r for r in facts if self._affects_rows(r.fact)]
        own = [key for r in affecting if (key := self._key(r)) is not None]
        pupils = [r.stream for r in affecting if r.stream.startswith(ENROLMENT)]
        if moved := list(dict.fromkeys((*own, *_households_of(tx.cur, pupils)))):
            begun = {key: tx.beginnings[key] for key in moved if key in tx.beginnings}
            pupils_of = _pupils_of(tx.cur.connection, [row for rows in begun.values() for row in rows], None)
            known = {key: [*rows, *pupils_of[key]] for key, rows in begun.items()}
            self.refold(tx.cur, tx.log, moved, known=known)


def household_findings_view(rows: FindingRows[CheckedHousehold]) -> HouseholdFindingsView:
    """Keeps the two tables of the households' checks."""
    assert isinstance(rows.checks, FactChecks)
    reader = PupilReader("log", "originator_id", "originator_version", None, _HOUSEHOLD.prefix)
    types = HOUSEHOLD_TYPES | ENROLMENT_TYPES
    return HouseholdFindingsView(
        rows.checks.findings_table, rows.tables, types, reader, _HOUSEHOLD, rows, types - NEVER_READ, rows.checks.reads,
        _HOUSEHOLD.key_of, edition=2,
    )  # fmt: skip


def _with_pupils(conn: Connection[Any], rows: Sequence[Row], upto: int | None) -> Iterator[Row]:
    """``rows``: household by household."""
    pupils = _pupils_of(conn, rows, upto)
    for household, of_household in groupby(rows, itemgetter(1)):
        yield from ((*row, household) for row in of_household)
        yield from ((*row, household) for row in pupils[household])


def _pupils_of(conn: Connection[Any], rows: Sequence[Row], upto: int | None) -> dict[str, list[Row]]:
    """``rows``: household by household. By household, what education says of whoever was ever a member."""
    members = {
        household: persons_named(decode_row("registry", row[:8]) for row in of_one if row[3] in NAMING)
        for household, of_one in groupby(rows, itemgetter(1))
    }
    streams = list(dict.fromkeys(enrolments_of(person) for persons in members.values() for person in persons))
    said = dict[str, list[Row]]()
    if streams:
        for stream, of_one in groupby(_PUPILS.read(conn, streams, upto), itemgetter(1)):
            said[stream] = list(of_one)
    return {
        household: [row for person in persons for row in said.get(enrolments_of(person), ())]
        for household, persons in members.items()
    }


def _households_of(cur: Cursor[Any], streams: Iterable[str]) -> list[str]:
    persons = [person for person in map(_PUPIL, dict.fromkeys(streams)) if person is not None]
    return [row[0] for row in cur.execute(HOUSEHOLDS_OF, (persons,), prepare=True)] if persons else []
