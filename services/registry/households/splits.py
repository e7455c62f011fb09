"""Splits in the log: two households changed in one unit of work."""

from collections.abc import Callable, Sequence
from uuid import UUID

import msgspec

from contracts.facts import Recorded
from contracts.registry.households import HouseholdFormed, HouseholdSplit
from contracts.selection import child_of, parent_of, surviving
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.households import claims
from services.registry.households.annulments import with_annulled
from services.registry.households.claims import Digests
from services.registry.households.domain import split, stream_of
from services.registry.households.lineage import parents_of
from services.registry.households.store import location_of, naming_facts_in_area, relatives_in, require_in_area, save


def split_handler(
    splitting: HouseholdSplit, formed: HouseholdFormed, actor: Actor, household_no: Digests, *, corrects: bool
) -> Callable[[Tx], Reply]:
    """Handles a split: both households in one transaction, the new one's facts caused by the old one's. ``corrects``: the
    new one is on record already; its split is corrected in place, or made anew where it was annulled."""

    def work(tx: Tx) -> Reply:
        known = tx.load(stream_of(splitting.household_id))
        require_in_area(known, actor, relatives_in(tx))
        formed_before = tx.load(stream_of(formed.household_id))
        if corrects:
            _require_formed_from(formed_before, splitting.household_id)
        with naming_facts_in_area(tx, actor):
            left, begun = split(
                known,
                msgspec.structs.replace(splitting, annuls=_standing(known, formed.household_id, child_of)),
                msgspec.structs.replace(formed, annuls=_standing(formed_before, splitting.household_id, parent_of)),
                tx.today,
                relatives_in(tx),
            )
        claims.claim_household_no(tx, household_no, formed.household_id, actor.covers)
        cause = f"{tx.log}/{stream_of(splitting.household_id)}/{tx.version(stream_of(splitting.household_id)) + 1}"
        save(tx, {
            splitting.household_id: left,
            formed.household_id: [msgspec.structs.replace(f, caused_by=cause) for f in begun],
        }, actor.covers)  # fmt: skip
        # A split dated before a move would put the new household in a village outside this actor's area.
        require_in_area(tx.load(stream_of(formed.household_id)), actor, relatives_in(tx))
        return Reply(location=location_of(formed.household_id))

    return work


def _require_formed_from(formed: Sequence[Recorded], parent: UUID) -> None:
    """Raises ``NOT_FOUND`` for a household that no split of this one ever formed."""
    if parent not in parents_of(formed):
        raise Refused(NOT_FOUND)


def _standing(facts: Sequence[Recorded], relative: UUID, named: Callable[[Recorded], UUID | None]) -> tuple[str, ...]:
    """Ids of the standing facts that name the relative, and of those that they replaced."""
    of_splits = [r for r in facts if named(r) == relative]
    return tuple(r.id for r in with_annulled((r for r in surviving(facts) if named(r) == relative), of_splits))
