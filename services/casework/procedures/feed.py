"""Timers of cases: a notice whose last day is over closes; what was not made good, or done within its term, is recorded."""

from functools import partial
from uuid import UUID

from contracts.accounts import TIMER
from contracts.civil import civil_day
from services.casework.procedures.store import TIMERS, CaseCommands, DeadlineCommand
from services.chassis.log.needs import Timer
from services.chassis.log.timers import Handler
from services.chassis.log.unit import Tx


def deadlines(commands: CaseCommands) -> dict[str, Handler]:
    """The handlers of the timers that cases set."""

    def due(tx: Tx, timer: Timer, kind: type[DeadlineCommand]) -> None:
        case_id = UUID(timer.stream.removeprefix("case-"))
        commands.execute_when_due(tx, kind(case_id=case_id, on=civil_day(timer.due_at), today=tx.today, by=TIMER))

    return {timer: partial(due, kind=kind) for timer, kind in TIMERS.items()}
