"""When an approved case takes effect, and when what it brought about is annulled."""

from contracts.casework.cases import CaseOutcome
from services.casework.procedures.document import Procedure
from services.casework.procedures.state import CaseState
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused, rule

EFFECT_CANNOT_STAND = rule(
    "effect_cannot_stand",
    zh="批准的结果按现有登记不能成立（原因见后）；请先更正相抵触的登记，或改填实际日期，或不予批准；该程序也可由县级终止。",
    en="What an approval brings about cannot stand with what is on record, for the reason below: correct what contradicts it,"
    " give the true day, or do not approve; the county may also close the case.",
    source="Lika design: a decision is accepted only if its effect can stand",
)


def cannot_stand(no: Refused) -> Refused:
    """The refusal of a decision whose effect is refused, with that refusal in it."""
    because = Message(no.rule.code, no.rule.zh, no.rule.en)
    return Refused(EFFECT_CANNOT_STAND, because=because, **no.facts).advising(*no.next)


def effect_due(before: CaseState | None, after: CaseState, procedure: Procedure) -> bool:
    """Whether the step that the effect is bound to was completed between these two states."""
    at = procedure.effect.at
    return bool(after.approved) and at in after.done and (before is None or at not in before.done)


def effect_taken(case: CaseState, procedure: Procedure) -> bool:
    """Whether the step that the effect is bound to is done."""
    return bool(case.approved) and procedure.effect.at in case.done


def effect_revoked(before: CaseState | None, after: CaseState, procedure: Procedure) -> bool:
    """Whether the case failed after it had taken effect: only a step that the green channel deferred can do that."""
    rejected = after.outcome is CaseOutcome.REJECTED and before is not None and before.outcome is None
    return rejected and effect_taken(after, procedure)
