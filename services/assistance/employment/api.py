"""Commands about work over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from fastapi.responses import JSONResponse

from contracts.assistance import employment as facts
from contracts.assistance.employment import EmploymentFact
from services.assistance.employment import domain, forms
from services.assistance.employment.domain import offer_stream_of, stream_of
from services.assistance.employment.store import EmploymentCommands, household_of
from services.assistance.employment.work import Work
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.evidence.citations import Citations
from services.casework.fact_forms import FactForm
from services.casework.people.state import PersonState
from services.casework.positions import wait_for_positions
from services.chassis.log.unit import Tx
from services.chassis.service import Service
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

PLACEMENTS = UUID("7c2d9c0a-5d0a-5c5e-9f0e-5a4b2c7d8e31")
"""Namespace of the ids of offers and placements: of the commands that made them."""
Decide = Callable[[PersonState, Tx, dict[str, Any]], EmploymentFact]


def offers_router(service: Service, commands: EmploymentCommands, citations: Citations) -> DeferredRouter:
    router = DeferredRouter(prefix="/employment/offers", tags=["employment"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def offer_job(body: forms.JobOfferForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """An employer wants so many people; named is the fair where it was offered, if at one."""
        await wait_for_positions(service, after)
        fact = body.fact(uuid5(PLACEMENTS, str(command.ref.command_id)), command.by)
        handler = commands.offer(fact, command.actor.covers)
        return await citations.execute(
            command, handler, offer_stream_of(fact.offer_id), evidence=fact.evidence, about=(fact.offer_id,),
            extends=(DOCUMENTS,),
        )  # fmt: skip

    @router.post("/{offer_id}/closing", status_code=201, responses=ACCEPTED)
    async def close_job_offer(
        offer_id: UUID, body: forms.JobOfferClosingForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Nobody more is wanted."""
        await wait_for_positions(service, after)
        fact = facts.JobOfferClosed(offer_id=offer_id, reason=body.reason, **body.common(command.by))
        handler = commands.close(fact, command.actor.covers)
        return await citations.execute(
            command, handler, offer_stream_of(offer_id), evidence=fact.evidence, about=(offer_id,)
        )

    return router


class WorkEntries:
    """Records what is entered about one person's work."""

    def __init__(self, service: Service, commands: EmploymentCommands, citations: Citations) -> None:
        self._service, self.commands, self._citations = service, commands, citations

    async def enter(
        self, person_id: UUID, body: FactForm, command: Command, after: AskedPositions, decide: Decide
    ) -> JSONResponse:
        """``decide`` is given the person, the unit and the common fields of its fact."""
        await wait_for_positions(self._service, after)
        given = body.common(command.by)

        def decided(work: Work, person: PersonState, tx: Tx) -> EmploymentFact:
            common = {"person_id": person_id, "household_id": household_of(person, work), **given}
            return decide(person, tx, common)

        handler = self.commands.enter(person_id, body.effective_on, command.actor.covers, decided)
        return await self._citations.execute(
            command, handler, stream_of(person_id), evidence=given["evidence"], about=(person_id,), extends=(DOCUMENTS,)
        )  # fmt: skip

    async def of_placement(
        self, person_id: UUID, body: forms.PlacementForm, command: Command, after: AskedPositions,
        kind: Callable[..., EmploymentFact], **told: Any,
    ) -> JSONResponse:  # fmt: skip
        """A fact about one placement that asks for no more than the person's work."""
        return await self.enter(
            person_id, body, command, after,
            lambda _, __, common: kind(placement_id=body.placement_id, **told, **common),
        )  # fmt: skip


def placements_router(entries: WorkEntries) -> DeferredRouter:
    """How somebody comes to work, and how it ends."""
    router, enter = DeferredRouter(prefix="/employment/persons", tags=["employment"]), entries.enter

    @router.post("/{person_id}/matches", status_code=201, responses=ACCEPTED)
    async def match_job(
        person_id: UUID, body: forms.JobMatchForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Somebody is proposed for an offer that is open; nobody is hired yet."""

        def matched(_: PersonState, tx: Tx, common: dict[str, Any]) -> EmploymentFact:
            entries.commands.require_open(tx, body.offer_id, body.effective_on)
            return facts.JobMatched(offer_id=body.offer_id, **common)

        return await enter(person_id, body, command, after, matched)

    @router.post("/{person_id}/placements", status_code=201, responses=ACCEPTED)
    async def place_worker(
        person_id: UUID, body: forms.JobPlacementForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Somebody is placed, on the terms of the document of the kind of post."""
        placement_id = uuid5(PLACEMENTS, str(command.ref.command_id))

        def placed(person: PersonState, tx: Tx, common: dict[str, Any]) -> EmploymentFact:
            division = domain.require_division(person)
            found = entries.commands.kind(tx, body.post_kind, body.effective_on, division)
            kind = domain.require_kind(found, body.post_kind)
            told = body.model_dump(exclude={"effective_on", "decision", "evidence", "proved"})
            return facts.JobPlaced(
                placement_id=placement_id, division=division, sex=person.sex, full_time=kind.full_time,
                public_post=kind.public_post, proved=tuple(body.proved), **told, **common,
            )  # fmt: skip

        return await enter(person_id, body, command, after, placed)

    @router.post("/{person_id}/endings", status_code=201, responses=ACCEPTED)
    async def end_placement(
        person_id: UUID, body: forms.PlacementEndForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """The day is the last at work."""
        return await entries.of_placement(person_id, body, command, after, facts.PlacementEnded, reason=body.reason)

    @router.post("/{person_id}/businesses", status_code=201, responses=ACCEPTED)
    async def start_business(
        person_id: UUID, body: forms.BusinessForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Somebody works on their own."""

        def started(person: PersonState, _: Tx, common: dict[str, Any]) -> EmploymentFact:
            told = body.model_dump(exclude={"effective_on", "decision", "evidence"})
            return facts.BusinessStarted(division=domain.require_division(person), **told, **common)

        return await enter(person_id, body, command, after, started)

    @router.post("/{person_id}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_work_entries(
        person_id: UUID, body: forms.EmploymentAnnulmentForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Entries were typed wrong; annulling an annulment restores."""

        def annulled(_: PersonState, tx: Tx, common: dict[str, Any]) -> EmploymentFact:
            entries.commands.require_entries(tx, person_id, body.facts)
            return facts.EmploymentFactsAnnulled(annuls=tuple(body.facts), reason=body.reason, **common)

        return await enter(person_id, body, command, after, annulled)

    return router


def kept_jobs_router(entries: WorkEntries) -> DeferredRouter:
    """What is told of a placement while it runs."""
    router, of_placement = DeferredRouter(prefix="/employment/persons", tags=["employment"]), entries.of_placement

    @router.post("/{person_id}/kept", status_code=201, responses=ACCEPTED)
    async def keep_placement(
        person_id: UUID, body: forms.PlacementKeptForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Somebody asked after so many months, and the person was still at work."""
        return await of_placement(person_id, body, command, after, facts.PlacementKept, months=body.months)

    @router.post("/{person_id}/post-attendance", status_code=201, responses=ACCEPTED)
    async def attend_post(
        person_id: UUID, body: forms.PostAttendanceForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Days in a public post in a month that is over."""
        return await of_placement(person_id, body, command, after, facts.PostAttended, month=body.month, days=body.days)

    @router.post("/{person_id}/wages", status_code=201, responses=ACCEPTED)
    async def report_wage(
        person_id: UUID, body: forms.WageReportForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Earned in a month that is over; the household's next survey confirms it as income."""
        return await of_placement(
            person_id, body, command, after, facts.WageReported, month=body.month, amount=body.amount
        )

    @router.post("/{person_id}/tutors", status_code=201, responses=ACCEPTED)
    async def assign_work_tutor(
        person_id: UUID, body: forms.WorkTutorForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """A skilled worker tutors the newcomer."""
        return await of_placement(person_id, body, command, after, facts.WorkTutorAssigned, tutor=body.tutor)

    @router.post("/{person_id}/hand-overs", status_code=201, responses=ACCEPTED)
    async def hand_worker_over(
        person_id: UUID, body: forms.WorkerHandOverForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """The case of somebody who works elsewhere is handed to an organisation there."""
        return await of_placement(
            person_id, body, command, after, facts.WorkerHandedOver, to_organisation=body.to_organisation
        )

    @router.post("/{person_id}/hand-over-acceptances", status_code=201, responses=ACCEPTED)
    async def accept_hand_over(
        person_id: UUID, body: forms.HandOverAcceptanceForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """The organisation there answers for the worker from this day on."""
        return await of_placement(person_id, body, command, after, facts.HandOverAccepted, contact=body.contact)

    return router
