"""Households over HTTP: what cadres enter. Reading stands in ``readapi``."""

from uuid import UUID, uuid5

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from contracts.facts import Fact, Recorded
from contracts.personal import Personal
from contracts.registry.households import (
    ConditionsSurveyed,
    FactsAnnulled,
    HouseholdMoved,
    HouseholdSplit,
    HouseholdSurveyed,
    IncomeSurveyed,
)
from services.chassis.log.unit import Tx
from services.chassis.web.commands import ACCEPTED, CadreCommand, carry_out
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.households import domain
from services.registry.households.claims import asked_for
from services.registry.households.command_service import HouseholdDesk
from services.registry.households.domain import stream_of
from services.registry.households.forms import (
    ConditionsForm,
    CorrectionForm,
    HouseholdForm,
    HouseholdSurveyForm,
    IncomeForm,
    MoveForm,
    SplitForm,
    answers,
)
from services.registry.households.store import recording, require_village, splitting


def households_router(desk: HouseholdDesk) -> APIRouter:
    router = APIRouter(prefix="/households", tags=["households"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def record_household(form: HouseholdForm, command: CadreCommand) -> JSONResponse:
        """Take a household down with its members; it is a candidate until a procedure decides (M001)."""
        fact, ids = await desk.recorded(form, command)
        number = desk.household_no(form.national_no)
        work = recording(fact, command.actor, ids, number)
        streams = (stream_of(fact.household_id), division_stream(fact.division))
        claims = asked_for((m.person_id for m in fact.members), ids, number)
        return await carry_out(desk.store, command, work, *streams, claims=claims)

    @router.post("/{household_id}/surveys", status_code=201, responses=ACCEPTED)
    async def survey_household(household_id: UUID, form: HouseholdSurveyForm, command: CadreCommand) -> JSONResponse:
        """What a visit found out about the household."""
        return await desk.surveyed(HouseholdSurveyed, form, command, household_id)

    @router.post("/{household_id}/incomes", status_code=201, responses=ACCEPTED)
    async def survey_income(household_id: UUID, form: IncomeForm, command: CadreCommand) -> JSONResponse:
        """Income of one period."""
        return await desk.surveyed(IncomeSurveyed, form, command, household_id)

    @router.post("/{household_id}/conditions", status_code=201, responses=ACCEPTED)
    async def survey_conditions(household_id: UUID, form: ConditionsForm, command: CadreCommand) -> JSONResponse:
        """两不愁三保障 and drinking water (M010)."""
        return await desk.surveyed(ConditionsSurveyed, form, command, household_id)

    @router.post("/{household_id}/splits", status_code=201, responses=ACCEPTED)
    async def split_household(household_id: UUID, form: SplitForm, command: CadreCommand) -> JSONResponse:
        """Members leave to form a household of their own; the answer's location is the new household."""
        order = HouseholdSplit(
            household_id=household_id, new_household_id=uuid5(command.ref.command_id, "household"),
            entered_by=command.by, **answers(form, "head", "national_no"),
        )  # fmt: skip
        work = splitting(order, form.head, form.national_no, command.actor, desk.household_no(form.national_no))
        return await carry_out(desk.store, command, work, stream_of(household_id))

    @router.post("/{household_id}/moves", status_code=201, responses=ACCEPTED)
    async def move_household(household_id: UUID, form: MoveForm, command: CadreCommand) -> JSONResponse:
        """The household moves to another village. The cadre's area covers the old village; the new one is told by the
        register itself."""
        fact = HouseholdMoved(household_id=household_id, entered_by=command.by, **answers(form))

        def decide(known: tuple[Recorded, ...], tx: Tx) -> list[Fact]:
            require_village(tx, form.to_division)
            return domain.move(known, fact, tx.today)

        return await desk.decided(command, household_id, decide)

    @router.post("/{household_id}/corrections", status_code=201, responses=ACCEPTED)
    async def correct_facts(household_id: UUID, form: CorrectionForm, command: CadreCommand) -> JSONResponse:
        """Declare facts void by their ids; enter the right ones as facts of their own."""
        said = {**answers(form), "reason": Personal(form.reason)}  # free text: it may name somebody
        fact = await desk.seals.seal(FactsAnnulled(household_id=household_id, entered_by=command.by, **said))
        return await desk.decided(command, household_id, lambda known, tx: domain.annul(known, fact, tx.today))

    return router
