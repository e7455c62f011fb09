"""Command type → rules, in the order in which they are checked."""

from typing import Any

from services.casework.dates import FUTURE_DAY, require_not_future
from services.casework.procedures import commands as c
from services.casework.procedures.approval_rules import (
    approval_still_allowed,
    comparison_clean,
    decision_document_complete,
    not_own_entry,
    not_own_notice,
    quorum_present,
    votes_add_up,
)
from services.casework.procedures.comparison_rules import all_adults_authorised, compared_completely
from services.casework.procedures.context import DecisionContext
from services.casework.procedures.notice_rules import (
    last_day_over,
    no_objection_open,
    notice_over,
    objection_in_time,
    objection_is_open,
    objection_not_overtaken,
)
from services.casework.procedures.sequence_rules import (
    case_still_open,
    closing_paper_attached,
    effect_not_standing,
    evidence_attached,
    evidence_uploaded,
    green_channel_offered,
    not_before_previous_step,
    not_decided,
    returns_to_step_taken,
    step_in_order,
)
from services.casework.procedures.taking_down import notice_hangs, notice_ran_its_days, photo_attached
from services.chassis.ground.rule_checks import RuleCheck, checks


@checks(FUTURE_DAY)
def _not_in_future(context: DecisionContext[Any]) -> None:
    require_not_future(context.command.on, context.command.today)


CaseRule = RuleCheck[DecisionContext[Any]]
CASE_RULES: tuple[CaseRule, ...] = (case_still_open, _not_in_future, not_before_previous_step)
STEP_RULES: tuple[CaseRule, ...] = (
    *CASE_RULES, no_objection_open, notice_over, step_in_order, evidence_attached, evidence_uploaded,
)  # fmt: skip

RULES_FOR: dict[type[c.Command], tuple[CaseRule, ...]] = {
    c.MakeVisit: STEP_RULES,
    c.HoldAppraisal: (*STEP_RULES, votes_add_up, quorum_present),
    c.GiveConsent: STEP_RULES,
    c.PostNotice: STEP_RULES,
    c.GiveReview: (*STEP_RULES, not_own_entry),
    c.GiveOpinion: (*STEP_RULES, not_own_entry),
    c.GiveSignature: (*STEP_RULES, not_own_entry),
    c.MakeInspection: (*STEP_RULES, not_own_entry),
    c.MakeComparison: (*STEP_RULES, not_own_entry, all_adults_authorised, compared_completely),
    c.DecideCase: (*STEP_RULES, not_own_entry, decision_document_complete, comparison_clean, approval_still_allowed),
    c.AnnounceCase: STEP_RULES,
    c.RaiseObjection: (
        case_still_open,
        _not_in_future,
        objection_in_time,
        objection_not_overtaken,
        not_before_previous_step,
    ),
    c.ResolveObjection: (*CASE_RULES, objection_is_open, not_own_notice),
    c.CloseNotice: (case_still_open, _not_in_future, no_objection_open, last_day_over),
    c.TakeDownNotice: (_not_in_future, notice_hangs, notice_ran_its_days, photo_attached),
    c.ReturnCase: (*CASE_RULES, not_decided, returns_to_step_taken),
    c.WithdrawCase: (*CASE_RULES, not_decided),
    c.CloseCase: (*CASE_RULES, effect_not_standing, closing_paper_attached),
    c.TakeGreenChannel: (*CASE_RULES, not_decided, green_channel_offered),
    c.MissMakeGood: (case_still_open,),
    c.ExceedTerm: (case_still_open,),
}
