"""Rules for the comparison with departments: who authorised it, and of whom its results are stated."""

from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.context import DecisionContext
from services.casework.procedures.sequence_rules import case_still_open, step_in_order
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import checks

NOT_AN_ADULT = rule(
    "authorisation_of_no_adult",
    zh="授权表所列的人（persons）当日不是该户的成年成员，或被重复填写，请核对。",
    en="Who is named (``persons``) is no adult of the household on that day, or is named twice; check the list.",
    source="核查授权书: each adult of the household signs",
)


@checks(NOT_AN_ADULT, given=(step_in_order,))
def adults_named(context: DecisionContext[c.GiveAuthorisation]) -> None:
    step, command = context.due, context.command
    named = [answer.person_id for answer in command.answers]
    age = step.adult_from if isinstance(step, p.Authorisation) else 0
    adults = context.subject.adults(command.on, age)
    wrong = {person for person in named if person not in adults or named.count(person) > 1}
    if wrong:
        raise Refused(NOT_AN_ADULT, persons=sorted(map(str, wrong)))


AUTHORISATION_MISSING = rule(
    "authorisation_missing",
    zh="尚有成年成员（persons）未签署核查授权，不能比对：请先由其签署并登记授权。",
    en="Adults of the household (``persons``) have not signed that departments may be asked about them, so nothing is compared: have"
    " them sign, and enter it as the step that takes authorisations.",
    source="个人信息保护法 art. 13, 14 (consent); 核查授权书: each adult of the household signs",
)


@checks(AUTHORISATION_MISSING, given=(case_still_open,))
def all_adults_authorised(context: DecisionContext[c.MakeComparison]) -> None:
    """On the day of the comparison, also of those who came of age or joined since the others signed."""
    step = next((s for s in context.procedure.steps if isinstance(s, p.Authorisation)), None)
    if step is None:
        return
    missing = context.subject.adults(context.command.on, step.adult_from) - context.state.authorised
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
    authorisation = next((s for s in context.procedure.steps if isinstance(s, p.Authorisation)), None)
    adults = context.subject.adults(command.on, authorisation.adult_from if authorisation is not None else 0)
    wanted = {(person, source) for person in adults for source in step.sources}
    stated = [(result.person_id, result.source) for result in command.results]
    missing = wanted.difference(stated)
    extra = {each for each in stated if each not in wanted or stated.count(each) > 1}
    if missing or extra:
        named = {name: sorted(f"{p}:{s}" for p, s in of) for name, of in (("missing", missing), ("extra", extra))}
        raise Refused(COMPARISON_INCOMPLETE, **named)
