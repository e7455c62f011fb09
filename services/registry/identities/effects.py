"""Which procedure documents may correct an identity."""

from contracts.registry.identities import PersonCorrected
from services.casework.procedures.document import EffectiveFrom, Procedure
from services.chassis.law.content import DocumentError
from services.registry.identities.store import ON_RECORD


def require_document(procedure: Procedure) -> None:
    """Raises ``ValueError`` for a procedure that may not."""
    effect = procedure.effect
    if effect.fact != PersonCorrected.type_name or effect.terms:
        raise DocumentError(
            (), f"{effect.fact}不更正身份信息，请更正 effect.fact", f"{effect.fact} corrects no identity"
        )
    if effect.effective is not EffectiveFrom.DECISION:
        raise DocumentError(
            (), "自何日起更正由申请写明，请更正 effective", "since when a correction holds, its application says"
        )
    if set(procedure.statuses) != {ON_RECORD}:
        raise DocumentError((), f"statuses：户须为{ON_RECORD}", f"statuses: a household is {ON_RECORD}")
    if procedure.opening.causes or procedure.green_channel is not None:
        raise DocumentError(
            (), "更正没有原因，也没有绿色通道；请删去", "a correction has neither causes nor a green channel"
        )
