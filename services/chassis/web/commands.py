"""From an HTTP request to a unit of work, and from its outcome to an answer. Endpoints wait for the future of group
commit and hold neither thread nor connection meanwhile."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import Depends, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from contracts.roles import Role
from services.chassis.ground.refusals import FORBIDDEN, RULES, Refused, Unavailable
from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.group_commit import StoreUnavailable
from services.chassis.log.needs import Claim, Part
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.chassis.web.callers import actor_of
from services.chassis.web.positions import HEADER, PositionToken, format_positions


class Accepted(BaseModel):
    """Where the effect can be read, and the position a reader must have seen to see it."""

    location: str | None
    position: PositionToken
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A request that wants to change something: who asks, and which request it is."""

    actor: Actor
    ref: CommandRef

    @property
    def by(self) -> str:
        """What ``entered_by`` says."""
        return self.actor.subject


KEY_HEADER = "Idempotency-Key"
KEY_PATTERN = r"^[A-Za-z0-9._~-]{8,80}$"
IdempotencyKey = Annotated[
    str,
    Header(
        alias=KEY_HEADER,
        pattern=KEY_PATTERN,
        description="由客户端生成，重复提交时不变 / chosen by the client, the same when it repeats a command",
    ),
]
"""Header of every command: sending the same command again changes nothing twice."""


class CommandedBy:
    """FastAPI dependency: the command of a caller who holds one of ``roles``, else 403."""

    def __init__(self, *roles: Role) -> None:
        self._roles = roles

    async def __call__(self, request: Request, key: IdempotencyKey) -> Command:
        actor = await actor_of(request)
        if not actor.has(*self._roles):
            raise Refused(FORBIDDEN)
        route = f"{request.method} {request.scope['path']}"
        secret: bytes = request.app.state.digest_key
        # The query belongs to what was asked (a trial run or the real one); it has no line breaks of its own.
        asked: bytes = request.scope["query_string"] + b"\n" + await request.body()
        # Not hmac.digest(): it gives up the interpreter lock even for a short text, and getting it back takes longer.
        digest = hmac.new(secret, asked, hashlib.sha256).digest()
        return Command(actor, CommandRef.of(actor.subject, route, key, digest))


CadreCommand = Annotated[Command, Depends(CommandedBy(Role.CADRE))]
OperatorCommand = Annotated[Command, Depends(CommandedBy(Role.OPERATOR))]

ACCEPTED: dict[int | str, dict[str, Any]] = {
    201: {
        "model": Accepted,
        "headers": {HEADER: {"schema": {"type": "string"}}, "Location": {"schema": {"type": "string"}}},
    }
}
"""``responses=`` of every command."""


async def execute(
    store: Store, command: Command, work: Callable[[Tx], Reply], *streams: str,
    claims: tuple[Claim, ...] = (), parts: tuple[Part, ...] = (), subjects: tuple[UUID, ...] = (),
) -> JSONResponse:  # fmt: skip
    """``execute_unit`` of this work; ``Unit`` says what the rest is for."""
    return await execute_unit(store, Unit(command.ref, work, streams, claims, parts=parts, subjects=subjects))


async def execute_unit(store: Store, unit: Unit) -> JSONResponse:
    """Decide under the append lock, wait until it is durable, answer. Raises ``Refused`` for a refusal, first time or
    repeated, and ``Unavailable`` when the database cannot be reached."""
    outcome = await outcome_of(store, unit)
    if outcome.code is not None:
        raise Refused(RULES[outcome.code], **outcome.facts)
    position = {store.name: outcome.position}
    # An ``Accepted``, which says in the OpenAPI document what this is.
    body = {"location": outcome.location, "position": position, "replayed": outcome.replayed}
    headers = {HEADER: format_positions(position)}
    if outcome.location is not None:
        headers["Location"] = outcome.location
    return MsgspecResponse(body, outcome.status, headers)


async def outcome_of(store: Store, unit: Unit) -> Outcome:
    """What became of a unit of work, refusals included. Raises ``Unavailable``."""
    try:
        return await store.submit_async(unit)
    except StoreUnavailable as away:
        raise Unavailable(away.rule, retry_after=5) from away


class MsgspecResponse(JSONResponse):
    """Written by msgspec, in a tenth of the time."""

    def render(self, content: Any) -> bytes:
        return msgspec.json.encode(content)
