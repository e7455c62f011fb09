"""Commands about the works of a project over HTTP: progress, supervision, the published result, evaluation, closing, and what
becomes of the assets."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Path
from fastapi.responses import JSONResponse

from contracts.facts import Fact
from contracts.monitoring import projects as facts
from contracts.quantities import Quantity
from services.casework.documents.lookup import Lookup
from services.casework.fact_forms import FactForm
from services.chassis.log.unit import Tx
from services.chassis.web.commands import ACCEPTED, CurrentCommand
from services.chassis.web.routing import DeferredRouter
from services.monitoring.projects import domain, forms
from services.monitoring.projects.command_service import ProjectCommandService
from services.monitoring.projects.state import Project
from services.monitoring.projects.store import evaluated_every, require_kind

Number = Annotated[int, Path(ge=1, le=10_000)]


def works_router(work: ProjectCommandService) -> DeferredRouter:
    router = DeferredRouter(prefix="/projects", tags=["projects"])

    @router.post("/{project_id}/progress", status_code=201, responses=ACCEPTED)
    async def report_component_progress(
        project_id: UUID, form: forms.ComponentProgressForm, command: CurrentCommand
    ) -> JSONResponse:
        """How much of a component is done in all."""
        quantity = Quantity(amount=form.amount, unit=form.unit)
        fact = facts.ComponentProgressReported(
            project_id=project_id, component=form.component, quantity=quantity, correction=form.correction,
            **form.common(command.by),
        )  # fmt: skip
        return await work.decide(
            command, fact, lambda project, known, tx, _: domain.report(fact, project, known, tx.today)
        )

    @router.post("/{project_id}/inspections", status_code=201, responses=ACCEPTED)
    async def inspect_project(
        project_id: UUID, form: forms.ProjectInspectionForm, command: CurrentCommand
    ) -> JSONResponse:
        """Somebody looked at the works, announced or not."""
        fact = facts.ProjectInspected(
            project_id=project_id, hidden=form.hidden, passed=form.passed, **form.common(command.by)
        )
        return await work.step(command, fact, lambda project, tx: domain.inspect(fact, project, tx.today))

    @router.post("/{project_id}/issues", status_code=201, responses=ACCEPTED)
    async def find_project_issue(project_id: UUID, form: forms.IssueForm, command: CurrentCommand) -> JSONResponse:
        """Something is to be put right until a day."""
        fact = facts.ProjectIssueFound(
            project_id=project_id, issue=0, content=form.content, due_on=form.due_on, **form.common(command.by)
        )
        return await work.step(command, fact, lambda project, tx: domain.find_issue(fact, project, tx.today))

    @router.post("/{project_id}/issues/{issue}/rectifications", status_code=201, responses=ACCEPTED)
    async def rectify_project_issue(
        project_id: UUID, issue: Number, form: FactForm, command: CurrentCommand
    ) -> JSONResponse:
        """It is put right; evidence is required."""
        fact = facts.ProjectIssueRectified(project_id=project_id, issue=issue, **form.common(command.by))
        return await work.step(command, fact, lambda project, tx: domain.rectify(fact, project, tx.today))

    @router.post("/{project_id}/interviews", status_code=201, responses=ACCEPTED)
    async def interview_responsible(
        project_id: UUID, form: forms.InterviewForm, command: CurrentCommand
    ) -> JSONResponse:
        """Whoever answers for it was called in (约谈)."""
        fact = facts.ResponsibleInterviewed(
            project_id=project_id, post=form.post, issue=form.issue, **form.common(command.by)
        )
        return await work.step(command, fact, lambda project, tx: domain.interview(fact, project, tx.today))

    @router.post("/{project_id}/results", status_code=201, responses=ACCEPTED)
    async def publish_acceptance(project_id: UUID, form: forms.ResultForm, command: CurrentCommand) -> JSONResponse:
        """The result of the acceptance is made public."""
        fact = facts.AcceptanceResultPublished(
            project_id=project_id, place=form.place, until=form.until, **form.common(command.by)
        )
        return await work.step(command, fact, lambda project, tx: domain.publish(fact, project, tx.today))

    @router.post("/{project_id}/evaluations", status_code=201, responses=ACCEPTED)
    async def evaluate_project(project_id: UUID, form: forms.EvaluationForm, command: CurrentCommand) -> JSONResponse:
        """An evaluation's report is filed: of a stage, or the final one."""
        fact = facts.ProjectEvaluated(
            project_id=project_id, stage=form.stage, evaluator=form.evaluator, **form.common(command.by)
        )
        return await work.step(command, fact, lambda project, tx: domain.evaluate(fact, project, tx.today))

    @router.post("/{project_id}/closing", status_code=201, responses=ACCEPTED)
    async def close_project(project_id: UUID, form: FactForm, command: CurrentCommand) -> JSONResponse:
        """结项: evaluated, and the result published."""
        await work.wait()
        fact = facts.ProjectClosed(project_id=project_id, **form.common(command.by))

        def close(project: Project, _: object, tx: Tx, lookup: Lookup) -> Sequence[Fact]:
            every_months = evaluated_every(lookup, fact.effective_on, project.division)
            return domain.close(fact, project, require_kind(lookup, project), every_months, tx.today)

        return await work.decide(command, fact, close)

    @router.post("/{project_id}/asset-uses", status_code=201, responses=ACCEPTED)
    async def observe_asset_use(project_id: UUID, form: forms.AssetUseForm, command: CurrentCommand) -> JSONResponse:
        """How what was built is used: as built, for something else, or not at all."""
        fact = facts.AssetUseObserved(
            project_id=project_id, component=form.component, use=form.use, **form.common(command.by)
        )
        return await work.decide(
            command, fact, lambda p, _, tx, lookup: domain.observe(fact, p, require_kind(lookup, p), tx.today)
        )

    return router
