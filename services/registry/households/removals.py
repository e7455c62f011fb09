"""What a removal makes void: a household that never qualified neither exited nor fell back, and neither did those who split
off from it since. Whoever is identified again after it qualified then, and keeps what was decided since.

Pure. Only what a procedure decided is void; it stays readable, and what was seen and who came and went stays true.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

import msgspec

from contracts.facts import Recorded
from contracts.registry.ends import HouseholdReinstated, ReinstatedAs
from contracts.registry.households import FactsAnnulled, HouseholdFormed
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited, HouseholdRemoved, HouseholdReturned
from contracts.selection import child_of, order_of, surviving
from services.chassis.ground.refusals import Refused, rule
from services.registry.households.annulments import with_annulled
from services.registry.households.lineage import Relatives

REMOVED_BEFORE_LATER_STATUS = rule(
    "removed_before_later_status",
    zh="该户在决定日期之后另有贫困状态变更（later）：请以变更之后的日期重新决定，或先更正该次变更。",
    en="The household's poverty status changed after the day of the decision (``later``): decide on a day after that change, or"
    " have it corrected first.",
    source="source facts §5 A rules 2, 6 and 7: a re-verification is of what the household is when it is made",
)

ENTRIES = (HouseholdEnrolled, HouseholdReturned, HouseholdFormed)
IMPOSSIBLE_AFTER_REMOVAL = (HouseholdExited, HouseholdReturned, HouseholdRemoved)
"""Nothing of this follows a removal; who is removed already is not removed again."""


def with_void_facts(removal: HouseholdRemoved, known: Sequence[Recorded]) -> HouseholdRemoved:
    """The removal, naming the household's own exits, returns and removals that it makes void: those after the entry that
    was wrong. Raises ``Refused`` where one of them was not true yet when the removal was decided."""
    void = [r for r in _after_wrongful_entry(surviving(known), removal) if _made_void(r, removal)]
    later = [r for r in void if removal.decision is not None and r.fact.effective_on > removal.decision.decided_on]
    if later:
        raise Refused(REMOVED_BEFORE_LATER_STATUS, later=later[0].fact.effective_on, fact=later[0].id)
    return msgspec.structs.replace(removal, annuls=(*removal.annuls, *(r.id for r in with_annulled(void, known))))


def is_void(decided: Recorded, known: Sequence[Recorded]) -> bool:
    """Whether one of the household's standing removals makes this void: it comes after the entry that was wrong. ``known``:
    with it."""
    standing = surviving(known)
    removals = [r.fact for r in standing if isinstance(r.fact, HouseholdRemoved) and r is not decided]
    return any(decided in _after_wrongful_entry(standing, removal) for removal in removals)


def annulments_in_descendants(
    removal: Recorded, known: Sequence[Recorded], relatives: Relatives
) -> Iterator[FactsAnnulled]:
    """For each household that split off since, the annulment of its own exits, returns and removals, caused by the
    removal. ``known``: everything about the household that is removed."""
    since = [r for r in surviving(known) if order_of(r) > order_of(removal)]
    splits = [r for r in _until_identified_again(since) if child_of(r) is not None]
    for split in splits:
        child = child_of(split)
        assert child is not None
        standing = _until_identified_again(surviving(facts := relatives(child)))
        if void := with_annulled((r for r in standing if isinstance(r.fact, IMPOSSIBLE_AFTER_REMOVAL)), facts):
            yield FactsAnnulled(
                household_id=child, effective_on=split.fact.effective_on, precision=split.fact.precision,
                entered_by=removal.fact.entered_by, decision=removal.fact.decision, caused_by=removal.id,
                annuls=tuple(r.id for r in void),
            )  # fmt: skip
        splits += [r for r in standing if child_of(r) is not None]


def _made_void(recorded: Recorded, removal: HouseholdRemoved) -> bool:
    # A second removal of one day is refused like any status fact that cannot follow.
    second = isinstance(recorded.fact, HouseholdRemoved) and recorded.fact.effective_on == removal.effective_on
    return isinstance(recorded.fact, IMPOSSIBLE_AFTER_REMOVAL) and not second


def _after_wrongful_entry(facts: Sequence[Recorded], removal: HouseholdRemoved) -> Sequence[Recorded]:
    """The facts after the entry that was wrong. Where only the year is known, entry and exit share one day."""
    for place, r in enumerate(facts):
        same_day = r.fact.effective_on == removal.effective_on
        if r.fact.effective_on > removal.effective_on or (same_day and isinstance(r.fact, ENTRIES)):
            return _until_identified_again(facts[place:] if not same_day else facts[place + 1 :])
    return ()


def _until_identified_again(facts: Sequence[Recorded]) -> Sequence[Recorded]:
    again = next((place for place, r in enumerate(facts) if isinstance(r.fact, HouseholdEnrolled)), len(facts))
    return facts[:again]


def entries_of(timeline: Sequence[Recorded], household: UUID) -> list[date]:
    """The days on which the household was taken in, since it was last removed or a candidate: identified, or returned. Of one
    that split off, what it was taken in by before it did counts from the day on which it was formed."""
    entries: list[date] = []
    for recorded in timeline:
        match recorded.fact:
            case HouseholdEnrolled() | HouseholdReturned():
                entries.append(recorded.fact.effective_on)
            case HouseholdRemoved() | HouseholdReinstated(status=ReinstatedAs.CANDIDATE):
                entries = []
            case HouseholdFormed(household_id=formed) if entries and formed == household:
                entries = [recorded.fact.effective_on]
    return entries
