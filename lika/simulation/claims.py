"""What only one may hold, claimed as the commands claim it: through the register's own functions."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import cast
from uuid import UUID

from contracts.facts import HouseholdFact
from lika.simulation.event_buffer import FREE, Act, Claimed
from services.chassis.log.needs import Claim
from services.chassis.log.unit import Tx
from services.chassis.security.sealing import KeyedDigest
from services.monitoring.targets.store import DONE_WORK_CLAIM
from services.registry.households import claims
from services.registry.households.claims import DEATH, HOUSEHOLD_NO, MEMBERSHIP, RESIDENT_ID, Digests
from services.registry.households.state import Household, Members

LIVES = frozenset({MEMBERSHIP, DEATH})


class TakenByAnother(Exception):
    """Somebody else holds what a simulated act claims: the log is not the simulation's alone."""


Digested = Sequence[tuple[Claimed, Digests]]
"""An act's claims, each with its digests."""


def digested(act: Act, keys: KeyedDigest) -> Digested:
    return [(claimed, _digests(claimed, keys)) for claimed in act.claims]


def asked_for(claimed: Iterable[Digested]) -> tuple[Claim, ...]:
    """Everything a chunk will ask for, so that it is fetched before its unit begins. A membership asks after a death."""
    return tuple(
        (kind, *digest)
        for act in claimed
        for one, digests in act
        for kind in (LIVES if one.kind in LIVES else (one.kind,))
        for digest in digests
    )


def take(tx: Tx, act: Act, claimed: Digested) -> None:
    """Take and give up what one act does. Raises ``Refused`` and ``TakenByAnother``."""
    lives: list[Claimed] = []
    for one, digests in claimed:
        if one.kind in LIVES:
            lives.append(one)
        elif one.kind == RESIDENT_ID:
            claims.claim_resident_ids(tx, {one.holder: digests})
        elif one.kind == HOUSEHOLD_NO:
            claims.claim_household_no(tx, digests, one.holder)
        else:
            _other(tx, one, digests)
    if lives:
        fact = act.facts[0]
        assert isinstance(fact, HouseholdFact)
        claims.update_memberships(tx, fact.household_id, _people(lives, gone=True), _people(lives, gone=False))


def _digests(claimed: Claimed, keys: KeyedDigest) -> Digests:
    if isinstance(claimed.key, UUID):
        return (claims.unkeyed(claimed.key),)
    if claimed.kind in claims.KEYED_KINDS:
        return keys.digests(claimed.kind, claimed.key)
    return ((claims.UNKEYED, hashlib.sha256(claimed.key.encode()).digest()),)


def _people(lives: Sequence[Claimed], *, gone: bool) -> Household:
    """The members and dead that an act takes away, or those that it brings: all that memberships follow."""
    chosen = [c for c in lives if (c.holder == FREE) is gone]
    members = dict.fromkeys(c.key for c in chosen if c.kind == MEMBERSHIP)
    deceased = frozenset(cast(UUID, c.key) for c in chosen if c.kind == DEATH)
    return Household(members=cast(Members, members), deceased=deceased)


def _other(tx: Tx, claimed: Claimed, digests: Digests) -> None:
    """An open case is its household's only one; a list's item and done work belong to the target that comes last."""
    if claimed.holder == FREE:
        tx.release(claimed.kind, digests)
        return
    held = set(tx.holders(claimed.kind, digests).values())
    if claimed.kind != DONE_WORK_CLAIM and held - {claimed.holder}:
        raise TakenByAnother(claimed.kind)
    tx.claim(claimed.kind, digests, claimed.holder)
