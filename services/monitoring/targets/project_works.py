"""Works of projects that do a line of a target: named, removed, and followed as they are accepted, in one unit of work each."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.monitoring.targets import TargetWorkNamed, TargetWorkRemoved
from contracts.selection import timeline
from services.chassis.ground.refusals import Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.monitoring.projects.domain import stream_of as project_stream
from services.monitoring.projects.state import NOTHING, Project
from services.monitoring.projects.state import fold as fold_project
from services.monitoring.targets import rules
from services.monitoring.targets.domain import follow_works, name_work, remove_work, stream_of
from services.monitoring.targets.state import Target, fold
from services.monitoring.targets.store import location_of, target_in_scope, update_claims
from services.monitoring.works import digest

WORK_CLAIM = "target_work"
"""Kind of claim: which target a component of a project does a line of."""


def naming(proposed: TargetWorkNamed, actor: Actor) -> Callable[[Tx], Reply]:
    """The handler that records that a component does a line; what is accepted of it is done at once."""

    def handle(tx: Tx) -> Reply:
        stream = stream_of(proposed.target_id)
        target_in_scope(tx.load(stream), actor)
        project = project_of(tx, proposed.project_id)
        new = name_work(proposed, project, tx.load(stream), tx.today)
        work = _work(proposed.project_id, proposed.component)
        if holders := tx.holders(WORK_CLAIM, work).values():
            raise Refused(rules.WORK_NAMED, target_id=str(next(iter(holders))))
        tx.claim(WORK_CLAIM, work, proposed.target_id)
        (cause,) = tx.append(stream, *new)
        follow(tx, proposed.target_id, proposed.line, cause)
        return Reply(location=location_of(proposed.target_id))

    return handle


def removing(proposed: TargetWorkRemoved, actor: Actor) -> Callable[[Tx], Reply]:
    """The handler that records that a component does no line after all."""

    def handle(tx: Tx) -> Reply:
        stream = stream_of(proposed.target_id)
        target_in_scope(tx.load(stream), actor)
        (cause,) = tx.append(stream, *remove_work(proposed, tx.load(stream), tx.today))
        tx.release(WORK_CLAIM, _work(proposed.project_id, proposed.component))
        follow(tx, proposed.target_id, proposed.line, cause)
        return Reply(location=location_of(proposed.target_id))

    return handle


def follow_accepted(tx: Tx, project_id: UUID, cause: str) -> None:
    """The project was accepted, by the fact named: what its components do is done."""
    project = project_of(tx, project_id)
    if project is None:
        return
    works = [key for c in project.components for key in _work(project_id, c.component)]
    for target_id in dict.fromkeys(tx.holders(WORK_CLAIM, works).values()):
        target = fold(timeline(tx.load(stream_of(target_id))))
        assert target is not None
        for line in sorted({w.line for w in target.works if w.project_id == project_id}):
            follow(tx, target_id, line, cause)


def follow(tx: Tx, target_id: UUID, line: int, cause: str) -> None:
    """Say of the line what was accepted of its works. ``cause``: id of the fact by which that is another now."""
    stream = stream_of(target_id)
    target = fold(timeline(tx.load(stream)))
    assert target is not None
    new = follow_works(line, accepted_of(target, line, lambda p: project_of(tx, p)), tx.load(stream), tx.today, cause)
    if new:
        tx.append(stream, *new)
        after = fold(timeline(tx.load(stream)))
        assert after is not None
        update_claims(tx, after)


def accepted_of(
    target: Target, line: int, project_by_id: Callable[[UUID], Project | None]
) -> list[tuple[date, Decimal]]:
    """(Day, in all by its end) of the acceptances of a line's works."""
    by_day: dict[date, Decimal] = {}
    for work in target.works_of(line):
        project = project_by_id(work.project_id)
        if project is not None and project.accepted_on is not None:
            done = project.done.get(work.component, NOTHING)
            by_day[project.accepted_on] = by_day.get(project.accepted_on, NOTHING) + done
    so_far, found = NOTHING, []
    for day in sorted(by_day):
        so_far += by_day[day]
        found.append((day, so_far))
    return found


def project_of(tx: Tx, project_id: UUID) -> Project | None:
    return fold_project(timeline(tx.load(project_stream(project_id))))


def _work(project_id: UUID, component: int) -> tuple[tuple[int, bytes], ...]:
    return digest(f"{project_id}:{component}")
