"""Profiles of villages, and incomes per head, over HTTP."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

import anyio
from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.civil import civil_day
from contracts.registry.village_profiles import IncomePerHeadPublished, VillageProfile, VillageProfileRecorded
from contracts.roles import Role
from services.casework.asked_days import AsOf, KnownAt, recorded_before
from services.casework.evidence.citations import Citations
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.evidence_forms import EvidenceForm, Line, papers
from services.chassis.web.payloads import Body
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import Area, Money, TypedDay
from services.registry.divisions.api import require_area
from services.registry.divisions.domain import stream_of
from services.registry.divisions.read_api import Code
from services.registry.villages.domain import Growth, ProfileState, county_of, growth_of
from services.registry.villages.rules import NO_PROFILE
from services.registry.villages.store import record_handler, state_on

Count = Annotated[int, Field(ge=0, le=1_000_000)]
Year = Annotated[int, Field(ge=1978, le=2199)]
Papers = Annotated[tuple[EvidenceForm, ...], Field(max_length=20)]


class VillageProfileForm(Body):
    """``effective_on``: the day on which it was so."""

    effective_on: TypedDay
    village_groups: Count
    natural_villages: Count
    households: Count
    persons: Count
    resettled_households: Count = 0
    resettled_persons: Count = 0
    labourers: Count
    party_members: Count
    village_cadres: Count
    paddy_mu: Area
    dry_land_mu: Area
    arable_mu: Area
    forest_mu: Area
    without_water: Count
    without_road: Count
    without_power: Count
    facilities: tuple[Line, ...] = Field(default=(), max_length=50)
    evidence: Papers = ()


class IncomePerHeadForm(Body):
    """``effective_on``: the day of publication; ``source``: where it was published."""

    effective_on: TypedDay
    year: Year
    income: Money
    source: Line
    evidence: Papers = ()


class VillageProfileAnswer(BaseModel):
    """As of the day asked about; ``found_on``: when it was found so."""

    code: str
    found_on: date
    village_groups: int
    natural_villages: int
    households: int
    persons: int
    resettled_households: int
    resettled_persons: int
    labourers: int
    party_members: int
    village_cadres: int
    paddy_mu: Decimal
    dry_land_mu: Decimal
    arable_mu: Decimal
    forest_mu: Decimal
    without_water: int
    without_road: int
    without_power: int
    facilities: list[str]


class GrowthAnswer(BaseModel):
    """Of one division: net income per head, in yuan, of the year before and of the year."""

    code: str
    income_before: Decimal | None
    income: Decimal | None
    growth_percent: Decimal | None

    @classmethod
    def of(cls, code: str, growth: Growth) -> Self:
        return cls(code=code, income_before=growth.before, income=growth.after, growth_percent=growth.percent)


class IncomeGrowthAnswer(BaseModel):
    """``reaches_county``: whether it grew as much as the county at least; none where a figure is missing."""

    year: int
    division: GrowthAnswer
    county: GrowthAnswer
    reaches_county: bool | None


def villages_router(service: Service, citations: Citations) -> DeferredRouter:
    router = DeferredRouter(prefix="/divisions/{code}", tags=["divisions"])

    async def record(command: Command, fact: VillageProfileRecorded | IncomePerHeadPublished) -> JSONResponse:
        require_area(command, fact.code)
        stream = stream_of(fact.code)
        return await citations.execute(command, record_handler(fact), stream, evidence=fact.evidence, about=())

    @router.post("/profiles", status_code=201, responses=ACCEPTED)
    async def record_village_profile(code: Code, form: VillageProfileForm, command: CurrentCommand) -> JSONResponse:
        """Record what a village has, as it was found on a day (M014)."""
        profile = VillageProfile(**form.model_dump(exclude={"effective_on", "evidence"}))
        fact = VillageProfileRecorded(
            code=code, profile=profile, effective_on=form.effective_on, entered_by=command.by,
            evidence=papers(form.evidence),
        )  # fmt: skip
        return await record(command, fact)

    @router.post("/incomes", status_code=201, responses=ACCEPTED)
    async def record_income_per_head(code: Code, form: IncomePerHeadForm, command: CurrentCommand) -> JSONResponse:
        """Record the income per head of a village, township or county in a year, as published."""
        said = form.model_dump(exclude={"evidence"})
        fact = IncomePerHeadPublished(**said, code=code, entered_by=command.by, evidence=papers(form.evidence))
        return await record(command, fact)

    @router.get("/profile")
    async def read_village_profile(
        code: Code, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> VillageProfileAnswer:
        """What a village has, on any day as known on any other."""
        await service.wait_for_positions(after)
        found = await state(code, as_of, known_at)
        if found.profile is None:
            raise Refused(NO_PROFILE).advising(
                NextStep("record_village_profile", Office((Role.CADRE,)), {"code": code})
            )
        return VillageProfileAnswer(
            code=code,
            found_on=found.found_on,
            **{f: getattr(found.profile, f) for f in VillageProfile.__struct_fields__},
        )

    @router.get("/income-growth")
    async def read_income_growth(
        code: Code, actor: CurrentActor, after: AskedPositions, year: Annotated[Year, Query()],
        as_of: AsOf = None, known_at: KnownAt = None,
    ) -> IncomeGrowthAnswer:  # fmt: skip
        """How income per head grew in a year, beside the county's growth (rule 10)."""
        await service.wait_for_positions(after)
        own = growth_of(await state(code, as_of, known_at), year)
        county = county_of(code)
        beside = growth_of(await state(county, as_of, known_at), year)
        return IncomeGrowthAnswer(
            year=year, division=GrowthAnswer.of(code, own), county=GrowthAnswer.of(county, beside),
            reaches_county=own.reaches(beside),
        )  # fmt: skip

    async def state(code: str, as_of: date | None, known_at: date | None) -> ProfileState:
        day = as_of or civil_day(service.store.now())
        known = recorded_before(known_at)
        found = await anyio.to_thread.run_sync(state_on, service.store, code, day, known)
        if found is None:
            raise Refused(NOT_FOUND)
        return found

    return router
