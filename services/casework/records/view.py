"""The view by which records of an area are found and counted: what is neither needed to find nor to count one is read from
the log."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from contracts.casework.records import SubjectKind, WorkFact, WorkRecorded
from contracts.facts import Recorded
from services.casework.records.state import Period, periods
from services.casework.records.streams import PREFIX, stream_key
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

RECORDS = Table(
    "records",
    "stream",
    (
        "stream", "subject", "since", "until", "day", "version", "persons", "unnamed", "about", "awaiting", "kind",
        "place", "attendants",
    ),
)  # fmt: skip
FOLLOWED = replace(RECORDS, name="followed_records")
TYPES = frozenset(kind.type_name for kind in WorkFact.__subclasses__())
LETTERS = {SubjectKind.HOUSEHOLD: "h", SubjectKind.PERSON: "p", SubjectKind.DIVISION: "d", SubjectKind.PARTY: "y"}
"""``about`` in the tables."""


def view() -> View[UUID]:
    """Keeps the table ``records``."""
    return view_of_streams("records", (RECORDS,), TYPES, PREFIX, stream_key, _rows)


def followed_view(log: str) -> View[UUID]:
    """Keeps the table ``followed_records`` of what is told in another log."""
    return view_of_streams("followed_records", (FOLLOWED,), TYPES, PREFIX, stream_key, _rows, log=log)


def _rows(stream: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row]]:
    return ([_row(stream, period) for period in periods(facts)],)


def _row(stream: UUID, period: Period) -> Row:
    fact = period.told.fact
    assert isinstance(fact, WorkRecorded)
    came = fact.attendance
    named = [*came.persons, *came.households] if came is not None else []
    return (
        stream, fact.subject, period.since, period.until, fact.effective_on, period.told.version,
        len(came.persons) if came is not None and named else None,
        came.unnamed or None if came is not None else None,
        LETTERS[fact.about], period.awaiting or None, fact.kind, fact.place, named or None,
    )  # fmt: skip
