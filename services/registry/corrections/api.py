"""Reports over HTTP: what a standing decision is against, until a correction makes it true."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid5

import anyio
from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from contracts.civil import civil_day
from contracts.personal import Personal
from contracts.registry import corrections as c
from contracts.registry.divisions import Level
from contracts.registry.reasons import JoinReason, LeaveReason
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.evidence.citations import Citations
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.evidence_forms import papers
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.corrections.forms import DeclineForm, ReportedJoinForm
from services.registry.corrections.queries import ReportFilter, ReportQueries
from services.registry.corrections.reporting import Reporting
from services.registry.corrections.reports import ReportState
from services.registry.corrections.streams import stream_of
from services.registry.households import domain as households
from services.registry.households.claims import Digests, claims_on_number
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.fact_forms import FactForm
from services.registry.households.forms import DeathForm, LeaveForm

BY_LAST_DAY = Keyset("reports", date, UUID)
NIL_ID = UUID(int=0)


class ReportAnswer(BaseModel):
    """``fact``: type of the fact that reports it; ``answer_by``: last day for the office of that ``level``."""

    report_id: UUID
    household_id: UUID
    division: str
    fact: str
    effective_on: date
    reported_on: date
    answer_by: date
    level: Level
    entered_by: str
    state: ReportState


def reports_router(
    service: Service,
    commands: HouseholdCommandService,
    reporting: Reporting,
    queries: ReportQueries,
    citations: Citations,
) -> DeferredRouter:
    router = DeferredRouter(tags=["reports"])

    async def carry_out(
        command: Command, fact: c.ReportedFact, direct: str, confirmed_by: Digests = ()
    ) -> JSONResponse:
        household = fact.household_id
        fact = await commands.sealer.seal(fact, dry_run=command.dry_run)
        work = reporting.report_handler(fact, direct, command.actor, confirmed_by)
        return await citations.execute(
            command, work, households.stream_of(household), stream_of(household), evidence=fact.evidence,
            about=(household,), claims=claims_on_number(confirmed_by), extends=(DOCUMENTS,),
        )  # fmt: skip

    @router.post("/households/{household_id}/members/{person_id}/reported-deaths", status_code=201, responses=ACCEPTED)
    async def report_death(
        household_id: UUID, person_id: UUID, form: DeathForm, command: CurrentCommand
    ) -> JSONResponse:
        """Somebody died, and a standing decision is against it: it counts once a correction has made it true."""
        fact = c.DeathReported(
            **_common(form, household_id, command),
            person_id=person_id,
            successor=form.successor,
            relations=form.to_relations(),
        )
        return await carry_out(command, fact, "record_death")

    @router.post(
        "/households/{household_id}/members/{person_id}/reported-departures", status_code=201, responses=ACCEPTED
    )
    async def report_departure(
        household_id: UUID, person_id: UUID, form: LeaveForm, command: CurrentCommand
    ) -> JSONResponse:
        """Somebody left, and a standing decision is against it: it counts once a correction has made it true."""
        read = await commands.words.read(form, command, form.effective_on)
        form, command = read.form, read.command
        assert isinstance(form.reason, LeaveReason), "words are looked up before"
        fact = c.DepartureReported(
            **_common(form, household_id, command),
            person_id=person_id,
            reason=form.reason,
            successor=form.successor,
            relations=form.to_relations(),
        )
        return await carry_out(command, fact, "record_departure")

    @router.post("/households/{household_id}/reported-births", status_code=201, responses=ACCEPTED)
    async def report_birth(household_id: UUID, form: ReportedJoinForm, command: CurrentCommand) -> JSONResponse:
        """Somebody was born or joined, and a standing decision is against it: it counts once a correction has made it true."""
        await commands.note_dry_run(command, "report_birth", 1)
        read = await commands.words.read(form, command, form.effective_on)
        form, command = read.form, read.command
        assert isinstance(form.reason, JoinReason), "words are looked up before"
        person = form.person_id or uuid5(command.ref.command_id, "member")
        fact = c.BirthReported(
            **_common(form, household_id, command), member=form.member.to_member(person), reason=form.reason
        )
        digests = commands.document_digests(form.member)
        return await carry_out(command, fact, "join_member", digests)

    @router.get("/reports")
    async def list_reports(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", household_id: UUID | None = None,
        state: ReportState | None = None,
        overdue: Annotated[bool, Query(description="只看逾期未办的 / only those whose last day is over")] = False,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ReportAnswer]:  # fmt: skip
        """What was reported of households in the caller's area, by the last day of the office that corrects."""
        await service.wait_for_positions(after)
        today = civil_day(await anyio.to_thread.run_sync(service.store.now))
        asked = ReportFilter(
            division=narrowed_to_area(division, actor), household=household_id, state=state,
            overdue_on=today if overdue else None,
        )  # fmt: skip
        start = BY_LAST_DAY.after(cursor) or (date.min, NIL_ID)
        found = await anyio.to_thread.run_sync(queries.listed, asked, start, limit + 1)
        answers = [ReportAnswer.model_validate(report, from_attributes=True) for report in found]
        return BY_LAST_DAY.page(answers, limit, lambda a: (a.answer_by, a.report_id))

    report = "/households/{household_id}/reports/{report_id}"

    @router.post(f"{report}/recordings", status_code=201, responses=ACCEPTED)
    async def record_reported(household_id: UUID, report_id: UUID, command: CurrentCommand) -> JSONResponse:
        """What was reported is recorded, once no decision is against it any more."""
        work = reporting.record_handler(household_id, report_id, command.actor)
        streams = (households.stream_of(household_id), stream_of(household_id))
        return await citations.execute(command, work, *streams, evidence=(), about=(household_id,))

    @router.post(f"{report}/withdrawals", status_code=201, responses=ACCEPTED)
    async def withdraw_report(household_id: UUID, report_id: UUID, command: CurrentCommand) -> JSONResponse:
        """Whoever reported it takes it back."""
        work = reporting.withdraw_handler(household_id, report_id, command.actor)
        streams = (households.stream_of(household_id), stream_of(household_id))
        return await citations.execute(command, work, *streams, evidence=(), about=(household_id,))

    @router.post(f"{report}/refusals", status_code=201, responses=ACCEPTED)
    async def decline_report(
        household_id: UUID, report_id: UUID, form: DeclineForm, command: CurrentCommand
    ) -> JSONResponse:
        """The office that corrects found that it is not so."""
        declined = c.ReportDeclined(
            household_id=household_id, report_id=report_id, effective_on=date.min, entered_by=command.by,
            evidence=papers(form.evidence), reason=Personal(form.reason),
        )  # fmt: skip
        declined = await commands.sealer.seal(declined, dry_run=command.dry_run)
        work = reporting.decline_handler(household_id, report_id, declined, command.actor)
        streams = (households.stream_of(household_id), stream_of(household_id))
        return await citations.execute(command, work, *streams, evidence=declined.evidence, about=(household_id,))

    return router


def _common(form: FactForm, household_id: UUID, command: Command) -> dict[str, Any]:
    """``answer_by`` and ``level`` are set under the append lock, by the documents in force then."""
    return {
        "household_id": household_id, "effective_on": form.effective_on, "precision": form.precision,
        "entered_by": command.by, "evidence": form.to_evidence(), "report_id": uuid5(command.ref.command_id, "report"),
        "level": Level.COUNTY, "answer_by": form.effective_on,
    }  # fmt: skip
