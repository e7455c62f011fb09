"""Households over HTTP: what cadres enter. Reading stands in ``readapi``."""

from uuid import UUID, uuid5

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from contracts.facts import Fact, Recorded
from contracts.registry.households import (
    ConditionsSurveyed,
    FactsAnnulled,
    HouseholdMoved,
    HouseholdRecorded,
    HouseholdSplit,
    HouseholdSurveyed,
    IncomeSurveyed,
    MemberDied,
    MemberJoined,
    MemberLeft,
    MemberSurveyed,
)
from services.chassis.commands import ACCEPTED, CadreCommand, Command, carry_out
from services.chassis.refusals import Refused
from services.chassis.service import Service
from services.chassis.unit import Tx
from services.registry.households import domain
from services.registry.households.claims import DUPLICATE_ID, HOUSEHOLD_NO, RESIDENT_ID, Digests, claim_ids
from services.registry.households.domain import stream_of
from services.registry.households.forms import (
    ConditionsForm,
    CorrectionForm,
    DeathForm,
    FactForm,
    HouseholdForm,
    HouseholdSurveyForm,
    IncomeForm,
    JoinForm,
    LeaveForm,
    MemberForm,
    MemberSurveyForm,
    MoveForm,
    SplitForm,
    answers,
)
from services.registry.households.store import Decide, deciding, recording, require_village, splitting
from services.registry.vault.seals import Seals


class HouseholdDesk:
    """Turns forms into facts: ids given, personal values sealed, claims digested."""

    def __init__(self, seals: Seals) -> None:
        self.seals = seals

    def household_no(self, number: str | None) -> Digests:
        return () if number is None else self.seals.digest.digests(HOUSEHOLD_NO, number)

    def id_digests(self, form: MemberForm) -> Digests:
        return () if form.id_number is None else self.seals.digest.digests(RESIDENT_ID, form.id_number)

    async def recorded(self, form: HouseholdForm, command: Command) -> tuple[HouseholdRecorded, dict[UUID, Digests]]:
        """The first fact of a new household. Ids come from the command, so that a repeated request makes no second."""
        people = {uuid5(command.ref.command_id, f"member {n}"): m for n, m in enumerate(form.members)}
        fact = HouseholdRecorded(
            household_id=uuid5(command.ref.command_id, "household"),
            entered_by=command.by,
            **{**answers(form), "members": tuple(m.member(p) for p, m in people.items())},
        )
        return await self.seals.seal(fact), {p: d for p, m in people.items() if (d := self.id_digests(m))}


def households_router(service: Service, desk: HouseholdDesk) -> APIRouter:
    router = APIRouter(prefix="/households", tags=["households"])

    async def decided(command: Command, household_id: UUID, decide: Decide) -> JSONResponse:
        work = deciding(household_id, command.actor, decide)
        return await carry_out(service.store, command, work, stream_of(household_id))

    async def surveyed(
        kind: type[HouseholdSurveyed] | type[MemberSurveyed] | type[IncomeSurveyed] | type[ConditionsSurveyed],
        form: FactForm, command: Command, household_id: UUID, **about: UUID,
    ) -> JSONResponse:  # fmt: skip
        fact = await desk.seals.seal(kind(household_id=household_id, entered_by=command.by, **about, **answers(form)))
        return await decided(command, household_id, lambda known, tx: domain.record(known, [fact], tx.today))

    @router.post("", status_code=201, responses=ACCEPTED)
    async def record_household(form: HouseholdForm, command: CadreCommand) -> JSONResponse:
        """Take a household down with its members; it is a candidate until a procedure decides (M001)."""
        fact, ids = await desk.recorded(form, command)
        work = recording(fact, command.actor, ids, desk.household_no(form.national_no))
        return await carry_out(service.store, command, work, stream_of(fact.household_id))

    @router.post("/{household_id}/surveys", status_code=201, responses=ACCEPTED)
    async def survey_household(household_id: UUID, form: HouseholdSurveyForm, command: CadreCommand) -> JSONResponse:
        """What a visit found out about the household."""
        return await surveyed(HouseholdSurveyed, form, command, household_id)

    @router.post("/{household_id}/members/{person_id}/surveys", status_code=201, responses=ACCEPTED)
    async def survey_member(
        household_id: UUID, person_id: UUID, form: MemberSurveyForm, command: CadreCommand
    ) -> JSONResponse:
        """What a visit found out about a member."""
        return await surveyed(MemberSurveyed, form, command, household_id, person_id=person_id)

    @router.post("/{household_id}/incomes", status_code=201, responses=ACCEPTED)
    async def survey_income(household_id: UUID, form: IncomeForm, command: CadreCommand) -> JSONResponse:
        """Income of one period."""
        return await surveyed(IncomeSurveyed, form, command, household_id)

    @router.post("/{household_id}/conditions", status_code=201, responses=ACCEPTED)
    async def survey_conditions(household_id: UUID, form: ConditionsForm, command: CadreCommand) -> JSONResponse:
        """两不愁三保障 and drinking water (M010)."""
        return await surveyed(ConditionsSurveyed, form, command, household_id)

    @router.post("/{household_id}/members", status_code=201, responses=ACCEPTED)
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
                raise Refused(DUPLICATE_ID, person=str(form.person_id))
            claim_ids(tx, {person_id: digests})
            return domain.record(known, [fact], tx.today)

        return await decided(command, household_id, decide)

    @router.post("/{household_id}/members/{person_id}/departures", status_code=201, responses=ACCEPTED)
    async def part_member(household_id: UUID, person_id: UUID, form: LeaveForm, command: CadreCommand) -> JSONResponse:
        """Somebody leaves the household; a leaving head names a successor."""
        fact = MemberLeft(
            household_id=household_id, person_id=person_id, entered_by=command.by, **_without(form, "successor")
        )
        return await decided(command, household_id, lambda known, tx: domain.part(known, fact, form.successor, tx.today))

    @router.post("/{household_id}/members/{person_id}/deaths", status_code=201, responses=ACCEPTED)
    async def record_death(household_id: UUID, person_id: UUID, form: DeathForm, command: CadreCommand) -> JSONResponse:
        """Somebody died. The death of the last member ends the household."""
        fact = MemberDied(
            household_id=household_id, person_id=person_id, entered_by=command.by, **_without(form, "successor")
        )
        return await decided(command, household_id, lambda known, tx: domain.part(known, fact, form.successor, tx.today))

    @router.post("/{household_id}/splits", status_code=201, responses=ACCEPTED)
    async def split_household(household_id: UUID, form: SplitForm, command: CadreCommand) -> JSONResponse:
        """Members leave to form a household of their own; the answer's location is the new household."""
        order = HouseholdSplit(
            household_id=household_id, new_household_id=uuid5(command.ref.command_id, "household"),
            entered_by=command.by, **_without(form, "head", "national_no"),
        )  # fmt: skip
        work = splitting(order, form.head, form.national_no, command.actor, desk.household_no(form.national_no))
        return await carry_out(service.store, command, work, stream_of(household_id))

    @router.post("/{household_id}/moves", status_code=201, responses=ACCEPTED)
    async def move_household(household_id: UUID, form: MoveForm, command: CadreCommand) -> JSONResponse:
        """The household moves to another village. The cadre's area covers the old village; the new one is told by the
        register itself."""
        fact = HouseholdMoved(household_id=household_id, entered_by=command.by, **answers(form))

        def decide(known: tuple[Recorded, ...], tx: Tx) -> list[Fact]:
            require_village(tx, form.to_division)
            return domain.move(known, fact, tx.today)

        return await decided(command, household_id, decide)

    @router.post("/{household_id}/corrections", status_code=201, responses=ACCEPTED)
    async def correct_facts(household_id: UUID, form: CorrectionForm, command: CadreCommand) -> JSONResponse:
        """Declare facts void by their ids; enter the right ones as facts of their own."""
        fact = FactsAnnulled(household_id=household_id, entered_by=command.by, **answers(form))
        return await decided(command, household_id, lambda known, tx: domain.annul(known, fact, tx.today))

    return router


def _without(form: FactForm, *fields: str) -> dict[str, object]:
    return {name: value for name, value in answers(form).items() if name not in fields}
