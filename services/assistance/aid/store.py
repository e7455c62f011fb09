"""Command handlers of education aid, the reconciliation of its derived facts, and its view."""

from collections.abc import Callable, Sequence
from itertools import groupby
from uuid import UUID

import msgspec

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance.aid import (
    AidAnnulment,
    AidApplied,
    AidFactsAnnulled,
    AidGranted,
    AidNoticePosted,
    PupilAidFact,
)
from contracts.civil import end_of_day
from contracts.facts import PUBLISHED, DecidedFrom, Fact, HouseholdFact, Recorded
from contracts.selection import surviving, timeline
from services.assistance.aid import commands as c
from services.assistance.aid.derived_facts import DERIVED_FACTS, derive_facts
from services.assistance.aid.domain import DecisionContext, decide, stream_of
from services.assistance.aid.state import AidCase, fold
from services.assistance.beneficiaries.domain import person_history, state_on
from services.assistance.beneficiaries.store import REGISTRY, facts_about_persons, registry_position
from services.assistance.reconciliation import annulling_fact, decided_from, diff, last_recorded
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.views.view import Row, Table, View, view_of_streams

NOTICE_TIMER = "aid_notice_ends"
COLUMNS = (
    "person_id", "number", "household_id", "division", "stage", "step", "open", "applied_on", "notice_last_day",
    "open_objections", "amount_per_year", "granted_from", "granted_until", "ending", "continued_on", "review_years",
    "review_amount",
)  # fmt: skip

InScope = Callable[[str], bool]
"""Whether the actor's area covers a division."""


class AidCommands:
    """Handlers of the commands about a pupil's aid."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def handler(self, command: c.Command, in_scope: InScope) -> Callable[[Tx], Reply]:
        def handle(tx: Tx) -> Reply:
            stream = stream_of(command.person_id)
            facts = facts_about_persons(tx.cur, [command.person_id])[command.person_id]
            if facts:
                # What follows from them may be appended below, and is recorded after its cause.
                tx.after(max(r.recorded_at for r in facts))
            history = person_history(command.person_id, timeline(facts))
            cases = fold(timeline(tx.load(stream)))
            case = cases.get(command.number) if isinstance(command, c.OnCase) else None
            # Scope uses the real now, whatever day the command is about.
            division = case.division if case else history[-1].state.division if history else None
            if division is None or not in_scope(division):
                raise Refused(NOT_FOUND)
            lookup = self._documents.in_unit(tx)
            new = decide(command, cases, DecisionContext(state_on(history, command.on), lookup, tx.today))
            basis = decided_from(REGISTRY, registry_position(tx.cur), lookup.used)
            append_with_timers(tx, stream, [with_basis(fact, basis) for fact in new])
            # A step entered late may precede what the registry has recorded already.
            reconcile_aid(tx, command.person_id, facts, self._documents.in_unit(tx))
            number = command.number if isinstance(command, c.OnCase) else max(cases, default=0) + 1
            return Reply(location=f"/assistance/aid/applications/{command.person_id}/{number}")

        return handle


def with_basis(fact: Fact, basis: DecidedFrom) -> Fact:
    """What was looked at to decide this; the steps between an application and its decision rest on nobody else's facts."""
    return msgspec.structs.replace(fact, decided_from=basis) if isinstance(fact, AidApplied | AidGranted) else fact


def append_with_timers(tx: Tx, stream: str, new: Sequence[Fact]) -> None:
    """Append, and set the timer of each notice."""
    for fact, fact_id in zip(new, tx.append(stream, *new), strict=True):
        if isinstance(fact, AidNoticePosted):
            tx.set_timer(NOTICE_TIMER, stream, end_of_day(fact.last_day), set_by=fact_id)


def reconcile_aid(tx: Tx, person_id: UUID, facts: Sequence[Recorded], lookup: Lookup) -> None:
    """Bring the pupil's derived facts in line with the registry's: annul the obsolete, append the missing."""
    stream = stream_of(person_id)
    own = tx.load(stream)
    if not own or not facts:
        return
    desired = [f for case in fold(timeline(own)).values() for f in derive_facts(case, facts, lookup)]
    obsolete, missing = diff((r for r in surviving(own) if isinstance(r.fact, DERIVED_FACTS)), desired)
    basis = decided_from(REGISTRY, last_recorded(facts).position, lookup.used)
    annulments = [_annulment(person_id, group, facts) for group in _by_trigger(obsolete, facts)]
    new = [msgspec.structs.replace(f, decided_from=basis) for f in (*annulments, *missing)]
    if new:
        tx.append(stream, *new)


def _by_trigger(obsolete: Sequence[Recorded], facts: Sequence[Recorded]) -> list[list[Recorded]]:
    def trigger(recorded: Recorded) -> int:
        return (annulling_fact(recorded.fact.caused_by, facts) or last_recorded(facts)).position

    return [list(group) for _, group in groupby(sorted(obsolete, key=trigger), key=trigger)]


def _annulment(person_id: UUID, obsolete: Sequence[Recorded], facts: Sequence[Recorded]) -> AidFactsAnnulled:
    first = obsolete[0].fact
    assert isinstance(first, HouseholdFact)
    annulling = annulling_fact(first.caused_by, facts)
    return AidFactsAnnulled(
        household_id=first.household_id,
        person_id=person_id,
        effective_on=min(r.fact.effective_on for r in obsolete),
        entered_by=SYSTEM_ACTOR,
        caused_by=(annulling or last_recorded(facts)).id,
        annuls=tuple(r.id for r in obsolete),
        reason=AidAnnulment.CAUSE_ANNULLED if annulling else AidAnnulment.OVERTAKEN,
    )


def view() -> View[UUID]:
    """Keeps the table ``aid_cases``."""
    types = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, PupilAidFact))
    table = Table("aid_cases", "person_id", COLUMNS)
    return view_of_streams("aid_cases", (table,), types, "education-aid-", UUID, _rows)


def _rows(person: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    return ([_row(person, case) for case in fold(timeline(facts)).values()],)


def _row(person: UUID, case: AidCase) -> Row:
    granted, review = case.granted, case.review
    return (
        person, case.number, case.household_id, case.division, case.applied.stage, case.step, case.is_open,
        case.applied.effective_on, case.notice.last_day if case.notice else None, sorted(case.open_objections),
        granted.amount_per_year if granted else None, granted.effective_on if granted else None, case.until,
        case.ending, case.continued_on, list(review.school_years) if review else None,
        review.amount if review else None,
    )  # fmt: skip
