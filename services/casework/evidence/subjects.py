"""Subjects that a caller names: each must be known, and in the caller's area."""

from collections.abc import Collection
from uuid import UUID

import anyio

from services.casework.evidence.domain import require_subjects_in_area
from services.casework.evidence.store import EvidenceStore
from services.chassis.ground.refusals import Refused
from services.chassis.security.actor import Actor
from services.chassis.service import Service


async def require_subjects(service: Service, evidence: EvidenceStore, subjects: Collection[UUID], actor: Actor) -> None:
    """Raises ``Refused`` when one is unknown or elsewhere. What was recorded a moment ago counts: where one seems unknown,
    the views catch up first."""
    try:
        require_subjects_in_area(subjects, actor, await anyio.to_thread.run_sync(evidence.areas, subjects))
    except Refused:
        head = await anyio.to_thread.run_sync(service.store.position)
        await service.wait_for_positions({service.name: head})
        require_subjects_in_area(subjects, actor, await anyio.to_thread.run_sync(evidence.areas, subjects))
