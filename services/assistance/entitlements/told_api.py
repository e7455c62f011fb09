"""Days, costs, incomes and other grants, told for a period, over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

import anyio
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, model_validator

from contracts.assistance.entitlements import EntitlementQuantityTold
from contracts.selection import timeline
from services.assistance.entitlements.api import Paper
from services.assistance.entitlements.domain import stream_of
from services.assistance.entitlements.state import fold
from services.assistance.entitlements.suspensions import unit_of_case
from services.assistance.entitlements.told import QUANTITIES, Telling, telling_handler
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.documents.reading import Documents
from services.casework.positions import wait_for_own_head, wait_for_positions
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.form_errors import FormError
from services.chassis.web.payloads import Body
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay

Money = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]


class QuantityForm(Body):
    """One of the five, for the whole of the period as known now: told again, it takes the place of what was told. ``period_from``: first
    day of the period; ``on``: day on which it was counted; ``days``: attended; ``cost``: yuan that arose; ``income``: yuan a head and
    month, and ``other_grants``: yuan a period, both from this period on; ``delivered``: pieces handed out."""

    on: TypedDay
    component: Annotated[str, Field(pattern=rf"^{KEY_PATTERN}$", examples=["meals"])]
    period_from: TypedDay
    days: Annotated[int | None, Field(ge=0, le=366)] = None
    cost: Money | None = None
    income: Money | None = None
    other_grants: Money | None = None
    delivered: Annotated[int | None, Field(ge=0, le=1_000_000)] = None
    paper: Paper

    @model_validator(mode="after")
    def _says_one_of_them(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if sum(getattr(self, name) is not None for name in QUANTITIES) != 1:
            raise FormError(f"须为下列之一：{'、'.join(QUANTITIES)}", f"one of {', '.join(QUANTITIES)}")
        return self

    def telling(self, case_id: UUID) -> Telling:
        said = {name: value for name in QUANTITIES if (value := getattr(self, name)) is not None}
        return Telling(case_id, self.component, self.period_from, said, self.on, self.paper)


class QuantityAnswer(BaseModel):
    """``fact``: id of what told it, by which what is due on its own occasion is named."""

    component: str
    period_from: date
    period_to: date
    days: int | None
    cost: Decimal | None
    income: Decimal | None
    other_grants: Decimal | None
    collected: Decimal | None
    delivered: int | None
    on: date
    fact: str

    @classmethod
    def of(cls, said: EntitlementQuantityTold, fact: str) -> Self:
        return cls(
            component=said.component, period_from=said.period_from, period_to=said.period_to, on=said.effective_on,
            fact=fact, collected=said.collected, **{name: getattr(said, name) for name in QUANTITIES},
        )  # fmt: skip


def told_router(service: Service, documents: Documents) -> DeferredRouter:
    router = DeferredRouter(prefix="/entitlements/{case_id}", tags=["entitlements"])

    def find_unit(case_id: UUID, actor: Actor) -> UUID:
        with service.store.reading() as conn, conn.cursor() as cur:
            return unit_of_case(cur, case_id, actor)

    @router.get("/quantities")
    async def list_quantities(case_id: UUID, actor: CurrentActor, after: AskedPositions) -> list[QuantityAnswer]:
        """What its amounts are reckoned from, in the order in which it was told."""
        await wait_for_positions(service, after)

        def read() -> list[QuantityAnswer]:
            own = service.store.stream(stream_of(find_unit(case_id, actor)))
            grant = fold(timeline(own)).grants.get(case_id)
            return [QuantityAnswer.of(told.said, told.fact_id) for told in (grant.told if grant is not None else ())]

        return await anyio.to_thread.run_sync(read)

    @router.post("/quantities", status_code=201, responses=ACCEPTED)
    async def tell_quantity(
        case_id: UUID, body: QuantityForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Days attended, or a cost, an income or other grants, of one period: what is due follows from it."""
        await wait_for_own_head(service, after)
        unit = await anyio.to_thread.run_sync(find_unit, case_id, command.actor)
        handler = telling_handler(body.telling(case_id), documents, command.actor)
        return await execute(service.store, command, handler, stream_of(unit), extends=(DOCUMENTS,))

    return router
