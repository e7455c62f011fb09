"""The inbox over HTTP, mounted by each service."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from heapq import merge
from itertools import islice
from typing import Annotated, Any, Self
from uuid import UUID

import anyio
from fastapi import Query, Request
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from contracts.civil import civil_day
from services.casework.exports.columns import Numbers
from services.casework.exports.lists import NumbersOf, no_numbers
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry, InboxSource, OwedByAccounts
from services.chassis.ground.refusals import Refused
from services.chassis.log.store import Store
from services.chassis.security.access_table import AccessTable
from services.chassis.security.actor import Actor
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.figures import in_words
from services.chassis.web.paging import DEFAULT_LIMIT, LARGEST_PAGE, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

OLDEST_FIRST = Keyset("inbox", date, str)
START = (date.min, "")
Mine = Annotated[bool, Query(description="只看本人应办的 / only what one owes oneself")]
First = Annotated[
    int,
    Query(
        ge=0,
        le=LARGEST_PAGE,
        description="各类另附前几项，待他人办理的除外 / so many first entries of each kind, but of what waits",
    ),
]


class WhyAnswer(BaseModel):
    code: str
    zh: str
    en: str

    @classmethod
    def of_refusal(cls, no: Refused) -> Self:
        """With its figures in words: which office, which day."""
        zh, en = (in_words(getattr(no.rule, language), no.facts, language) for language in ("zh", "en"))
        return cls(code=no.rule.code, zh=zh, en=en)


class ActAnswer(BaseModel):
    """``zh``, ``en``: what it is for; ``form``: fields of its body that are settled."""

    operation: str
    method: str
    path: str
    form: dict[str, Any]
    zh: str
    en: str

    @classmethod
    def of(cls, act: Act, access: AccessTable) -> Self:
        row = access.row(act.operation)
        return cls(operation=act.operation, method=act.method, path=act.path, form=dict(act.form), zh=row.zh, en=row.en)


class InboxEntryAnswer(BaseModel):
    """``national_no``: the household's 户编号, where it has one; ``act``: the request that answers it; ``may``: whether the
    caller may do that, and else ``refused_by`` which rule not."""

    id: str
    kind: EntryKind
    since: date
    due_by: date | None
    division: str
    subject: UUID
    household_id: UUID | None
    national_no: str | None
    why: WhyAnswer
    act: ActAnswer | None
    may: bool
    refused_by: WhyAnswer | None
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: InboxEntry, numbers: Numbers, access: AccessTable) -> Self:
        no, act, household = entry.refused, entry.act, entry.household_id
        return cls(
            id=entry.id, kind=entry.kind, since=entry.since, due_by=entry.due_by, division=entry.division,
            subject=entry.subject, household_id=household,
            national_no=numbers.get(household or entry.subject),
            why=WhyAnswer(code=entry.why.code, zh=entry.why.zh, en=entry.why.en),
            act=None if act is None else ActAnswer.of(act, access),
            may=act is not None and no is None,
            refused_by=None if no is None else WhyAnswer.of_refusal(no),
            details=to_jsonable_python(entry.details),
        )  # fmt: skip


class CountsAnswer(BaseModel):
    """How many entries of each kind, under the division; ``today``: by which day something is overdue; ``first``: the first page
    of each kind that has some, where they were asked for."""

    division: str
    today: date
    counts: dict[EntryKind, int]
    first: dict[EntryKind, Page[InboxEntryAnswer]]


def inbox_router(
    store: Store, sources: Sequence[InboxSource], wait_for_positions: Waits, numbers: NumbersOf = no_numbers
) -> DeferredRouter:
    """``numbers``: the 户编号 of households, for a service whose entries are about some."""
    router = DeferredRouter(prefix="/inbox", tags=["inbox"])

    async def asked(actor: Actor, division: str, kind: EntryKind | None, mine: bool) -> Asked:
        today = civil_day(await anyio.to_thread.run_sync(store.now))
        return Asked(actor=actor, division=narrowed_to_area(division, actor), kind=kind, today=today, mine=mine)

    def asking(question: Asked) -> list[InboxSource]:
        return [each for each in sources if not question.mine or isinstance(each, OwedByAccounts)]

    def page(question: Asked, start: tuple[date, str], limit: int, access: AccessTable) -> Page[InboxEntryAnswer]:
        pages = [source.entries(question, start, limit + 1) for source in asking(question)]
        entries = list(islice(merge(*pages, key=lambda e: (e.since, e.id)), limit + 1))
        with store.reading() as conn:
            numbered = numbers(conn, {e.household_id or e.subject for e in entries})  # a pair's subject may be one
        answers = [InboxEntryAnswer.of(e, numbered, access) for e in entries]
        return OLDEST_FIRST.page(answers, limit, lambda a: (a.since, a.id))

    @router.get("")
    async def read_inbox(
        request: Request, actor: CurrentActor, after: AskedPositions, division: Prefix = "", kind: EntryKind | None = None,
        mine: Mine = False, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[InboxEntryAnswer]:  # fmt: skip
        """What waits in the caller's area, oldest first: for the caller, for others, or for a day to come. ``mine=true``: only what
        the caller owes by name, a helper's or a teacher's own page."""
        await wait_for_positions(after)
        question, start = await asked(actor, division, kind, mine), OLDEST_FIRST.after(cursor) or START
        access = request.app.state.published_acts.access
        return await anyio.to_thread.run_sync(page, question, start, limit, access)

    @router.get("/counts")
    async def count_inbox(
        request: Request, actor: CurrentActor, after: AskedPositions, division: Prefix = "", mine: Mine = False,
        first: First = 0,
    ) -> CountsAnswer:  # fmt: skip
        """How much waits in the caller's area, by kind; with the first entries, a whole inbox is opened by one request."""
        await wait_for_positions(after)
        question = await asked(actor, division, None, mine)
        access = request.app.state.published_acts.access

        def count() -> CountsAnswer:
            found = sum((Counter(source.counts(question)) for source in asking(question)), Counter[EntryKind]())
            along = [kind for kind in EntryKind if first and found[kind] and kind is not EntryKind.WAITING]
            return CountsAnswer(
                division=question.division,
                today=question.today,
                counts={kind: found[kind] for kind in EntryKind},
                first={kind: page(replace(question, kind=kind), START, first, access) for kind in along},
            )

        return await anyio.to_thread.run_sync(count)

    return router
