"""The table ``enrolment_periods``: where each pupil is enrolled, for every day as known at any instant."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from contracts.facts import Recorded
from services.chassis.log.unit import Tx
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.registry.divisions.store import streams_since_the_views
from services.registry.households.bitemporal import UNTIL_CHANGED
from services.registry.schooling.domain import ENROLMENT_TYPES, PREFIX, Schooling, periods_of

SAID = (
    "enrolment_id", "school_code", "stage", "since", "boarding", "grade", "class_no", "dropped_out", "school_year", "term",
    "missed_days", "ended_on", "ended_because",
)  # fmt: skip
"""What ``Schooling`` says, in its order."""
ENROLMENTS = Table(
    "enrolment_periods", "person_id", ("person_id", *SAID, "valid_from", "valid_to", "known_from", "known_to")
)
HOLDS = (
    "{row}.valid_from <= %(as_of)s AND {row}.valid_to > %(as_of)s"
    " AND {row}.known_from < %(known_at)s AND {row}.known_to >= %(known_at)s"
)
"""The row that answers (as_of, known_at); ``known_at`` is exclusive."""
OF_PERSONS = f"SELECT person_id, {', '.join(SAID)} FROM enrolment_periods e WHERE person_id = ANY(%(persons)s) AND {HOLDS.format(row='e')}"
EVER_AT = "SELECT DISTINCT person_id FROM enrolment_periods WHERE school_code = ANY(%s) AND known_to = %s"


def view() -> View[UUID]:
    """Keeps the table ``enrolment_periods``."""
    return view_of_streams("enrolments", (ENROLMENTS,), ENROLMENT_TYPES, PREFIX, UUID, _rows)


def _rows(person_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    return (
        [
            (person_id, *(getattr(p.value, name) for name in SAID), p.valid_from, p.valid_to, p.known_from, p.known_to)
            for p in periods_of(facts)
        ],
    )


def schooling_of(
    conn: Connection[Any], persons: Iterable[UUID], as_of: date, known_at: datetime
) -> Mapping[UUID, Schooling]:
    """Person → what education says of them on a day, as known then. Blocking."""
    asked = {"persons": list(persons), "as_of": as_of, "known_at": known_at}
    return {person: Schooling(*said) for person, *said in conn.execute(OF_PERSONS.encode(), asked).fetchall()}


def ever_enrolled_at(tx: Tx, codes: Sequence[str]) -> list[UUID]:
    """Who is said to be or have been enrolled at one of these schools, and whoever had something said since the view came so
    far. Raises ``Refused`` where it is too far behind."""
    found = {person for (person,) in tx.cur.execute(EVER_AT.encode(), (list(codes), UNTIL_CHANGED)).fetchall()}
    found.update(UUID(stream.removeprefix(PREFIX)) for stream in streams_since_the_views(tx, PREFIX))
    return sorted(found)
