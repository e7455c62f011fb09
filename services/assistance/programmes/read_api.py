"""Programmes over HTTP: which are in force, and what a document would come to before anybody proposes it."""

from typing import Annotated

import anyio
from fastapi import Query
from pydantic import Field

from contracts.civil import civil_day
from services.assistance.programmes.answers import ProgrammeAnswer, TrialAnswer
from services.assistance.programmes.document import KIND, programme_from
from services.assistance.programmes.queries import ProgrammeQueries
from services.casework.asked_days import AsOf
from services.casework.documents import rules
from services.casework.documents.forms import LONGEST
from services.casework.documents.kinds import checked
from services.casework.positions import wait_for_positions
from services.chassis.ground.refusals import Refused
from services.chassis.law.content import DocumentError, as_dicts, content_of, written
from services.chassis.service import Service
from services.chassis.web.areas import narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Body
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

ORDER = Keyset("programmes", str)
Place = Annotated[
    str | None, Query(pattern=r"^[0-9]{2,12}$", description="适用于该区划的 / those that apply in this division")
]


class TrialForm(Body):
    """``content``: a programme, as documents are proposed; ``division``: prefix of the divisions on whose units it is tried."""

    content: str = Field(min_length=2, max_length=LONGEST)
    division: str = Field(default="", pattern=r"^[0-9]{0,12}$")


def programmes_router(service: Service, queries: ProgrammeQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/programmes", tags=["programmes"])

    @router.get("")
    async def list_programmes(
        actor: CurrentActor, after: AskedPositions, division: Place = None, as_of: AsOf = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ProgrammeAnswer]:  # fmt: skip
        """Each programme in force, with its amounts in words and what its paper leaves open."""
        await wait_for_positions(service, after)
        day = as_of or civil_day(await anyio.to_thread.run_sync(service.store.now))
        (last,) = ORDER.after(cursor) or ("",)
        found = await anyio.to_thread.run_sync(queries.in_force, day, division, last, limit + 1)
        return ORDER.page(found, limit, lambda answer: (answer.document,))

    @router.post("/trials")
    async def try_programme(form: TrialForm, actor: CurrentActor, after: AskedPositions) -> TrialAnswer:
        """Explains a document and its gaps, and tries it on the register as it is today; nothing is recorded."""
        await wait_for_positions(service, after)
        try:
            document = checked(content_of(form.content), {KIND: programme_from})
        except DocumentError as error:
            raise Refused(rules.MALFORMED_DOCUMENT, part=written(error.path), complaint=error.complaint) from None
        programme, division = programme_from(as_dicts(document.content)), narrowed_to_area(form.division, actor)
        day = civil_day(await anyio.to_thread.run_sync(service.store.now))
        return await anyio.to_thread.run_sync(queries.tried, programme, division, day)

    return router
