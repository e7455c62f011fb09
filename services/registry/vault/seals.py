"""The registry's hand on the vault: keys for sealing before a unit of work begins, so that no lock waits for them."""

from collections.abc import Iterable, Mapping
from typing import TypeVar
from uuid import UUID

import anyio
import msgspec

from services.chassis.sealing import DataKey, KeyedDigest, seal, subjects_of
from services.registry.vault.keys import Vault

S = TypeVar("S", bound=msgspec.Struct)


class Seals:
    """Data keys and keyed digests of this installation."""

    def __init__(self, vault: Vault, digest: KeyedDigest) -> None:
        self.vault, self.digest = vault, digest

    async def keys(self, subjects: Iterable[UUID]) -> Mapping[UUID, DataKey]:
        """Keys to seal under, made where missing. A shredded subject has none."""
        wanted = set(subjects)
        if (at_hand := self.vault.keys_at_hand(wanted)) is not None:
            return at_hand
        return await anyio.to_thread.run_sync(self.vault.keys_for, wanted)

    async def seal(self, fact: S) -> S:
        """The fact with its plain personal values sealed."""
        return seal(fact, await self.keys(subjects_of(fact)))
