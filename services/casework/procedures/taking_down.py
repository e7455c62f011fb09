"""A notice that is over comes down from its board. Nothing of the case rests on it, so that it is entered beside the steps, and also
when the case has ended."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from contracts.casework import cases as facts
from contracts.facts import Fact
from services.casework.calendars.day_count import ONE_DAY
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.case_facts import common_fields
from services.casework.procedures.context import DecisionContext
from services.casework.procedures.paper_rules import EVIDENCE_MISSING, require_attached
from services.casework.procedures.state import CaseState, PostedNotice
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import checks

NOTHING_HANGS = rule(
    "no_notice_to_take_down",
    zh="没有待撤下的这一公示：没有张贴过，或者已经撤下。",
    en="No such notice is to be taken down: it was never posted, or it came down already.",
    source="公示 of the procedure document: what was posted comes down once",
)
STILL_RUNS = rule(
    "notice_still_runs",
    zh="公示期未满，或日期早于公示期满的次日（first_day），不能撤下。",
    en="The notice is not over, or the day lies before the first one after it: it stays where it hangs.",
    source="M002: a notice hangs its full days",
)


def first_day_down(posted: PostedNotice, state: CaseState) -> date | None:
    """``None`` while it runs. Of a case that ended before its notice was over, the day of its end."""
    if posted.closed:
        return posted.last_day + ONE_DAY
    return None if state.is_open else state.stands_since


def take_down_by(step: p.Notice, posted: PostedNotice) -> date | None:
    """The last day for it; ``None`` where its document names none, or it came down."""
    down = step.taking_down
    return None if down is None or posted.taken_down_on is not None else posted.last_day + timedelta(down.within)


def hanging_over_time(state: CaseState, procedure: p.Procedure) -> Iterator[tuple[p.Notice, PostedNotice]]:
    """Notices that are over and did not come down, in the order of their posting."""
    for posted in state.notices:
        step = procedure.step(posted.step)
        if isinstance(step, p.Notice) and posted.taken_down_on is None and first_day_down(posted, state) is not None:
            yield step, posted


def _named(context: DecisionContext[c.TakeDownNotice]) -> PostedNotice | None:
    posted = context.state.notice(context.command.step)
    return None if posted is None or posted.taken_down_on is not None else posted


@checks(NOTHING_HANGS)
def notice_hangs(context: DecisionContext[c.TakeDownNotice]) -> None:
    if _named(context) is None:
        raise Refused(NOTHING_HANGS, step=context.procedure.named(context.command.step))


@checks(STILL_RUNS, given=(notice_hangs,))
def notice_ran_its_days(context: DecisionContext[c.TakeDownNotice]) -> None:
    posted = _named(context)
    if posted is None:
        return
    first_day = first_day_down(posted, context.state)
    if first_day is None or context.command.on < first_day:
        raise Refused(STILL_RUNS, first_day=first_day or posted.last_day + ONE_DAY)


@checks(EVIDENCE_MISSING, given=(notice_hangs,))
def photo_attached(context: DecisionContext[c.TakeDownNotice]) -> None:
    step = context.procedure.step(context.command.step)
    if isinstance(step, p.Notice) and step.taking_down is not None:
        require_attached(step.taking_down.evidence, context.command.evidence)


def take_down_notice(context: DecisionContext[Any]) -> list[Fact]:
    step = context.procedure.step(context.command.step)
    common = common_fields(context.command, context.state)
    return [facts.NoticeTakenDown(**common, step=step.key, level=step.office.level)]
