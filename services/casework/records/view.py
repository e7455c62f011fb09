"""The view by which records of an area are found and counted: what is neither needed to find nor to count one is read from
the log."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from contracts.casework.records import SubjectKind, WorkFact, WorkRecorded
from contracts.facts import Recorded
from services.casework.records.state import Period, periods
from services.casework.records.streams import PREFIX, stream_key
from services.chassis.views.view import Row, Table, View, view_of_streams

RECORDS = Table(
    "records",
    "stream",
    ("stream", "subject", "since", "until", "day", "version", "unnamed", "about", "awaiting", "kind", "place"),
)
ATTENDANTS = Table("record_attendants", "stream", ("stream", "attendant", "version", "about"))
TYPES = frozenset(kind.type_name for kind in WorkFact.__subclasses__())
LETTERS = {SubjectKind.HOUSEHOLD: "h", SubjectKind.PERSON: "p", SubjectKind.DIVISION: "d"}
"""``about`` in the tables."""


def view() -> View[UUID]:
    """Keeps ``records`` and ``record_attendants``."""
    return view_of_streams("records", (RECORDS, ATTENDANTS), TYPES, PREFIX, stream_key, _rows)


def _rows(stream: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row], Iterable[Row]]:
    tellings = [(r.version, r.fact) for r in facts if isinstance(r.fact, WorkRecorded)]
    return [_row(stream, period) for period in periods(facts)], [
        (stream, attendant, version, letter)
        for version, fact in tellings
        if fact.attendance is not None
        for letter, ids in (("p", fact.attendance.persons), ("h", fact.attendance.households))
        for attendant in ids
    ]


def _row(stream: UUID, period: Period) -> Row:
    fact = period.told.fact
    assert isinstance(fact, WorkRecorded)
    return (
        stream, fact.subject, period.since, period.until, fact.effective_on, period.told.version,
        (fact.attendance and fact.attendance.unnamed) or None, LETTERS[fact.about], period.awaiting or None,
        fact.kind, fact.place,
    )  # fmt: skip
