"""Uniqueness claims, taken and released as the commands do it: through the services' own functions."""

import hashlib
from collections.abc import Iterable, Sequence
from uuid import UUID

from lika.simulation.event_buffer import NO_HOLDER, ClaimChange, EventBatch
from services.chassis.log.needs import UNKEYED, Claim, unkeyed
from services.chassis.log.unit import Tx
from services.chassis.security.sealing import KeyedDigest
from services.monitoring.works import DONE_WORK_CLAIM
from services.registry.households import claims
from services.registry.households.claims import HOUSEHOLD_NO, RESIDENT_ID, Digests


class ClaimConflict(Exception):
    """A claim of the simulation has another holder: somebody else has written to the log."""


DigestedChanges = Sequence[tuple[ClaimChange, Digests]]
"""A batch's changes of claims, each with the digests of its key."""


def digest_changes(batch: EventBatch, keys: KeyedDigest) -> DigestedChanges:
    return [(change, _digests(change, keys)) for change in batch.claims]


def claims_to_fetch(batches: Iterable[DigestedChanges]) -> tuple[Claim, ...]:
    """The claims that a chunk will read, so that they are fetched before its unit begins."""
    return tuple(
        claim
        for batch in batches
        for change, digests in batch
        for claim in (
            claims.claims_on_number(digests)
            if change.kind == RESIDENT_ID
            else tuple((change.kind, *digest) for digest in digests)
        )
    )


def apply_changes(tx: Tx, changes: DigestedChanges) -> None:
    """Take and release the claims of one batch. Raises ``Refused`` and ``ClaimConflict``."""
    for change, digests in changes:
        if change.kind == RESIDENT_ID:
            claims.claim_resident_ids(tx, {change.holder: digests}, everywhere)
        elif change.kind == HOUSEHOLD_NO:
            claims.claim_household_no(tx, digests, change.holder, everywhere)
        else:
            _apply_other(tx, change, digests)


def everywhere(_: str) -> bool:
    return True


def _digests(change: ClaimChange, keys: KeyedDigest) -> Digests:
    if isinstance(change.key, tuple):
        return change.key
    if isinstance(change.key, UUID):
        return (unkeyed(change.key),)
    if change.kind in claims.KEYED_KINDS:
        return keys.digests(change.kind, change.key)
    return ((UNKEYED, hashlib.sha256(change.key.encode()).digest()),)


def _apply_other(tx: Tx, change: ClaimChange, digests: Digests) -> None:
    """An open case is its household's only one; a list's item and done work belong to the last target that claims them."""
    if change.holder == NO_HOLDER:
        tx.release(change.kind, digests)
        return
    holders = set(tx.holders(change.kind, digests).values())
    if change.kind != DONE_WORK_CLAIM and holders - {change.holder}:
        raise ClaimConflict(change.kind)
    tx.claim(change.kind, digests, change.holder)
