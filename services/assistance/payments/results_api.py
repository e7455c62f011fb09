"""Results over HTTP: files of the platform, call-backs of single lines, and outcomes that were of other lines."""

import hashlib
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from contracts.civil import civil_day
from contracts.facts import Evidence, StoredFile
from services.assistance.payments.domain_results import ResultRow
from services.assistance.payments.forms import OutcomeAnnulmentForm, OutcomeForm
from services.assistance.payments.result_files import form_in_force, read_result, whole_characters
from services.assistance.payments.results import ResultTaking, annulled, call_back
from services.assistance.payments.store import PaymentCommands, part_of
from services.casework.documents.editions import STREAM as DOCUMENTS
from services.casework.documents.reading import Documents
from services.casework.evidence.store import EvidenceStore
from services.casework.media_types import XLSX
from services.casework.workbooks.importing.seats import Seats
from services.casework.workbooks.row_errors import RowError, Wording
from services.casework.workbooks.web import RowErrorAnswer
from services.chassis.ground.refusals import Refused, Unavailable
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.command_record import CommandRef
from services.chassis.service import Service
from services.chassis.web.based_on import BAD_BASED_ON
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.position_tokens import HEADER, PositionToken, format_positions
from services.chassis.web.problems import UNSUPPORTED_MEDIA
from services.chassis.web.routing import DeferredRouter

CSV = "text/csv"
KEPT = "payment_result_file"
"""Kind of the evidence that a result file is."""
TAKEN_TYPES = (XLSX, CSV, "application/octet-stream")
_FILE = {"schema": {"type": "string", "format": "binary"}}
FILE_REQUEST: dict[str, Any] = {"requestBody": {"required": True, "content": dict.fromkeys(TAKEN_TYPES, _FILE)}}


class ResultFileAnswer(BaseModel):
    """``rows_seen`` = newly settled + newly returned + known already + refused. Nothing of a refused row was recorded. ``evidence_id``: by
    which the file itself is read again; none of a dry run."""

    file_sha256: str
    evidence_id: UUID | None
    position: PositionToken
    replayed: bool
    rows_seen: int
    newly_settled: int
    newly_returned: int
    known_already: int
    refused: int
    errors: list[RowErrorAnswer]


def payment_results_router(
    service: Service, commands: PaymentCommands, documents: Documents, evidence: EvidenceStore, seats: Seats
) -> DeferredRouter:
    router = DeferredRouter(prefix="/pay-lists", tags=["payments"])
    taking, store = ResultTaking(service.store, commands), service.store

    @router.post(
        "/{list_id}/results", status_code=201, openapi_extra=FILE_REQUEST,
        responses={200: {"model": ResultFileAnswer, "description": "只试不导 / only tried"}, 201: {"model": ResultFileAnswer}},
    )  # fmt: skip
    async def import_payment_results(list_id: UUID, request: Request, command: CurrentCommand) -> JSONResponse:
        """What became of the lines, as the platform's file says it: good rows are taken, each other one is refused by its rule, and the
        file itself is kept as evidence.
        A file that was broken off is sent again: what is known already is recorded no second time."""
        if command.based_on:
            raise Refused(BAD_BASED_ON)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind and kind not in TAKEN_TYPES:
            raise Refused(UNSUPPORTED_MEDIA)
        content = await request.body()
        try:
            answer = await seats.run(command.actor.subject, partial(taken, list_id, content, command))
        except StoreUnavailable as error:
            raise Unavailable(error.rule, retry_after=5) from error
        headers = {HEADER: format_positions(answer.position)}
        if not command.dry_run:
            headers["Location"] = f"/{service.name}/pay-lists/{list_id}"
        return JSONResponse(answer.model_dump(mode="json"), 200 if command.dry_run else 201, headers)

    def keep(list_id: UUID, content: bytes, ref: CommandRef) -> Evidence:
        """The file as it came, but for a last character that was cut: sealed, where it concerns the list, and once, however often it
        is sent again."""
        upload = CommandRef(uuid5(ref.command_id, KEPT), ref.principal, f"{ref.route}#{KEPT}", ref.key, ref.digest)
        with evidence.begin() as incoming:
            incoming.write(whole_characters(content))
            unit = evidence.keep(incoming, KEPT, (list_id,), upload)
            found = evidence.settled(store.submit(unit).result(), incoming).upload
        return Evidence(kind=KEPT, file=StoredFile(id=found.evidence_id, sha256=found.sha256))

    def taken(list_id: UUID, content: bytes, command: Command) -> ResultFileAnswer:
        today, digest, actor = civil_day(store.now()), hashlib.sha256(content).hexdigest(), command.actor
        form = form_in_force(documents.current(), today, actor.division)
        file = read_result(content, form, today)
        ref = None if command.dry_run else command.ref
        kept = () if ref is None else (keep(list_id, content, ref),)
        found = taking.take(list_id, file.rows, digest, actor, ref)
        found.rows += file.unread
        replayed, position = False, store.position()
        refused = len(found.refused) + file.unread
        if ref is not None:
            position, replayed = taking.completed(list_id, found, refused, digest, actor, ref, kept)
        wording = Wording.of(form.layout, {})
        errors = [RowError.of(rule, "lines", row, column) for row, rule, column in found.refused] + file.errors
        return ResultFileAnswer(
            file_sha256=digest, position={service.name: position}, replayed=replayed, rows_seen=found.rows,
            evidence_id=next((each.file.id for each in kept if each.file is not None), None),
            newly_settled=found.settled, newly_returned=found.returned, known_already=found.known, refused=refused,
            errors=[
                RowErrorAnswer.model_validate(wording.worded(e), from_attributes=True)
                for e in sorted(errors, key=lambda e: e.row)
            ],
        )  # fmt: skip

    @router.post("/{list_id}/outcomes", status_code=201, responses=ACCEPTED)
    async def report_payment_outcome(list_id: UUID, body: OutcomeForm, command: CurrentCommand) -> JSONResponse:
        """What became of one line: a call-back of the platform, a delivery note, or a return that the bank told of days later. One
        that was lost is made good by the file, and one that comes twice changes nothing."""
        row = ResultRow(1, str(list_id), body.control, body.line, body.amount, body.credited, body.on, body.cause)
        decide = partial(call_back, by=command.by, row=row, source=body.source)
        handler = commands.handler(list_id, command.actor, decide)
        return await execute(store, command, handler, parts=(part_of(list_id),), extends=(DOCUMENTS,))

    @router.post("/{list_id}/outcome-annulments", status_code=201, responses=ACCEPTED)
    async def annul_payment_outcome(list_id: UUID, body: OutcomeAnnulmentForm, command: CurrentCommand) -> JSONResponse:
        """An outcome was of other lines: it counts as never reported, unless later ones rest on it."""
        decide = partial(annulled, by=command.by, on=body.on, outcome=body.outcome, reason=body.reason)
        handler = commands.handler(list_id, command.actor, decide)
        return await execute(store, command, handler, parts=(part_of(list_id),), extends=(DOCUMENTS,))

    return router
