"""What the routes of projects share: a fact, decided on with the project as it stands, with the evidence that it cites."""

from collections.abc import Awaitable, Callable, Sequence

from fastapi.responses import JSONResponse

from contracts.facts import Fact
from contracts.monitoring.projects import ProjectFact
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.evidence.citations import Citations
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.web.commands import Command
from services.monitoring.projects.domain import stream_of
from services.monitoring.projects.state import Project
from services.monitoring.projects.store import Decide, ProjectCommands

Checking = Callable[[Callable[[Tx], Reply]], Callable[[Tx], Reply]]


class ProjectCommandService:
    """``checking``: says in the answer to a command what it makes the check rules find; ``wait``: until the view of funds has all that
    was recorded, for what is decided by what was paid."""

    def __init__(
        self, commands: ProjectCommands, citations: Citations, checking: Checking, wait: Callable[[], Awaitable[None]]
    ) -> None:
        self.commands, self._citations, self._checking, self.wait = commands, citations, checking, wait

    async def carry_out(self, command: Command, fact: ProjectFact, handler: Callable[[Tx], Reply]) -> JSONResponse:
        about = (fact.project_id,)
        return await self._citations.execute(
            command,
            self._checking(handler),
            stream_of(fact.project_id),
            evidence=fact.evidence,
            about=about,
            extends=(DOCUMENTS,),
        )

    async def decide(self, command: Command, fact: ProjectFact, by: Decide) -> JSONResponse:
        return await self.carry_out(command, fact, self.commands.handler(fact.project_id, command.actor, by))

    async def step(
        self, command: Command, fact: ProjectFact, by: Callable[[Project, Tx], Sequence[Fact]]
    ) -> JSONResponse:
        """A step that asks for nothing but the project and the day."""
        return await self.decide(command, fact, lambda project, _, tx, __: by(project, tx))
