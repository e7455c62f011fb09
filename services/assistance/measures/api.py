"""Commands about measures over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from fastapi.responses import JSONResponse

from contracts.assistance import measures as facts
from contracts.assistance.measures import MeasuresFact
from services.assistance.measures import domain, forms
from services.assistance.measures.domain import stream_of
from services.assistance.measures.state import Measures
from services.assistance.measures.store import HouseholdOnDay, MeasureCommands
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.evidence.citations import Citations
from services.casework.fact_forms import FactForm
from services.casework.positions import wait_for_positions
from services.chassis.log.unit import Tx
from services.chassis.service import Service
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

MEASURES = UUID("3e7f4f52-0c7b-5d6b-8b0f-7d8a1f2c9b64")
"""Namespace of the ids of measures: of the commands that began them."""
Decide = Callable[[Measures, HouseholdOnDay, Tx, dict[str, Any]], MeasuresFact]


class MeasureEntries:
    """Records what is entered about one household's measures."""

    def __init__(self, service: Service, commands: MeasureCommands, citations: Citations) -> None:
        self._service, self.commands, self._citations = service, commands, citations

    async def enter(
        self, household_id: UUID, body: FactForm, command: Command, after: AskedPositions, decide: Decide
    ) -> JSONResponse:
        """``decide`` is given the measures, the household on the day, the unit, and the common fields of its fact."""
        await wait_for_positions(self._service, after)
        common = {"household_id": household_id, **body.common(command.by)}
        handler = self.commands.enter(
            household_id, body.effective_on, command.actor.covers, lambda told, on, tx: decide(told, on, tx, common)
        )
        return await self._citations.execute(
            command, handler, stream_of(household_id), evidence=common["evidence"], about=(household_id,),
            extends=(DOCUMENTS,),
        )  # fmt: skip


def measures_router(entries: MeasureEntries) -> DeferredRouter:
    router = DeferredRouter(prefix="/measures/households", tags=["measures"])
    enter, commands = entries.enter, entries.commands

    @router.post("/{household_id}/plans", status_code=201, responses=ACCEPTED)
    async def draw_household_plan(
        household_id: UUID, body: forms.HouseholdPlanForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Causes and risks, and the kinds of measures that shall be taken against them. A cause that none of them answers is kept, and
        listed as one without a measure."""

        def drawn(_: Measures, on: HouseholdOnDay, tx: Tx, common: dict[str, Any]) -> MeasuresFact:
            day = body.effective_on
            planned = tuple(domain.planned(key, commands.kind(tx, key, day, on.division)) for key in body.planned)
            told = body.model_dump(exclude={"effective_on", "decision", "evidence", "planned", "causes"})
            plan = facts.PovertyPlanDrawn(
                division=on.division, causes=tuple(dict.fromkeys(body.causes)), planned=planned, **told, **common
            )
            domain.require_plan(plan)
            return plan

        return await enter(household_id, body, command, after, drawn)

    @router.post("/{household_id}/measures", status_code=201, responses=ACCEPTED)
    async def begin_measure(
        household_id: UUID, body: forms.MeasureBeginForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """A measure begins, on the terms of the document of its kind."""
        measure_id = uuid5(MEASURES, str(command.ref.command_id))

        def begun(_: Measures, on: HouseholdOnDay, tx: Tx, common: dict[str, Any]) -> MeasuresFact:
            found = commands.kind(tx, body.measure_kind, body.effective_on, on.division)
            kind = domain.require_kind(found, body.measure_kind)
            domain.require_eligible(kind, on.candidate)
            domain.require_grade(kind, body.grade)
            return facts.MeasureBegun(
                measure_id=measure_id, measure_kind=body.measure_kind, division=on.division, persons=on.persons,
                grade=body.grade, partner=body.partner, terms=kind.terms, **common,
            )  # fmt: skip

        return await enter(household_id, body, command, after, begun)

    @router.post("/{household_id}/steps", status_code=201, responses=ACCEPTED)
    async def take_measure_step(
        household_id: UUID, body: forms.MeasureStepForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """The next step of a measure, with the papers and the decision that its kind asks for."""

        def taken(told: Measures, _: HouseholdOnDay, __: Tx, common: dict[str, Any]) -> MeasuresFact:
            step = facts.MeasureStepTaken(measure_id=body.measure_id, step=body.step, **common)
            domain.require_papers(told.running(body.measure_id), step)
            return step

        return await enter(household_id, body, command, after, taken)

    @router.post("/{household_id}/deliveries", status_code=201, responses=ACCEPTED)
    async def deliver_measure(
        household_id: UUID, body: forms.MeasureDeliveryForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Goods, a dividend or an order reached the household."""

        def delivered(told: Measures, _: HouseholdOnDay, __: Tx, common: dict[str, Any]) -> MeasuresFact:
            fact = facts.MeasureDelivered(
                measure_id=body.measure_id, item=body.item, quantity=body.quantity(), price=body.price,
                compared_price=body.compared_price, **common,
            )  # fmt: skip
            domain.require_deliverable(told.running(body.measure_id), fact)
            return fact

        return await enter(household_id, body, command, after, delivered)

    @router.post("/{household_id}/withdrawals", status_code=201, responses=ACCEPTED)
    async def withdraw_measure(
        household_id: UUID, body: forms.MeasureWithdrawalForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """A measure is not carried out, or not further."""
        return await enter(
            household_id, body, command, after,
            lambda _, __, ___, common: facts.MeasureWithdrawn(
                measure_id=body.measure_id, reason=body.reason, **common
            ),
        )  # fmt: skip

    @router.post("/{household_id}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_measure_entries(
        household_id: UUID, body: forms.MeasureAnnulmentForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Entries were typed wrong; annulling an annulment restores."""

        def annulled(_: Measures, __: HouseholdOnDay, tx: Tx, common: dict[str, Any]) -> MeasuresFact:
            commands.require_entries(tx, household_id, body.facts)
            return facts.MeasureFactsAnnulled(annuls=tuple(body.facts), reason=body.reason, **common)

        return await enter(household_id, body, command, after, annulled)

    return router
