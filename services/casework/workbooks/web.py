"""What requests about workbooks have in common, whatever their layout.

The file is the request body itself. A multipart form would be written to a temporary file, and its boundary differs
between requests, so that a repeated command could not be recognized by its digest.
"""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import anyio
from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from services.casework.media_types import XLSX
from services.casework.workbooks.importing.batches import ImportAnswer, ImportProgress
from services.casework.workbooks.importing.importer import WorkbookImporter
from services.casework.workbooks.importing.seats import Seats
from services.chassis.ground.refusals import Refused, Unavailable
from services.chassis.log.availability import StoreUnavailable
from services.chassis.security.actor import Actor
from services.chassis.web.based_on import BAD_BASED_ON
from services.chassis.web.commands import Command
from services.chassis.web.position_tokens import HEADER, PositionToken, format_positions
from services.chassis.web.problems import UNSUPPORTED_MEDIA

ACCEPTED_TYPES = frozenset({XLSX, "application/octet-stream", ""})
"""Without a content type the body is treated as octets (RFC 9110 §8.3)."""
MAX_CONCURRENT = 2
"""Imports at once in one process, one for an account; others wait. Each takes a processor and a multiple of the file's size
in memory."""

_FILE_SCHEMA = {"schema": {"type": "string", "format": "binary"}}
FILE_REQUEST: dict[str, Any] = {
    "requestBody": {"required": True, "content": dict.fromkeys((XLSX, "application/octet-stream"), _FILE_SCHEMA)}
}
FILE_RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: _FILE_SCHEMA}, "description": "工作簿 / a workbook"}
}

FileDigest = Annotated[
    str,
    Query(
        pattern=r"^[0-9a-f]{64}$",
        description="文件的 SHA-256 摘要，试导入时给出 / digest of the file, which its dry run names",
    ),
]

S = TypeVar("S")


class RowErrorAnswer(BaseModel):
    """``row`` as the spreadsheet numbers it; ``column`` is its header, or empty for an error of the row as a whole."""

    sheet: str
    row: int
    column: str
    code: str
    zh: str
    en: str


class ImportedAnswer(BaseModel):
    """``batch_id`` is null for a dry run. ``not_asked``: codes of rules that a dry run never answers, and by which a
    subject may still be refused."""

    batch_id: UUID | None
    file_sha256: str
    position: PositionToken
    replayed: bool
    not_asked: list[str]


class WorkbookRequests(Generic[S]):
    """The requests about workbooks of one layout, for the service of this name."""

    def __init__(self, service: str, importer: WorkbookImporter[S], seats: Seats) -> None:
        self._service, self._importer, self._seats = service, importer, seats

    async def template(self, actor: Actor) -> Response:
        return _file_response(await anyio.to_thread.run_sync(self._importer.template, actor.division), "template.xlsx")

    async def imported(self, request: Request, command: Command, operation: str) -> ImportAnswer:
        """The import of the file that the request brings, or its dry run under the name of this operation."""
        if command.based_on:
            raise Refused(BAD_BASED_ON)  # a file is about subjects that nobody has named yet
        content = await _content(request)
        if command.dry_run:
            work = partial(self._importer.dry_run, content, command.actor, operation)
        else:
            work = partial(self._importer.import_workbook, content, command.actor, command.ref)
        try:
            return await self._seats.run(command.actor.subject, work)
        except StoreUnavailable as error:
            raise Unavailable(error.rule, retry_after=5) from error

    def told(self, answer: ImportAnswer) -> dict[str, Any]:
        """The fields of ``ImportedAnswer``."""
        return {
            "batch_id": answer.batch_id, "file_sha256": answer.file_sha256, "position": self._position(answer),
            "replayed": answer.replayed, "not_asked": [rule.code for rule in answer.not_asked],
        }  # fmt: skip

    def response(self, answer: ImportAnswer, body: BaseModel) -> JSONResponse:
        headers = {HEADER: format_positions(self._position(answer))}
        if answer.batch_id is not None:
            headers["Location"] = self._importer.location(answer.batch_id)
        return JSONResponse(body.model_dump(mode="json"), 200 if answer.batch_id is None else 201, headers)

    async def annotated(self, request: Request, actor: Actor) -> Response:
        work = partial(self._importer.annotate, await _content(request), actor)
        return _file_response(await self._seats.run(actor.subject, work), "annotated.xlsx")

    async def progress(self, batch_id: UUID, actor: Actor) -> ImportProgress:
        return await anyio.to_thread.run_sync(self._importer.batches.progress, batch_id, actor)

    async def of_file(self, file_sha256: str, actor: Actor) -> list[ImportProgress]:
        """The caller's own imports of the file with this digest."""
        return await anyio.to_thread.run_sync(self._importer.batches.of_file, file_sha256, actor)

    def _position(self, answer: ImportAnswer) -> Mapping[str, int]:
        return {self._service: answer.position}


async def _content(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ACCEPTED_TYPES:
        raise Refused(UNSUPPORTED_MEDIA)
    return await request.body()


def _file_response(content: bytes, name: str) -> Response:
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
