"""Decisions about a household: pure functions of its whole timeline, annulled facts included, to new facts."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec

from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.households import (
    CancelReason,
    FactsAnnulled,
    HeadSucceeded,
    HouseholdCancelled,
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdFormed,
    HouseholdMoved,
    HouseholdRemoved,
    HouseholdReturned,
    HouseholdSplit,
    Member,
    MemberDied,
    MemberLeft,
    Relation,
)
from contracts.selection import surviving, timeline
from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.stream_view import StreamView, fold_stream
from services.registry.households.rules import (
    DECIDED_BY_PROCEDURE,
    STATUS_TRANSITIONS,
    end_of_day_violation,
    require_first_of_period,
    require_legal,
    require_not_future,
)
from services.registry.households.state import Household, evolve, evolve_without_surveys, fold

UNKNOWN_FACT = rule(
    "unknown_fact",
    zh="要作废的记录不存在，或已被作废。",
    en="A fact to be annulled does not exist or is void already.",
    source="Lika design: two times",
)
STATUS_FACT_NEEDS_CASE = rule(
    "status_fact_needs_case",
    zh="贫困状态只能通过程序变更，不能直接作废；请发起回头看或更正程序。",
    en="A poverty status changes only by a procedure and cannot be annulled directly; open a case.",
    source="source facts §5 rules 2, 3, 5",
)
STATUS_CHANGED_LATER = rule(
    "status_changed_later",
    zh="该日之后贫困状态已有变更，不能追溯分户。",
    en="The poverty status changed after that day; the household cannot be split before it.",
    source="Lika design: two times",
)

SUCCESSOR_NOT_NEEDED = rule(
    "successor_not_needed",
    zh="只有户主离开或去世且户内尚有他人时，才指定新户主。",
    en="A successor is named only when the head leaves or dies and somebody stays.",
    source="domain reference: forms",
)

PLACEHOLDER_INSTANT = datetime(9000, 1, 1, tzinfo=UTC)
"""``recorded_at`` of facts that are not recorded yet."""


def with_appended(known: Sequence[Recorded], new: Sequence[Fact], stream: str) -> StreamView:
    """The facts as the log will hold them once the new ones are appended."""
    before = known if isinstance(known, StreamView) else StreamView(known)
    last, version = before[-1].position if before else 0, before.version
    added = [
        Recorded(
            "registry", last + n, stream, version + n, PLACEHOLDER_INSTANT, UUID(int=0), fact.entered_by, fact, b""
        )
        for n, fact in enumerate(new, start=1)
    ]
    return before.extended_with(added)


def record(known: Sequence[Recorded], facts: Sequence[HouseholdFact], today: date) -> list[Fact]:
    """Accept facts as they are if every day stays legal: first records, surveys, joins, moves, status changes."""
    for fact in facts:
        require_not_future(fact.effective_on, today)
        require_first_of_period(fact.effective_on, fact.precision)
    stream = stream_of(facts[0].household_id)
    after = with_appended(known, facts, stream)
    new = [r.id for r in after.added]
    if after.in_order and end_of_day_violation(before := current_state_without_surveys(known)) is None:
        # Every day before was made legal when its facts were accepted. Where the last one is not, the whole walk is
        # needed: it names the fact at fault, whichever facts the caller has left out.
        require_legal(after.added, new, before)
    else:
        require_legal(timeline(after), new)
    return list(facts)


def end_membership(
    known: Sequence[Recorded], ended: MemberLeft | MemberDied, successor: UUID | None, today: date
) -> list[Fact]:
    """A member leaves or dies. A leaving head names a successor; the last death ends the household."""
    day = ended.effective_on
    before = fold(timeline(known, as_of=day))
    facts: list[HouseholdFact] = [ended]
    if isinstance(ended, MemberDied) and set(before.members) == {ended.person_id} and before.status is not None:
        facts.append(_companion_fact(ended, HouseholdCancelled, reason=CancelReason.LAST_MEMBER_DIED))
    elif successor is not None and before.head is not None and before.head.person_id == ended.person_id:
        facts.append(_companion_fact(ended, HeadSucceeded, person_id=successor))
    decided = record(known, facts, today)
    # Checked last: that the person is no member, or the household not on record, says more.
    if successor is not None and not isinstance(facts[-1], HeadSucceeded):
        raise Refused(SUCCESSOR_NOT_NEEDED)
    return decided


def split(
    known: Sequence[Recorded], splitting: HouseholdSplit, head: UUID, national_no: str | None, today: date
) -> tuple[list[Fact], list[Fact]]:
    """Members leave to form a household of their own. Returns the facts of the old stream and those of the new one."""
    day = splitting.effective_on
    if any(type(r.fact) in STATUS_TRANSITIONS and r.fact.effective_on > day for r in surviving(known)):
        raise Refused(STATUS_CHANGED_LATER)
    before = fold(timeline(known, as_of=day))
    left = record(known, [splitting], today)
    assert before.status is not None  # record() refused an unrecorded household
    formed = HouseholdFormed(
        household_id=splitting.new_household_id,
        effective_on=day,
        precision=splitting.precision,
        entered_by=splitting.entered_by,
        evidence=splitting.evidence,
        split_from=splitting.household_id,
        national_no=national_no,
        division=before.division,
        attribute=before.attribute,
        status=before.status,
        members=tuple(_with_relation_to(before.members[p], head) for p in splitting.person_ids),
    )
    return left, record((), [formed], today)


def move(known: Sequence[Recorded], moved: HouseholdMoved, today: date) -> list[Fact]:
    """The household moves to another village, together with everybody in it."""
    return record(known, [moved], today)


def annul(known: Sequence[Recorded], correction: FactsAnnulled, today: date) -> list[Fact]:
    """Annul facts by id. Nothing is rewritten; annulling an annulment restores."""
    valid = {r.id: r.fact for r in surviving(known)}
    for fact_id in correction.annuls:
        if fact_id not in valid:
            raise Refused(UNKNOWN_FACT, fact=fact_id)
        if type(valid[fact_id]) in DECIDED_BY_PROCEDURE:
            raise Refused(STATUS_FACT_NEEDS_CASE, fact=fact_id)
    return record(known, [correction], today)


def change_status(known: Sequence[Recorded], fact: HouseholdFact, today: date) -> list[Fact]:
    """Record a status that a procedure decided. A removal effective from the wrongful entry annuls, by id, the exits
    and returns after it; any other status fact must be legal on its day."""
    if isinstance(fact, HouseholdRemoved):
        annulled = tuple(
            r.id
            for r in _after_wrongful_entry(surviving(known), fact)
            if isinstance(r.fact, HouseholdExited | HouseholdReturned)
        )
        fact = msgspec.structs.replace(fact, annuls=(*fact.annuls, *annulled))
    return record(known, [fact], today)


def _after_wrongful_entry(facts: Sequence[Recorded], removal: HouseholdRemoved) -> Sequence[Recorded]:
    """The facts after the entry that was wrong. Where only the year is known, entry and exit share one day."""
    entries = (HouseholdEnrolled, HouseholdReturned, HouseholdFormed)
    for place, r in enumerate(facts):
        same_day = r.fact.effective_on == removal.effective_on
        if r.fact.effective_on > removal.effective_on or (same_day and isinstance(r.fact, entries)):
            return facts[place:] if not same_day else facts[place + 1 :]
    return ()


def current_state(known: Sequence[Recorded]) -> Household:
    """The household after every fact known now."""
    return fold_stream(known, Household(), evolve)


def current_state_without_surveys(known: Sequence[Recorded]) -> Household:
    """``current_state`` with the survey facts left out: enough for legality, area and claims."""
    return fold_stream(known, Household(), evolve_without_surveys)


def stream_of(household_id: UUID) -> str:
    return f"household-{household_id}"


def _with_relation_to(member: Member, head: UUID) -> Member:
    if member.person_id == head:
        relation = Relation.HEAD
    else:
        relation = Relation.OTHER if member.relation is Relation.HEAD else member.relation
    return msgspec.structs.replace(member, relation=relation)


def _companion_fact(fact: HouseholdFact, kind: type[HouseholdFact], **fields: Any) -> HouseholdFact:
    """A second fact of the same household, day, author and evidence."""
    return kind(
        household_id=fact.household_id,
        effective_on=fact.effective_on,
        precision=fact.precision,
        entered_by=fact.entered_by,
        evidence=fact.evidence,
        **fields,
    )
