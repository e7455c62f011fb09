"""Reading records over HTTP: lists by subject, person and area, one with its facts, its text for a stated purpose, figures."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

import anyio
from fastapi import Query
from fastapi.responses import Response

from contracts.casework.records import Attendance, WorkTextRead
from contracts.civil import civil_day
from contracts.registry.access import Purpose
from services.casework.asked_days import AsOf, KnownAt, recorded_before
from services.casework.purposes import require_purpose
from services.casework.readings import record_reading
from services.casework.records import text_readings
from services.casework.records.answers import (
    FullRecordAnswer,
    RecordAnswer,
    RecordCountAnswer,
    RecordCountsAnswer,
    RecordTotalAnswer,
    RecordTotalsAnswer,
    TextsAnswer,
)
from services.casework.records.api import ONE, Number, Year
from services.casework.records.queries import FIRST, FIRST_OF_PERSON, Asked
from services.casework.records.reader import RecordReader
from services.casework.records.streams import RecordId
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.security.data_keys import DataKeys
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Day
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

Since = Annotated[
    Day | None,
    Query(
        description="自该日起（含），缺省为截至日当年1月1日 / from this day on, by default the first of January of the year asked about"
    ),
]
Kind = Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
By = Literal["kind", "month", "division"]
BY_DIVISION = Keyset("records", str, UUID, date, int)
BY_DAY = Keyset("records_of_person", date, UUID, int)


def record_queries_router(
    store: Store, reader: RecordReader, keys: DataKeys, wait_for_positions: Waits
) -> DeferredRouter:
    router = DeferredRouter(prefix="/records", tags=["records"])
    queries, asked_for = reader.queries, partial(_asked_for, store, reader)

    @router.get("")
    async def list_records(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", subject: UUID | None = None,
        kind: Kind = None, awaiting: bool = False, on_ledger: bool = False, since: Since = None, as_of: AsOf = None,
        known_at: KnownAt = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[RecordAnswer]:  # fmt: skip
        """What was done in a period for one subject, or for those that are in a division today: by division,
        subject and day. ``awaiting=true``: what waits for a second person's confirmation. ``on_ledger=true``: what nothing told by
        ``as_of`` has struck off its ledger, of however long ago."""
        await wait_for_positions(after)
        area, start = narrowed_to_area(division, actor), BY_DIVISION.after(cursor) or FIRST

        def find() -> list[RecordAnswer]:
            asked = asked_for(actor, area, since, as_of, known_at, kind, on_ledger=on_ledger)
            return reader.answers(queries.listed(replace(asked, subject=subject, awaiting=awaiting), start, limit + 1))

        return BY_DIVISION.page(
            await anyio.to_thread.run_sync(find), limit, lambda a: (a.division, a.subject, a.effective_on, a.version)
        )

    @router.get("/counts")
    async def count_records(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", kind: Kind = None, by: By = "kind",
        on_ledger: bool = False, since: Since = None, as_of: AsOf = None, known_at: KnownAt = None,
    ) -> RecordCountsAnswer:  # fmt: skip
        """Records, households and persons reached, and how often, in a period. Kinds that only some may read are counted for
        those alone. ``on_ledger=true``: of what nothing told by ``as_of`` has struck off its ledger, of however long ago."""
        await wait_for_positions(after)
        area = narrowed_to_area(division, actor)

        def count() -> RecordCountsAnswer:
            now = store.now()
            asked = asked_for(actor, area, since, as_of, known_at, kind, on_ledger=on_ledger)
            return RecordCountsAnswer(
                division=area, since=asked.since, as_of=asked.as_of, known_at=asked.known_at or now,
                counts=[
                    RecordCountAnswer.model_validate(dict(zip(RecordCountAnswer.model_fields, row, strict=True)))
                    for row in queries.counts(asked, by)
                ],
            )  # fmt: skip

        return await anyio.to_thread.run_sync(count)

    @router.get("/totals")
    async def total_records(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", kind: Kind = None, since: Since = None,
        as_of: AsOf = None, known_at: KnownAt = None,
    ) -> RecordTotalsAnswer:  # fmt: skip
        """What records of a period sum up to, by kind, field and unit: money given, hours taught. Kinds that only some may read
        are summed up for those alone."""
        await wait_for_positions(after)
        area = narrowed_to_area(division, actor)

        def total() -> RecordTotalsAnswer:
            now = store.now()
            asked = asked_for(actor, area, since, as_of, known_at, kind)
            return RecordTotalsAnswer(
                division=area, since=asked.since, as_of=asked.as_of, known_at=asked.known_at or now,
                totals=[
                    RecordTotalAnswer.model_validate(dict(zip(RecordTotalAnswer.model_fields, row, strict=True)))
                    for row in queries.totals(asked)
                ],
            )  # fmt: skip

        return await anyio.to_thread.run_sync(total)

    @router.get(ONE)
    async def read_record(
        subject: UUID, year: Year, number: Number, actor: CurrentActor, after: AskedPositions, known_at: KnownAt = None
    ) -> FullRecordAnswer:
        """A record with everything that was ever recorded of it, as known then."""
        await wait_for_positions(after)
        known = recorded_before(known_at)
        return await anyio.to_thread.run_sync(reader.full, RecordId(subject, year, number), actor, known)

    @router.get(f"{ONE}/texts")
    async def read_record_texts(
        subject: UUID, year: Year, number: Number, actor: CurrentActor, after: AskedPositions, response: Response,
        purpose: Annotated[Purpose, Query(description="查阅目的，将被记录 / what for; it is recorded")],
    ) -> TextsAnswer:  # fmt: skip
        """The sealed text of a record, of every telling. Reader and purpose are recorded before the answer."""
        require_purpose(purpose, actor.roles)
        await wait_for_positions(after)
        record = RecordId(subject, year, number)
        state, _, facts = await anyio.to_thread.run_sync(reader.seen, record, actor)
        came = state.fact.attendance or Attendance()
        texts = await anyio.to_thread.run_sync(text_readings.opened, facts, keys)
        await record_reading(
            store, actor.subject, "GET texts",
            lambda day: WorkTextRead(
                effective_on=day, entered_by=actor.subject, record=str(record), reader=actor.subject,
                area=actor.division, purpose=purpose, subjects=(subject, *came.persons, *came.households),
            ),
        )  # fmt: skip
        response.headers["Cache-Control"] = "no-store"
        return TextsAnswer(texts=texts)

    return router


def person_records_router(store: Store, reader: RecordReader, wait_for_positions: Waits) -> DeferredRouter:
    """Where records are about persons, or persons attend sessions."""
    router = DeferredRouter(prefix="/records", tags=["records"])
    queries, asked_for = reader.queries, partial(_asked_for, store, reader)

    @router.get("/persons/{person_id}")
    async def list_records_of_person(
        person_id: UUID, actor: CurrentActor, after: AskedPositions, kind: Kind = None, since: Since = None,
        as_of: AsOf = None, known_at: KnownAt = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[RecordAnswer]:  # fmt: skip
        """What was done for a person in the caller's area, and the sessions that they attended, by day."""
        await wait_for_positions(after)
        start = BY_DAY.after(cursor) or FIRST_OF_PERSON

        def find() -> list[RecordAnswer]:
            if not actor.covers(queries.area(person_id)):
                raise Refused(NOT_FOUND)
            asked = asked_for(actor, "", since, as_of, known_at, kind)
            return reader.answers(queries.of_person(person_id, asked, start, limit + 1))

        return BY_DAY.page(
            await anyio.to_thread.run_sync(find), limit, lambda a: (a.effective_on, a.subject, a.version)
        )

    return router


def _asked_for(
    store: Store, reader: RecordReader, actor: Actor, division: str, since: date | None, as_of: date | None,
    known_at: date | None, kind: str | None, *, on_ledger: bool = False,
) -> Asked:  # fmt: skip
    as_of = as_of or civil_day(store.now())
    first = date.min if on_ledger else as_of.replace(month=1, day=1)
    return Asked(
        division=division, since=since or first, as_of=as_of,
        known_at=recorded_before(known_at), kind=kind, closed=reader.closed_to(actor),
        ledgers=reader.ledgers() if on_ledger else None,
    )  # fmt: skip
