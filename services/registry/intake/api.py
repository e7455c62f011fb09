"""Workbooks over HTTP: download of the template, import, dry run, and annotation with errors.

The file is the request body itself. A multipart form would be written to a temporary file, and its boundary differs
between requests, so that a repeated command could not be recognized by its digest.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import anyio
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from services.casework.workbooks.importing.batches import ImportAnswer
from services.casework.workbooks.importing.importer import WorkbookImporter
from services.casework.workbooks.importing.results import ImportSummary
from services.casework.workbooks.importing.seats import Seats
from services.chassis.ground.refusals import Refused, Unavailable
from services.chassis.log.group_commit import StoreUnavailable
from services.chassis.service import Service
from services.chassis.web.based_on import BAD_BASED_ON
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import CurrentCommand
from services.chassis.web.positions import HEADER, PositionToken, format_positions
from services.chassis.web.problems import UNSUPPORTED_MEDIA
from services.registry.intake.reading.drafts import HouseholdDraft

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACCEPTED_TYPES = frozenset({XLSX, "application/octet-stream", ""})
"""Without a content type the body is treated as octets (RFC 9110 §8.3)."""
MAX_CONCURRENT = 2
"""Imports at once in one process, one for an account; others wait. Each takes a processor and a multiple of the file's size
in memory."""

_FILE_SCHEMA = {"schema": {"type": "string", "format": "binary"}}
_FILE_REQUEST: dict[str, Any] = {
    "requestBody": {"required": True, "content": dict.fromkeys((XLSX, "application/octet-stream"), _FILE_SCHEMA)}
}
_FILE_RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: _FILE_SCHEMA}, "description": "工作簿 / a workbook"}
}


class RowErrorAnswer(BaseModel):
    """``row`` as the spreadsheet numbers it; ``column`` is its header, or empty for an error of the row as a whole."""

    sheet: str
    row: int
    column: str
    code: str
    zh: str
    en: str


class SummaryAnswer(BaseModel):
    """Households seen = recorded + updated + unchanged + refused. Nothing of a refused household was recorded."""

    households_seen: int
    members_seen: int
    recorded: int
    updated: int
    unchanged: int
    refused: int
    errors: list[RowErrorAnswer]
    warnings: list[RowErrorAnswer]


class WorkbookAnswer(SummaryAnswer):
    """``batch_id`` is null for a dry run. ``not_asked``: codes of rules that a dry run never answers, and by which a
    household may still be refused."""

    batch_id: UUID | None
    file_sha256: str
    position: PositionToken
    replayed: bool
    not_asked: list[str]


class ProgressAnswer(BaseModel):
    """``summary`` is null until the import is complete; sending the same file again resumes it."""

    batch_id: UUID
    file_sha256: str
    started_at: datetime
    households_seen: int
    households_done: int
    summary: SummaryAnswer | None


def intake_router(service: Service, importer: WorkbookImporter[HouseholdDraft]) -> APIRouter:
    router = APIRouter(prefix="/intake", tags=["intake"])
    seats = Seats(MAX_CONCURRENT)

    @router.get("/template", responses=_FILE_RESPONSE, response_class=Response)
    async def read_template(actor: CurrentActor) -> Response:
        """The empty collection form, as it is in force in your area."""
        return _file_response(await anyio.to_thread.run_sync(importer.template, actor.division), "template.xlsx")

    @router.post(
        "/workbooks", status_code=201, openapi_extra=_FILE_REQUEST,
        responses={200: {"model": WorkbookAnswer, "description": "只试不导 / only tried"}, 201: {"model": WorkbookAnswer}},
    )  # fmt: skip
    async def import_workbook(request: Request, command: CurrentCommand) -> JSONResponse:
        """Import a workbook: each household wholly or not at all, regardless of the others. The same file with the same
        key resumes an interrupted import. The file is kept as evidence. A dry run answers as the import would, but for whom
        the register knows outside your area; it is recorded, and the persons that an account names in dry runs of a day
        are limited."""
        if command.based_on:
            raise Refused(BAD_BASED_ON)  # a file is about households that nobody has named yet
        content = await _content(request)
        if command.dry_run:
            work = partial(importer.dry_run, content, command.actor, "import_workbook")
        else:
            work = partial(importer.import_workbook, content, command.actor, command.ref)
        try:
            answer = await seats.run(command.actor.subject, work)
        except StoreUnavailable as error:
            raise Unavailable(error.rule, retry_after=5) from error
        location = None if answer.batch_id is None else importer.location(answer.batch_id)
        return _workbook_answer(answer, location, {service.name: answer.position}, 200 if command.dry_run else 201)

    @router.post(
        "/workbooks/annotations", openapi_extra=_FILE_REQUEST, responses=_FILE_RESPONSE, response_class=Response
    )
    async def annotate_workbook(request: Request, actor: CurrentActor) -> Response:
        """The same workbook with its errors beside the rows, to be corrected and sent again: a dry run, and recorded as
        one. Stores nothing of the workbook."""
        work = partial(importer.annotate, await _content(request), actor)
        return _file_response(await seats.run(actor.subject, work), "annotated.xlsx")

    @router.get("/workbooks/{batch_id}")
    async def read_batch(batch_id: UUID, actor: CurrentActor) -> ProgressAnswer:
        """The progress of an import, and its summary."""
        found = await anyio.to_thread.run_sync(importer.batches.progress, batch_id, actor)
        return ProgressAnswer(
            batch_id=found.batch_id, file_sha256=found.file_sha256, started_at=found.started_at,
            households_seen=found.subjects_seen, households_done=found.subjects_done,
            summary=found.summary and _summary_answer(found.summary),
        )  # fmt: skip

    return router


async def _content(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ACCEPTED_TYPES:
        raise Refused(UNSUPPORTED_MEDIA)
    return await request.body()


def _workbook_answer(
    answer: ImportAnswer, location: str | None, position: Mapping[str, int], status: int
) -> JSONResponse:
    body = WorkbookAnswer(
        **_summary_answer(answer.summary).model_dump(), batch_id=answer.batch_id, file_sha256=answer.file_sha256,
        position=dict(position), replayed=answer.replayed, not_asked=[rule.code for rule in answer.not_asked],
    )  # fmt: skip
    headers = {HEADER: format_positions(position)}
    if location is not None:
        headers["Location"] = location
    return JSONResponse(body.model_dump(mode="json"), status, headers)


def _summary_answer(summary: ImportSummary) -> SummaryAnswer:
    return SummaryAnswer(
        households_seen=summary.subjects_seen, members_seen=summary.rows_seen, recorded=summary.recorded,
        updated=summary.updated, unchanged=summary.unchanged, refused=summary.refused,
        errors=[RowErrorAnswer.model_validate(error, from_attributes=True) for error in summary.errors],
        warnings=[RowErrorAnswer.model_validate(warning, from_attributes=True) for warning in summary.warnings],
    )  # fmt: skip


def _file_response(content: bytes, name: str) -> Response:
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
