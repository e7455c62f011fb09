"""Uniqueness claims, taken and released as the commands do it: through the services' own functions."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import cast
from uuid import UUID

from contracts.facts import HouseholdFact
from lika.simulation.event_buffer import NO_HOLDER, ClaimChange, EventBatch
from services.chassis.log.needs import Claim
from services.chassis.log.unit import Tx
from services.chassis.security.sealing import KeyedDigest
from services.monitoring.targets.store import DONE_WORK_CLAIM
from services.registry.households import claims
from services.registry.households.claims import DEATH, HOUSEHOLD_NO, MEMBERSHIP, RESIDENT_ID, Digests
from services.registry.households.state import Household, Members

MEMBERSHIP_KINDS = frozenset({MEMBERSHIP, DEATH})


class ClaimConflict(Exception):
    """A claim of the simulation has another holder: somebody else has written to the log."""


DigestedChanges = Sequence[tuple[ClaimChange, Digests]]
"""A batch's changes of claims, each with the digests of its key."""


def digest_changes(batch: EventBatch, keys: KeyedDigest) -> DigestedChanges:
    return [(change, _digests(change, keys)) for change in batch.claims]


def claims_to_fetch(batches: Iterable[DigestedChanges]) -> tuple[Claim, ...]:
    """The claims that a chunk will read, so that they are fetched before its unit begins. Who becomes a member must not
    have died, so a membership reads the claim of the death too."""
    return tuple(
        (kind, *digest)
        for batch in batches
        for change, digests in batch
        for kind in (MEMBERSHIP_KINDS if change.kind in MEMBERSHIP_KINDS else (change.kind,))
        for digest in digests
    )


def apply_changes(tx: Tx, batch: EventBatch, changes: DigestedChanges) -> None:
    """Take and release the claims of one batch. Raises ``Refused`` and ``ClaimConflict``."""
    memberships: list[ClaimChange] = []
    for change, digests in changes:
        if change.kind in MEMBERSHIP_KINDS:
            memberships.append(change)
        elif change.kind == RESIDENT_ID:
            claims.claim_resident_ids(tx, {change.holder: digests})
        elif change.kind == HOUSEHOLD_NO:
            claims.claim_household_no(tx, digests, change.holder)
        else:
            _apply_other(tx, change, digests)
    if memberships:
        fact = batch.facts[0]
        assert isinstance(fact, HouseholdFact)
        before, after = _household(memberships, released=True), _household(memberships, released=False)
        claims.update_memberships(tx, fact.household_id, before, after)


def _digests(change: ClaimChange, keys: KeyedDigest) -> Digests:
    if isinstance(change.key, UUID):
        return (claims.unkeyed(change.key),)
    if change.kind in claims.KEYED_KINDS:
        return keys.digests(change.kind, change.key)
    return ((claims.UNKEYED, hashlib.sha256(change.key.encode()).digest()),)


def _household(changes: Sequence[ClaimChange], *, released: bool) -> Household:
    """A household of the members and dead whose claims are released, or of those whose claims are taken: all that
    ``claims.update_memberships`` compares."""
    chosen = [c for c in changes if (c.holder == NO_HOLDER) is released]
    members = dict.fromkeys(c.key for c in chosen if c.kind == MEMBERSHIP)
    deceased = frozenset(cast(UUID, c.key) for c in chosen if c.kind == DEATH)
    return Household(members=cast(Members, members), deceased=deceased)


def _apply_other(tx: Tx, change: ClaimChange, digests: Digests) -> None:
    """An open case is its household's only one; a list's item and done work belong to the last target that claims them."""
    if change.holder == NO_HOLDER:
        tx.release(change.kind, digests)
        return
    holders = set(tx.holders(change.kind, digests).values())
    if change.kind != DONE_WORK_CLAIM and holders - {change.holder}:
        raise ClaimConflict(change.kind)
    tx.claim(change.kind, digests, change.holder)
