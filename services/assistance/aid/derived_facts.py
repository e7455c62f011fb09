"""The facts of a pupil's aid that follow from the registry's facts. Pure.

- A move, or a change of household: aid is transferred (source facts §5 rule 15). The amount stays as granted.
- An exit: the aid goes on within the same school stage (M119, §5 rule 1). A return changes nothing for running aid.
- Another stage: the aid ends, whatever the household's status. The new stage is applied for anew: nothing is granted
  without appraisal and notice (§5 rule 2).
- Granted anew from a later day: the earlier aid stops there; nothing is granted twice (§5 rule 24).
- Removal, cancellation, death, leaving the register, no longer boarding where only boarders are aided: the aid stops.
- Stopped with effect from an earlier day: what was due meanwhile goes to review, and nothing is clawed back silently.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any
from uuid import UUID

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance import aid
from contracts.assistance.inbox import AssistanceReactionRefused, Reaction
from contracts.civil import civil_day
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.poverty_status import PovertyStatus
from contracts.selection import timeline
from services.assistance.aid.rules import RULE_NOT_IN_FORCE
from services.assistance.aid.standards import continues_after_exit, school_year_month, standard
from services.assistance.aid.state import Grant
from services.casework.calendars.school_years import years_due
from services.casework.people.history import (
    EvaluationPoint,
    PersonStateChange,
    cause_of,
    evaluation_points,
    person_history,
)
from services.chassis.law.dated import NotInForce
from services.chassis.law.parameters import ParameterSource

DERIVED_FACTS: tuple[type[Fact], ...] = (
    aid.AidTransferred, aid.AidContinuedAfterExit, aid.AidEndedAtStageChange, aid.AidStopped, aid.PaidAidReviewOpened,
    AssistanceReactionRefused,
)  # fmt: skip
STOPPED_BY: Mapping[PovertyStatus, aid.StopReason] = {
    PovertyStatus.REMOVED: aid.StopReason.HOUSEHOLD_REMOVED,
    PovertyStatus.CANCELLED: aid.StopReason.HOUSEHOLD_CANCELLED,
    PovertyStatus.CANDIDATE: aid.StopReason.NOT_REGISTERED,
}


def derive_facts_of_all(grants: Iterable[Grant], facts: Sequence[Recorded], parameters: ParameterSource) -> list[Fact]:
    """Every derived fact of all grants of one pupil, who is aided once: a grant that runs into a later one, what had stopped it
    being void by now, stops where that begins."""
    in_order = sorted(grants, key=lambda grant: (grant.granted.effective_on, grant.granted_at))
    found: list[Fact] = []
    for grant, later in zip_longest(in_order, in_order[1:]):
        following = derive_facts(grant, facts, parameters)
        found += following if later is None else _until_granted_anew(following, grant, later)
    return found


def _until_granted_anew(following: Sequence[Fact], grant: Grant, later: Grant) -> Sequence[Fact]:
    anew = later.granted
    if any(
        isinstance(f, aid.AidStopped | aid.AidEndedAtStageChange) and f.effective_on <= anew.effective_on
        for f in following
    ):
        return following
    stopped = aid.AidStopped(
        household_id=anew.household_id, person_id=anew.person_id, case_id=grant.granted.case_id,
        effective_on=anew.effective_on, entered_by=SYSTEM_ACTOR, caused_by=later.fact_id, reason=aid.StopReason.GRANTED_ANEW,
    )  # fmt: skip
    return [*(f for f in following if f.effective_on < anew.effective_on), stopped]


def derive_facts(grant: Grant, facts: Sequence[Recorded], parameters: ParameterSource) -> list[Fact]:
    """Every derived fact of this grant, from these registry facts (all about the pupil's households and their ancestors)."""
    if not facts:
        return []
    history = person_history(grant.granted.person_id, timeline(facts))
    found: list[Fact] = list(_GrantEvaluation(grant, facts, parameters).facts(history))
    stop = next((f for f in found if isinstance(f, aid.AidStopped)), None)
    review = None if stop is None else _review(grant, stop, facts, parameters)
    return [*found, review] if review else found


def _review(
    grant: Grant, stop: aid.AidStopped, facts: Sequence[Recorded], parameters: ParameterSource
) -> aid.PaidAidReviewOpened | None:
    """School years that were due by what was known until the cause of the stop was recorded, and are not due now."""
    cause, granted = next(r for r in facts if r.id == stop.caused_by), grant.granted
    learned_on = civil_day(cause.recorded_at)
    before = person_history(granted.person_id, timeline(facts, known_at=cause.recorded_at))
    ends = (aid.AidStopped, aid.AidEndedAtStageChange)
    known_before = _GrantEvaluation(grant, facts, parameters).facts(before)
    end_known_before = next((f.effective_on for f in known_before if isinstance(f, ends)), None)
    month = school_year_month(parameters, stop.effective_on, granted.division)
    due_before = years_due(granted.effective_on, end_known_before, learned_on, month)
    due_now = years_due(granted.effective_on, stop.effective_on, learned_on, month)
    years = tuple(year for year in due_before if year not in due_now)
    if not years:
        return None
    return aid.PaidAidReviewOpened(
        household_id=stop.household_id, person_id=stop.person_id, case_id=stop.case_id,
        effective_on=max(stop.effective_on, learned_on), entered_by=SYSTEM_ACTOR, caused_by=stop.caused_by,
        school_years=years, amount=granted.amount_per_year * len(years),
    )  # fmt: skip


class _GrantEvaluation:
    """Evaluates a grant along the pupil's history, from its first day on."""

    def __init__(self, grant: Grant, facts: Sequence[Recorded], parameters: ParameterSource) -> None:
        self._grant, self._facts, self._parameters = grant, facts, parameters
        granted = grant.granted
        self._stage, self._from = granted.stage, granted.effective_on
        self._residence: tuple[UUID, str] = (granted.household_id, granted.division)

    def facts(self, history: Sequence[PersonStateChange]) -> Iterator[HouseholdFact]:
        for point in evaluation_points(history, self._from):
            state = point.state
            reason, field = self._stop_reason(point)
            if reason is not None:
                yield aid.AidStopped(**self._common_fields(point, field), reason=reason)
                return
            if state.stage is not self._stage:
                common = self._common_fields(point, "stage")
                yield aid.AidEndedAtStageChange(**common, from_stage=self._stage, to_stage=state.stage)
                return
            if point.is_exit:
                yield self._continuation(point)
            if state.household_id and state.division and (state.household_id, state.division) != self._residence:
                yield self._transfer(point, state.household_id, state.division)

    def _stop_reason(self, point: EvaluationPoint) -> tuple[aid.StopReason | None, str]:
        """Why the aid stops, and the field of the state that says so."""
        state, previous = point.state, point.previous
        if not state.alive:
            return aid.StopReason.DIED, "alive"
        if state.status is None:
            return aid.StopReason.LEFT_HOUSEHOLD, "household_id"
        if state.status in STOPPED_BY:
            return STOPPED_BY[state.status], "status"
        if state.status is PovertyStatus.EXITED and previous is None:
            return aid.StopReason.EXITED_BEFORE_GRANT, "status"
        if point.is_exit and self._continues_after_exit(point) is False:
            return aid.StopReason.NO_CONTINUATION, "status"
        if state.stage is self._stage and not state.boarder and (previous is None or previous.boarder):
            in_force = standard(self._parameters, self._stage, point.day, state.division or "")
            if in_force is not None and in_force.boarders_only:
                return aid.StopReason.NO_LONGER_BOARDER, "boarder"
        return None, ""

    def _continues_after_exit(self, point: EvaluationPoint) -> bool | None:
        """``None``: no rule is in force; then nothing is stopped, and the reaction is refused for somebody to look at."""
        try:
            continues = continues_after_exit(self._parameters, point.day, point.state.division or "")
        except NotInForce:
            return None if point.state.enjoys_policies else False
        return point.state.enjoys_policies and continues

    def _continuation(self, point: EvaluationPoint) -> HouseholdFact:
        common = self._common_fields(point, "status")
        if self._continues_after_exit(point):
            return aid.AidContinuedAfterExit(**common, stage=self._stage)
        del common["case_id"]
        person = common.pop("person_id")
        return AssistanceReactionRefused(
            **common, reaction=Reaction.CONTINUE_AID, code=RULE_NOT_IN_FORCE.code, subject=str(person)
        )

    def _transfer(self, point: EvaluationPoint, household: UUID, division: str) -> aid.AidTransferred:
        from_household, from_division = self._residence
        common = self._common_fields(point, "household_id" if household != from_household else "division")
        self._residence = household, division
        return aid.AidTransferred(
            **{**common, "household_id": household}, from_household_id=from_household, from_division=from_division,
            to_division=division,
        )  # fmt: skip

    def _common_fields(self, point: EvaluationPoint, field: str) -> dict[str, Any]:
        granted = self._grant.granted
        return {
            "household_id": self._residence[0], "person_id": granted.person_id, "case_id": granted.case_id,
            "effective_on": point.day, "entered_by": SYSTEM_ACTOR,
            "caused_by": cause_of(point, field, self._facts, self._grant.granted_at).id,
        }  # fmt: skip
