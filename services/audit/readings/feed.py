"""The tables of readings, one for each log."""

from collections.abc import Iterable, Sequence

from contracts.facts import Recorded
from services.audit.readings.domain import KINDS_OF_FACTS, readings
from services.audit.readings.store import COLUMNS, table_of
from services.casework.purposes import ACCESS
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

TYPES = frozenset(kind.type_name for kind in KINDS_OF_FACTS)


def readings_view(log: str, *, own: bool = False) -> View[str]:
    """Keeps ``readings_<log>``; ``own``: it is the service's own log, where exports of audit's lists stand."""
    table = Table(table_of(log), "stream", ("stream", *COLUMNS))
    return view_of_streams(table.name, (table,), TYPES, ACCESS, str, _rows, log=None if own else log)


def _rows(stream: str, facts: Sequence[Recorded]) -> tuple[Iterable[Row]]:
    found = (reading for recorded in facts for reading in readings(recorded))
    return ([(stream, *(getattr(reading, name) for name in COLUMNS)) for reading in found],)
