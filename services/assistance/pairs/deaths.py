"""A pair is over when the register says that one of the two died, and nobody seeks a helper for the dead; whose death was told by
mistake is helped again, and on the list."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance.pairs import HelpUnlisted, PairDeathsAnnulled, PairEndedByDeath
from contracts.casework.records import SubjectKind
from contracts.facts import Fact, Recorded
from contracts.registry.members import MemberDied
from contracts.selection import timeline
from services.assistance.pairs import domain
from services.assistance.pairs.finding import helped_by_subjects
from services.assistance.pairs.state import Listing, Pair, helped
from services.assistance.pairs.streams import stream_of
from services.assistance.reconciliation import Annulment, reconcile
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.duties.store import Duties
from services.casework.people.domain import FOLLOWED_TYPES
from services.casework.people.queries import facts_about_persons, households_affected_by, persons_of
from services.chassis.log.unit import Tx

Deaths = Mapping[UUID, tuple[date, str]]
"""Person → the day of death, and the id of the fact that tells it."""


@dataclass(frozen=True)
class PairDeaths:
    """Behind the views of people."""

    documents: Documents
    duties: Duties

    name = "pair_deaths"
    types = FOLLOWED_TYPES
    appends = True

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        told = [r for r in facts if isinstance(r.fact, MemberDied) or r.fact.annuls]
        persons = persons_of(tx.cur, households_affected_by(tx.cur, told)) if told else []
        if persons:
            streams = tx.load_many(map(stream_of, persons))
            subjects = {person for person in persons if streams[stream_of(person)]}
            for subject in sorted(subjects | helped_by_subjects(tx, persons)):
                if reconcile_deaths(tx, subject, self.documents.in_unit(tx)):
                    self.duties.reconcile(tx, [subject])


def reconcile_deaths(tx: Tx, subject: UUID, lookup: Lookup) -> bool:
    """Bring what follows from deaths in line with the register; whether anything changed."""
    stream = stream_of(subject)
    told = tx.load(stream)
    found = helped(r for r in told if not _is_derived(r))
    pairs, listings = found.pairs, [one for one in found.listings.values() if one.listed.about is SubjectKind.PERSON]
    persons = {p for pair in pairs.values() for p in _persons(pair, subject)} | ({subject} if listings else set())
    about = facts_about_persons(tx.cur, list(persons)) if persons else {}
    known = list({r.id: r for of in about.values() for r in of}.values())
    deaths = {p: died for p in persons if (died := _died(p, about[p])) is not None}
    desired: list[Fact] = [fact for pair in pairs.values() if not pair.void for fact in _ended(subject, pair, deaths)]
    desired += [fact for one in listings for fact in _unlisted(subject, one, deaths)]

    def annul(each: Annulment) -> PairDeathsAnnulled:
        return PairDeathsAnnulled(
            effective_on=min(r.fact.effective_on for r in each.void), entered_by=SYSTEM_ACTOR, caused_by=each.cause.id,
            subject=subject, annuls=tuple(r.id for r in each.void),
        )  # fmt: skip

    reconcile(tx, stream, (PairEndedByDeath, HelpUnlisted), desired, known, lookup, annul)
    if len(tx.load(stream)) == len(told):
        return False
    for pair in helped(tx.load(stream)).pairs.values():
        if not pair.void:
            taken = domain.taken_by(pair.formed.kind, pair.formed.helper)
            tx.set_periods(taken, domain.pair_id(subject, pair.number), domain.taken_for(pair.formed, pair.until))
    return True


def _is_derived(recorded: Recorded) -> bool:
    fact = recorded.fact
    return isinstance(fact, PairEndedByDeath) or (isinstance(fact, HelpUnlisted) and fact.entered_by == SYSTEM_ACTOR)


def _persons(pair: Pair, subject: UUID) -> Iterator[UUID]:
    """Who of the two the register may know: whoever is helped, and a fellow pupil who helps; parties are never among them."""
    if pair.formed.about is SubjectKind.PERSON:
        yield subject
    if pair.formed.helper_subject is not None:
        yield pair.formed.helper_subject


def _died(person: UUID, about: Sequence[Recorded]) -> tuple[date, str] | None:
    for r in timeline(about):
        if isinstance(r.fact, MemberDied) and r.fact.person_id == person:
            return r.fact.effective_on, r.id
    return None


def _ended(subject: UUID, pair: Pair, deaths: Deaths) -> Iterator[PairEndedByDeath]:
    """Of two who died, by the first death."""
    died = [(*deaths[p], p != subject) for p in _persons(pair, subject) if p in deaths]
    if not died:
        return
    day, cause, of_helper = min(died)
    day = max(day, pair.told.day)
    if pair.until is None or day < pair.until:
        yield PairEndedByDeath(
            effective_on=day, entered_by=SYSTEM_ACTOR, caused_by=cause, subject=subject, pair=pair.number,
            of_helper=of_helper,
        )  # fmt: skip


def _unlisted(subject: UUID, one: Listing, deaths: Deaths) -> Iterator[HelpUnlisted]:
    if subject not in deaths:
        return
    died, cause = deaths[subject]
    day = max(died, one.told.day)
    if one.until is None or day < one.until:
        yield HelpUnlisted(
            effective_on=day, entered_by=SYSTEM_ACTOR, caused_by=cause, subject=subject, listing=one.number
        )  # fmt: skip
