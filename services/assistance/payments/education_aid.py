"""What education aid makes due, as a ``DueSource``: of each school term in which the pupil is entitled, its share of the year's
amount. From the view where nothing was recorded of a pupil since what is asked for was known, else from the pupil's facts."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from contracts.assistance.programmes import PayeeKind
from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.entitlements.domain import stream_of
from services.assistance.entitlements.due import REGULAR, Asked, DueLine
from services.assistance.entitlements.state import Grant, fold
from services.assistance.payments import rules
from services.casework.calendars.periods import Period
from services.casework.calendars.school_terms import terms
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.log.entries import decode_row
from services.chassis.log.snapshot import Connection
from services.chassis.log.store import Store
from services.chassis.views.subject_reader import SubjectReader

EDUCATION_AID, LIVING = "education_aid", "living"
NOBODY = UUID(int=0)
BATCH = 2000
COLUMNS = (
    "unit_id, household_id, division, (SELECT sum((a ->> 'yuan')::numeric) FROM jsonb_array_elements(amounts) a),"
    " granted_from, granted_until, case_id"
)
GRANTS = (
    f"SELECT {COLUMNS} FROM entitlements WHERE programme = 'education_aid' AND unit_id > %(after)s AND starts_with(division, %(division)s)"
    " ORDER BY unit_id, granted_from LIMIT %(limit)s"
)
CHANGED = (
    "SELECT DISTINCT originator_id FROM log WHERE notification_id > %s AND originator_id > 'entitlements-'"
    " AND originator_id < 'entitlements.'"
)
SEEN = (
    "SELECT least((SELECT coalesce(max(position), 0) FROM cursors WHERE consumer = %(own)s AND log = %(own)s),"
    " coalesce((SELECT max(notification_id) FROM log WHERE recorded_at < %(known_at)s), 0))"
)
"""Up to which position the view and what was known agree."""
Row = tuple[UUID, UUID, str, Decimal, date, date | None, str]


class EducationAidDues:
    """Implements ``DueSource``. Blocking."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def lines(self, asked: Asked, after: UUID | None = None) -> Iterator[DueLine]:
        if asked.programme != EDUCATION_AID or (asked.components is not None and LIVING not in asked.components):
            return
        parts = _Terms(self._documents.known_at(asked.known_at), asked.first, min(asked.last, asked.as_of))
        with self._store.reading() as conn:
            for row in self._grants(conn, asked.division, asked.known_at, after or NOBODY):
                yield from parts.lines(row, asked.as_of)

    def of_unit(
        self, unit: UUID, *, as_of: date, known_at: datetime | None = None, programme: str | None = None
    ) -> Iterator[DueLine]:
        if programme not in (None, EDUCATION_AID):
            return
        with self._store.reading() as conn:
            rows = _folded(conn, self._store.name, [stream_of(unit)], known_at)
        if not rows:
            return
        first = min(row[4] for row in rows).replace(month=1, day=1)
        parts = _Terms(self._documents.known_at(known_at), first, as_of)
        for row in rows:
            yield from parts.lines(row, as_of)

    def _grants(self, conn: Connection, division: str, known_at: datetime | None, after: UUID) -> Iterator[Row]:
        """By person. Whom something was recorded of that the view does not have, or that was not known yet, is read apart."""
        own = self._store.name
        apart: Sequence[UUID] = ()
        if known_at is not None:
            row = conn.execute(SEEN, {"own": own, "known_at": known_at}).fetchone()
            streams = conn.execute(CHANGED, (row[0] if row else 0,)).fetchall()
            apart = sorted(UUID(stream.removeprefix("entitlements-")) for (stream,) in streams)
        behind, left = set(apart), [unit for unit in apart if unit > after]
        while True:
            found = conn.execute(GRANTS, {"after": after, "division": division, "limit": BATCH}).fetchall()
            # The last person of a full page may go on in the next.
            end = found[-1][0] if len(found) == BATCH else None
            rows: list[Row] = [_row(r) for r in found if r[0] != end and r[0] not in behind]
            until = max((r[0] for r in found if r[0] != end), default=after)
            now = [unit for unit in left if end is None or unit <= until]
            left = left[len(now) :]
            for at in range(0, len(now), BATCH):
                read = _folded(conn, own, list(map(stream_of, now[at : at + BATCH])), known_at)
                rows += [row for row in read if row[2].startswith(division)]
            yield from sorted(rows, key=lambda row: (row[0], row[4]))
            if end is None:
                return
            after = until


def _row(found: Sequence[Any]) -> Row:
    person, household, division, amount, since, until, case_id = found
    return person, household, division, amount, since, until, str(case_id)


def _folded(conn: Connection, log: str, streams: Sequence[str], known_at: datetime | None) -> list[Row]:
    reader = SubjectReader("log", "originator_id", "originator_version", None)
    found: list[Row] = []
    for _, of_stream in groupby(reader.read(conn, streams), key=lambda row: row[1]):
        facts: list[Recorded] = [decode_row(log, row) for row in of_stream]
        found += [_of_grant(grant) for grant in fold(timeline(facts, known_at=known_at)).of(EDUCATION_AID)]
    return found


def _of_grant(grant: Grant) -> Row:
    granted = grant.granted
    return (
        granted.unit_id, grant.household_id, grant.division, sum((a.yuan for a in granted.amounts), Decimal(0)),
        granted.effective_on, grant.until, str(granted.case_id),
    )  # fmt: skip


class _Terms:
    """The terms that begin between two days, in each place."""

    def __init__(self, lookup: Lookup, first: date, last: date) -> None:
        self._lookup, self._first, self._last = lookup, first, last
        self._in = cache(self._terms_in)

    def lines(self, row: Row, as_of: date) -> Iterator[DueLine]:
        """A term is due from its first day on, in full: nothing is prorated."""
        person, household, division, amount, since, until, case_id = row
        for term, share in self._in(division[:6]):
            first = max(since, term.start)
            if term.start <= as_of and first <= term.end and (until is None or first < until):
                yield DueLine(
                    unit=person, programme=EDUCATION_AID, component=LIVING, period=term, occasion=REGULAR,
                    amount=amount / share, payee=PayeeKind.PERSON, household_id=household, division=division,
                    county=division[:6], cause=f"assistance/case-{case_id}/1",
                )  # fmt: skip

    def _terms_in(self, county: str) -> tuple[tuple[Period, int], ...]:
        """With how many the calendar year has, by which the year's amount is shared."""
        found: list[tuple[Period, int]] = []
        for year in range(self._first.year, self._last.year + 1):
            try:
                of_year = terms(year, county, self._lookup)
            except (NotInForce, UnknownName) as missing:
                raise Refused(rules.TERMS_MISSING, year=year, division=county) from missing
            found += [(Period(a, b), len(of_year)) for a, b in of_year if self._first <= a <= self._last]
        return tuple(found)
