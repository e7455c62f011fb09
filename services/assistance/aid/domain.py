"""What of an application for education aid is not procedure: pure decisions on the pupil's state and the dated
parameters."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from contracts.assistance.aid import AidApplied, AidGranted
from services.assistance.aid.eligibility import reasons_against
from services.assistance.aid.rules import CEILING_REACHED, GRANTED_LATER, NOT_ELIGIBLE, STAGE_CHANGED
from services.assistance.aid.standards import Standard, standard
from services.assistance.aid.state import Grant
from services.casework.people.state import PersonState
from services.casework.procedures.document import Procedure
from services.casework.procedures.state import CaseState
from services.chassis.ground.refusals import Refused
from services.chassis.law.parameters import ParameterSource

EDUCATION_AID = "education_aid"
"""The standing, as procedure documents name it."""
AIDED, UNAIDED = "aided", "unaided"


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an application says besides. ``other_grants_per_year``: yuan from other public grants for the same stage, as
    decimal text; it counts under a ceiling."""

    other_grants_per_year: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,8}(\.[0-9]{1,2})?$")] = "0"


def stream_of(person_id: UUID) -> str:
    return f"education-aid-{person_id}"


def require_document(procedure: Procedure) -> None:
    """Raises ``ValueError`` for a procedure that could grant no education aid."""
    procedure.require_appraisal_and_notice()
    if procedure.effect.fact != AidGranted.type_name or procedure.effect.terms:
        raise ValueError("education aid is granted, by the standard of the day and no other terms")
    if procedure.statuses != (UNAIDED,):
        raise ValueError("education aid is for pupils who have none")


def apply(case: CaseState, pupil: PersonState, terms: Terms, parameters: ParameterSource) -> AidApplied:
    """The aid's own part of an application. ``pupil``: on the day of the application. Raises ``Refused``."""
    other_grants = Decimal(terms.other_grants_per_year)
    payable_standard(pupil, case.opened_on, other_grants, parameters)
    assert pupil.household_id is not None  # an eligible pupil lives somewhere
    assert pupil.division is not None
    (by,) = {account for account, _ in case.entries}
    return AidApplied(
        household_id=pupil.household_id, person_id=case.subject, case_id=case.case_id, effective_on=case.opened_on,
        entered_by=by, division=pupil.division, stage=pupil.stage, boarder=pupil.boarder,
        other_grants_per_year=other_grants,
    )  # fmt: skip


def payable_standard(pupil: PersonState, day: date, other_grants: Decimal, parameters: ParameterSource) -> Standard:
    """The standard under which this pupil would be paid something. Raises ``Refused``, naming every reason."""
    found = standard(parameters, pupil.stage, day, pupil.division or "")
    if (against := reasons_against(pupil, found)) or found is None:
        raise Refused(NOT_ELIGIBLE, reasons=[str(r) for r in against])
    if found.payable(other_grants) == 0:
        raise Refused(CEILING_REACHED, ceiling=str(found.amount), other_grants=str(other_grants))
    return found


def grantable_standard(applied: AidApplied, pupil: PersonState, day: date, parameters: ParameterSource) -> Standard:
    """Eligibility is judged again on the day of the decision: the standard of that day. Raises ``Refused``."""
    found = payable_standard(pupil, day, applied.other_grants_per_year, parameters)
    if found.stage is not applied.stage:
        raise Refused(STAGE_CHANGED, applied_for=applied.stage, stage=found.stage)
    return found


def require_no_later_grant(new: Grant, others: Iterable[Grant]) -> None:
    """A decision entered late may precede what was granted since. Raises ``Refused``."""
    for other in others:
        if new.overlaps(other):
            raise Refused(GRANTED_LATER, granted_from=other.granted.effective_on, until=new.until)


def grant(
    case: CaseState, applied: AidApplied, pupil: PersonState, parameters: ParameterSource, by: str, caused_by: str,
) -> AidGranted:  # fmt: skip
    """What an approved case brings about, at the standard of the decision's day. Raises ``Refused``."""
    assert case.decision is not None
    day = case.decision.decided_on
    found = grantable_standard(applied, pupil, day, parameters)
    return AidGranted(
        household_id=pupil.household_id or applied.household_id, person_id=case.subject, case_id=case.case_id,
        effective_on=day, entered_by=by, decision=case.decision, caused_by=caused_by,
        division=pupil.division or applied.division, stage=found.stage, standard_since=found.since,
        amount_per_year=found.payable(applied.other_grants_per_year),
    )  # fmt: skip
