"""What the procedure documents of ends, merges and returns say, what an application says, and the fact of its proposal. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from contracts.facts import Precision
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated, ReinstatedAs
from contracts.registry.merges import (
    HouseholdEndProposed,
    PersonsMerged,
    PersonsMergeProposed,
    ReinstatementProposed,
    RelationAfterMerge,
)
from contracts.registry.reasons import CancelReason
from services.casework.procedures.document import EffectiveFrom, Procedure
from services.casework.procedures.matters import read_terms
from services.casework.procedures.state import CaseState
from services.chassis.ground.refusals import Refused, rule
from services.chassis.law.content import DocumentError

HOUSEHOLD_RECORD = "household_record"


class Record(StrEnum):
    """Whether the household is on record: the standing that these procedures change."""

    ON_RECORD = "on_record"
    ENDED = "ended"


REASON_NOT_OF_PROCEDURE = rule(
    "end_reason_not_of_procedure",
    zh="该程序不办理此原因的注销；请从 reasons 中选填，或改用相应程序（最后一名成员去世请登记去世，并户请用并户程序）。",
    en="This procedure ends no household for that reason: take one of ``reasons``, or the procedure for it (a death is entered as"
    " such, a merge by its procedure).",
    source="effect of the procedure document",
)

PROPOSALS = (HouseholdEndProposed, ReinstatementProposed, PersonsMergeProposed)
Proposal = HouseholdEndProposed | ReinstatementProposed | PersonsMergeProposed


class _Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a document, or of an application: every missing or unknown key is an error."""


class EndEffect(_Terms, frozen=True, kw_only=True):
    """``reasons``: those for which it ends a household; a merge is alone among them."""

    reasons: tuple[CancelReason, ...]


class ReinstatementEffect(_Terms, frozen=True, kw_only=True):
    status: ReinstatedAs


class PersonsMergeEffect(_Terms, frozen=True, kw_only=True):
    """Says nothing of its own."""


EffectTerms = EndEffect | ReinstatementEffect | PersonsMergeEffect
EFFECTS: Mapping[str, type[EffectTerms]] = {
    HouseholdCancelled.type_name: EndEffect,
    HouseholdReinstated.type_name: ReinstatementEffect,
    PersonsMerged.type_name: PersonsMergeEffect,
}


class _Application(_Terms, frozen=True, kw_only=True):
    """``effective_on``: since when it is true, whenever it is decided."""

    effective_on: date
    precision: Precision = Precision.DAY


class EndApplication(_Application, frozen=True, kw_only=True):
    reason: CancelReason


class MergeApplication(_Application, frozen=True, kw_only=True):
    """``merged_into``: the household that goes on; ``relations``: of everybody who joins it, to its head."""

    merged_into: UUID
    relations: tuple[RelationAfterMerge, ...]


class ReinstatementApplication(_Application, frozen=True, kw_only=True):
    """``person_ids``: those of the members at its end who came back."""

    person_ids: tuple[UUID, ...]
    head: UUID


class PersonsMergeApplication(_Application, frozen=True, kw_only=True):
    """``person_id`` is a duplicate of ``same_as``, who is a member of ``same_as_household_id``."""

    person_id: UUID
    same_as: UUID
    same_as_household_id: UUID
    successor: UUID | None = None


def effect_terms(procedure: Procedure) -> EffectTerms:
    """Raises ``ValueError`` for an effect that is none on a record, or with other terms than its own."""
    if procedure.effect.fact not in EFFECTS:
        raise DocumentError(
            (),
            f"{procedure.effect.fact}既不注销也不恢复户，请更正 effect.fact",
            f"{procedure.effect.fact} neither ends nor reinstates a household",
        )
    return msgspec.convert(dict(procedure.effect.terms), EFFECTS[procedure.effect.fact])


def require_document(procedure: Procedure) -> None:
    """Raises ``ValueError`` for a procedure that may not change whether a household is on record."""
    terms = effect_terms(procedure)
    if procedure.effect.effective is not EffectiveFrom.APPLICATION:
        raise DocumentError(
            (), "effective：自何日起由申请写明，请更正", "effective: the application says since when it is true"
        )
    if unknown := {*procedure.statuses} - {*Record}:
        raise DocumentError(
            (),
            f"{'、'.join(sorted(unknown))}：户须为 {Record.ON_RECORD} 或 {Record.ENDED}",
            f"{sorted(unknown)}: a household is {Record.ON_RECORD} or {Record.ENDED}",
        )
    if isinstance(terms, EndEffect):
        if CancelReason.LAST_MEMBER_DIED in terms.reasons or not terms.reasons:
            raise DocumentError(
                (), "reasons：至少一个；死亡另行登记，请删去", "reasons: at least one, and a death is entered as such"
            )
        if CancelReason.MERGED in terms.reasons and len(terms.reasons) > 1:
            raise DocumentError((), "reasons：合户另有程序，请删去", "reasons: a merge has a procedure of its own")


def proposal_of(case: CaseState, procedure: Procedure, terms: Mapping[str, Any], entered_by: str) -> Proposal:
    """What the application asks for. Raises ``Refused`` for terms that are malformed."""
    common: dict[str, Any] = {"household_id": case.subject, "case_id": case.case_id, "entered_by": entered_by}
    match effect_terms(procedure):
        case EndEffect(reasons=(CancelReason.MERGED,)):
            merge = read_terms(MergeApplication, terms)
            return HouseholdEndProposed(**common, **_fields(merge), reason=CancelReason.MERGED)
        case EndEffect(reasons=reasons):
            end = read_terms(EndApplication, terms)
            if end.reason not in reasons:
                raise Refused(REASON_NOT_OF_PROCEDURE, reasons=list(reasons))
            return HouseholdEndProposed(**common, **_fields(end))
        case ReinstatementEffect():
            return ReinstatementProposed(**common, **_fields(read_terms(ReinstatementApplication, terms)))
        case PersonsMergeEffect():
            return PersonsMergeProposed(**common, **_fields(read_terms(PersonsMergeApplication, terms)))


def effect_of(
    proposal: Proposal, procedure: Procedure, **common: Any
) -> HouseholdCancelled | HouseholdReinstated | PersonsMerged:
    """The fact that was applied for. ``common``: who decided it, and from what."""
    shared: dict[str, Any] = {
        "household_id": proposal.household_id, "case_id": proposal.case_id, "effective_on": proposal.effective_on,
        "precision": proposal.precision, **common,
    }  # fmt: skip
    match proposal:
        case HouseholdEndProposed(reason=reason, merged_into=merged_into):
            return HouseholdCancelled(**shared, reason=reason, merged_into=merged_into)
        case ReinstatementProposed(person_ids=persons, head=head):
            terms = effect_terms(procedure)
            assert isinstance(terms, ReinstatementEffect)
            return HouseholdReinstated(**shared, person_ids=persons, head=head, status=terms.status)
        case PersonsMergeProposed(person_id=person, same_as=same_as, same_as_household_id=there):
            return PersonsMerged(**shared, person_id=person, same_as=same_as, same_as_household_id=there)


def others_of(proposal: Proposal) -> tuple[UUID, ...]:
    """Households beside its own that it is about."""
    match proposal:
        case HouseholdEndProposed(merged_into=household) if household is not None:
            return (household,)
        case PersonsMergeProposed(same_as_household_id=household):
            return (household,)
    return ()


def joining_by(proposal: Proposal) -> tuple[UUID, ...]:
    """Who would be a member where they are none."""
    match proposal:
        case HouseholdEndProposed(relations=relations):
            return tuple(each.person_id for each in relations)
        case ReinstatementProposed(person_ids=persons):
            return persons
    return ()


def _fields(application: _Application) -> dict[str, Any]:
    return {name: getattr(application, name) for name in application.__struct_fields__}
