"""Members over HTTP: who is surveyed, who joins, who leaves, who died."""

from uuid import UUID, uuid5

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from contracts.facts import Fact, Recorded
from contracts.registry.households import (
    MemberDied,
    MemberJoined,
    MemberLeft,
    MemberSurveyed,
)
from services.chassis.ground.refusals import Refused
from services.chassis.log.unit import Tx
from services.chassis.web.commands import ACCEPTED, CadreCommand
from services.registry.households import domain
from services.registry.households.claims import PERSON_NOT_CONFIRMED, RESIDENT_ID, claim_ids
from services.registry.households.command_service import HouseholdDesk
from services.registry.households.forms import (
    DeathForm,
    JoinForm,
    LeaveForm,
    MemberSurveyForm,
    answers,
)


def members_router(desk: HouseholdDesk) -> APIRouter:
    router = APIRouter(prefix="/households/{household_id}/members", tags=["members"])

    @router.post("/{person_id}/surveys", status_code=201, responses=ACCEPTED)
    async def survey_member(
        household_id: UUID, person_id: UUID, form: MemberSurveyForm, command: CadreCommand
    ) -> JSONResponse:
        """What a visit found out about a member."""
        return await desk.surveyed(MemberSurveyed, form, command, household_id, person_id=person_id)

    @router.post("", status_code=201, responses=ACCEPTED)
    async def join_member(household_id: UUID, form: JoinForm, command: CadreCommand) -> JSONResponse:
        """Somebody is born or moves in. A person whom the register knows keeps their id: send it as ``person_id``."""
        person_id = form.person_id or uuid5(command.ref.command_id, "member")
        joined = MemberJoined(
            household_id=household_id, entered_by=command.by, effective_on=form.effective_on, precision=form.precision,
            evidence=form.papers(), member=form.member.member(person_id), reason=form.reason,
        )  # fmt: skip
        fact, digests = await desk.seals.seal(joined), desk.id_digests(form.member)

        def decide(known: tuple[Recorded, ...], tx: Tx) -> list[Fact]:
            if form.person_id is not None and form.person_id not in tx.holders(RESIDENT_ID, digests).values():
                raise Refused(PERSON_NOT_CONFIRMED, person=str(form.person_id))
            claim_ids(tx, {person_id: digests})
            return domain.record(known, [fact], tx.today)

        return await desk.decided(command, household_id, decide)

    @router.post("/{person_id}/departures", status_code=201, responses=ACCEPTED)
    async def part_member(household_id: UUID, person_id: UUID, form: LeaveForm, command: CadreCommand) -> JSONResponse:
        """Somebody leaves the household; a leaving head names a successor."""
        fact = MemberLeft(
            household_id=household_id, person_id=person_id, entered_by=command.by, **answers(form, "successor")
        )
        return await desk.decided(
            command, household_id, lambda known, tx: domain.part(known, fact, form.successor, tx.today)
        )

    @router.post("/{person_id}/deaths", status_code=201, responses=ACCEPTED)
    async def record_death(household_id: UUID, person_id: UUID, form: DeathForm, command: CadreCommand) -> JSONResponse:
        """Somebody died. The death of the last member ends the household."""
        fact = MemberDied(
            household_id=household_id, person_id=person_id, entered_by=command.by, **answers(form, "successor")
        )
        return await desk.decided(
            command, household_id, lambda known, tx: domain.part(known, fact, form.successor, tx.today)
        )

    return router
