"""Commands about projects over HTTP up to the charter; entry into the library and acceptance are cases. Queries are in
``read_api``."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Path
from fastapi.responses import JSONResponse

from contracts.facts import Fact, Recorded
from contracts.monitoring import projects as facts
from services.casework.documents.lookup import Lookup
from services.casework.fact_forms import FactForm
from services.chassis.log.unit import Tx
from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.routing import DeferredRouter
from services.monitoring.projects import domain, forms
from services.monitoring.projects.annulments import annul
from services.monitoring.projects.command_service import ProjectCommandService
from services.monitoring.projects.state import Project
from services.monitoring.projects.store import evaluated_every, households_unknown, require_kind

Number = Annotated[int, Path(ge=1, le=10_000)]


def projects_router(work: ProjectCommandService) -> DeferredRouter:
    router = DeferredRouter(prefix="/projects", tags=["projects"])

    @router.post("", status_code=201, responses=ACCEPTED)
    async def draft_project(form: forms.DraftForm, command: CurrentCommand) -> JSONResponse:
        """A proposal for the library; what its paper leaves open is listed as gaps."""
        # The id comes from the command, so that a repeated request drafts no second one.
        fact = form.fact(command.ref.command_id, command.by)
        return await work.carry_out(
            command, fact, work.commands.draft(fact, command.actor, cost_confirmed=form.cost_confirmed)
        )

    @router.post("/{project_id}/drafts", status_code=201, responses=ACCEPTED)
    async def redraft_project(project_id: UUID, form: forms.DraftForm, command: CurrentCommand) -> JSONResponse:
        """The whole draft anew: gaps are filled, or others found."""
        fact = form.fact(project_id, command.by)
        return await work.carry_out(
            command, fact, work.commands.draft(fact, command.actor, cost_confirmed=form.cost_confirmed)
        )

    @router.post("/{project_id}/plans", status_code=201, responses=ACCEPTED)
    async def plan_project(project_id: UUID, form: forms.PlanForm, command: CurrentCommand) -> JSONResponse:
        """Into the plan of a year, by decision."""
        fact = facts.ProjectPlanned(project_id=project_id, year=form.year, **form.common(command.by))
        return await work.step(command, fact, lambda project, tx: domain.plan(fact, project, tx.today))

    @router.post("/{project_id}/baselines", status_code=201, responses=ACCEPTED)
    async def survey_baseline(project_id: UUID, form: FactForm, command: CurrentCommand) -> JSONResponse:
        """What is needed was surveyed, before the charter."""
        fact = facts.BaselineSurveyed(project_id=project_id, **form.common(command.by))
        return await work.step(command, fact, lambda project, tx: domain.survey(fact, project, tx.today))

    @router.post("/{project_id}/charters", status_code=201, responses=ACCEPTED)
    async def charter_project(project_id: UUID, form: forms.CharterForm, command: CurrentCommand) -> JSONResponse:
        """立项: owner, supervising leader, goal, budget, households."""
        fact = form.fact(project_id, command.by)

        def charter(project: Project, _: object, tx: Tx, lookup: Lookup) -> Sequence[Fact]:
            unknown = households_unknown(tx, fact.beneficiaries, project.division)
            return domain.charter(fact, project, require_kind(lookup, project), unknown, tx.today)

        return await work.decide(command, fact, charter)

    @router.post("/{project_id}/successions", status_code=201, responses=ACCEPTED)
    async def succeed_owner(project_id: UUID, form: forms.SuccessionForm, command: CurrentCommand) -> JSONResponse:
        """Another owner or leader from this day on."""
        fact = facts.ProjectOwnerSucceeded(
            project_id=project_id, post=form.post, label=form.label, **form.common(command.by)
        )
        return await work.step(command, fact, lambda project, tx: domain.succeed(fact, project, tx.today))

    @router.post("/{project_id}/withdrawal", status_code=201, responses=ACCEPTED)
    async def withdraw_project(
        project_id: UUID, form: forms.ProjectWithdrawalForm, command: CurrentCommand
    ) -> JSONResponse:
        """It will not be carried out, or not further."""
        await work.wait()
        fact = facts.ProjectWithdrawn(project_id=project_id, reason=form.reason, **form.common(command.by))
        return await work.step(command, fact, lambda project, tx: domain.withdraw(fact, project, tx.today))

    @router.post("/{project_id}/annulments", status_code=201, responses=ACCEPTED)
    async def annul_project_acts(
        project_id: UUID, form: forms.ProjectAnnulmentForm, command: CurrentCommand
    ) -> JSONResponse:
        """Acts were wrong, or an annulment of some was; what is left has passed every gate."""
        await work.wait()
        fact = facts.ProjectActsAnnulled(
            project_id=project_id, reason=form.reason, annuls=form.annuls, **form.common(command.by)
        )

        def annulled(project: Project, known: Sequence[Recorded], tx: Tx, lookup: Lookup) -> Sequence[Fact]:
            every_months = evaluated_every(lookup, project.closed_on or tx.today, project.division)
            return annul(fact, known, require_kind(lookup, project), every_months, tx.today)

        return await work.decide(command, fact, annulled)

    return router
