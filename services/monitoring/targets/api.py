"""Commands about targets over HTTP; queries are in ``read_api``."""

from collections.abc import Callable, Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import Path
from fastapi.responses import JSONResponse

from contracts.facts import Fact, Recorded
from contracts.monitoring.targets import (
    AccountabilityRaised,
    MilestonePlanned,
    MilestoneReached,
    ProgressReported,
    TargetFact,
    TargetStruckOff,
    TargetWithdrawn,
)
from contracts.quantities import Quantity
from services.casework.evidence.citations import Citations
from services.casework.fact_forms import FactForm
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.web.commands import ACCEPTED, Command, CurrentCommand
from services.chassis.web.routing import DeferredRouter
from services.monitoring.targets import domain
from services.monitoring.targets.domain import stream_of
from services.monitoring.targets.forms import (
    AccountabilityForm,
    MilestoneForm,
    ProgressForm,
    TargetForm,
    WithdrawalForm,
)
from services.monitoring.targets.state import Target
from services.monitoring.targets.store import (
    Decide,
    command_handler,
    exits_for_decision,
    location_of,
    set_target_handler,
)

Number = Annotated[int, Path(ge=1, le=10_000)]


def targets_router(citations: Citations) -> DeferredRouter:
    router = DeferredRouter(prefix="/targets", tags=["targets"])

    async def decide_and_append(
        command: Command, fact: TargetFact, decide: Decide, milestones: bool = False
    ) -> JSONResponse:
        location = _last_milestone if milestones else None
        return await carry_out(command, fact, command_handler(fact.target_id, command.actor, decide, location))

    async def carry_out(command: Command, fact: TargetFact, handler: Callable[[Tx], Reply]) -> JSONResponse:
        target = fact.target_id
        return await citations.execute(command, handler, stream_of(target), evidence=fact.evidence, about=(target,))

    @router.post("", status_code=201, responses=ACCEPTED)
    async def set_target(form: TargetForm, command: CurrentCommand) -> JSONResponse:
        """Set an item of a work list (M189), or the year's exit target (M006)."""
        # The id comes from the command, so that a repeated request sets no second target.
        fact = form.fact(command.ref.command_id, command.by)
        return await carry_out(command, fact, set_target_handler(fact, command.actor))

    @router.post("/{target_id}/progress", status_code=201, responses=ACCEPTED)
    async def report_progress(target_id: UUID, form: ProgressForm, command: CurrentCommand) -> JSONResponse:
        """How much of a line is done in all. For an exit target this is computed and cannot be entered."""
        fact = ProgressReported(
            target_id=target_id, line=form.line, quantity=Quantity(amount=form.amount, unit=form.unit),
            correction=form.correction, **form.common(command.by),
        )  # fmt: skip
        return await decide_and_append(
            command, fact, lambda facts, tx, _: domain.report_progress(fact, facts, tx.today)
        )

    @router.post("/{target_id}/milestones", status_code=201, responses=ACCEPTED)
    async def plan_milestone(target_id: UUID, form: MilestoneForm, command: CurrentCommand) -> JSONResponse:
        """Plan a milestone (M008); the answer's location names its number."""
        fact = MilestonePlanned(
            target_id=target_id, milestone=0, content=form.content, due_on=form.due_on, **form.common(command.by)
        )
        return await decide_and_append(
            command, fact, lambda facts, tx, _: domain.plan_milestone(fact, facts, tx.today), milestones=True
        )

    @router.post("/{target_id}/milestones/{milestone}/reached", status_code=201, responses=ACCEPTED)
    async def reach_milestone(
        target_id: UUID, milestone: Number, form: FactForm, command: CurrentCommand
    ) -> JSONResponse:
        """The milestone is reached; evidence is required."""
        fact = MilestoneReached(target_id=target_id, milestone=milestone, **form.common(command.by))
        return await decide_and_append(
            command, fact, lambda facts, tx, _: domain.reach_milestone(fact, facts, tx.today)
        )

    @router.post("/{target_id}/strike-off", status_code=201, responses=ACCEPTED)
    async def strike_off_target(target_id: UUID, form: FactForm, command: CurrentCommand) -> JSONResponse:
        """动态销号: every milestone reached, every quantity met, with evidence, and not by whoever reported it."""
        proposed = TargetStruckOff(target_id=target_id, **form.common(command.by))

        def decide(facts: tuple[Recorded, ...], tx: Tx, target: Target) -> Sequence[Fact]:
            exits, decided_from = exits_for_decision(tx, target, proposed.effective_on)
            fact = msgspec.structs.replace(proposed, decided_from=decided_from)
            return domain.strike_off(fact, facts, tx.today, exits)

        return await decide_and_append(command, proposed, decide)

    @router.post("/{target_id}/accountability", status_code=201, responses=ACCEPTED)
    async def raise_accountability(target_id: UUID, form: AccountabilityForm, command: CurrentCommand) -> JSONResponse:
        """迟滞问责: an owner is held to account for an item that was overdue; evidence is required."""
        fact = AccountabilityRaised(
            target_id=target_id, owner=form.owner, measure=form.measure, **form.common(command.by)
        )
        return await decide_and_append(
            command, fact, lambda facts, tx, _: domain.hold_to_account(fact, facts, tx.today)
        )

    @router.post("/{target_id}/withdrawal", status_code=201, responses=ACCEPTED)
    async def withdraw_target(target_id: UUID, form: WithdrawalForm, command: CurrentCommand) -> JSONResponse:
        """The target is withdrawn; its item may be set anew."""
        fact = TargetWithdrawn(target_id=target_id, reason=form.reason, **form.common(command.by))
        return await decide_and_append(command, fact, lambda facts, tx, _: domain.withdraw(fact, facts, tx.today))

    return router


def _last_milestone(target: Target) -> str:
    return f"{location_of(target.target_id)}/milestones/{len(target.milestones)}"
