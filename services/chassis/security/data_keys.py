"""Where data keys come from, as services see it. The vault that keeps them belongs to the registry."""

from collections.abc import Iterable, Mapping
from typing import Protocol
from uuid import UUID

from services.chassis.security.sealing import DataKey


class DataKeys(Protocol):
    """Data keys by their subject. Blocking and threadsafe."""

    def keys_for(self, subjects: Iterable[UUID], create: bool = True) -> Mapping[UUID, DataKey]:
        """The newest key of each subject, made where there never was one; a subject whose keys were destroyed is left
        out."""
        ...

    def keys_by_number(self, wanted: Iterable[tuple[UUID, int]]) -> Mapping[tuple[UUID, int], DataKey]:
        """The keys that sealed values name; destroyed ones are left out."""
        ...

    def close(self) -> None: ...
