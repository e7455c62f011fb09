"""Rosters of pupils over HTTP: the template, import, dry run, and annotation with errors."""

from datetime import datetime
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
from services.registry.rosters.domain import RosterLine


class RosterSummary(BaseModel):
    """Pupils seen = recorded (newly enrolled) + updated + unchanged + refused. Nothing of a refused row was recorded."""

    subjects_seen: int
    rows_seen: int
    recorded: int
    updated: int
    unchanged: int
    refused: int
    errors: list[RowErrorAnswer]
    warnings: list[RowErrorAnswer]


class RosterAnswer(ImportedAnswer, RosterSummary):
    """What an import did, or its dry run would do."""


class RosterProgress(BaseModel):
    """``summary`` is null until the import is complete; sending the same file again resumes it."""

    batch_id: UUID
    file_sha256: str
    started_at: datetime
    subjects_seen: int
    subjects_done: int
    summary: RosterSummary | None


def rosters_router(requests: WorkbookRequests[RosterLine]) -> DeferredRouter:
    router = DeferredRouter(prefix="/rosters", tags=["enrolments"])

    @router.get("/template", responses=FILE_RESPONSE, response_class=Response)
    async def read_roster_template(actor: CurrentActor) -> Response:
        """The empty roster, as it is in force in your area."""
        return await requests.template(actor)

    @router.post(
        "/workbooks", status_code=201, openapi_extra=FILE_REQUEST,
        responses={200: {"model": RosterAnswer, "description": "只试不导 / only tried"}, 201: {"model": RosterAnswer}},
    )  # fmt: skip
    async def import_roster(request: Request, command: CurrentCommand) -> JSONResponse:
        """Import a roster of pupils, each row by itself. The same file with the same key resumes an interrupted import. The
        file is kept as evidence. A dry run is recorded, and the persons that an account names in dry runs of a day are
        limited."""
        answer = await requests.imported(request, command, "import_roster")
        body = RosterAnswer(**requests.told(answer), **_summary(answer.summary).model_dump())
        return requests.response(answer, body)

    @router.post("/workbooks/annotations", openapi_extra=FILE_REQUEST, responses=FILE_RESPONSE, response_class=Response)
    async def annotate_roster(request: Request, actor: CurrentActor) -> Response:
        """The same workbook with its errors beside the rows, to be corrected and sent again. Stores nothing of it."""
        return await requests.annotated(request, actor)

    @router.get("/workbooks")
    async def find_rosters(file_sha256: FileDigest, actor: CurrentActor) -> list[RosterProgress]:
        """Your own imports of a file, the latest first."""
        return [_progress(found) for found in await requests.of_file(file_sha256, actor)]

    @router.get("/workbooks/{batch_id}")
    async def read_roster_import(batch_id: UUID, actor: CurrentActor) -> RosterProgress:
        """The progress of an import, and its summary."""
        return _progress(await requests.progress(batch_id, actor))

    return router


def _progress(found: ImportProgress) -> RosterProgress:
    return RosterProgress(
        batch_id=found.batch_id, file_sha256=found.file_sha256, started_at=found.started_at,
        subjects_seen=found.subjects_seen, subjects_done=found.subjects_done,
        summary=found.summary and _summary(found.summary),
    )  # fmt: skip


def _summary(summary: ImportSummary) -> RosterSummary:
    return RosterSummary.model_validate(summary, from_attributes=True)
