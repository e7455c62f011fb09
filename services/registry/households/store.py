"""Households in the log: command handlers under the append lock, appending with claims, and the bitemporal view."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

import msgspec

from contracts.facts import DecidedFrom, Fact, HouseholdFact, LogPosition, Recorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded, HouseholdSplit
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.chassis.log.command_record import Reply
from services.chassis.log.entries import topic_of
from services.chassis.log.needs import Part
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.views.view import Row, Table, View, view_of_streams
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.households import claims
from services.registry.households.bitemporal import IGNORED_TYPES, affects_periods, project
from services.registry.households.claims import Digests
from services.registry.households.domain import (
    current_state,
    current_state_without_surveys,
    record,
    split,
    stream_of,
    with_appended,
)
from services.registry.households.state import SURVEY_TYPES, Household

UNKNOWN_VILLAGE = rule(
    "unknown_village",
    zh="没有这个村（社区）的区划代码，请核对后重填。",
    en="There is no village under this division code.",
    source="GB/T 2260; issue: bad input",
)
SURVEY_TOPICS = frozenset(topic_of(kind) for kind in SURVEY_TYPES)
Decide = Callable[[tuple[Recorded, ...], Tx], Sequence[Fact]]
"""A decision about one household: its facts and the unit of work in, new facts out."""


def location_of(household_id: UUID) -> str:
    """The ``Location`` of a household."""
    return f"/registry/households/{household_id}"


def household_in_area(known: Sequence[Recorded], actor: Actor) -> Household:
    """The household's current state. Raises ``NOT_FOUND`` when it does not exist or lies outside the actor's area."""
    return _in_area(current_state(known), actor)


def require_in_area(known: Sequence[Recorded], actor: Actor) -> None:
    """The check of ``household_in_area`` alone, which needs no survey facts. Raises ``NOT_FOUND``."""
    _in_area(current_state_without_surveys(known), actor)


def _in_area(state: Household, actor: Actor) -> Household:
    if state.status is None or not actor.covers(state.division):
        raise Refused(NOT_FOUND)
    return state


def require_village(tx: Tx, code: str) -> None:
    if len(code) != 12 or not tx.load(division_stream(code)):
        raise Refused(UNKNOWN_VILLAGE, division=code)


def command_handler(household_id: UUID, actor: Actor, decide: Decide) -> Callable[[Tx], Reply]:
    """Handles a command about an existing household in the actor's area."""

    def work(tx: Tx) -> Reply:
        known = tx.load(stream_of(household_id))
        require_in_area(known, actor)
        save(tx, household_id, decide(known, tx))
        return Reply(location=location_of(household_id))

    return work


def part_without_surveys(household_id: UUID) -> Part:
    """The part of a household's stream that the legality of a survey depends on; surveys annul nothing."""
    return stream_of(household_id), SURVEY_TOPICS


def survey_handler(fact: HouseholdFact, actor: Actor) -> Callable[[Tx], Reply]:
    """Handles a survey. It changes no claim."""

    def work(tx: Tx) -> Reply:
        known = tx.part(part_without_surveys(fact.household_id))
        require_in_area(known, actor)
        tx.append(stream_of(fact.household_id), *_with_basis(tx, record(known, [fact], tx.today)))
        return Reply(location=location_of(fact.household_id))

    return work


def record_handler(
    fact: HouseholdRecorded,
    actor: Actor,
    ids: Mapping[UUID, Digests],
    household_no: Digests,
    others: Sequence[HouseholdFact] = (),
) -> Callable[[Tx], Reply]:
    """Handles the first record of a household: its facts, its first surveys (``others``) and its claims."""

    def work(tx: Tx) -> Reply:
        if not actor.covers(fact.division):
            raise Refused(NOT_FOUND)
        require_village(tx, fact.division)
        claims.claim_resident_ids(tx, ids)
        claims.claim_household_no(tx, household_no, fact.household_id)
        save(tx, fact.household_id, record(tx.load(stream_of(fact.household_id)), [fact, *others], tx.today))
        return Reply(location=location_of(fact.household_id))

    return work


def split_handler(
    splitting: HouseholdSplit, head: UUID, national_no: str | None, actor: Actor, household_no: Digests
) -> Callable[[Tx], Reply]:
    """Handles a split: both households in one transaction, the new one's facts caused by the old one's."""

    def work(tx: Tx) -> Reply:
        known = tx.load(stream_of(splitting.household_id))
        require_in_area(known, actor)
        left, formed = split(known, splitting, head, national_no, tx.today)
        # A split dated before a move would put the new household in a village outside this actor's area.
        require_in_area(with_appended((), formed, stream_of(splitting.new_household_id)), actor)
        claims.claim_household_no(tx, household_no, splitting.new_household_id)
        (cause,) = save(tx, splitting.household_id, left)
        save(tx, splitting.new_household_id, [msgspec.structs.replace(f, caused_by=cause) for f in formed])
        return Reply(location=location_of(splitting.new_household_id))

    return work


def save(tx: Tx, household_id: UUID, facts: Sequence[Fact]) -> tuple[str, ...]:
    """Append decided facts with their ``decided_from``, and update membership claims. Returns the ids of the facts."""
    stream = stream_of(household_id)
    before = current_state_without_surveys(tx.load(stream))
    ids = tx.append(stream, *_with_basis(tx, facts))
    claims.update_memberships(tx, household_id, before, current_state_without_surveys(tx.load(stream)))
    return ids


def _with_basis(tx: Tx, facts: Sequence[Fact]) -> list[Fact]:
    """The facts with ``decided_from``: the log position that was read."""
    basis = DecidedFrom(logs=(LogPosition(log=tx.log, position=tx.head),))
    return [f if f.decided_from else msgspec.structs.replace(f, decided_from=basis) for f in facts]


PERIODS = Table(
    "household_periods",
    "household_id",
    (
        "household_id",
        "national_no",
        "division",
        "status",
        "attribute",
        "persons",
        "valid_from",
        "valid_to",
        "known_from",
        "known_to",
    ),
)


def view() -> View[UUID]:
    """Keeps the table ``household_periods``."""
    return view_of_streams(
        "household_periods",
        (PERIODS,),
        HOUSEHOLD_TYPES,
        "household-",
        UUID,
        _rows,
        relevant_types=PERIOD_TYPES,
        is_relevant=affects_periods,
    )


def _rows(household_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    state, periods = project(facts)
    return (
        [
            (household_id, state.national_no, r.value.division, r.value.status, r.value.attribute, r.value.persons,
             r.valid_from, r.valid_to, r.known_from, r.known_to)
            for r in periods
        ],
    )  # fmt: skip


HOUSEHOLD_TYPES = frozenset(
    kind.type_name for kind in HouseholdFact.__subclasses__() if kind.__module__ == HouseholdFormed.__module__
)
PERIOD_TYPES = HOUSEHOLD_TYPES - {kind.type_name for kind in IGNORED_TYPES}
