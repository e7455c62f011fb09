"""Which acts are open on a project, as it stands today: those behind the gates that it has passed, and the case that the next gate
takes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contracts.civil import civil_day
from services.casework.documents.reading import Documents
from services.casework.procedures.repository import Procedures
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.open_acts import OpenAct, SubjectActs, among, id_in
from services.monitoring.projects.domain import require_acceptable
from services.monitoring.projects.kinds import ProjectKind
from services.monitoring.projects.queries import ProjectQueries
from services.monitoring.projects.state import ENDED, Project, ProjectStage
from services.monitoring.projects.store import require_kind

PROJECT = "/projects/{project_id}"
BEFORE_CHARTER = ("survey_baseline", "apply_for_project_funding", "withdraw_project")
SUPERVISED = ("succeed_owner", "find_project_issue", "interview_responsible", "evaluate_project")
AT: Mapping[ProjectStage, tuple[str, ...]] = {
    ProjectStage.DRAFT: ("redraft_project", *BEFORE_CHARTER),
    ProjectStage.LISTED: ("plan_project", *BEFORE_CHARTER),
    ProjectStage.PLANNED: ("charter_project", *BEFORE_CHARTER),
    ProjectStage.CHARTERED: ("report_component_progress", "inspect_project", *SUPERVISED, "withdraw_project"),
    ProjectStage.ACCEPTED: ("publish_acceptance", *SUPERVISED),
    ProjectStage.PUBLISHED: SUPERVISED,
    ProjectStage.EVALUATED: ("close_project", *SUPERVISED),
    ProjectStage.CLOSED: (),
    ProjectStage.WITHDRAWN: (),
}
"""Stage → what may follow."""
OPEN_CASE = b"SELECT 1 FROM cases WHERE subject = %s AND outcome IS NULL LIMIT 1"


def acts_of_projects(store: Store, queries: ProjectQueries, documents: Documents) -> Mapping[str, SubjectActs]:
    """Template of a path → what is open there."""
    return {PROJECT: ProjectActs(store, queries, documents)}


@dataclass(frozen=True)
class ProjectActs:
    """Implements ``SubjectActs``."""

    store: Store
    queries: ProjectQueries
    documents: Documents

    def __call__(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        """The case first, where one may be opened; what is to be put right, or waits for an answer, by its number."""
        project, division, _ = self.queries.project(id_in(ids, "project_id"), None, None)
        if project is None or division is None or not actor.covers(division):
            raise Refused(NOT_FOUND)
        kind = require_kind(self.documents.current(), project)
        open_ = [*AT[project.stage], "annul_project_acts"]
        if project.stage is ProjectStage.PLANNED and (project.baseline_on is None or project.open_applications):
            open_.remove("charter_project")
        if project.accepted_on is not None and kind.leaves_assets:
            open_.append("observe_asset_use")
        numbered = [OpenAct("rectify_project_issue", {**ids, "issue": i.issue}) for i in project.open_issues]
        numbered += [
            OpenAct("decide_project_funding", {**ids, "application": a.application}) for a in project.open_applications
        ]
        return [
            *self._case(project, kind, actor), *(numbered if project.stage not in ENDED else ()),
            *among(there, open_),
        ]  # fmt: skip

    def _case(self, project: Project, kind: ProjectKind, actor: Actor) -> list[OpenAct]:
        """To those of the office that opens it."""
        procedure = {ProjectStage.DRAFT: kind.library, ProjectStage.CHARTERED: kind.acceptance}.get(project.stage)
        if procedure is None or not (project.stage is ProjectStage.DRAFT or _is_acceptable(project, kind)):
            return []
        try:
            today = civil_day(self.store.now())
            opening = Procedures(self.documents.current()).in_force(procedure, today, project.division).opening
        except Refused:
            return []
        if not opening.office.is_held_by(actor.roles, actor.level):
            return []
        with self.store.reading() as conn:
            if conn.execute(OPEN_CASE, (project.project_id,)).fetchone() is not None:
                return []
        return [OpenAct("open_case", form={"subject": project.project_id, "procedure": procedure})]


def _is_acceptable(project: Project, kind: ProjectKind) -> bool:
    try:
        require_acceptable(project, kind)
    except Refused:
        return False
    return True
