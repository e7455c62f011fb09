"""A household's record for every day as known on every other, over HTTP: one read for all steps through both times."""

from datetime import date
from typing import Self
from uuid import UUID

import anyio
from pydantic import BaseModel

from contracts.civil import civil_day
from contracts.registry.poverty_status import PovertyStatus
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.households.answers import ConditionsAnswer, IncomeAnswer, MonitoringAnswer
from services.registry.households.details_answers import DetailsAnswer, details_of
from services.registry.households.member_answers import MemberAnswer
from services.registry.households.queries import HouseholdQueries
from services.registry.households.snapshots import HouseholdSnapshot


class SnapshotAnswer(DetailsAnswer):
    """What the register said of a household. ``income``: of the latest period surveyed."""

    status: PovertyStatus
    status_since: date | None
    national_no: str | None
    division: str
    members: list[MemberAnswer]
    income: IncomeAnswer | None
    conditions: ConditionsAnswer | None
    monitoring: MonitoringAnswer | None

    @classmethod
    def of(cls, snapshot: HouseholdSnapshot) -> Self:
        return cls(
            status=snapshot.status, status_since=snapshot.status_since, national_no=snapshot.national_no,
            division=snapshot.division,
            members=[MemberAnswer.of(m, in_common=m.person_id not in snapshot.apart) for m in snapshot.members],
            income=snapshot.income and IncomeAnswer.of(snapshot.income), **details_of(snapshot),
            conditions=snapshot.conditions
            and ConditionsAnswer.model_validate(snapshot.conditions, from_attributes=True),
            monitoring=MonitoringAnswer.of(snapshot.monitoring),
        )  # fmt: skip


class SnapshotPeriodAnswer(BaseModel):
    """``snapshot``: its place in the list. Days to before ``valid_to``, known at the end of the days to before ``known_to``;
    null: without end. ``learned_by``: ids of the facts recorded on ``known_from``."""

    snapshot: int
    valid_from: date
    valid_to: date | None
    known_from: date
    known_to: date | None
    learned_by: list[str]


class HouseholdPeriodsAnswer(BaseModel):
    """``today``: the day up to whose end something may be known. A day, and a day of knowledge, lie in at most one period."""

    household_id: UUID
    today: date
    snapshots: list[SnapshotAnswer]
    periods: list[SnapshotPeriodAnswer]


def route_snapshots(router: DeferredRouter, service: Service, queries: HouseholdQueries) -> None:
    """``GET /households/{household_id}/periods``, on the router of the register's other queries."""

    @router.get("/households/{household_id}/periods")
    async def list_household_periods(
        household_id: UUID, actor: CurrentActor, after: AskedPositions
    ) -> HouseholdPeriodsAnswer:
        """What the register says of a household on every day, as known on every other; personal fields masked. An area in
        which the household once stood reads the days on which it stood there."""
        await service.wait_for_positions(after)
        found = await anyio.to_thread.run_sync(queries.snapshot_periods, household_id, actor)
        places = {snapshot: place for place, snapshot in enumerate(dict.fromkeys(p.snapshot for p in found))}
        return HouseholdPeriodsAnswer(
            household_id=household_id,
            today=civil_day(await anyio.to_thread.run_sync(service.store.now)),
            snapshots=[SnapshotAnswer.of(snapshot) for snapshot in places],
            periods=[
                SnapshotPeriodAnswer(
                    snapshot=places[p.snapshot], valid_from=p.valid_from, valid_to=p.valid_to, known_from=p.known_from,
                    known_to=p.known_to, learned_by=list(p.learned_by),
                )
                for p in found
            ],
        )  # fmt: skip
