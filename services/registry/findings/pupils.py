"""What the rules read of a household's pupils: the household's own word beside education's, in both times. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.enrolments import EnrolmentActsAnnulled, EnrolmentFact
from services.registry.findings.checked_households import CheckedHousehold, checked_schooling, with_schooling
from services.registry.households.bitemporal import BitemporalPeriod
from services.registry.schooling.domain import Schooling

Said = Mapping[UUID, Sequence[BitemporalPeriod[Schooling]]]
"""Person → what education says, for every day as known at any instant."""


def parted(facts: Sequence[Recorded]) -> tuple[Sequence[Recorded], dict[UUID, list[Recorded]]]:
    """The facts of households, and by person those of education, each once."""
    own, pupils, seen = list[Recorded](), dict[UUID, list[Recorded]](), set[str]()
    for recorded in facts:
        fact = recorded.fact
        if not isinstance(fact, EnrolmentFact | EnrolmentActsAnnulled):
            own.append(recorded)
        elif recorded.id not in seen:
            seen.add(recorded.id)
            pupils.setdefault(fact.person_id, []).append(recorded)
    return (own if pupils else facts), pupils


def with_pupils(
    periods: Iterable[BitemporalPeriod[CheckedHousehold]], said: Said
) -> Iterator[BitemporalPeriod[CheckedHousehold]]:
    """The periods of a household, divided where education says something else of one of its members."""
    for period in periods:
        of_members = {
            member.person_id: overlapping
            for member in period.value.members
            if (overlapping := [s for s in said.get(member.person_id, ()) if _overlap(period, s)])
        }
        yield from _divided(period, of_members) if of_members else (period,)


def _divided(period: BitemporalPeriod[CheckedHousehold], said: Said) -> Iterator[BitemporalPeriod[CheckedHousehold]]:
    every = [one for of_member in said.values() for one in of_member]
    days = {period.valid_from, period.valid_to}
    days |= {d for s in every for d in (s.valid_from, s.valid_to) if period.valid_from < d < period.valid_to}
    instants = {period.known_from, period.known_to}
    instants |= {i for s in every for i in (s.known_from, s.known_to) if period.known_from < i < period.known_to}
    for known_from, known_to in pairwise(sorted(instants)):
        for first, end in pairwise(sorted(days)):
            then = {
                person: checked_schooling(s.value)
                for person, of_member in said.items()
                for s in of_member
                if s.valid_from <= first < s.valid_to and s.known_from <= known_from < s.known_to
            }
            yield BitemporalPeriod(with_schooling(period.value, then), first, end, known_from, known_to)


def _overlap(period: BitemporalPeriod[CheckedHousehold], said: BitemporalPeriod[Schooling]) -> bool:
    return (
        said.valid_from < period.valid_to
        and period.valid_from < said.valid_to
        and said.known_from < period.known_to
        and period.known_from < said.known_to
    )
