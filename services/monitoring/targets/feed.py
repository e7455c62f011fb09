"""The view of exits from the registry's facts, and the timer of a target's deadline."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from contracts.accounts import TIMER
from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.selection import timeline
from services.chassis.log.needs import Timer
from services.chassis.log.unit import Tx
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_households
from services.monitoring.targets.domain import check_deadline
from services.monitoring.targets.exits import SUBSCRIBED_FACTS, exit_versions
from services.monitoring.targets.state import fold
from services.monitoring.targets.store import REGISTRY, exits_for_decision

EXITS = Table(
    "exits", "household", ("exit_id", "household", "exited_on", "division", "persons", "known_from", "known_to")
)


def exits_view() -> View[UUID]:
    """Keeps ``exits``: a household's rows are projected again from all copied facts of it and its ancestors, so late facts
    and annulments are right."""
    return view_of_households(
        "exits", (EXITS,), frozenset(kind.type_name for kind in SUBSCRIBED_FACTS), REGISTRY, _rows
    )


def _rows(household: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row]]:
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
            for v in exit_versions(facts, household)
        ],
    )


def deadline_passed(tx: Tx, timer: Timer) -> None:
    """The target's last day is over: it is overdue if its quantities are not met, by what is known now."""
    facts = tx.load(timer.stream)
    target = fold(timeline(facts))
    if target is None or civil_day(timer.due_at) != target.deadline + timedelta(days=1):
        return
    exits, decided_from = exits_for_decision(tx, target, target.deadline)
    tx.append(timer.stream, *check_deadline(facts, TIMER, exits, decided_from))
