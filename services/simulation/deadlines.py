"""Deadlines that outlive the simulated years: set as commands set them, so that the services fire them when started."""

from datetime import datetime

from contracts.assistance.aid import AidNoticePosted
from contracts.assistance.pairing import HelperDutySet
from contracts.civil import end_of_day
from contracts.facts import Fact
from contracts.monitoring.targets import TargetSet
from contracts.registry.cases import NoticePosted, ObjectionResolved
from services.assistance.aid.store import NOTICE_ENDS as AID_NOTICE_ENDS
from services.assistance.pairing.store import HELPER_DUTY
from services.monitoring.targets.store import DEADLINE
from services.registry.cases.store import NOTICE_ENDS


def deadline_of(fact: Fact) -> tuple[str, datetime] | None:
    """Kind and instant of the timer that a fact sets."""
    match fact:
        case NoticePosted(last_day=day):
            return NOTICE_ENDS, end_of_day(day)
        case ObjectionResolved(notice_last_day=day) if day is not None:
            return NOTICE_ENDS, end_of_day(day)
        case AidNoticePosted(last_day=day):
            return AID_NOTICE_ENDS, end_of_day(day)
        case HelperDutySet(due_on=day):
            return HELPER_DUTY, end_of_day(day)
        case TargetSet(deadline=day):
            return DEADLINE, end_of_day(day)
    return None
