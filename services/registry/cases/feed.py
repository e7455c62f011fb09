"""Timers of cases: a notice whose last day is over, with no objection open, is closed."""

from uuid import UUID

from contracts.civil import civil_day
from services.chassis.log.needs import Timer
from services.chassis.log.timers import Handler
from services.chassis.log.unit import Tx
from services.registry.cases.commands import CloseNotice
from services.registry.cases.store import NOTICE_ENDS, CaseCommands

TIMER = "timer"
"""``entered_by`` of facts recorded by a timer."""


def deadlines(commands: CaseCommands) -> dict[str, Handler]:
    def notice_ends(tx: Tx, timer: Timer) -> None:
        case_id = UUID(timer.stream.removeprefix("case-"))
        commands.close_notice(tx, CloseNotice(case_id=case_id, on=civil_day(timer.due_at), today=tx.today, by=TIMER))

    return {NOTICE_ENDS: notice_ends}
