"""Pupils of a school over HTTP. A pupil is an id: no name is shown."""

from typing import Annotated, Self
from uuid import UUID

import anyio
from fastapi import Query

from services.casework.asked_days import AsOf, KnownAt, days_asked
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.households.lists import NIL_ID
from services.registry.households.member_answers import SchoolingAnswer
from services.registry.schools.domain import CODE
from services.registry.schools.pupils import Pupil, PupilQueries

BY_HOME = Keyset("pupils", str, UUID)
OfSchool = Annotated[str, Query(pattern=CODE, description="学校标识码 / school code", examples=["2199000101"])]


class PupilAnswer(SchoolingAnswer):
    """``division``: where the pupil's household is today; ``school_code``: that the pupil is at on the day asked about."""

    person_id: UUID
    household_id: UUID
    division: str

    @classmethod
    def of(cls, pupil: Pupil, schooling: SchoolingAnswer) -> Self:
        return cls(
            **schooling.model_dump(),
            person_id=pupil.person_id,
            household_id=pupil.household_id,
            division=pupil.division,
        )


def pupils_router(service: Service, pupils: PupilQueries) -> DeferredRouter:
    router = DeferredRouter(tags=["enrolments"])

    @router.get("/pupils")
    async def list_pupils(
        actor: CurrentActor, after: AskedPositions, school_code: OfSchool, division: Prefix = "", as_of: AsOf = None,
        known_at: KnownAt = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[PupilAnswer]:  # fmt: skip
        """Pupils enrolled at a school on a day, those of schools merged into it by then among them, of households under a
        division."""
        await service.wait_for_positions(after)
        start, prefix = BY_HOME.after(cursor) or ("", NIL_ID), narrowed_to_area(division, actor)
        day, known = await days_asked(service.store, as_of, known_at)

        def read() -> list[PupilAnswer]:
            found = pupils.of_school(school_code, prefix, day, known, start, limit + 1)
            return [PupilAnswer.of(one, pupils.answer(one.schooling, day, known)) for one in found]

        answers = await anyio.to_thread.run_sync(read)
        return BY_HOME.page(answers, limit, lambda a: (a.division, a.person_id))

    return router
