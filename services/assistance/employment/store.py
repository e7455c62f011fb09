"""Command handlers of employment, and what is kept beside the log with them: which places of offers and which public posts of
households are taken from when until when."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from uuid import UUID

from contracts.assistance.employment import (
    EmploymentFact,
    JobOfferClosed,
    JobOffered,
    JobPlaced,
    PostAttended,
    WorkerDeathsAnnulled,
    WorkerDied,
)
from contracts.facts import HouseholdFact, Recorded
from contracts.selection import timeline
from services.assistance.employment import domain, rules
from services.assistance.employment.domain import offer_stream_of, posts_of, stream_of
from services.assistance.employment.kinds import PostKind, kind_in_force
from services.assistance.employment.work import Placement, Work, contradictions, work_of
from services.assistance.training.course import Course, course_of
from services.assistance.training.domain import stream_of as course_stream_of
from services.casework.contradictions import append_fitting
from services.casework.dates import require_not_future
from services.casework.documents.reading import Documents
from services.casework.people.domain import person_on
from services.casework.people.homes import HomeStay, homes_of
from services.casework.people.queries import facts_about_persons
from services.casework.people.state import PersonState
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.periods import OPEN_END, Period
from services.chassis.log.unit import Tx

DERIVED = (WorkerDied, WorkerDeathsAnnulled)
InScope = Callable[[str], bool]
Decide = Callable[[Work, PersonState, Tx], EmploymentFact]
"""A decision about one person's work as it stands, and the person on the day; the fact to append out."""


class EmploymentCommands:
    """Handlers of the commands about work."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def offer(self, proposed: JobOffered, in_scope: InScope) -> Callable[[Tx], Reply]:
        def handle(tx: Tx) -> Reply:
            if not in_scope(proposed.division):
                raise Refused(NOT_FOUND)
            require_not_future(proposed.effective_on, tx.today)
            domain.require_kind(
                self.kind(tx, proposed.post_kind, proposed.effective_on, proposed.division), proposed.post_kind
            )
            tx.append(offer_stream_of(proposed.offer_id), proposed)
            return Reply(location=offer_location(proposed.offer_id))

        return handle

    def close(self, closing: JobOfferClosed, in_scope: InScope) -> Callable[[Tx], Reply]:
        def handle(tx: Tx) -> Reply:
            told = timeline(tx.load(offer_stream_of(closing.offer_id)))
            offer = next((r.fact for r in told if isinstance(r.fact, JobOffered)), None)
            if offer is None or not in_scope(offer.division):
                raise Refused(NOT_FOUND)
            require_not_future(closing.effective_on, tx.today)
            if domain.offer_on(told, closing.effective_on) is None:
                raise Refused(rules.OFFER_NOT_OPEN)
            tx.append(offer_stream_of(closing.offer_id), closing)
            return Reply(location=offer_location(closing.offer_id))

        return handle

    def enter(self, person_id: UUID, day: date, in_scope: InScope, decide: Decide) -> Callable[[Tx], Reply]:
        """What contradicts nothing is recorded."""

        def handle(tx: Tx) -> Reply:
            before = work_of(timeline(tx.load(stream_of(person_id))))
            about = facts_about_persons(tx.cur, [person_id])[person_id]
            person = _person(tx, about, person_id, day, before, in_scope)
            require_not_future(day, tx.today)
            fact = decide(before, person, tx)
            if isinstance(fact, JobPlaced):
                self._require_placeable(tx, fact, person, homes_of(about, person_id))
            if isinstance(fact, PostAttended) and (of := before.placements.get(fact.placement_id)) is not None:
                placed = of.placed
                domain.require_attended(self.kind(tx, placed.post_kind, placed.effective_on, placed.division))
            append_fitting(tx, stream_of(person_id), [fact], contradictions)
            settle(tx, before, work_of(timeline(tx.load(stream_of(person_id)))), about)
            return Reply(location=location(person_id))

        return handle

    def require_open(self, tx: Tx, offer_id: UUID, day: date) -> None:
        """Raises ``Refused``."""
        if domain.offer_on(timeline(tx.load(offer_stream_of(offer_id))), day) is None:
            raise Refused(rules.OFFER_NOT_OPEN)

    def require_entries(self, tx: Tx, person_id: UUID, named: Sequence[str]) -> None:
        domain.require_entries(tx.load(stream_of(person_id)), named, DERIVED)

    def kind(self, tx: Tx, key: str, day: date, division: str) -> PostKind | None:
        return kind_in_force(self._documents.in_unit(tx), key, day, division)

    def _require_placeable(self, tx: Tx, fact: JobPlaced, person: PersonState, homes: Sequence[HomeStay]) -> None:
        kind = domain.require_kind(self.kind(tx, fact.post_kind, fact.effective_on, fact.division), fact.post_kind)
        domain.require_eligible(kind, person, fact)
        domain.require_term(kind, fact)
        domain.require_certified(_course(tx, fact), fact)
        (wanted,) = _periods(Placement(fact))
        if fact.offer_id is not None:
            offer = domain.offer_on(timeline(tx.load(offer_stream_of(fact.offer_id))), fact.effective_on)
            domain.require_place(offer, fact, wanted, tx.periods_of([fact.offer_id])[fact.offer_id])
        for home, there in domain.at_home(wanted, homes):
            household = posts_of(home)
            domain.require_one_per_household(kind, there, tx.periods_of([household])[household])


def settle(tx: Tx, before: Work, after: Work, about: Sequence[Recorded]) -> None:
    """The places that are taken are those of the work as it is now, and a household's public post is where its holder lives.
    ``about``: all that the register knows about the person."""
    for placement_id in before.placements.keys() | after.placements.keys():
        former, now = before.placements.get(placement_id), after.placements.get(placement_id)
        had, has = _periods(former), _periods(now)
        placed = next(each.placed for each in (now, former) if each is not None)
        if had != has and placed.offer_id is not None:
            tx.set_periods(placed.offer_id, placement_id, has)
        if placed.public_post:
            _settle_post(tx, placed, has, about)


def _settle_post(tx: Tx, placed: JobPlaced, has: Sequence[Period], about: Sequence[Recorded]) -> None:
    """Also where somebody was told to live and never did, nothing is taken any more."""
    named = {placed.household_id, *(r.fact.household_id for r in about if isinstance(r.fact, HouseholdFact))}
    taken: dict[UUID, list[Period]] = {household: [] for household in named}
    for run in has:
        for home, there in domain.at_home(run, homes_of(about, placed.person_id)):
            taken.setdefault(home, []).append(there)
    for household, periods in taken.items():
        tx.set_periods(posts_of(household), placed.placement_id, tuple(periods))


def location(person_id: UUID) -> str:
    return f"/assistance/employment/persons/{person_id}"


def offer_location(offer_id: UUID) -> str:
    return f"/assistance/employment/offers/{offer_id}"


def _periods(placement: Placement | None) -> tuple[Period, ...]:
    if placement is None:
        return ()
    last = placement.last_day
    return (Period(placement.since, OPEN_END if last is None else last + timedelta(days=1)),)


def _course(tx: Tx, fact: JobPlaced) -> Course | None:
    """As it is known now, on the day of the placement."""
    if fact.course_id is None:
        return None
    return course_of(timeline(tx.load(course_stream_of(fact.course_id)), as_of=fact.effective_on))


def _person(
    tx: Tx, about: Sequence[Recorded], person_id: UUID, day: date, work: Work, in_scope: InScope
) -> PersonState:
    """Where they live on that day, or lived when they were placed last. Raises ``NOT_FOUND``."""
    if not about:
        raise Refused(NOT_FOUND)
    tx.after(max(r.recorded_at for r in about))
    person = person_on(about, person_id, as_of=day)
    last = max(work.placements.values(), key=lambda p: p.since, default=None)
    division = person.division or (None if last is None else last.placed.division)
    if division is None:
        raise Refused(rules.WORKER_UNKNOWN)
    if not in_scope(division):
        raise Refused(NOT_FOUND)
    return person


def household_of(person: PersonState, work: Work) -> UUID:
    """Theirs on the day, or when they were placed last. Raises ``Refused``."""
    last = max(work.placements.values(), key=lambda p: p.since, default=None)
    found = person.household_id or (None if last is None else last.placed.household_id)
    if found is None:
        raise Refused(rules.WORKER_UNKNOWN)
    return found
