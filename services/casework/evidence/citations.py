"""The command path of every form that carries evidence: what it cites is checked before the unit of work begins, in one
query, and nothing is asked for a form that cites no file."""

from collections.abc import Callable, Iterable
from uuid import UUID

import anyio
from fastapi.responses import JSONResponse

from contracts.facts import Evidence
from services.casework.evidence.domain import StoredEvidence, require_citable, stream_of
from services.casework.evidence.store import EvidenceStore, append_subjects
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import Claim, Part
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.commands import Command, execute


class Citations:
    """``execute`` as in ``services.chassis.web.commands``, with the evidence of the form."""

    def __init__(self, service: Service, evidence: EvidenceStore) -> None:
        self._service, self._evidence = service, evidence

    async def execute(
        self, command: Command, work: Callable[[Tx], Reply], *streams: str, evidence: Iterable[Evidence],
        about: tuple[UUID, ...], claims: tuple[Claim, ...] = (), parts: tuple[Part, ...] = (),
        subjects: tuple[UUID, ...] = (),
    ) -> JSONResponse:  # fmt: skip
        """``about``: the subjects of the command; from now on each file cited concerns them. Raises ``Refused`` for a file that
        was not uploaded so, or that the caller may not cite."""
        cited = await self._checked([e for e in evidence if e.file is not None], command.actor, about)
        new = [stored for stored in cited if not stored.subjects.issuperset(about)]

        def citing(tx: Tx) -> Reply:
            reply = work(tx)
            for stored in new:
                append_subjects(tx, stored, about, command.by)
            return reply

        extends = tuple(stream_of(stored.id) for stored in new)
        return await execute(
            self._service.store, command, citing if new else work, *streams,
            claims=claims, parts=parts, subjects=subjects, extends=extends,
        )  # fmt: skip

    async def _checked(self, files: list[Evidence], actor: Actor, about: tuple[UUID, ...]) -> list[StoredEvidence]:
        """What is cited needs to be looked up once: an upload never changes, and where a subject was a moment ago is near
        enough."""
        if not files:
            return []
        ids = {e.file.id for e in files if e.file is not None}
        found = await anyio.to_thread.run_sync(self._evidence.find, ids)
        allowed = {i for i, stored in found.items() if stored.may_be_cited_without_looking(actor, about)}
        if others := [stored for i, stored in found.items() if i not in allowed]:
            # The subjects' own facts came before those that name them here.
            await self._service.wait_for_positions({self._service.name: max(o.position for o in others)})
            subjects = frozenset().union(*(stored.subjects for stored in others))
            areas = await anyio.to_thread.run_sync(self._evidence.areas, subjects)
            allowed |= {stored.id for stored in others if stored.may_be_read_by(actor, areas)}
        for one in files:
            assert one.file is not None
            require_citable(one, found.get(one.file.id), one.file.id in allowed)
        return list(found.values())
