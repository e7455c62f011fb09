"""Day counts that explain themselves in one sentence of each language. Pure."""

from datetime import date

from services.casework.calendars.day_count import Calendar
from services.casework.messages import say
from services.casework.procedures.document import GreenChannel, Notice
from services.casework.procedures.notice_terms import WhileObjected
from services.casework.procedures.state import CaseState, PostedNotice
from services.chassis.ground.messages import Message


def explain_notice(step: Notice, posted: PostedNotice, state: CaseState) -> Message:
    """How long a notice is posted, from which day it counts, and what objections do to it."""
    day = posted.posted_on
    counts, does_not = say("first_day_counts", posted_on=day), say("first_day_does_not_count", posted_on=day)
    return say(
        "notice_clock",
        days=_days(step.days, step.calendar),
        first_day=counts if step.first_day_counts else does_not,
        last_day=posted.last_day,
        objections=_objections(step, posted, sum(o.open and o.step == step.key for o in state.objections)),
    )


def explain_make_good(channel: GreenChannel, taken_on: date, last_day: date) -> Message:
    """Until when what the green channel deferred is made good."""
    return say("make_good_clock", taken_on=taken_on, days=_days(channel.days, channel.calendar), last_day=last_day)


def _days(days: int, calendar: Calendar) -> Message:
    if calendar is Calendar.WORKING_DAYS:
        return say("working_days", days=days)
    return say("calendar_days", days=days)


def _objections(step: Notice, posted: PostedNotice, count: int) -> Message:
    if not count:
        return say("no_open_objection")
    if step.objections.while_open is WhileObjected.SUSPEND and posted.objected_since is not None:
        return say("objections_suspend", since=posted.objected_since, count=count)
    return say("objections_hold", count=count)
