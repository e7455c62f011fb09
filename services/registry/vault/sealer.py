"""The registry's hand on the vault: keys for sealing before a unit of work begins, so that no lock waits for them."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import TypeVar
from uuid import UUID

import anyio
import msgspec

from services.chassis.security.sealing import DataKey, KeyedDigest, seal, subjects_of
from services.registry.vault.keys import Vault

S = TypeVar("S", bound=msgspec.Struct)


class Seals:
    """Data keys and keyed digests of this installation. Its coroutines belong to one event loop."""

    def __init__(self, vault: Vault, digest: KeyedDigest) -> None:
        self.vault, self.digest = vault, digest
        self._wanted: set[UUID] = set()
        self._fetching: asyncio.Task[None] | None = None

    async def keys(self, subjects: Iterable[UUID]) -> Mapping[UUID, DataKey]:
        """Keys to seal under, made where missing. A shredded subject has none."""
        wanted = set(subjects)
        if (at_hand := self.vault.keys_at_hand(wanted)) is not None:
            return at_hand
        await self._fetch(wanted)
        if (fetched := self.vault.keys_at_hand(wanted)) is not None:
            return fetched
        # Pushed out or shredded in this very moment.
        return await anyio.to_thread.run_sync(self.vault.keys_for, wanted)

    async def _fetch(self, subjects: set[UUID]) -> None:
        """Bring keys into memory. Whoever asks while others are being fetched goes with the next round: one thread and
        one query for all of them."""
        self._wanted |= subjects
        while self._wanted & subjects:
            if self._fetching is None:
                self._fetching = asyncio.create_task(self._round())
            await asyncio.shield(self._fetching)

    async def _round(self) -> None:
        subjects, self._wanted = self._wanted, set()
        try:
            await anyio.to_thread.run_sync(self.vault.keys_for, subjects)
        finally:
            self._fetching = None

    async def seal(self, fact: S) -> S:
        """The fact with its plain personal values sealed."""
        return seal(fact, await self.keys(subjects_of(fact)))
