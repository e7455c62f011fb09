"""Reading evidence: in the area of one of its subjects, unless what cites it is kept from the reader;
its content for a stated purpose, recorded before it is given out."""

from uuid import UUID

import anyio
from fastapi.responses import StreamingResponse

from contracts.casework.evidence import EvidenceRead
from contracts.registry.access import Purpose
from services.casework.evidence.domain import Areas, StoredEvidence
from services.casework.evidence.media_types import EXTENSIONS
from services.casework.evidence.store import EvidenceStore
from services.casework.purposes import require_purpose
from services.casework.readings import record_reading
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor

CONTENT_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store"}


async def readable(evidence: EvidenceStore, evidence_id: UUID, actor: Actor) -> tuple[StoredEvidence, Areas]:
    """The file, and where its subjects are. Raises ``NOT_FOUND`` for what does not exist or the actor may not see."""
    found = (await anyio.to_thread.run_sync(evidence.find, [evidence_id])).get(evidence_id)
    if found is None:
        raise Refused(NOT_FOUND)
    areas = await anyio.to_thread.run_sync(evidence.areas, found.subjects)
    if not found.may_be_read_by(actor, areas) or await anyio.to_thread.run_sync(evidence.hidden_from, actor, found):
        raise Refused(NOT_FOUND)
    return found, areas


async def content(evidence: EvidenceStore, evidence_id: UUID, actor: Actor, purpose: Purpose) -> StreamingResponse:
    """The content as an attachment. Raises ``Refused`` and ``Unavailable``."""
    require_purpose(purpose, actor.roles)
    found, _ = await readable(evidence, evidence_id, actor)
    chunks = await anyio.to_thread.run_sync(evidence.content, found)
    await _record(evidence, found, actor, purpose)
    name = f"{evidence_id}.{EXTENSIONS[found.upload.media_type]}"
    headers = {
        # Written here: the framework would say of any text that it is in UTF-8.
        **CONTENT_HEADERS, "Content-Type": found.upload.media_type, "Content-Length": str(found.upload.size),
        "Content-Disposition": f'attachment; filename="{name}"',
    }  # fmt: skip
    return StreamingResponse(chunks, headers=headers)


async def _record(evidence: EvidenceStore, found: StoredEvidence, actor: Actor, purpose: Purpose) -> None:
    reader = actor.subject
    await record_reading(
        evidence.store, reader, "GET evidence",
        lambda day: EvidenceRead(
            evidence_id=found.id, effective_on=day, entered_by=reader, reader=reader, area=actor.division, purpose=purpose,
            subjects=tuple(sorted(found.subjects)),
        ),
    )  # fmt: skip
