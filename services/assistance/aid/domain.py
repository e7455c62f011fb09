"""From an application to a grant: pure decisions on a pupil's cases, the pupil's state and the dated parameters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.assistance import aid as facts
from contracts.facts import Fact
from services.assistance.aid import commands as c
from services.assistance.aid import rules
from services.assistance.aid.eligibility import assess_eligibility
from services.assistance.aid.school_years import ONE_DAY
from services.assistance.aid.standards import ProcessRules, Standard, process_rules, standard
from services.assistance.aid.state import AidCase, AidStep
from services.assistance.beneficiaries.domain import PersonState
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.dated import NotInForce
from services.chassis.law.parameters import ParameterSource

Cases = Mapping[int, AidCase]


@dataclass(frozen=True, slots=True)
class DecisionContext:
    """What a decision depends on besides the cases. ``pupil``: the state on the command's day."""

    pupil: PersonState
    parameters: ParameterSource
    today: date


def decide(command: c.Command, cases: Cases, context: DecisionContext) -> list[Fact]:
    """The facts of this command. Raises ``Refused``."""
    if command.on > context.today:
        raise Refused(rules.FUTURE_DAY, on=command.on, today=context.today)
    if isinstance(command, c.Apply):
        return apply(command, cases, context)
    if not isinstance(command, c.OnCase) or command.number not in cases:
        raise Refused(NOT_FOUND)
    case = cases[command.number]
    if not case.is_open:
        raise Refused(rules.APPLICATION_OVER, step=case.step)
    if command.on < case.step_on:
        raise Refused(rules.BEFORE_FORMER_STEP, on=command.on, former=case.step_on)
    return DECISION_FUNCTIONS[type(command)](command, case, context)


def apply(command: c.Apply, cases: Cases, context: DecisionContext) -> list[Fact]:
    """An application for an eligible pupil who has neither aid nor an application under way."""
    open_case = next((case for case in cases.values() if case.is_open), None)
    if open_case is not None:
        raise Refused(rules.APPLICATION_OPEN, application=open_case.number)
    running = next((case for case in cases.values() if case.runs_on(command.on)), None)
    if running is not None:
        raise Refused(rules.ALREADY_GRANTED, application=running.number)
    payable_standard(command.on, command.other_grants, context)
    pupil = context.pupil
    assert pupil.household_id is not None  # an eligible pupil lives somewhere
    assert pupil.division is not None
    return [
        facts.AidApplied(
            household_id=pupil.household_id,
            person_id=command.person_id,
            application_no=max(cases, default=0) + 1,
            effective_on=command.on,
            entered_by=command.by,
            evidence=command.evidence,
            division=pupil.division,
            stage=pupil.stage,
            boarder=pupil.boarder,
            other_grants_per_year=command.other_grants,
        )
    ]


def payable_standard(day: date, other_grants: Any, context: DecisionContext) -> Standard:
    """The standard under which this pupil would be paid something. Raises ``Refused``, naming every reason."""
    found = standard(context.parameters, context.pupil.stage, day, context.pupil.division or "")
    eligibility = assess_eligibility(context.pupil, found)
    if not eligibility.eligible or found is None:
        raise Refused(rules.NOT_ELIGIBLE, reasons=[str(r) for r in eligibility.reasons])
    if found.payable(other_grants) == 0:
        raise Refused(rules.CEILING_REACHED, ceiling=str(found.amount), other_grants=str(other_grants))
    return found


def _appraise(command: c.HoldAppraisal, case: AidCase, context: DecisionContext) -> list[Fact]:
    _require_step(case, AidStep.APPLIED)
    votes = command.in_favour + command.against + command.abstained
    if votes != command.present or command.present > command.entitled:
        raise Refused(rules.VOTES_DO_NOT_ADD, votes=votes, present=command.present, entitled=command.entitled)
    process = _process_rules(command, case, context)
    if command.present == 0 or command.present * 100 < process.quorum_percent * command.entitled:
        raise Refused(
            rules.NO_QUORUM, present=command.present, entitled=command.entitled, percent=process.quorum_percent
        )
    held = facts.AidAppraised(
        **_common_fields(command, case),
        entitled=command.entitled,
        present=command.present,
        in_favour=command.in_favour,
        against=command.against,
        abstained=command.abstained,
    )
    passed = command.in_favour * 100 > process.majority_percent * command.present
    return [held] if passed else [held, _application_ended(command, case, facts.AidOutcome.REJECTED)]


def _post(command: c.PostNotice, case: AidCase, context: DecisionContext) -> list[Fact]:
    _require_step(case, AidStep.APPRAISED)
    # The day of posting does not count: the notice is posted for whole days.
    last_day = command.on + _process_rules(command, case, context).notice_days * ONE_DAY
    return [facts.AidNoticePosted(**_common_fields(command, case), posted_on=command.on, last_day=last_day)]


def _object(command: c.RaiseObjection, case: AidCase, _: DecisionContext) -> list[Fact]:
    if case.notice is None or case.step not in (AidStep.NOTICE_POSTED, AidStep.OBJECTED):
        raise Refused(rules.OBJECTION_TOO_LATE)
    if command.on > case.notice.last_day:
        raise Refused(rules.OBJECTION_TOO_LATE, last_day=case.notice.last_day)
    return [facts.AidObjectionRaised(**_common_fields(command, case), objection_no=case.objections + 1)]


def _resolve(command: c.ResolveObjection, case: AidCase, context: DecisionContext) -> list[Fact]:
    """Upheld ends the application; dismissed lets the notice run on, and closes it where its timer has fired already."""
    if command.objection_no not in case.open_objections or case.notice is None:
        raise Refused(rules.OBJECTION_NOT_OPEN, objection=command.objection_no)
    _require_four_eyes(command, case.entered_by)
    resolved = facts.AidObjectionResolved(
        **_common_fields(command, case), objection_no=command.objection_no, upheld=command.upheld
    )
    if command.upheld:
        return [resolved, _application_ended(command, case, facts.AidOutcome.REJECTED)]
    if context.today <= case.notice.last_day or case.open_objections != {command.objection_no}:
        return [resolved]
    common = _common_fields(command, case, with_evidence=False)
    closed_on = max(command.on, case.notice.last_day + ONE_DAY)
    return [resolved, facts.AidNoticeClosed(**{**common, "effective_on": closed_on})]


def _close(command: c.CloseNotice, case: AidCase, _: DecisionContext) -> list[Fact]:
    """A notice with an open objection stays; one that is closed, or of another day, is left alone."""
    due = case.notice is not None and command.on == case.notice.last_day + ONE_DAY
    if not due or case.step is not AidStep.NOTICE_POSTED:
        return []
    return [facts.AidNoticeClosed(**_common_fields(command, case), caused_by=command.caused_by)]


def _review(command: c.GiveReview, case: AidCase, _: DecisionContext) -> list[Fact]:
    _require_step(case, AidStep.NOTICE_CLOSED)
    _require_four_eyes(command, case.entered_by)
    given = facts.AidReviewed(**_common_fields(command, case), passed=command.passed)
    return [given] if command.passed else [given, _application_ended(command, case, facts.AidOutcome.REJECTED)]


def _decide(command: c.Decide, case: AidCase, context: DecisionContext) -> list[Fact]:
    """The county's decision. Eligibility is judged again on its day; the amount is that day's standard."""
    _require_step(case, AidStep.REVIEWED)
    _require_four_eyes(command, case.entered_by | case.reviewed_by)
    if not command.approved:
        return [_application_ended(command, case, facts.AidOutcome.REJECTED, decision=command.decision)]
    other_grants = case.applied.other_grants_per_year
    found = payable_standard(command.on, other_grants, context)
    if found.stage is not case.applied.stage:
        raise Refused(rules.STAGE_CHANGED, applied_for=case.applied.stage, stage=found.stage)
    return [
        facts.AidGranted(
            **_common_fields(command, case),
            decision=command.decision,
            division=case.division,
            stage=found.stage,
            amount_per_year=found.payable(other_grants),
            standard_since=found.since,
        )
    ]


def _withdraw(command: c.Withdraw, case: AidCase, _: DecisionContext) -> list[Fact]:
    return [_application_ended(command, case, facts.AidOutcome.WITHDRAWN)]


DECISION_FUNCTIONS: Mapping[type[c.Command], Callable[[Any, AidCase, DecisionContext], list[Fact]]] = {
    c.HoldAppraisal: _appraise,
    c.PostNotice: _post,
    c.RaiseObjection: _object,
    c.ResolveObjection: _resolve,
    c.CloseNotice: _close,
    c.GiveReview: _review,
    c.Decide: _decide,
    c.Withdraw: _withdraw,
}


def stream_of(person_id: UUID) -> str:
    return f"education-aid-{person_id}"


def _require_step(case: AidCase, step: AidStep) -> None:
    if case.step is step:
        return
    if step is AidStep.NOTICE_CLOSED and case.notice is not None and case.step is not AidStep.REVIEWED:
        raise Refused(rules.NOTICE_NOT_OVER, last_day=case.notice.last_day, objections=sorted(case.open_objections))
    raise Refused(rules.OUT_OF_ORDER, step=case.step, needed=step)


def _require_four_eyes(command: c.Command, earlier_actors: frozenset[str]) -> None:
    if command.by in earlier_actors:
        raise Refused(rules.OWN_ENTRY)


def _process_rules(command: c.Command, case: AidCase, context: DecisionContext) -> ProcessRules:
    try:
        return process_rules(context.parameters, command.on, case.division)
    except NotInForce as missing:
        raise Refused(rules.RULE_NOT_IN_FORCE, rule=missing.name, on=missing.day) from None


def _common_fields(command: c.OnCase, case: AidCase, *, with_evidence: bool = True) -> dict[str, Any]:
    return {
        "household_id": case.household_id,
        "person_id": command.person_id,
        "application_no": case.number,
        "effective_on": command.on,
        "entered_by": command.by,
        "evidence": command.evidence if with_evidence else (),
    }


def _application_ended(command: c.OnCase, case: AidCase, outcome: facts.AidOutcome, **more: Any) -> Fact:
    return facts.AidApplicationEnded(**_common_fields(command, case, with_evidence=bool(more)), outcome=outcome, **more)
