"""The facts of a pupil's aid that follow from the registry's facts. Pure.

- A move, or a change of household: application and aid are transferred (source facts §5 rule 15). The amount stays as granted.
- An exit: the aid goes on within the same school stage (M119, §5 rule 1). A return changes nothing for running aid.
- Another stage: the aid ends, whatever the household's status. The new stage is applied for anew: nothing is granted
  without appraisal and notice (§5 rule 2).
- Removal, cancellation, death, leaving the register, no longer boarding where only boarders are aided: the aid stops.
- Stopped with effect from an earlier day: what was due meanwhile goes to review, and nothing is clawed back silently.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance.aid import (
    AidContinuedAfterExit,
    AidEndedAtStageChange,
    AidGranted,
    AidStopped,
    AidTransferred,
    PaidAidReviewOpened,
    StopReason,
)
from contracts.assistance.inbox import AssistanceReactionRefused
from contracts.civil import civil_day
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.households import (
    HouseholdCancelled,
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdMoved,
    HouseholdRemoved,
    HouseholdReturned,
    PovertyStatus,
)
from contracts.selection import surviving, timeline
from services.assistance.aid.rules import RULE_NOT_IN_FORCE
from services.assistance.aid.school_years import amount_due, years_due
from services.assistance.aid.standards import continues_after_exit, school_year_month, standard
from services.assistance.aid.state import AidCase
from services.assistance.beneficiaries.domain import PersonState, PersonStateChange, person_history
from services.assistance.reconciliation import last_recorded
from services.chassis.law.dated import NotInForce
from services.chassis.law.parameters import ParameterSource

DERIVED_FACTS: tuple[type[Fact], ...] = (
    AidTransferred,
    AidContinuedAfterExit,
    AidEndedAtStageChange,
    AidStopped,
    PaidAidReviewOpened,
    AssistanceReactionRefused,
)
STOPPED_BY: Mapping[PovertyStatus, StopReason] = {
    PovertyStatus.REMOVED: StopReason.HOUSEHOLD_REMOVED,
    PovertyStatus.CANCELLED: StopReason.HOUSEHOLD_CANCELLED,
    PovertyStatus.CANDIDATE: StopReason.NOT_REGISTERED,
}
SETTING_FACTS: Mapping[str, tuple[type[Fact], ...]] = {
    "status": (HouseholdEnrolled, HouseholdExited, HouseholdReturned, HouseholdRemoved, HouseholdCancelled),
    "division": (HouseholdMoved,),
}
"""Field of the state → the facts that set it for a whole household."""
STATE_FIELDS = ("alive", "household_id", "division", "status", "stage", "boarder")


@dataclass(frozen=True, slots=True)
class EvaluationPoint:
    """A day on which the case is evaluated. ``causes``: field of the state → the fact that set it; ``previous``: the state
    before, ``None`` where the application or the grant starts."""

    day: date
    state: PersonState
    previous: PersonState | None
    causes: Mapping[str, Recorded]


def derive_facts(case: AidCase, facts: Sequence[Recorded], parameters: ParameterSource) -> list[Fact]:
    """Every derived fact of this case, from these registry facts (all about the pupil's households and their ancestors)."""
    if not facts:
        return []
    found: list[Fact] = list(
        _CaseEvaluation(case, facts, parameters).facts(person_history(case.applied.person_id, timeline(facts)))
    )
    stop = next((f for f in found if isinstance(f, AidStopped)), None)
    review = None if stop is None or case.granted is None else _review(case, case.granted, stop, facts, parameters)
    return [*found, review] if review else found


def _review(
    case: AidCase, grant: AidGranted, stop: AidStopped, facts: Sequence[Recorded], parameters: ParameterSource
) -> PaidAidReviewOpened | None:
    """School years that were due by what was known until the cause of the stop was recorded, and are not due now."""
    cause = next(r for r in facts if r.id == stop.caused_by)
    learned_on = civil_day(cause.recorded_at)
    before = timeline(facts, known_at=cause.recorded_at)
    end_known_before = next(
        (f.effective_on for f in _CaseEvaluation(case, facts, parameters).facts(person_history(case.applied.person_id, before))
         if isinstance(f, AidStopped | AidEndedAtStageChange)),
        None,
    )  # fmt: skip
    month = school_year_month(parameters, stop.effective_on, case.applied.division)
    due_before = years_due(grant.effective_on, end_known_before, learned_on, month)
    due_now = years_due(grant.effective_on, stop.effective_on, learned_on, month)
    years = tuple(year for year in due_before if year not in due_now)
    if not years:
        return None
    return PaidAidReviewOpened(
        household_id=stop.household_id,
        person_id=stop.person_id,
        application_no=stop.application_no,
        effective_on=max(stop.effective_on, learned_on),
        entered_by=SYSTEM_ACTOR,
        caused_by=stop.caused_by,
        school_years=years,
        amount=amount_due(years, grant.amount_per_year),
    )


class _CaseEvaluation:
    """Evaluates a case along the pupil's history, from the application on."""

    def __init__(self, case: AidCase, facts: Sequence[Recorded], parameters: ParameterSource) -> None:
        self._case, self._facts, self._parameters = case, facts, parameters
        self._residence: tuple[UUID, str] = (case.applied.household_id, case.applied.division)
        self._granted_from = case.granted.effective_on if case.granted else None

    def facts(self, history: Sequence[PersonStateChange]) -> Iterator[HouseholdFact]:
        for point in self._points(history):
            if self._case.ended_on is not None and point.day > self._case.ended_on:
                return
            if self._granted_from is not None and point.day >= self._granted_from:
                if (end := self._end_of_aid(point)) is not None:
                    yield end
                    return
                yield from self._continuation(point)
            yield from self._transfer(point)

    def _points(self, history: Sequence[PersonStateChange]) -> Iterator[EvaluationPoint]:
        """The start of the application, every change of the pupil's state, and the start of the grant."""
        starts = sorted({self._case.applied.effective_on, self._granted_from or self._case.applied.effective_on})
        state, causes = PersonState(), dict[str, Recorded]()
        waiting = [*starts]
        for change in history:
            while waiting and change.day > waiting[0]:
                yield EvaluationPoint(waiting.pop(0), state, None, dict(causes))
            previous = state
            state = change.state
            causes.update({a: change.cause for a in STATE_FIELDS if getattr(state, a) != getattr(previous, a)})
            if change.day > starts[0] and not (waiting and change.day == waiting[0]):
                yield EvaluationPoint(change.day, state, previous, dict(causes))
        for day in waiting:
            yield EvaluationPoint(day, state, None, dict(causes))

    def _end_of_aid(self, point: EvaluationPoint) -> AidStopped | AidEndedAtStageChange | None:
        state, previous, stage = point.state, point.previous, self._case.applied.stage
        reason, field = self._stop_reason(point)
        if reason is None and state.stage is not stage:
            return AidEndedAtStageChange(**self._common_fields(point, "stage"), from_stage=stage, to_stage=state.stage)
        if reason is None and not state.boarder and (previous is None or previous.boarder):
            in_force = standard(self._parameters, stage, point.day, state.division or "")
            if in_force is not None and in_force.boarders_only:
                reason, field = StopReason.NO_LONGER_BOARDER, "boarder"
        return None if reason is None else AidStopped(**self._common_fields(point, field), reason=reason)

    def _stop_reason(self, point: EvaluationPoint) -> tuple[StopReason | None, str]:
        state = point.state
        if not state.alive:
            return StopReason.DIED, "alive"
        if state.status is None:
            return StopReason.LEFT_HOUSEHOLD, "household_id"
        if state.status in STOPPED_BY:
            return STOPPED_BY[state.status], "status"
        if state.status is PovertyStatus.EXITED and point.previous is None:
            return StopReason.EXITED_BEFORE_GRANT, "status"
        if self._is_exit(point) and self._continues_after_exit(point) is False:
            return StopReason.NO_CONTINUATION, "status"
        return None, ""

    def _is_exit(self, point: EvaluationPoint) -> bool:
        previous = point.previous
        return (
            point.state.status is PovertyStatus.EXITED
            and previous is not None
            and previous.status is not PovertyStatus.EXITED
        )

    def _continues_after_exit(self, point: EvaluationPoint) -> bool | None:
        """``None``: no rule is in force; then nothing is stopped, and the reaction is refused for somebody to look at."""
        try:
            return point.state.enjoys_policies and continues_after_exit(
                self._parameters, point.day, point.state.division or ""
            )
        except NotInForce:
            return None

    def _continuation(self, point: EvaluationPoint) -> Iterator[HouseholdFact]:
        if not self._is_exit(point):
            return
        common = self._common_fields(point, "status")
        if self._continues_after_exit(point):
            yield AidContinuedAfterExit(**common, stage=self._case.applied.stage)
        else:
            yield AssistanceReactionRefused(
                **{name: common[name] for name in ("household_id", "effective_on", "entered_by", "caused_by")},
                reaction="continue_aid",
                code=RULE_NOT_IN_FORCE.code,
                subject=str(self._case.applied.person_id),
            )

    def _transfer(self, point: EvaluationPoint) -> Iterator[AidTransferred]:
        state = point.state
        if (
            state.household_id is None
            or state.division is None
            or (state.household_id, state.division) == self._residence
        ):
            return
        household, division = self._residence
        field = "household_id" if state.household_id != household else "division"
        self._residence = state.household_id, state.division
        yield AidTransferred(
            **{**self._common_fields(point, field), "household_id": state.household_id},
            from_household_id=household,
            from_division=division,
            to_division=state.division,
        )

    def _common_fields(self, point: EvaluationPoint, field: str) -> dict[str, Any]:
        return {
            "household_id": self._residence[0],
            "person_id": self._case.applied.person_id,
            "application_no": self._case.number,
            "effective_on": point.day,
            "entered_by": SYSTEM_ACTOR,
            "caused_by": self._cause_of(point, field).id,
        }

    def _cause_of(self, point: EvaluationPoint, field: str) -> Recorded:
        """The fact that set this field. Where that was known when the application was made, the fact recorded since that
        changed it: a status or move effective on an earlier day, of the household or of one it started from, or an
        annulment."""
        direct = point.causes.get(field)
        if direct is not None and (point.previous is not None or self._recorded_since_application(direct)):
            return direct
        learned = self._set_since_application(field, point) or [r for r in surviving(self._facts) if r.fact.annuls]
        return last_recorded(learned) if learned else direct or last_recorded(self._facts)

    def _set_since_application(self, field: str, point: EvaluationPoint) -> list[Recorded]:
        """The facts, recorded since the application, that set the field for the pupil's household on that day."""
        household, kinds = point.state.household_id, SETTING_FACTS.get(field, ())
        if household is None or not kinds:
            return []
        return [
            r for r in timeline(self._facts, of=household, as_of=point.day)
            if isinstance(r.fact, kinds) and self._recorded_since_application(r)
        ]  # fmt: skip

    def _recorded_since_application(self, recorded: Recorded) -> bool:
        return recorded.recorded_at > self._case.applied_at
