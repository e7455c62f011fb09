"""When a project reached which stage, and since when and until when that was known. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from contracts.facts import Recorded
from contracts.selection import timeline
from services.casework.ledgers.money import fen_of
from services.monitoring.projects.state import Project, ProjectStage, step


class StageReached(NamedTuple):
    """``fen``: what the components cost that had a cost in its last draft."""

    division: str
    kind: str
    stage: ProjectStage
    on: date
    fen: int


def stages(of_project: Sequence[Recorded]) -> list[StageReached]:
    """By all that is given."""
    before: Project | None = None
    reached: dict[ProjectStage, date] = {}
    for recorded in timeline(of_project):
        after = step(before, recorded.fact)
        if after is not None and (before is None or after.stage is not before.stage):
            reached[after.stage] = recorded.fact.effective_on
        before = after
    if before is None:
        return []
    return [StageReached(before.division, before.kind, s, on, fen_of(before.cost)) for s, on in reached.items()]


def known_stages(of_project: Sequence[Recorded]) -> Iterator[tuple[StageReached, datetime, datetime | None]]:
    """Each with the instant at which it came to be known, and that from which it was known no longer."""
    ordered = sorted(of_project, key=lambda r: r.position)
    since: dict[StageReached, datetime] = {}
    for place, recorded in enumerate(ordered, start=1):
        now = stages(ordered[:place])
        for gone in since.keys() - set(now):
            yield gone, since.pop(gone), recorded.recorded_at
        for new in now:
            since.setdefault(new, recorded.recorded_at)
    for stage, known_from in since.items():
        yield stage, known_from, None
