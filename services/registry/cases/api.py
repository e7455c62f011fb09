"""Cases over HTTP: each step is a POST to what it creates; who may take it stands in the procedure document."""

from typing import Annotated, Any
from uuid import UUID, uuid5

import anyio
from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse
from psycopg.rows import class_row

from contracts.personal import Personal
from contracts.registry.cases import CaseOpened
from contracts.roles import Role
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.service import Service
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import ACCEPTED, Command, CommandedBy, execute
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
from services.registry.cases.store import TABLE, Cases, open_case_claim, stream_of
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.read_api import Prefix, narrowed_to_area
from services.registry.vault.seals import Seals

Official = Annotated[Command, Depends(CommandedBy(Role.CADRE, Role.REVIEWER, Role.DECIDER))]
BY_PLACE = Keyset("cases", str, UUID)
NOBODY = UUID(int=0)
REMEMBERED = 50_000
"""Cases whose household is remembered; it never changes."""


def cases_router(service: Service, cases: Cases, seals: Seals) -> APIRouter:
    router = APIRouter(prefix="/cases", tags=["cases"])
    whose = Whose(service.store)

    async def take(command: Command, order: c.Command) -> JSONResponse:
        household = await whose.household(order.case_id)
        wrote = any(isinstance(said, Personal) for said in vars(order).values())
        work = cases.stepping(order, command.actor, await seals.keys((household,)) if wrote else {})
        streams = (stream_of(order.case_id), household_stream(household))
        return await execute(service.store, command, work, *streams, claims=(open_case_claim(household),))

    def step(path: str, form_type: type[StepForm], name: str, summary: str) -> None:
        """One endpoint per kind of step; they differ in nothing but form and name."""

        async def endpoint(case_id: UUID, form: Any, command: Official) -> JSONResponse:
            return await take(command, COMMANDS[form_type](**form.said(case_id, command.by)))

        endpoint.__annotations__["form"] = form_type
        endpoint.__name__, endpoint.__doc__ = name, summary
        router.post(f"/{{case_id}}/{path}", status_code=201, responses=ACCEPTED)(endpoint)

    @router.post("", status_code=201, responses=ACCEPTED)
    async def open_case(form: OpenForm, command: Official) -> JSONResponse:
        """Open a procedure for a household: an application or a cadre's first selection."""
        said = form.said(uuid5(command.ref.command_id, "case"), command.by)
        procedure = said.pop("procedure")
        order = c.OpenCase(**said, division="")
        work = cases.opening(order, procedure, command.actor, await seals.keys((order.household_id,)))
        streams = (stream_of(order.case_id), household_stream(order.household_id))
        return await execute(service.store, command, work, *streams, claims=(open_case_claim(order.household_id),))

    step("visits", VisitForm, "make_visit", "Somebody went and looked.")
    step("appraisals", AppraisalForm, "hold_appraisal", "A meeting voted (民主评议).")
    step("consents", ConsentForm, "give_consent", "The household agrees or refuses.")
    step("notices", NoticeForm, "post_notice", "The list is put up for objection (公示).")
    step("objections", ObjectionForm, "raise_objection", "Somebody objects to the notice.")
    step("reviews", ReviewForm, "give_review", "The upper level's opinion on the papers.")
    step("comparisons", ComparisonForm, "make_comparison", "Departments' data are held against the household's.")
    step("decisions", DecisionForm, "decide_case", "The organ decides, with a numbered and signed document.")
    step("announcements", AnnouncementForm, "announce_case", "The decision is made public (公告).")
    step("returns", ReturnForm, "return_case", "Sent back for correction (退回补正).")
    step("withdrawals", WithdrawalForm, "withdraw_case", "The case is withdrawn before a decision.")

    @router.post("/{case_id}/objections/{objection_no}/resolutions", status_code=201, responses=ACCEPTED)
    async def resolve_objection(
        case_id: UUID, objection_no: Annotated[int, Path(ge=1, le=1000)], form: ResolutionForm, command: Official
    ) -> JSONResponse:
        """The objection was looked into."""
        return await take(command, c.ResolveObjection(**form.said(case_id, command.by), objection_no=objection_no))

    @router.get("/{case_id}")
    async def read_case(case_id: UUID, actor: CurrentActor, after: AskedPositions) -> CaseAnswer:
        """A case as it stands."""
        await service.wait_for_positions(after)
        found = await anyio.to_thread.run_sync(_select, service, "case_id = %s", (case_id,), 1)
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
        """Cases under a division, by village: the inbox of whoever must act next."""
        await service.wait_for_positions(after)
        prefix = narrowed_to_area(division, actor.division)
        where = (
            "division >= %s AND division < %s AND procedure = coalesce(%s, procedure)"
            " AND (outcome IS NULL) = coalesce(%s, outcome IS NULL) AND (division, case_id) > (%s, %s)"
        )
        start = BY_PLACE.after(cursor) or ("", NOBODY)
        params = (prefix, prefix + "~", procedure, is_open, *start)
        found = await anyio.to_thread.run_sync(_select, service, where, params, limit + 1)
        return BY_PLACE.page(found, limit, lambda a: (a.division, a.case_id))

    return router


class Whose:
    """Whose case it is, asked before the unit begins because the household's key must be at hand in it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[UUID, UUID] = {}

    async def household(self, case_id: UUID) -> UUID:
        """Raises ``NOT_FOUND`` for a case that nobody opened."""
        if case_id not in self._known:
            found = await anyio.to_thread.run_sync(self._opened, case_id)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[case_id] = found
        return self._known[case_id]

    def _opened(self, case_id: UUID) -> UUID:
        for recorded in self._store.stream(stream_of(case_id)):
            if isinstance(recorded.fact, CaseOpened):
                return recorded.fact.household_id
        raise Refused(NOT_FOUND)


def _select(service: Service, where: str, params: tuple[object, ...], limit: int) -> list[CaseAnswer]:
    with service.store.reading() as conn, conn.cursor(row_factory=class_row(CaseAnswer)) as cur:
        columns = ", ".join(TABLE.columns)
        cur.execute(
            f"SELECT {columns} FROM cases WHERE {where} ORDER BY division, case_id LIMIT %s".encode(), (*params, limit)
        )
        return cur.fetchall()
