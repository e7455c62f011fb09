"""The sheet of a visit over HTTP: last values, and what all services owe the household."""

from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

import anyio
from fastapi import Request
from pydantic import BaseModel

from contracts.civil import civil_day, end_of_day
from contracts.consequences import LOAN_BENEFIT, WAGES_REPORTED, ConsequenceLine
from services.casework.access.records import VISIT_ROW
from services.casework.duties.standing import DUTY
from services.casework.inbox.api import ActAnswer
from services.casework.inbox.entries import Act
from services.chassis.following.foresight import Foretold, Question
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.access_table import AccessTable
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.positions import AskedPositions
from services.chassis.web.previews import ConsequenceAnswer
from services.chassis.web.routing import DeferredRouter
from services.registry.households.answers import HouseholdAnswer
from services.registry.households.reading import HouseholdReader
from services.registry.visits.sheet import SheetPart, in_order, parts_of


class AsksAll(Protocol):
    """Asks every service that reacts to the register."""

    async def ask_all(self, asked: Question) -> tuple[list[Foretold], tuple[str, ...]]: ...


class ReportedWagesAnswer(BaseModel):
    """What was reported of a year's wages of whoever lived in the household then, in yuan; ``surveyed``: the wages of the income that
    stands for that year, ``None`` where no survey has confirmed any yet."""

    year: int
    persons: int
    months: int
    earned: Decimal
    surveyed: Decimal | None


class LoanBenefitAnswer(BaseModel):
    """What the household has of a loan. ``year`` and ``dividends``, in yuan: of one that it invested; ``jobs``: that the business of a
    borrower gives who draws it in. ``on``: of the last dividend, or of that contract."""

    loan_id: UUID
    product: str
    lender: str
    on: date
    year: int | None
    dividends: Decimal | None
    jobs: int | None


class VisitSheetAnswer(BaseModel):
    """``parts``: what was known last, personal fields masked. ``duties``: what is owed to the household by whom, by last day.
    ``wages``: what was reported and is to be asked for, income of the household once the survey says so; ``loan_benefits``: likewise.
    ``away``: services that did not say what they owe: where there is one, the sheet is incomplete. ``act``: the request that enters
    what the visit found, where the caller may, with a place for each member in the order of the sheet."""

    household_id: UUID
    national_no: str | None
    division: str
    as_of: date
    parts: list[SheetPart]
    duties: list[ConsequenceAnswer]
    wages: list[ReportedWagesAnswer]
    loan_benefits: list[LoanBenefitAnswer]
    away: list[str]
    act: ActAnswer | None


def visit_sheet_router(service: Service, asks: AsksAll, reader: HouseholdReader) -> DeferredRouter:
    router = DeferredRouter(prefix="/households", tags=["households"])

    @router.get("/{household_id}/visit-sheet")
    async def read_visit_sheet(
        request: Request, household_id: UUID, actor: CurrentActor, after: AskedPositions
    ) -> VisitSheetAnswer:
        """What is taken along on a visit: the last values, with room for what has changed, and all duties that are due."""
        await service.wait_for_positions(after)
        today = civil_day(await anyio.to_thread.run_sync(service.store.now))
        answer = await anyio.to_thread.run_sync(reader.answer, household_id, actor, today, end_of_day(today))
        if answer.status is None or not actor.covers(answer.division):
            raise Refused(NOT_FOUND)
        position = await anyio.to_thread.run_sync(service.store.position)
        told, away = await asks.ask_all(Question(log=service.name, position=position, households=(household_id,)))
        stands = [line for each in told for line in each.stands]
        owed = [line for line in stands if line.what == DUTY]
        return VisitSheetAnswer(
            household_id=household_id, national_no=answer.national_no, division=answer.division, as_of=today,
            parts=parts_of(answer), duties=[*map(ConsequenceAnswer.of, sorted(owed, key=_last_day))], away=list(away),
            wages=[_wages(line, answer) for line in stands if line.what == WAGES_REPORTED],
            loan_benefits=[_loan_benefit(line) for line in stands if line.what == LOAN_BENEFIT],
            act=_act(answer, request.app.state.published_acts.access, actor),
        )  # fmt: skip

    return router


def _act(answer: HouseholdAnswer, access: AccessTable, actor: Actor) -> ActAnswer | None:
    if access.row(VISIT_ROW.act).refusal(actor) is not None:
        return None
    members = [{"person_id": str(member.person_id)} for member in in_order(answer)]
    path = f"/registry/households/{answer.household_id}/visits"
    return ActAnswer.of(Act(VISIT_ROW.act, "POST", path, {"members": members}), access)


def _wages(line: ConsequenceLine, answer: HouseholdAnswer) -> ReportedWagesAnswer:
    said = {each.name: each.value for each in line.details}
    year = int(said["year"])
    surveyed = [income.wages for income in answer.incomes if income.period_to.year == year]
    return ReportedWagesAnswer(
        year=year, persons=int(said["persons"]), months=int(said["months"]), earned=Decimal(said["earned"]),
        surveyed=surveyed[-1] if surveyed else None,
    )  # fmt: skip


def _loan_benefit(line: ConsequenceLine) -> LoanBenefitAnswer:
    return LoanBenefitAnswer.model_validate(
        {
            **dict.fromkeys(("year", "dividends", "jobs")),
            "on": line.on,
            **{each.name: each.value for each in line.details},
        }
    )


def _last_day(line: ConsequenceLine) -> str:
    return next((each.value for each in line.details if each.name == "last"), "")
