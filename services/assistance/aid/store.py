"""Pupils' aid in the log and in its view."""

from collections.abc import Callable, Sequence
from itertools import groupby
from uuid import UUID

import msgspec

from contracts.assistance.aid import (
    AidAnnulment,
    AidFactsAnnulled,
    AidNoticePosted,
    PupilAidFact,
)
from contracts.civil import end_of_day
from contracts.facts import PUBLISHED, Fact, HouseholdFact, Recorded
from contracts.selection import surviving, timeline
from services.assistance.aid import commands as c
from services.assistance.aid.derived_facts import CONSEQUENCES, consequences
from services.assistance.aid.domain import Basis, decide, stream_of
from services.assistance.aid.state import AidCase, fold
from services.assistance.beneficiaries.domain import person_history, state_on
from services.assistance.beneficiaries.store import REGISTRY, facts_about_persons, registry_position
from services.assistance.reconciliation import BY, annuller_of, decided_from, difference, newest
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.parameters import Parameters
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.views.view import Row, Table, View, view_of_streams

NOTICE_ENDS = "aid_notice_ends"
COLUMNS = (
    "person_id", "number", "household_id", "division", "stage", "step", "open", "applied_on", "notice_last_day",
    "open_objections", "amount_per_year", "granted_from", "granted_until", "ending", "continued_on", "review_years",
    "review_amount",
)  # fmt: skip

InScope = Callable[[str], bool]
"""Whether the actor's area covers a division."""


class PupilAid:
    """The unit's work of every command about a pupil's aid."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters

    def carrying(self, command: c.Command, in_scope: InScope) -> Callable[[Tx], Reply]:
        def work(tx: Tx) -> Reply:
            stream = stream_of(command.person_id)
            facts = facts_about_persons(tx.cur, [command.person_id])[command.person_id]
            if facts:
                # What follows from them may be appended below, and is recorded after its cause.
                tx.after(max(r.recorded_at for r in facts))
            line = person_history(command.person_id, timeline(facts))
            cases = fold(timeline(tx.load(stream)))
            case = cases.get(command.number) if isinstance(command, c.OnCase) else None
            # Scope uses the real now, whatever day the command is about.
            division = case.division if case else line[-1].state.division if line else None
            if division is None or not in_scope(division):
                raise Refused(NOT_FOUND)
            basis = Basis(
                state_on(line, command.on), self.parameters, tx.today,
                decided_from(REGISTRY, registry_position(tx.cur), self.parameters.digest),
            )  # fmt: skip
            new = decide(command, cases, basis)
            append(tx, stream, new)
            # A step entered late may have been overtaken by what the register knows already.
            settle(tx, command.person_id, facts, self.parameters)
            number = command.number if isinstance(command, c.OnCase) else max(cases, default=0) + 1
            return Reply(location=f"/assistance/aid/applications/{command.person_id}/{number}")

        return work


def append(tx: Tx, stream: str, new: Sequence[Fact]) -> None:
    """Append, and set the clock of a notice."""
    for fact, fact_id in zip(new, tx.append(stream, *new), strict=True):
        if isinstance(fact, AidNoticePosted):
            tx.set_timer(NOTICE_ENDS, stream, end_of_day(fact.last_day), set_by=fact_id)


def settle(tx: Tx, person_id: UUID, facts: Sequence[Recorded], parameters: Parameters) -> None:
    """Bring the pupil's stream in line with the register: void what no longer follows, append what follows now."""
    stream = stream_of(person_id)
    own = tx.load(stream)
    if not own or not facts:
        return
    wanted = [f for case in fold(timeline(own)).values() for f in consequences(case, facts, parameters)]
    void, missing = difference((r for r in surviving(own) if isinstance(r.fact, CONSEQUENCES)), wanted)
    basis = decided_from(REGISTRY, newest(facts).position, parameters.digest)
    annulments = [_annulment(person_id, group, facts) for group in _by_trigger(void, facts)]
    new = [msgspec.structs.replace(f, decided_from=basis) for f in (*annulments, *missing)]
    if new:
        tx.append(stream, *new)


def _by_trigger(void: Sequence[Recorded], facts: Sequence[Recorded]) -> list[list[Recorded]]:
    def trigger(recorded: Recorded) -> int:
        return (annuller_of(recorded.fact.caused_by, facts) or newest(facts)).position

    return [list(group) for _, group in groupby(sorted(void, key=trigger), key=trigger)]


def _annulment(person_id: UUID, void: Sequence[Recorded], facts: Sequence[Recorded]) -> AidFactsAnnulled:
    first = void[0].fact
    assert isinstance(first, HouseholdFact)
    annuller = annuller_of(first.caused_by, facts)
    return AidFactsAnnulled(
        household_id=first.household_id,
        person_id=person_id,
        effective_on=min(r.fact.effective_on for r in void),
        entered_by=BY,
        caused_by=(annuller or newest(facts)).id,
        annuls=tuple(r.id for r in void),
        reason=AidAnnulment.CAUSE_ANNULLED if annuller else AidAnnulment.OVERTAKEN,
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
