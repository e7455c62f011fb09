"""Handlers of the commands about records."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol
from uuid import UUID

from msgspec import structs

from contracts.casework.records import WorkFact
from contracts.personal import SHREDDED, Personal
from services.casework.documents.reading import Documents
from services.casework.documents.store import Persons
from services.casework.messages import say
from services.casework.records import domain
from services.casework.records.commands import (
    AnnulRecord,
    ConfirmRecord,
    RecordContext,
    RecordWork,
    RestoreRecord,
    SubjectRef,
)
from services.casework.records.document import Offices
from services.casework.records.kinds import is_hidden, kind_in_force, kind_told, kinds_closed_to
from services.casework.records.rules import KEY_DESTROYED, NOT_YOUR_OFFICE
from services.casework.records.state import RecordState, RecordStatus, records, standing
from services.casework.records.streams import RecordId, stream_of, streams_of
from services.casework.records.subjects import FoundSubject, RecordSubjects
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import CommandWarning, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.security.sealing import DataKey, KeyDestroyed, seal

Keys = Mapping[UUID, DataKey]
Handler = Callable[[Tx], Reply]
LOOKED_BACK = 2
"""How many years ago what comes first may have been recorded."""
StatusCommand = ConfirmRecord | AnnulRecord | RestoreRecord


class Reconcile(Protocol):
    """Brings what follows from records of these subjects in line, in the unit of work that recorded ``cause``, the id of a
    fact."""

    def __call__(self, tx: Tx, subjects: Sequence[UUID], cause: str) -> None: ...


class RecordCommands:
    """``service``: whose records they are; ``persons``: which accounts are one person's."""

    def __init__(
        self, service: str, documents: Documents, subjects: RecordSubjects, persons: Persons, reconcile: Reconcile
    ) -> None:
        self._service, self._documents, self._subjects, self._persons = service, documents, subjects, persons
        self._reconcile = reconcile

    def location_of(self, record: RecordId) -> str:
        return f"/{self._service}/records/{record}"

    def area_of(self, store: Store, subject: SubjectRef, day: date) -> str:
        """Where the subject is, by its facts. Blocking. Raises ``NOT_FOUND``."""
        found = store.on_snapshot(lambda tx: self._subjects.find(tx, subject, day))
        if found is None:
            raise Refused(NOT_FOUND)
        return found.area

    def record_handler(self, command: RecordWork, actor: Actor, keys: Keys) -> Handler:
        def work(tx: Tx) -> Reply:
            found = self._found(tx, command.subject, command.on, actor)
            stream = stream_of(command.subject.id, command.on)
            number = tx.version(stream) + 1
            return self._tell(tx, command, actor, keys, found, RecordId(command.subject.id, command.on.year, number))

        return work

    def correct_handler(self, record: RecordId, command: RecordWork, actor: Actor, keys: Keys) -> Handler:
        """``command``: its subject's kind and place, and the kind of record, are the former record's."""

        def work(tx: Tx) -> Reply:
            before = _record_of(tx, record)
            self._require_not_hidden(tx, before, actor)
            subject = SubjectRef(before.fact.about, record.subject, before.fact.place)
            told = replace(command, subject=subject, kind=before.fact.kind, corrects=record.number)
            return self._tell(tx, told, actor, keys, self._found(tx, subject, told.on, actor), record, before)

        return work

    def status_handler(self, record: RecordId, command: StatusCommand, actor: Actor, keys: Keys) -> Handler:
        """A confirmation, an annulment or a restoration."""

        def work(tx: Tx) -> Reply:
            state = _record_of(tx, record)
            subject = SubjectRef(state.fact.about, record.subject, state.fact.place)
            self._found(tx, subject, state.fact.effective_on, actor)
            kind = kind_told(self._documents.in_unit(tx), state.fact.kind, state.fact.edition)
            if not (isinstance(command, ConfirmRecord) and kind.is_confirmed_by(actor.roles, actor.level)):
                self._require_not_hidden(tx, state, actor)
            new: WorkFact
            match command:
                case ConfirmRecord():
                    _require_office(kind.confirmed_by or kind.made_by, actor, "confirm_record")
                    new = domain.confirm(state, command, self._persons(tx, command.by), tx.today)
                case AnnulRecord():
                    _require_office(kind.made_by, actor, "annul_record")
                    new = domain.annul(state, command, tx.today)
                case RestoreRecord():
                    _require_office(kind.made_by, actor, "restore_record")
                    new = domain.restore(state, _in_force(tx, record.stream, record.number), command, kind, tx.today)
            return self._append(tx, record, _sealed_or_lost(new, keys))

        return work

    def _found(self, tx: Tx, subject: SubjectRef, on: date, actor: Actor) -> FoundSubject:
        found = self._subjects.find(tx, subject, on)
        if found is None or not actor.covers(found.area):
            raise Refused(NOT_FOUND)
        if found.learned_at is not None:
            tx.after(found.learned_at)
        return found

    def _require_not_hidden(self, tx: Tx, state: RecordState, actor: Actor) -> None:
        """Whoever told a record anew could read all of it: nobody acts on one that does not exist for them."""
        if is_hidden(state.fact, actor, kinds_closed_to(actor, self._documents.own_in_unit(tx).as_known())):
            raise Refused(NOT_FOUND)

    def _tell(
        self, tx: Tx, command: RecordWork, actor: Actor, keys: Keys, found: FoundSubject, record: RecordId,
        before: RecordState | None = None,
    ) -> Reply:  # fmt: skip
        lookup = self._documents.in_unit(tx)
        kind = kind_in_force(lookup, command.kind, command.on, found.area_then or found.area)
        _require_office(kind.made_by, actor, "make_record" if before is None else "correct_record")
        attendance = command.attendance
        named = (*attendance.persons, *attendance.households) if attendance is not None else ()
        areas = self._subjects.areas_of(tx, named) if named else {}
        context = RecordContext(
            command, kind, found.area_then is not None, tx.today,
            others=_in_force(tx, stream_of(command.subject.id, command.on), command.corrects),
            unknown=[one for one in named if one not in areas or not actor.covers(areas[one])],
            corrected=before,
            before=_kinds_until(tx, command) if kind.after or kind.each_after else {},
        )  # fmt: skip
        told = domain.record(context)
        if before is None and (like := domain.told_alike(told, context.others)) is not None:
            # Where the document lets one do it several times a day nobody is refused: both may count.
            why, again = say("record_told_alike_that_day"), RecordId(record.subject, record.year, like.number)
            tx.warnings.append(CommandWarning.of(why.code, why, {"record": str(again)}))
        return self._append(tx, record, _sealed(told, keys))

    def _append(self, tx: Tx, record: RecordId, fact: WorkFact) -> Reply:
        (told,) = tx.append(record.stream, fact)
        self._reconcile(tx, [record.subject], told)
        return Reply(location=self.location_of(record))


def _record_of(tx: Tx, record: RecordId) -> RecordState:
    state = records(tx.load(record.stream)).get(record.number)
    if state is None:
        raise Refused(NOT_FOUND)
    return state


def _in_force(tx: Tx, stream: str, but: int | None) -> tuple[RecordState, ...]:
    """The records of the stream that are not annulled, but for one."""
    states = records(tx.load(stream)).values()
    return tuple(s for s in states if s.status is not RecordStatus.ANNULLED and s.number != but)


def _kinds_until(tx: Tx, command: RecordWork) -> Counter[str]:
    """How many of each, of what was recorded about the subject since the beginning of the year before the last, up to the day."""
    since = command.on.replace(year=command.on.year - LOOKED_BACK, day=1)
    streams = tx.load_many(streams_of([command.subject.id], since, command.on))
    found = (state for facts in streams.values() for state in standing(facts))
    return Counter(s.fact.kind for s in found if s.fact.effective_on <= command.on and s.number != command.corrects)


def _require_office(offices: Offices, actor: Actor, act: str) -> None:
    if not offices.admit(actor.roles, actor.level):
        roles, levels = sorted(offices.roles), sorted(offices.levels)
        step = NextStep(act, Office(tuple(roles), tuple(levels)))
        raise Refused(NOT_YOUR_OFFICE, roles=roles, levels=levels).advising(step)


def _sealed(fact: WorkFact, keys: Keys) -> WorkFact:
    try:
        return seal(fact, keys)
    except KeyDestroyed:
        raise Refused(KEY_DESTROYED) from None


def _sealed_or_lost(turn: WorkFact, keys: Keys) -> WorkFact:
    """Where the key is destroyed the reason is stored as shredded: a record that is wrong can be annulled all the same."""
    try:
        return seal(turn, keys)
    except KeyDestroyed:
        return structs.replace(turn, reason=Personal.sealed(SHREDDED))
