"""Looking for what was missed: from the first moment of each day on which something counts as missed, in chunks.

A chunk is a timer, and so a command of its own, whose id is made of the day and of where the chunk begins: broken off, it goes
on where it stood, and what was done twice has one effect. It walks some subjects by index, finds with one query those who may
have missed something, and has their histories decide under the append lock; between two chunks everybody else has their turn.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from contracts.casework.documents import DocumentWithdrawn
from contracts.civil import civil_day, start_of_day
from contracts.facts import Recorded
from services.casework.calendars.periods import Period
from services.casework.documents.editions import DOCUMENT_TYPES
from services.casework.duties.document import Once
from services.casework.duties.domain import LONGEST, overdue_on
from services.casework.duties.duty_sets import DutySets
from services.casework.duties.matters import DutyMatter
from services.casework.duties.relations import WindowRow, unmet, window_params, window_rows
from services.casework.duties.store import DUE_STREAM, DUE_TIMER, ONE_DAY, Duties
from services.chassis.log.needs import Timer
from services.chassis.log.store import Store
from services.chassis.log.timers import Handler
from services.chassis.log.unit import Tx

WALKED = 250
"""Subjects that a chunk walks at most: some milliseconds of one index."""
DECIDED = 50
"""Subjects whose histories a chunk reads at most, so that nobody waits for the lock for longer than a moment."""
LOOKED_BACK = timedelta(days=7)
"""How long ago something may have come to count as missed: what the views showed too late one day is found the next."""
VOIDED = "*"
"""Stands for an obligation where all misses are looked at again, after a document was withdrawn."""
NOBODY, EVERYBODY = UUID(int=0), UUID(int=2**128 - 1)


class DutySweep:
    def __init__(self, duties: Duties, *, walked: int = WALKED, decided: int = DECIDED) -> None:
        self._duties, self._walked, self._decided = duties, walked, decided

    @property
    def deadlines(self) -> Mapping[str, Handler]:
        """The handler of the timers that duties set."""
        return {DUE_TIMER: self.look}

    def begin(self, store: Store) -> None:
        """At the start of the service: see to it that the next day is looked at, whatever happened while nobody did."""
        store.transact(_tomorrow, appends=False)

    def look(self, tx: Tx, timer: Timer) -> None:
        """One chunk; sets the timer of the next one, or of the next day on which something counts as missed."""
        _, _, place = timer.stream.partition("/")
        obligation, _, after = place.partition("/")
        sets, day = self._duties.duty_sets.in_unit(tx), civil_day(timer.due_at)
        names = [
            name
            for name, matter in self._duties.matters.items()
            if self._windows(sets, name, day) and _is_known(tx, matter)
        ]
        if not place:
            obligation, after = (names[0] if names else ""), str(NOBODY)
        following: str | None
        if (upto := self._chunk(tx, sets, obligation, UUID(after), day)) is not None:
            following = f"{obligation}/{upto}"
        else:
            left = names[names.index(obligation) + 1 :] if obligation in names else []
            following = f"{left[0]}/{NOBODY}" if left else None
        if following is not None:
            tx.set_timer(DUE_TIMER, f"{DUE_STREAM}/{following}", timer.due_at, timer.set_by)
        elif obligation != VOIDED and (then := self._next_day(tx, sets, day)) is not None:
            tx.set_timer(DUE_TIMER, DUE_STREAM, start_of_day(then), timer.set_by)

    def _chunk(self, tx: Tx, sets: DutySets, obligation: str, after: UUID, day: date) -> UUID | None:
        """Up to which subject it went; ``None`` where that was the last."""
        if obligation == VOIDED:
            return self._look_again(tx, after)
        due = Period(day - LOOKED_BACK, day)
        matter, windows = self._duties.matters.get(obligation), self._windows(sets, obligation, day)
        if matter is None or not windows:
            return None
        upto = self._walk(tx, matter, after)
        sql = (
            f"SELECT DISTINCT o.subject {unmet(matter)} AND o.subject > %(after)s AND o.subject <= %(upto)s"
            " AND d.last + w.grace_days + 1 BETWEEN %(since)s AND %(day)s"
            " AND NOT EXISTS (SELECT FROM duty_misses m WHERE m.subject = o.subject AND m.duty_set = w.duty_set"
            "  AND m.duty = w.duty AND m.first = d.first AND m.last = d.last AND m.obliged = coalesce(o.obliged, ''))"
            " ORDER BY o.subject LIMIT %(most)s"
        )
        params = {
            **window_params(sorted(windows)), "after": after, "upto": upto or EVERYBODY, "since": due.start, "day": day,
            "most": self._decided,
        }  # fmt: skip
        subjects = [row[0] for row in tx.cur.execute(sql.encode(), params)]
        self._duties.record_missed(tx, obligation, subjects, due)
        return subjects[-1] if len(subjects) == self._decided else upto

    def _windows(self, sets: DutySets, obligation: str, day: date) -> set[WindowRow]:
        """What may have come to count as missed on that day, wherever in the country it may be owed: who moved owes by the place
        of then."""
        due = Period(day - LOOKED_BACK, day)
        return {row._replace(place="") for row in window_rows(sets, obligation, due, due.end, sets.places)}

    def _look_again(self, tx: Tx, after: UUID) -> UUID | None:
        sql = b"SELECT DISTINCT subject FROM duty_misses WHERE subject > %s ORDER BY subject LIMIT %s"
        subjects = [row[0] for row in tx.cur.execute(sql, (after, self._decided))]
        self._duties.reconcile(tx, subjects)
        return subjects[-1] if len(subjects) == self._decided else None

    def _walk(self, tx: Tx, matter: DutyMatter, after: UUID) -> UUID | None:
        """The last subject of the chunk that begins behind this one; ``None`` where no full chunk is left."""
        sql = f"SELECT p.subject FROM ({matter.parties}) p WHERE p.subject > %s ORDER BY p.subject LIMIT 1 OFFSET %s"
        row = tx.cur.execute(sql.encode(), (after, self._walked - 1)).fetchone()
        return row[0] if row else None

    def _next_day(self, tx: Tx, sets: DutySets, day: date) -> date | None:
        """After this one, on which something may count as missed."""
        days = (d for name, matter in self._duties.matters.items() for d in _next_days(tx, sets, name, matter, day))
        return min(days, default=None)


def _is_known(tx: Tx, matter: DutyMatter) -> bool:
    """Whether anybody was ever obliged."""
    row = tx.cur.execute(f"SELECT EXISTS (SELECT FROM ({matter.parties}) p)".encode()).fetchone()
    return bool(row and row[0])


def _is_owed(tx: Tx, matter: DutyMatter, of: str | None, since: date) -> bool:
    """Whether an obligation lasts until then, by which a duty may recur; who gets one sees to it that its periods are looked
    at."""
    where = "" if of is None else " AND o.of_kind = %(of)s"
    sql = f"SELECT EXISTS (SELECT FROM ({matter.obligations}) o WHERE (o.until IS NULL OR o.until > %(since)s){where})"
    row = tx.cur.execute(sql.encode(), {"of": of, "since": since}).fetchone()
    return bool(row and row[0])


def _next_days(tx: Tx, sets: DutySets, obligation: str, matter: DutyMatter, day: date) -> Iterator[date]:
    duties = [duty for _, duty in sets.duties(obligation) if not duty.observed]
    asked = dict[tuple[str | None, date], bool]()
    for duty in () if matter.set_once else duties:
        late = timedelta(duty.grace_days + 1)
        if isinstance(duty.cadence, Once):
            late += timedelta(duty.cadence.within_days)
            sql = f"SELECT o.begins FROM ({matter.obligations}) o WHERE o.begins > %s ORDER BY o.begins LIMIT 1"
            row = tx.cur.execute(sql.encode(), (day - late,)).fetchone()
            if row is not None:
                yield row[0] + late
            continue
        for place in sets.places:
            ends = Period(day - late + ONE_DAY, day + LONGEST)
            if (period := next(sets.windows(duty.cadence, ends, place), None)) is None:
                continue
            key = duty.of, period.start
            if key not in asked:
                asked[key] = _is_owed(tx, matter, *key)
            if asked[key]:
                yield overdue_on(duty, period)


class ChangedDutySets:
    """A reaction to documents: by another duty set or calendar other days are looked at, and what was owed by one that was
    withdrawn was not owed."""

    name = "changed_duty_sets"
    types = DOCUMENT_TYPES
    appends = False

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        _tomorrow(tx)
        withdrawn = [r for r in facts if isinstance(r.fact, DocumentWithdrawn)]
        if withdrawn:
            tx.set_timer(DUE_TIMER, f"{DUE_STREAM}/{VOIDED}/{NOBODY}", tx.instant, withdrawn[-1].id)


def _tomorrow(tx: Tx) -> None:
    tx.set_timer(DUE_TIMER, DUE_STREAM, start_of_day(tx.today + ONE_DAY), f"{tx.log}/{DUE_STREAM}")
