"""When an approved case takes effect, and when what it brought about is annulled."""

from contracts.casework.cases import CaseOutcome
from services.casework.procedures.document import Procedure
from services.casework.procedures.state import CaseState


def effect_due(before: CaseState | None, after: CaseState, procedure: Procedure) -> bool:
    """Whether the step that the effect is bound to was completed between these two states."""
    at = procedure.effect.at
    return bool(after.approved) and at in after.done and (before is None or at not in before.done)


def effect_revoked(before: CaseState | None, after: CaseState, procedure: Procedure) -> bool:
    """Whether the case failed after it had taken effect: only a step that the green channel deferred can do that."""
    rejected = after.outcome is CaseOutcome.REJECTED and before is not None and before.outcome is None
    return rejected and bool(after.approved) and procedure.effect.at in after.done
