"""Where whoever is helped was from day to day: a household where the register has it, a person with theirs, a village where it
is, a party where it was entered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID

from contracts.casework.records import SubjectKind
from contracts.facts import Recorded
from contracts.selection import known, timeline
from services.assistance.parties.domain import party, stream_of
from services.assistance.registrations import registrations
from services.casework.people.domain import evolve
from services.casework.people.queries import facts_about_households, facts_about_persons
from services.casework.people.state import RegisterState, person_state
from services.chassis.log.unit import Tx

Stays = Sequence[tuple[date, str]]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """``stays``: the first day of each and its division, in order; ``latest``: what was recorded last of it."""

    stays: Stays
    latest: Recorded | None = None


Subjects = Mapping[UUID, tuple[SubjectKind, str | None]]
"""Subject → what it is, and the code, where it is a division."""


def household_in(subjects: Subjects, subject: UUID) -> UUID | None:
    """The subject, where it is a household."""
    return subject if subjects[subject][0] is SubjectKind.HOUSEHOLD else None


def whereabouts(tx: Tx, subjects: Subjects, as_of: date, known_at: datetime | None) -> Mapping[UUID, Whereabouts]:
    """Of those that were somewhere by then."""
    found = {s: Whereabouts([(date.min, place)]) for s, (_, place) in subjects.items() if place is not None}
    parties = [s for s, (kind, _) in subjects.items() if kind is SubjectKind.PARTY]
    streams = tx.load_many(map(stream_of, parties)) if parties else {}
    for subject in parties:
        facts = known(streams[stream_of(subject)], known_at)
        if (there := party(timeline(facts, as_of=as_of))) is not None:
            found[subject] = Whereabouts([(there.entered.effective_on, there.entered.division)], facts[-1])
    households = [s for s, (kind, _) in subjects.items() if kind is SubjectKind.HOUSEHOLD]
    for subject, facts in (facts_about_households(tx.cur, households) if households else {}).items():
        told = known(facts, known_at)
        _, stays = registrations(subject, timeline(told, of=subject, as_of=as_of))
        _add(found, subject, [(stay.since, stay.division) for stay in stays], told)
    persons = [s for s, (kind, _) in subjects.items() if kind is SubjectKind.PERSON]
    for subject, facts in (facts_about_persons(tx.cur, persons) if persons else {}).items():
        told = known(facts, known_at)
        _add(found, subject, _of_person(subject, told, as_of), told)
    return found


def _add(found: dict[UUID, Whereabouts], subject: UUID, stays: Stays, facts: Sequence[Recorded]) -> None:
    if stays:
        found[subject] = Whereabouts(stays, max(facts, key=attrgetter("recorded_at")))


def _of_person(person: UUID, facts: Sequence[Recorded], as_of: date) -> Stays:
    """Whoever left every household stays where they were last."""
    state, stays = RegisterState(), list[tuple[date, str]]()
    for recorded in timeline(facts, as_of=as_of):
        state = evolve(state, recorded.fact)
        division = person_state(state, person).division
        if division is not None and (not stays or stays[-1][1] != division):
            stays.append((recorded.fact.effective_on, division))
    return stays
