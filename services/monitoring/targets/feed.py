"""What targets react to: the registry's facts about exits, and the end of a deadline."""

from collections.abc import Sequence
from datetime import timedelta

from contracts.civil import civil_day
from contracts.facts import HouseholdFact, Recorded
from contracts.selection import timeline
from services.chassis import copies
from services.chassis.unit import Timer, Tx
from services.chassis.views import Table
from services.monitoring.targets.domain import pass_deadline
from services.monitoring.targets.exits import FACTS, held
from services.monitoring.targets.state import fold
from services.monitoring.targets.store import REGISTRY, known_when_deciding

TIMER = "timer"
"""Who enters what a deadline brings about."""


class ExitsView:
    """Keeps ``exits``: a household's rows are made again from all its copied facts, so late facts and annulments come
    out right."""

    types = frozenset(kind.type_name for kind in FACTS)
    appends = False

    def __init__(self) -> None:
        columns = ("exit_id", "household", "exited_on", "division", "persons", "known_from", "known_to")
        self._table = Table("exits", "household", columns)

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        households = list(dict.fromkeys(r.fact.household_id for r in facts if isinstance(r.fact, HouseholdFact)))
        known = copies.about(tx.cur, households, log=REGISTRY)
        rows = (
            (
                h.exit.exit_id,
                h.exit.household,
                h.exit.exited_on,
                h.exit.division,
                h.exit.persons,
                h.known_from,
                h.known_to,
            )
            for household in households
            for h in held(known[household])
        )
        self._table.replace(tx, households, list(rows))


def deadline_passed(tx: Tx, timer: Timer) -> None:
    """The target's last day is over: overdue if something lacks, by what is known at this moment."""
    known = tx.load(timer.stream)
    target = fold(timeline(known))
    if target is None or civil_day(timer.due_at) != target.deadline + timedelta(days=1):
        return
    figures, rests_on = known_when_deciding(tx, target, target.deadline)
    tx.append(timer.stream, *pass_deadline(known, TIMER, figures, rests_on))
