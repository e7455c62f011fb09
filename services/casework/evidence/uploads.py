"""An upload from request to answer: who first, then what; sealed as it arrives; the fact last."""

import hashlib
import hmac
from functools import partial

import anyio
from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from services.casework.evidence.answers import CitationAnswer, FileAnswer, UploadAnswer
from services.casework.evidence.domain import StoredEvidence
from services.casework.evidence.incoming import Incoming
from services.casework.evidence.store import EvidenceStore
from services.casework.evidence.subjects import require_subjects
from services.casework.evidence.upload_form import UploadFields, UploadForm
from services.chassis.ground.refusals import Unavailable
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.command_record import CommandRef, Outcome
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.dry_run import answer_of_dry_run
from services.chassis.web.position_tokens import HEADER, format_positions


async def upload(
    service: Service, evidence: EvidenceStore, request: Request, actor: Actor, key: str, *, dry_run: bool
) -> JSONResponse:
    """Take in the file of the request. Raises ``Refused`` and ``Unavailable``, and leaves nothing then."""
    form = UploadForm.of(request)
    with await anyio.to_thread.run_sync(partial(evidence.begin, dry_run=dry_run)) as incoming:
        content = await _receive(form, incoming)
        fields = form.fields()
        await require_subjects(service, evidence, fields.subjects, actor)
        command = _command(request, actor, key, fields, content)
        unit = await anyio.to_thread.run_sync(evidence.keep, incoming, fields.kind, fields.subjects, command)
        if dry_run:
            return answer_of_dry_run(service.name, await anyio.to_thread.run_sync(service.store.dry_run, unit))
        try:
            outcome = await evidence.store.submit_async(unit)
        except StoreUnavailable as away:
            # Whether the fact got through is not known: the file stays, and is swept where it did not.
            raise Unavailable(away.rule, retry_after=5) from away
        stored = await anyio.to_thread.run_sync(evidence.settled, outcome, incoming)
    return _answer(evidence.store.name, outcome, stored)


async def _receive(form: UploadForm, incoming: Incoming) -> bytes:
    """Seal what arrives; the SHA-256 of the content, which must leave this process only under a key."""
    digest = hashlib.sha256()

    def take(data: bytes) -> None:
        digest.update(data)
        incoming.write(data)

    try:
        async for data in form:
            await anyio.to_thread.run_sync(take, data)
    except ClientDisconnect:
        raise HTTPException(400) from None
    return digest.digest()


def _command(request: Request, actor: Actor, key: str, fields: UploadFields, content: bytes) -> CommandRef:
    """The upload as a command. The body's own bytes differ each time: a multipart boundary is drawn by lot."""
    asked = b"\n".join((fields.model_dump_json().encode(), content))
    digest = hmac.new(request.app.state.digest_key, asked, hashlib.sha256).digest()
    return CommandRef.of(actor.subject, f"POST {request.scope['path']}", key, digest)


def _answer(log: str, outcome: Outcome, stored: StoredEvidence) -> JSONResponse:
    position = {log: outcome.position}
    answer = UploadAnswer(
        location=outcome.location, position=position, replayed=outcome.replayed,
        evidence=CitationAnswer(kind=stored.upload.kind, file=FileAnswer(id=stored.id, sha256=stored.upload.sha256)),
    )  # fmt: skip
    headers = {HEADER: format_positions(position), "Location": outcome.location or ""}
    return JSONResponse(answer.model_dump(mode="json"), outcome.status, headers)
