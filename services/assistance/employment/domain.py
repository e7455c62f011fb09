"""Decisions about placements that ask for more than the person's own work: the kind of post, the offer, the course, the household.
Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID, uuid5

from contracts.assistance.employment import EmploymentFact, JobOfferClosed, JobOffered, JobPlaced
from contracts.facts import Recorded
from contracts.selection import surviving
from services.assistance.employment import rules
from services.assistance.employment.kinds import PostKind
from services.assistance.programmes.predicates import Candidate, Proved, reasons_against
from services.assistance.training.course import Course
from services.casework.dates import months_later
from services.casework.people.homes import HomeStay
from services.casework.people.state import PersonState
from services.chassis.ground.refusals import Refused
from services.chassis.log.periods import OPEN_END, Period

PUBLIC_POSTS = UUID("5d1f0c3a-7f4e-5b43-8f3c-0d2b6a9c4e17")
"""Namespace of the subjects under which a household's public posts are found."""


def stream_of(person_id: UUID) -> str:
    return f"work-{person_id}"


def person_of(stream: str) -> UUID:
    return UUID(stream.removeprefix("work-"))


def offer_stream_of(offer_id: UUID) -> str:
    return f"job-offer-{offer_id}"


def posts_of(household_id: UUID) -> UUID:
    return uuid5(PUBLIC_POSTS, str(household_id))


def require_kind(kind: PostKind | None, key: str) -> PostKind:
    """Raises ``Refused``."""
    if kind is None:
        raise Refused(rules.KIND_NOT_IN_FORCE, post_kind=key)
    return kind


def require_division(person: PersonState) -> str:
    """Where they live. Raises ``Refused``."""
    if person.division is None:
        raise Refused(rules.WORKER_UNKNOWN)
    return person.division


def require_eligible(kind: PostKind, person: PersonState, placed: JobPlaced) -> None:
    """As of the day of placement. What papers prove needs the papers. Raises ``Refused``."""
    if not person.alive or person.household_id is None:
        raise Refused(rules.WORKER_UNKNOWN)
    candidate = Candidate(person, placed.effective_on, proved=frozenset(placed.proved))
    if against := reasons_against(kind.eligibility, candidate):
        raise Refused(rules.NOT_ELIGIBLE, reasons=[str(reason) for reason in against])
    if any(isinstance(predicate, Proved) for predicate in kind.eligibility) and not placed.evidence:
        raise Refused(rules.PAPERS_MISSING)


def require_term(kind: PostKind, placed: JobPlaced) -> None:
    """Raises ``Refused``."""
    if kind.term_months is None:
        return
    if placed.term_ends is None:
        raise Refused(rules.TERM_MISSING)
    last = months_later(placed.effective_on, kind.term_months) - timedelta(days=1)
    if not placed.effective_on <= placed.term_ends <= last:
        raise Refused(rules.TERM_TOO_LONG, last=last)


def require_attended(kind: PostKind | None) -> None:
    """``kind``: as of the day of placement. Raises ``Refused``."""
    if kind is None or not (kind.public_post or kind.paid_by):
        raise Refused(rules.NOT_A_PUBLIC_POST)


def require_one_per_household(kind: PostKind, wanted: Period, held: Mapping[UUID, Sequence[Period]]) -> None:
    """``held``: placement → its periods, of the household's public posts. Raises ``Refused``."""
    if kind.one_per_household:
        for periods in held.values():
            for period in periods:
                if period.overlaps(wanted):
                    raise Refused(rules.ONE_PER_HOUSEHOLD, since=period.first)


def at_home(run: Period, homes: Iterable[HomeStay]) -> Iterator[tuple[UUID, Period]]:
    """The parts of a period that somebody spent in each household."""
    for stay in homes:
        there = Period(max(run.first, stay.first), min(run.end, stay.end or OPEN_END))
        if there.first < there.end:
            yield stay.household_id, there


def require_certified(course: Course | None, placed: JobPlaced) -> None:
    """Where the course's kind forbids it, nobody is placed before the certificate. ``course``: on the day of placement. Raises
    ``Refused``."""
    if placed.course_id is None:
        return
    trainee = None if course is None else course.trainees.get(placed.person_id)
    if course is None or trainee is None:
        raise Refused(rules.NOT_A_TRAINEE)
    if course.planned.terms.job_after_certificate and trainee.certificate_no is None:
        raise Refused(rules.BEFORE_CERTIFICATE)


def require_place(
    offer: JobOffered | None, placed: JobPlaced, wanted: Period, held: Mapping[UUID, Sequence[Period]]
) -> None:
    """``offer``: open on the day; ``held``: placement → its periods, of the offer's places. Raises ``Refused``."""
    if placed.offer_id is None:
        return
    if offer is None:
        raise Refused(rules.OFFER_NOT_OPEN)
    if (offer.post_kind, offer.employer) != (placed.post_kind, placed.employer):
        raise Refused(rules.OFFER_OF_ANOTHER_KIND)
    if fullest(wanted, held.values()) >= offer.places:
        raise Refused(rules.OFFER_FULL, places=offer.places)


def fullest(wanted: Period, held: Iterable[Sequence[Period]]) -> int:
    """How many are there on the day of the period on which most are. Somebody comes on the first day of a period."""
    periods = [period for of_one in held for period in of_one if period.overlaps(wanted)]
    days = {wanted.first, *(p.first for p in periods if p.first > wanted.first)}
    return max(sum(p.first <= day < p.end for p in periods) for day in days)


def offer_on(of_offer: Sequence[Recorded], day: date) -> JobOffered | None:
    """The offer where it is open on that day."""
    offer: JobOffered | None = None
    for recorded in of_offer:
        match recorded.fact:
            case JobOffered() as offered if offered.effective_on <= day:
                offer = offered
            case JobOfferClosed(effective_on=closed) if closed <= day:
                offer = None
    return offer


def require_entries(
    of_person: Sequence[Recorded], named: Collection[str], derived: tuple[type[EmploymentFact], ...]
) -> None:
    """Those that stand and were entered. Raises ``Refused``."""
    standing = {r.id for r in surviving(of_person) if not isinstance(r.fact, derived)}
    if not standing.issuperset(named):
        raise Refused(rules.NOT_ITS_ENTRY, facts=sorted(set(named) - standing))
