"""Who read whose personal data, over HTTP: for a household that asks, for whoever read, and for auditors."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

import anyio
from fastapi import Query
from pydantic import BaseModel

from contracts.accounts import normalised
from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.registry.access import Purpose
from contracts.registry.households import HouseholdFormed, HouseholdRecorded
from contracts.registry.members import MemberJoined
from contracts.roles import Role
from services.audit.histories import store as histories
from services.audit.histories.posts import Staff, posts_then
from services.audit.histories.visibility import is_in_area_today
from services.audit.provenance import DatabaseConnection, SnapshotReader
from services.audit.readings.domain import NOBODY, Reading, ReadingKind
from services.audit.readings.store import By, ReadingFilter, Readings
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Day
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

NEEDS_ACCESS_REQUEST = rule(
    "needs_access_request",
    zh="须先按农户申请登记一次查阅（注明申请），当日内再查。",
    en="First record that the household asks (with its application as the"
    " order); the report is open to you for the rest of that day.",
    source="Personal Information Protection Law, articles 44 and 45; docs/privacy.md",
)
IN_ORDER = Keyset("readings", datetime, str, UUID)
BY_KEY = Keyset("reading_counts", str)
BEGINNING = (datetime(1900, 1, 1, tzinfo=UTC), "", NOBODY)
ONE_YEAR = timedelta(days=366)
Since = Annotated[Day | None, Query(description="自该日起（含），缺省为一年 / from this day on; a year by default")]
Until = Annotated[Day | None, Query(description="至该日（含），缺省为今天 / up to this day; today by default")]
Account = Annotated[
    str | None, Query(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="查阅人账号 / account of the reader")
]


class ReadingAnswer(BaseModel):
    """``posts``: titles that the account held on that day; ``subject``: of whom, null of an export; ``what``: fields, the record,
    the file, or the list and its filters; ``matters``: what it was for; ``order_no``: the paper that it rests on; ``reading``:
    id of the fact."""

    read_at: datetime
    account: str
    posts: list[str]
    area: str
    kind: ReadingKind
    purpose: Purpose | None
    subject: UUID | None
    what: list[str]
    matters: list[str]
    order_no: str | None
    items: int | None
    reading: str

    @classmethod
    def of(cls, found: Reading, staff: Staff, known_before: datetime) -> Self:
        posts = posts_then(staff, found.account, found.day, known_before)
        return cls(
            read_at=found.read_at, account=found.account, posts=[post.title for post in posts], area=found.area,
            kind=found.kind, purpose=found.purpose, subject=None if found.subject == NOBODY else found.subject,
            what=found.what, matters=found.matters, order_no=found.order_no, items=found.items, reading=found.reading,
        )  # fmt: skip


class ReadingCountAnswer(BaseModel):
    """``key``: an account, an id of whose data they are, or a day; ``subjects``: how many different ones; ``readers``: how many
    accounts."""

    key: str
    readings: int
    subjects: int
    readers: int


def readings_router(service: Service, reader: SnapshotReader, readings: Readings) -> DeferredRouter:
    router = DeferredRouter(tags=["readings"])

    def today() -> date:
        return civil_day(reader.cutoff(None).before - timedelta(seconds=1))

    def period(since: date | None, until: date | None) -> tuple[date, date]:
        last = until or today()
        return since or last - ONE_YEAR, last

    def page(asked: ReadingFilter, limit: int, cursor: str | None) -> Page[ReadingAnswer]:
        start = IN_ORDER.after(cursor) or BEGINNING
        with service.store.snapshot() as snapshot:
            conn = snapshot.connection
            found = readings.listed(conn, asked, start, limit + 1)
            staff = histories.staff_of(conn, {each.account for each in found})
        before = reader.cutoff(None).before
        answers = [ReadingAnswer.of(each, staff, before) for each in found]
        return IN_ORDER.page(answers, limit, lambda a: (a.read_at, a.reading, a.subject or NOBODY))

    @router.get("/households/{household_id}/readings")
    async def list_household_readings(
        household_id: UUID, actor: CurrentActor, after: AskedPositions, since: Since = None, until: Until = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ReadingAnswer]:  # fmt: skip
        """Who read personal data of a household in your area, when and what for: for an auditor, or for whoever has recorded today
        that the household asks."""
        await service.wait_for_positions(after)
        first, last = period(since, until)

        def find() -> Page[ReadingAnswer]:
            with service.store.snapshot() as snapshot:
                subjects = _subjects_in_area(snapshot.connection, household_id, actor)
                if not actor.has(Role.AUDITOR):
                    day = civil_day(reader.cutoff(None).before - timedelta(seconds=1))
                    if not readings.asked_for_it(snapshot.connection, actor.subject, household_id, day):
                        raise Refused(NEEDS_ACCESS_REQUEST)
                return page(ReadingFilter(since=first, until=last, subjects=subjects), limit, cursor)

        return await anyio.to_thread.run_sync(find)

    @router.get("/readings/own")
    async def list_own_readings(
        actor: CurrentActor, after: AskedPositions, since: Since = None, until: Until = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ReadingAnswer]:  # fmt: skip
        """What the caller read."""
        await service.wait_for_positions(after)
        first, last = period(since, until)
        asked = ReadingFilter(since=first, until=last, account=actor.subject)
        return await anyio.to_thread.run_sync(page, asked, limit, cursor)

    @router.get("/readings")
    async def list_readings(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", account: Account = None,
        kind: ReadingKind | None = None, since: Since = None, until: Until = None, limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[ReadingAnswer]:  # fmt: skip
        """What accounts of a division read, oldest first."""
        await service.wait_for_positions(after)
        first, last = period(since, until)
        asked = ReadingFilter(
            since=first, until=last, area=narrowed_to_area(division, actor), account=account and normalised(account),
            kind=kind,
        )  # fmt: skip
        return await anyio.to_thread.run_sync(page, asked, limit, cursor)

    @router.get("/readings/counts")
    async def count_readings(
        actor: CurrentActor, after: AskedPositions, by: By = "reader", division: Prefix = "", account: Account = None,
        since: Since = None, until: Until = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ReadingCountAnswer]:  # fmt: skip
        """How much accounts of a division read: by reader, by whose data they are, or by day."""
        await service.wait_for_positions(after)
        first, last = period(since, until)
        asked = ReadingFilter(
            since=first, until=last, area=narrowed_to_area(division, actor), account=account and normalised(account)
        )
        (start,) = BY_KEY.after(cursor) or ("",)

        def find() -> list[ReadingCountAnswer]:
            with service.store.reading() as conn:
                found = readings.counts(conn, asked, by, start, limit + 1)
            return [ReadingCountAnswer.model_validate(each, from_attributes=True) for each in found]

        return BY_KEY.page(await anyio.to_thread.run_sync(find), limit, lambda a: (a.key,))

    return router


def _subjects_in_area(conn: DatabaseConnection, household: UUID, actor: Actor) -> list[UUID]:
    """The household, and everybody who was ever named in it. Raises ``NOT_FOUND`` outside the actor's area."""
    own, _ = histories.facts_of(conn, household)
    of_ancestors, _ = histories.ancestors_of(conn, own)
    if not own or not is_in_area_today(own, of_ancestors, household, actor):
        raise Refused(NOT_FOUND)
    return [household, *dict.fromkeys(_persons(own))]


def _persons(facts: Sequence[Recorded]) -> list[UUID]:
    found: list[UUID] = []
    for recorded in facts:
        match recorded.fact:
            case HouseholdRecorded(members=members):
                found += [member.person_id for member in members]
            case MemberJoined(member=member):
                found.append(member.person_id)
            case HouseholdFormed(person_ids=persons):
                found += persons
    return found
