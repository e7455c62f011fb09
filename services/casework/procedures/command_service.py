"""The application service behind the case commands: request models to units of work, with the case's key at hand."""

from uuid import UUID, uuid5

import anyio
from fastapi.responses import JSONResponse

from contracts.personal import Personal
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.evidence.citations import Citations
from services.casework.procedures import commands as c
from services.casework.procedures.batches import (
    BatchAnswer,
    BatchForm,
    BatchItem,
    batch_commands,
    carried_out,
    readings_of,
    ref_of,
)
from services.casework.procedures.forms import OpenForm
from services.casework.procedures.matters import WithPersonalTerms
from services.casework.procedures.queries import CaseQueries
from services.casework.procedures.store import CaseCommands, open_case_claim, stream_of
from services.chassis.ground.refusals import Refused
from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Unit
from services.chassis.security.sealer import Sealer
from services.chassis.web.commands import Command, outcome_of


class CaseCommandService:
    """Carries out the commands of one service's cases."""

    def __init__(
        self, store: Store, commands: CaseCommands, queries: CaseQueries, sealer: Sealer, citations: Citations
    ) -> None:
        self._store, self._commands, self._queries, self._sealer = store, commands, queries, sealer
        self._citations = citations

    async def open_case(self, form: OpenForm, command: Command) -> JSONResponse:
        """The case's id is derived from the command, so that a repeated request opens no second one."""
        fields = form.command_fields(uuid5(command.ref.command_id, "case"), command.by)
        procedure = fields.pop("procedure")
        opening, unit = await self._opening(c.OpenCase(**fields), procedure, command.ref, command)
        return await self._citations.execute_unit(command, unit, opening.evidence, (opening.case_id,))

    async def open_one_of_many(self, opening: c.OpenCase, procedure: str, ref: CommandRef, command: Command) -> Outcome:
        """One of the cases that an act opens, as a unit of work of its own. ``ref``: the same when the act is sent again."""
        try:
            _, unit = await self._opening(opening, procedure, ref, command)
        except Refused as no:
            return Outcome.of_refusal(no, 0)
        if command.dry_run:
            return (await anyio.to_thread.run_sync(self._store.dry_run, unit)).outcome
        return await outcome_of(self._store, unit)

    async def _opening(
        self, opening: c.OpenCase, procedure: str, ref: CommandRef, command: Command
    ) -> tuple[c.OpenCase, Unit]:
        """The case as it is recorded, and its unit of work."""
        standing = self._commands.kept_standing(procedure)
        if standing is None:
            standing = await anyio.to_thread.run_sync(self._commands.standing, procedure)
        matter = self._commands.matters[standing]
        if isinstance(matter, WithPersonalTerms):
            opening = await matter.seal_terms(opening, command)
        streams = (stream_of(opening.case_id), *matter.streams(opening.subject))
        if opening.clue_id is not None:
            streams += self._commands.clues.streams(opening.clue_id)
        keys = await self._sealer.keys((opening.case_id,), dry_run=command.dry_run)
        if not command.dry_run:
            await self._sealer.list_under(opening.case_id, (opening.subject,))
        work = self._commands.open_handler(opening, procedure, command.actor, keys)
        claims = (open_case_claim(standing, opening.subject),)
        return opening, Unit(ref, work, streams, claims, extends=(DOCUMENTS,))

    async def execute(self, command: Command, case_command: c.Command) -> JSONResponse:
        """Any later command about a case."""
        unit = await self._unit(command.ref, command, case_command)
        return await self._citations.execute_unit(command, unit, case_command.evidence, (case_command.case_id,))

    async def execute_batch(self, form: BatchForm, command: Command) -> BatchAnswer:
        """Each case's command as a unit of work of its own; the minutes of all are looked up once. Raises ``Refused`` for a key
        under which another batch was begun."""
        commands = batch_commands(form, command)
        files = await self._citations.files(e for _, _, case_command in commands for e in case_command.evidence)
        await self._begin_batch(command)

        async def carry_out(item: BatchItem, act: str, case_command: c.Command) -> Outcome:
            try:
                unit = await self._unit(ref_of(item, act, command), command, case_command)
                about = (case_command.case_id,)
                unit = await self._citations.citing(unit, command, case_command.evidence, about, files)
            except Refused as no:
                return Outcome.of_refusal(no, 0)
            if command.dry_run:
                return (await anyio.to_thread.run_sync(self._store.dry_run, unit)).outcome
            return await outcome_of(self._store, unit)

        results = await carried_out(commands, carry_out, command.acts)
        recorded = sum(result.recorded for result in results)
        head = await anyio.to_thread.run_sync(self._store.recorder.max_notification_id)
        return BatchAnswer(
            batch=command.ref.command_id, recorded=recorded, refused=len(results) - recorded, results=results,
            position={self._store.name: head or 0}, read_as=readings_of(form),
        )  # fmt: skip

    async def _begin_batch(self, command: Command) -> None:
        """The batch has a record of its own, before its cases have: what goes on under its key is the same batch."""
        unit = Unit(command.ref, lambda _: Reply())
        if command.dry_run:
            begun = (await anyio.to_thread.run_sync(self._store.dry_run, unit)).outcome
        else:
            begun = await outcome_of(self._store, unit)
        begun.require_accepted()

    async def _unit(self, ref: CommandRef, command: Command, case_command: c.Command) -> Unit:
        """Raises ``NOT_FOUND`` for a case that was never opened."""
        case_id: UUID = case_command.case_id
        key = self._queries.cached_key(case_id)
        if key is None:
            key = await anyio.to_thread.run_sync(self._queries.key, case_id)
        has_free_text = any(isinstance(value, Personal) for value in vars(case_command).values())
        keys = await self._sealer.keys((case_id,), dry_run=command.dry_run) if has_free_text else {}
        work = self._commands.handler(case_command, command.actor, keys)
        streams = (stream_of(case_id), *self._commands.matters[key.standing].streams(key.subject))
        return Unit(ref, work, streams, (open_case_claim(key.standing, key.subject),), extends=(DOCUMENTS,))
