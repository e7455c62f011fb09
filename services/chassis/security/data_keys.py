"""Where data keys come from: the vault, in this process or another."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.chassis.security.sealing import DataKey


class DataKeys(Protocol):
    """The data keys of persons, households, cases. Threadsafe; every call but ``cached_keys`` may block."""

    def keys_for(self, subjects: Iterable[UUID], create: bool = True) -> Mapping[UUID, DataKey]:
        """The newest key of each subject, created where there never was one; a shredded subject is left out."""

    def keys_for_dry_run(self, subjects: Iterable[UUID]) -> Mapping[UUID, DataKey]:
        """``keys_for``, but a key that would be created is one that nobody keeps."""

    def cached_keys(self, subjects: Iterable[UUID]) -> Mapping[UUID, DataKey] | None:
        """``keys_for`` if every subject's keys are at hand, else ``None``."""

    def keys_by_number(self, wanted: Iterable[tuple[UUID, int]]) -> Mapping[tuple[UUID, int], DataKey]:
        """The keys that sealed values name; destroyed ones are left out."""

    def list_under(self, key: UUID, subjects: Iterable[UUID]) -> None:
        """Note that what is sealed under ``key`` is about these subjects, so that whoever is asked about one of them
        finds it."""

    def destroyed_since(self, instant: datetime) -> Sequence[UUID]:
        """The subjects whose keys were destroyed then or later."""

    def close(self) -> None: ...
