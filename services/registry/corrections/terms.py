"""The terms of a correction: what an application says of its own, and what of it is taken from the decisions it replaces. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.facts import Decision, Precision, Recorded
from contracts.registry.codes import PovertyCause
from contracts.registry.corrections import CorrectDecision, CorrectionMade, CorrectionProposed, StatusDecision
from contracts.registry.ends import HouseholdCancelled
from contracts.registry.poverty_status import Standard
from contracts.registry.reasons import CancelReason
from contracts.selection import surviving
from services.casework.procedures.document import Decision as DecisionStep
from services.casework.procedures.document import Procedure
from services.casework.procedures.state import CaseState
from services.chassis.ground.field_texts import read_line
from services.chassis.ground.refusals import Refused, rule
from services.chassis.law.content import DocumentError
from services.registry.corrections.domain import KINDS, NOT_STANDING, NOTHING_TO_CORRECT, StatusFact

RECORDED = "recorded"
"""The one value of the standing: the household was recorded once, whatever stands of it."""

DECISION_INCOMPLETE = rule(
    "corrected_decision_incomplete",
    zh="应有的决定填写不全：请补 missing 所列各项，或以 in_place_of 指明它所取代的决定（未填各项照原决定）。",
    en="The decision as it should have been is incomplete: give what is listed as ``missing``, or name by ``in_place_of`` the"
    " decision that it replaces, whose values hold where none is given.",
    source="docs/decisions/0036-corrections.md",
)

PART_OF_ACT = frozenset({CancelReason.LAST_MEMBER_DIED, CancelReason.MERGED, CancelReason.DUPLICATE})
"""Ends that the same act says more of: a death, a merge, a duplicate person."""
END_IS_PART_OF_ACT = rule(
    "end_is_part_of_act",
    zh="该注销与去世、并户或重复认定是同一次登记，不能单独更正：请在 acts 中列明该次登记，再按正确情况重新登记。",
    en="That the household ended is part of the act that recorded a death, a merge or a duplicate: name the whole act in ``acts``,"
    " and enter what is right anew.",
    source="docs/decisions/0036-corrections.md",
)

Line = Annotated[str, Meta(min_length=1, max_length=200)]
Code = Annotated[str, Meta(pattern=r"^[a-z][a-z_]{0,60}\Z")]
FactId = Annotated[str, Meta(pattern=r"^registry/household-[0-9a-f-]{36}/[0-9]{1,9}\Z")]


class DecisionTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A decision as it should have been. ``in_place_of``: id of the fact of a decision that becomes void and whose values hold
    where none is given here, its case among them. ``household_id``: the corrected household where none is given."""

    in_place_of: FactId | None = None
    household_id: UUID | None = None
    kind: StatusDecision | None = None
    effective_on: date | None = None
    precision: Precision | None = None
    organ: Line | None = None
    decided_on: date | None = None
    document_no: Line | None = None
    signer: Line | None = None
    standard: Standard | None = None
    enjoys_policies: bool | None = None
    cause: PovertyCause | None = None
    removed_for: Code | None = None
    ended_for: CancelReason | None = None


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``acts``: commands all of whose facts were wrong; ``facts``: ids of single decisions that were; ``report``: what the
    correction makes true."""

    acts: Annotated[tuple[UUID, ...], Meta(max_length=50)] = ()
    facts: Annotated[tuple[FactId, ...], Meta(max_length=50)] = ()
    decisions: Annotated[tuple[DecisionTerms, ...], Meta(max_length=20)] = ()
    report: UUID | None = None


def require_document(procedure: Procedure) -> None:
    """Raises ``ValueError`` for a procedure that could correct nothing, or without paper."""
    effect, opening = procedure.effect, procedure.opening
    if effect.fact != CorrectionMade.type_name or effect.terms:
        raise DocumentError(
            (),
            f"更正的 effect.fact 须为 {CorrectionMade.type_name}，不另写条件",
            f"a correction brings about {CorrectionMade.type_name}, with no terms of the document",
        )
    if not isinstance(procedure.step(effect.at), DecisionStep):
        raise DocumentError((), "更正以决定生效，请更正 effective", "a correction takes effect by its decision")
    if procedure.statuses != (RECORDED,):
        raise DocumentError(
            (),
            f"凡已登记的都可更正，须写 statuses: [{RECORDED}]",
            f"whatever was recorded can be corrected: statuses: [{RECORDED}]",
        )
    if not opening.uploaded or not set(opening.uploaded) <= set(opening.evidence):
        raise DocumentError(
            (), "更正须有立案时上传的依据，请加上", "a correction rests on a paper that is uploaded when it is opened"
        )
    if procedure.green_channel is not None:
        raise DocumentError((), "决定之前不更正任何事项，请删去绿色通道", "nothing is corrected before it is decided")


def resolve(terms: Terms, case: CaseState, concerned: Mapping[UUID, Sequence[Recorded]], by: str) -> CorrectionProposed:
    """What the terms come to. ``concerned``: everything about the households concerned. Raises ``Refused``."""
    if terms == Terms():
        raise Refused(NOTHING_TO_CORRECT)
    standing = {r.id: r.fact for facts in concerned.values() for r in surviving(facts)}
    replaced = [d.in_place_of for d in terms.decisions if d.in_place_of is not None]
    wrong = tuple(dict.fromkeys((*terms.facts, *replaced)))
    for fact_id in wrong:
        if not isinstance(fact := standing.get(fact_id), StatusFact):
            raise Refused(NOT_STANDING, named=fact_id)
        if isinstance(fact, HouseholdCancelled) and fact.reason in PART_OF_ACT:
            raise Refused(END_IS_PART_OF_ACT, named=fact_id)
    whole = {r.id for facts in concerned.values() for r in facts if r.command_id in terms.acts}
    return CorrectionProposed(
        household_id=case.subject, case_id=case.case_id, effective_on=case.opened_on, entered_by=by, acts=terms.acts,
        facts=tuple(fact_id for fact_id in wrong if fact_id not in whole),
        decisions=tuple(_decision(d, case.subject, standing.get(d.in_place_of or "")) for d in terms.decisions),
        report=terms.report,
    )  # fmt: skip


def _decision(given: DecisionTerms, household: UUID, replaced: Any) -> CorrectDecision:
    """``replaced``: the fact in whose place it comes."""
    former: dict[str, Any] = {} if replaced is None else _values_of(replaced)
    text = {"organ": given.organ, "document_no": given.document_no, "signer": given.signer}
    own = {name: getattr(given, name) for name in given.__struct_fields__ if name not in text}
    own |= {name: None if line is None else read_line(line).value for name, line in text.items()}
    values = {**former, **{name: value for name, value in own.items() if value is not None}}
    if given.effective_on is not None and given.precision is None:
        values["precision"] = Precision.DAY  # the former day may have been known to the year only
    kind = values.get("kind")
    if missing := tuple(name for name in (*REQUIRED, *REQUIRED_OF.get(kind, ())) if values.get(name) is None):
        raise Refused(DECISION_INCOMPLETE, missing=missing)
    if kind is StatusDecision.ENDED and values["ended_for"] in PART_OF_ACT:
        raise Refused(END_IS_PART_OF_ACT, named=values["ended_for"])
    decision = Decision(**{name: values[name] for name in Decision.__struct_fields__})
    return CorrectDecision(
        household_id=given.household_id or values.get("household_id") or household, kind=values["kind"],
        effective_on=values["effective_on"], precision=values.get("precision") or Precision.DAY, decision=decision,
        case_id=values.get("case_id"),
        **{name: values.get(name) for name in OF_KIND[values["kind"]]},
    )  # fmt: skip


REQUIRED = ("kind", "effective_on", *Decision.__struct_fields__)
OF_KIND: Mapping[StatusDecision, tuple[str, ...]] = {
    StatusDecision.ENROLLED: ("standard",),
    StatusDecision.EXITED: ("enjoys_policies",),
    StatusDecision.RETURNED: ("cause",),
    StatusDecision.REMOVED: ("removed_for",),
    StatusDecision.ENDED: ("ended_for",),
}
REQUIRED_OF: Mapping[Any, Iterable[str]] = OF_KIND


def _values_of(fact: StatusFact) -> dict[str, Any]:
    """As the terms name them."""
    decision = {} if fact.decision is None else msgspec.structs.asdict(fact.decision)
    own = {"standard", "enjoys_policies", "cause"} & set(fact.__struct_fields__)
    return {
        "household_id": fact.household_id, "kind": KINDS[type(fact)], "effective_on": fact.effective_on,
        "precision": fact.precision, "case_id": fact.case_id, **decision, **{name: getattr(fact, name) for name in own},
        "ended_for" if isinstance(fact, HouseholdCancelled) else "removed_for": getattr(fact, "reason", None),
    }  # fmt: skip
