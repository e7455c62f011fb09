"""Timers of cases: a notice whose last day is over closes; what was not made good in time is recorded as missed."""

from collections.abc import Callable
from uuid import UUID

from contracts.accounts import TIMER
from contracts.civil import civil_day
from services.casework.procedures.commands import CloseNotice, MissMakeGood
from services.casework.procedures.store import MAKE_GOOD_ENDS, NOTICE_ENDS, CaseCommands
from services.chassis.log.needs import Timer
from services.chassis.log.timers import Handler
from services.chassis.log.unit import Tx


def deadlines(commands: CaseCommands) -> dict[str, Handler]:
    """The handlers of the timers that cases set."""

    def on_day(kind: Callable[..., CloseNotice | MissMakeGood]) -> Handler:
        def due(tx: Tx, timer: Timer) -> None:
            case_id = UUID(timer.stream.removeprefix("case-"))
            commands.execute_when_due(tx, kind(case_id=case_id, on=civil_day(timer.due_at), today=tx.today, by=TIMER))

        return due

    return {NOTICE_ENDS: on_day(CloseNotice), MAKE_GOOD_ENDS: on_day(MissMakeGood)}
