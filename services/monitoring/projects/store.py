"""Projects in the log: command handlers, the works that each claims, and the view."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from uuid import UUID

import msgspec

from contracts.facts import PUBLISHED, DecidedFrom, Fact, Recorded
from contracts.monitoring.projects import Component, ProjectActsAnnulled, ProjectDrafted, ProjectFact, SameWork
from contracts.selection import timeline
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.findings import document as check_rules
from services.casework.procedures.store import claim_kind
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.ground.rule_checks import check_all
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import unkeyed
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.monitoring.projects import kinds, rules
from services.monitoring.projects.annulments import require_in_order
from services.monitoring.projects.domain import (
    PROJECT_ACCEPTANCE,
    PROJECT_LIBRARY,
    PROJECT_STREAMS,
    require_draft,
    require_known,
    stream_of,
)
from services.monitoring.projects.drafts import DRAFT_RULES, Drafting
from services.monitoring.projects.kinds import ProjectKind, project_kind_from
from services.monitoring.projects.stages import known_stages
from services.monitoring.projects.state import Project, ProjectStage, fold, project_to_json
from services.monitoring.works import DONE_WORK_CLAIM, PLANNED_WORK_CLAIM, digest, work_key

Decide = Callable[[Project, Sequence[Recorded], Tx, Lookup], Sequence[Fact]]
"""A decision about one project: as it stands, its facts, the transaction and the documents in; the facts to append out."""
Digest = tuple[tuple[int, bytes], ...]
CHECK_RULES, EVALUATION_RULE = "projects", "project_evaluation_missing"
"""Key of the documents of check rules, and the rule that says how often works are evaluated."""


def location_of(project_id: UUID) -> str:
    return f"/monitoring/projects/{project_id}"


def kind_in_force(lookup: Lookup, key: str, day: date, division: str) -> ProjectKind | None:
    """How projects of the kind run there from that day on."""
    try:
        return lookup.in_force(kinds.KIND, key, day, division).typed(project_kind_from)
    except (NotInForce, UnknownName):
        return None


def require_kind(lookup: Lookup, project: Project) -> ProjectKind:
    """Of a project it is the edition of the day on which it was drafted. Raises ``Refused``."""
    found = kind_in_force(lookup, project.kind, project.drafted_on, project.division)
    if found is None:
        raise Refused(rules.KIND_UNKNOWN, project_kind=project.kind)
    return found


def evaluated_every(lookup: Lookup, day: date, division: str) -> int | None:
    """Months after each of which the works are evaluated on the way, by the check rules in force there on that day."""
    try:
        edition = lookup.in_force(check_rules.KIND, CHECK_RULES, day, division)
    except (NotInForce, UnknownName):
        return None
    terms = edition.typed(check_rules.check_rules_from).rules.get(EVALUATION_RULE)
    return None if terms is None or not terms.asked else terms.limits["every_months"]


class ProjectCommands:
    """Handlers of the commands about projects."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def draft(self, proposed: ProjectDrafted, actor: Actor, *, cost_confirmed: bool) -> Callable[[Tx], Reply]:
        """A first draft, or one anew; says which of its works others plan or have done already."""

        def handle(tx: Tx) -> Reply:
            before = fold(timeline(tx.load(stream_of(proposed.project_id))))
            for division in (proposed.division, *(() if before is None else (before.division,))):
                if not actor.covers(division):
                    raise Refused(NOT_FOUND)
            if before is not None:
                require_draft(before)
                _require_no_case(tx, before)
            lookup = self._documents.in_unit(tx)
            kind = kind_in_force(lookup, proposed.kind, proposed.effective_on, proposed.division)
            check_all(DRAFT_RULES, Drafting(proposed, kind, tx.today, cost_confirmed))
            if before is not None:
                _release_works(tx, before)
            fact = msgspec.structs.replace(
                proposed, same_works=_same_works(tx, proposed), decided_from=lookup.basis(tx.log, tx.head)
            )
            tx.append(stream_of(proposed.project_id), fact)
            _claim_works(tx, PLANNED_WORK_CLAIM, fact.project_id, fact.division, fact.components)
            return Reply(location=location_of(proposed.project_id))

        return handle

    def handler(self, project_id: UUID, actor: Actor, decide: Decide) -> Callable[[Tx], Reply]:
        """A later command about a project in the actor's area."""

        def handle(tx: Tx) -> Reply:
            stream = stream_of(project_id)
            of_project = tx.load(stream)
            project = require_known(of_project)
            if not actor.covers(project.division):
                raise Refused(NOT_FOUND)
            lookup = self._documents.in_unit(tx)
            facts = decide(project, of_project, tx, lookup)
            tx.append(stream, *(_with_basis(fact, lookup, tx) for fact in facts))
            _require_in_order(tx.load(stream), facts, lookup, project)
            after = require_known(tx.load(stream))
            _require_paid_lawfully(tx, project, after)
            if after.stage is ProjectStage.WITHDRAWN:
                _require_no_case(tx, project)
                _release_works(tx, after)
            elif project.stage is ProjectStage.WITHDRAWN:
                _claim_works(tx, PLANNED_WORK_CLAIM, project_id, after.division, after.components)
            return Reply(location=location_of(project_id))

        return handle


def households_unknown(tx: Tx, households: Iterable[UUID], division: str) -> set[UUID]:
    """Those that are not on the register in this division, as far as it was read."""
    wanted = list(households)
    found = tx.cur.execute(
        b"SELECT household_id FROM households WHERE household_id = ANY(%s) AND division >= %s AND division < %s",
        (wanted, division, division + "~"),
    ).fetchall()
    return set(wanted) - {row[0] for row in found}


def claim_done(tx: Tx, project: Project) -> None:
    """Its works are done: whoever plans them again is told."""
    _claim_works(tx, DONE_WORK_CLAIM, project.project_id, project.division, project.components)


def release_done(tx: Tx, project: Project) -> None:
    """They were not accepted after all."""
    for work in _works(project.division, project.components).values():
        if project.project_id in tx.holders(DONE_WORK_CLAIM, work).values():
            tx.release(DONE_WORK_CLAIM, work)


def _require_in_order(of_project: Sequence[Recorded], new: Sequence[Fact], lookup: Lookup, project: Project) -> None:
    """An annulment sees to it by itself."""
    if not any(isinstance(fact, ProjectActsAnnulled) for fact in new):
        require_in_order(of_project, require_kind(lookup, project))


def _require_paid_lawfully(tx: Tx, before: Project, after: Project) -> None:
    """A project that ends, or loses its charter, has no payment from then on, or at all. Raises ``Refused``."""
    lost = before.charter is not None and after.charter is None
    if not lost and (after.closed_on is None or after.closed_on == before.closed_on):
        return
    row = tx.cur.execute(LAST_PAID, (f"project:{after.project_id}",)).fetchone()
    last: date | None = row[0] if row else None
    if last is None:
        return
    if lost:
        raise Refused(rules.PAID_UNDER_CHARTER, since=last)
    if after.closed_on is not None and last >= after.closed_on:
        raise Refused(rules.PAID_SINCE, since=last)


def _with_basis(fact: Fact, lookup: Lookup, tx: Tx) -> Fact:
    basis: DecidedFrom | None = lookup.basis(tx.log, tx.head) if lookup.used else None
    return fact if basis is None else msgspec.structs.replace(fact, decided_from=basis)


def _require_no_case(tx: Tx, project: Project) -> None:
    id_ = unkeyed(project.project_id)
    for standing in (PROJECT_LIBRARY, PROJECT_ACCEPTANCE):
        if case := tx.holders(claim_kind(standing), [id_]).get(id_):
            raise Refused(rules.CASE_OPEN, case_id=str(case))


def _works(division: str, components: Iterable[Component]) -> dict[int, Digest]:
    """Of the components that say what, where and how much: what makes each the same work as another's."""
    return {
        c.component: digest(work_key(division, c.content, c.place, c.quantity.unit))
        for c in components
        if c.place is not None and c.quantity is not None
    }


def _same_works(tx: Tx, draft: ProjectDrafted) -> tuple[SameWork, ...]:
    found = []
    for number, work in _works(draft.division, draft.components).items():
        for kind in (PLANNED_WORK_CLAIM, DONE_WORK_CLAIM):
            others = {h for h in tx.holders(kind, work).values() if h != draft.project_id}
            found += [SameWork(component=number, other=o, done=kind == DONE_WORK_CLAIM) for o in sorted(others)]
    return tuple(found)


def _claim_works(tx: Tx, kind: str, project: UUID, division: str, components: Iterable[Component]) -> None:
    """Who planned a work first keeps it; who did it last holds it as done."""
    for work in _works(division, components).values():
        if kind == DONE_WORK_CLAIM or not tx.holders(kind, work):
            tx.claim(kind, work, project)


def _release_works(tx: Tx, project: Project) -> None:
    for work in _works(project.division, project.components).values():
        if project.project_id in tx.holders(PLANNED_WORK_CLAIM, work).values():
            tx.release(PLANNED_WORK_CLAIM, work)


LAST_PAID = (
    b"SELECT max(e.on_day) FROM fund_entries e WHERE e.use = %s AND e.account = 'spent' AND e.fen > 0 AND e.known_until IS NULL"
    b" AND EXISTS (SELECT FROM fund_entries r WHERE r.fund_id = e.fund_id AND r.cause = e.cause AND r.account = 'reserved')"
)
"""The last day on which something was paid out of what is reserved: what was retained is paid after the end as well."""
TYPES = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, ProjectFact))
PROJECTS = Table(
    "projects", "project_id",
    ("project_id", "division", "kind", "stage", "plan_year", "title", "deadline", "cost", "gaps", "open_issues",
     "same_works", "assets_misused", "project_json"),
)  # fmt: skip


PROJECT_STAGES = Table(
    "project_stages", "project_id",
    ("project_id", "division", "kind", "stage", "on_day", "fen", "known_from", "known_until"),
)  # fmt: skip


def view() -> View[UUID]:
    """Keeps the tables ``projects`` and ``project_stages``."""
    return view_of_streams("projects", (PROJECTS, PROJECT_STAGES), TYPES, PROJECT_STREAMS, UUID, _rows, edition=2)


def _rows(project_id: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row], Iterable[Row]]:
    stages = [(project_id, *reached, since, until) for reached, since, until in known_stages(facts)]
    project = fold(timeline(facts))
    if project is None:
        return (), stages
    misused = sum(asset.use != "as_built" for asset in project.assets)
    row = (
        project.project_id, project.division, project.kind, project.stage, project.plan_year, project.title, project.deadline,
        project.cost, len(project.gaps), len(project.open_issues), len(project.same_works), misused, project_to_json(project),
    )  # fmt: skip
    return [row], stages
