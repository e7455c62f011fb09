"""What is due, from the facts as known at any moment: the source that payments ask."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import LiteralString
from uuid import UUID

from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.entitlements.domain import stream_of, unit_of
from services.assistance.entitlements.due import Asked, DueLine
from services.assistance.entitlements.layers import EditionsFor, KnownProgramme
from services.assistance.entitlements.reckoning import Reckoner
from services.assistance.entitlements.state import Grant, UnitEntitlements, fold
from services.assistance.programmes.document import KIND, Programme, programme_from
from services.casework.calendars.periods import Calendars
from services.casework.documents.domain import KnownDocuments, Register
from services.casework.documents.reading import Documents
from services.chassis.law.dated import NotInForce
from services.chassis.log.entries import decode_row
from services.chassis.log.store import Store
from services.chassis.views.subject_reader import Row, SubjectReader
from services.chassis.web.areas import code_range

CHUNK = 500
BEFORE_ALL = UUID(int=0)
JUST_AFTER = timedelta(microseconds=1)
UNITS: LiteralString = (
    "(SELECT DISTINCT unit_id FROM entitlement_places WHERE programme = %(programme)s AND division >= %(low)s"
    " AND division < %(high)s AND unit_id > %(last)s ORDER BY unit_id LIMIT %(limit)s)"
    " UNION SELECT * FROM unnest(%(behind)s::uuid[]) AS behind (unit_id) WHERE unit_id > %(last)s"
    " ORDER BY unit_id LIMIT %(limit)s"
)
BEHIND: LiteralString = (
    "SELECT DISTINCT originator_id FROM log WHERE originator_id > 'entitlements-' AND originator_id < 'entitlements.'"
    " AND notification_id > (SELECT coalesce(max(position), 0) FROM cursors WHERE consumer = %(own)s AND log = %(own)s)"
)
"""Streams of which something was recorded that the view of places does not have yet."""


@dataclass(frozen=True)
class EntitlementDue:
    """Implements ``DueSource``."""

    store: Store
    documents: Documents

    def lines(self, asked: Asked, after: UUID | None = None) -> Iterator[DueLine]:
        low, high = code_range(asked.division)
        last = after or BEFORE_ALL
        with self.store.reading() as conn:
            streams = conn.execute(BEHIND, {"own": self.store.name}).fetchall()
        behind = [unit_of(stream) for (stream,) in streams]
        while True:
            with self.store.reading() as conn:
                of = {
                    "programme": asked.programme,
                    "low": low,
                    "high": high,
                    "last": last,
                    "behind": behind,
                    "limit": CHUNK,
                }
                rows = conn.execute(UNITS, of).fetchall()
            units = [row[0] for row in rows]
            for lines in self.of_units(units, asked.as_of, asked.known_at):
                yield from (line for line in lines if asked.includes(line))
            if len(units) < CHUNK:
                return
            last = units[-1]

    def of_unit(
        self, unit: UUID, *, as_of: date, known_at: datetime | None = None, programme: str | None = None
    ) -> Iterator[DueLine]:
        (lines,) = self.of_units([unit], as_of, known_at)
        return (line for line in lines if programme in (None, line.programme))

    def of_units(self, units: Sequence[UUID], as_of: date, known_at: datetime | None) -> Iterator[list[DueLine]]:
        """Of each unit, in their order."""
        for of_cases in self.by_case(units, as_of, known_at):
            found = sorted((each for lines in of_cases.values() for each in lines.items()), key=itemgetter(0))
            yield [line for _, line in found]

    def by_case(
        self, units: Sequence[UUID], as_of: date, known_at: datetime | None
    ) -> Iterator[Mapping[UUID, Mapping["Place", DueLine]]]:
        """Of each unit, in their order, by the application's case. What a former grant makes due for a period, a later one does
        not make due again (source facts §5 rule 24)."""
        reader = SubjectReader("log", "originator_id", "originator_version", known_at=known_at)
        with self.store.reading() as conn, conn.pipeline():
            asked = reader.asked(conn, [stream_of(unit) for unit in units])
            register, lookup = self.documents.own_and_known_at(known_at, conn)
            facts = self._by_stream(asked.fetchall())
        calendars = Calendars(lookup)
        editions, edition_of = editions_known(register, known_at), edition_of_grant(register.as_known())
        for unit in units:
            own = fold(timeline(facts.get(stream_of(unit), ())))
            due = set[Place]()
            of_cases: dict[UUID, dict[Place, DueLine]] = {}
            for grant in sorted(own.grants.values(), key=lambda grant: (grant.granted.effective_on, grant.granted_at)):
                lines = _lines(own, grant, as_of, edition_of, editions, calendars)
                of_case = of_cases[grant.granted.case_id] = dict[Place, DueLine]()
                for line in lines:
                    if (place := _place(line)) not in due:
                        due.add(place)
                        of_case[place] = line
            yield of_cases

    def _by_stream(self, rows: Iterable[Row]) -> dict[str, list[Recorded]]:
        found: dict[str, list[Recorded]] = {}
        for row in rows:
            found.setdefault(row[1], []).append(decode_row(self.store.name, row))
        return found


Place = tuple[str, str, date, date, str]
"""Of a unit's line among the others: its key without the unit, in the order in which lines come."""


def _place(line: DueLine) -> Place:
    return line.programme, line.component, line.period.start, line.period.end, line.occasion


EditionOf = Callable[[Grant], Programme | None]


def _lines(
    own: UnitEntitlements, grant: Grant, as_of: date, edition_of: EditionOf, editions: EditionsFor, calendars: Calendars
) -> Iterable[DueLine]:
    programme = edition_of(grant)
    applied = own.applications.get(grant.granted.case_id)
    if programme is None or applied is None:
        return ()
    return Reckoner(grant, applied, programme, editions, calendars).lines(as_of)


def edition_of_grant(known: KnownDocuments) -> EditionOf:
    """The edition that a grant was decided by, which it names; whatever became of that since."""

    def edition_of(grant: Grant) -> Programme | None:
        basis = grant.granted.decided_from
        for document in basis.documents if basis is not None else ():
            state = known.states.get(document)
            if state is not None and (state.edition.fact.kind, state.edition.fact.key) == (
                KIND,
                grant.granted.programme,
            ):
                return state.edition.typed(programme_from)
        return None

    return edition_of


def editions_known(register: Register, known_at: datetime | None) -> EditionsFor:
    """Of this service's programmes, as known at an instant."""
    moments = register.moments(KIND)
    end = len(moments) if known_at is None else bisect_left(moments, known_at)

    def editions(programme: str, day: date, place: str, since: datetime) -> Sequence[KnownProgramme]:
        first = since if known_at is None else min(since, known_at)
        found: list[KnownProgramme] = []
        for instant in (first, *(moment + JUST_AFTER for moment in moments[bisect_left(moments, first) : end])):
            try:
                edition = register.as_known(instant).in_force(KIND, programme, day, place)
            except NotInForce:
                continue
            if not found or found[-1].document != edition.id:
                found.append(KnownProgramme(edition.typed(programme_from), edition.id, instant))
        return found

    return editions
