"""The reaction of education aid to the registry's facts, and the timer of a notice."""

from collections.abc import Sequence

from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.aid import commands as c
from services.assistance.aid.domain import DecisionContext, decide, stream_of
from services.assistance.aid.state import AidStep, fold
from services.assistance.aid.store import append_with_timers, reconcile_aid
from services.assistance.beneficiaries.domain import SUBSCRIBED_TYPES, PersonState
from services.assistance.beneficiaries.store import facts_about_persons, households_affected_by, persons_of
from services.casework.documents.reading import Documents
from services.chassis.log.needs import Timer
from services.chassis.log.timers import Handler
from services.chassis.log.unit import Tx


class PupilAidReaction:
    """Derives facts about the aid of everybody who was ever named in the households concerned, and in those that split off
    from them: what is learned late of a household before a split holds for the new one, too."""

    name = "pupil_aid_reaction"
    types = SUBSCRIBED_TYPES
    appends = True

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        streams = {stream_of(person): person for person in persons_of(tx.cur, households_affected_by(tx.cur, facts))}
        aided = [streams[stream] for stream, own in tx.load_many(streams).items() if own]
        for person, about in facts_about_persons(tx.cur, aided).items():
            reconcile_aid(tx, person, about, self._documents.in_unit(tx))


def notice_deadline_passed(documents: Documents) -> Handler:
    """The last day of a notice is over: it closes unless an objection is open."""

    def handle(tx: Tx, timer: Timer) -> None:
        cases = fold(timeline(tx.load(timer.stream)))
        day = civil_day(timer.due_at)
        for case in cases.values():
            if case.step is not AidStep.NOTICE_POSTED:
                continue
            close = c.CloseNotice(
                person_id=case.applied.person_id, number=case.number, on=day, by="timer", caused_by=timer.set_by
            )
            context = DecisionContext(PersonState(), documents.in_unit(tx), day)
            append_with_timers(tx, timer.stream, decide(close, cases, context))

    return handle
