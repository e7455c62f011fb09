"""What follows from a correction, over HTTP."""

from datetime import date
from typing import Self
from uuid import UUID

import anyio
from pydantic import BaseModel

from contracts.facts import HouseholdFact, Recorded
from contracts.registry.poverty_status import PovertyStatus
from services.casework.procedures.answers import RefusalAnswer
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.corrections.consequence_queries import ConsequenceQueries, Consequences
from services.registry.corrections.consequences import HouseholdChange, StatementLine
from services.registry.households.bitemporal import FOREVER, BitemporalPeriod, HouseholdSummary


class PeriodAnswer(BaseModel):
    """From the first day up to the day before ``valid_to``; null: it goes on."""

    status: PovertyStatus
    division: str
    persons: int
    valid_from: date
    valid_to: date | None

    @classmethod
    def of(cls, period: BitemporalPeriod[HouseholdSummary]) -> Self:
        value, end = period.value, period.valid_to
        return cls(
            status=value.status, division=value.division, persons=value.persons, valid_from=period.valid_from,
            valid_to=None if end == FOREVER else end,
        )  # fmt: skip


class HouseholdChangeAnswer(BaseModel):
    household_id: UUID
    national_no: str | None
    division: str
    before: list[PeriodAnswer]
    after: list[PeriodAnswer]

    @classmethod
    def of(cls, change: HouseholdChange) -> Self:
        return cls(
            household_id=change.household_id, national_no=change.national_no, division=change.division,
            before=[*map(PeriodAnswer.of, change.before)], after=[*map(PeriodAnswer.of, change.after)],
        )  # fmt: skip


class LineChangeAnswer(BaseModel):
    """By how much a line of a year's statement differs afterwards."""

    year: int
    division: str
    line: StatementLine
    households: int
    persons: int


class GroundlessCaseAnswer(BaseModel):
    """An open case that its procedure is not for any more: it can only be rejected or withdrawn."""

    case_id: UUID
    household_id: UUID
    procedure: str
    status: PovertyStatus | None


class ConcernedFactAnswer(BaseModel):
    id: str
    type: str
    household_id: UUID
    effective_on: date

    @classmethod
    def of(cls, recorded: Recorded) -> Self:
        fact = recorded.fact
        assert isinstance(fact, HouseholdFact)
        return cls(id=recorded.id, type=fact.type_name, household_id=fact.household_id, effective_on=fact.effective_on)


class ConsequencesAnswer(BaseModel):
    """``position``: of the registry's log, as far as it was read; ``refused_by``: why the correction cannot be carried out as
    things are; ``elsewhere``: households concerned outside the caller's area, of which nothing is shown; ``void`` and
    ``entered``: the facts. What other services recorded because of those that become void, the audit says
    (``/audit/households/{household_id}/derived-facts``)."""

    case_id: UUID
    position: int
    carried_out: bool
    refused_by: RefusalAnswer | None
    elsewhere: int
    households: list[HouseholdChangeAnswer]
    lines: list[LineChangeAnswer]
    cases: list[GroundlessCaseAnswer]
    void: list[ConcernedFactAnswer]
    entered: list[ConcernedFactAnswer]

    @classmethod
    def of(cls, found: Consequences) -> Self:
        return cls(
            case_id=found.case.case_id, position=found.position, carried_out=found.carried_out,
            refused_by=None if found.refused is None else RefusalAnswer.of_refusal(found.refused),
            elsewhere=found.elsewhere, households=[*map(HouseholdChangeAnswer.of, found.changes)],
            lines=[
                LineChangeAnswer(
                    year=year, division=division, line=line, households=figures.households, persons=figures.persons
                )
                for (year, division, line), figures in found.lines.items()
            ],
            cases=[GroundlessCaseAnswer.model_validate(case, from_attributes=True) for case in found.cases],
            void=[*map(ConcernedFactAnswer.of, found.void)], entered=[*map(ConcernedFactAnswer.of, found.entered)],
        )  # fmt: skip


def consequences_router(service: Service, queries: ConsequenceQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/cases", tags=["cases"])

    @router.get("/{case_id}/consequences")
    async def read_consequences(case_id: UUID, actor: CurrentActor, after: AskedPositions) -> ConsequencesAnswer:
        """What follows from a correction in the register: before it is decided as it would be, afterwards as it was."""
        await service.wait_for_positions(after)
        return ConsequencesAnswer.of(await anyio.to_thread.run_sync(queries.of, case_id, actor))

    return router
