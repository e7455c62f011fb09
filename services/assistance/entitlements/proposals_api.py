"""Proposing everyone eligible in an area in one act, over HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid5

import anyio
from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, Field

from contracts.assistance.proposals import ExceptionReason, MassProposalMade, ProposalException
from contracts.personal import Personal
from services.assistance.entitlements.domain import Terms
from services.assistance.entitlements.proposal_queries import ProposalQueries, ProposedCase
from services.assistance.entitlements.proposing import BY_OFFICE, Plan, case_of, stream_of
from services.assistance.programmes.candidates import Stated
from services.casework.positions import wait_for_own_head, wait_for_positions
from services.casework.procedures import commands as c
from services.casework.procedures.command_service import CaseCommandService
from services.casework.procedures.matters import read_terms
from services.casework.procedures.offices import OFFICE_NOT_ALLOWED
from services.chassis.ground.refusals import RULES, Refused
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.unit import Tx, Unit
from services.chassis.service import Service
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.commands import Command, CurrentCommand, outcome_of
from services.chassis.web.dry_run import DryRunAnswer
from services.chassis.web.evidence_forms import Line
from services.chassis.web.form_errors import FormError
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.payloads import Body
from services.chassis.web.position_tokens import HEADER, PositionToken, format_positions
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from services.chassis.web.text_fields import TypedDay

PROPOSALS = UUID("4f6f2c35-64b5-5c39-9d34-6a0c6b1d8e52")
"""Namespace of the ids of mass proposals: of the commands that make them."""
NEWEST_FIRST = Keyset("mass_proposals", int)
AT_ONCE = 64
KEY = rf"^{KEY_PATTERN}$"
ProgrammeParam = Annotated[str | None, Query(pattern=KEY, description="帮扶项目 / key of the programme")]


def _given_by_office(reason: ExceptionReason) -> ExceptionReason:
    if reason not in BY_OFFICE:
        raise FormError(
            f"须为下列之一：{'、'.join(sorted(BY_OFFICE))}；其余由系统查得，不必填写",
            f"one of {', '.join(sorted(BY_OFFICE))}: the others are found, not given",
        )
    return reason


class ExceptionForm(Body):
    """A unit that is left out, and why."""

    unit_id: UUID
    reason: Annotated[ExceptionReason, AfterValidator(_given_by_office)]


class ProposalForm(Body):
    """``procedure``: by which it is granted; ``exceptions``: who is left out; ``units``: only those of a list that stands on paper, or
    everyone in the area; ``terms``: what holds of all of them, as an application says it."""

    programme: str = Field(pattern=KEY, examples=["tea_machines"])
    procedure: str = Field(pattern=KEY, examples=["tea_machines"])
    division: str = Field(pattern=r"^[0-9]{2,12}$", examples=["990001101201"])
    on: TypedDay
    grounds: Line
    exceptions: tuple[ExceptionForm, ...] = Field(default=(), max_length=1000)
    units: tuple[UUID, ...] | None = Field(default=None, min_length=1, max_length=1000)
    terms: dict[str, Any] = Field(default_factory=dict, max_length=20, examples=[{}])


class ExceptionAnswer(BaseModel):
    """``against``: the programme's own reasons."""

    unit_id: UUID
    reason: ExceptionReason
    against: list[str]

    @classmethod
    def of(cls, exception: ProposalException) -> "ExceptionAnswer":
        return cls(unit_id=exception.unit_id, reason=exception.reason, against=list(exception.against))


class ProposedAnswer(BaseModel):
    """``case_id``: by which it is proposed, where it was opened; ``code``, ``zh``, ``en``: why not."""

    unit_id: UUID
    case_id: UUID
    opened: bool
    code: str | None = None
    zh: str | None = None
    en: str | None = None


class ProposalAnswer(BaseModel):
    """Those left out come first. ``refused``: cases that were not opened; ``considered``: units of the area, of which ``not_eligible`` and
    ``has_it`` are counted and not named, unless they stood on the list."""

    proposal_id: UUID
    considered: int
    exceptions: list[ExceptionAnswer]
    proposed: list[ProposedAnswer]
    refused: int
    not_eligible: int
    has_it: int
    position: PositionToken


class MassProposalAnswer(BaseModel):
    """As it was made. ``cases``: what became of each."""

    proposal_id: UUID
    programme: str
    procedure: str
    division: str
    on: date
    considered: int
    exceptions: list[ExceptionAnswer]
    cases: list[ProposedCase]


@dataclass(frozen=True, slots=True)
class _Act:
    service: Service
    cases: CaseCommandService
    form: ProposalForm
    command: Command

    @property
    def proposal_id(self) -> UUID:
        return uuid5(PROPOSALS, str(self.command.ref.command_id))

    async def recorded(self, plan: Plan, division: str) -> MassProposalMade:
        """The act itself, before any of its cases; of one that is sent again what was recorded then."""
        form, stream = self.form, stream_of(self.proposal_id)
        made = MassProposalMade(
            proposal_id=self.proposal_id, programme=form.programme, procedure=form.procedure, division=division,
            effective_on=form.on, entered_by=self.command.by, considered=plan.considered, exceptions=plan.exceptions,
            units=plan.units,
        )  # fmt: skip

        def work(tx: Tx) -> Reply:
            tx.append(stream, made)
            return Reply(location=f"/assistance/entitlements/proposals/{self.proposal_id}")

        unit = Unit(self.command.ref, work, (stream,))
        if self.command.dry_run:
            return made
        (await outcome_of(self.service.store, unit)).require_accepted()
        (first,) = await anyio.to_thread.run_sync(self.service.store.stream, stream)
        assert isinstance(first.fact, MassProposalMade)
        return first.fact

    async def open_all(self, units: Sequence[UUID]) -> list[ProposedAnswer]:
        """In the order of the units."""
        found: dict[UUID, Outcome] = {}
        limiter = anyio.CapacityLimiter(AT_ONCE)

        async def one(unit: UUID) -> None:
            async with limiter:
                found[unit] = await self.open(unit, self.command)

        async with anyio.create_task_group() as group:
            for unit in units:
                group.start_soon(one, unit)
        return [_proposed(unit, case_of(self.proposal_id, unit), found[unit]) for unit in units]

    async def open(self, unit: UUID, command: Command) -> Outcome:
        form, ref = self.form, self.command.ref
        opening = c.OpenCase(
            case_id=case_of(self.proposal_id, unit), on=form.on, today=form.on, by=command.by, evidence=(), subject=unit,
            grounds=Personal(form.grounds), terms=form.terms,
        )  # fmt: skip
        own = CommandRef.of(ref.principal, f"{ref.route}/{unit}", ref.key, ref.digest)
        return await self.cases.open_one_of_many(opening, form.procedure, own, command)


def _proposed(unit: UUID, case_id: UUID, outcome: Outcome) -> ProposedAnswer:
    rule = RULES[outcome.code] if outcome.code is not None else None
    return ProposedAnswer(
        unit_id=unit, case_id=case_id, opened=rule is None, code=rule and rule.code, zh=rule and rule.zh, en=rule and rule.en
    )  # fmt: skip


def proposals_router(service: Service, cases: CaseCommandService, queries: ProposalQueries) -> DeferredRouter:
    router = DeferredRouter(prefix="/entitlements/proposals", tags=["entitlements"])

    @router.post(
        "", status_code=201,
        responses={
            200: {"model": ProposalAnswer | DryRunAnswer, "description": "试运行的结果 / of a dry run"},
            201: {"model": ProposalAnswer},
        },
    )  # fmt: skip
    async def propose_all(form: ProposalForm, command: CurrentCommand, after: AskedPositions) -> JSONResponse:
        """Everyone eligible in the area is proposed, but for the exceptions, each with its reason. Each unit's case is accepted or refused
        by itself; the same request again goes on where it broke off."""
        await wait_for_own_head(service, after)
        act, division = _Act(service, cases, form, command), narrowed_to_area(form.division, command.actor)
        said = read_terms(Terms, form.terms)
        stated = Stated(said.as_income(), proved=frozenset(said.proved))
        made = await anyio.to_thread.run_sync(queries.made, act.proposal_id)
        if made is None:
            left_out = {each.unit_id: each.reason for each in form.exceptions}
            plan = await anyio.to_thread.run_sync(
                queries.plan, form.programme, division, form.on, stated, left_out, form.units
            )
            await _require_office(act, plan.units[0])
        else:
            plan = Plan(made.considered, made.exceptions, made.units, 0, 0)
        made = await act.recorded(plan, division)
        proposed = await act.open_all(made.units)
        head = await anyio.to_thread.run_sync(service.store.recorder.max_notification_id)
        answer = ProposalAnswer(
            proposal_id=act.proposal_id, considered=made.considered, proposed=proposed,
            refused=sum(not each.opened for each in proposed),
            exceptions=[ExceptionAnswer.of(each) for each in made.exceptions], not_eligible=plan.not_eligible,
            has_it=plan.has_it, position={service.name: head or 0},
        )  # fmt: skip
        headers = {HEADER: format_positions(answer.position)}
        return JSONResponse(answer.model_dump(mode="json"), 200 if command.dry_run else 201, headers)

    @router.get("")
    async def list_proposals(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", programme: ProgrammeParam = None,
        limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None,
    ) -> Page[MassProposalAnswer]:  # fmt: skip
        """Mass proposals of an area, the newest first, with who was left out and what became of the others."""
        await wait_for_positions(service, after)
        (last,) = NEWEST_FIRST.after(cursor) or (None,)
        area = narrowed_to_area(division, actor)
        found = await anyio.to_thread.run_sync(queries.proposals, area, programme, last, limit + 1)
        answers = [(position, _made(made, of_cases)) for position, made, of_cases in found]
        at = {answer.proposal_id: position for position, answer in answers}
        return NEWEST_FIRST.page([a for _, a in answers], limit, lambda a: (at[a.proposal_id],))

    return router


async def _require_office(act: _Act, unit: UUID) -> None:
    """Raises ``Refused`` before anything is recorded, where proposing belongs to another office."""
    trial = await act.open(unit, Command(act.command.actor, act.command.ref, dry_run=True))
    if trial.code == OFFICE_NOT_ALLOWED.code:
        raise Refused(OFFICE_NOT_ALLOWED).advising(*trial.next)


def _made(made: MassProposalMade, cases: list[ProposedCase]) -> MassProposalAnswer:
    return MassProposalAnswer(
        proposal_id=made.proposal_id, programme=made.programme, procedure=made.procedure, division=made.division,
        on=made.effective_on, considered=made.considered, cases=cases,
        exceptions=[ExceptionAnswer.of(each) for each in made.exceptions],
    )  # fmt: skip
