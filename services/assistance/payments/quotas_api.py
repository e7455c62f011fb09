"""What quota a programme has in a place on a day, over HTTP: what a release there would be checked against."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import anyio
from fastapi import Query
from pydantic import BaseModel

from contracts.civil import civil_day
from services.assistance.payments.domain_quotas import Quota
from services.assistance.payments.quotas import quotas
from services.casework.documents.reading import Documents
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.log.unit import Tx
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.payloads import Day
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

PLACE = r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"


class QuotaAnswer(BaseModel):
    """Yuan. ``granted_by``: id of the fact by which a fund was declared, or of the edition of a document; ``fund_document``: number of
    the document of a fund's money, which a release names; ``used``: reserved by lists, less what came back."""

    granted_by: str
    fund_document: str | None
    granted: Decimal
    used: Decimal
    left: Decimal

    @classmethod
    def of(cls, quota: Quota) -> "QuotaAnswer":
        return cls(
            granted_by=quota.granted_by, fund_document=quota.fund_document, granted=quota.granted, used=quota.used,
            left=quota.left,
        )  # fmt: skip


def quotas_router(service: Service, documents: Documents, wait_for_positions: Waits) -> DeferredRouter:
    router = DeferredRouter(prefix="/payments/quotas", tags=["payments"])

    @router.get("")
    async def list_payment_quotas(
        actor: CurrentActor, after: AskedPositions, programme: Annotated[str, Query(pattern=rf"^{KEY_PATTERN}$")],
        division: Annotated[str, Query(pattern=PLACE)], on: Annotated[Day | None, Query()] = None,
    ) -> list[QuotaAnswer]:  # fmt: skip
        """What funds have granted the programme there by that day (today, if not said), or its document, where it has no fund."""
        await wait_for_positions(after)
        if not actor.covers(division):
            raise Refused(NOT_FOUND)
        day: date = on or civil_day(service.store.now())

        def find(tx: Tx) -> list[QuotaAnswer]:
            found = quotas(tx.cur, documents.in_unit(tx), programme, day, division)
            every = [quota for _, quota in found.funds] + ([] if found.of_document is None else [found.of_document])
            return [QuotaAnswer.of(quota) for quota in every]

        return await anyio.to_thread.run_sync(service.store.on_snapshot, find)

    return router
