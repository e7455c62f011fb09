"""Decisions about a household: pure functions of its whole timeline, annulled facts included, to new facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.divisions import current_code
from contracts.registry.ends import HouseholdCancelled
from contracts.registry.households import HouseholdFormed, HouseholdMoved, HouseholdSplit
from contracts.registry.members import HeadSucceeded, MemberDied, MemberLeft, RelationToHead
from contracts.registry.poverty_status import HouseholdRemoved
from contracts.registry.reasons import CancelReason
from contracts.selection import Order, child_of, order_of
from services.casework.calendars.day_count import ONE_DAY
from services.casework.dates import FUTURE_DAY, require_not_future
from services.chassis.ground.next_steps import NextStep
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import check_all, checks
from services.chassis.log.stream_view import StreamView
from services.registry.households.head_relations import ALREADY_HEAD, require_relations
from services.registry.households.legality import LEGALITY, LaterFactInTheWay, require_legal
from services.registry.households.lineage import Relatives, household_timeline, no_relatives, started_by_split
from services.registry.households.precision_rules import NOT_FIRST_OF_PERIOD, require_first_of_period
from services.registry.households.rehydration import current_state_without_surveys, state_on
from services.registry.households.removals import annulments_in_descendants, is_void, with_void_facts
from services.registry.households.rules import NOT_IN_THAT_VILLAGE, STATUS_FORBIDS, end_of_day_violation
from services.registry.households.state import fold
from services.registry.households.ways_past import CADRE, saying_what_is_next

SUCCESSOR_NOT_NEEDED = rule(
    "successor_not_needed",
    zh="只有户主离开或去世且户内尚有他人时，才指定新户主。",
    en="A successor is named only when the head leaves or dies and somebody stays.",
    source="domain reference: forms",
)

LAST_DEATH_NEEDS_EVIDENCE = rule(
    "last_death_needs_evidence",
    zh="最后一名成员去世即销户，须附证明（如死亡证明、火化证明或户口注销证明）。",
    en="The death of the last member ends the household: attach evidence, such as a certificate of death or of cremation, or"
    " the entry in the household register.",
    source="户口登记条例 art. 8; Lika access rules: nobody ends a household by word alone",
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


def record(
    known: Sequence[Recorded], facts: Sequence[HouseholdFact], today: date, relatives: Relatives = no_relatives
) -> list[Fact]:
    """Accept facts as they are if every day of the household, and of those that split off from it, stays legal."""
    return record_together({facts[0].household_id: (known, facts)}, today, relatives)[facts[0].household_id]


def record_together(
    changes: Mapping[UUID, tuple[Sequence[Recorded], Sequence[HouseholdFact]]],
    today: date,
    relatives: Relatives = no_relatives,
) -> dict[UUID, list[Fact]]:
    """``record`` of several households at once: each is judged with what the others will be. The first is the one that
    the command is about."""
    check_all((days_not_in_future, days_as_precise_as_known, every_day_legal), Changes(changes, today, relatives))
    return {h: list(facts) for h, (_, facts) in changes.items()}


@dataclass(frozen=True, slots=True)
class Changes:
    """``households``: what is known of each, and what would be added."""

    households: Mapping[UUID, tuple[Sequence[Recorded], Sequence[HouseholdFact]]]
    today: date
    relatives: Relatives


@checks(FUTURE_DAY)
def days_not_in_future(changes: Changes) -> None:
    for _, facts in changes.households.values():
        for fact in facts:
            require_not_future(fact.effective_on, changes.today)


@checks(NOT_FIRST_OF_PERIOD)
def days_as_precise_as_known(changes: Changes) -> None:
    for _, facts in changes.households.values():
        for fact in facts:
            require_first_of_period(fact.effective_on, fact.precision)


@checks(*LEGALITY)
def every_day_legal(changes: Changes) -> None:
    """Of these households, and of those that split off from them."""
    after = {h: with_appended(known, facts, stream_of(h)) for h, (known, facts) in changes.households.items()}

    def with_changes(household: UUID) -> Sequence[Recorded]:
        return after[household] if household in after else changes.relatives(household)

    try:
        for household, (known, _) in changes.households.items():
            with saying_what_is_next(known):
                _require_legal_household(known, after[household], with_changes)
        for household in changes.households:
            _require_legal_descendants(after[household], changed_since(after[household]), with_changes)
    except LaterFactInTheWay as refused:
        first = stream_of(next(iter(changes.households)))
        raise refused.named() if refused.recorded.stream == first else refused from None


def _require_legal_household(known: Sequence[Recorded], after: StreamView, relatives: Relatives) -> None:
    new = [r.id for r in after.added]
    if (
        after.in_order
        and not started_by_split(after)
        and end_of_day_violation(before := current_state_without_surveys(known)) is None
    ):
        # Every day before was made legal when its facts were accepted. Where the last one is not, the whole walk is
        # needed: it names the fact at fault, whichever facts the caller has left out.
        require_legal(after.added, new, before)
    else:
        _require_legal_line(after, new, relatives)


def _require_legal_line(facts: Sequence[Recorded], new: Sequence[str], relatives: Relatives) -> None:
    line = household_timeline(facts, relatives)
    own = [r for r in line if r.stream == facts[0].stream] if facts else []
    # Not by place: an annulment of its own may stand among the ancestors' facts.
    require_legal(own, new, fold(r for r in line if r.stream != facts[0].stream))


def _require_legal_descendants(after: Sequence[Recorded], since: Order, relatives: Relatives) -> None:
    """Whoever split off after the changed fact starts from another state now: each of its days must stay legal."""
    for split in household_timeline(after, relatives):
        child = child_of(split)
        if child is not None and split.stream == after[0].stream and order_of(split) >= since:
            facts = relatives(child)
            _require_legal_line(facts, (), relatives)
            _require_legal_descendants(facts, since, relatives)


def changed_since(after: StreamView) -> Order:
    """Day and rank of the earliest fact that was added, or annulled or restored by what was added."""
    annulled = {fact_id for r in after.added for fact_id in r.fact.annuls}
    touched = [*after.added]
    while annulled:
        hit = [r for r in after if r.id in annulled]
        touched += hit
        annulled = {fact_id for r in hit for fact_id in r.fact.annuls}
    return min(map(order_of, touched))


def with_companions(
    known: Sequence[Recorded], ended: MemberLeft | MemberDied, successor: UUID | None, relatives: Relatives,
    relations: tuple[RelationToHead, ...] = (),
) -> list[HouseholdFact]:  # fmt: skip
    """The fact, and what follows from it: a new head, or the end of the household."""
    before = state_on(known, relatives, as_of=ended.effective_on)
    if isinstance(ended, MemberDied) and set(before.members) == {ended.person_id} and before.status is not None:
        return [ended, _companion_fact(ended, HouseholdCancelled, reason=CancelReason.LAST_MEMBER_DIED)]
    if successor is not None and before.head is not None and before.head.person_id == ended.person_id:
        return [ended, _companion_fact(ended, HeadSucceeded, person_id=successor, relations=relations)]
    return [ended]


def end_membership(
    known: Sequence[Recorded],
    ended: MemberLeft | MemberDied,
    successor: UUID | None,
    today: date,
    relatives: Relatives = no_relatives,
    relations: tuple[RelationToHead, ...] = (),
) -> list[Fact]:
    """A member leaves or dies. A leaving head names a successor, and what others are to them (``relations``); the last death
    ends the household."""
    facts = with_companions(known, ended, successor, relatives, relations)
    decided = record(known, facts, today, relatives)
    # Checked last: that the person is no member, or the household not on record, says more.
    if successor is not None and not isinstance(facts[-1], HeadSucceeded):
        raise Refused(SUCCESSOR_NOT_NEEDED)
    if successor is not None:
        before = state_on(known, relatives, as_of=ended.effective_on)
        require_relations(before.members, successor, relations, without=(ended.person_id,))
    if isinstance(facts[-1], HouseholdCancelled) and not ended.evidence:
        raise Refused(LAST_DEATH_NEEDS_EVIDENCE)
    return decided


def change_head(
    known: Sequence[Recorded], changed: HeadSucceeded, today: date, relatives: Relatives = no_relatives
) -> list[Fact]:
    """Another member becomes head, and everybody stays."""
    before = state_on(known, relatives, as_of=changed.effective_on)
    decided = record(known, [changed], today, relatives)
    if before.head is not None and before.head.person_id == changed.person_id:
        raise Refused(ALREADY_HEAD)
    require_relations(before.members, changed.person_id, changed.relations)
    return decided


def move(
    known: Sequence[Recorded],
    moved: HouseholdMoved,
    today: date,
    relatives: Relatives = no_relatives,
    *,
    earlier_move_missing: bool = False,
) -> list[Fact]:
    """The household moves from the village in which it lives on that day, or to which a move led that is entered later
    (``earlier_move_missing``)."""
    before = state_on(known, relatives, as_of=moved.effective_on)
    # A paper of the day of a merger names the village as it was.
    left = current_code(moved.from_division, before.successors)
    elsewhere = before.status is not None and before.division != left
    if elsewhere and not earlier_move_missing and moved.from_division != moved.to_division:
        ids, form = {"household_id": moved.household_id}, {"earlier_move_missing": True}
        raise Refused(NOT_IN_THAT_VILLAGE).advising(NextStep("move_household", CADRE, ids, form))
    return record(known, [moved], today, relatives)


def split(
    known: Sequence[Recorded],
    splitting: HouseholdSplit,
    formed: HouseholdFormed,
    today: date,
    relatives: Relatives = no_relatives,
) -> tuple[list[Fact], list[Fact]]:
    """Members leave to form a household of their own. Returns the facts of the old stream and those of the new one."""
    decided = record_together(
        {
            splitting.household_id: (known, [splitting]),
            formed.household_id: (relatives(formed.household_id), [formed]),
        },
        today,
        relatives,
    )
    before = state_on(known, relatives, as_of=splitting.effective_on - ONE_DAY).members
    require_relations({p: before[p] for p in formed.person_ids if p in before}, formed.head, formed.relations)
    return decided[splitting.household_id], decided[formed.household_id]


def change_status(
    known: Sequence[Recorded], fact: HouseholdFact, today: date, relatives: Relatives = no_relatives
) -> dict[UUID, list[Fact]]:
    """Record a status that a procedure decided; the facts by household. A removal effective from the wrongful entry annuls,
    by id, what was decided since, in the households that split off since as well; entered after the removal, that is
    refused. Any other status fact must be legal on its day."""
    if not isinstance(fact, HouseholdRemoved):
        decided = record(known, [fact], today, relatives)
        after = with_appended(known, decided, stream_of(fact.household_id))
        # On the day of the removal it would come before it, as if the household had qualified.
        if is_void(after.added[0], after):
            raise Refused(STATUS_FORBIDS)
        return {fact.household_id: decided}
    fact = with_void_facts(fact, known)
    (removal,) = with_appended(known, [fact], stream_of(fact.household_id)).added
    changes: dict[UUID, tuple[Sequence[Recorded], list[HouseholdFact]]] = {fact.household_id: (known, [fact])}
    for annulment in annulments_in_descendants(removal, known, relatives):
        changes[annulment.household_id] = relatives(annulment.household_id), [annulment]
    return record_together(changes, today, relatives)


@lru_cache(maxsize=4096)  # one command asks for the same one a dozen times
def stream_of(household_id: UUID) -> str:
    return f"household-{household_id}"


def _companion_fact(fact: HouseholdFact, kind: type[HouseholdFact], **fields: Any) -> HouseholdFact:
    """A second fact of the same household, day, author and evidence."""
    return kind(
        household_id=fact.household_id,
        effective_on=fact.effective_on,
        precision=fact.precision,
        entered_by=fact.entered_by,
        evidence=fact.evidence,
        decision=fact.decision,
        caused_by=fact.caused_by,
        **fields,
    )
