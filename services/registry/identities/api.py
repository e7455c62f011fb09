"""Identities over HTTP: a document that came later; what a pending correction says. Corrections themselves are cases."""

from uuid import UUID

import anyio
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from contracts.registry.access import Purpose
from contracts.registry.identities import IdentityCorrectionApplied, PersonDocumentRecorded
from services.casework.purposes import access_stream
from services.chassis.ground.refusals import NOT_FOUND, Refused, rule
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealing import Shredded
from services.chassis.service import Service
from services.chassis.web.application import Body
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.position_tokens import HEADER, PositionToken, parse_positions
from services.chassis.web.routing import DeferredRouter
from services.registry.disclosures.domain import reading_for_case
from services.registry.households.claims import claims_on_number
from services.registry.households.command_service import HouseholdCommandService
from services.registry.households.domain import stream_of
from services.registry.households.forms import LaterDocumentForm
from services.registry.households.member_forms import document_fields
from services.registry.households.personal_values import decrypt
from services.registry.households.store import relatives_in, require_in_area
from services.registry.identities.documents import document_handler
from services.registry.identities.forms import IdentityCorrectionAnswer
from services.registry.identities.store import application_stream

NO_DOCUMENT_GIVEN = rule(
    "document_not_given",
    zh="请填写证件号码（id_number）或证件（document，无证件除外）。",
    en="Give ``id_number``, or a ``document`` other than none.",
    source="OpenAPI of this service",
    status=422,
)
FIELDS = ("name", "id_number")


class CorrectionDisclosureForm(Body):
    """What the values are read for."""

    purpose: Purpose


class CorrectionDisclosure(BaseModel):
    """What the application says, in plain; ``shredded`` where the key was destroyed. A repeated request is answered without
    values."""

    position: PositionToken
    replayed: bool
    name: str | None = None
    id_number: str | None = None


def identities_router(service: Service, commands: HouseholdCommandService, vault: DataKeys) -> DeferredRouter:
    router = DeferredRouter(tags=["identities"])

    @router.post("/households/{household_id}/members/{person_id}/documents", status_code=201, responses=ACCEPTED)
    async def record_document(
        household_id: UUID, person_id: UUID, form: LaterDocumentForm, command: CurrentCommand
    ) -> JSONResponse:
        """The document of a member who had none: a newborn's ID, a newcomer's. One that stands is replaced by an
        identity_correction."""
        await commands.note_dry_run(command, "record_document", 1)
        read = await commands.words.read(form, command, form.effective_on)
        form, command = read.form, read.command
        document = form.read_document()
        if document is None or document.number is None:
            raise Refused(NO_DOCUMENT_GIVEN)
        recorded = PersonDocumentRecorded(
            household_id=household_id, person_id=person_id, entered_by=command.by, effective_on=form.effective_on,
            precision=form.precision, evidence=form.to_evidence(), households=(household_id,), **document_fields(document),
        )  # fmt: skip
        recorded = await commands.sealer.seal(recorded, dry_run=command.dry_run)
        number = commands.document_digests(form)
        work = read.deciding(recorded, lambda fact: document_handler(fact, document, number, command.actor))
        return await commands.carry_out(
            command, work, stream_of(household_id), *read.streams, evidence=recorded.evidence, about=(household_id,),
            claims=claims_on_number(number), subjects=(person_id,),
        )  # fmt: skip

    @router.get("/identity-corrections/{case_id}")
    async def read_identity_correction(case_id: UUID, actor: CurrentActor) -> IdentityCorrectionAnswer:
        """What the correction of this case says; personal values are masked."""

        def read() -> IdentityCorrectionAnswer:
            found: list[IdentityCorrectionApplied] = []
            service.store.transact(lambda tx: found.append(_application_in_area(tx, case_id, actor)), appends=False)
            return IdentityCorrectionAnswer.of(found[0])

        return await anyio.to_thread.run_sync(read)

    @router.post(
        "/identity-corrections/{case_id}/disclosures",
        status_code=201,
        responses={**ACCEPTED, 201: {"model": CorrectionDisclosure}},
    )
    async def disclose_identity_correction(
        case_id: UUID, form: CorrectionDisclosureForm, command: CurrentCommand
    ) -> JSONResponse:
        """Read what a correction says in plain, to compare it with the paper. Reader and purpose are recorded before the
        answer."""
        found: list[IdentityCorrectionApplied] = []

        def work(tx: Tx) -> Reply:
            applied = _application_in_area(tx, case_id, command.actor)
            read = {applied.household_id: (applied.person_id,)}
            fact = reading_for_case(command.actor, form.purpose, case_id, read, FIELDS, tx.today)
            tx.append(access_stream(command.by, tx.today), fact)
            found.append(applied)
            return Reply()

        answer = await execute(service.store, command, work, application_stream(case_id))
        if command.dry_run:
            return answer
        # The work of a repeated request is not run: it gets no values.
        values = await anyio.to_thread.run_sync(_decrypt, vault, found[-1]) if found else {}
        body = CorrectionDisclosure(position=parse_positions(answer.headers[HEADER]), replayed=not found, **values)
        return JSONResponse(body.model_dump(mode="json"), 201, {HEADER: answer.headers[HEADER]})

    return router


def _application_in_area(tx: Tx, case_id: UUID, actor: Actor) -> IdentityCorrectionApplied:
    """Raises ``NOT_FOUND`` where its household is outside the area."""
    for recorded in tx.load(application_stream(case_id)):
        if isinstance(recorded.fact, IdentityCorrectionApplied):
            require_in_area(tx.load(stream_of(recorded.fact.household_id)), actor, relatives_in(tx))
            return recorded.fact
    raise Refused(NOT_FOUND)


def _decrypt(vault: DataKeys, applied: IdentityCorrectionApplied) -> dict[str, str]:
    sealed = {(applied.person_id, f): value for f in FIELDS if (value := getattr(applied, f)) is not None}
    plain = decrypt(vault, [sealed])[0]
    return {f: value.value if isinstance(value, Shredded) else value for (_, f), value in plain.items()}
