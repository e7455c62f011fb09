"""Which rules hold for which command, in the order in which they are asked."""

from collections.abc import Callable
from typing import Any

from services.registry.cases import commands as c
from services.registry.cases.approval_rules import (
    comparison_clean,
    document_named,
    not_own_entry,
    quorum_present,
    still_lawful_if_approved,
    votes_add_up,
)
from services.registry.cases.context import Act
from services.registry.cases.notice_rules import (
    last_day_over,
    no_objection_open,
    notice_over,
    objection_in_time,
    objection_is_open,
)
from services.registry.cases.sequence_rules import (
    case_still_open,
    not_before_former_step,
    not_decided,
    papers_attached,
    returns_to_step_taken,
    step_in_order,
)
from services.registry.households.rules import require_not_future


def _not_in_future(act: Act[Any]) -> None:
    require_not_future(act.command.on, act.command.today)


Check = Callable[[Act[Any]], None]
EVERY: tuple[Check, ...] = (case_still_open, _not_in_future, not_before_former_step)
STEP: tuple[Check, ...] = (*EVERY, no_objection_open, notice_over, step_in_order, papers_attached)

RULES_FOR: dict[type[c.Command], tuple[Check, ...]] = {
    c.MakeVisit: STEP,
    c.HoldAppraisal: (*STEP, votes_add_up, quorum_present),
    c.GiveConsent: STEP,
    c.PostNotice: STEP,
    c.GiveReview: (*STEP, not_own_entry),
    c.MakeComparison: (*STEP, not_own_entry),
    c.DecideCase: (*STEP, not_own_entry, document_named, comparison_clean, still_lawful_if_approved),
    c.AnnounceCase: STEP,
    c.RaiseObjection: (*EVERY, objection_in_time),
    c.ResolveObjection: (*EVERY, objection_is_open),
    c.CloseNotice: (*EVERY, no_objection_open, last_day_over),
    c.ReturnCase: (*EVERY, not_decided, returns_to_step_taken),
    c.WithdrawCase: (*EVERY, not_decided),
}
