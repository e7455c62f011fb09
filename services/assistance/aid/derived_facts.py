"""What follows for a pupil's aid from what the register knows. Pure: the same facts always give the same answer.

- A move, or a change of household: application and aid go along (source facts §5 rule 15). The amount stays as granted.
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
from services.assistance.reconciliation import BY, newest
from services.chassis.law.parameters import NotInForce, Parameters

CONSEQUENCES: tuple[type[Fact], ...] = (
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
STATUS_FACTS = (HouseholdEnrolled, HouseholdExited, HouseholdReturned, HouseholdRemoved, HouseholdCancelled)
ASPECTS = ("alive", "household_id", "division", "status", "stage", "boarder")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day on which something changed. ``causes``: aspect → the fact that made it so; ``was``: the situation before,
    ``None`` where it is held against what the application or grant believed."""

    day: date
    now: PersonState
    was: PersonState | None
    causes: Mapping[str, Recorded]


def consequences(case: AidCase, facts: Sequence[Recorded], parameters: Parameters) -> list[Fact]:
    """Every fact that should stand about this case because of these registry facts (all about the pupil's households)."""
    if not facts:
        return []
    found: list[Fact] = list(
        _Walk(case, facts, parameters).facts(person_history(case.applied.person_id, timeline(facts)))
    )
    stop = next((f for f in found if isinstance(f, AidStopped)), None)
    review = None if stop is None or case.granted is None else _review(case, case.granted, stop, facts, parameters)
    return [*found, review] if review else found


def _review(
    case: AidCase, grant: AidGranted, stop: AidStopped, facts: Sequence[Recorded], parameters: Parameters
) -> PaidAidReviewOpened | None:
    """School years that were due as things were believed until the cause of the stop was learned, and are not due now."""
    cause = next(r for r in facts if r.id == stop.caused_by)
    learned_on = civil_day(cause.recorded_at)
    before = timeline(facts, known_at=cause.recorded_at)
    believed_end = next(
        (f.effective_on for f in _Walk(case, facts, parameters).facts(person_history(case.applied.person_id, before))
         if isinstance(f, AidStopped | AidEndedAtStageChange)),
        None,
    )  # fmt: skip
    month = school_year_month(parameters, stop.effective_on, case.applied.division)
    believed = years_due(grant.effective_on, believed_end, learned_on, month)
    rightful = years_due(grant.effective_on, stop.effective_on, learned_on, month)
    years = tuple(year for year in believed if year not in rightful)
    if not years:
        return None
    return PaidAidReviewOpened(
        household_id=stop.household_id,
        person_id=stop.person_id,
        application_no=stop.application_no,
        effective_on=max(stop.effective_on, learned_on),
        entered_by=BY,
        caused_by=stop.caused_by,
        school_years=years,
        amount=amount_due(years, grant.amount_per_year),
    )


class _Walk:
    """Goes along a pupil's line from the application on."""

    def __init__(self, case: AidCase, facts: Sequence[Recorded], parameters: Parameters) -> None:
        self._case, self._facts, self._parameters = case, facts, parameters
        self._home: tuple[UUID, str] = (case.applied.household_id, case.applied.division)
        self._since = case.granted.effective_on if case.granted else None

    def facts(self, line: Sequence[PersonStateChange]) -> Iterator[HouseholdFact]:
        for moment in self._moments(line):
            if self._case.ended_on is not None and moment.day > self._case.ended_on:
                return
            if self._since is not None and moment.day >= self._since:
                if (end := self._end(moment)) is not None:
                    yield end
                    return
                yield from self._exit(moment)
            yield from self._transfer(moment)

    def _moments(self, line: Sequence[PersonStateChange]) -> Iterator[Moment]:
        """Where the application starts, every change, and where the grant starts."""
        starts = sorted({self._case.applied.effective_on, self._since or self._case.applied.effective_on})
        now, causes = PersonState(), dict[str, Recorded]()
        waiting = [*starts]
        for step in line:
            while waiting and step.day > waiting[0]:
                yield Moment(waiting.pop(0), now, None, dict(causes))
            was = now
            now = step.state
            causes.update({a: step.cause for a in ASPECTS if getattr(now, a) != getattr(was, a)})
            if step.day > starts[0] and not (waiting and step.day == waiting[0]):
                yield Moment(step.day, now, was, dict(causes))
        for day in waiting:
            yield Moment(day, now, None, dict(causes))

    def _end(self, moment: Moment) -> AidStopped | AidEndedAtStageChange | None:
        now, was, stage = moment.now, moment.was, self._case.applied.stage
        reason, aspect = self._stop(moment)
        if reason is None and now.stage is not stage:
            return AidEndedAtStageChange(**self._common(moment, "stage"), from_stage=stage, to_stage=now.stage)
        if reason is None and not now.boarder and (was is None or was.boarder):
            law = standard(self._parameters, stage, moment.day, now.division or "")
            if law is not None and law.boarders_only:
                reason, aspect = StopReason.NO_LONGER_BOARDER, "boarder"
        return None if reason is None else AidStopped(**self._common(moment, aspect), reason=reason)

    def _stop(self, moment: Moment) -> tuple[StopReason | None, str]:
        now = moment.now
        if not now.alive:
            return StopReason.DIED, "alive"
        if now.status is None:
            return StopReason.LEFT_HOUSEHOLD, "household_id"
        if now.status in STOPPED_BY:
            return STOPPED_BY[now.status], "status"
        if now.status is PovertyStatus.EXITED and moment.was is None:
            return StopReason.EXITED_BEFORE_GRANT, "status"
        if self._exits(moment) and self._continues(moment) is False:
            return StopReason.NO_CONTINUATION, "status"
        return None, ""

    def _exits(self, moment: Moment) -> bool:
        was = moment.was
        return moment.now.status is PovertyStatus.EXITED and was is not None and was.status is not PovertyStatus.EXITED

    def _continues(self, moment: Moment) -> bool | None:
        """``None``: no rule in force says so or otherwise; then nothing is stopped and somebody has to look."""
        try:
            return moment.now.enjoys_policies and continues_after_exit(
                self._parameters, moment.day, moment.now.division or ""
            )
        except NotInForce:
            return None

    def _exit(self, moment: Moment) -> Iterator[HouseholdFact]:
        if not self._exits(moment):
            return
        common = self._common(moment, "status")
        if self._continues(moment):
            yield AidContinuedAfterExit(**common, stage=self._case.applied.stage)
        else:
            yield AssistanceReactionRefused(
                **{name: common[name] for name in ("household_id", "effective_on", "entered_by", "caused_by")},
                reaction="continue_aid",
                code=RULE_NOT_IN_FORCE.code,
                subject=str(self._case.applied.person_id),
            )

    def _transfer(self, moment: Moment) -> Iterator[AidTransferred]:
        now = moment.now
        if now.household_id is None or now.division is None or (now.household_id, now.division) == self._home:
            return
        household, division = self._home
        aspect = "household_id" if now.household_id != household else "division"
        self._home = now.household_id, now.division
        yield AidTransferred(
            **{**self._common(moment, aspect), "household_id": now.household_id},
            from_household_id=household,
            from_division=division,
            to_division=now.division,
        )

    def _common(self, moment: Moment, aspect: str) -> dict[str, Any]:
        return {
            "household_id": self._home[0],
            "person_id": self._case.applied.person_id,
            "application_no": self._case.number,
            "effective_on": moment.day,
            "entered_by": BY,
            "caused_by": self._cause(moment, aspect).id,
        }

    def _cause(self, moment: Moment, aspect: str) -> Recorded:
        """The fact that made it so. Where that was known when the application was made, it is what has been learned
        since: a status decided for an earlier day, or an annulment."""
        direct = moment.causes.get(aspect)
        if direct is not None and (moment.was is not None or self._since_applied(direct)):
            return direct
        of_status = [r for r in surviving(self._facts) if aspect == "status" and self._decides(r, moment)]
        learned = of_status or [r for r in surviving(self._facts) if r.fact.annuls]
        return newest(learned) if learned else direct or newest(self._facts)

    def _decides(self, recorded: Recorded, moment: Moment) -> bool:
        """Whether a status of the household the pupil is in that day was learned with it since the application."""
        fact = recorded.fact
        return (
            isinstance(fact, STATUS_FACTS)
            and fact.household_id == moment.now.household_id
            and fact.effective_on <= moment.day
            and self._since_applied(recorded)
        )

    def _since_applied(self, recorded: Recorded) -> bool:
        return recorded.recorded_at > self._case.applied_at
