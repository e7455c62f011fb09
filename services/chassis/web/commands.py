"""From an HTTP request to a unit of work, and from its outcome to an answer. Endpoints wait for the future of group
commit and hold neither thread nor connection meanwhile."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

import anyio
import msgspec
from fastapi import Depends, Header, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from services.chassis.ground.refusals import Unavailable
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.needs import Claim, Part
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.chassis.web.based_on import BasedOn, parse_based_on, unless_changed
from services.chassis.web.callers import ACTOR
from services.chassis.web.dry_run import IS_DRY_RUN, DryRunAnswer, WarningAnswer, answer_of_dry_run
from services.chassis.web.field_readers import ReadAs, read_as
from services.chassis.web.idempotency_keys import KEY_HEADER, KEY_PATTERN
from services.chassis.web.next_steps import PublishedActs, published_acts
from services.chassis.web.position_tokens import HEADER, PositionToken, format_positions
from services.chassis.web.previews import Previews


class Accepted(BaseModel):
    """Where the effect can be read, and the position a reader must have seen to see it. ``read_as``: fields that were read
    otherwise than they were sent. ``warnings``: what was accepted, and should be looked at all the same."""

    location: str | None
    position: PositionToken
    replayed: bool = False
    read_as: list[ReadAs] = []
    warnings: list[WarningAnswer] = []


@dataclass(frozen=True, slots=True)
class Command:
    """A request that wants to change something: who asks, and which request it is. ``based_on``: the version of each (log,
    stream) that it was decided on, where it says so. ``read_as``: what of its body was read otherwise than it was sent.
    ``acts``: what the service publishes, and ``ids`` the parameters of this request's own path, for what a refusal says is
    next. ``shows``: whether its dry run also says what would follow in all services, as ``previews`` collect it; ``shown``: what
    of that its sender was shown."""

    actor: Actor
    ref: CommandRef
    dry_run: bool = False
    based_on: Mapping[tuple[str, str], int] | None = None
    read_as: tuple[ReadAs, ...] = ()
    acts: PublishedActs | None = None
    ids: Mapping[str, object] = field(default_factory=dict)
    previews: Previews | None = None
    shows: bool = False
    shown: str | None = None

    @property
    def by(self) -> str:
        """What ``entered_by`` says."""
        return self.actor.subject


READ_BODY, READ_JSON = "lika.read_body", "lika.read_json"
"""Keys in the ASGI scope of a body that has been read as a whole before the endpoint is called, and of the JSON in it."""
IdempotencyKey = Annotated[
    str,
    Header(
        alias=KEY_HEADER,
        pattern=KEY_PATTERN,
        description="由客户端生成，重复提交时不变 / chosen by the client, the same when it repeats a command",
    ),
]
"""Header of every command: sending the same command again changes nothing twice."""

TRIAL = (b"dry_run", b"consequences")
"""Query parameters by which a command is only tried out."""

DryRunAsked = Annotated[
    bool,
    Query(
        description="只试不录：说明将记录什么，或有哪些规则不允许"
        " / record nothing; say what would be recorded, or every rule that refuses",
    ),
]
"""Query parameter of every command. A dry run under the key of the command itself names the ids that this will give."""


async def current_command(
    request: Request, key: IdempotencyKey, dry_run: DryRunAsked = False, based_on: BasedOn = None
) -> Command:
    """FastAPI dependency: the command of a caller whom the access table lets through."""
    actor: Actor = request.scope[ACTOR]
    if dry_run:
        request.scope[IS_DRY_RUN] = True
    route = f"{request.method} {request.scope['path']}"
    secret: bytes = request.app.state.digest_key
    body = request.scope.get(READ_BODY)
    # The query belongs to what was asked; it has no line breaks of its own.
    asked: bytes = _without_trial(request.scope["query_string"]) + b"\n"
    asked += await request.body() if body is None else body
    # Not hmac.digest(): it gives up the interpreter lock even for a short text, and getting it back takes longer.
    digest = hmac.new(secret, asked, hashlib.sha256).digest()
    ref = CommandRef.of(actor.subject, route, key, digest)
    sent, body_field = request.scope.get(READ_JSON), getattr(request.scope.get("route"), "body_field", None)
    changed = () if sent is None or body_field is None else read_as(body_field.field_info.annotation, sent)
    return Command(
        actor, ref, dry_run, None if based_on is None else parse_based_on(based_on), changed, published_acts(request),
        request.path_params,
    )  # fmt: skip


CurrentCommand = Annotated[Command, Depends(current_command)]


def _without_trial(query: bytes) -> bytes:
    """A dry run, and what follows from it, is one of the same request."""
    return b"&".join(p for p in query.split(b"&") if p.partition(b"=")[0] not in TRIAL) if query else query


ACCEPTED: dict[int | str, dict[str, Any]] = {
    200: {"model": DryRunAnswer, "description": "试运行的结果 / of a dry run"},
    201: {
        "model": Accepted,
        "headers": {HEADER: {"schema": {"type": "string"}}, "Location": {"schema": {"type": "string"}}},
    },
}
"""``responses=`` of every command."""


async def execute(
    store: Store, command: Command, work: Callable[[Tx], Reply], *streams: str,
    claims: tuple[Claim, ...] = (), parts: tuple[Part, ...] = (), subjects: tuple[UUID, ...] = (),
    extends: tuple[str, ...] = (),
) -> JSONResponse:  # fmt: skip
    """``execute_unit`` of this work; ``Unit`` says what the rest is for."""
    return await execute_unit(store, command, Unit(command.ref, work, streams, claims, extends, parts, subjects))


async def execute_unit(store: Store, command: Command, unit: Unit) -> JSONResponse:
    """Decide under the append lock, wait until it is durable, answer. A dry run is decided on a snapshot instead, and its
    answer says what the refusals are. Raises ``Refused`` for a refusal, first time or repeated, and ``Unavailable`` when
    the database cannot be reached."""
    if command.based_on:
        unit = unless_changed(unit, command.based_on, store.name)
    if command.dry_run:
        found = await anyio.to_thread.run_sync(store.dry_run, unit)
        follows = None
        if command.previews is not None and command.shows and not found.refused and not found.replayed:
            follows = await command.previews.show(command.actor, command.ref, found)
        return answer_of_dry_run(store.name, found, command.read_as, command.acts, command.ids, follows)
    if command.previews is not None and command.shown is not None:
        unit = command.previews.keeping(command.actor, command.ref, unit, command.shown)
    outcome = await outcome_of(store, unit)
    outcome.require_accepted()
    position = {store.name: outcome.position}
    # An ``Accepted``, which says in the OpenAPI document what this is.
    body: dict[str, Any] = {
        "location": outcome.location, "position": position, "replayed": outcome.replayed, "warnings": outcome.warnings,
    }  # fmt: skip
    if command.read_as:
        body["read_as"] = [each.model_dump() for each in command.read_as]
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
