"""The tables ``employment_entries`` and ``job_offers``."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.assistance import employment as facts
from contracts.assistance.employment import BusinessStarted, EmploymentFact, JobPlaced, PlacementFact
from contracts.facts import PUBLISHED, Fact, Recorded
from contracts.selection import timeline
from services.assistance.employment.work import contradictions
from services.casework.contradictions import CountedVersion, counted_versions
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

COLUMNS = (
    "person_id", "placement_id", "household_id", "division", "post_kind", "sex", "offer_id", "course_id", "destination", "entry",
    "on_day", "months", "amount", "known_from", "known_until",
)  # fmt: skip
OFFERS = Table(
    "job_offers", "offer_id",
    ("offer_id", "division", "post_kind", "employer", "job_title", "places", "wage", "fair", "offered_on", "closed_on"),
)  # fmt: skip
BUSINESS, MATCHED = "business", "matched"
Entry = tuple[str, date, int | None, Decimal | None]


def view() -> View[UUID]:
    """Keeps ``employment_entries``."""
    types = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, EmploymentFact))
    return view_of_streams(
        "employment_entries", (Table("employment_entries", "person_id", COLUMNS),), types, "work-", UUID, _rows
    )


def offers_view() -> View[UUID]:
    """Keeps ``job_offers``."""
    types = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, facts.OfferFact))
    return view_of_streams("job_offers", (OFFERS,), types, "job-offer-", UUID, _offers)


def _rows(person_id: UUID, of_person: Sequence[Recorded]) -> tuple[list[Row]]:
    placed = {r.fact.placement_id: r.fact for r in of_person if isinstance(r.fact, JobPlaced)}
    return (
        [row for version in counted_versions(of_person, contradictions) for row in _of(person_id, placed, version)],
    )


def _of(person_id: UUID, placed: Mapping[UUID, JobPlaced], version: CountedVersion) -> Iterator[Row]:
    fact = version.recorded.fact
    if isinstance(fact, BusinessStarted):
        yield (
            person_id, None, fact.household_id, fact.division, BUSINESS, None, None, fact.course_id, None, BUSINESS, fact.effective_on,
            None, Decimal(fact.jobs), version.known_from, version.known_until,
        )  # fmt: skip
    if isinstance(fact, facts.JobMatched):
        yield (
            person_id, None, fact.household_id, "", "", None, fact.offer_id, None, None, MATCHED, fact.effective_on, None, None,
            version.known_from, version.known_until,
        )  # fmt: skip
    if isinstance(fact, facts.WorkerDied):
        for placement_id, each in placed.items():
            yield (
                person_id, placement_id, each.household_id, each.division, each.post_kind, each.sex and each.sex.value, each.offer_id,
                each.course_id, each.destination, "ended", fact.effective_on, None, None, version.known_from, version.known_until,
            )  # fmt: skip
    if not isinstance(fact, PlacementFact) or (of := placed.get(fact.placement_id)) is None:
        return
    for entry in _entries(fact):
        yield (
            person_id, fact.placement_id, of.household_id, of.division, of.post_kind, of.sex and of.sex.value, of.offer_id,
            of.course_id, of.destination, *entry, version.known_from, version.known_until,
        )  # fmt: skip


def _entries(fact: Fact) -> Iterator[Entry]:
    match fact:
        case JobPlaced():
            yield "placed", fact.effective_on, None, None
            if fact.term_ends is not None:
                yield "term", fact.term_ends, None, None
        case facts.PlacementEnded():
            yield "ended", fact.effective_on, None, None
        case facts.PlacementKept(months=months):
            yield "kept", fact.effective_on, months, None
        case facts.PostAttended(month=month, days=days):
            yield "attended", month, None, Decimal(days)
        case facts.WageReported(month=month, amount=amount):
            yield "earned", month, None, amount
        case facts.WorkerHandedOver():
            yield "handed_over", fact.effective_on, None, None
        case facts.HandOverAccepted():
            yield "accepted", fact.effective_on, None, None


def _offers(offer_id: UUID, of_offer: Sequence[Recorded]) -> tuple[list[Row]]:
    told = timeline(of_offer)
    offer = next((r.fact for r in told if isinstance(r.fact, facts.JobOffered)), None)
    if offer is None:
        return ([],)
    closed = next((r.fact.effective_on for r in told if isinstance(r.fact, facts.JobOfferClosed)), None)
    row = (
        offer_id, offer.division, offer.post_kind, offer.employer, offer.job_title, offer.places, offer.wage, offer.fair,
        offer.effective_on, closed,
    )  # fmt: skip
    return ([row],)
