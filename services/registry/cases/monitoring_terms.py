"""What the procedure documents of monitoring say of their effects, what an application says, and the fact of its proposal. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from contracts.registry.codes import LabourSkill
from contracts.registry.monitoring import (
    EliminationManner,
    EliminationProposed,
    EliminationWithdrawn,
    MonitoringProposed,
    MonitoringStarted,
    MonitoringStatus,
    RiskEliminated,
)
from contracts.roles import Role
from services.casework.dates import months_later
from services.casework.people.state import WORKING_AGE
from services.casework.procedures.document import EffectiveFrom, Procedure
from services.casework.procedures.matters import no_terms, read_terms
from services.casework.procedures.state import CaseState
from services.casework.procedures.value_types import Key
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused, rule
from services.chassis.law.content import DocumentError
from services.registry.households.state import Household

MONITORING_STATUS = "monitoring_status"
"""The standing that these procedures change."""
NOT_MONITORED = "none"
STANDINGS = frozenset({NOT_MONITORED, *MonitoringStatus})

MANNER_NOT_OF_PROCEDURE = rule(
    "elimination_manner_not_of_procedure",
    zh="该程序不以此方式消除风险，请从 manners 中选填。",
    en="This procedure eliminates no risk in that manner: take one of ``manners``.",
    source="effect of the procedure document",
)
EARLY_WITHOUT_REASON = rule(
    "early_elimination_without_reason",
    zh="纳入监测未满规定月数（原则上至 due_on），提前消除须从 reasons 中填写理由。",
    en="The months that the procedure asks for in principle are not over (until ``due_on``): an earlier elimination gives one of"
    " ``reasons``.",
    source="domain reference: risk elimination (six months in principle; an earlier one needs a reason)",
)
HOUSEHOLD_WITHOUT_LABOUR = rule(
    "household_without_labour",
    zh="该户当日没有劳动能力成员，暂不标注风险消除；属自然消除的，请改填消除方式。",
    en="Nobody of the household is able to work on that day, so it is provisionally not marked; where the risk went naturally, give that"
    " manner.",
    source="domain reference: risk elimination (households without any labour are provisionally not marked)",
)
LABOUR_NOT_ASKED = rule(
    "labour_not_asked",
    zh="该户当日没有已登记的劳动能力成员，而成员（见 members）的劳动技能尚未询问；请先入户登记其劳动技能，再标注风险消除。",
    en="Nobody of the household is on record as able to work on that day, and of its ``members`` named the labour skill was never asked:"
    " survey it first, then have the risk marked as eliminated.",
    source="docs/decisions/0113-not-asked-is-not-none.md",
)
ABLE = frozenset({LabourSkill.ORDINARY, LabourSkill.SKILLED, LabourSkill.WEAK})


class _Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of a document, or of an application: every missing or unknown key is an error."""


class StartEffect(_Terms, frozen=True, kw_only=True):
    """``kinds``: key of the document of kinds."""

    kinds: Key


class MannerTerms(_Terms, frozen=True, kw_only=True):
    """``stable_months``: since the household was taken in, in principle; ``labour_required``: whether somebody must be able to
    work."""

    stable_months: Annotated[int, Meta(ge=0, le=120)]
    labour_required: bool


class EliminationEffect(_Terms, frozen=True, kw_only=True):
    """``early_reasons``: codes of why it may be earlier."""

    manners: Annotated[dict[EliminationManner, MannerTerms], Meta(min_length=1)]
    early_reasons: tuple[Key, ...] = ()


class WithdrawalEffect(_Terms, frozen=True, kw_only=True):
    """Says nothing of its own."""


Effect = StartEffect | EliminationEffect | WithdrawalEffect
EFFECTS: Mapping[str, type[Effect]] = {
    MonitoringStarted.type_name: StartEffect,
    RiskEliminated.type_name: EliminationEffect,
    EliminationWithdrawn.type_name: WithdrawalEffect,
}


class StartApplication(_Terms, frozen=True, kw_only=True):
    kind: str
    risks: tuple[str, ...]


class EliminationApplication(_Terms, frozen=True, kw_only=True):
    manner: EliminationManner
    early_reason: str | None = None


def effect_terms(procedure: Procedure) -> Effect:
    """Raises ``ValueError`` for an effect that changes no monitoring status, or with other terms than its own."""
    if procedure.effect.fact not in EFFECTS:
        raise DocumentError(
            (),
            f"{procedure.effect.fact}不改变监测身份，请更正 effect.fact",
            f"{procedure.effect.fact} changes no monitoring status",
        )
    return msgspec.convert(dict(procedure.effect.terms), EFFECTS[procedure.effect.fact])


def require_document(procedure: Procedure) -> None:
    """Raises ``ValueError`` for a procedure that may not change a monitoring status."""
    procedure.require_appraisal_and_notice()
    terms, effective = effect_terms(procedure), procedure.effect.effective
    if unknown := {*procedure.statuses} - STANDINGS:
        raise DocumentError(
            (),
            f"{'、'.join(sorted(unknown))}不是户的身份；须为下列之一：{'、'.join(sorted(STANDINGS))}",
            f"{sorted(unknown)}: a household is one of {', '.join(sorted(STANDINGS))}",
        )
    undoes = isinstance(terms, WithdrawalEffect) and effective is EffectiveFrom.ENTRY
    if effective is not EffectiveFrom.DECISION and not undoes:
        raise DocumentError(
            (),
            f"effective 不能是{effective}：自决定之日起；撤回的也可自原决定生效之日（entry）起",
            f"effective from {effective}: from the decision; a withdrawal also from what it undoes (entry)",
        )


Proposal = MonitoringProposed | EliminationProposed


def proposal_of(
    case: CaseState, procedure: Procedure, terms: Mapping[str, Any], household: Household, entered_by: str
) -> Proposal | None:
    """What the application asks for; ``None`` where it says nothing of its own. ``household``: on the day of the opening.
    Raises ``Refused``."""
    common: dict[str, Any] = {
        "household_id": case.subject, "case_id": case.case_id, "effective_on": case.opened_on, "entered_by": entered_by,
    }  # fmt: skip
    match effect_terms(procedure):
        case StartEffect():
            start = read_terms(StartApplication, terms)
            return MonitoringProposed(**common, kind=start.kind, risks=start.risks)
        case EliminationEffect() as effect:
            asked = read_terms(EliminationApplication, terms)
            require_eliminable(effect, asked.manner, asked.early_reason, household, case.opened_on)
            return EliminationProposed(**common, manner=asked.manner, early_reason=asked.early_reason)
        case WithdrawalEffect():
            no_terms(terms)
            return None


def require_eliminable(
    effect: EliminationEffect, manner: EliminationManner, reason: str | None, household: Household, day: date
) -> None:
    """Raises ``Refused`` where the household's risk is not marked as eliminated in that manner on that day."""
    asked = effect.manners.get(manner)
    if asked is None:
        raise Refused(MANNER_NOT_OF_PROCEDURE, manners=sorted(effect.manners))
    due_on = _due_on(asked, household, day)
    if (day < due_on or reason is not None) and reason not in effect.early_reasons:
        raise Refused(EARLY_WITHOUT_REASON, due_on=due_on, reasons=effect.early_reasons)
    members = household.members.values()
    if asked.labour_required and not any(m.labour_skill in ABLE for m in members):
        grown = [m for m in members if day.year - m.birth_year >= WORKING_AGE]
        if unasked := [m.person_id for m in grown if not m.labour_skill]:
            raise Refused(LABOUR_NOT_ASKED, members=sorted(unasked)).advising(
                *(
                    NextStep("survey_member", Office((Role.CADRE,)), {"household_id": household.id, "person_id": each})
                    for each in sorted(unasked)
                )
            )
        raise Refused(HOUSEHOLD_WITHOUT_LABOUR)


def _due_on(asked: MannerTerms, household: Household, day: date) -> date:
    """From when the risk may be marked as eliminated without a reason of its own."""
    monitored = household.monitoring
    return day if monitored is None else months_later(monitored.started_on, asked.stable_months)


def effect_of(
    proposal: Proposal | None, procedure: Procedure, case: CaseState, household: Household, entered_by: str
) -> MonitoringStarted | RiskEliminated | EliminationWithdrawn:
    """The fact of the approved case. ``household``: on the day of the decision."""
    assert case.decision is not None
    common: dict[str, Any] = {
        "household_id": case.subject, "case_id": case.case_id, "effective_on": case.decision.decided_on,
        "entered_by": entered_by, "decision": case.decision,
    }  # fmt: skip
    match proposal:
        case MonitoringProposed(kind=kind, risks=risks):
            return MonitoringStarted(**common, kind=kind, risks=risks)
        case EliminationProposed(manner=manner, early_reason=reason):
            effect, decided_on = effect_terms(procedure), case.decision.decided_on
            assert isinstance(effect, EliminationEffect)
            # Applied for early and decided when it was due: not early any more.
            early = decided_on < _due_on(effect.manners[manner], household, decided_on)
            return RiskEliminated(**common, manner=manner, early_reason=reason if early else None)
    undone = household.monitoring
    if undone is not None and procedure.effect.effective is EffectiveFrom.ENTRY:
        common["effective_on"] = undone.since
    return EliminationWithdrawn(**common, elimination="" if undone is None else undone.fact)


def proposed_in(case_id: UUID, facts: Any) -> Proposal | None:
    """The proposal of that case among a household's facts."""
    return next(
        (
            r.fact
            for r in facts
            if isinstance(r.fact, MonitoringProposed | EliminationProposed) and r.fact.case_id == case_id
        ),
        None,
    )
