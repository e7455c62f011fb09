"""Cases over HTTP, mounted by each service: each step is a POST to what it creates; the procedure document says which
office may take it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any
from uuid import UUID, uuid5

import anyio
from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse

from contracts.personal import Personal
from contracts.roles import Role
from services.casework.procedures import commands as c
from services.casework.procedures.answers import CaseAnswer
from services.casework.procedures.forms import (
    COMMANDS,
    AnnouncementForm,
    AppraisalForm,
    ComparisonForm,
    ConsentForm,
    DecisionForm,
    GreenChannelForm,
    InspectionForm,
    NoticeForm,
    ObjectionForm,
    OpenForm,
    OpinionForm,
    ResolutionForm,
    ReturnForm,
    ReviewForm,
    SignatureForm,
    StepForm,
    VisitForm,
    WithdrawalForm,
)
from services.casework.procedures.queries import CaseFilter, CaseQueries
from services.casework.procedures.store import CaseCommands, open_case_claim, stream_of
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.sealer import Sealer
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CommandedBy, execute
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions

Official = Annotated[Command, Depends(CommandedBy(Role.CADRE, Role.REVIEWER, Role.DECIDER))]
BY_DIVISION = Keyset("cases", str, UUID)
NIL_ID = UUID(int=0)
STEPS: tuple[tuple[str, type[StepForm], str, str], ...] = (
    ("visits", VisitForm, "make_visit", "An on-site visit."),
    ("appraisals", AppraisalForm, "hold_appraisal", "A meeting voted (民主评议)."),
    ("consents", ConsentForm, "give_consent", "The household agrees or refuses."),
    ("notices", NoticeForm, "post_notice", "The list is posted for objection (公示)."),
    ("objections", ObjectionForm, "raise_objection", "Somebody objects to the notice."),
    ("reviews", ReviewForm, "give_review", "The upper level's review."),
    ("opinions", OpinionForm, "give_opinion", "Another office's opinion."),
    ("signatures", SignatureForm, "give_signature", "A post signs, or declines to."),
    ("inspections", InspectionForm, "make_inspection", "Something is inspected."),
    ("comparisons", ComparisonForm, "make_comparison", "The household's data are compared with departments'."),
    ("decisions", DecisionForm, "decide_case", "The organ decides, by a numbered and signed document."),
    ("announcements", AnnouncementForm, "announce_case", "The decision is made public (公告)."),
    ("returns", ReturnForm, "return_case", "Returned for correction (退回补正)."),
    ("withdrawals", WithdrawalForm, "withdraw_case", "The case is withdrawn before a decision."),
    ("green-channel", GreenChannelForm, "take_green_channel", "Decided first, made good afterwards (绿色通道)."),
)
"""Path, form, operation and summary of each command about a case; they differ in nothing else."""
Waits = Callable[[Mapping[str, int]], Awaitable[None]]
"""Waits until answers reflect the positions asked for."""


def cases_router(
    store: Store, commands: CaseCommands, queries: CaseQueries, sealer: Sealer, wait_for_positions: Waits
) -> APIRouter:
    router = APIRouter(prefix="/cases", tags=["cases"])

    async def execute_on_case(command: Command, case_command: c.Command) -> JSONResponse:
        case_id = case_command.case_id
        key = queries.cached_key(case_id)
        if key is None:
            key = await anyio.to_thread.run_sync(queries.key, case_id)
        has_free_text = any(isinstance(value, Personal) for value in vars(case_command).values())
        keys = await sealer.keys((case_id,), dry_run=command.dry_run) if has_free_text else {}
        work = commands.handler(case_command, command.actor, keys)
        streams = (stream_of(case_id), *commands.matters[key.standing].streams(key.subject))
        return await execute(store, command, work, *streams, claims=(open_case_claim(key.standing, key.subject),))

    def add_step(path: str, form_type: type[StepForm], name: str, summary: str) -> None:
        async def endpoint(case_id: UUID, form: Any, command: Official) -> JSONResponse:
            return await execute_on_case(command, COMMANDS[form_type](**form.command_fields(case_id, command.by)))

        endpoint.__annotations__["form"] = form_type
        endpoint.__name__, endpoint.__doc__ = name, summary
        router.post(f"/{{case_id}}/{path}", status_code=201, responses=ACCEPTED)(endpoint)

    for step in STEPS:
        add_step(*step)

    @router.post("", status_code=201, responses=ACCEPTED)
    async def open_case(form: OpenForm, command: Official, after: AskedPositions) -> JSONResponse:
        """Open a procedure for a subject: an application or a cadre's first selection. Waits for the positions named, as a
        read does."""
        await wait_for_positions(after)
        fields = form.command_fields(uuid5(command.ref.command_id, "case"), command.by)
        procedure = fields.pop("procedure")
        opening = c.OpenCase(**fields)
        streams = (stream_of(opening.case_id), *commands.streams(procedure, opening.subject))
        claims = (commands.claim(procedure, opening.subject),)
        keys = await sealer.keys((opening.case_id,), dry_run=command.dry_run)
        work = commands.open_handler(opening, procedure, command.actor, keys)
        if not command.dry_run:
            await sealer.list_under(opening.case_id, (opening.subject,))
        return await execute(store, command, work, *streams, claims=claims)

    @router.post("/{case_id}/objections/{objection_no}/resolutions", status_code=201, responses=ACCEPTED)
    async def resolve_objection(
        case_id: UUID, objection_no: Annotated[int, Path(ge=1, le=1000)], form: ResolutionForm, command: Official
    ) -> JSONResponse:
        """The objection is resolved."""
        return await execute_on_case(
            command, c.ResolveObjection(**form.command_fields(case_id, command.by), objection_no=objection_no)
        )

    @router.get("/{case_id}")
    async def read_case(case_id: UUID, actor: CurrentActor, after: AskedPositions) -> CaseAnswer:
        """The current state of a case."""
        await wait_for_positions(after)
        found = await anyio.to_thread.run_sync(queries.case, case_id)
        if found is None or not actor.covers(found.division):
            raise Refused(NOT_FOUND)
        return found

    @router.get("")
    async def list_cases(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", subject: UUID | None = None,
        procedure: Annotated[str | None, Query(max_length=40, pattern=r"^[a-z_]+$")] = None,
        due: Annotated[str | None, Query(max_length=40, pattern=r"^[a-z_]+$")] = None,
        is_open: Annotated[bool | None, Query(alias="open")] = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[CaseAnswer]:  # fmt: skip
        """Cases under a division, by village: the inbox of the office that acts next."""
        await wait_for_positions(after)
        asked = CaseFilter(
            division=narrowed_to_area(division, actor), subject=subject, procedure=procedure, due=due, is_open=is_open
        )
        start = BY_DIVISION.after(cursor) or ("", NIL_ID)
        found = await anyio.to_thread.run_sync(queries.cases, asked, start, limit + 1)
        return BY_DIVISION.page(found, limit, lambda a: (a.division, a.case_id))

    return router
