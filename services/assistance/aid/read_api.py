"""Reading education aid over HTTP. Nothing personal stands here; the reader's area limits every list."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import APIRouter, Query

from contracts.civil import civil_day
from services.assistance.access import Prefix, Reader, reflects, within
from services.assistance.aid.api import Number
from services.assistance.aid.forms import (
    ApplicationAnswer,
    DueAnswer,
    EligibilityAnswer,
    EntitlementAnswer,
    ReasonAnswer,
    ReviewAnswer,
)
from services.assistance.aid.queries import FIRST, FIRST_PUPIL, AidReading, GrantLine, Judged, Where
from services.assistance.aid.school_years import years_due
from services.assistance.aid.standards import school_year_month
from services.assistance.aid.state import AidStep
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.parameters import Parameters
from services.chassis.service import Service
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions

BY_CASE = Keyset("aid_applications", str, UUID, int)
BY_GRANT = Keyset("aid_entitlements", str, UUID, int)
BY_PUPIL = Keyset("aid_eligibility", str, UUID, UUID)


class Wanted(StrEnum):
    ALL = "all"
    TO_APPLY = "to_apply"


OnlyWanted = Annotated[Wanted, Query(description="to_apply：应助未助 / eligible, and neither aided nor applied for")]


def aid_reading_router(service: Service, reading: AidReading, parameters: Parameters) -> APIRouter:
    router = APIRouter(prefix="/aid", tags=["aid"])

    def today() -> date:
        return civil_day(service.store.clock.now())

    @router.get("/applications")
    async def list_aid_applications(
        actor: Reader, after: AskedPositions, division: Prefix = "", household_id: UUID | None = None,
        person_id: UUID | None = None, step: AidStep | None = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ApplicationAnswer]:  # fmt: skip
        """Applications under a division, by village."""
        await reflects(service, after)
        where = Where(within(division, actor), household_id, person_id)
        find = partial(reading.cases, where, step, BY_CASE.after(cursor) or FIRST, limit + 1)
        found = await anyio.to_thread.run_sync(find)
        answers = [ApplicationAnswer.model_validate(line, from_attributes=True) for line in found]
        return BY_CASE.page(answers, limit, lambda a: (a.division, a.person_id, a.number))

    @router.get("/applications/{person_id}/{number}")
    async def read_aid_application(
        person_id: UUID, number: Number, actor: Reader, after: AskedPositions
    ) -> ApplicationAnswer:
        """One application."""
        await reflects(service, after)
        found = await anyio.to_thread.run_sync(reading.case, person_id, number)
        if found is None or not actor.covers(found.division):
            raise Refused(NOT_FOUND)
        return ApplicationAnswer.model_validate(found, from_attributes=True)

    @router.get("/entitlements")
    async def list_aid_entitlements(
        actor: Reader, after: AskedPositions, division: Prefix = "", household_id: UUID | None = None,
        person_id: UUID | None = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[EntitlementAnswer]:  # fmt: skip
        """What was granted, past and present, with what is due by school year."""
        await reflects(service, after)
        where = Where(within(division, actor), household_id, person_id)
        find = partial(reading.grants, where, BY_GRANT.after(cursor) or FIRST, limit + 1)
        found = await anyio.to_thread.run_sync(find)
        answers = [_entitlement(line, today(), parameters) for line in found]
        return BY_GRANT.page(answers, limit, lambda a: (a.division, a.person_id, a.application))

    @router.get("/eligibility")
    async def list_aid_eligibility(
        actor: Reader, after: AskedPositions, division: Prefix = "", household_id: UUID | None = None,
        person_id: UUID | None = None, only: OnlyWanted = Wanted.ALL, limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[EligibilityAnswer]:  # fmt: skip
        """Everybody in school, with the reasons for or against; ``only=to_apply`` is the list of those left out."""
        await reflects(service, after)
        where = Where(within(division, actor), household_id, person_id)
        find = partial(
            reading.eligibility, where, today(), BY_PUPIL.after(cursor) or FIRST_PUPIL, limit + 1,
            only_to_apply=only is Wanted.TO_APPLY,
        )  # fmt: skip
        found = await anyio.to_thread.run_sync(find)
        answers = [_eligibility(judged, today()) for judged in found]
        return BY_PUPIL.page(answers, limit, lambda a: (a.division, a.household_id, a.person_id))

    return router


def _entitlement(line: GrantLine, today: date, parameters: Parameters) -> EntitlementAnswer:
    month = school_year_month(parameters, today, line.division)
    years = years_due(line.granted_from, line.granted_until, today, month)
    reviewed = line.review_years is not None and line.review_amount is not None
    return EntitlementAnswer(
        person_id=line.person_id,
        application=line.number,
        household_id=line.household_id,
        division=line.division,
        stage=line.stage,
        amount_per_year=line.amount_per_year,
        from_=line.granted_from,
        until=line.granted_until,
        ending=line.ending,
        continued_after_exit_on=line.continued_on,
        due=[DueAnswer(school_year=year, amount=line.amount_per_year) for year in years],
        review=ReviewAnswer(school_years=line.review_years or [], amount=line.review_amount or Decimal(0))
        if reviewed
        else None,
    )


def _eligibility(judged: Judged, day: date) -> EligibilityAnswer:
    pupil, law = judged.pupil, judged.standard
    return EligibilityAnswer(
        person_id=pupil.person_id,
        household_id=pupil.household_id,
        division=pupil.division,
        status=pupil.status,
        stage=pupil.stage,
        boarder=pupil.boarder,
        as_of=day,
        eligible=judged.verdict.eligible,
        reasons=[ReasonAnswer.of(reason) for reason in judged.verdict.reasons],
        amount_per_year=law.amount if law else None,
        is_ceiling=law.is_ceiling if law else None,
        open_application=pupil.open_application,
        running_entitlement=pupil.running_entitlement,
        to_apply=judged.to_apply,
    )
