"""Who is dead, or reported so while nobody has found otherwise, as payments need it: the table ``reported_deaths``."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Cursor

from contracts.facts import Fact, Recorded
from contracts.registry.corrections import (
    DeathReported,
    ReportCarriedOut,
    ReportDeclined,
    ReportEnding,
    ReportWithdrawn,
)
from contracts.registry.households import FactsAnnulled
from contracts.registry.members import MemberDied
from contracts.selection import timeline
from services.casework.people.view import REGISTRY
from services.chassis.following.copies import copies_about
from services.chassis.log.snapshot import Connection
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_households

DIED: tuple[type[Fact], ...] = (DeathReported, MemberDied)
UNDONE: tuple[type[Fact], ...] = (ReportDeclined, ReportWithdrawn, FactsAnnulled)
"""By which a death may come to nothing."""
DEATHS = Table("reported_deaths", "household_id", ("household_id", "person_id"))
OF_LIST: LiteralString = (
    "SELECT l.number, d.person_id FROM payment_lines l JOIN reported_deaths d ON d.person_id = l.unit WHERE l.list_id = %(list)s"
    " UNION SELECT l.number, d.person_id FROM payment_lines l JOIN reported_deaths d ON d.person_id = l.payee"
    " WHERE l.list_id = %(list)s AND l.payee IS NOT NULL ORDER BY 1"
)
"""Two joins by equality: a list of half a million lines is compared with all deaths of a province at once."""
STANDING: LiteralString = "SELECT person_id FROM reported_deaths WHERE person_id = ANY(%s)"


def view() -> View[UUID]:
    kinds: tuple[type[Fact], ...] = (*DIED, *UNDONE, ReportCarriedOut)
    types = frozenset(kind.type_name for kind in kinds)
    return view_of_households("reported_deaths", (DEATHS,), types, REGISTRY, _rows)


def dead(facts: Iterable[Recorded]) -> set[UUID]:
    """``facts``: those of a household that count."""
    found, reports = set[UUID](), dict[UUID, UUID]()
    for recorded in facts:
        match recorded.fact:
            case MemberDied(person_id=person):
                found.add(person)
            case DeathReported(report_id=report, person_id=person):
                reports[report] = person
            case ReportEnding(report_id=report):
                reports.pop(report, None)
    return found | set(reports.values())


def death_of(person: UUID, facts: Iterable[Recorded]) -> date | None:
    """Since when the person is dead, or reported so. ``facts``: those that count."""
    found = dict[UUID | None, date]()
    for recorded in facts:
        match recorded.fact:
            case MemberDied() as fact if fact.person_id == person:
                found[None] = fact.effective_on
            case DeathReported() as fact if fact.person_id == person:
                found[fact.report_id] = fact.effective_on
            case ReportEnding(report_id=report):
                found.pop(report, None)
    return min(found.values(), default=None)


def restored(cur: Cursor[Any], cause: Recorded, household: UUID) -> set[UUID]:
    """Who is dead by this fact and was not before it."""
    known = [r for r in copies_about(cur, [household], log=REGISTRY)[household] if r.position <= cause.position]
    before = [r for r in known if r.position < cause.position]
    return dead(timeline(known, of=household)) - dead(timeline(before, of=household))


def lines_of_dead(conn: Connection, list_id: UUID) -> list[tuple[int, UUID]]:
    """Lines of a list whose beneficiary, or who takes their money, is dead or reported so; and who that is."""
    return conn.execute(OF_LIST, {"list": list_id}).fetchall()


def still_dead(conn: Connection, persons: Sequence[UUID]) -> set[UUID]:
    return {row[0] for row in conn.execute(STANDING, (list(persons),))}


def _rows(household: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    return ([(household, person) for person in sorted(dead(timeline(facts, of=household)))],)
