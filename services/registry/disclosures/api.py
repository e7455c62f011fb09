"""Disclosures over HTTP: personal fields of up to 200 households in plain, for a stated purpose. Each request is recorded before
it is answered; plaintext is neither stored nor logged here."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Path, Query
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, Field

from contracts.accounts import normalised
from contracts.civil import civil_day
from contracts.registry.access import (
    MatterKind,
    Purpose,
    ReadingMatter,
    ReadingOrder,
    ReadingsReviewed,
    ReviewOfReadings,
)
from services.casework.purposes import access_stream
from services.chassis.ground.field_texts import read_line
from services.chassis.ground.refusals import Refused, Unavailable
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealing import Shredded
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.field_readers import Reads
from services.chassis.web.payloads import Day
from services.chassis.web.position_tokens import HEADER, PositionToken, parse_positions
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.disclosures.rules import TOO_MANY_HOUSEHOLDS_READ
from services.registry.disclosures.store import EXTENDS, Asked, Disclosures, Persons, review_handler
from services.registry.households.personal_values import (
    HOUSEHOLD_PERSONAL_FIELDS,
    MEMBER_PERSONAL_FIELDS,
    decrypt,
    sealed_values,
)
from services.registry.households.state import Household

FIELDS = tuple(dict.fromkeys((*HOUSEHOLD_PERSONAL_FIELDS, *MEMBER_PERSONAL_FIELDS)))
MOST_HOUSEHOLDS = 200
MOST_ASKED = 160
"""As many ids as fit an address (``LIKA_LIMIT_TARGET_BYTES``)."""
Households = Annotated[list[UUID], Query(alias="household_id", min_length=1, max_length=MOST_ASKED)]
PaperText = Annotated[str, Reads(read_line), Field(min_length=1, max_length=120)]
Account = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$"), AfterValidator(normalised)]


class MatterForm(Body):
    """Something that is open about households of the request."""

    kind: MatterKind
    id: UUID


class OrderForm(Body):
    """The paper that the reading rests on. No names."""

    organ: PaperText = Field(examples=["县审计局"])
    document_no: PaperText = Field(examples=["审通〔2014〕5号"])


class DisclosureForm(Body):
    """Ask for no more than is needed: name the fields. ``matters``: what is open about each household, for the purposes of
    casework; ``order``: for an audit, a payment, or a household's own request."""

    household_ids: tuple[UUID, ...] = Field(min_length=1, max_length=MOST_HOUSEHOLDS)
    purpose: Purpose
    fields: tuple[Annotated[str, Field(pattern="^(" + "|".join(FIELDS) + ")$")], ...] = Field(
        min_length=1, max_length=len(FIELDS)
    )
    matters: tuple[MatterForm, ...] = Field(default=(), max_length=MOST_HOUSEHOLDS)
    order: OrderForm | None = None


class OpenMatterAnswer(BaseModel):
    """``since``: it was opened, raised, received, or entered."""

    household_id: UUID
    kind: MatterKind
    id: UUID
    since: date


class DisclosedHousehold(BaseModel):
    """Values in plain, ``shredded`` where the key was destroyed."""

    household_id: UUID
    national_no: str | None
    household: dict[str, str]
    members: dict[UUID, dict[str, str]]


class Disclosure(BaseModel):
    """A repeated request is answered without values."""

    position: PositionToken
    replayed: bool
    households: list[DisclosedHousehold]


class ReviewForm(Body):
    """``document_no``: of the paper in which it stands, where there is one."""

    conclusion: ReviewOfReadings
    document_no: PaperText | None = None


def disclosures_router(service: Service, vault: DataKeys, disclosures: Disclosures, persons: Persons) -> DeferredRouter:
    """``persons``: which accounts are one person's."""
    router = DeferredRouter(tags=["disclosures"])

    @router.get("/disclosures/matters")
    async def list_disclosure_matters(
        households: Households, actor: CurrentActor, after: AskedPositions
    ) -> list[OpenMatterAnswer]:
        """What a disclosure of these households may name today; nothing of those outside of the caller's area."""
        await service.wait_for_positions(after)
        found = await anyio.to_thread.run_sync(disclosures.may_name, actor, tuple(dict.fromkeys(households)))
        return [OpenMatterAnswer.model_validate(each, from_attributes=True) for each in found]

    @router.post("/disclosures", status_code=201, responses={**ACCEPTED, 201: {"model": Disclosure}})
    async def disclose_personal_data(
        form: DisclosureForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Read personal fields of households in your area. Reader, purpose and what it is for are recorded before the
        answer. Waits for the positions named, as a read does."""
        await service.wait_for_positions(after)
        asked = Asked(
            actor=command.actor, purpose=form.purpose, households=tuple(dict.fromkeys(form.household_ids)),
            fields=tuple(dict.fromkeys(form.fields)),
            matters=tuple(ReadingMatter(kind=m.kind, id=m.id) for m in form.matters),
            order=None if form.order is None else ReadingOrder(**form.order.model_dump()),
        )  # fmt: skip
        found = await anyio.to_thread.run_sync(disclosures.read, asked)
        recorded: list[bool] = []
        record = disclosures.handler(asked, found)

        def work(tx: Tx) -> Reply:
            reply = record(tx)
            recorded.append(True)
            return reply

        stream = access_stream(command.by, civil_day(service.store.clock.now()))
        try:
            answer = await execute(service.store, command, work, stream, extends=EXTENDS)
        except Refused as no:
            raise until_tomorrow(no) from no
        if command.dry_run:
            return answer
        # The work of a repeated request is not run: it gets no values.
        opened = await anyio.to_thread.run_sync(_opened, vault, found, asked.fields) if recorded else []
        position = parse_positions(answer.headers[HEADER])
        body = Disclosure(position=position, replayed=not recorded, households=opened)
        return JSONResponse(body.model_dump(mode="json"), 201, {HEADER: answer.headers[HEADER]})

    @router.post("/readings/{day}/{account}/reviews", status_code=201, responses=ACCEPTED)
    async def review_readings(day: Day, account: Account, form: ReviewForm, command: CurrentCommand) -> JSONResponse:
        """Say what became of an unusual reading: somebody else's, by an account of your area."""
        review = ReadingsReviewed(
            effective_on=civil_day(service.store.clock.now()), entered_by=command.by, reader=account, day=day,
            conclusion=form.conclusion, document_no=form.document_no,
        )  # fmt: skip
        work = review_handler(command.actor, review, persons)
        return await execute(service.store, command, work, access_stream(account, day))

    return router


def until_tomorrow(no: Refused) -> Refused:
    """With ``Retry-After``, where the quota of a day is read up."""
    facts = dict(no.facts)
    if no.rule is not TOO_MANY_HOUSEHOLDS_READ or "seconds" not in facts:
        return no
    return Unavailable(no.rule, retry_after=int(str(facts.pop("seconds"))), **facts).advising(*no.next)


def _opened(vault: DataKeys, found: Mapping[UUID, Household], fields: tuple[str, ...]) -> list[DisclosedHousehold]:
    sealed = [
        {key: value for key, value in sealed_values(household).items() if key[1] in fields}
        for household in found.values()
    ]
    return [
        _disclosed(household_id, household, plain)
        for (household_id, household), plain in zip(found.items(), decrypt(vault, sealed), strict=True)
    ]


def _disclosed(
    household_id: UUID, household: Household, plain: Mapping[tuple[UUID, str], str | Shredded]
) -> DisclosedHousehold:
    members: dict[UUID, dict[str, str]] = {}
    for (subject, field), value in plain.items():
        members.setdefault(subject, {})[field] = value.value if isinstance(value, Shredded) else value
    own = members.pop(household_id, {})
    return DisclosedHousehold(
        household_id=household_id, national_no=household.national_no, household=own, members=members
    )
