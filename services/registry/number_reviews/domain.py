"""Which office reviews a number, and what it may decide. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.divisions import DIGITS
from contracts.registry.households import FactsAnnulled
from contracts.registry.number_reviews import NumberReviewDecided, NumberReviewOutcome
from contracts.selection import surviving
from services.chassis.ground.refusals import rule
from services.registry.households.review_rules import REVIEWING_LEVELS

NUMBER_STILL_HELD = rule(
    "number_still_held",
    zh="该证件号码仍登记在另一人名下：请先由该地更正或作废那一处登记，再确认；确属同一人的，请按“同一人”办理。",
    en="Somebody else holds this number still: have their entry corrected or annulled first, then confirm; where both are one"
    " person, decide so.",
    source="GB 11643; Lika design: numbers held in two places",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberReview:
    """A number that awaits its review. ``act``: the entry that gave it; ``other``: who holds it, in ``other_household``;
    ``office``: code of the lowest division that covers both; ``set_aside``: the entry counts nowhere until then; ``outcome``:
    decided last, where the entry here was not corrected since."""

    person_id: UUID
    household_id: UUID
    division: str
    act: UUID
    other: UUID | None
    other_household: UUID | None
    other_division: str | None
    office: str
    since: date
    set_aside: bool
    outcome: NumberReviewOutcome | None


def stream_of(person: UUID) -> str:
    return f"number-review-{person}"


def office_of(division: str, other: str | None) -> str:
    """The lowest of a county, city or province that covers both; "" for the whole installation."""
    codes = (division[: DIGITS[level]] for level in REVIEWING_LEVELS)
    return next((code for code in codes if other is None or other.startswith(code)), "")


def outcome_of(facts: Sequence[Recorded]) -> NumberReviewOutcome | None:
    """What was decided last."""
    decided = [r.fact.outcome for r in facts if isinstance(r.fact, NumberReviewDecided)]
    return decided[-1] if decided else None


def annulment_of(facts: Iterable[Recorded], act: UUID) -> str | None:
    """Id of the standing fact by which the act was set aside."""
    return next((r.id for r in surviving(facts) if isinstance(r.fact, FactsAnnulled) and act in r.fact.acts), None)
