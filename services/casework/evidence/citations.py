"""The command path of every form that carries evidence: what it cites is checked before the unit of work begins, in one
query, and nothing is asked for a form that cites no file."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

import anyio
from fastapi.responses import JSONResponse

from contracts.facts import Evidence
from services.casework.evidence.domain import StoredEvidence, require_citable, stream_of
from services.casework.evidence.store import EvidenceStore, append_subjects
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import Claim, Part
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.commands import Command, execute_unit

Files = Mapping[UUID, StoredEvidence]


class Citations:
    """``execute`` and ``execute_unit`` as in ``services.chassis.web.commands``, with the evidence of the form. ``about``: the
    subjects of the command; from now on each file cited concerns them."""

    def __init__(self, service: Service, evidence: EvidenceStore) -> None:
        self._service, self._evidence = service, evidence

    async def execute(
        self, command: Command, work: Callable[[Tx], Reply], *streams: str, evidence: Iterable[Evidence],
        about: tuple[UUID, ...], claims: tuple[Claim, ...] = (), parts: tuple[Part, ...] = (),
        subjects: tuple[UUID, ...] = (), extends: tuple[str, ...] = (),
    ) -> JSONResponse:  # fmt: skip
        """Raises ``Refused`` for a file that was not uploaded so, or that the caller may not cite."""
        unit = Unit(command.ref, work, streams, claims, extends, parts, subjects)
        return await self.execute_unit(command, unit, evidence, about)

    async def execute_unit(
        self, command: Command, unit: Unit, evidence: Iterable[Evidence], about: tuple[UUID, ...]
    ) -> JSONResponse:
        """As ``execute``."""
        cited = tuple(evidence)
        unit = await self.citing(unit, command, cited, about, await self.files(cited))
        return await execute_unit(self._service.store, command, unit)

    async def files(self, evidence: Iterable[Evidence]) -> Files:
        """The files that are cited, looked up once: an upload never changes."""
        ids = {e.file.id for e in evidence if e.file is not None}
        return await anyio.to_thread.run_sync(self._evidence.find, ids) if ids else {}

    async def citing(
        self, unit: Unit, command: Command, evidence: Iterable[Evidence], about: tuple[UUID, ...], files: Files
    ) -> Unit:
        """The unit of a command that cites these of the ``files``. Raises ``Refused`` as ``execute``."""
        cited = [e for e in evidence if e.file is not None]
        checked = await self._checked(cited, files, command.actor, about)
        new = [stored for stored in checked if not stored.subjects.issuperset(about)]
        if not new:
            return unit
        if not command.dry_run:
            for stored in new:
                await anyio.to_thread.run_sync(self._evidence.list_under, stored.id, about)

        def work(tx: Tx) -> Reply:
            reply = unit.work(tx)
            for stored in new:
                append_subjects(tx, stored, about, command.by)
            return reply

        return replace(unit, work=work, extends=(*unit.extends, *(stream_of(stored.id) for stored in new)))

    async def _checked(
        self, cited: list[Evidence], files: Files, actor: Actor, about: tuple[UUID, ...]
    ) -> list[StoredEvidence]:
        """Where a subject was a moment ago is near enough."""
        found = {e.file.id: files[e.file.id] for e in cited if e.file is not None and e.file.id in files}
        allowed = {i for i, stored in found.items() if stored.may_be_cited_without_looking(actor, about)}
        if others := [stored for i, stored in found.items() if i not in allowed]:
            # The subjects' own facts came before those that name them here.
            await self._service.wait_for_positions({self._service.name: max(o.position for o in others)})
            subjects = frozenset().union(*(stored.subjects for stored in others))
            areas = await anyio.to_thread.run_sync(self._evidence.areas, subjects)
            allowed |= {stored.id for stored in others if stored.may_be_read_by(actor, areas)}
        for one in cited:
            assert one.file is not None
            require_citable(one, found.get(one.file.id), one.file.id in allowed)
        return list(found.values())
