"""Disclosures over HTTP: personal fields of one household in plain, for a stated purpose. Each is recorded before it is
answered; plaintext is neither stored nor logged here.
"""

from typing import Annotated
from uuid import UUID

import anyio
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.registry.access import Purpose
from services.casework.purposes import access_stream
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealing import Shredded
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.positions import HEADER, PositionToken, parse_positions
from services.registry.disclosures.domain import personal_data_read
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.personal_values import (
    HOUSEHOLD_PERSONAL_FIELDS,
    MEMBER_PERSONAL_FIELDS,
    PlainValues,
    decrypt,
    sealed_values,
)
from services.registry.households.state import Household
from services.registry.households.store import household_in_area, relatives_in

FIELDS = tuple(dict.fromkeys((*HOUSEHOLD_PERSONAL_FIELDS, *MEMBER_PERSONAL_FIELDS)))


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


def disclosures_router(service: Service, vault: DataKeys) -> APIRouter:
    router = APIRouter(tags=["disclosures"])

    @router.post("/disclosures", status_code=201, responses={**ACCEPTED, 201: {"model": Disclosure}})
    async def disclose_personal_data(form: DisclosureForm, command: CurrentCommand) -> JSONResponse:
        """Read personal fields of a household in your area. Reader and purpose are recorded before the answer."""
        households: list[Household] = []
        fields = tuple(dict.fromkeys(form.fields))

        def work(tx: Tx) -> Reply:
            household = household_in_area(tx.load(household_stream(form.household_id)), command.actor, relatives_in(tx))
            persons = tuple(household.members)
            fact = personal_data_read(
                command.by, command.actor.roles, form.purpose, form.household_id, persons, fields, tx.today
            )
            tx.append(access_stream(command.by), fact)
            households.append(household)
            return Reply()

        answer = await execute(service.store, command, work, household_stream(form.household_id))
        if command.dry_run:
            return answer
        # The work of a repeated request is not run: it gets no values.
        values = await anyio.to_thread.run_sync(_decrypt, vault, households[-1], fields) if households else {}
        members: dict[UUID, dict[str, str]] = {}
        for (subject, field), value in values.items():
            members.setdefault(subject, {})[field] = value.value if isinstance(value, Shredded) else value
        household = members.pop(form.household_id, {})
        position = parse_positions(answer.headers[HEADER])
        body = Disclosure(position=position, replayed=not households, household=household, members=members)
        return JSONResponse(body.model_dump(mode="json"), 201, {HEADER: answer.headers[HEADER]})

    return router


def _decrypt(vault: DataKeys, household: Household, fields: tuple[str, ...]) -> PlainValues:
    values = {key: value for key, value in sealed_values(household).items() if key[1] in fields}
    return decrypt(vault, [values])[0]
