"""Reading pairs over HTTP; of kinds whose documents name their readers, everybody else sees their own alone."""

from datetime import date
from functools import partial
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query
from pydantic import AfterValidator, BaseModel, Field

from contracts.accounts import normalised
from contracts.assistance.pairing import EndReason
from contracts.assistance.pairs import PairEndReason
from contracts.casework.records import SubjectKind
from contracts.civil import civil_day
from contracts.registry.poverty_status import PovertyStatus
from services.assistance.pairs.queries import Asked, PairQueries
from services.casework.asked_days import AsOf
from services.casework.positions import wait_for_positions
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

Account = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$"), AfterValidator(normalised)]
AccountParam = Annotated[Account | None, Query()]
Kind = Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
StatusParam = Annotated[
    PovertyStatus | None, Query(description="被帮扶户现登记状态 / status of the household that is helped, today")
]
BY_SUBJECT = Keyset("pairs", str, UUID, int)
BY_LISTED = Keyset("listings", int, str, UUID, int)
BY_HELPER = Keyset("pair_loads", str, str, str)
FIRST = ("", UUID(int=0), 0)


class PairAnswer(BaseModel):
    """``formed_on``: when they were paired; ``since``: when it took effect, not before both signed where letters are asked for;
    ``until``: the first day without this helper; ``reason``: told by an office, or what became of the household; ``exit_by``: by a
    contract to exit. ``national_no`` and ``status``: of a household."""

    subject: UUID
    number: int
    kind: str
    about: SubjectKind
    place: str | None
    division: str
    helper: str
    unit: str
    helper_subject: UUID | None
    mode: str | None
    formed_on: date
    since: date | None
    committed_first: bool
    ends_on: date | None
    until: date | None
    reason: PairEndReason | EndReason | None
    exit_by: date | None
    took_over_from: str | None
    moved_from: UUID | None
    national_no: str | None
    status: PovertyStatus | None


class PairListingAnswer(BaseModel):
    """``rank``: the place of the ground of priority in its document, where the list is in that order; ``helped``: whether
    somebody helps them, in a pair of the kind. Of kinds that follow the register all households in it are listed, under no number
    of their own (0). ``national_no`` and ``persons``: of a household, who live in it."""

    subject: UUID
    number: int
    kind: str
    about: SubjectKind
    place: str | None
    division: str
    priority: str | None
    rank: int
    since: date
    until: date | None
    helped: bool
    national_no: str | None
    persons: int | None


class PairLoadAnswer(BaseModel):
    """``pairs``: how many a helper has; ``unsigned``: of these, in how many a letter is missing; ``households`` and ``persons``: who
    is helped, with all who live in a household."""

    helper: str
    kind: str
    unit: str
    pairs: int
    unsigned: int
    households: int
    persons: int


def pair_queries_router(service: Service, queries: PairQueries) -> DeferredRouter:
    router = DeferredRouter(tags=["pairs"])

    async def day_of(as_of: date | None) -> date:
        return as_of or civil_day(await anyio.to_thread.run_sync(service.store.now))

    @router.get("/pairs")
    async def list_pairs(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", kind: Kind = None, helper: AccountParam = None,
        subject: UUID | None = None, status: StatusParam = None, as_of: AsOf = None, current: bool = True,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[PairAnswer]:  # fmt: skip
        """Pairs on a day, by where who is helped is today; ``current=false`` shows all that ever were. ``status``: of households that are
        helped; of those removed from the register, by pairs that do not follow it and go on until somebody ends them."""
        await wait_for_positions(service, after)
        day = await day_of(as_of) if current or as_of else None
        asked = Asked(
            actor=actor, division=narrowed_to_area(division, actor), kind=kind, helper=helper, subject=subject, day=day,
            status=status,
        )  # fmt: skip
        found = await anyio.to_thread.run_sync(queries.pairs, asked, BY_SUBJECT.after(cursor) or FIRST, limit + 1)
        answers = [PairAnswer.model_validate(row, from_attributes=True) for row in found]
        return BY_SUBJECT.page(answers, limit, lambda a: (a.division, a.subject, a.number))

    @router.get("/listings")
    async def list_listed(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", kind: Kind = None, as_of: AsOf = None,
        unhelped: bool = False, first: bool = False, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[PairListingAnswer]:  # fmt: skip
        """Whom pairs of a kind are for on a day; ``unhelped=true``: those whom nobody helps; ``first=true``: in the order of
        the document's grounds of priority."""
        await wait_for_positions(service, after)
        asked, day = Asked(actor=actor, division=narrowed_to_area(division, actor), kind=kind), await day_of(as_of)
        start = BY_LISTED.after(cursor) or (-1, *FIRST)
        find = partial(queries.listings, asked, day, start, limit + 1, unhelped=unhelped, first=first)
        answers = [
            PairListingAnswer.model_validate(r, from_attributes=True) for r in await anyio.to_thread.run_sync(find)
        ]
        return BY_LISTED.page(answers, limit, lambda a: (a.rank, a.division, a.subject, a.number))

    @router.get("/pair-loads")
    async def list_pair_loads(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", kind: Kind = None, helper: AccountParam = None,
        as_of: AsOf = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[PairLoadAnswer]:  # fmt: skip
        """How many each helper has in hand on a day, by kind of pair."""
        await wait_for_positions(service, after)
        area, day = narrowed_to_area(division, actor), await day_of(as_of)
        asked = Asked(actor=actor, division=area, kind=kind, helper=helper, day=day)
        start = BY_HELPER.after(cursor) or ("", "", "")
        found = await anyio.to_thread.run_sync(queries.loads, asked, start, limit + 1)
        answers = [PairLoadAnswer.model_validate(row, from_attributes=True) for row in found]
        return BY_HELPER.page(answers, limit, lambda a: (a.helper, a.kind, a.unit))

    return router
