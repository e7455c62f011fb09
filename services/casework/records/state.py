"""What the facts of one stream come to: its records, as told last, and when each counted by when it was known. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from contracts.casework.records import WorkAnnulled, WorkConfirmed, WorkRecorded, WorkRestored
from contracts.facts import Recorded
from contracts.selection import known, surviving


class RecordStatus(StrEnum):
    AWAITING = "awaiting_confirmation"  # nobody else has confirmed it yet: it does not count
    STANDING = "standing"
    ANNULLED = "annulled"


@dataclass(frozen=True, slots=True)
class RecordState:
    """A record at one moment. ``told``: the fact that tells it, the last one where it is annulled; ``tellings``: all that ever
    did; ``annulment``: what makes it void."""

    number: int
    told: Recorded
    tellings: tuple[Recorded, ...]
    status: RecordStatus
    annulment: Recorded | None = None

    @property
    def fact(self) -> WorkRecorded:
        assert isinstance(self.told.fact, WorkRecorded)
        return self.told.fact

    @property
    def is_awaiting(self) -> bool:
        return self.status is RecordStatus.AWAITING


def records(facts: Sequence[Recorded]) -> dict[int, RecordState]:
    """Every record of the stream, annulled ones too, by number, in the order of recording. ``facts``: those known."""
    alive = surviving(facts)
    standing = {r.id for r in alive}
    confirmed = {r.fact.caused_by for r in alive if isinstance(r.fact, WorkConfirmed)}
    annulments = {r.fact.record: r for r in alive if isinstance(r.fact, WorkAnnulled)}
    tellings: dict[int, list[Recorded]] = {}
    for r in known(facts):
        if isinstance(r.fact, WorkRecorded):
            tellings.setdefault(r.fact.corrects or r.version, []).append(r)
    found = {}
    for number, told in tellings.items():
        last = next((r for r in reversed(told) if r.id in standing), None)
        if last is None:
            status = RecordStatus.ANNULLED
        elif last.fact.to_be_confirmed and last.id not in confirmed:  # type: ignore[attr-defined]
            status = RecordStatus.AWAITING
        else:
            status = RecordStatus.STANDING
        annulment = annulments.get(number) if last is None else None
        found[number] = RecordState(number, last or told[-1], tuple(told), status, annulment)
    return found


def number_of(r: Recorded) -> int | None:
    """Number of the record that a fact of its stream is about."""
    if isinstance(r.fact, WorkRecorded):
        return r.fact.corrects or r.version
    return r.fact.record if isinstance(r.fact, WorkConfirmed | WorkAnnulled | WorkRestored) else None


def standing(facts: Sequence[Recorded]) -> list[RecordState]:
    """The records that count, for whoever asks what was done."""
    return [record for record in records(facts).values() if record.status is RecordStatus.STANDING]


@dataclass(slots=True)
class Period:
    """While a telling was in force, by when that was known: after ``since``, up to ``until`` and including it, for what is
    known before an instant is what was recorded before. ``awaiting``: for all that time it did not count."""

    told: Recorded
    since: datetime
    awaiting: bool
    until: datetime | None = None


def periods(facts: Sequence[Recorded]) -> list[Period]:
    """Of every telling, one for each time that it came in force or began to count."""
    ordered = known(facts)
    found: list[Period] = []
    in_force: dict[str, Period] = {}

    def begin(told: Recorded, since: datetime, *, awaiting: bool) -> None:
        in_force[told.id] = period = Period(told, since, awaiting)
        found.append(period)

    for place, r in enumerate(ordered, start=1):
        if isinstance(r.fact, WorkRecorded) and not r.fact.annuls:
            # Nearly all are such, and nothing else changes by one.
            begin(r, r.recorded_at, awaiting=r.fact.to_be_confirmed)
            continue
        now = {s.told.id: s for s in records(ordered[:place]).values() if s.status is not RecordStatus.ANNULLED}
        for id_, period in list(in_force.items()):
            if id_ not in now or now[id_].is_awaiting is not period.awaiting:
                period.until = r.recorded_at
                del in_force[id_]
        for id_ in now.keys() - in_force.keys():
            begin(now[id_].told, r.recorded_at, awaiting=now[id_].is_awaiting)
    return found
