"""Authorisations over HTTP."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

import anyio
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.accounts import normalised
from contracts.civil import civil_day
from contracts.registry import authorisations as a
from contracts.registry.members import Relation
from services.casework.documents.reading import Documents
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.evidence_forms import EvidenceForm, papers
from services.chassis.web.payloads import Day
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay
from services.registry.authorisations.domain import AuthorisationState, stream_of
from services.registry.authorisations.store import UNDATED, AdultOf, AuthorisationQueries, record_handler
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.domain import stream_of as household_stream

TakenBy = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", examples=["staff-0101"])]


class WithdrawalForm(Body):
    """``effective_on``: the day on which it was withdrawn."""

    effective_on: TypedDay = Field(examples=["2023-03-06"])
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)

    def fact_fields(self) -> dict[str, Any]:
        return {**self.model_dump(exclude={"evidence"}), "evidence": papers(self.evidence)}


class AuthorisationRefusalForm(WithdrawalForm):
    """``effective_on``: the day on which the person was asked; ``taken_by``: account of whoever asked, the caller where it is
    left out."""

    taken_by: TakenBy | None = None


class AuthorisationForm(AuthorisationRefusalForm):
    """``effective_on``: the day of the signature; ``valid_until``: last day, as the paper has it; ``guardian``: who signed for
    the person. The signed paper is among the evidence, of the kind ``authorisation``."""

    valid_until: TypedDay | None = None
    guardian: UUID | None = None


class AdultAnswer(BaseModel):
    """An adult of the household; the name is masked. ``turns_adult``: in the year of that day, so that a guardian signs before
    the birthday."""

    person_id: UUID
    name: str
    relation: Relation
    birth_year: int
    turns_adult: bool
    state: AuthorisationState
    since: date | None
    signed_on: date | None
    valid_until: date | None

    @classmethod
    def of(cls, adult: AdultOf) -> Self:
        member, found = adult.member, adult.authorisation
        return cls(
            person_id=member.person_id, name=member.name.masked, relation=member.relation,
            birth_year=member.birth_year, turns_adult=adult.turns_adult, state=found.state, since=found.since,
            signed_on=found.signed_on, valid_until=found.valid_until,
        )  # fmt: skip


class AuthorisationsAnswer(BaseModel):
    """Whose assets may be queried on ``as_of``: ``complete`` where every adult has authorised it; ``missing``: persons who
    have not."""

    household_id: UUID
    as_of: date
    complete: bool
    authorised: int
    missing: list[UUID]
    adults: list[AdultAnswer]


def authorisations_router(
    service: Service, commands: HouseholdCommandService, queries: AuthorisationQueries, documents: Documents
) -> DeferredRouter:
    router = DeferredRouter(prefix="/households/{household_id}", tags=["authorisations"])

    async def carry_out(command: Command, fact: a.AuthorisationFact) -> JSONResponse:
        streams = (household_stream(fact.household_id), stream_of(fact.person_id))
        work = record_handler(fact, command.actor, documents)
        return await commands.carry_out(
            command, work, *streams, evidence=fact.evidence, about=(fact.household_id, fact.person_id)
        )

    @router.post("/members/{person_id}/authorisations", status_code=201, responses=ACCEPTED)
    async def enter_authorisation(
        household_id: UUID, person_id: UUID, form: AuthorisationForm, command: CurrentCommand
    ) -> JSONResponse:
        """An adult signed that their assets may be queried (授权)."""
        fields = _common(form, household_id, person_id, command)
        return await carry_out(command, a.QueryAuthorised(**{**fields, "valid_until": form.valid_until or UNDATED}))

    @router.post("/members/{person_id}/authorisation-refusals", status_code=201, responses=ACCEPTED)
    async def refuse_authorisation(
        household_id: UUID, person_id: UUID, form: AuthorisationRefusalForm, command: CurrentCommand
    ) -> JSONResponse:
        """An adult was asked and did not sign."""
        return await carry_out(command, a.QueryAuthorisationRefused(**_common(form, household_id, person_id, command)))

    @router.post("/members/{person_id}/authorisation-withdrawals", status_code=201, responses=ACCEPTED)
    async def withdraw_authorisation(
        household_id: UUID, person_id: UUID, form: WithdrawalForm, command: CurrentCommand
    ) -> JSONResponse:
        """An adult withdraws an authorisation that is valid."""
        fields = {**form.fact_fields(), "household_id": household_id, "person_id": person_id, "entered_by": command.by}
        return await carry_out(command, a.QueryAuthorisationWithdrawn(**fields))

    @router.get("/authorisations")
    async def read_authorisations(
        household_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: Day | None = None
    ) -> AuthorisationsAnswer:
        """The adults of a household on a day, and whose authorisation is missing; names are masked."""
        await service.wait_for_positions(after)
        day = as_of or civil_day(await anyio.to_thread.run_sync(service.store.now))
        found = await anyio.to_thread.run_sync(queries.of_household, household_id, actor, day)
        answers = [AdultAnswer.of(adult) for adult in found]
        missing = [each.person_id for each in answers if each.state is not AuthorisationState.VALID]
        return AuthorisationsAnswer(
            household_id=household_id, as_of=day, complete=not missing, authorised=len(answers) - len(missing),
            missing=missing, adults=answers,
        )  # fmt: skip

    return router


def _common(form: AuthorisationRefusalForm, household_id: UUID, person_id: UUID, command: Command) -> dict[str, Any]:
    taken_by = command.by if form.taken_by is None else normalised(form.taken_by)
    return {
        **form.fact_fields(), "household_id": household_id, "person_id": person_id, "entered_by": command.by,
        "taken_by": taken_by,
    }  # fmt: skip
