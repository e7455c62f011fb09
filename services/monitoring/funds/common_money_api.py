"""Queries over HTTP of common money: what villages' funds must receive, and which funds nobody reported on."""

from datetime import date
from typing import Annotated

import anyio
from fastapi import Query

from contracts.civil import civil_day
from services.casework.asked_days import AsOf
from services.casework.documents.reading import Documents
from services.casework.ledgers.money import fen_of, yuan_of
from services.casework.positions import wait_for_positions
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.monitoring.funds.parameters import REPORT_MONTHS, VILLAGE_FLOOR
from services.monitoring.funds.queries import FundQueries
from services.monitoring.funds.reports import reports_missing
from services.monitoring.funds.watch_answers import MissingReportsAnswer, VillageFloorAnswer

OfYear = Annotated[int, Query(ge=1990, le=2100)]


def common_money_router(service: Service, queries: FundQueries, documents: Documents) -> DeferredRouter:
    router = DeferredRouter(tags=["funds"])

    async def today() -> date:
        return civil_day(await anyio.to_thread.run_sync(service.store.now))

    @router.get("/village-fund-floors")
    async def list_village_fund_floors(
        actor: CurrentActor, after: AskedPositions, year: OfYear, division: Prefix = "", as_of: AsOf = None
    ) -> list[VillageFloorAnswer]:
        """What the funds of each village have received in a year against the least that they must (村级资金每村不少于)."""
        await wait_for_positions(service, after)
        day, area = as_of or await today(), narrowed_to_area(division, actor)

        def find() -> list[VillageFloorAnswer]:
            lookup, found = documents.current(), []
            for village, fen in queries.received_by_villages(area, year, day):
                try:
                    floor = fen_of(lookup.at(VILLAGE_FLOOR, date(year, 12, 31), village).amount)
                except (NotInForce, UnknownName):
                    continue
                found.append(
                    VillageFloorAnswer(
                        division=village,
                        received=yuan_of(fen),
                        floor=yuan_of(floor),
                        short=yuan_of(max(floor - fen, 0)),
                    )
                )
            return found

        return await anyio.to_thread.run_sync(find)

    @router.get("/fund-reports-missing")
    async def list_missing_fund_reports(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None
    ) -> list[MissingReportsAnswer]:
        """Common funds with the periods that are over and that nobody reported on."""
        await wait_for_positions(service, after)
        day, area = as_of or await today(), narrowed_to_area(division, actor)

        def find() -> list[MissingReportsAnswer]:
            lookup, found = documents.current(), []
            for fund in queries.common_funds(area):
                try:
                    months = lookup.at(REPORT_MONTHS, day, fund.division).count
                except (NotInForce, UnknownName):
                    continue
                if ends := reports_missing(fund, months, day):
                    found.append(
                        MissingReportsAnswer(
                            fund_id=fund.fund_id, division=fund.division, title=fund.title, months=months,
                            periods_to=ends,
                        )
                    )  # fmt: skip
            return found

        return await anyio.to_thread.run_sync(find)

    return router
