"""Which procedure documents may correct an identity."""

from contracts.registry.identities import PersonCorrected
from services.casework.procedures.document import EffectiveFrom, Procedure
from services.registry.identities.store import ON_RECORD


def require_document(procedure: Procedure) -> None:
    """Raises ``ValueError`` for a procedure that may not."""
    effect = procedure.effect
    if effect.fact != PersonCorrected.type_name or effect.terms:
        raise ValueError(f"{effect.fact} corrects no identity")
    if effect.effective is not EffectiveFrom.DECISION:
        raise ValueError("since when a correction holds, its application says")
    if set(procedure.statuses) != {ON_RECORD}:
        raise ValueError(f"statuses: a household is {ON_RECORD}")
    if procedure.opening.causes or procedure.green_channel is not None:
        raise ValueError("a correction has neither causes nor a green channel")
