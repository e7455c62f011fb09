"""Carrying out the commands of the staff directory: sealing first, then one unit of work that cites its evidence."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import anyio
from fastapi.responses import JSONResponse

from contracts.casework.directory import StaffFact
from services.casework.directory.domain import require_directory_keeper, stream_of
from services.casework.directory.queries import Directory
from services.casework.directory.store import DirectoryCommands, claim_of
from services.casework.evidence.citations import Citations
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import Claim
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.security.sealer import Sealer
from services.chassis.web.commands import Command


@dataclass(frozen=True)
class StaffCommandService:
    commands: DirectoryCommands
    directory: Directory
    sealer: Sealer
    citations: Citations

    async def holder(self, actor: Actor, post_id: UUID) -> UUID:
        """Who holds or held the post. Whoever keeps no directory is told so of any post, and not whether it is there."""
        require_directory_keeper(actor.division)
        return await anyio.to_thread.run_sync(self.directory.holder, post_id)

    async def recorded(self, command: Command, fact: StaffFact) -> JSONResponse:
        """The answer to a command that records one fact."""
        work = self.commands.record(command.actor, await self.sealer.seal(fact, dry_run=command.dry_run))
        return await self.carried_out(command, fact, work, claims_of(fact))

    async def carried_out(
        self, command: Command, fact: StaffFact, work: Callable[[Tx], Reply], claims: tuple[Claim, ...] = ()
    ) -> JSONResponse:
        staff = fact.staff_id
        return await self.citations.execute(
            command, work, stream_of(staff), evidence=fact.evidence, about=(staff,), claims=claims
        )


def claims_of(*facts: StaffFact) -> tuple[Claim, ...]:
    """What these facts make one person's."""
    return tuple(claimed[0] for fact in facts if (claimed := claim_of(fact)) is not None)
