"""Facts that need attention, until they are annulled or settled."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.assistance.aid import PaidAidReviewOpened
from contracts.assistance.inbox import AssistanceReactionRefused
from contracts.assistance.pairing import HelperDutyMissed
from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.pairing.state import fold


class Kind(StrEnum):
    REACTION_REFUSED = "reaction_refused"
    AID_REVIEW = "aid_review"
    DUTY_MISSED = "duty_missed"


@dataclass(frozen=True, slots=True)
class Entry:
    """``detail``: what was refused and by which rule's code, the amount in yuan to review, or the duty's id."""

    entry: str
    kind: Kind
    household_id: UUID
    person_id: UUID | None
    detail: str
    caused_by: str | None
    since: date


def entries(facts: Iterable[Recorded]) -> list[Entry]:
    """The open entries of one stream."""
    surviving = timeline(facts)
    pending_duties = {duty.id for duty in fold(surviving).pending_duties}
    found: list[Entry] = []
    for recorded in surviving:
        match recorded.fact:
            case AssistanceReactionRefused() as fact:
                person = None if fact.subject == str(fact.household_id) else UUID(fact.subject)
                found.append(_entry(recorded, Kind.REACTION_REFUSED, fact, person, f"{fact.reaction}: {fact.code}"))
            case PaidAidReviewOpened() as fact:
                found.append(_entry(recorded, Kind.AID_REVIEW, fact, fact.person_id, str(fact.amount)))
            case HelperDutyMissed() as fact if fact.duty in pending_duties:
                found.append(_entry(recorded, Kind.DUTY_MISSED, fact, None, fact.duty))
    return found


def _entry(
    recorded: Recorded,
    kind: Kind,
    fact: AssistanceReactionRefused | PaidAidReviewOpened | HelperDutyMissed,
    person: UUID | None,
    detail: str,
) -> Entry:
    return Entry(recorded.id, kind, fact.household_id, person, detail, fact.caused_by, fact.effective_on)
