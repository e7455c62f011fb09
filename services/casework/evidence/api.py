"""Evidence over HTTP: upload, what is known of a file, and its content. Mounted by each service that takes evidence."""

from typing import Annotated, Any
from uuid import UUID

import anyio
from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from contracts.registry.access import Purpose
from services.casework.evidence import readings, uploads
from services.casework.evidence.answers import EvidenceAnswer, UploadAnswer
from services.casework.evidence.domain import stream_of
from services.casework.evidence.media_types import EXTENSIONS
from services.casework.evidence.readings import readable
from services.casework.evidence.store import EvidenceStore, append_subjects
from services.casework.evidence.subjects import require_subjects
from services.casework.evidence.upload_form import MOST_SUBJECTS, OPENAPI
from services.chassis.ground.refusals import Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.service import Service
from services.chassis.web.based_on import BAD_BASED_ON, BasedOn
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, CurrentCommand, DryRunAsked, IdempotencyKey, execute
from services.chassis.web.dry_run import IS_DRY_RUN
from services.chassis.web.payloads import Body
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

UPLOADED: dict[int | str, dict[str, Any]] = {**ACCEPTED, 201: {**ACCEPTED[201], "model": UploadAnswer}}
CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in EXTENSIONS}},
    410: {"description": "内容已销毁 / Shredded"},
}


class SubjectsForm(Body):
    """Further households, persons, cases … that the file concerns."""

    subjects: tuple[UUID, ...] = Field(min_length=1, max_length=MOST_SUBJECTS)


def evidence_router(service: Service, evidence: EvidenceStore) -> DeferredRouter:
    router = DeferredRouter(prefix="/evidence", tags=["evidence"])

    @router.post("", status_code=201, openapi_extra=OPENAPI, responses=UPLOADED)
    async def upload_evidence(
        request: Request, actor: CurrentActor, key: IdempotencyKey, after: AskedPositions, dry_run: DryRunAsked = False,
        based_on: BasedOn = None,
    ) -> JSONResponse:  # fmt: skip
        """Upload a file; its type is told from its content, and its name is not kept. Then cite it as answered. A dry run
        takes the file, looks at it and forgets it."""
        if based_on is not None:
            raise Refused(BAD_BASED_ON)  # a file is decided on nothing that is recorded
        request.scope[IS_DRY_RUN] = dry_run
        await service.wait_for_positions(after)
        return await uploads.upload(service, evidence, request, actor, key, dry_run=dry_run)

    @router.post("/{evidence_id}/subjects", status_code=201, responses=ACCEPTED)
    async def add_evidence_subjects(evidence_id: UUID, form: SubjectsForm, command: CurrentCommand) -> JSONResponse:
        """Say of further households, persons, cases … in your area that the file concerns them."""
        found, _ = await readable(evidence, evidence_id, command.actor)
        await require_subjects(service, evidence, form.subjects, command.actor)
        if not command.dry_run:
            await anyio.to_thread.run_sync(evidence.list_under, evidence_id, form.subjects)

        def work(tx: Tx) -> Reply:
            append_subjects(tx, found, form.subjects, command.by)
            return Reply(location=evidence.location_of(evidence_id))

        return await execute(service.store, command, work, extends=(stream_of(evidence_id),))

    @router.get("/{evidence_id}")
    async def read_evidence(evidence_id: UUID, actor: CurrentActor, after: AskedPositions) -> EvidenceAnswer:
        """What is known of a file that concerns somebody in your area."""
        await service.wait_for_positions(after)
        found, areas = await readable(evidence, evidence_id, actor)
        upload = found.upload
        return EvidenceAnswer(
            id=found.id, kind=upload.kind, media_type=upload.media_type, size=upload.size, sha256=upload.sha256,
            uploaded_on=upload.effective_on, uploaded_by=upload.entered_by,
            subjects=[s for s in sorted(found.subjects) if any(map(actor.covers, areas.get(s, ())))],
            subjects_in_all=len(found.subjects), shredded=await anyio.to_thread.run_sync(evidence.is_shredded, found),
        )  # fmt: skip

    @router.get("/{evidence_id}/content", responses=CONTENT, response_class=Response)
    async def read_evidence_content(
        evidence_id: UUID, actor: CurrentActor, after: AskedPositions,
        purpose: Annotated[Purpose, Query(description="查阅目的，将被记录 / what for; it is recorded")],
    ) -> Response:  # fmt: skip
        """The file itself, as an attachment. Reader and purpose are recorded before the answer."""
        await service.wait_for_positions(after)
        return await readings.content(evidence, evidence_id, actor, purpose)

    return router
