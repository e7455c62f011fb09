"""A project of a village, and the facts that its commands append: each is what ``services.monitoring.projects`` decides about it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import msgspec

from contracts.facts import DecidedFrom, Fact, Recorded
from contracts.monitoring import projects as facts
from contracts.selection import timeline
from lika.simulation.context import SimulationContext
from lika.simulation.decided_case import DecidedCase
from lika.simulation.decided_stream import DecidedStream
from lika.simulation.divisions import Division
from lika.simulation.event_buffer import MONITORING, NO_HOLDER, ClaimChange
from lika.simulation.ids import deterministic_id
from lika.simulation.project_office import ProjectOffice
from services.casework.documents.lookup import Lookup
from services.casework.procedures.state import CaseState, Subject
from services.chassis.ground.rule_checks import check_all
from services.monitoring.projects.domain import (
    acceptance_standing,
    library_standing,
    require_acceptable,
    stream_of,
)
from services.monitoring.projects.drafts import DRAFT_RULES, Drafting, require_complete
from services.monitoring.projects.kinds import ProjectKind
from services.monitoring.projects.state import Project, fold
from services.monitoring.projects.store import kind_in_force, require_kind
from services.monitoring.works import DONE_WORK_CLAIM, PLANNED_WORK_CLAIM, work_key

Decided = Callable[[Project], Sequence[Fact]]


class SimulatedProject:
    """``village``: where it is built."""

    def __init__(self, context: SimulationContext, office: ProjectOffice, village: Division) -> None:
        self.context, self.office, self.village = context, office, village
        office.projects += 1
        self.id = deterministic_id(context.digest, "project", office.township.index, office.projects)
        self.stream = DecidedStream(context, MONITORING, stream_of(self.id))

    @property
    def state(self) -> Project:
        project = fold(timeline(self.stream.known))
        assert project is not None
        return project

    @property
    def kind(self) -> ProjectKind:
        """How projects of its kind run."""
        return require_kind(self.lookup(), self.state)

    def fields(self, day: date, by: str, **more: Any) -> dict[str, Any]:
        return {"project_id": self.id, "effective_on": day, "entered_by": by, **more}

    def draft(self, proposed: facts.ProjectDraftedServing) -> None:
        """The work is claimed as planned, unless another project of the village plans it already."""
        lookup = self.lookup()
        kind = kind_in_force(lookup, proposed.kind, proposed.effective_on, proposed.division)
        check_all(DRAFT_RULES, Drafting(proposed, kind, self.context.recorded_on))
        planned, done = self.office.planned, self.office.done
        same, claims = list[facts.SameWork](), list[ClaimChange]()
        for component in proposed.components:
            if (key := _work_of(proposed.division, component)) is None:
                continue
            for others, is_done in ((planned, False), (done, True)):
                if (other := others.get(key, self.id)) != self.id:
                    same.append(facts.SameWork(component=component.component, other=other, done=is_done))
            if key not in planned:
                planned[key] = self.id
                claims.append(ClaimChange(PLANNED_WORK_CLAIM, key, self.id))
        fact = msgspec.structs.replace(proposed, same_works=tuple(same), decided_from=self.basis(lookup))
        self.stream.append(fact, claims=tuple(claims))

    def decide(self, decide: Decided) -> None:
        self.stream.append(*decide(self.state))

    def decide_by_kind(self, decide: Callable[[Project, ProjectKind, Lookup], Sequence[Fact]]) -> None:
        """A step that looks at how projects of the kind run."""
        lookup, project = self.lookup(), self.state
        decided = decide(project, require_kind(lookup, project), lookup)
        basis = self.basis(lookup)
        self.stream.append(*(msgspec.structs.replace(fact, decided_from=basis) for fact in decided))

    def withdraw(self, decide: Decided) -> None:
        """Its works are free for another project."""
        planned, project = self.office.planned, self.state
        works = [key for each in project.components if (key := _work_of(project.division, each)) is not None]
        own = [key for key in works if planned.get(key) == self.id]
        for key in own:
            del planned[key]
        claims = tuple(ClaimChange(PLANNED_WORK_CLAIM, key, NO_HOLDER) for key in own)
        self.stream.append(*decide(project), claims=claims)

    def lookup(self) -> Lookup:
        return self.context.regulations.looked_up_by(MONITORING)

    def basis(self, lookup: Lookup) -> DecidedFrom:
        return lookup.basis(MONITORING, self.context.events.heads[MONITORING])

    def as_of(self, day: date) -> Project | None:
        return fold(timeline(self.stream.known, as_of=day))


class _ProjectCase(DecidedCase):
    log, series = MONITORING, "扶项"

    def __init__(self, project: SimulatedProject, procedure: str, day: date) -> None:
        context, office = project.context, project.office
        office.cases += 1
        case_id = deterministic_id(context.digest, "project-case", office.township.index, office.cases)
        edition = context.regulations.procedure(procedure, day, MONITORING)
        super().__init__(context, case_id, project.id, project.village, edition)
        self.project = project

    def _subject(self, standing: str | None, hands: frozenset[str]) -> Subject:
        project = self.project.state
        return Subject(
            id=project.project_id, household_id=None, area=project.division, standing=standing, since=project.gate_on,
            hands=hands, open_case_id=None if self.state is None or not self.state.is_open else self.id,
        )  # fmt: skip

    def _took_effect(
        self, fact: type[facts.ProjectListed | facts.ProjectAccepted], case: CaseState, by: str, cause: str,
        basis: DecidedFrom, claims: tuple[ClaimChange, ...] = (),
    ) -> None:  # fmt: skip
        assert case.decision is not None
        common = self.project.fields(case.decision.decided_on, by, decision=case.decision, caused_by=cause)
        effect = fact(**common, case_id=self.id, decided_from=basis)
        self.project.stream.append(effect, claims=claims, act=self.stream.last_act)


class LibraryCase(_ProjectCase):
    """Into the library."""

    def subject(self, day: date) -> Subject:
        project = self.project.state
        standing = None if self.project.as_of(day) is None else library_standing(project)
        return self._subject(standing, frozenset(project.hands))

    def take_effect(self, case: CaseState, by: str, cause: str, basis: DecidedFrom) -> None:
        project = self.project.state
        require_complete(project.components, project.gaps, require_kind(self.project.lookup(), project))
        self._took_effect(facts.ProjectListed, case, by, cause, basis)


class AcceptanceCase(_ProjectCase):
    """The works are accepted; whoever plans them again is told that they are done."""

    def subject(self, day: date) -> Subject:
        then = self.project.as_of(day)
        return self._subject(None if then is None else acceptance_standing(then), reporters(self.project.stream.known))

    def take_effect(self, case: CaseState, by: str, cause: str, basis: DecidedFrom) -> None:
        project = self.project.state
        require_acceptable(project, require_kind(self.project.lookup(), project))
        works = [key for each in project.components if (key := _work_of(project.division, each)) is not None]
        self.project.office.done.update(dict.fromkeys(works, project.project_id))
        claims = tuple(ClaimChange(DONE_WORK_CLAIM, key, project.project_id) for key in works)
        self._took_effect(facts.ProjectAccepted, case, by, cause, basis, claims)


def reporters(known: Sequence[Recorded]) -> frozenset[str]:
    """Who reported progress, and so does not accept it."""
    return frozenset(r.fact.entered_by for r in timeline(known) if isinstance(r.fact, facts.ComponentProgressReported))


def _work_of(division: str, component: facts.Component) -> str | None:
    """What makes it the same work as another's."""
    if component.place is None or component.quantity is None:
        return None
    return work_key(division, component.content, component.place, component.quantity.unit)
