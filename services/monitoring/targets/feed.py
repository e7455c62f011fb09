"""What targets react to: the registry's facts about exits, and the end of a deadline."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.selection import timeline
from services.chassis.log.unit import Timer, Tx
from services.chassis.views.view import Row, Table, View, over_households
from services.monitoring.targets.domain import pass_deadline
from services.monitoring.targets.exits import SUBSCRIBED_FACTS, exit_versions
from services.monitoring.targets.state import fold
from services.monitoring.targets.store import REGISTRY, known_when_deciding

TIMER = "timer"
"""Who enters what a deadline brings about."""


EXITS = Table(
    "exits", "household", ("exit_id", "household", "exited_on", "division", "persons", "known_from", "known_to")
)


def exits_view() -> View[UUID]:
    """Keeps ``exits``: a household's rows are made again from all its copied facts, so late facts and annulments come
    out right."""
    return over_households("exits", (EXITS,), frozenset(kind.type_name for kind in SUBSCRIBED_FACTS), REGISTRY, _rows)


def _rows(_: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row]]:
    return (
        [
            (
                v.exit.exit_id,
                v.exit.household,
                v.exit.exited_on,
                v.exit.division,
                v.exit.persons,
                v.known_from,
                v.known_to,
            )
            for v in exit_versions(facts)
        ],
    )


def deadline_passed(tx: Tx, timer: Timer) -> None:
    """The target's last day is over: overdue if something lacks, by what is known at this moment."""
    known = tx.load(timer.stream)
    target = fold(timeline(known))
    if target is None or civil_day(timer.due_at) != target.deadline + timedelta(days=1):
        return
    figures, rests_on = known_when_deciding(tx, target, target.deadline)
    tx.append(timer.stream, *pass_deadline(known, TIMER, figures, rests_on))
