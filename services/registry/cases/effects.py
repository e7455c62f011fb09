"""The household fact that an approved case brings about. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from contracts.registry.codes import PovertyCause
from contracts.registry.poverty_status import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    PovertyStatus,
    Standard,
)
from services.casework.procedures.document import EffectiveFrom, Procedure
from services.casework.procedures.state import CaseState, Subject
from services.chassis.law.content import DocumentError

StatusFact = HouseholdEnrolled | HouseholdExited | HouseholdReturned | HouseholdRemoved


class _Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the procedure document says of the fact; every missing or unknown key is an error."""


class Enrolment(_Terms, frozen=True, kw_only=True):
    standard: Standard


class Exit(_Terms, frozen=True, kw_only=True):
    enjoys_policies: bool


class Return(_Terms, frozen=True, kw_only=True):
    """Its cause is that of the opening."""


class Removal(_Terms, frozen=True, kw_only=True):
    reason: str


Terms = Enrolment | Exit | Return | Removal
TERMS: Mapping[str, type[Terms]] = {
    HouseholdEnrolled.type_name: Enrolment,
    HouseholdExited.type_name: Exit,
    HouseholdReturned.type_name: Return,
    HouseholdRemoved.type_name: Removal,
}


def terms_of(procedure: Procedure) -> Terms:
    """Raises ``ValueError`` for an effect that no household knows, or with other terms than its own."""
    effect = procedure.effect
    if effect.fact not in TERMS:
        raise DocumentError(
            (), f"{effect.fact}不改变贫困身份，请更正 effect.fact", f"{effect.fact} changes no poverty status"
        )
    return msgspec.convert(dict(effect.terms), TERMS[effect.fact])


def require_document(procedure: Procedure) -> None:
    """Raises ``ValueError`` for a procedure that may not change a poverty status."""
    procedure.require_appraisal_and_notice()
    known = {status.value for status in PovertyStatus}
    if unknown := set(procedure.statuses) - known:
        raise DocumentError(
            (),
            f"{'、'.join(sorted(unknown))}不是贫困身份，请更正 statuses",
            f"{sorted(unknown)} are no poverty statuses",
        )
    if unknown := set(procedure.opening.causes) - {cause.value for cause in PovertyCause}:
        raise DocumentError(
            (), f"{'、'.join(sorted(unknown))}不是致贫原因，请更正", f"{sorted(unknown)} are no causes of poverty"
        )
    terms, effective = terms_of(procedure), procedure.effect.effective
    if effective is not EffectiveFrom.DECISION and not (
        isinstance(terms, Removal) and effective in (EffectiveFrom.ENTRY, EffectiveFrom.FIRST_ENTRY)
    ):
        raise DocumentError(
            (),
            f"effective 不能是{effective}：除清退外，贫困身份自决定之日起生效",
            f"effective from {effective}: a poverty status is, but a removal's, effective from the decision",
        )
    if isinstance(terms, Return) and not procedure.opening.cause_required:
        raise DocumentError((), "返贫须在立案时写明原因，请加上 causes", "a return needs its cause at the opening")


def effect_of(
    case: CaseState, procedure: Procedure, household: Subject, entered_by: str, entries: Sequence[date] = ()
) -> StatusFact:
    """The household fact of an approved case, for the household's own stream; the store adds ``caused_by``. ``entries``: the
    days on which the household was taken in, where that is undone.

    Raises ``ValueError`` for a case that was not approved."""
    if not case.approved or case.decision is None:
        raise AssertionError("only an approved case has an effect")
    undone = {EffectiveFrom.ENTRY: entries[-1:], EffectiveFrom.FIRST_ENTRY: entries[:1]}
    common: dict[str, Any] = {
        "household_id": case.subject,
        "case_id": case.case_id,
        "effective_on": next(iter(undone.get(procedure.effect.effective, ())), case.decision.decided_on),
        "entered_by": entered_by,
        "decision": case.decision,
    }
    match terms_of(procedure):
        case Enrolment(standard=standard):
            return HouseholdEnrolled(**common, standard=standard)
        case Exit(enjoys_policies=enjoys_policies):
            return HouseholdExited(**common, enjoys_policies=enjoys_policies)
        case Return():
            return HouseholdReturned(**common, cause=PovertyCause(case.cause or ""), former_exit=household.fact_id)
        case Removal(reason=reason):
            return HouseholdRemoved(**common, reason=reason)
