"""The table ``record_doers``: who ever made a record of which kind about whom, annulled or not."""

from collections.abc import Sequence
from uuid import UUID

from contracts.casework.records import WorkRecorded
from contracts.facts import Recorded
from services.casework.records.streams import PREFIX, stream_key
from services.casework.records.view import TYPES
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

DOERS = Table("record_doers", "stream", ("stream", "subject", "kind", "done_by"))


def view() -> View[UUID]:
    return view_of_streams("record_doers", (DOERS,), TYPES, PREFIX, stream_key, _rows)


def _rows(stream: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    made = (r.fact for r in facts if isinstance(r.fact, WorkRecorded))
    return (list(dict.fromkeys((stream, fact.subject, fact.kind, fact.done_by) for fact in made)),)
