"""Disclosures over HTTP: personal fields of one household in plain, for a stated purpose, each reading recorded first.

This is one of the few places where plaintext exists outside a cadre's hand; it is never stored or logged here.
"""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import anyio
from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.personal import Personal
from contracts.registry.access import Purpose
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.sealing import DataKey, Shredded, key_number, open_box
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.commands import Command, CommandedBy, execute
from services.chassis.web.positions import HEADER, PositionToken, parse_positions
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.state import Household
from services.registry.households.store import household_in_area
from services.registry.vault.domain import PURPOSES, disclose, stream_of
from services.registry.vault.seals import Seals

HOUSEHOLD_FIELDS = ("address", "phone", "account")
MEMBER_FIELDS = ("name", "id_number", "school", "health", "phone")
FIELDS = tuple(dict.fromkeys((*HOUSEHOLD_FIELDS, *MEMBER_FIELDS)))

Reader = Annotated[Command, Depends(CommandedBy(*PURPOSES))]
Box = tuple[UUID, str, Personal[str]]
"""Subject, field, sealed value."""


class DisclosureForm(Body):
    """Ask for no more than is needed: name the fields."""

    household_id: UUID
    purpose: Purpose
    fields: tuple[Annotated[str, Field(pattern="^(" + "|".join(FIELDS) + ")$")], ...] = Field(
        min_length=1, max_length=10
    )


class Disclosure(BaseModel):
    """Values in plain, ``shredded`` where the key was destroyed. A repeated request is answered without values."""

    position: PositionToken
    replayed: bool
    household: dict[str, str]
    members: dict[UUID, dict[str, str]]


def disclosures_router(service: Service, seals: Seals) -> APIRouter:
    router = APIRouter(tags=["disclosures"])

    @router.post("/disclosures", status_code=201, responses={201: {"model": Disclosure}})
    async def disclose_personal_data(form: DisclosureForm, command: Reader) -> JSONResponse:
        """Read personal fields of a household in your area. Who read what and why is on record before you see it."""
        seen: list[Household] = []
        fields = tuple(dict.fromkeys(form.fields))

        def work(tx: Tx) -> Reply:
            state = household_in_area(tx.load(household_stream(form.household_id)), command.actor)
            persons = tuple(state.members)
            read = disclose(command.by, command.actor.roles, form.purpose, form.household_id, persons, fields, tx.today)
            tx.append(stream_of(command.by), read)
            seen.append(state)
            return Reply()

        answer = await execute(service.store, command, work, household_stream(form.household_id))
        boxes = _boxes(seen[-1], fields) if seen else []
        opened = await anyio.to_thread.run_sync(_open, seals, boxes)
        position = parse_positions(answer.headers[HEADER])
        members: dict[UUID, dict[str, str]] = {}
        for (subject, field, _), plain in opened.items():
            members.setdefault(subject, {})[field] = plain
        household = members.pop(form.household_id, {})
        body = Disclosure(position=position, replayed=not seen, household=household, members=members)
        return JSONResponse(body.model_dump(mode="json"), 201, {HEADER: answer.headers[HEADER]})

    return router


def _boxes(state: Household, fields: tuple[str, ...]) -> list[Box]:
    assert state.id is not None
    subjects: list[tuple[UUID, Any, tuple[str, ...]]] = [(state.id, state, HOUSEHOLD_FIELDS)]
    subjects += [(p, m, MEMBER_FIELDS) for p, m in state.members.items()]
    return [
        (subject, field, value)
        for subject, holder, has in subjects
        for field in fields
        if field in has and (value := getattr(holder, field)) is not None
    ]


def _open(seals: Seals, boxes: list[Box]) -> Mapping[Box, str]:
    numbered = {(s, n) for s, _, value in boxes if (n := key_number(value)) is not None}
    keys: Mapping[tuple[UUID, int], DataKey] = seals.vault.keys_numbered(numbered)
    opened = {}
    for box in boxes:
        subject, field, value = box
        plain = open_box(value, subject, field, keys.get((subject, key_number(value) or 0)))
        opened[box] = plain.value if isinstance(plain, Shredded) else plain
    return opened
