"""Parties over HTTP."""

from collections.abc import Callable
from datetime import date
from typing import Annotated
from uuid import UUID, uuid5

import anyio
from fastapi import Query
from fastapi.responses import JSONResponse
from psycopg.rows import class_row
from pydantic import AfterValidator, BaseModel, Field

from contracts.accounts import normalised
from contracts.assistance.parties import PartyEntered, PartyKind, PartyLeft
from contracts.selection import timeline
from services.assistance.parties.domain import ENTERED_ALREADY, leave, party, require_named_rightly, stream_of
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.duties.store import Duties
from services.casework.normalized_texts import normalized
from services.casework.positions import wait_for_positions
from services.chassis.ground.field_texts import read_line
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import unkeyed
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.areas import Prefix, code_range, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.field_readers import Reads
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay

PARTIES = UUID("b8d8a0a4-5a0a-5d0c-8a53-7b1c5e0d9f21")
"""Namespace of the ids of parties: of the commands that enter them."""
Account = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", examples=["staff-0101"]), AfterValidator(normalised)]
Line = Annotated[str, Reads(read_line), Field(min_length=1, max_length=120)]
ENTERED = "party_entered"
Follow = Callable[[Tx, PartyEntered, PartyLeft, Actor], None]
BY_PLACE = Keyset("parties", str, UUID)
KindParam = Annotated[PartyKind | None, Query()]


class PartyForm(Body):
    """``name``: of an organisation; ``number``: of a person, in the list of the one they are ``member_of``; ``account``: who
    answers for it, or helps under it; ``leader``: to whom falls what nobody takes over."""

    kind: PartyKind
    division: Annotated[str, Field(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$", examples=["990001101"])]
    name: Line | None = None
    number: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")] = None
    account: Account | None = None
    leader: Account | None = None
    member_of: UUID | None = None
    effective_on: TypedDay


class PartyEndForm(Body):
    """``effective_on``: the first day on which it is there no more."""

    effective_on: TypedDay


class PartyAnswer(BaseModel):
    """``until``: the first day without it."""

    party_id: UUID
    kind: PartyKind
    division: str
    name: str | None
    number: str | None
    account: str | None
    leader: str | None
    member_of: UUID | None
    since: date
    until: date | None


def _names(fact: PartyEntered) -> tuple[tuple[int, bytes], ...]:
    """By which a party is told from others of its kind in its place, while it is there."""
    told = fact.kind, fact.division, str(fact.member_of or ""), normalized((fact.name or fact.number or "",))
    return (unkeyed(uuid5(PARTIES, "\n".join(told))),)


def _enter(fact: PartyEntered, duties: Duties, actor: Actor) -> Callable[[Tx], Reply]:
    def work(tx: Tx) -> Reply:
        if not actor.covers(fact.division):
            raise Refused(NOT_FOUND)
        require_named_rightly(fact, tx.today)
        names = _names(fact)
        for holder in tx.holders(ENTERED, names).values():
            raise Refused(ENTERED_ALREADY, party_id=str(holder))
        tx.claim(ENTERED, names, fact.party_id)
        (told,) = tx.append(stream_of(fact.party_id), fact)
        duties.reconcile(tx, [fact.party_id], told)
        return Reply(location=f"/assistance/parties/{fact.party_id}")

    return work


def _leave(fact: PartyLeft, duties: Duties, follow: Follow, actor: Actor) -> Callable[[Tx], Reply]:
    def work(tx: Tx) -> Reply:
        state = party(timeline(tx.load(stream_of(fact.party_id))))
        if state is None or not actor.covers(state.entered.division):
            raise Refused(NOT_FOUND)
        (told,) = tx.append(stream_of(fact.party_id), leave(state, fact, tx.today))
        if fact.party_id in tx.holders(ENTERED, names := _names(state.entered)).values():
            tx.release(ENTERED, names)
        follow(tx, state.entered, fact, actor)
        duties.reconcile(tx, [fact.party_id], told)
        return Reply(location=f"/assistance/parties/{fact.party_id}")

    return work


def parties_router(service: Service, duties: Duties, follow: Follow) -> DeferredRouter:
    """``follow``: what else is over when a party leaves."""
    router = DeferredRouter(prefix="/parties", tags=["parties"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def enter_party(body: PartyForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """A school, union, enterprise, team or place, or somebody outside of the register, by number."""
        await wait_for_positions(service, after)
        fact = PartyEntered(
            **body.model_dump(), entered_by=command.by, party_id=uuid5(PARTIES, str(command.ref.command_id))
        )
        handler = _enter(fact, duties, command.actor)
        return await execute(service.store, command, handler, stream_of(fact.party_id), extends=(DOCUMENTS,))

    @router.post("/{party_id}/ends", status_code=201, responses=ACCEPTED)
    async def end_party(party_id: UUID, body: PartyEndForm, command: CurrentCommand) -> JSONResponse:
        """It is there no more from that day on: its pairs are over, and what a person helped is handed over."""
        fact = PartyLeft(effective_on=body.effective_on, entered_by=command.by, party_id=party_id)
        handler = _leave(fact, duties, follow, command.actor)
        return await execute(service.store, command, handler, stream_of(party_id), extends=(DOCUMENTS,))

    def found(division: str, kind: PartyKind | None, after: tuple[str, UUID], limit: int) -> list[PartyAnswer]:
        low, high = code_range(division)
        sql = (
            "SELECT party_id, kind, division, name, number, account, leader, member_of, since, until FROM parties"
            " WHERE division >= %s AND division < %s AND (%s::text IS NULL OR kind = %s) AND (division, party_id) > (%s, %s)"
            " ORDER BY division, party_id LIMIT %s"
        )
        with service.store.reading() as conn, conn.cursor(row_factory=class_row(PartyAnswer)) as cur:
            return cur.execute(sql.encode(), (low, high, kind, kind, *after, limit)).fetchall()

    @router.get("")
    async def list_parties(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", kind: KindParam = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[PartyAnswer]:  # fmt: skip
        """Parties of an area, those that left included."""
        await wait_for_positions(service, after)
        start = BY_PLACE.after(cursor) or ("", UUID(int=0))
        answers = await anyio.to_thread.run_sync(found, narrowed_to_area(division, actor), kind, start, limit + 1)
        return BY_PLACE.page(answers, limit, lambda a: (a.division, a.party_id))

    return router
