"""Cases over HTTP: each step is a POST to what it creates; the procedure document says which office may take it."""

from typing import Annotated, Any
from uuid import UUID, uuid5

import anyio
from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse
from psycopg.rows import class_row

from contracts.personal import Personal
from contracts.registry.cases import CaseOpened
from contracts.roles import Role
from services.casework.evidence.citations import Citations
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CommandedBy
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions
from services.registry.cases import commands as c
from services.registry.cases.forms import (
    COMMANDS,
    AnnouncementForm,
    AppraisalForm,
    CaseAnswer,
    ComparisonForm,
    ConsentForm,
    DecisionForm,
    NoticeForm,
    ObjectionForm,
    OpenForm,
    ResolutionForm,
    ReturnForm,
    ReviewForm,
    StepForm,
    VisitForm,
    WithdrawalForm,
)
from services.registry.cases.store import CASES, CaseCommands, open_case_claim, stream_of
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.read_api import NIL_ID, Prefix, narrowed_to_area
from services.registry.vault.sealer import Sealer

Official = Annotated[Command, Depends(CommandedBy(Role.CADRE, Role.REVIEWER, Role.DECIDER))]
BY_DIVISION = Keyset("cases", str, UUID)
MAX_CACHED = 50_000
"""Cases whose household is cached; it never changes."""


def cases_router(service: Service, commands: CaseCommands, sealer: Sealer, citations: Citations) -> APIRouter:
    router = APIRouter(prefix="/cases", tags=["cases"])
    household_of_case = HouseholdOfCase(service.store)

    async def execute_on_case(command: Command, case_command: c.Command) -> JSONResponse:
        household = await household_of_case.household_id(case_command.case_id)
        has_free_text = any(isinstance(value, Personal) for value in vars(case_command).values())
        work = commands.handler(case_command, command.actor, await sealer.keys((household,)) if has_free_text else {})
        streams = (stream_of(case_command.case_id), household_stream(household))
        return await citations.execute(
            command, work, *streams, evidence=case_command.evidence, about=(case_command.case_id,),
            claims=(open_case_claim(household),),
        )  # fmt: skip

    def step(path: str, form_type: type[StepForm], name: str, summary: str) -> None:
        """One endpoint per kind of step; they differ in nothing but form and name."""

        async def endpoint(case_id: UUID, form: Any, command: Official) -> JSONResponse:
            return await execute_on_case(command, COMMANDS[form_type](**form.command_fields(case_id, command.by)))

        endpoint.__annotations__["form"] = form_type
        endpoint.__name__, endpoint.__doc__ = name, summary
        router.post(f"/{{case_id}}/{path}", status_code=201, responses=ACCEPTED)(endpoint)

    @router.post("", status_code=201, responses=ACCEPTED)
    async def open_case(form: OpenForm, command: Official) -> JSONResponse:
        """Open a procedure for a household: an application or a cadre's first selection."""
        fields = form.command_fields(uuid5(command.ref.command_id, "case"), command.by)
        procedure = fields.pop("procedure")
        opening = c.OpenCase(**fields, division="")
        work = commands.open_handler(opening, procedure, command.actor, await sealer.keys((opening.household_id,)))
        streams = (stream_of(opening.case_id), household_stream(opening.household_id))
        return await citations.execute(
            command, work, *streams, evidence=opening.evidence, about=(opening.case_id,),
            claims=(open_case_claim(opening.household_id),),
        )  # fmt: skip

    step("visits", VisitForm, "make_visit", "An on-site visit.")
    step("appraisals", AppraisalForm, "hold_appraisal", "A meeting voted (民主评议).")
    step("consents", ConsentForm, "give_consent", "The household agrees or refuses.")
    step("notices", NoticeForm, "post_notice", "The list is posted for objection (公示).")
    step("objections", ObjectionForm, "raise_objection", "Somebody objects to the notice.")
    step("reviews", ReviewForm, "give_review", "The upper level's review.")
    step("comparisons", ComparisonForm, "make_comparison", "The household's data are compared with departments'.")
    step("decisions", DecisionForm, "decide_case", "The organ decides, by a numbered and signed document.")
    step("announcements", AnnouncementForm, "announce_case", "The decision is made public (公告).")
    step("returns", ReturnForm, "return_case", "Returned for correction (退回补正).")
    step("withdrawals", WithdrawalForm, "withdraw_case", "The case is withdrawn before a decision.")

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
        await service.wait_for_positions(after)
        found = await anyio.to_thread.run_sync(_select_cases, service, "case_id = %s", (case_id,), 1)
        if not found or not actor.covers(found[0].division):
            raise Refused(NOT_FOUND)
        return found[0]

    @router.get("")
    async def list_cases(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "",
        procedure: Annotated[str | None, Query(max_length=40, pattern=r"^[a-z_]+$")] = None,
        is_open: Annotated[bool | None, Query(alias="open")] = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[CaseAnswer]:  # fmt: skip
        """Cases under a division, by village: the inbox of the office that acts next."""
        await service.wait_for_positions(after)
        prefix = narrowed_to_area(division, actor.division)
        where = (
            "division >= %s AND division < %s AND procedure = coalesce(%s, procedure)"
            " AND (outcome IS NULL) = coalesce(%s, outcome IS NULL) AND (division, case_id) > (%s, %s)"
        )
        start = BY_DIVISION.after(cursor) or ("", NIL_ID)
        params = (prefix, prefix + "~", procedure, is_open, *start)
        found = await anyio.to_thread.run_sync(_select_cases, service, where, params, limit + 1)
        return BY_DIVISION.page(found, limit, lambda a: (a.division, a.case_id))

    return router


class HouseholdOfCase:
    """Cache of the household of each case. It is needed before the unit of work begins, to fetch the household's
    key."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cache: dict[UUID, UUID] = {}

    async def household_id(self, case_id: UUID) -> UUID:
        """Raises ``NOT_FOUND`` for a case that was never opened."""
        if case_id not in self._cache:
            found = await anyio.to_thread.run_sync(self._read, case_id)
            if len(self._cache) >= MAX_CACHED:
                self._cache.clear()
            self._cache[case_id] = found
        return self._cache[case_id]

    def _read(self, case_id: UUID) -> UUID:
        for recorded in self._store.stream(stream_of(case_id)):
            if isinstance(recorded.fact, CaseOpened):
                return recorded.fact.household_id
        raise Refused(NOT_FOUND)


def _select_cases(service: Service, where: str, params: tuple[object, ...], limit: int) -> list[CaseAnswer]:
    with service.store.reading() as conn, conn.cursor(row_factory=class_row(CaseAnswer)) as cur:
        columns = ", ".join(CASES.columns)
        cur.execute(
            f"SELECT {columns} FROM cases WHERE {where} ORDER BY division, case_id LIMIT %s".encode(), (*params, limit)
        )
        return cur.fetchall()
