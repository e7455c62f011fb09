"""The duty sets of a service, read once per state of its documents."""

from datetime import datetime

from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.duties.duty_sets import DutySets
from services.chassis.log.unit import Tx


class DutySetRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._kept: DutySets | None = None

    def in_unit(self, tx: Tx, known_at: datetime | None = None) -> DutySets:
        """As known to a unit of work; at an instant, which is excluded, where one is given."""
        lookup = self._documents.in_unit(tx, known_at)
        return self._current(lookup) if known_at is None else DutySets(lookup)

    def known_at(self, instant: datetime | None) -> DutySets:
        """As known at an instant, which is excluded; now, where none is given. Blocking."""
        lookup = self._documents.known_at(instant)
        return self._current(lookup) if instant is None else DutySets(lookup)

    def _current(self, lookup: Lookup) -> DutySets:
        kept = self._kept
        if kept is None or not kept.is_current(lookup):
            kept = self._kept = DutySets(lookup)
        return kept
