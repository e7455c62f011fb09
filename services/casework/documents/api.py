"""Documents over HTTP: one router, mounted by each service that has documents of its own."""

from datetime import date
from typing import Annotated

import anyio
from fastapi import Path, Query
from fastapi.responses import JSONResponse

from services.casework.asked_days import KnownAt, recorded_before
from services.casework.documents.domain import EditionState, KnownDocuments
from services.casework.documents.editions import STREAM
from services.casework.documents.forms import DocumentAnswer, DocumentTextAnswer, ProposalForm, WithdrawalForm
from services.casework.documents.reading import Documents
from services.casework.documents.store import DocumentCommands, Handler, Persons
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.dated import jurisdictions_of
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand, execute
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Day
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter

Number = Annotated[int, Path(ge=1, le=10**9)]
Kind = Annotated[str | None, Query(pattern=r"^[a-z_]{1,40}$", description="种类 / kind, such as procedure")]
Key = Annotated[str | None, Query(pattern=rf"^{KEY_PATTERN}$", description="名称 / key, such as exit")]
Place = Annotated[
    str | None, Query(pattern=r"^[0-9]{2,12}$", description="适用于该区划的 / those that apply in this division")
]
AsOf = Annotated[
    Day | None,
    Query(
        description="该日生效的；与区划同用时每项只有所适用的一个 / in force on that day; with a division, the one that applies"
    ),
]
BY_NUMBER = Keyset("documents", int)


def documents_router(service: Service, documents: Documents, persons: Persons) -> DeferredRouter:
    """``persons``: which accounts are one person's."""
    router = DeferredRouter(prefix="/documents", tags=["documents"])
    commands = DocumentCommands(service.name, documents, persons)

    async def known(known_at: date | None) -> KnownDocuments:
        register = await anyio.to_thread.run_sync(documents.own)
        return register.as_known(recorded_before(known_at))

    async def handle(command: Command, handler: Handler) -> JSONResponse:
        return await execute(service.store, command, handler, STREAM)

    @router.get("")
    async def list_documents(
        actor: CurrentActor, after: AskedPositions, kind: Kind = None, key: Key = None, division: Place = None,
        as_of: AsOf = None, known_at: KnownAt = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[DocumentAnswer]:  # fmt: skip
        """Every edition, oldest first; documents are public among those signed in."""
        await service.wait_for_positions(after)
        found = _selected(await known(known_at), kind, key, division, as_of)
        (last,) = BY_NUMBER.after(cursor) or (0,)
        after_last = [state for state in found if state.edition.number > last][: limit + 1]
        answers = [DocumentAnswer.of(state) for state in after_last]
        return BY_NUMBER.page(answers, limit, lambda answer: (answer.number,))

    @router.get("/{number}")
    async def read_document(
        number: Number, actor: CurrentActor, after: AskedPositions, known_at: KnownAt = None
    ) -> DocumentTextAnswer:
        """One edition with its whole text, whatever became of it."""
        await service.wait_for_positions(after)
        state = (await known(known_at)).states.get(f"{service.name}/{STREAM}/{number}")
        if state is None:
            raise Refused(NOT_FOUND)
        return DocumentTextAnswer.of(state)

    @router.post("", status_code=201, responses=ACCEPTED)
    async def propose_document(form: ProposalForm, command: CurrentCommand) -> JSONResponse:
        """Propose an edition; it takes force when another operator of its place confirms it."""
        return await handle(command, commands.propose_handler(form.content, command.actor))

    @router.post("/{number}/confirmations", status_code=201, responses=ACCEPTED)
    async def confirm_document(number: Number, command: CurrentCommand) -> JSONResponse:
        """Confirm what another operator proposed: the adoption, the withdrawal, or that the withdrawal is undone."""
        return await handle(command, commands.confirm_handler(number, command.actor))

    @router.post("/{number}/withdrawals", status_code=201, responses=ACCEPTED)
    async def withdraw_document(number: Number, form: WithdrawalForm, command: CurrentCommand) -> JSONResponse:
        """Propose to withdraw an edition, or to undo its withdrawal; a proposal is taken back at once. Cases that run
        under a withdrawn edition go on under it."""
        return await handle(command, commands.withdraw_handler(number, form.reason, command.actor))

    return router


def _selected(
    known: KnownDocuments, kind: str | None, key: str | None, place: str | None, day: date | None
) -> list[EditionState]:
    """By number."""
    found = [
        state
        for state in known.states.values()
        if kind in (None, state.edition.fact.kind) and key in (None, state.edition.fact.key)
    ]
    if day is not None:
        in_force = known.all_in_force(day, place)
        return [state for state in found if state.edition.id in in_force]
    if place is not None:
        within = set(jurisdictions_of(place))
        return [state for state in found if state.edition.jurisdiction in within]
    return found
