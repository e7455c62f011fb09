"""Status history of an older system. It says who decided and when the old system learned of it; here it was learned
today, and every answer about it names the basis "asserted".

The form has no column for the standard of an identification, the policies after an exit or the cause of a fall back:
the old register was the national one, exited households kept their policies until 2020, and the cause on the form is
the household's present one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from contracts.facts import Fact, HouseholdFact, Precision
from contracts.registry.households import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    PovertyCause,
    Standard,
)
from contracts.selection import surviving
from services.chassis.ground.refusals import Rule
from services.registry.households.domain import stream_of, with_appended
from services.registry.intake.codes import StatusEvent
from services.registry.intake.layout import HISTORY
from services.registry.intake.matching import register_rules as rules
from services.registry.intake.matching.import_decision import Entry, Found, Upload, wrong
from services.registry.intake.matching.new_records import common
from services.registry.intake.reading.drafts import HistoryDraft, HouseholdDraft, RowError

StatusFact = HouseholdEnrolled | HouseholdExited | HouseholdReturned | HouseholdRemoved

KINDS: dict[StatusEvent, type[StatusFact]] = {
    StatusEvent.IDENTIFIED: HouseholdEnrolled,
    StatusEvent.EXITED: HouseholdExited,
    StatusEvent.RETURNED: HouseholdReturned,
    StatusEvent.REMOVED: HouseholdRemoved,
}
COUNTY_DIGITS = 6


def migrate(
    draft: HouseholdDraft, found: Found, before: Sequence[Entry], upload: Upload
) -> tuple[list[Entry], list[RowError]]:
    """Facts of the events that are not on record yet, to follow ``before``; and why some cannot be taken."""
    on_record = [r.fact for r in surviving(found.known) if isinstance(r.fact, StatusFact)]
    decided_here = any(fact.case_id is not None for fact in on_record)
    entries: list[Entry] = []
    errors: list[RowError] = []
    for event in draft.history:
        same = next((fact for fact in on_record if _same(event, fact)), None)
        if same is not None:
            on_record.remove(same)
        elif (why := _against(event, upload, decided_here)) is not None:
            errors.append(wrong(why, HISTORY, event.row))
        else:
            fact = _fact(event, draft, found, [*before, *entries], upload)
            entries.append(Entry(fact, HISTORY, event.row, "event"))
    return entries, errors


def _against(event: HistoryDraft, upload: Upload, decided_here: bool) -> Rule | None:
    if len(upload.area) > COUNTY_DIGITS:
        return rules.MIGRATED_BY_COUNTY
    if event.source_recorded_on is None:
        return rules.SOURCE_DAY_MISSING
    return rules.AFTER_CASE if decided_here else None


def _fact(
    event: HistoryDraft, draft: HouseholdDraft, found: Found, before: Sequence[Entry], upload: Upload
) -> StatusFact:
    said: dict[str, Any] = {
        **common(found, event.effective, upload),
        "source_recorded_on": event.source_recorded_on,
        "decision": event.decision,
    }
    match event.event:
        case StatusEvent.IDENTIFIED:
            return HouseholdEnrolled(**said, standard=Standard.NATIONAL)
        case StatusEvent.EXITED:
            return HouseholdExited(**said, enjoys_policies=True)
        case StatusEvent.RETURNED:
            cause = draft.main_cause or found.then.main_cause or PovertyCause.OTHER
            exit_id = _last_exit(found, [entry.fact for entry in before], event.effective.day)
            return HouseholdReturned(**said, cause=cause, former_exit=exit_id)
        case StatusEvent.REMOVED:
            return HouseholdRemoved(**said, reason="原系统登记为剔除 / removed in the older system")


def _last_exit(found: Found, new: Sequence[Fact], day: date) -> str:
    """The id that the exit before this day has or will have; empty when there is none, which no legal return survives."""
    future = with_appended(found.known, new, stream_of(found.household_id))
    exits = [r.id for r in surviving(future) if isinstance(r.fact, HouseholdExited) and r.fact.effective_on <= day]
    return exits[-1] if exits else ""


def _same(event: HistoryDraft, fact: HouseholdFact) -> bool:
    """Whether the register has this event: as far as both days are known, they are the same."""
    known = {event.effective.precision, fact.precision}
    return isinstance(fact, KINDS[event.event]) and _within(event.effective.day, known) == _within(
        fact.effective_on, known
    )


def _within(day: date, known: set[Precision]) -> tuple[int, ...]:
    if Precision.YEAR in known:
        return (day.year,)
    return (day.year, day.month) if Precision.MONTH in known else (day.year, day.month, day.day)
