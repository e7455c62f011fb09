"""Reviews of numbers over HTTP: for the office whose area covers both holders, and nobody below it."""

from datetime import date
from functools import partial
from uuid import UUID

import anyio
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.registry.number_reviews import NumberReviewOutcome
from services.casework.evidence.citations import Citations
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.evidence_forms import EvidenceForm, papers
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.number_reviews.domain import stream_of
from services.registry.number_reviews.queries import NumberReviewQueries
from services.registry.number_reviews.store import decision_handler

OLDEST_FIRST = Keyset("number_reviews", date, str)


class NumberReviewForm(Body):
    """``evidence``: what it was decided by, such as a copy of the identity card."""

    outcome: NumberReviewOutcome
    evidence: tuple[EvidenceForm, ...] = Field(min_length=1, max_length=20)


class NumberReviewAnswer(BaseModel):
    """``other_person``, in ``other_household``, holds the number that was given to ``person_id``. ``office``: the lowest division
    whose area covers both. ``set_aside``: the entry counts nowhere until then. ``outcome``: decided last."""

    person_id: UUID
    household_id: UUID
    division: str
    other_person: UUID | None
    other_household: UUID | None
    other_division: str | None
    office: str
    since: date
    due_by: date
    set_aside: bool
    outcome: NumberReviewOutcome | None


def number_reviews_router(service: Service, queries: NumberReviewQueries, citations: Citations) -> DeferredRouter:
    router = DeferredRouter(prefix="/number-reviews", tags=["number reviews"])

    @router.get("")
    async def list_number_reviews(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[NumberReviewAnswer]:  # fmt: skip
        """ID numbers that somebody in another area holds already, oldest first."""
        await service.wait_for_positions(after)
        found = await anyio.to_thread.run_sync(partial(queries.reviews, narrowed_to_area(division, actor), actor))
        start = OLDEST_FIRST.after(cursor) or (date.min, "")
        answers = [
            NumberReviewAnswer(
                person_id=r.person_id, household_id=r.household_id, division=r.division, other_person=r.other,
                other_household=r.other_household, other_division=r.other_division, office=r.office, since=r.since,
                due_by=due_by, set_aside=r.set_aside, outcome=r.outcome,
            )
            for r, due_by in found
            if actor.covers(r.office) and (r.since, str(r.person_id)) > start
        ]  # fmt: skip
        return OLDEST_FIRST.page(answers[: limit + 1], limit, lambda a: (a.since, str(a.person_id)))

    @router.post("/{person_id}/decisions", status_code=201, responses=ACCEPTED)
    async def decide_number_review(person_id: UUID, form: NumberReviewForm, command: CurrentCommand) -> JSONResponse:
        """Whose number it is. ``confirmed`` when nobody else holds it any more; else say what is wrong, and where: that
        office corrects its entry (the recording anew, an annulment, or a leaving there and a joining here)."""
        evidence = papers(form.evidence)
        work = decision_handler(person_id, form.outcome, evidence, command.actor)
        return await citations.execute(command, work, stream_of(person_id), evidence=evidence, about=(person_id,))

    return router
