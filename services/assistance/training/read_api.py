"""Reading training over HTTP. Nothing here is personal but who takes part, by id; the reader's area limits every list."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query

from services.assistance.training.answers import (
    CourseAnswer,
    HouseholdSkillsAnswer,
    ListedCourseAnswer,
    TrainingStatedTotalAnswer,
    TrainingTotalAnswer,
)
from services.assistance.training.course import course_of
from services.assistance.training.queries import TrainingQueries
from services.casework.asked_days import AsOf, KnownAt, days_asked, recorded_before
from services.casework.positions import wait_for_positions
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Day
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

BY_PLACE, BY_HOUSEHOLD = Keyset("courses", str, UUID), Keyset("household_skills", UUID)
NONE = UUID(int=0)
First = Annotated[Day, Query(description="自该日起 / from that day on")]
BEGINNING = date(1990, 1, 1)


def training_queries_router(service: Service, queries: TrainingQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/training", tags=["training"])

    async def asked(as_of: date | None, known_at: date | None) -> tuple[date, datetime]:
        return await days_asked(service.store, as_of, known_at)

    @router.get("/courses")
    async def list_courses(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ListedCourseAnswer]:  # fmt: skip
        """Courses of an area with what is counted of each."""
        await wait_for_positions(service, after)
        day, known = await asked(as_of, known_at)
        area, start = narrowed_to_area(division, actor), BY_PLACE.after(cursor) or ("", NONE)
        found = await anyio.to_thread.run_sync(queries.courses, area, day, known, start, limit + 1)
        return BY_PLACE.page([ListedCourseAnswer(**row) for row in found], limit, lambda a: (a.division, a.course_id))

    @router.get("/totals")
    async def read_training_totals(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", since: First = BEGINNING, as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> list[TrainingTotalAnswer]:  # fmt: skip
        """By kind: persons and person-times apart, each derived from attendance."""
        await wait_for_positions(service, after)
        day, known = await asked(as_of, known_at)
        found = await anyio.to_thread.run_sync(queries.totals, narrowed_to_area(division, actor), since, day, known)
        return [TrainingTotalAnswer(**row) for row in found]

    @router.get("/stated-totals")
    async def read_stated_training_totals(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", since: First = BEGINNING, as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> list[TrainingStatedTotalAnswer]:  # fmt: skip
        """What the papers of courses state, by kind, figure and unit."""
        await wait_for_positions(service, after)
        day, known = await asked(as_of, known_at)
        found = await anyio.to_thread.run_sync(queries.stated, narrowed_to_area(division, actor), since, day, known)
        return [TrainingStatedTotalAnswer(**row) for row in found]

    @router.get("/skills")
    async def list_household_skills(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", as_of: AsOf = None, known_at: KnownAt = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[HouseholdSkillsAnswer]:  # fmt: skip
        """Of each household: who is able to work, who of them has one skill or more, and the techniques of the family."""
        await wait_for_positions(service, after)
        day, known = await asked(as_of, known_at)
        start = BY_HOUSEHOLD.after(cursor)
        area = narrowed_to_area(division, actor)
        found = await anyio.to_thread.run_sync(
            queries.skills, area, day, known, NONE if start is None else start[0], limit + 1
        )
        answers = [
            HouseholdSkillsAnswer(
                household_id=household, able=len(able),
                skilled=sum(person in learned and learned[person]["certificates"] > 0 for person in able),
                certificates=sum(learned[person]["certificates"] for person in able if person in learned),
                techniques=sum(each["techniques"] for each in learned.values()),
            )
            for household, able, learned in found
        ]  # fmt: skip
        return BY_HOUSEHOLD.page(answers, limit, lambda a: (a.household_id,))

    @router.get("/courses/{course_id}")
    async def read_course(
        course_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> CourseAnswer:
        """One course: sessions, trainees, certificates, and entries that contradict others."""
        await wait_for_positions(service, after)
        instant = recorded_before(known_at)
        facts, division = await anyio.to_thread.run_sync(queries.course, course_id, as_of, instant)
        # Scope uses the real now, whatever day is asked about.
        course = course_of(facts)
        if course is None or division is None or not actor.covers(division):
            raise Refused(NOT_FOUND)
        return CourseAnswer.of(course, facts)

    return router
