"""Households in the log: loading under the append lock, saving with claims, and the bitemporal view."""

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
from services.registry.households.bitemporal import OF_NO_CONSEQUENCE, drawn, tells
from services.registry.households.claims import Digests
from services.registry.households.domain import outline, present, record, split, stream_of, with_new
from services.registry.households.state import SURVEYS, Household

UNKNOWN_VILLAGE = rule(
    "unknown_village",
    zh="没有这个村（社区）的区划代码，请核对后重填。",
    en="There is no village under this division code.",
    source="GB/T 2260; issue: bad input",
)
SURVEYED = frozenset(topic_of(kind) for kind in SURVEYS)
Decide = Callable[[tuple[Recorded, ...], Tx], Sequence[Fact]]
"""What a slice decides about one household: its facts and the unit in, new facts out."""


def where(household_id: UUID) -> str:
    return f"/registry/households/{household_id}"


def visible(known: Sequence[Recorded], actor: Actor) -> Household:
    """The household as known now. Raises ``NOT_FOUND`` when it does not exist or lies outside the actor's area."""
    return _covered(present(known), actor)


def require_visible(known: Sequence[Recorded], actor: Actor) -> None:
    """``visible`` for who needs nothing else of the household, and so no survey of it."""
    _covered(outline(known), actor)


def _covered(state: Household, actor: Actor) -> Household:
    if state.status is None or not actor.covers(state.division):
        raise Refused(NOT_FOUND)
    return state


def require_village(tx: Tx, code: str) -> None:
    if len(code) != 12 or not tx.load(division_stream(code)):
        raise Refused(UNKNOWN_VILLAGE, division=code)


def deciding(household_id: UUID, actor: Actor, decide: Decide) -> Callable[[Tx], Reply]:
    """The unit's work of a command about an existing household in the actor's area."""

    def work(tx: Tx) -> Reply:
        known = tx.load(stream_of(household_id))
        require_visible(known, actor)
        save(tx, household_id, decide(known, tx))
        return Reply(location=where(household_id))

    return work


def apart_from_surveys(household_id: UUID) -> Part:
    """All that legality asks of a household when it is surveyed once more. Surveys annul nothing."""
    return stream_of(household_id), SURVEYED


def surveying(fact: HouseholdFact, actor: Actor) -> Callable[[Tx], Reply]:
    """The unit's work of a survey. It changes neither membership nor anything else that is claimed."""

    def work(tx: Tx) -> Reply:
        known = tx.part(apart_from_surveys(fact.household_id))
        require_visible(known, actor)
        tx.append(stream_of(fact.household_id), *_on_record(tx, record(known, [fact], tx.today)))
        return Reply(location=where(fact.household_id))

    return work


def recording(
    fact: HouseholdRecorded,
    actor: Actor,
    ids: Mapping[UUID, Digests],
    household_no: Digests,
    others: Sequence[HouseholdFact] = (),
) -> Callable[[Tx], Reply]:
    """The unit's work of taking a household down: it, its first surveys, and what only it may hold."""

    def work(tx: Tx) -> Reply:
        if not actor.covers(fact.division):
            raise Refused(NOT_FOUND)
        require_village(tx, fact.division)
        claims.claim_ids(tx, ids)
        claims.claim_household_no(tx, household_no, fact.household_id)
        save(tx, fact.household_id, record(tx.load(stream_of(fact.household_id)), [fact, *others], tx.today))
        return Reply(location=where(fact.household_id))

    return work


def splitting(
    order: HouseholdSplit, head: UUID, national_no: str | None, actor: Actor, household_no: Digests
) -> Callable[[Tx], Reply]:
    """The unit's work of a split: both halves in one transaction, the new one caused by the old one's fact."""

    def work(tx: Tx) -> Reply:
        known = tx.load(stream_of(order.household_id))
        require_visible(known, actor)
        left, formed = split(known, order, head, national_no, tx.today)
        # Before a move of the household the new half would stand in a village that is not this actor's.
        require_visible(with_new((), formed, stream_of(order.new_household_id)), actor)
        claims.claim_household_no(tx, household_no, order.new_household_id)
        (cause,) = save(tx, order.household_id, left)
        save(tx, order.new_household_id, [msgspec.structs.replace(f, caused_by=cause) for f in formed])
        return Reply(location=where(order.new_household_id))

    return work


def save(tx: Tx, household_id: UUID, facts: Sequence[Fact]) -> tuple[str, ...]:
    """Append decided facts with what they were decided from, and let memberships follow. Returns their ids."""
    stream = stream_of(household_id)
    before = outline(tx.load(stream))
    ids = tx.append(stream, *_on_record(tx, facts))
    claims.follow(tx, household_id, before, outline(tx.load(stream)))
    return ids


def _on_record(tx: Tx, facts: Sequence[Fact]) -> list[Fact]:
    """With what they were decided from."""
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
        "household_periods", (PERIODS,), TYPES, "household-", UUID, _rows, relevant_types=MATTERS, is_relevant=tells
    )


def _rows(household_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    state, rectangles = drawn(facts)
    return (
        [
            (household_id, state.national_no, r.value.division, r.value.status, r.value.attribute, r.value.persons,
             r.valid_from, r.valid_to, r.known_from, r.known_to)
            for r in rectangles
        ],
    )  # fmt: skip


TYPES = frozenset(
    kind.type_name for kind in HouseholdFact.__subclasses__() if kind.__module__ == HouseholdFormed.__module__
)
MATTERS = TYPES - {kind.type_name for kind in OF_NO_CONSEQUENCE}
