"""The import of status history over HTTP: proposed and confirmed by two persons of the county, each file approved."""

from datetime import date
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from contracts.civil import civil_day
from contracts.facts import Decision
from contracts.registry.intake import HistoryBatchApproved, HistoryImportProposed
from services.casework.directory.store import accounts_of
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.evidence_forms import Line
from services.chassis.web.payloads import Body
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay
from services.registry.intake.history import domain
from services.registry.intake.history.domain import stream_of
from services.registry.intake.history.store import command_handler

County = Annotated[str, Path(pattern=r"^[0-9]{6}$", examples=["990001"])]


class OpeningForm(Body):
    """The county's decision: from when until when, both days included, and by which document."""

    opens_on: TypedDay = Field(examples=["2014-06-01"])
    closes_on: TypedDay = Field(examples=["2014-12-31"])
    organ: Line
    decided_on: TypedDay
    document_no: Line
    signer: Line


class ConfirmationForm(Body):
    """``opening_id``: of the proposal that is confirmed, so that nobody confirms what they have not read."""

    opening_id: UUID


class ApprovalForm(Body):
    """``file_sha256``: of the workbook as it will be sent, in lower-case hex; its dry run names it."""

    file_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class ProposalAnswer(BaseModel):
    opening_id: UUID
    opens_on: date
    closes_on: date
    entered_by: str


class HistoryImportAnswer(BaseModel):
    """``open``: whether files are taken today. ``approved_files``: their digests."""

    county: str
    open: bool
    opens_on: date | None
    closes_on: date | None
    proposals: list[ProposalAnswer]
    approved_files: list[str]


def history_router(store: Store) -> DeferredRouter:
    router = DeferredRouter(prefix="/history-imports", tags=["history imports"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def propose_history_import(form: OpeningForm, command: CurrentCommand) -> JSONResponse:
        """Propose that your county imports status history for a stated time. Another person confirms it."""
        county = command.actor.division
        decision = Decision(
            organ=form.organ, decided_on=form.decided_on, document_no=form.document_no, signer=form.signer
        )
        today = civil_day(store.clock.now())
        fact = HistoryImportProposed(
            opening_id=command.ref.command_id, county=county, opens_on=form.opens_on, closes_on=form.closes_on,
            decision=decision, effective_on=today, entered_by=command.by,
        )  # fmt: skip
        work = command_handler(county, lambda state, tx: domain.propose(state, fact, tx.today))
        return await execute(store, command, work, stream_of(county))

    @router.post("/{county}/confirmations", status_code=201, responses=ACCEPTED)
    async def confirm_history_import(county: County, form: ConfirmationForm, command: CurrentCommand) -> JSONResponse:
        """Open the import as it was proposed; whoever proposed it cannot."""
        _require_own(county, command.actor)
        work = command_handler(
            county,
            lambda state, tx: domain.confirm(state, form.opening_id, command.by, accounts_of(tx, command.by), tx.today),
        )
        return await execute(store, command, work, stream_of(county))

    @router.post("/{county}/batches", status_code=201, responses=ACCEPTED)
    async def approve_history_batch(county: County, form: ApprovalForm, command: CurrentCommand) -> JSONResponse:
        """Approve a file with status history; somebody else imports it."""
        _require_own(county, command.actor)

        def work_of(today: date) -> HistoryBatchApproved:
            return HistoryBatchApproved(
                county=county, file_sha256=form.file_sha256, effective_on=today, entered_by=command.by
            )

        work = command_handler(county, lambda state, tx: domain.approve(state, work_of(tx.today), tx.today))
        return await execute(store, command, work, stream_of(county))

    @router.get("/{county}")
    async def read_history_import(county: County, actor: CurrentActor) -> HistoryImportAnswer:
        """Whether and until when the county imports status history, what is proposed, and which files are approved; of a county
        that proposed nothing yet, that it does not."""
        if not actor.covers(county):
            raise Refused(NOT_FOUND)
        state = domain.fold(await anyio.to_thread.run_sync(store.stream, stream_of(county)))
        today = civil_day(store.clock.now())
        return HistoryImportAnswer(
            county=county,
            open=domain.closed(state, today) is None,
            opens_on=state.opened and state.opened.opens_on,
            closes_on=state.opened and state.opened.closes_on,
            proposals=[ProposalAnswer.model_validate(p, from_attributes=True) for p in state.proposals.values()],
            approved_files=sorted(state.approved),
        )

    return router


def _require_own(county: str, actor: Actor) -> None:
    """The office of that county; the level is the access table's to say."""
    if actor.division != county:
        raise Refused(NOT_FOUND)
