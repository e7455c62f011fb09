"""Streams of households for drawn commands: what a command needs of them, and those of a real store."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from contracts.facts import Fact, Recorded
from services.chassis.log.unit import Tx
from services.registry.households.domain import stream_of
from services.registry.households.store import save


class HouseholdRepository(Protocol):
    """Streams of households, as a command loads and appends to them."""

    @property
    def today(self) -> date: ...

    def load(self, household: UUID) -> Sequence[Recorded]: ...

    def save(self, decided: Mapping[UUID, Sequence[Fact]]) -> None:
        """Raises ``Refused``."""


Within = Callable[[Callable[[HouseholdRepository], None]], None]
"""Runs a command over its repository as one unit of work."""


class TransactionRepository:
    """The streams as loaded and appended to in a transaction of a real store."""

    def __init__(self, tx: Tx) -> None:
        self._tx, self.today = tx, tx.today

    def load(self, household: UUID) -> Sequence[Recorded]:
        return self._tx.load(stream_of(household))

    def save(self, decided: Mapping[UUID, Sequence[Fact]]) -> None:
        save(self._tx, decided)
