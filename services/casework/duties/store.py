"""What is recorded of duties: a miss once it stands, and that it was none. Derived from all that is known, so that whatever is
told late, annulled or restored needs no case of its own, and deriving twice changes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from contracts.accounts import SYSTEM_ACTOR, TIMER
from contracts.casework.duties import DutyMissed, DutyMissesAnnulled
from contracts.civil import start_of_day
from contracts.facts import DecidedFrom, LogPosition, Recorded
from contracts.selection import timeline
from services.casework.calendars.periods import Period
from services.casework.duties.document import Once
from services.casework.duties.domain import LONGEST, DutyState, Identity, Owed, identity_of, next_of_recurring, owed
from services.casework.duties.history import History
from services.casework.duties.matters import DutyMatter, DutyMatters
from services.casework.duties.repository import DutySetRepository
from services.chassis.log.unit import Tx

DUE_TIMER, DUE_STREAM = "duties_due", "duties"
"""Kind and stream of the timers that look for what was missed; no fact stands in the stream."""
EARLIEST = date(1990, 1, 1)
ONE_DAY = timedelta(days=1)
ONE_YEAR = timedelta(days=366)


def stream_of(subject: UUID) -> str:
    return f"duties-{subject}"


class Duties:
    """The duties of a service."""

    def __init__(self, duty_sets: DutySetRepository, matters: DutyMatters) -> None:
        self.duty_sets, self.matters = duty_sets, matters

    def reconcile(self, tx: Tx, subjects: Sequence[UUID], cause: str | None = None) -> None:
        """After something about these subjects was recorded: append the misses that stand now and are not recorded, annul those
        that are none, and see to it that what comes due next is looked at. ``cause``: id of what was recorded, where that is
        not part of their histories of being obliged."""
        recorded = _recorded(tx, subjects)
        found: defaultdict[UUID, dict[Identity, Owed]] = defaultdict(dict)
        histories: dict[UUID, History] = {}
        recurring = list[tuple[date, str]]()
        sets = self.duty_sets.in_unit(tx)
        missed_by = {
            r.fact.obligation for of in recorded.values() for r in of.values() if isinstance(r.fact, DutyMissed)
        }
        for name, matter in self.matters.items():
            if name not in missed_by and not any(sets.duties(name)):
                continue
            for subject, history, duties in self._owed(tx, name, matter, subjects, None):
                found[subject].update({one.identity: one for one in duties})
                histories.setdefault(subject, history)
                if (then := next_of_recurring(history, sets, name, tx.today)) is not None:
                    recurring.append(then)
        for subject, history in histories.items():
            of_subject, misses = found[subject], recorded[subject]
            void = [r for r in misses.values() if not _is_missed(r, of_subject, tx.today)]
            latest = cause or history.latest
            self._annul(tx, subject, history, void, of_subject, latest)
            missed = [o for key, o in of_subject.items() if key not in misses and o.overdue_on <= tx.today]
            self._append(tx, subject, history, missed, SYSTEM_ACTOR, latest)
            for one in of_subject.values():
                once = isinstance(one.duty.cadence, Once) and not one.duty.observed
                if once and one.met_by is None and one.overdue_on > tx.today:
                    tx.set_timer(DUE_TIMER, DUE_STREAM, start_of_day(one.overdue_on), one.obligation.cause)
        if recurring:  # the first sees to those after it
            day, why = min(recurring)
            tx.set_timer(DUE_TIMER, DUE_STREAM, start_of_day(day), why)

    def record_missed(self, tx: Tx, obligation: str, subjects: Sequence[UUID], due: Period) -> None:
        """Append, once, what was owed to these subjects by this obligation, counts as missed since a day within ``due``, and is
        not recorded."""
        recorded = _recorded(tx, subjects)
        for subject, history, duties in self._owed(tx, obligation, self.matters[obligation], subjects, due):
            missed = [o for o in duties if o.identity not in recorded[subject]]
            self._append(tx, subject, history, missed, TIMER, None)

    def _owed(
        self, tx: Tx, name: str, matter: DutyMatter, subjects: Sequence[UUID], due: Period | None
    ) -> Iterable[tuple[UUID, History, list[Owed]]]:
        sets = self.duty_sets.in_unit(tx)
        days = due or Period(EARLIEST, tx.today + LONGEST)
        for subject, history in matter.histories(tx, subjects, tx.today).items():
            yield subject, history, list(owed(history, sets, name, days, tx.today))

    def _append(
        self, tx: Tx, subject: UUID, history: History, missed: Iterable[Owed], by: str, cause: str | None
    ) -> None:
        facts = [
            DutyMissed(
                effective_on=one.period.end + ONE_DAY, entered_by=by, caused_by=cause or one.obligation.cause,
                decided_from=DecidedFrom(logs=(LogPosition(log=tx.log, position=tx.head),), documents=(one.edition.id,)),
                subject=subject, household_id=history.household_id, duty_set=one.edition.terms.duty_set,
                duty=one.duty.key, obligation=one.duty.obligation, document=one.edition.id,
                obliged=one.obligation.obliged, first=one.period.start, last=one.period.end,
            )
            for one in missed
            if one.met_by is None and not one.duty.observed
        ]  # fmt: skip
        if facts:
            tx.append(stream_of(subject), *facts)

    def _annul(
        self, tx: Tx, subject: UUID, history: History, void: Iterable[Recorded], duties: Mapping[Identity, Owed], latest: str
    ) -> None:  # fmt: skip
        """Because of what fulfilled each duty after all; of what is not owed any more, because of what was recorded last."""
        by_cause: defaultdict[str, list[Recorded]] = defaultdict(list)
        for miss in void:
            assert isinstance(miss.fact, DutyMissed)
            one = duties.get(identity_of(miss.fact))
            by_cause[one.met_by.fact if one is not None and one.met_by is not None else latest].append(miss)
        for cause, misses in by_cause.items():
            annulled = DutyMissesAnnulled(
                effective_on=min(r.fact.effective_on for r in misses), entered_by=SYSTEM_ACTOR, caused_by=cause,
                subject=subject, household_id=history.household_id, annuls=tuple(r.id for r in misses),
            )  # fmt: skip
            tx.append(stream_of(subject), annulled)


def _recorded(tx: Tx, subjects: Sequence[UUID]) -> dict[UUID, dict[Identity, Recorded]]:
    """The misses that stand in the log."""
    streams = {subject: stream_of(subject) for subject in subjects}
    facts = tx.load_many(streams.values())
    return {
        subject: {identity_of(r.fact): r for r in timeline(facts[stream]) if isinstance(r.fact, DutyMissed)}
        for subject, stream in streams.items()
    }


def _is_missed(miss: Recorded, duties: Mapping[Identity, Owed], today: date) -> bool:
    assert isinstance(miss.fact, DutyMissed)
    one = duties.get(identity_of(miss.fact))
    return one is not None and one.state(today) in (DutyState.OVERDUE, DutyState.MISSED)
