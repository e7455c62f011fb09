"""Rules for approvals: votes and quorum, four eyes, a clean comparison, and the decision's document."""

from typing import Any

from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.context import DecisionContext
from services.casework.procedures.notice_rules import objection_is_open
from services.casework.procedures.opening_rules import (
    NOT_IN_FORCE,
    STATUS_NOT_ALLOWED,
    require_in_force,
    require_status_allowed,
)
from services.casework.procedures.sequence_rules import step_in_order
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import checks

VOTES_DO_NOT_ADD_UP = rule(
    "votes_do_not_add_up",
    zh="赞成、反对、弃权之和应等于到会人数，到会人数不能超过应到人数。",
    en="Votes in favour, against and abstained must add up to those present, and no more can be present than entitled.",
    source="source facts §3: totals must equal the sum of their parts",
)


@checks(VOTES_DO_NOT_ADD_UP)
def votes_add_up(context: DecisionContext[c.HoldAppraisal]) -> None:
    command = context.command
    votes = (command.in_favour, command.against, command.abstained)
    if min(votes) < 0 or sum(votes) != command.present or command.present > command.entitled:
        raise Refused(VOTES_DO_NOT_ADD_UP, votes=sum(votes), present=command.present, entitled=command.entitled)


NO_QUORUM = rule(
    "appraisal_without_quorum",
    zh="到会人数不足，评议无效。",
    en="Too few were present: the appraisal is void.",
    source="村民委员会组织法 art. 26; quorum of the step in the procedure document",
)


@checks(NO_QUORUM, given=(step_in_order, votes_add_up))
def quorum_present(context: DecisionContext[c.HoldAppraisal]) -> None:
    step, command = context.due, context.command
    if isinstance(step, p.Appraisal) and (command.present == 0 or command.present < step.quorum * command.entitled):
        raise Refused(NO_QUORUM, present=command.present, entitled=command.entitled, quorum=str(step.quorum))


OWN_ENTRY = rule(
    "approves_own_entry",
    zh="不能审核、决定自己录入的内容，请由另一人办理。",
    en="Nobody reviews or decides what they entered themselves; somebody else must do it.",
    source="Lika access rules: four eyes",
)


@checks(OWN_ENTRY, given=(step_in_order,))
def not_own_entry(context: DecisionContext[Any]) -> None:
    # Repeating one's own step after a return is no approval of one's own entry.
    own = context.due.key if context.due else None
    entered = {account for account, step in context.state.entries if step != own}
    if context.by_own_hand(context.subject.hands | entered):
        raise Refused(OWN_ENTRY)


@checks(OWN_ENTRY, given=(objection_is_open,))
def not_own_notice(context: DecisionContext[c.ResolveObjection]) -> None:
    """Nobody resolves an objection to what they posted or entered, or that they raised."""
    objection = next(o for o in context.state.open_objections if o.no == context.command.objection_no)
    posted = {account for account, step in context.state.entries if step == objection.step}
    if context.by_own_hand(context.subject.hands | posted):
        raise Refused(OWN_ENTRY)


COMPARISON_NOT_CLEAN = rule(
    "comparison_not_clean",
    zh="部门比对存在未排除的疑点，不能批准。",
    en="The comparison with departments found something that is not cleared: it cannot be approved.",
    source="must_be_clean of the comparison step in the procedure document",
)


@checks(COMPARISON_NOT_CLEAN)
def comparison_clean(context: DecisionContext[c.DecideCase]) -> None:
    must = {s.key for s in context.procedure.steps if isinstance(s, p.Comparison) and s.must_be_clean}
    if context.command.approved and (unclean := must & context.state.unclean_comparisons):
        raise Refused(COMPARISON_NOT_CLEAN, steps=tuple(map(context.procedure.named, sorted(unclean))))


DOCUMENT_REQUIRED = rule(
    "decision_document_required",
    zh="决定须写明机关、文号和签发人。",
    en="A decision names its organ, document number and signer.",
    source="design: who typed is not who decided; funds and exits are audited by document number",
)


@checks(DOCUMENT_REQUIRED)
def decision_document_complete(context: DecisionContext[c.DecideCase]) -> None:
    command = context.command
    fields = {"organ": command.organ, "document_no": command.document_no, "signer": command.signer}
    missing = tuple(name for name, text in fields.items() if not text.strip())
    if missing:
        raise Refused(DOCUMENT_REQUIRED, missing=missing)


@checks(NOT_IN_FORCE, STATUS_NOT_ALLOWED)
def approval_still_allowed(context: DecisionContext[c.DecideCase]) -> None:
    """After the edition has ended or the status has changed, a case can only be rejected."""
    if context.command.approved:
        require_in_force(context.procedure, context.command)
        require_status_allowed(context.procedure, context.subject)
