"""Workbooks over HTTP: the empty form out; filled ones in, tried, or given back with their errors.

The file is the body itself. A multipart form would lie in a temporary file while it is read, and would differ from one
sending to the next, so that a repeated command could not be known by its digest.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from typing import Annotated, Any
from uuid import UUID

import anyio
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from contracts.roles import Role
from services.chassis.ground.refusals import Refused, Unavailable
from services.chassis.log.group_commit import StoreUnavailable
from services.chassis.security.identity import Actor, CurrentActor, require
from services.chassis.service import Service
from services.chassis.web.application import Text
from services.chassis.web.commands import CadreCommand
from services.chassis.web.positions import HEADER, PositionToken, format_positions
from services.chassis.web.problems import UNSUPPORTED_MEDIA
from services.registry.intake.importing.batches import Answer, Progress
from services.registry.intake.importing.importer import Importing, where
from services.registry.intake.writing.template import blank_template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACCEPTED_TYPES = frozenset({XLSX, "application/octet-stream", ""})
"""Without a type it is taken for octets (RFC 9110 §8.3)."""
AT_ONCE = 2
"""Workbooks under way in one process; others wait. Reading one takes a processor and a multiple of its size."""

_A_FILE = {"schema": {"type": "string", "format": "binary"}}
_FILE_IN: dict[str, Any] = {
    "requestBody": {"required": True, "content": dict.fromkeys((XLSX, "application/octet-stream"), _A_FILE)}
}
_FILE_OUT: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: _A_FILE}, "description": "工作簿 / a workbook"}}
_PERSONS_NUMBER = re.compile(r"[0-9]{15,}[Xx]?")

FileName = Annotated[
    Text, Query(min_length=1, max_length=200, description="文件名，记入依据 / the file's name, kept as evidence")
]
Cadre = Annotated[Actor, Depends(require(Role.CADRE))]


class RowErrorAnswer(BaseModel):
    """``row`` as the spreadsheet numbers it; ``column`` is its header, or empty when the row as a whole errs."""

    sheet: str
    row: int
    column: str
    code: str
    zh: str
    en: str


class SummaryAnswer(BaseModel):
    """Households seen = recorded + updated + unchanged + refused. A refused household left nothing behind."""

    households_seen: int
    members_seen: int
    recorded: int
    updated: int
    unchanged: int
    refused: int
    errors: list[RowErrorAnswer]
    warnings: list[RowErrorAnswer]


class WorkbookAnswer(SummaryAnswer):
    """``batch_id`` is null when the file was only tried."""

    batch_id: UUID | None
    file_sha256: str
    position: PositionToken
    replayed: bool


class ProgressAnswer(BaseModel):
    """``summary`` is null while households are still to be taken in; sending the same again takes in the rest."""

    batch_id: UUID
    file_sha256: str
    file_name: str
    started_at: datetime
    households_seen: int
    households_done: int
    summary: SummaryAnswer | None


def intake_router(service: Service, importing: Importing) -> APIRouter:
    router = APIRouter(prefix="/intake", tags=["intake"])
    places = anyio.CapacityLimiter(AT_ONCE)

    @router.get("/template", responses=_FILE_OUT, response_class=Response)
    async def read_template(actor: CurrentActor) -> Response:
        """The empty collection form."""
        return _file(await anyio.to_thread.run_sync(_template), "template.xlsx")

    @router.post(
        "/workbooks", status_code=201, openapi_extra=_FILE_IN,
        responses={200: {"model": WorkbookAnswer, "description": "只试不导 / only tried"}, 201: {"model": WorkbookAnswer}},
    )  # fmt: skip
    async def import_workbook(
        request: Request, command: CadreCommand, name: FileName = "workbook.xlsx", dry_run: bool = False
    ) -> JSONResponse:
        """Take a workbook in: each household wholly or not at all, the others regardless. The same file with the same
        key goes on where it was cut off. ``dry_run`` checks everything and changes nothing."""
        content, name = await _content(request), _plain(name)
        if dry_run:
            work = partial(importing.try_out, content, name, command.actor)
        else:
            work = partial(importing.take_in, content, name, command.actor, command.ref)
        try:
            answer = await anyio.to_thread.run_sync(work, limiter=places)
        except StoreUnavailable as away:
            raise Unavailable(away.rule, retry_after=5) from away
        return _told(answer, {service.name: answer.position}, 200 if dry_run else 201)

    @router.post("/workbooks/annotations", openapi_extra=_FILE_IN, responses=_FILE_OUT, response_class=Response)
    async def annotate_workbook(request: Request, actor: Cadre, name: FileName = "workbook.xlsx") -> Response:
        """The same workbook with its errors written beside the rows, to be corrected and sent again. Changes nothing
        and keeps nothing."""
        work = partial(importing.annotated, await _content(request), _plain(name), actor)
        return _file(await anyio.to_thread.run_sync(work, limiter=places), "annotated.xlsx")

    @router.get("/workbooks/{batch_id}")
    async def read_batch(batch_id: UUID, actor: CurrentActor) -> ProgressAnswer:
        """How far an import has come, and what became of it."""
        found: Progress = await anyio.to_thread.run_sync(importing.batches.progress, batch_id, actor)
        return ProgressAnswer.model_validate(found, from_attributes=True)

    return router


async def _content(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ACCEPTED_TYPES:
        raise Refused(UNSUPPORTED_MEDIA)
    return await request.body()


def _plain(name: str) -> str:
    """A file's name stands in the log for ever: numbers of persons do not belong in it."""
    return _PERSONS_NUMBER.sub("***", name)


def _told(answer: Answer, position: Mapping[str, int], status: int) -> JSONResponse:
    summary = SummaryAnswer.model_validate(answer.summary, from_attributes=True)
    body = WorkbookAnswer(
        **summary.model_dump(), batch_id=answer.batch_id, file_sha256=answer.file_sha256, position=dict(position),
        replayed=answer.replayed,
    )  # fmt: skip
    headers = {HEADER: format_positions(position)}
    if answer.batch_id is not None:
        headers["Location"] = where(answer.batch_id)
    return JSONResponse(body.model_dump(mode="json"), status, headers)


def _file(content: bytes, name: str) -> Response:
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@cache
def _template() -> bytes:
    return blank_template()
