"""Pairs that follow the register are brought in line with it whenever it changes."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from uuid import UUID

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance.pairing import PairingFactsAnnulled
from contracts.assistance.pairs import PairFormed
from contracts.facts import Recorded
from contracts.selection import parent_of, surviving
from services.assistance.pairs import rules
from services.assistance.pairs.document import KIND, PairKind, pair_kind_from
from services.assistance.pairs.register import DERIVED_FACTS, RegisterContext, derive_facts
from services.assistance.pairs.state import Pair, helped
from services.assistance.pairs.streams import following_stream
from services.assistance.reconciliation import Annulment, reconcile
from services.casework.documents.lookup import Lookup
from services.casework.people.history import formation_of
from services.casework.people.queries import facts_about_households, with_descendants
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.log.unit import Tx


def reconcile_register(tx: Tx, household_id: UUID, registry_facts: Sequence[Recorded], lookup: Lookup) -> None:
    """Bring the household's derived facts in line with the registry's. ``registry_facts``: about it and its ancestors."""
    if not registry_facts:
        return
    stream, alive = following_stream(household_id), surviving(registry_facts)
    formed = formation_of(household_id, alive)
    context = RegisterContext(
        household_id=household_id,
        recorded=tx.load(stream),
        registry_facts=alive,
        of_parent=() if formed is None else _of_parent(tx, formed),
        kind_of=partial(_kind_of, lookup),
        parameters=lookup,
        today=tx.today,
    )
    reconcile(
        tx, stream, DERIVED_FACTS, derive_facts(context), registry_facts, lookup, partial(_annulled, household_id)
    )


def reconcile_descendants(tx: Tx, household_id: UUID, lookup: Lookup) -> list[UUID]:
    """After a person told of its pairs, and with it all that split off from it: whom they keep may be told late. Which they are."""
    found = with_descendants(tx.cur, [household_id])
    about = facts_about_households(tx.cur, found)
    for each in found:
        reconcile_register(tx, each, about[each], lookup)
    return found


def _annulled(household_id: UUID, void: Annulment) -> PairingFactsAnnulled:
    return PairingFactsAnnulled(
        household_id=household_id, effective_on=min(r.fact.effective_on for r in void.void), entered_by=SYSTEM_ACTOR,
        caused_by=void.cause.id, annuls=tuple(r.id for r in void.void),
    )  # fmt: skip


def _kind_of(lookup: Lookup, formed: PairFormed, place: str) -> PairKind:
    return kind_in_force(lookup, formed.kind, formed.effective_on, place)


def _of_parent(tx: Tx, formed: Recorded) -> Sequence[Pair]:
    """The helpers at the end of the day of the split."""
    parent = parent_of(formed)
    return () if parent is None else pairs_as_of(tx.load(following_stream(parent)), formed)


def pairs_as_of(of_parent: Sequence[Recorded], formed: Recorded) -> Sequence[Pair]:
    day = formed.fact.effective_on
    return [pair for pair in helped(of_parent, day).pairs.values() if pair.holds_on(day)]


def kind_in_force(lookup: Lookup, kind: str, day: date, place: str) -> PairKind:
    """Raises ``Refused``."""
    try:
        return lookup.in_force(KIND, kind, day, place).typed(pair_kind_from)
    except UnknownName:
        raise Refused(rules.KIND_UNKNOWN, kind=kind) from None
    except NotInForce:
        raise Refused(rules.KIND_NOT_IN_FORCE, on=day.isoformat()) from None


def kind_told(lookup: Lookup, kind: str, edition: str) -> PairKind:
    """The edition that a pair was formed under, whatever became of it since."""
    return lookup.named(KIND, kind, edition).typed(pair_kind_from)
