"""The application service behind the commands about records: request models to units of work, with the key at hand that
their text is sealed under."""

import json
from dataclasses import replace
from uuid import UUID, uuid5

import anyio
from fastapi.responses import JSONResponse

from contracts.casework.records import SubjectKind
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.evidence.citations import Citations
from services.casework.records.commands import ConfirmRecord, RecordWork, SubjectRef
from services.casework.records.document import HOLD_SESSIONS
from services.casework.records.forms import RecordCorrectionForm, RecordForm
from services.casework.records.queries import RecordQueries
from services.casework.records.state import records
from services.casework.records.store import Handler, Keys, RecordCommands, StatusCommand
from services.casework.records.streams import RecordId, stream_of
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.sealer import Sealer
from services.chassis.web.commands import Command
from services.chassis.web.evidence_forms import papers


class RecordCommandService:
    """Carries out the commands about one service's records."""

    def __init__(self, commands: RecordCommands, queries: RecordQueries, sealer: Sealer, citations: Citations) -> None:
        self._commands, self._queries, self._sealer, self._citations = commands, queries, sealer, citations

    async def make(self, form: RecordForm, command: Command) -> JSONResponse:
        subject = form.subject.ref()
        own_key = uuid5(command.ref.command_id, "record") if subject.kind in HOLD_SESSIONS else None
        work = _work(form, command, form.kind, subject, own_key)
        handler = self._commands.record_handler(work, command.actor, await self._keys_for(work, command))
        return await self._execute(command, work, handler, stream_of(subject.id, work.on))

    async def correct(self, record: RecordId, form: RecordCorrectionForm, command: Command) -> JSONResponse:
        kind, subject, own_key = await anyio.to_thread.run_sync(self._told, record)
        work = _work(form, command, kind, subject, own_key)
        handler = self._commands.correct_handler(record, work, command.actor, await self._keys_for(work, command))
        # One of another year is refused; the decision looks at that year's records all the same.
        return await self._execute(command, work, handler, record.stream, stream_of(record.subject, work.on))

    async def turn(self, record: RecordId, turned: StatusCommand, command: Command) -> JSONResponse:
        """A confirmation, an annulment or a restoration."""
        _, subject, own_key = await anyio.to_thread.run_sync(self._told, record)
        keys: Keys = {}
        if not isinstance(turned, ConfirmRecord):
            keys = await self._sealer.keys((own_key or subject.id,), dry_run=command.dry_run)
        handler = self._commands.status_handler(record, turned, command.actor, keys)
        return await self._citations.execute(
            command, handler, record.stream, evidence=(), about=(subject.id,), extends=(DOCUMENTS,)
        )

    async def _execute(self, command: Command, work: RecordWork, handler: Handler, *streams: str) -> JSONResponse:
        async def executed(command: Command) -> JSONResponse:
            return await self._citations.execute(
                command, handler, *dict.fromkeys(streams), evidence=work.evidence, about=(work.subject.id,),
                extends=(DOCUMENTS,),
            )  # fmt: skip

        if command.dry_run or not (attendants := _attendants(work)):
            return await executed(command)
        # Whoever attended is listed before anything is sealed, lest a destroyed key leave it; of what is refused nobody is.
        tried = json.loads(bytes((await executed(replace(command, dry_run=True))).body))
        if not tried["refused"]:
            await self._sealer.list_under(_sealed_under(work), attendants)
        answer = await executed(command)
        if tried["refused"]:  # it was repeated, or has become lawful since
            await self._sealer.list_under(_sealed_under(work), attendants)
        return answer

    def _told(self, record: RecordId) -> tuple[str, SubjectRef, UUID | None]:
        """What of a record never changes. Raises ``NOT_FOUND``."""
        state = records(self._queries.facts(record)).get(record.number)
        if state is None:
            raise Refused(NOT_FOUND)
        fact = state.fact
        return fact.kind, SubjectRef(fact.about, fact.subject, fact.place), fact.sealed_for

    async def _keys_for(self, work: RecordWork, command: Command) -> Keys:
        """Only of a subject in the caller's area: nobody makes keys of what does not exist."""
        if not work.values:
            return {}
        subject = work.subject
        area = subject.place
        if subject.kind is SubjectKind.PARTY:
            # Of this service's own: its views may not have it yet.
            area = await anyio.to_thread.run_sync(self._commands.area_of, self._queries.store, subject, work.on)
        elif area is None:
            area = await anyio.to_thread.run_sync(self._queries.area, subject.id)
        if not command.actor.covers(area):
            raise Refused(NOT_FOUND)
        return await self._sealer.keys((_sealed_under(work),), dry_run=command.dry_run)


def _sealed_under(work: RecordWork) -> UUID:
    return work.sealed_for or work.subject.id


def _attendants(work: RecordWork) -> tuple[UUID, ...]:
    """Whom what is sealed under a key of the record's own may be about."""
    if work.sealed_for is None or work.attendance is None or not work.values:
        return ()
    return (*work.attendance.persons, *work.attendance.households)


def _work(
    form: RecordCorrectionForm, command: Command, kind: str, subject: SubjectRef, own_key: UUID | None
) -> RecordWork:
    return RecordWork(
        kind=kind, subject=subject, on=form.effective_on, by=command.by, done_by=form.done_by or command.by,
        values=form.given(), attendance=form.attended(), evidence=papers(form.evidence), sealed_for=own_key,
        source_recorded_on=form.source_recorded_on,
    )  # fmt: skip
