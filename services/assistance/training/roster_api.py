"""Rosters of courses over HTTP."""

import hashlib
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from contracts.civil import civil_day
from services.assistance.training.domain import stream_of
from services.assistance.training.roster import LINES, RosterRow, RosterTaken, form_in_force, read_roster
from services.assistance.training.store import TrainingCommands, location
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.documents.reading import Documents
from services.casework.media_types import XLSX
from services.casework.workbooks.importing.seats import Seats
from services.casework.workbooks.row_errors import RowError, Wording
from services.casework.workbooks.web import FILE_REQUEST, RowErrorAnswer
from services.chassis.ground.refusals import Refused, Unavailable
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx, Unit
from services.chassis.service import Service
from services.chassis.web.based_on import BAD_BASED_ON
from services.chassis.web.commands import Command, CurrentCommand
from services.chassis.web.position_tokens import HEADER, PositionToken, format_positions
from services.chassis.web.problems import UNSUPPORTED_MEDIA
from services.chassis.web.routing import DeferredRouter

TAKEN_TYPES = (XLSX, "application/octet-stream")


class CourseRosterAnswer(BaseModel):
    """``rows_seen`` = recorded + known already + refused. Nothing of a refused row was recorded."""

    file_sha256: str
    position: PositionToken
    rows_seen: int
    recorded: int
    known_already: int
    refused: int
    errors: list[RowErrorAnswer]


def roster_router(service: Service, commands: TrainingCommands, documents: Documents, seats: Seats) -> DeferredRouter:
    router, store = DeferredRouter(prefix="/training/courses", tags=["training"]), service.store

    @router.post(
        "/{course_id}/roster", status_code=201, openapi_extra=FILE_REQUEST,
        responses={200: {"model": CourseRosterAnswer, "description": "只试不导 / only tried"}, 201: {"model": CourseRosterAnswer}},
    )  # fmt: skip
    async def import_course_roster(course_id: UUID, request: Request, command: CurrentCommand) -> JSONResponse:
        """Who enrolled and who attended which session: good rows are recorded, each other one is refused by its rule. A file that
        comes again records nothing a second time."""
        if command.based_on:
            raise Refused(BAD_BASED_ON)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind and kind not in TAKEN_TYPES:
            raise Refused(UNSUPPORTED_MEDIA)
        content = await request.body()
        try:
            answer = await seats.run(command.actor.subject, partial(taken, course_id, content, command))
        except StoreUnavailable as error:
            raise Unavailable(error.rule, retry_after=5) from error
        headers = {HEADER: format_positions(answer.position)}
        if not command.dry_run:
            headers["Location"] = location(course_id)
        return JSONResponse(answer.model_dump(mode="json"), 200 if command.dry_run else 201, headers)

    def taken(course_id: UUID, content: bytes, command: Command) -> CourseRosterAnswer:
        today = civil_day(store.now())
        form = form_in_force(documents.current(), today, command.actor.division)
        rows, errors, unread = read_roster(content, form, today)
        found, position = decided(course_id, rows, command)
        wording = Wording.of(form.layout, {})
        wrong = [RowError.of(rule, LINES, row) for row, rule in found.refused] + errors
        return CourseRosterAnswer(
            file_sha256=hashlib.sha256(content).hexdigest(), position={service.name: position},
            rows_seen=len(rows) + unread, recorded=len(found.recorded), known_already=found.known,
            refused=len(found.refused) + unread,
            errors=[
                RowErrorAnswer.model_validate(wording.worded(e), from_attributes=True)
                for e in sorted(wrong, key=lambda e: e.row)
            ],
        )  # fmt: skip

    def decided(course_id: UUID, rows: list[RosterRow], command: Command) -> tuple[RosterTaken, int]:
        def decide(tx: Tx) -> RosterTaken:
            return commands.roster(tx, course_id, rows, command.actor.covers, command.by)

        if command.dry_run:
            return store.on_snapshot(decide), store.position()
        found: list[RosterTaken] = []

        def work(tx: Tx) -> Reply:
            found[:] = [decide(tx)]
            commands.record_roster(tx, course_id, found[0])
            return Reply(location=location(course_id))

        # What is known already is recorded no second time, so the answer need not be remembered.
        unit = Unit(command.ref, work, (stream_of(course_id),), extends=(DOCUMENTS,), remembered=False)
        outcome: Any = store.submit(unit).result()
        outcome.require_accepted()
        return found[0], outcome.position

    return router
