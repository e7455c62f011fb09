"""Seals facts with data keys, fetched before a unit of work begins, so that no lock waits for them."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import TypeVar
from uuid import UUID

import anyio
import msgspec

from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealing import DataKey, KeyedDigest, seal, subjects_of

S = TypeVar("S", bound=msgspec.Struct)


class Sealer:
    """Sealing with data keys, and the installation's keyed digests. Its coroutines belong to one event
    loop."""

    def __init__(self, data_keys: DataKeys, digest: KeyedDigest) -> None:
        self.data_keys, self.digest = data_keys, digest
        self._pending: set[UUID] = set()
        self._fetching: asyncio.Task[None] | None = None

    async def keys(self, subjects: Iterable[UUID], *, dry_run: bool) -> Mapping[UUID, DataKey]:
        """The keys to seal under, created where missing; for a dry run, one to throw away in the place of a missing one. A
        shredded subject has none."""
        wanted = set(subjects)
        if dry_run:
            return await anyio.to_thread.run_sync(self.data_keys.keys_for_dry_run, wanted)
        if (cached := self.data_keys.cached_keys(wanted)) is not None:
            return cached
        await self._fetch(wanted)
        if (fetched := self.data_keys.cached_keys(wanted)) is not None:
            return fetched
        # Evicted or shredded meanwhile.
        return await anyio.to_thread.run_sync(self.data_keys.keys_for, wanted)

    async def list_under(self, key: UUID, subjects: Iterable[UUID]) -> None:
        """Note that what is sealed under ``key`` is about these subjects."""
        await anyio.to_thread.run_sync(self.data_keys.list_under, key, tuple(subjects))

    async def _fetch(self, subjects: set[UUID]) -> None:
        """Load keys into the cache. Requests that arrive during a fetch are batched into the next one: one thread and
        one query for all of them."""
        self._pending |= subjects
        while self._pending & subjects:
            if self._fetching is None:
                self._fetching = asyncio.create_task(self._fetch_batch())
            await asyncio.shield(self._fetching)

    async def _fetch_batch(self) -> None:
        subjects, self._pending = self._pending, set()
        try:
            await anyio.to_thread.run_sync(self.data_keys.keys_for, subjects)
        finally:
            self._fetching = None

    async def seal(self, fact: S, *, dry_run: bool) -> S:
        """The fact with its plain personal values sealed."""
        return seal(fact, await self.keys(subjects_of(fact), dry_run=dry_run))
