"""What makes a case an exception in a list: whoever reviews or decides hundreds looks at these first. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from contracts.casework import cases as facts
from contracts.civil import civil_day
from contracts.facts import Recorded
from services.casework.procedures.document import Procedure


class CaseFlag(StrEnum):
    """``changed_since_review``: something was recorded about the subject since the last approving step, and it is not decided;
    ``open_findings``: a check rule found something about the subject, and nobody has answered it; ``entered_late``: a step was
    entered so many days after it took place as the procedure calls late; ``term_exceeded``: it took longer than its term."""

    OPEN_FINDINGS = "open_findings"
    CHANGED_SINCE_REVIEW = "changed_since_review"
    OBJECTIONS_HEARD = "objections_heard"
    RETURNED_BEFORE = "returned_before"
    ENTERED_LATE = "entered_late"
    TERM_EXCEEDED = "term_exceeded"


def _took_too_long(entries: Sequence[Recorded], procedure: Procedure) -> bool:
    """By the days on which things took place; what was entered late is not done late."""
    until = None if procedure.term is None else procedure.term.until
    done = [r.fact.effective_on for r in entries if getattr(r.fact, "step", None) == until and until is not None]
    exceeded = [r.fact.due_by for r in entries if isinstance(r.fact, facts.TermExceeded)]
    given = (r.fact for r in entries if isinstance(r.fact, facts.CaseOpened | facts.ObjectionResolved))
    due = [fact.due_by for fact in given if fact.due_by is not None]
    if not due:
        return False
    # What was found before an objection, told late, gave its days back is found no more.
    return done[-1] > due[-1] if done else any(due_by >= due[-1] for due_by in exceeded)


APPROVING = (facts.ReviewGiven, facts.ComparisonMade, facts.OpinionGiven, facts.SignatureGiven, facts.InspectionMade)


def flags_of(timeline: Iterable[Recorded], procedure: Procedure) -> list[CaseFlag]:
    """Those that the case's own facts show, in a fixed order."""
    entries = list(timeline)
    late = timedelta(procedure.late_after_days)
    shown = {
        CaseFlag.OBJECTIONS_HEARD: any(isinstance(r.fact, facts.ObjectionRaised) for r in entries),
        CaseFlag.RETURNED_BEFORE: any(isinstance(r.fact, facts.CaseReturned) for r in entries),
        CaseFlag.ENTERED_LATE: any(civil_day(r.recorded_at) - r.fact.effective_on > late for r in entries),
        CaseFlag.TERM_EXCEEDED: _took_too_long(entries, procedure),
    }
    return [flag for flag, holds in shown.items() if holds]


def reviewed_at(timeline: Iterable[Recorded]) -> datetime | None:
    """When the last approving step was recorded. ``None`` once it was decided upon: nobody relies on the step any more, and what
    the decision itself brings about is no change to look at."""
    last = max(
        (r for r in timeline if isinstance(r.fact, (*APPROVING, facts.CaseDecided))),
        key=lambda r: (r.recorded_at, r.position),
        default=None,
    )
    return None if last is None or isinstance(last.fact, facts.CaseDecided) else last.recorded_at
