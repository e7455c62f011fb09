"""Rules for the comparison with departments: who authorised it, and of whom its results are stated."""

from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.context import DecisionContext
from services.casework.procedures.sequence_rules import step_in_order
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import checks

AUTHORISATION_MISSING = rule(
    "authorisation_missing",
    zh="当日尚有成年成员（persons）没有有效的核查授权，不能比对：请先由其签署授权书并登记，拒绝授权的，该程序可撤回或终止。",
    en="Adults of the household (``persons``) have no authorisation that is valid on that day, so departments are not asked about"
    " them: have them sign and enter it; where somebody refuses, the case is withdrawn or closed.",
    source="个人信息保护法 art. 13, 14 (consent); 核查授权书: each adult of the household signs",
)


@checks(AUTHORISATION_MISSING, given=(step_in_order,))
def all_adults_authorised(context: DecisionContext[c.MakeComparison]) -> None:
    """On the day of the comparison, also of those who came of age or joined since the others signed."""
    step = context.due
    if not isinstance(step, p.Comparison) or not step.authorisation_required:
        return
    missing = [adult.person_id for adult in context.subject.adults if adult.authorise is not None]
    if missing:
        raise Refused(AUTHORISATION_MISSING, persons=sorted(map(str, missing)))


COMPARISON_INCOMPLETE = rule(
    "comparison_incomplete",
    zh="比对结果须逐人逐项填写：missing 为漏填，extra 为不应填写或重复填写的（人员:来源）。",
    en="The result of each source is stated once for each adult: ``missing`` are left out, ``extra`` do not belong there or stand"
    " twice (person:source).",
    source="sources of the comparison step in the procedure document",
)


@checks(COMPARISON_INCOMPLETE, given=(step_in_order,))
def compared_completely(context: DecisionContext[c.MakeComparison]) -> None:
    step, command = context.due, context.command
    if not isinstance(step, p.Comparison):
        return
    wanted = {(adult.person_id, source) for adult in context.subject.adults for source in step.sources}
    stated = [(result.person_id, result.source) for result in command.results]
    missing = wanted.difference(stated)
    extra = {each for each in stated if each not in wanted or stated.count(each) > 1}
    if missing or extra:
        named = {name: sorted(f"{p}:{s}" for p, s in of) for name, of in (("missing", missing), ("extra", extra))}
        raise Refused(COMPARISON_INCOMPLETE, **named)
