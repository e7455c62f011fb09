"""Handovers over HTTP."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

import anyio
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, Field

from contracts.accounts import normalised
from contracts.assistance.handovers import HandoverOpened
from contracts.casework.records import SubjectKind
from services.assistance.handovers.domain import Line, handover_id, stream_of
from services.assistance.handovers.queries import HandoverQueries
from services.assistance.handovers.store import HandoverCommands, Successor
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.positions import wait_for_positions
from services.chassis.ground.field_texts import read_line
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.field_readers import Reads
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay

Account = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", examples=["staff-0101"]), AfterValidator(normalised)]
Unit = Annotated[str, Reads(read_line), Field(min_length=1, max_length=120)]


BY_PLACE = Keyset("handovers", str, UUID)
BEFORE_FIRST = ("", UUID(int=0))


class PairHandoverForm(Body):
    """``effective_on``: the day of leaving; ``accept_by``: up to when others accept, included; ``leader``: who gets the rest."""

    helper: Account
    leader: Account
    leader_unit: Unit
    accept_by: TypedDay
    effective_on: TypedDay


class HandoverLineForm(Body):
    """``pair``: number of the pair with the subject."""

    subject: UUID
    pair: Annotated[int, Field(ge=1, le=10**6)]


class HandoverAcceptanceForm(Body):
    """``helper`` takes these lines over from ``effective_on`` on; ``helper_subject``, ``ends_on``: who they are on record, and up to
    when they help, where the document asks for it and the leaver's pair does not say it."""

    helper: Account
    unit: Unit
    helper_subject: UUID | None = None
    ends_on: TypedDay | None = None
    lines: Annotated[tuple[HandoverLineForm, ...], Field(min_length=1, max_length=100)]
    effective_on: TypedDay


class HandoverLineAnswer(BaseModel):
    """What is in hand with one subject. ``due``, ``overdue``: duties of the leaver that run, and that were missed and can be made
    good; ``unsigned``: a letter is missing; ``exit_by``: by a contract; ``open_cases``, ``unpaid_lines``: about the subject."""

    subject: UUID
    pair: int
    kind: str
    about: SubjectKind
    due: int
    overdue: int
    unsigned: bool
    exit_by: date | None
    open_cases: int
    unpaid_lines: int


class AcceptedLineAnswer(BaseModel):
    """``pair``: of former handovers of a household's helper it was not told; ``fell``: nobody had accepted it, and it fell to the
    leader."""

    subject: UUID
    pair: int | None
    helper: str
    unit: str
    effective_on: date
    fell: bool


class ListedHandoverAnswer(BaseModel):
    """``division``: of the office that opened it; ``accepted``: lines that others took, or that fell to the leader."""

    handover_id: UUID
    helper: str
    leader: str
    leader_unit: str
    division: str
    effective_on: date
    accept_by: date
    accepted: int
    closed: bool


class HandoverAnswer(BaseModel):
    handover_id: UUID
    helper: str
    leader: str
    leader_unit: str
    effective_on: date
    accept_by: date
    closed: bool
    lines: list[HandoverLineAnswer]
    accepted: list[AcceptedLineAnswer]


def handovers_router(service: Service, commands: HandoverCommands, queries: HandoverQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/handovers", tags=["handovers"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def open_handover(body: PairHandoverForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """Somebody who helps leaves: what they have in hand is accepted line by line."""
        await wait_for_positions(service, after)
        fact = HandoverOpened(
            **body.model_dump(), entered_by=command.by, handover_id=handover_id(body.helper), area=command.actor.division
        )  # fmt: skip
        return await execute(
            service.store,
            command,
            commands.open(fact, command.actor),
            stream_of(fact.handover_id),
            extends=(DOCUMENTS,),
        )

    @router.post("/{handover_id}/acceptances", status_code=201, responses=ACCEPTED)
    async def accept_handover(
        handover_id: UUID, body: HandoverAcceptanceForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Somebody takes some lines over, all of them or none."""
        await wait_for_positions(service, after)
        lines = [Line(line.subject, line.pair) for line in body.lines]
        to = Successor(body.helper, body.unit, body.helper_subject, body.ends_on)
        handler = commands.accept(handover_id, lines, to, body.effective_on, command.actor)
        return await execute(service.store, command, handler, stream_of(handover_id), extends=(DOCUMENTS,))

    @router.get("")
    async def list_handovers(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", closed: bool | None = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ListedHandoverAnswer]:  # fmt: skip
        """The last handover of everybody who left, by the office that opened it; ``closed=false``: those with lines to accept."""
        await wait_for_positions(service, after)
        find = partial(
            queries.listed, narrowed_to_area(division, actor), actor, closed=closed,
            after=BY_PLACE.after(cursor) or BEFORE_FIRST, limit=limit + 1,
        )  # fmt: skip
        found = await anyio.to_thread.run_sync(find)
        answers = [ListedHandoverAnswer.model_validate(each, from_attributes=True) for each in found]
        return BY_PLACE.page(answers, limit, lambda a: (a.division, a.handover_id))

    @router.get("/{handover_id}")
    async def read_handover(handover_id: UUID, actor: CurrentActor, after: AskedPositions) -> HandoverAnswer:
        """What is still in hand, and who accepted what."""
        await wait_for_positions(service, after)
        found = await anyio.to_thread.run_sync(queries.read, handover_id, actor)
        return HandoverAnswer.model_validate(found, from_attributes=True)

    return router
