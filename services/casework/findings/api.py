"""Findings over HTTP, mounted by each service: what stands about its subjects, and answers to it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.civil import civil_day
from contracts.personal import Personal
from services.casework.asked_days import AsOf, KnownAt, answered_days
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.evidence.citations import Citations
from services.casework.exports.columns import Numbers
from services.casework.exports.lists import NumbersOf, no_numbers
from services.casework.findings.document import Severity
from services.casework.findings.domain import grounds_from
from services.casework.findings.projection import horizon_of
from services.casework.findings.queries import FindingFilter, FindingQueries, FindingState, ListedFinding
from services.casework.findings.rules import DAY_TOO_LATE
from services.casework.findings.store import answers_of
from services.casework.procedures.answers import OfficeAnswer
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused
from services.chassis.security.sealer import Sealer
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.evidence_forms import EvidenceForm, Line, papers
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

RuleCode = Annotated[str | None, Query(pattern=r"^[a-z_]{1,60}$", description="核查规则 / check rule")]
BY_DIVISION = Keyset("findings", str, UUID)
NIL_ID = UUID(int=0)


class AnswerForm(Body):
    """Why it is right all the same (sealed; it may name people). ``evidence``: what shows it."""

    reason: Line
    evidence: tuple[EvidenceForm, ...] = Field(default=(), max_length=20)


class GivenAnswer(BaseModel):
    on: date
    by: str


class FindingAnswer(BaseModel):
    """``about``: ids within the subject; ``facts``: ids of those it rests on; ``values`` and ``limits``: what was compared with
    which limit of the ``edition``; ``owner``: whose answer it takes, by the end of ``due_by``; ``valid_to``: the day after the
    last on which it holds, where that is known; ``national_no``: the household's 户编号; ``answer``: why it is right is sealed."""

    finding_id: UUID
    rule: str
    zh: str
    en: str
    subject: UUID
    household_id: UUID | None
    national_no: str | None
    division: str
    about: list[UUID]
    values: dict[str, str]
    limits: dict[str, str]
    facts: list[str]
    edition: str
    severity: Severity
    owner: OfficeAnswer
    raised_on: date
    due_by: date
    valid_from: date
    valid_to: date | None
    state: FindingState
    answer: GivenAnswer | None

    @classmethod
    def of(cls, found: ListedFinding, why: Message, facts: list[str], numbers: Numbers) -> "FindingAnswer":
        values, limits = grounds_from(found.grounds)
        given = found.answered_on is not None and found.answered_by is not None
        household = found.household_id
        return cls(
            finding_id=found.finding_id, rule=found.rule, zh=why.zh, en=why.en, subject=found.subject,
            household_id=household, national_no=None if household is None else numbers.get(household),
            division=found.division, about=found.about, values=values, limits=limits, facts=facts,
            edition=found.edition, severity=found.severity,
            owner=OfficeAnswer(level=found.owner_level, role=found.owner_role), raised_on=found.raised_on,
            due_by=found.due_by, valid_from=found.valid_from,
            valid_to=None if found.valid_to == date.max else found.valid_to, state=found.state,
            answer=GivenAnswer.model_validate({"on": found.answered_on, "by": found.answered_by}) if given else None,
        )  # fmt: skip


def findings_router(
    service: Service, queries: FindingQueries, sealer: Sealer, citations: Citations, numbers: NumbersOf = no_numbers
) -> DeferredRouter:
    """``numbers``: the 户编号 of households."""
    router = DeferredRouter(prefix="/findings", tags=["findings"])

    async def resolved(as_of: date | None, known_at: date | None) -> tuple[date, datetime]:
        now = await anyio.to_thread.run_sync(service.store.now)
        if as_of is not None and as_of > (latest := horizon_of(civil_day(now))):
            raise Refused(DAY_TOO_LATE, latest=latest.isoformat())
        return answered_days(as_of, known_at, now)

    def answers(found: list[ListedFinding], day: date, known: datetime, area: str) -> list[FindingAnswer]:
        explained = queries.explained(found, day, known, area)
        with service.store.reading() as conn:
            numbered = numbers(conn, {each.household_id for each in found if each.household_id is not None})
        return [FindingAnswer.of(*each, numbered) for each in explained]

    @router.get("")
    async def list_findings(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", rule: RuleCode = None,
        severity: Severity | None = None, state: FindingState | None = None, subject: UUID | None = None,
        as_of: AsOf = None, known_at: KnownAt = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[FindingAnswer]:  # fmt: skip
        """What stood about the subjects that are under a division today, on a day, as known then; by village. Without a state
        whatever stood, answered or not."""
        await service.wait_for_positions(after)
        day, known = await resolved(as_of, known_at)
        asked = FindingFilter(
            division=narrowed_to_area(division, actor), as_of=day, known_at=known, rule=rule, state=state,
            severity=severity, subject=subject,
        )  # fmt: skip
        start = BY_DIVISION.after(cursor) or ("", NIL_ID)

        def find() -> list[FindingAnswer]:
            return answers(queries.listed(asked, start, limit + 1), day, known, actor.division)

        found = await anyio.to_thread.run_sync(find)
        return BY_DIVISION.page(found, limit, lambda a: (a.division, a.finding_id))

    @router.get("/{finding_id}")
    async def read_finding(
        finding_id: Annotated[UUID, Path()], actor: CurrentActor, after: AskedPositions, as_of: AsOf = None,
        known_at: KnownAt = None,
    ) -> FindingAnswer:  # fmt: skip
        """One finding; of one that does not stand on that day, how it stood last."""
        await service.wait_for_positions(after)
        day, known = await resolved(as_of, known_at)

        def find() -> FindingAnswer:
            found = queries.one(finding_id, actor, day, known)
            return answers([found], day, known, actor.division)[0]

        return await anyio.to_thread.run_sync(find)

    @router.post("/{finding_id}/answers", status_code=201, responses=ACCEPTED)
    async def answer_finding(
        finding_id: UUID, form: AnswerForm, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Say why it is right all the same: the office that the rule names, and not whoever entered it where the rule says so.
        Waits for the positions named, as a read does."""
        await service.wait_for_positions(after)
        findings, subject = await anyio.to_thread.run_sync(queries.answerable, finding_id)
        keys = await sealer.keys((subject,), dry_run=command.dry_run)
        evidence = papers(form.evidence)
        work = findings.answer_handler(
            subject, finding_id, Personal(form.reason), evidence, command.actor, keys,
            f"/{service.name}/findings/{finding_id}",
        )  # fmt: skip
        streams = (*findings.subjects.streams(subject), answers_of(subject))
        return await citations.execute(
            command, work, *streams, evidence=evidence, about=(subject,), extends=(DOCUMENTS,)
        )

    return router
