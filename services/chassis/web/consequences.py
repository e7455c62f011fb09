"""``POST /consequences``: a service tells its peers what it would make of facts that are not recorded yet. It records nothing and
needs no Idempotency-Key. And what of a command shows them beforehand, for whoever collects them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

import anyio
import httpx
import msgspec
from fastapi import Depends, Header, Query, Request, Response
from pydantic import AwareDatetime, Field

from services.chassis.following.foresight import Foresight, Foretold, Question
from services.chassis.log.entries import EntryJson
from services.chassis.web.based_on import BasedOn
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import Command, DryRunAsked, IdempotencyKey, current_command
from services.chassis.web.payloads import Body
from services.chassis.web.positions import Waits
from services.chassis.web.routing import DeferredRouter

MOST_FACTS = 500
LARGEST = 2**62
JSON: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}}}}

Ask = Callable[[Question], Awaitable[Foretold]]
"""Asks one service, here or elsewhere. Raises whatever keeps it from answering."""


class ProspectiveFact(Body):
    """An entry as the log would hold it."""

    position: int = Field(ge=0, le=LARGEST)
    stream: str = Field(min_length=1, max_length=200)
    version: int = Field(ge=1, le=LARGEST)
    topic: str = Field(min_length=1, max_length=100)
    recorded_at: AwareDatetime
    command_id: UUID
    actor: str = Field(max_length=100)
    payload: str


class ConsequencesForm(Body):
    """``facts``: what would be recorded in the ``log`` behind the ``position``; ``households``: of which it is asked what holds now."""

    log: str = Field(pattern=r"^[a-z_]{1,32}$")
    position: int = Field(ge=0, le=LARGEST)
    facts: tuple[ProspectiveFact, ...] = Field(max_length=MOST_FACTS)
    households: tuple[UUID, ...] = Field(default=(), max_length=MOST_FACTS)


def consequences_router(foresight: Foresight, wait: Waits) -> DeferredRouter:
    """For the other services of the installation; what they may not see is sealed in the facts that they send."""
    router = DeferredRouter(tags=["consequences"])

    @router.post("/consequences", response_class=Response, responses=JSON)
    async def foretell(form: ConsequencesForm, _: CurrentActor) -> Response:
        """What would follow here. Waits until this service has read the log as far as the position."""
        facts = tuple(EntryJson(**dict(fact)) for fact in form.facts)
        asked = Question(log=form.log, position=form.position, facts=facts, households=form.households)
        found = await asked_here(foresight, wait)(asked)
        return Response(msgspec.json.encode(found), media_type="application/json")

    return router


def asked_here(foresight: Foresight, wait: Waits) -> Ask:
    """A service of this process."""

    async def ask(asked: Question) -> Foretold:
        await wait({asked.log: asked.position})
        return await anyio.to_thread.run_sync(foresight.foretell, asked)

    return ask


def asked_elsewhere(peer: httpx.Client) -> Ask:
    """A service behind its address. Raises ``httpx.HTTPError`` and ``msgspec.DecodeError``."""

    def post(asked: Question) -> Foretold:
        headers = {"Content-Type": "application/json"}
        answer = peer.post("/consequences", content=msgspec.json.encode(asked), headers=headers)
        return msgspec.json.decode(answer.raise_for_status().content, type=Foretold)

    async def ask(asked: Question) -> Foretold:
        return await anyio.to_thread.run_sync(post, asked, abandon_on_cancel=True)

    return ask


ConsequencesAsked = Annotated[
    bool,
    Query(
        description="与试办同用：另列出办理后各服务中停止、开始或待决定的事项"
        " / with a dry run: also what would stop, start or have to be decided in all services",
    ),
]
SHOWN = "Lika-Shown"
Shown = Annotated[
    str | None,
    Header(
        alias=SHOWN, max_length=200,
        description="办理前所看的后果清单编号，与决定一并保存 / id of the consequences that were shown before, kept with what is done",
    ),
]  # fmt: skip


async def decisive_command(
    request: Request, key: IdempotencyKey, dry_run: DryRunAsked = False, based_on: BasedOn = None,
    consequences: ConsequencesAsked = False, shown: Shown = None,
) -> Command:  # fmt: skip
    """FastAPI dependency of commands from which much follows: as ``current_command``."""
    command = await current_command(request, key, dry_run, based_on)
    return replace(command, previews=request.app.state.previews, shows=consequences, shown=shown)


DecisiveCommand = Annotated[Command, Depends(decisive_command)]
