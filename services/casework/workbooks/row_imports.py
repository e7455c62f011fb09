"""A list that is imported row by row, over HTTP: its template, import, dry run, annotation with errors, and progress.

What a row is, and what becomes of it, is its ``RowMatter``'s; how one asks for it is the same for every list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from services.casework.workbooks.importing.batches import ImportProgress
from services.casework.workbooks.importing.results import ImportSummary
from services.casework.workbooks.web import (
    FILE_REQUEST,
    FILE_RESPONSE,
    FileDigest,
    ImportedAnswer,
    RowErrorAnswer,
    WorkbookRequests,
)
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import CurrentCommand
from services.chassis.web.routing import DeferredRouter


class RowImportSummary(BaseModel):
    """Subjects seen = recorded (new) + updated + unchanged + refused. Nothing of a refused one was recorded."""

    subjects_seen: int
    rows_seen: int
    recorded: int
    updated: int
    unchanged: int
    refused: int
    errors: list[RowErrorAnswer]
    warnings: list[RowErrorAnswer]


class RowImportAnswer(ImportedAnswer, RowImportSummary):
    """What an import did, or its dry run would do."""


class RowImportProgress(BaseModel):
    """``summary`` is null until the import is complete; sending the same file again resumes it."""

    batch_id: UUID
    file_sha256: str
    started_at: datetime
    subjects_seen: int
    subjects_done: int
    summary: RowImportSummary | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowImportActs:
    """What the access table calls the acts on one kind of list."""

    template: str
    imported: str
    annotated: str
    found: str
    read: str


def row_imports_router(prefix: str, tag: str, acts: RowImportActs, requests: WorkbookRequests[Any]) -> DeferredRouter:
    router = DeferredRouter(prefix=prefix, tags=[tag])

    @router.get("/template", name=acts.template, responses=FILE_RESPONSE, response_class=Response)
    async def read_template(actor: CurrentActor) -> Response:
        """The empty list, as it is in force in your area."""
        return await requests.template(actor)

    @router.post(
        "/workbooks", name=acts.imported, status_code=201, openapi_extra=FILE_REQUEST,
        responses={200: {"model": RowImportAnswer, "description": "只试不导 / only tried"}, 201: {"model": RowImportAnswer}},
    )  # fmt: skip
    async def import_rows(request: Request, command: CurrentCommand) -> JSONResponse:
        """Import a list: each subject wholly or not at all, regardless of the others. The same file with the same key
        resumes an interrupted import. The file is kept as evidence. Where a row tells of a person, a dry run is recorded, and the
        persons that an account names in dry runs of a day are limited."""
        answer = await requests.imported(request, command, acts.imported)
        body = RowImportAnswer(**requests.told(answer), **_summary(answer.summary).model_dump())
        return requests.response(answer, body)

    @router.post(
        "/workbooks/annotations", name=acts.annotated, openapi_extra=FILE_REQUEST, responses=FILE_RESPONSE,
        response_class=Response,
    )  # fmt: skip
    async def annotate_rows(request: Request, actor: CurrentActor) -> Response:
        """The same workbook with its errors beside the rows, to be corrected and sent again. Stores nothing of it."""
        return await requests.annotated(request, actor)

    @router.get("/workbooks", name=acts.found)
    async def find_imports(file_sha256: FileDigest, actor: CurrentActor) -> list[RowImportProgress]:
        """Your own imports of a file, the latest first: how far a running one is, and what came of an earlier one."""
        return [_progress(found) for found in await requests.of_file(file_sha256, actor)]

    @router.get("/workbooks/{batch_id}", name=acts.read)
    async def read_import(batch_id: UUID, actor: CurrentActor) -> RowImportProgress:
        """The progress of an import, and its summary."""
        return _progress(await requests.progress(batch_id, actor))

    return router


def _progress(found: ImportProgress) -> RowImportProgress:
    return RowImportProgress(
        batch_id=found.batch_id, file_sha256=found.file_sha256, started_at=found.started_at,
        subjects_seen=found.subjects_seen, subjects_done=found.subjects_done,
        summary=found.summary and _summary(found.summary),
    )  # fmt: skip


def _summary(summary: ImportSummary) -> RowImportSummary:
    return RowImportSummary.model_validate(summary, from_attributes=True)
