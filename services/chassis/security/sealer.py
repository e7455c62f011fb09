"""Seals facts with data keys, fetched before a unit of work begins, so that no lock waits for them."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from typing import TypeVar
from uuid import UUID

import anyio
import msgspec

from services.chassis.security.data_keys import DataKeys, DataKeyUnusable
from services.chassis.security.sealing import DataKey, KeyedDigest, seal, subjects_of

S = TypeVar("S", bound=msgspec.Struct)


class Sealer:
    """Sealing with data keys, and the installation's keyed digests. ``sealed_among``: of some subjects those of whom something is
    known to be sealed already; blocking. Its coroutines belong to one event loop."""

    def __init__(
        self,
        data_keys: DataKeys,
        digest: KeyedDigest,
        sealed_among: Callable[[Collection[UUID]], Collection[UUID]] = lambda _: (),
    ) -> None:
        self.data_keys, self.digest, self._sealed_among = data_keys, digest, sealed_among
        self._pending: set[UUID] = set()
        self._fetching: asyncio.Task[None] | None = None

    async def keys(self, subjects: Iterable[UUID], *, dry_run: bool) -> Mapping[UUID, DataKey]:
        """The keys to seal under, made for subjects of whom nothing was sealed yet; for a dry run, ones to throw away. A
        shredded subject has none. Raises ``DataKeyUnusable`` and ``Unavailable``."""
        wanted = set(subjects)
        if dry_run:
            return await anyio.to_thread.run_sync(self._keys_for_dry_run, wanted)
        if (cached := self.data_keys.cached_keys(wanted)) is not None:
            return cached
        await self._fetch(wanted)
        if (fetched := self.data_keys.cached_keys(wanted)) is not None:
            return fetched
        # Evicted or shredded meanwhile, or one of those fetched together cannot be used.
        return await anyio.to_thread.run_sync(self.keys_now, wanted)

    def keys_now(self, subjects: Collection[UUID]) -> Mapping[UUID, DataKey]:
        """``keys`` for who may block."""
        if (cached := self.data_keys.cached_keys(subjects)) is not None:
            return cached
        return self.data_keys.keys_for(subjects, self._sealed_among(subjects))

    def _keys_for_dry_run(self, subjects: Collection[UUID]) -> Mapping[UUID, DataKey]:
        return self.data_keys.keys_for_dry_run(subjects, self._sealed_among(subjects))

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
            # Each of those who wait finds out by itself whether it is their key that cannot be used.
            with suppress(DataKeyUnusable):
                await anyio.to_thread.run_sync(self.keys_now, subjects)
        finally:
            self._fetching = None

    async def seal(self, fact: S, *, dry_run: bool) -> S:
        """The fact with its plain personal values sealed."""
        return seal(fact, await self.keys(subjects_of(fact), dry_run=dry_run))
