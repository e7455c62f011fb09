"""Facts that need attention, until they are annulled or settled. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from contracts.assistance.entitlements import OverpaidReviewOpened
from contracts.assistance.inbox import AssistanceReactionRefused
from contracts.assistance.loans import LoanApproved, LoanContracted, LoanReviewDecided, LoanReviewOpened
from contracts.facts import HouseholdFact, Recorded
from contracts.selection import timeline


class Attention(StrEnum):
    """Why somebody has to look; each has its text in the service's ``messages.yaml``."""

    REACTION_REFUSED = "reaction_refused"
    OVERPAID_REVIEW = "overpaid_review"
    LOAN_REVIEW = "loan_review"
    LOAN_TO_CONTRACT = "loan_to_contract"


@dataclass(frozen=True, slots=True)
class Entry:
    """``entry``: id of the fact that needs attention; ``details``: ids and figures, as JSON has them."""

    entry: str
    attention: Attention
    household_id: UUID
    person_id: UUID | None
    since: date
    details: Mapping[str, Any]


def entries(facts: Iterable[Recorded]) -> list[Entry]:
    """The open entries of one stream."""
    found: list[Entry] = []
    standing = timeline(facts)
    decided = {r.fact.review for r in standing if isinstance(r.fact, LoanReviewDecided)}
    signed = {r.fact.loan_id: r.fact for r in standing if isinstance(r.fact, LoanContracted)}
    for recorded in standing:
        match recorded.fact:
            case AssistanceReactionRefused() as fact:
                person = None if fact.subject == str(fact.household_id) else UUID(fact.subject)
                details: dict[str, Any] = {"reaction": fact.reaction, "rule": fact.code}
                found.append(_entry(recorded, fact, Attention.REACTION_REFUSED, details, person))
            case OverpaidReviewOpened() as fact:
                details = {
                    "case_id": str(fact.case_id), "programme": fact.programme, "amount": str(fact.amount),
                    "periods": [f"{line.first}/{line.last}" for line in fact.lines],
                }  # fmt: skip
                found.append(_entry(recorded, fact, Attention.OVERPAID_REVIEW, details, fact.person_id))
            case LoanReviewOpened() as fact if recorded.id not in decided and fact.loan_id in signed:
                details = {"loan_id": str(fact.loan_id), "reason": fact.reason}
                person = signed[fact.loan_id].person_id
                found.append(_entry(recorded, fact, Attention.LOAN_REVIEW, details, person))
            case LoanApproved() as fact if fact.loan_id not in signed:
                details = {
                    "loan_id": str(fact.loan_id), "product": fact.product, "use": fact.use, "amount": str(fact.amount),
                    "months": fact.months,
                }  # fmt: skip
                found.append(_entry(recorded, fact, Attention.LOAN_TO_CONTRACT, details, fact.person_id))
    return found


def _entry(
    recorded: Recorded,
    fact: HouseholdFact,
    attention: Attention,
    details: Mapping[str, Any],
    person: UUID | None = None,
) -> Entry:
    about = {**details, "caused_by": fact.caused_by}
    return Entry(recorded.id, attention, fact.household_id, person, fact.effective_on, about)
