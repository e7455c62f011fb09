"""Comparisons with the other system's list over HTTP: a list is brought for the county and a day, compared and kept; what differs stands
among the findings until a later comparison finds it the same, or it is answered."""

from datetime import date
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Query, Request
from fastapi.responses import JSONResponse

from contracts.civil import civil_day
from contracts.registry.reconciliations import ReconciliationResult
from services.casework.dates import require_not_future
from services.casework.documents.reading import Documents
from services.casework.evidence.store import EvidenceStore
from services.casework.workbooks.importing.importer import WorkbookImporter
from services.casework.workbooks.importing.seats import Seats
from services.casework.workbooks.web import FILE_REQUEST, RowErrorAnswer, WorkbookRequests
from services.chassis.security.actor import Actor
from services.chassis.security.sealer import Sealer
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import CurrentCommand
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Day
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.households.dry_runs import DryRuns
from services.registry.reconciliations.answers import (
    ReconciledAnswer,
    ReconciledHouseholdAnswer,
    ReconciliationAnswer,
    figures_answer,
)
from services.registry.reconciliations.document import editions
from services.registry.reconciliations.matter import ReconciledRows
from services.registry.reconciliations.queries import ReconciliationQueries

ComparedOn = Annotated[Day, Query(description="对账日：表中数据截至的日期 / the day as of which the list says it")]
Result = Annotated[ReconciliationResult | None, Query(description="只看一种结果 / one result only")]
BY_DAY, BY_VILLAGE = Keyset("reconciliations", str, date, UUID), Keyset("reconciled", str, UUID)
NIL_ID = UUID(int=0)


def reconciliations_router(
    service: Service, sealer: Sealer, documents: Documents, dry_runs: DryRuns, evidence: EvidenceStore, seats: Seats
) -> DeferredRouter:
    router, queries = (
        DeferredRouter(prefix="/reconciliations", tags=["reconciliations"]),
        ReconciliationQueries(service.store),
    )

    @router.post(
        "", status_code=201, openapi_extra=FILE_REQUEST,
        responses={200: {"model": ReconciledAnswer, "description": "只试不录 / only tried"}, 201: {"model": ReconciledAnswer}},
    )  # fmt: skip
    async def reconcile_register(
        request: Request, compared_on: ComparedOn, command: CurrentCommand, after: AskedPositions
    ) -> JSONResponse:
        """Compare a list of the other system, in the national layout, with the register of your county as it stood on a day. Nothing
        of the register changes; what differs is kept, and stands among the findings. The file is kept as evidence; sent again with
        the same key an interrupted comparison goes on."""
        await service.wait_for_positions(after)
        require_not_future(compared_on, civil_day(service.store.clock.now()))
        county = command.actor.division
        rows = ReconciledRows(service.store, sealer, documents, dry_runs, county, compared_on)
        requests = WorkbookRequests(service.name, WorkbookImporter(service.store, evidence, rows), seats)
        answer = await requests.imported(request, command, "reconcile_register")
        figures = figures_answer(rows.figures())
        if answer.replayed and answer.batch_id is not None:
            figures = (await _read(answer.batch_id, command.actor)).figures
        body = ReconciledAnswer(
            **requests.told(answer), compared_on=compared_on, figures=figures, refused=answer.summary.refused,
            errors=[RowErrorAnswer.model_validate(e, from_attributes=True) for e in answer.summary.errors],
            warnings=[RowErrorAnswer.model_validate(w, from_attributes=True) for w in answer.summary.warnings],
        )  # fmt: skip
        return requests.response(answer, body)

    async def _read(reconciliation_id: UUID, actor: Actor) -> ReconciliationAnswer:
        return ReconciliationAnswer.of(await anyio.to_thread.run_sync(queries.one, reconciliation_id, actor))

    @router.get("")
    async def list_reconciliations(
        actor: CurrentActor, after: AskedPositions, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
    ) -> Page[ReconciliationAnswer]:
        """Comparisons of the counties in your area, or of the county that it lies in, by county and day."""
        await service.wait_for_positions(after)
        start = BY_DAY.after(cursor) or ("", date.min, NIL_ID)
        found = await anyio.to_thread.run_sync(queries.listed, actor.division, start, limit + 1)
        items = [ReconciliationAnswer.of(each) for each in found]
        return BY_DAY.page(items, limit, lambda a: (a.county, a.compared_on, a.reconciliation_id))

    @router.get("/{reconciliation_id}")
    async def read_reconciliation(
        reconciliation_id: UUID, actor: CurrentActor, after: AskedPositions
    ) -> ReconciliationAnswer:
        """What a comparison found: households and persons of each result."""
        await service.wait_for_positions(after)
        return await _read(reconciliation_id, actor)

    @router.get("/{reconciliation_id}/households")
    async def list_reconciled_households(
        reconciliation_id: UUID, actor: CurrentActor, after: AskedPositions, division: Prefix = "", result: Result = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ReconciledHouseholdAnswer]:  # fmt: skip
        """The household numbers in your area that were not the same in both, by village: which field, what is said here and there,
        and who corrects it where. Personal values are masked."""
        await service.wait_for_positions(after)
        area, start = narrowed_to_area(division, actor), BY_VILLAGE.after(cursor) or ("", NIL_ID)

        def find() -> list[ReconciledHouseholdAnswer]:
            queries.one(reconciliation_id, actor)
            known = editions(documents.current())
            found = queries.lines(reconciliation_id, area, result, start, limit + 1)
            return [ReconciledHouseholdAnswer.of(each, known) for each in found]

        found = await anyio.to_thread.run_sync(find)
        return BY_VILLAGE.page(found, limit, lambda a: (a.division, a.subject))

    return router
