"""Households that start from one another: the facts that a household's timeline needs beside its own."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.divisions import HouseholdTransferred
from contracts.registry.ends import HouseholdCancelled
from contracts.registry.households import FactsAnnulled, HouseholdFormed, HouseholdRecorded
from contracts.registry.identities import PersonCorrected, PersonDocumentRecorded
from contracts.registry.members import HeadSucceeded, MemberJoined
from contracts.registry.merges import DuplicatePersonFound, PersonsMerged
from contracts.selection import child_of, parent_of, timeline

Relatives = Callable[[UUID], Sequence[Recorded]]
"""Household → everything recorded about it."""


def no_relatives(_: UUID) -> Sequence[Recorded]:
    """For households that were not formed by a split and never split."""
    return ()


def household_of(facts: Sequence[Recorded]) -> UUID:
    """Whose stream these facts are."""
    fact = facts[0].fact
    assert isinstance(fact, HouseholdFact)
    return fact.household_id


def started_by_split(facts: Sequence[Recorded]) -> bool:
    """Whether the household has ancestors. The first fact of a stream records the household or forms it."""
    return bool(facts) and parent_of(facts[0]) is not None


def persons_named(facts: Iterable[Recorded]) -> list[UUID]:
    """Everybody who was ever a member by these facts of a household, void ones included."""
    found: dict[UUID, None] = {}
    for recorded in facts:
        match recorded.fact:
            case HouseholdRecorded(members=members):
                found.update(dict.fromkeys(member.person_id for member in members))
            case HouseholdFormed(person_ids=persons):
                found.update(dict.fromkeys(persons))
            case MemberJoined(member=member):
                found[member.person_id] = None
    return list(found)


def children_of(facts: Iterable[Recorded]) -> list[UUID]:
    """The households that ever split off, void splits included."""
    return list(dict.fromkeys(child for r in facts if (child := child_of(r)) is not None))


def parents_of(facts: Iterable[Recorded]) -> list[UUID]:
    """The households that the facts say it was formed from, void ones included."""
    return list(dict.fromkeys(parent for r in facts if (parent := parent_of(r)) is not None))


def related_households(facts: Iterable[Recorded]) -> list[UUID]:
    """The other households that acts recorded here may have touched, void ones included: those that split off or that it was
    formed from, those that it was merged with or that have a person who turned out to be one of its own, and those that were
    told with it who somebody is."""
    found: list[UUID | None] = []
    for recorded in facts:
        found += [child_of(recorded), parent_of(recorded)]
        match recorded.fact:
            case HouseholdCancelled(merged_into=household) | MemberJoined(merged_from=household):
                found.append(household)
            case (
                PersonsMerged(same_as_household_id=household) | DuplicatePersonFound(duplicate_household_id=household)
            ):  # fmt: skip
                found.append(household)
            case PersonCorrected(households=households) | PersonDocumentRecorded(households=households):
                found += households
    return [household for household in dict.fromkeys(found) if household is not None]


def hands_of(known: Sequence[Recorded], relatives: Relatives) -> frozenset[str]:
    """Who entered what the household's case is decided from: its facts, those of a household that it split off from until
    then, surveys and imports among them; not who decided its earlier cases."""
    facts = {r.id: r.fact for r in (*known, *household_timeline(known, relatives))}
    return frozenset(f.entered_by for f in facts.values() if not _brought_about_by_case(f))


def _brought_about_by_case(fact: Fact) -> bool:
    """What a decision brings about in households beside its own, or together with its own fact, names no case."""
    match fact:
        case MemberJoined(merged_from=household):
            return household is not None
        case FactsAnnulled(case_id=None) | HeadSucceeded():
            return fact.caused_by is not None
        case HouseholdTransferred():
            return True  # nobody says anything of the household by it
    return getattr(fact, "case_id", None) is not None


def with_ancestors(facts: Sequence[Recorded], relatives: Relatives) -> Sequence[Recorded]:
    """A household's facts and those of all its ancestors."""
    if not started_by_split(facts):
        return facts
    found: dict[UUID, Sequence[Recorded]] = {}
    missing = parents_of(facts)
    while missing:
        found.update({parent: relatives(parent) for parent in missing})
        missing = [p for parent in missing for p in parents_of(found[parent]) if p not in found]
    return [*facts, *(r for of_parent in found.values() for r in of_parent)]


def household_timeline(
    facts: Sequence[Recorded],
    relatives: Relatives,
    *,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> list[Recorded]:
    """The household's timeline, beginning with its ancestors' up to the splits that lead to it."""
    if not started_by_split(facts):
        return timeline(facts, as_of=as_of, known_at=known_at)
    return timeline(with_ancestors(facts, relatives), of=household_of(facts), as_of=as_of, known_at=known_at)


def relatives_among(facts: Sequence[Recorded], relatives: Relatives) -> dict[UUID, Sequence[Recorded]]:
    """Everything about the households that these facts lead to: up and down the line, and merged with one of it."""
    found: dict[UUID, Sequence[Recorded]] = {}
    missing = related_households(facts)
    while missing:
        of_missing = {household: relatives(household) for household in missing}
        found.update(of_missing)
        missing = [h for f in of_missing.values() for h in related_households(f) if h not in found]
    return found
