"""Workbooks of households over HTTP: download of the template, import, dry run, and annotation with errors."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
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
from services.registry.intake.layout import LayoutKey
from services.registry.intake.reading.drafts import HouseholdDraft


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


class WorkbookAnswer(ImportedAnswer, SummaryAnswer):
    """What an import did, or its dry run would do."""


class ProgressAnswer(BaseModel):
    """``summary`` is null until the import is complete; sending the same file again resumes it."""

    batch_id: UUID
    file_sha256: str
    started_at: datetime
    households_seen: int
    households_done: int
    summary: SummaryAnswer | None


Layout = Annotated[
    LayoutKey,
    Query(
        description="表式：采集表，或全国系统的导出表 / which columns: the collection form's, or the national system's"
    ),
]


def intake_router(of: Mapping[LayoutKey, WorkbookRequests[HouseholdDraft]]) -> DeferredRouter:
    """``of``: the requests about workbooks of each layout; imports are asked for alike, whichever it was."""
    router, requests = DeferredRouter(prefix="/intake", tags=["intake"]), of[LayoutKey.FORM]

    @router.get("/template", responses=FILE_RESPONSE, response_class=Response)
    async def read_template(actor: CurrentActor, layout: Layout = LayoutKey.FORM) -> Response:
        """The empty collection form, as it is in force in your area; or the empty sheets of the national layout."""
        return await of[layout].template(actor)

    @router.post(
        "/workbooks", status_code=201, openapi_extra=FILE_REQUEST,
        responses={200: {"model": WorkbookAnswer, "description": "只试不导 / only tried"}, 201: {"model": WorkbookAnswer}},
    )  # fmt: skip
    async def import_workbook(
        request: Request, command: CurrentCommand, layout: Layout = LayoutKey.FORM
    ) -> JSONResponse:
        """Import a workbook: each household wholly or not at all, regardless of the others. The same file with the same
        key resumes an interrupted import. The file is kept as evidence. A dry run answers as the import would, but for whom
        the register knows outside your area; it is recorded, and the persons that an account names in dry runs of a day
        are limited."""
        answer = await of[layout].imported(request, command, "import_workbook")
        body = WorkbookAnswer(**requests.told(answer), **_summary_answer(answer.summary).model_dump())
        return requests.response(answer, body)

    @router.post("/workbooks/annotations", openapi_extra=FILE_REQUEST, responses=FILE_RESPONSE, response_class=Response)
    async def annotate_workbook(request: Request, actor: CurrentActor, layout: Layout = LayoutKey.FORM) -> Response:
        """The same workbook with its errors beside the rows, to be corrected and sent again: a dry run, and recorded as
        one. Stores nothing of the workbook."""
        return await of[layout].annotated(request, actor)

    @router.get("/workbooks")
    async def find_batches(file_sha256: FileDigest, actor: CurrentActor) -> list[ProgressAnswer]:
        """Your own imports of a file, the latest first: how far a running one is, and what came of an earlier one."""
        return [_progress_answer(found) for found in await requests.of_file(file_sha256, actor)]

    @router.get("/workbooks/{batch_id}")
    async def read_batch(batch_id: UUID, actor: CurrentActor) -> ProgressAnswer:
        """The progress of an import, and its summary."""
        return _progress_answer(await requests.progress(batch_id, actor))

    return router


def _progress_answer(found: ImportProgress) -> ProgressAnswer:
    return ProgressAnswer(
        batch_id=found.batch_id, file_sha256=found.file_sha256, started_at=found.started_at,
        households_seen=found.subjects_seen, households_done=found.subjects_done,
        summary=found.summary and _summary_answer(found.summary),
    )  # fmt: skip


def _summary_answer(summary: ImportSummary) -> SummaryAnswer:
    return SummaryAnswer(
        households_seen=summary.subjects_seen, members_seen=summary.rows_seen, recorded=summary.recorded,
        updated=summary.updated, unchanged=summary.unchanged, refused=summary.refused,
        errors=[RowErrorAnswer.model_validate(error, from_attributes=True) for error in summary.errors],
        warnings=[RowErrorAnswer.model_validate(warning, from_attributes=True) for warning in summary.warnings],
    )  # fmt: skip
