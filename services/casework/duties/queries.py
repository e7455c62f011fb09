"""What was owed on a day, as known then: to a subject, by somebody, in an area."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.casework.calendars.periods import Period
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.duties.domain import LONGEST, DutyState, Owed, owed
from services.casework.duties.duty_sets import DutySets
from services.casework.duties.store import Duties
from services.casework.exports.lists import NumbersOf
from services.chassis.log.snapshot import Connection
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFilter:
    """``since``: what counted as missed before that day is left out; ``known_at``: an instant, which is excluded; ``reader``:
    whose question it is."""

    division: str
    subject: UUID | None
    obliged: str | None
    state: DutyState | None
    since: date
    as_of: date
    known_at: datetime | None
    reader: Actor


@dataclass(frozen=True, slots=True)
class SubjectDuties:
    """What is owed to one subject, which is in that division today. ``household_id``: the subject, or where that person lives today."""

    subject: UUID
    household_id: UUID | None
    national_no: str | None
    division: str
    duties: Sequence[Owed]


HomesOf = Callable[[Connection, Collection[UUID]], Mapping[UUID, UUID]]
"""In which household each of these lives today, where they are persons."""


def no_homes(_: Connection, __: Collection[UUID]) -> Mapping[UUID, UUID]:
    """Of a service in which no person is owed anything."""
    return {}


class DutyQueries:
    """Blocking. ``areas``: SQL of the relation (subject, division), with a row for every subject that ever was."""

    def __init__(self, store: Store, duties: Duties, areas: str, numbers: NumbersOf, homes: HomesOf = no_homes) -> None:
        self._store, self._duties, self._numbers, self._homes = store, duties, numbers, homes
        parties = " UNION ALL ".join(
            f"SELECT subject, obliged, of_kind, '{name}' AS matter FROM ({m.parties}) p"
            for name, m in duties.matters.items()
        )
        self._subjects_sql = (
            f"SELECT p.subject, a.division, array_agg(DISTINCT p.matter) FROM ({parties}) p JOIN ({areas}) a USING (subject)"
            " WHERE a.division >= %(low)s AND a.division < %(high)s AND p.subject > %(after)s"
            " AND (p.of_kind IS NULL OR p.matter = ANY(%(of_all)s) OR p.matter || '/' || p.of_kind = ANY(%(of_kinds)s)"
            " OR p.obliged = %(me)s AND (p.matter = ANY(%(own_all)s) OR p.matter || '/' || p.of_kind = ANY(%(own_kinds)s)))"
        )

    def of_subjects(self, asked: DutyFilter, after: UUID, limit: int) -> list[SubjectDuties]:
        """By subject: of those to whom anything could be owed, also where nothing is."""
        due = Period(asked.since, asked.as_of + LONGEST)

        def read(tx: Tx) -> list[SubjectDuties]:
            sets = self._duties.duty_sets.in_unit(tx, asked.known_at)
            subjects = self._subjects(tx, sets, asked, after, limit)
            households: dict[UUID, UUID | None] = dict(self._homes(tx.cur.connection, subjects))
            found: dict[UUID, list[Owed]] = {subject: [] for subject in subjects}
            for name, matter in self._duties.matters.items():
                of_matter = [subject for subject, (_, matters) in subjects.items() if name in matters]
                if not of_matter:
                    continue
                for subject, history in matter.histories(tx, of_matter, asked.as_of, asked.known_at).items():
                    households[subject] = households.get(subject) or history.household_id
                    found[subject] += owed(history, sets, name, due, asked.as_of)
            of = [household for household in households.values() if household]
            numbers = self._numbers(tx.cur.connection, of) if of else {}
            return [
                SubjectDuties(
                    subject,
                    household := households.get(subject),
                    numbers.get(household or subject),
                    division,
                    _selected(found[subject], asked),
                )
                for subject, (division, _) in subjects.items()
            ]

        return self._store.on_snapshot(read, versions=(DOCUMENTS,))

    def _subjects(
        self, tx: Tx, sets: DutySets, asked: DutyFilter, after: UUID, limit: int
    ) -> Mapping[UUID, tuple[str, Collection[str]]]:
        """Where each is today, and by which matters anything could be owed to it by these sets, by whoever is asked about: of sets that
        are closed to the reader, by the reader alone."""
        low, high = code_range(asked.division)
        where = ""
        if asked.subject is not None:
            where += " AND p.subject = %(subject)s"
        if asked.obliged is not None:
            where += " AND p.obliged = %(obliged)s"
        params = {
            "low": low, "high": high, "after": after, "limit": limit, "subject": asked.subject, "obliged": asked.obliged,
            "me": asked.reader.subject, **self._named("of", sets, asked.reader), **self._named("own", sets, None),
        }  # fmt: skip
        sql = f"{self._subjects_sql}{where} GROUP BY p.subject, a.division ORDER BY p.subject LIMIT %(limit)s"
        rows = tx.cur.execute(sql.encode(), params, prepare=True).fetchall()
        return {subject: (division, matters) for subject, division, matters in rows}

    def _named(self, whose: str, sets: DutySets, reader: Actor | None) -> Mapping[str, list[str]]:
        """As parameters: the matters by which something may be owed whatever the kind, and others with the kind by which; ``reader``:
        by sets that are not closed to them."""
        named = [
            (name, duty.of)
            for name in self._duties.matters
            for edition, duty in sets.duties(name)
            if reader is None or not edition.terms.is_closed_to(reader.roles)
        ]
        return {
            f"{whose}_all": [name for name, of in named if of is None],
            f"{whose}_kinds": [f"{name}/{of}" for name, of in named if of is not None],
        }


def _selected(duties: Sequence[Owed], asked: DutyFilter) -> list[Owed]:
    """By the last day."""
    found = [
        one
        for one in duties
        if (asked.obliged is None or asked.obliged == one.obligation.obliged)
        and _may_read(asked.reader, one)
        and (asked.state is None or asked.state is one.state(asked.as_of))
    ]
    return sorted(found, key=lambda one: (one.period.end, one.identity))


def _may_read(reader: Actor, one: Owed) -> bool:
    return one.obligation.obliged == reader.subject or not one.edition.terms.is_closed_to(reader.roles)
