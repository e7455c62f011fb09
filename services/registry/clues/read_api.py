"""Queries of clues over HTTP, and their disclosure: what people said in plain, for a stated purpose, recorded before it is
answered."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

import anyio
from fastapi import Path, Query
from fastapi.responses import JSONResponse

from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.registry.access import HouseholdRead, MatterKind, PersonalDataRead, ReadingMatter
from contracts.registry.clues import ClueSource
from services.casework.purposes import access_stream, require_purpose
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealing import Shredded
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.position_tokens import HEADER, parse_positions
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.registry.clues.answers import DisclosedClueAnswer, ListedClueAnswer, ReceiptAnswer
from services.registry.clues.domain import ClueState, stream_of
from services.registry.clues.forms import SEALED, ClueDisclosureForm
from services.registry.clues.queries import ClueFilter, ClueQueries
from services.registry.clues.store import clue_in_area
from services.registry.households.personal_values import decrypt

BY_ID = Keyset("clues", UUID)
NIL_ID = UUID(int=0)
ReceiptNo = Annotated[
    str, Path(pattern=r"^[0-9]{6}-[0-9]{8}-[0-9A-HJKMNP-TV-Z]{8}$", examples=["990001-20230306-7ZK2M9QA"])
]


def clue_queries_router(service: Service, queries: ClueQueries, vault: DataKeys) -> DeferredRouter:
    router = DeferredRouter(tags=["clues"])

    @router.get("/clue-receipts/{receipt_no}")
    async def read_clue_receipt(receipt_no: ReceiptNo, actor: CurrentActor, after: AskedPositions) -> ReceiptAnswer:
        """How far a clue has come, by the number that whoever reported it was given: for the village that it is in, and for
        the office that gave the receipt."""
        await service.wait_for_positions(after)
        return ReceiptAnswer.of(await anyio.to_thread.run_sync(queries.of_receipt, receipt_no, actor))

    @router.get("/clues/{clue_id}")
    async def read_clue(clue_id: UUID, actor: CurrentActor, after: AskedPositions) -> ListedClueAnswer:
        """A clue, for the village that it is in."""
        await service.wait_for_positions(after)
        return ListedClueAnswer.of(await anyio.to_thread.run_sync(queries.clue, clue_id, actor))

    @router.get("/clues")
    async def list_clues(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", state: ClueState | None = None,
        source: ClueSource | None = None, household_id: UUID | None = None,
        overdue: Annotated[bool, Query(description="只看逾期未办的 / only those whose last day is over")] = False,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[ListedClueAnswer]:  # fmt: skip
        """Clues of villages in the caller's area."""
        await service.wait_for_positions(after)
        today: date = civil_day(await anyio.to_thread.run_sync(service.store.now))
        asked = ClueFilter(
            division=narrowed_to_area(division, actor), overdue_on=today if overdue else None,
            equal={"state": state, "source": source, "household_id": household_id},
        )  # fmt: skip
        (start,) = BY_ID.after(cursor) or (NIL_ID,)
        found = await anyio.to_thread.run_sync(queries.clues, asked, start, limit + 1)
        return BY_ID.page([ListedClueAnswer.of(clue) for clue in found], limit, lambda a: (a.clue_id,))

    @router.post(
        "/clues/{clue_id}/disclosures", status_code=201, responses={**ACCEPTED, 201: {"model": DisclosedClueAnswer}}
    )
    async def disclose_clue(clue_id: UUID, form: ClueDisclosureForm, command: CurrentCommand) -> JSONResponse:
        """Read what a clue says in plain: whom to visit. Reader and purpose are recorded before the answer."""
        found: list[Sequence[Recorded]] = []

        def work(tx: Tx) -> Reply:
            actor = command.actor
            require_purpose(form.purpose, actor.roles)
            clue = clue_in_area(tx, clue_id, actor)
            read = PersonalDataRead(
                effective_on=tx.today, entered_by=actor.subject, reader=actor.subject, area=actor.division,
                purpose=form.purpose, matters=(ReadingMatter(kind=MatterKind.CLUE, id=clue_id),), fields=SEALED,
                households=() if clue.household_id is None else (
                    HouseholdRead(household_id=clue.household_id, person_ids=()),
                ),
            )  # fmt: skip
            tx.append(access_stream(command.by, tx.today), read)
            found.append(tx.load(stream_of(clue_id)))
            return Reply()

        stream = access_stream(command.by, civil_day(service.store.clock.now()))
        answer = await execute(service.store, command, work, stream, stream_of(clue_id))
        if command.dry_run:
            return answer
        # The work of a repeated request is not run: it gets no values.
        values = await anyio.to_thread.run_sync(_opened, vault, clue_id, found[-1]) if found else {}
        position = parse_positions(answer.headers[HEADER])
        body = DisclosedClueAnswer(position=position, replayed=not found, **values)
        return JSONResponse(body.model_dump(mode="json"), 201, {HEADER: answer.headers[HEADER]})

    return router


def _opened(vault: DataKeys, clue_id: UUID, facts: Sequence[Recorded]) -> dict[str, str]:
    """What was said last under each name."""
    sealed = {
        (clue_id, name): value
        for recorded in facts
        for name in SEALED
        if (value := getattr(recorded.fact, name, None)) is not None
    }
    plain = decrypt(vault, [sealed])[0]
    return {name: value.value if isinstance(value, Shredded) else value for (_, name), value in plain.items()}
