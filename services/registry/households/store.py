"""Households in the log: command handlers under the append lock, appending with claims."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import msgspec

from contracts.facts import DecidedFrom, Fact, HouseholdFact, LogPosition, Recorded
from contracts.registry.households import FactsAnnulled, HouseholdRecorded
from contracts.registry.identities import PersonCorrected, PersonDocumentRecorded
from contracts.registry.members import MemberJoined
from contracts.selection import timeline
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.entries import topic_of
from services.chassis.log.needs import Part
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.households import claims
from services.registry.households.acts import annul_acts
from services.registry.households.domain import record, stream_of, with_appended
from services.registry.households.legality import LaterFactInTheWay
from services.registry.households.lineage import Relatives, no_relatives
from services.registry.households.memberships import (
    MemberElsewhere,
    affects_memberships,
    memberships_of,
    require_no_overlap,
)
from services.registry.households.next_steps import ways_past_membership
from services.registry.households.numbers import holders_changed, replaces_document, standing_numbers
from services.registry.households.rehydration import current_state, current_state_without_surveys
from services.registry.households.state import SURVEY_TYPES, Household
from services.registry.households.transfers import follow_divisions, places_households
from services.registry.households.visibility import require_acts_in_area, require_moves_accepted

NUMBER_CHECK = "number_check"
"""Kind of the timer of a household that may count somebody whose number awaits its review."""
A_MOMENT = timedelta(seconds=1)
"""Before now, so that the timer is due at once on a clock that stands still, too."""
SURVEY_TOPICS = frozenset(topic_of(kind) for kind in SURVEY_TYPES)
Decide = Callable[[tuple[Recorded, ...], Tx], Sequence[Fact]]
"""A decision about one household: its facts and the unit of work in, new facts out."""


def location_of(household_id: UUID) -> str:
    """The ``Location`` of a household."""
    return f"/registry/households/{household_id}"


def relatives_in(tx: Tx) -> Relatives:
    """Reads other households in the unit's transaction."""
    return lambda household: tx.load(stream_of(household))


def household_in_area(known: Sequence[Recorded], actor: Actor, relatives: Relatives = no_relatives) -> Household:
    """The household's current state. Raises ``NOT_FOUND`` when it does not exist or lies outside the actor's area."""
    return _in_area(current_state(known, relatives), actor)


def require_in_area(known: Sequence[Recorded], actor: Actor, relatives: Relatives = no_relatives) -> None:
    """The check of ``household_in_area`` alone, which needs no survey facts. Raises ``NOT_FOUND``."""
    _in_area(current_state_without_surveys(known, relatives), actor)


def _in_area(state: Household, actor: Actor) -> Household:
    if state.status is None or not actor.covers(state.division):
        raise Refused(NOT_FOUND)
    return state


@contextmanager
def naming_facts_in_area(tx: Tx, actor: Actor) -> Iterator[None]:
    """A refusal for the sake of a related household's later fact names that fact where the household is in the actor's
    area."""
    try:
        yield
    except LaterFactInTheWay as refused:
        state = current_state_without_surveys(tx.load(refused.recorded.stream), relatives_in(tx))
        raise refused.named() if state.status is not None and actor.covers(state.division) else refused from None


def command_handler(household_id: UUID, actor: Actor, decide: Decide) -> Callable[[Tx], Reply]:
    """Handles a command about an existing household in the actor's area."""

    def work(tx: Tx) -> Reply:
        known = tx.load(stream_of(household_id))
        require_in_area(known, actor, relatives_in(tx))
        with naming_facts_in_area(tx, actor):
            decided = decide(known, tx)
        save(tx, {household_id: decided}, actor.covers)
        return Reply(location=location_of(household_id))

    return work


def part_without_surveys(household_id: UUID) -> Part:
    """The part of a household's stream that the legality of a survey depends on; surveys annul nothing."""
    return stream_of(household_id), SURVEY_TOPICS


def needs_of_surveys(facts: Sequence[HouseholdFact]) -> tuple[tuple[str, ...], tuple[Part, ...]]:
    """What surveys of one household are judged by: a school stage is compared with who the pupil is, and the stage before."""
    household, staged = facts[0].household_id, any(getattr(fact, "school_stage", None) is not None for fact in facts)
    return ((stream_of(household),), ()) if staged else ((), (part_without_surveys(household),))


def survey_handler(facts: Sequence[HouseholdFact], actor: Actor) -> Callable[[Tx], Reply]:
    """Handles what was surveyed of one household at once. It changes no claim."""
    household = facts[0].household_id

    def work(tx: Tx) -> Reply:
        known = tx.part(part_without_surveys(household))
        require_in_area(known, actor, relatives_in(tx))
        decided = record(known, facts, tx.today, relatives_in(tx))
        tx.append(stream_of(household), *_with_basis(tx, decided))
        return Reply(location=location_of(household))

    return work


def correction_handler(correction: FactsAnnulled, actor: Actor) -> Callable[[Tx], Reply]:
    """Handles the annulment, or restoration, of acts in every household they touched."""

    def work(tx: Tx) -> Reply:
        known = tx.load(stream_of(correction.household_id))
        require_acts_in_area(known, correction.acts, actor, relatives_in(tx))
        with naming_facts_in_area(tx, actor):
            decided = annul_acts(correction, known, tx.today, relatives_in(tx))
        for household, facts in decided.items():
            before = tx.load(stream_of(household))
            if household != correction.household_id:
                require_acts_in_area(before, correction.acts, actor, relatives_in(tx))
            require_moves_accepted(before, with_appended(before, facts, stream_of(household)), actor)
        save(tx, decided, actor.covers)
        return Reply(location=location_of(correction.household_id))

    return work


def save(
    tx: Tx, decided: Mapping[UUID, Sequence[Fact]], covers: claims.Covers = claims.nowhere
) -> dict[UUID, tuple[str, ...]]:
    """Append the decided facts of one act, by household, with their ``decided_from``; memberships and numbers follow what
    stands afterwards. Returns the ids of the facts. ``covers``: where somebody else who holds a number, or another household of a
    member, is named."""
    before = {household: tx.load(stream_of(household)) for household in decided}
    ids = {h: tx.append(stream_of(h), *_with_basis(tx, facts)) for h, facts in decided.items()}
    if any(fact.annuls or replaces_document(fact) for facts in decided.values() for fact in facts):
        _follow_numbers(tx, before, covers)
    if moved := [h for h, facts in decided.items() if places_households(facts)]:
        follow_divisions(tx, moved, relatives_in(tx))
    _follow_memberships(tx, {h: before[h] for h, facts in decided.items() if affects_memberships(facts)}, covers)
    _check_numbers_of_counted(tx, decided, ids)
    return ids


def _check_numbers_of_counted(
    tx: Tx, decided: Mapping[UUID, Sequence[Fact]], ids: Mapping[UUID, Sequence[str]]
) -> None:
    """Whoever gets a number in a household of the stock is counted at once: behind the answer, which is the same for every
    number, it is looked at whether the number awaits its review."""
    for household, facts in decided.items():
        stream = stream_of(household)
        if any(map(_may_give_number, facts)) and (
            current_state_without_surveys(tx.load(stream), relatives_in(tx)).in_stock
        ):
            tx.set_timer(NUMBER_CHECK, stream, tx.instant - A_MOMENT, ids[household][-1])


def _may_give_number(fact: Fact) -> bool:
    match fact:
        case HouseholdRecorded(members=members):
            return any(member.id_number is not None for member in members)
        case MemberJoined(member=member):
            return member.id_number is not None
        case PersonDocumentRecorded() | PersonCorrected():
            return fact.id_number is not None
    return bool(fact.annuls)


def _follow_numbers(tx: Tx, before: Mapping[UUID, Sequence[Recorded]], covers: claims.Covers) -> None:
    """Numbers of acts that no longer stand, or were replaced, are free; those of restored acts are held again."""
    after = {household: tx.load(stream_of(household)) for household in before}
    holders = set[UUID]().union(*(holders_changed(before[h], after[h]) for h in before))
    elsewhere = {h for periods in tx.periods_of(holders).values() for h in periods} - after.keys()
    others = tx.load_many(map(stream_of, elsewhere)).values()
    stood = standing_numbers(holders, [*before.values(), *others])
    stand = standing_numbers(holders, [*after.values(), *others])
    claims.settle_numbers(tx, {by: stands for by, stands in stand.items() if stood.get(by) != stands}, covers)


def _follow_memberships(tx: Tx, before: Mapping[UUID, Sequence[Recorded]], covers: claims.Covers) -> None:
    """Raises ``Refused`` where a person would belong to two households on one day, or to one after their death; it says what may
    be done about the other one, where that is in the area."""
    changed: dict[UUID, set[UUID]] = {}
    for household, known in before.items():
        old, new = memberships_of(timeline(known)), memberships_of(timeline(tx.load(stream_of(household))))
        for person in sorted({*old, *new}):
            if old.get(person) != new.get(person):
                tx.set_periods(person, household, new.get(person, ()))
                changed.setdefault(person, set()).add(household)
    of_changed = tx.periods_of(changed)
    for person, households in changed.items():
        periods = of_changed[person]
        for household in sorted(households):
            try:
                require_no_overlap(person, periods[household], {h: p for h, p in periods.items() if h != household})
            except MemberElsewhere as no:
                if claims.household_in_area(tx, no.household, covers) is not None:
                    no.advising(*ways_past_membership(no, tx.load(stream_of(no.household))))
                raise


def _with_basis(tx: Tx, facts: Sequence[Fact]) -> list[Fact]:
    """The facts with ``decided_from``: the log position that was read."""
    basis = DecidedFrom(logs=(LogPosition(log=tx.log, position=tx.head),))
    return [f if f.decided_from else msgspec.structs.replace(f, decided_from=basis) for f in facts]
