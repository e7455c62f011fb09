"""Duties over HTTP: one router, mounted by each service that has any."""

from datetime import date, timedelta
from functools import partial
from typing import Annotated, Self
from uuid import UUID

import anyio
from fastapi import Query
from pydantic import AfterValidator, BaseModel, Field

from contracts.accounts import normalised
from contracts.civil import civil_day
from services.casework.asked_days import AsOf, KnownAt, recorded_before
from services.casework.duties.assessment import Assessed, assessment
from services.casework.duties.calendar import Counted, calendar
from services.casework.duties.domain import DutyState, Owed
from services.casework.duties.queries import DutyFilter, DutyQueries, SubjectDuties
from services.casework.duties.store import EARLIEST, ONE_YEAR
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.figure_digests import DIGEST, digest_of
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Day
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

BY_SUBJECT = Keyset("duties", UUID)
Obliged = Annotated[
    str | None,
    Query(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="责任人账号 / the account that owes it"),
    AfterValidator(lambda account: account and normalised(account)),
]
Since = Annotated[
    Day | None,
    Query(
        description="不含此日前已逾期的，缺省为一年，最多十年 / without what was overdue before that day, by default a year, at"
        " most ten"
    ),
]
MissedInARow = Annotated[
    int, Query(ge=0, le=100, description="至少连续未完成的次数 / missed at least so many times running")
]


class TitleAnswer(BaseModel):
    zh: str
    en: str


class DutyAnswer(BaseModel):
    """``first`` and ``last``: the days within which it was to be done; ``overdue_on``: when it counts as missed, after the grace
    for late entry; ``met_by``: id of what made it enough; ``made_good_on``: when it was done first afterwards; ``obliged``:
    ``None`` where the office owes it."""

    programme: str
    duty_set: str
    duty: str
    title: TitleAnswer
    document: str
    obliged: str | None
    first: date
    last: date
    overdue_on: date
    state: DutyState
    met_by: str | None
    made_good_on: date | None

    @classmethod
    def of(cls, one: Owed, day: date) -> Self:
        terms, duty = one.edition.terms, one.duty
        return cls(
            programme=terms.of_programme, duty_set=terms.duty_set, duty=duty.key, title=TitleAnswer(zh=duty.zh, en=duty.en),
            document=one.edition.id, obliged=one.obligation.obliged, first=one.period.start, last=one.period.end,
            overdue_on=one.overdue_on, state=one.state(day), met_by=one.met_by and one.met_by.fact,
            made_good_on=one.made_good_on,
        )  # fmt: skip


class SubjectDutiesAnswer(BaseModel):
    """``division``: where the subject is today."""

    subject: UUID
    household_id: UUID | None
    national_no: str | None
    division: str
    duties: list[DutyAnswer]

    @classmethod
    def of(cls, found: SubjectDuties, day: date) -> Self:
        duties = [DutyAnswer.of(one, day) for one in found.duties]
        return cls(
            subject=found.subject, household_id=found.household_id, national_no=found.national_no, division=found.division,
            duties=duties,
        )  # fmt: skip


class CalendarEntryAnswer(BaseModel):
    """Of one duty, those with their last day in that month and in that state. ``subjects``: to whom they are owed."""

    month: str = Field(description="最后一日所在月份 / month of the last day", examples=["2014-07"])
    programme: str
    duty_set: str
    duty: str
    title: TitleAnswer
    state: DutyState
    duties: int
    subjects: int

    @classmethod
    def of(cls, counted: Counted) -> Self:
        kind = counted.kind
        return cls(
            month=kind.month, programme=kind.programme, duty_set=kind.duty_set, duty=kind.duty,
            title=TitleAnswer(zh=kind.zh, en=kind.en), state=kind.state, duties=counted.duties, subjects=counted.subjects,
        )  # fmt: skip


class DutyCalendarAnswer(BaseModel):
    """``known_at``: null for all that is known now. ``position``: of the service's log, through which it was counted."""

    division: str
    since: date
    as_of: date
    known_at: date | None
    entries: list[CalendarEntryAnswer]
    position: int
    digest: str = DIGEST


class DutyAssessmentAnswer(BaseModel):
    """Of one account and duty. ``obliged``: ``None`` where the office owes it; ``met``, ``missed`` and ``due``: periods;
    ``in_a_row``: how many of them one after the other were missed, of the subject with the most."""

    obliged: str | None
    programme: str
    duty_set: str
    duty: str
    title: TitleAnswer
    subjects: int
    met: int
    missed: int
    due: int
    in_a_row: int

    @classmethod
    def of(cls, one: Assessed) -> Self:
        whose = one.whose
        return cls(
            obliged=whose.obliged or None, programme=whose.programme, duty_set=whose.duty_set, duty=whose.duty,
            title=TitleAnswer(zh=whose.zh, en=whose.en), subjects=one.subjects, met=one.met, missed=one.missed,
            due=one.due, in_a_row=one.in_a_row,
        )  # fmt: skip


class DutyAssessmentsAnswer(BaseModel):
    """``known_at``: null for all that is known now."""

    division: str
    since: date
    as_of: date
    known_at: date | None
    assessments: list[DutyAssessmentAnswer]


def duties_router(store: Store, queries: DutyQueries, wait_for_positions: Waits) -> DeferredRouter:
    router = DeferredRouter(prefix="/duties", tags=["duties"])

    async def filtered(
        actor: Actor, division: str, as_of: date | None, known_at: date | None, since: date | None, *,
        subject: UUID | None = None, obliged: str | None = None, state: DutyState | None = None,
    ) -> DutyFilter:  # fmt: skip
        today = civil_day(await anyio.to_thread.run_sync(store.now))
        day = as_of or today
        return DutyFilter(
            division=narrowed_to_area(division, actor), subject=subject, obliged=obliged, state=state,
            since=max(EARLIEST, since or _before(day, ONE_YEAR), _before(day, 10 * ONE_YEAR)), as_of=day,
            known_at=recorded_before(known_at and min(known_at, today)), reader=actor,
        )  # fmt: skip

    @router.get("/calendar")
    async def read_duty_calendar(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None,
        since: Since = None,
    ) -> DutyCalendarAnswer:  # fmt: skip
        """How many duties of a kind were to be done by a month, and how they stand on a day, as known then."""
        await wait_for_positions(after)
        asked = await filtered(actor, division, as_of, known_at, since)
        counted, position = await anyio.to_thread.run_sync(calendar, store, queries, asked)
        entries = [CalendarEntryAnswer.of(each) for each in counted]
        question = [asked.division, asked.since.isoformat(), asked.as_of.isoformat(), known_at and known_at.isoformat()]
        return DutyCalendarAnswer(
            division=asked.division, since=asked.since, as_of=asked.as_of, known_at=known_at, entries=entries,
            position=position, digest=digest_of(question, [each.model_dump(mode="json") for each in entries]),
        )  # fmt: skip

    @router.get("/assessments")
    async def assess_duties(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", obliged: Obliged = None, as_of: AsOf = None,
        known_at: KnownAt = None, since: Since = None, missed_in_a_row: MissedInARow = 0,
    ) -> DutyAssessmentsAnswer:  # fmt: skip
        """How everybody did what they owed, for the assessment of a year; ``missed_in_a_row=2``: only those who missed the same
        twice running."""
        await wait_for_positions(after)
        asked = await filtered(actor, division, as_of, known_at, since, obliged=obliged)
        assess = partial(assessment, store, queries, asked, in_a_row=missed_in_a_row)
        return DutyAssessmentsAnswer(
            division=asked.division, since=asked.since, as_of=asked.as_of, known_at=known_at,
            assessments=[DutyAssessmentAnswer.of(each) for each in await anyio.to_thread.run_sync(assess)],
        )  # fmt: skip

    @router.get("")
    async def list_duties(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", subject: UUID | None = None,
        obliged: Obliged = None, state: DutyState | None = None, as_of: AsOf = None, known_at: KnownAt = None,
        since: Since = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[SubjectDutiesAnswer]:  # fmt: skip
        """What was owed on a day, as known then: per subject, those of the caller's area in pages, or of one who owes it."""
        await wait_for_positions(after)
        asked = await filtered(actor, division, as_of, known_at, since, subject=subject, obliged=obliged, state=state)
        (start,) = BY_SUBJECT.after(cursor) or (UUID(int=0),)
        found = await anyio.to_thread.run_sync(queries.of_subjects, asked, start, limit + 1)
        return BY_SUBJECT.page([SubjectDutiesAnswer.of(f, asked.as_of) for f in found], limit, lambda a: (a.subject,))

    return router


def _before(day: date, span: timedelta) -> date:
    """So long before that day, as far as there are days."""
    return day - span if day - date.min > span else date.min
