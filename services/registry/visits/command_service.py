"""The application service behind a visit: one form to a record of the visit, one of a talk, surveys and a clue, all recorded in one
unit of work or not at all, by the handlers that each of them has by itself."""

from collections.abc import Callable, Sequence
from uuid import UUID

import anyio
from fastapi.responses import JSONResponse

from contracts.casework.records import SubjectKind
from contracts.registry.clues import ClueSource
from services.casework.documents.reading import Documents
from services.casework.records.commands import RecordWork, SubjectRef
from services.casework.records.store import RecordCommands
from services.casework.records.streams import stream_of as records_of
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import Part
from services.chassis.log.unit import Tx
from services.chassis.web.commands import Command
from services.registry.clues.receiving import clue_received
from services.registry.clues.receiving import streams_of as streams_of_clue
from services.registry.clues.store import receive_handler
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.queries import HouseholdQueries
from services.registry.households.store import needs_of_surveys, survey_handler
from services.registry.visits.forms import RecordedForm, VisitForm

VISIT, TALK = "home_visit", "talk"
"""Kinds of records that a visit yields."""
Work = Callable[[Tx], Reply]


class VisitCommandService:
    """Carries visits out. ``records``: the registry's."""

    def __init__(
        self, commands: HouseholdCommandService, records: RecordCommands, queries: HouseholdQueries, documents: Documents
    ) -> None:  # fmt: skip
        self._commands, self._records, self._queries, self._documents = commands, records, queries, documents

    async def record(self, household_id: UUID, form: VisitForm, command: Command) -> JSONResponse:
        """The answer's location is the record of the visit. Raises ``Refused``."""
        sealer, actor = self._commands.sealer, command.actor
        for act in form.acts():  # who may not do a part of it by itself may not do it here
            assert command.acts is not None
            command.acts.access.row(act).check(actor)
        # Nobody makes keys of what does not exist.
        division = await anyio.to_thread.run_sync(self._queries.division_in_area, household_id, actor)
        read = await self._commands.words.read(form, command, form.effective_on)
        form, command = read.form, read.command
        surveys = [await sealer.seal(fact, dry_run=command.dry_run) for fact in form.surveys(household_id, command.by)]
        keys = await sealer.keys((household_id,), dry_run=command.dry_run)
        told = [
            self._records.record_handler(_work(kind, part, form, household_id, command.by), actor, keys)
            for kind, part in ((VISIT, form.seen), (TALK, form.talk))
            if part is not None
        ]
        streams = [records_of(household_id, form.effective_on)]
        parts: tuple[Part, ...] = ()
        surveyed: list[Work] = []
        if surveys:
            needed, parts = needs_of_surveys(surveys)
            streams += needed
            surveyed.append(read.deciding_all(surveys, lambda facts: survey_handler(facts, actor)))
        risk: list[Work] = []
        if (clue := form.clue(household_id, division)) is not None:
            received = await clue_received(sealer, clue, command, ClueSource.CADRE_ROUND)
            streams += streams_of_clue(received)
            risk.append(receive_handler(received, actor, self._documents))
        account = None if form.household is None else form.household.account
        work = self._commands.noticing_account(account, household_id, actor, _together([*told, *surveyed, *risk]))
        return await self._commands.carry_out(
            command, work, *dict.fromkeys((*streams, *read.streams)), evidence=form.papers(), about=(household_id,),
            parts=parts,
        )  # fmt: skip


def _work(kind: str, part: RecordedForm, form: VisitForm, household_id: UUID, by: str) -> RecordWork:
    return RecordWork(
        kind=kind, subject=SubjectRef(SubjectKind.HOUSEHOLD, household_id), on=form.effective_on, by=by,
        done_by=form.done_by or by, values=part.given(), attendance=None, evidence=form.papers(),
    )  # fmt: skip


def _together(handlers: Sequence[Work]) -> Work:
    """One unit of work of them all, answered by the first."""

    def work(tx: Tx) -> Reply:
        replies = [handler(tx) for handler in handlers]
        return replies[0]

    return work
