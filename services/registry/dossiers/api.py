"""The dossier of a household over HTTP: one answer, made to be printed, of any day as known on any other."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

import anyio
from pydantic import BaseModel

from contracts.casework.cases import CaseOutcome
from contracts.civil import civil_day
from contracts.facts import Evidence, Recorded
from contracts.registry.poverty_status import PovertyStatus
from services.casework.asked_days import AsOf, KnownAt, answered_days
from services.casework.procedures.document import Procedure
from services.casework.procedures.state import CaseState, PostedNotice
from services.casework.records.answers import RecordAnswer
from services.chassis.following.foresight import Question
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.evidence_forms import CitedAnswer
from services.chassis.web.positions import AskedPositions
from services.chassis.web.previews import ConsequenceAnswer
from services.chassis.web.routing import DeferredRouter
from services.registry.consequences.api import ShownBeforeAnswer
from services.registry.dossiers.queries import DossierQueries
from services.registry.households.reading import HouseholdReader
from services.registry.visits.sheet import SheetPart, parts_of
from services.registry.visits.sheet_api import AsksAll


class DossierFactAnswer(BaseModel):
    """A fact that stands. ``document_no``: of the decision, where it is one."""

    id: str
    type: str
    effective_on: date
    recorded_on: date
    entered_by: str
    document_no: str | None

    @classmethod
    def of(cls, recorded: Recorded) -> Self:
        fact = recorded.fact
        return cls(
            id=recorded.id, type=fact.type_name, effective_on=fact.effective_on, entered_by=fact.entered_by,
            recorded_on=civil_day(recorded.recorded_at), document_no=fact.decision and fact.decision.document_no,
        )  # fmt: skip


class DossierNoticeAnswer(BaseModel):
    """``closed``: free of objection, after its last day."""

    zh: str
    en: str
    posted_on: date
    last_day: date
    closed: bool

    @classmethod
    def of(cls, posted: PostedNotice, procedure: Procedure) -> Self:
        step = procedure.step(posted.step)
        return cls(
            zh=step.zh, en=step.en, posted_on=posted.posted_on, last_day=posted.last_day, closed=posted.closed
        )  # fmt: skip


class DossierCaseAnswer(BaseModel):
    """As it stood. ``zh``, ``en``: its procedure."""

    case_id: UUID
    zh: str
    en: str
    opened_on: date
    latest_on: date
    outcome: CaseOutcome | None
    document_no: str | None
    notices: list[DossierNoticeAnswer]

    @classmethod
    def of(cls, state: CaseState, procedure: Procedure) -> Self:
        return cls(
            case_id=state.case_id, zh=procedure.zh, en=procedure.en, opened_on=state.opened_on, latest_on=state.latest_on,
            outcome=state.outcome, document_no=state.decision and state.decision.document_no,
            notices=[DossierNoticeAnswer.of(each, procedure) for each in state.notices],
        )  # fmt: skip


class DossierPaperAnswer(CitedAnswer):
    """``cited_by``: the fact that rests on it."""

    cited_by: str
    effective_on: date

    @classmethod
    def by(cls, recorded: Recorded, cited: Evidence) -> Self:
        named = CitedAnswer.of(cited).model_dump()
        return cls(**named, cited_by=recorded.id, effective_on=recorded.fact.effective_on)


class DossierAnswer(BaseModel):
    """``parts``: what held, personal fields masked; ``position``: of the registry's log that it rests on. ``decided``: what was shown
    before each decision that kept it; with a service ``away`` there, what it rests on is incomplete. ``stands``: what other services
    owe the household and were told of it; asked of today as it is known now alone, ``None`` for any other day. ``away``: services
    that did not say so: where there is one, the dossier is incomplete."""

    household_id: UUID
    national_no: str | None
    division: str
    status: PovertyStatus | None
    as_of: date
    known_at: datetime
    position: int
    parts: list[SheetPart]
    facts: list[DossierFactAnswer]
    cases: list[DossierCaseAnswer]
    visits: list[RecordAnswer]
    papers: list[DossierPaperAnswer]
    decided: list[ShownBeforeAnswer]
    stands: list[ConsequenceAnswer] | None
    away: list[str]


def dossiers_router(
    service: Service, asks: AsksAll, reader: HouseholdReader, queries: DossierQueries
) -> DeferredRouter:
    router = DeferredRouter(prefix="/households", tags=["households"])

    @router.get("/{household_id}/dossier")
    async def read_dossier(
        household_id: UUID, actor: CurrentActor, after: AskedPositions, as_of: AsOf = None, known_at: KnownAt = None
    ) -> DossierAnswer:
        """All that the register holds of a household on a day, as known on another: what held, its facts, cases and notices, visits
        and papers, what was shown before it was decided, and what other services owe it; personal fields masked."""
        await service.wait_for_positions(after)

        def find(day: date, known: datetime, position: int) -> DossierAnswer:
            answer = reader.answer(household_id, actor, day, known)
            held = queries.held(household_id, actor, day, known)
            return DossierAnswer(
                household_id=household_id, national_no=answer.national_no, division=answer.division, status=answer.status,
                as_of=day, known_at=known, position=position, parts=parts_of(answer),
                facts=[DossierFactAnswer.of(each) for each in held.facts],
                cases=[
                    DossierCaseAnswer.of(state, queries.procedures.edition(state.procedure, state.edition))
                    for state, _ in held.cases
                ],
                visits=list(held.records), papers=[DossierPaperAnswer.by(*each) for each in held.papers()],
                decided=[ShownBeforeAnswer.made_of(*each) for each in held.shown], stands=None, away=[],
            )  # fmt: skip

        now = await anyio.to_thread.run_sync(service.store.now)
        day, known = answered_days(as_of, known_at, now)
        position = await anyio.to_thread.run_sync(service.store.position)
        found = await anyio.to_thread.run_sync(find, day, known, position)
        if day != civil_day(now) or known_at is not None:
            return found
        # What holds in another service without a fact of its own is known there for now alone.
        told, away = await asks.ask_all(Question(log=service.name, position=position, households=(household_id,)))
        stands = [ConsequenceAnswer.of(line) for each in told for line in each.stands]
        return found.model_copy(update={"stands": stands, "away": list(away)})

    return router
