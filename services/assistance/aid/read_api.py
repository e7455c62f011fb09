"""Queries of education aid over HTTP. Nothing here is personal; the reader's area limits every list."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import APIRouter, Query

from contracts.civil import civil_day
from services.assistance.aid.api import Number
from services.assistance.aid.forms import (
    ApplicationAnswer,
    DueAnswer,
    EligibilityAnswer,
    EntitlementAnswer,
    ReasonAnswer,
    ReviewAnswer,
)
from services.assistance.aid.queries import (
    BEFORE_FIRST,
    BEFORE_FIRST_PUPIL,
    AidQueries,
    EntitlementRow,
    ListFilter,
    PupilEligibility,
)
from services.assistance.aid.school_years import years_due
from services.assistance.aid.standards import school_year_month
from services.assistance.aid.state import AidStep
from services.assistance.positions import wait_for_positions
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.parameters import ParameterSource
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions

APPLICATION_ORDER = Keyset("aid_applications", str, UUID, int)
ENTITLEMENT_ORDER = Keyset("aid_entitlements", str, UUID, int)
ELIGIBILITY_ORDER = Keyset("aid_eligibility", str, UUID, UUID)


class EligibilityFilter(StrEnum):
    ALL = "all"
    TO_APPLY = "to_apply"


EligibilityFilterParam = Annotated[
    EligibilityFilter, Query(description="to_apply：应助未助 / eligible, and neither aided nor applied for")
]


def aid_query_router(service: Service, queries: AidQueries, documents: Documents) -> APIRouter:
    router = APIRouter(prefix="/aid", tags=["aid"])

    def today() -> date:
        return civil_day(service.store.clock.now())

    @router.get("/applications")
    async def list_aid_applications(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", household_id: UUID | None = None,
        person_id: UUID | None = None, step: AidStep | None = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ApplicationAnswer]:  # fmt: skip
        """Applications under a division, by village."""
        await wait_for_positions(service, after)
        filters = ListFilter(narrowed_to_area(division, actor), household_id, person_id)
        find = partial(queries.cases, filters, step, APPLICATION_ORDER.after(cursor) or BEFORE_FIRST, limit + 1)
        found = await anyio.to_thread.run_sync(find)
        answers = [ApplicationAnswer.model_validate(row, from_attributes=True) for row in found]
        return APPLICATION_ORDER.page(answers, limit, lambda a: (a.division, a.person_id, a.number))

    @router.get("/applications/{person_id}/{number}")
    async def read_aid_application(
        person_id: UUID, number: Number, actor: CurrentActor, after: AskedPositions
    ) -> ApplicationAnswer:
        """One application."""
        await wait_for_positions(service, after)
        found = await anyio.to_thread.run_sync(queries.case, person_id, number)
        if found is None or not actor.covers(found.division):
            raise Refused(NOT_FOUND)
        return ApplicationAnswer.model_validate(found, from_attributes=True)

    @router.get("/entitlements")
    async def list_aid_entitlements(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", household_id: UUID | None = None,
        person_id: UUID | None = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[EntitlementAnswer]:  # fmt: skip
        """What was granted, past and present, with what is due by school year."""
        await wait_for_positions(service, after)
        filters = ListFilter(narrowed_to_area(division, actor), household_id, person_id)
        find = partial(queries.grants, filters, ENTITLEMENT_ORDER.after(cursor) or BEFORE_FIRST, limit + 1)
        found = await anyio.to_thread.run_sync(find)
        lookup = await anyio.to_thread.run_sync(documents.current)
        answers = [_entitlement(row, today(), lookup) for row in found]
        return ENTITLEMENT_ORDER.page(answers, limit, lambda a: (a.division, a.person_id, a.application))

    @router.get("/eligibility")
    async def list_aid_eligibility(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", household_id: UUID | None = None,
        person_id: UUID | None = None, only: EligibilityFilterParam = EligibilityFilter.ALL, limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[EligibilityAnswer]:  # fmt: skip
        """Everybody in school, with the reasons for or against; ``only=to_apply`` is the list of those left out."""
        await wait_for_positions(service, after)
        filters = ListFilter(narrowed_to_area(division, actor), household_id, person_id)
        find = partial(
            queries.eligibility, filters, today(), ELIGIBILITY_ORDER.after(cursor) or BEFORE_FIRST_PUPIL, limit + 1,
            only_to_apply=only is EligibilityFilter.TO_APPLY,
        )  # fmt: skip
        found = await anyio.to_thread.run_sync(find)
        answers = [_eligibility(pupil_eligibility, today()) for pupil_eligibility in found]
        return ELIGIBILITY_ORDER.page(answers, limit, lambda a: (a.division, a.household_id, a.person_id))

    return router


def _entitlement(row: EntitlementRow, today: date, parameters: ParameterSource) -> EntitlementAnswer:
    month = school_year_month(parameters, today, row.division)
    years = years_due(row.granted_from, row.granted_until, today, month)
    is_under_review = row.review_years is not None and row.review_amount is not None
    return EntitlementAnswer(
        person_id=row.person_id,
        application=row.number,
        household_id=row.household_id,
        division=row.division,
        stage=row.stage,
        amount_per_year=row.amount_per_year,
        from_=row.granted_from,
        until=row.granted_until,
        ending=row.ending,
        continued_after_exit_on=row.continued_on,
        due=[DueAnswer(school_year=year, amount=row.amount_per_year) for year in years],
        review=ReviewAnswer(school_years=row.review_years or [], amount=row.review_amount or Decimal(0))
        if is_under_review
        else None,
    )


def _eligibility(pupil_eligibility: PupilEligibility, day: date) -> EligibilityAnswer:
    pupil, standard = pupil_eligibility.pupil, pupil_eligibility.standard
    return EligibilityAnswer(
        person_id=pupil.person_id,
        household_id=pupil.household_id,
        division=pupil.division,
        status=pupil.status,
        stage=pupil.stage,
        boarder=pupil.boarder,
        as_of=day,
        eligible=pupil_eligibility.eligibility.eligible,
        reasons=[ReasonAnswer.of(reason) for reason in pupil_eligibility.eligibility.reasons],
        amount_per_year=standard.amount if standard else None,
        is_ceiling=standard.is_ceiling if standard else None,
        open_application=pupil.open_application,
        running_entitlement=pupil.running_entitlement,
        to_apply=pupil_eligibility.to_apply,
    )
