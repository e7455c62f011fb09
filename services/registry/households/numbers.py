"""Which acts give which numbers to whom: a household's number, a person's document. Pure.

A number stands while an act that gave it stands, and no correction of the person has put another document, or none, in its
place. A number that stands by no act is free.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.registry.households import HouseholdFormed, HouseholdRecorded
from contracts.registry.identities import PersonCorrected, PersonDocumentRecorded
from contracts.registry.members import MemberJoined
from contracts.selection import Order, order_of, surviving


@dataclass(frozen=True, slots=True)
class NumberGiven:
    """By ``act``, to a household or a person. ``replaces``: it puts itself in the place of what was given for days before."""

    act: UUID
    holder: UUID
    at: tuple[Order, int]
    replaces: bool = False


def replaces_document(fact: Fact) -> bool:
    return isinstance(fact, PersonCorrected) and fact.document_kind is not None


def numbers_given(facts: Iterable[Recorded]) -> Iterator[NumberGiven]:
    """By these facts, each taken as it is."""
    for r in facts:
        for holder in _holders(r.fact):
            yield NumberGiven(r.command_id, holder, (order_of(r), r.position), replaces_document(r.fact))


def _holders(fact: Fact) -> Sequence[UUID]:
    match fact:
        case HouseholdRecorded():
            return fact.household_id, *(m.person_id for m in fact.members if m.id_number is not None)
        case HouseholdFormed():
            return (fact.household_id,)
        case MemberJoined(member=member):
            return (member.person_id,) if member.id_number is not None else ()
        case PersonDocumentRecorded(person_id=person):
            return (person,)
        case PersonCorrected(person_id=person) if replaces_document(fact):
            return (person,)
    return ()


def holders_changed(before: Sequence[Recorded], after: Sequence[Recorded]) -> set[UUID]:
    """Whose numbers stand by other acts than before, as far as this household's facts say."""
    was, now = set(numbers_given(surviving(before))), set(numbers_given(surviving(after)))
    return {given.holder for given in was ^ now}


def standing_numbers(
    holders: Iterable[UUID], of_households: Iterable[Sequence[Recorded]]
) -> Mapping[tuple[UUID, UUID], bool]:
    """By act and holder, for every act that ever gave one of these holders a number: whether it stands by it.
    ``of_households``: all facts of every household that has the holder, or is it."""
    wanted, ever, stand = frozenset(holders), dict[tuple[UUID, UUID], bool](), list[NumberGiven]()
    for facts in of_households:
        ever |= {(g.act, g.holder): False for g in numbers_given(facts) if g.holder in wanted}
        stand += [g for g in numbers_given(surviving(facts)) if g.holder in wanted]
    replaced = {g.holder: g.at for g in sorted(stand, key=lambda g: g.at) if g.replaces}
    return ever | {(g.act, g.holder): True for g in stand if g.holder not in replaced or g.at >= replaced[g.holder]}
