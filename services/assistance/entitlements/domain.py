"""What of an application under a programme is not procedure: pure decisions on the unit's state and the programme's edition."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from contracts.assistance.entitlements import EntitlementApplied, EntitlementGranted, GrantedAmount
from contracts.assistance.programmes import UnitKind
from services.assistance.entitlements.reckoning import inputs_of
from services.assistance.entitlements.rules import (
    AMOUNT_UNKNOWN,
    CEILING_REACHED,
    GRANTED_LATER,
    NOT_ELIGIBLE,
    RULE_NOT_IN_FORCE,
    STAGE_CHANGED,
)
from services.assistance.entitlements.state import Grant
from services.assistance.programmes.amounts.parts import NOTHING, Payable
from services.assistance.programmes.document import Programme
from services.assistance.programmes.eligibility import assess
from services.assistance.programmes.lookup import Programmes
from services.assistance.programmes.predicates import Candidate
from services.assistance.programmes.reasons import Reason
from services.casework.procedures.document import Procedure
from services.casework.procedures.state import CaseState
from services.casework.procedures.value_types import Key
from services.chassis.ground.refusals import Refused
from services.chassis.law.content import DocumentError
from services.chassis.law.dated import NotInForce

RECEIVING, NOT_RECEIVING = "receiving", "not_receiving"
"""What a unit's standing in a programme is on a day; the standing itself is named after the programme."""
Money = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,8}(\.[0-9]{1,2})?$")]
MOST_PROOFS = 20
STREAMS = "entitlements-"


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an application says besides: see ``EntitlementApplied``. Yuan as decimal text."""

    other_grants: Money = "0"
    income: Money | None = None
    proved: Annotated[tuple[Key, ...], msgspec.Meta(max_length=MOST_PROOFS)] = ()
    level: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    decided: Money | None = None

    def as_income(self) -> Decimal | None:
        return None if self.income is None else Decimal(self.income)


@dataclass(frozen=True, slots=True)
class Unit:
    """The subject of an application on a day. ``persons``: who live in it, one of a person; ``outside``: what it is, of a unit outside
    of the register."""

    id: UUID
    candidate: Candidate
    persons: int = 1
    outside: UnitKind | None = None

    @property
    def household_id(self) -> UUID | None:
        """Of a unit outside of the register its own id."""
        return self.candidate.person.household_id if self.outside is None else self.id

    def reasons_against(self, programme: Programme) -> tuple[Reason, ...]:
        """Why a programme can be for no unit of this kind."""
        if self.outside is not None:
            fits = programme.outside and programme.unit is self.outside
        elif self.id == self.household_id:
            fits = programme.unit is UnitKind.HOUSEHOLD
        else:
            fits = programme.is_of_persons
        return () if fits else (Reason.ANOTHER_KIND_OF_UNIT,)


def stream_of(unit_id: UUID) -> str:
    return f"{STREAMS}{unit_id}"


def unit_of(stream: str) -> UUID:
    return UUID(stream.removeprefix(STREAMS))


def require_document(procedure: Procedure) -> None:
    """Raises ``ValueError`` for a procedure that could grant nothing."""
    procedure.require_appraisal_and_notice()
    if procedure.effect.fact != EntitlementGranted.type_name or procedure.effect.terms:
        raise DocumentError(
            (),
            "资格按当日的政策认定，不另设条件；请删去条件",
            "an entitlement is granted, by the programme of the day and no other terms",
        )
    if procedure.statuses != (NOT_RECEIVING,):
        raise DocumentError(
            (), "政策只授予尚未享受的对象，请更正 statuses", "a programme is granted to units that do not have it"
        )


def programme_for(programmes: Programmes, key: str, candidate: Candidate, applied_in: str = "") -> Programme:
    """The edition in force where the unit lives, or applied when it lives nowhere any more. Raises ``Refused``."""
    try:
        return programmes.in_force(key, candidate.day, candidate.person.division or applied_in)
    except NotInForce:
        raise Refused(RULE_NOT_IN_FORCE) from None


def apply(case: CaseState, unit: Unit, terms: Terms, programmes: Programmes) -> EntitlementApplied:
    """The programme's own part of an application. ``unit``: on the day of the application. Raises ``Refused``."""
    state = unit.candidate.person
    (by,) = {account for account, _ in case.entries}
    if unit.household_id is None or state.division is None:
        programme = programme_for(programmes, case.standing, unit.candidate)
        raise Refused(NOT_ELIGIBLE, reasons=[str(r) for r in assess(programme, unit.candidate).reasons])
    applied = EntitlementApplied(
        household_id=unit.household_id, unit_id=case.subject, programme=case.standing, case_id=case.case_id,
        effective_on=case.opened_on, entered_by=by, division=state.division, stage=state.stage,
        other_grants=Decimal(terms.other_grants), income=terms.as_income(), proved=terms.proved,
        level=terms.level, decided=None if terms.decided is None else Decimal(terms.decided),
    )  # fmt: skip
    granted_amounts(applied, unit, programmes)
    return applied


def granted_amounts(applied: EntitlementApplied, unit: Unit, programmes: Programmes) -> tuple[GrantedAmount, ...]:
    """What this unit would be paid for each period of each component. Raises ``Refused``, naming every reason."""
    programme = programme_for(programmes, applied.programme, unit.candidate, applied.division)
    finding = assess(programme, unit.candidate)
    if against := (*unit.reasons_against(programme), *finding.reasons):
        raise Refused(NOT_ELIGIBLE, reasons=[str(reason) for reason in against])
    inputs = inputs_of(applied, unit.candidate.person.stage, unit.persons)
    found: list[GrantedAmount] = []
    missing: list[str] = []
    for component in finding.components:
        rate = component.rate_on(unit.candidate.day)
        payable = rate.amount.payable(inputs) if rate is not None else None
        if rate is None or payable is None:
            continue
        if isinstance(payable, Payable):
            found.append(GrantedAmount(component=component.key, yuan=payable.yuan, since=rate.starts))
        elif rate.amount.is_counted:
            found.append(GrantedAmount(component=component.key, yuan=NOTHING, since=rate.starts))
        else:
            missing.append(str(payable))
    if not found:
        raise Refused(AMOUNT_UNKNOWN, missing=missing)
    if all(_leaves_nothing(programme, amount) for amount in found):
        raise Refused(CEILING_REACHED, other_grants=str(applied.other_grants))
    return tuple(found)


def _leaves_nothing(programme: Programme, amount: GrantedAmount) -> bool:
    """Whether what is reckoned against a line is used up; an exemption or goods are no sum from the outset."""
    component = programme.component(amount.component)
    assert component is not None
    rate = component.rate_on(amount.since)
    return amount.yuan == 0 and rate is not None and rate.amount.is_up_to_a_line


def amounts_on_decision(applied: EntitlementApplied, unit: Unit, programmes: Programmes) -> tuple[GrantedAmount, ...]:
    """Eligibility is judged again on the day of the decision, by the edition of that day. Raises ``Refused``."""
    found = granted_amounts(applied, unit, programmes)
    if unit.candidate.person.stage is not applied.stage:
        raise Refused(STAGE_CHANGED, applied_for=applied.stage, stage=unit.candidate.person.stage)
    return found


def require_no_later_grant(new: Grant, others: Iterable[Grant]) -> None:
    """A decision entered late may precede what was granted since. Raises ``Refused``."""
    for other in others:
        if new.overlaps(other):
            raise Refused(GRANTED_LATER, granted_from=other.granted.effective_on, until=new.until)


def grant(
    case: CaseState, applied: EntitlementApplied, unit: Unit, programmes: Programmes, by: str, caused_by: str,
) -> EntitlementGranted:  # fmt: skip
    """What an approved case brings about, as the edition of the decision's day says. Raises ``Refused``."""
    assert case.decision is not None
    state = unit.candidate.person
    amounts = amounts_on_decision(applied, unit, programmes)
    return EntitlementGranted(
        household_id=unit.household_id or applied.household_id, unit_id=case.subject, programme=applied.programme,
        case_id=case.case_id, effective_on=case.decision.decided_on, entered_by=by, decision=case.decision,
        caused_by=caused_by, division=state.division or applied.division, stage=state.stage, persons=unit.persons,
        amounts=amounts,
    )  # fmt: skip
