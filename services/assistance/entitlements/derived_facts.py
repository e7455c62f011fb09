"""The facts of a unit's entitlements that follow from the registry's facts, as the programme's document says (``Follows``). Pure.

- A move, or a change of household: it is transferred (source facts §5 rule 15), or stops.
- An exit: it goes on, of a pupil within the same school stage (M119, §5 rule 1), or stops.
- Another stage: it ends, whatever the household's status is. The new stage is applied for anew: nothing is granted without appraisal
  and notice (§5 rule 2).
- Granted anew from a later day: the earlier grant of the programme stops there; nothing is granted twice (§5 rule 24).
- Removal, cancellation, death, leaving the register, what the programme asks no longer holding: it stops where the document says so.
- Stopped with effect from an earlier day: what was due meanwhile goes to review, and nothing is clawed back silently.
- A suspension is somebody's decision: nothing that follows from the register ends it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance import entitlements as facts
from contracts.assistance.inbox import AssistanceReactionRefused, Reaction
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.registry.poverty_status import PovertyStatus
from contracts.selection import timeline
from services.assistance.entitlements.reviews import review
from services.assistance.entitlements.rules import RULE_NOT_IN_FORCE
from services.assistance.entitlements.state import Grant
from services.assistance.programmes.document import Lasts, Programme
from services.assistance.programmes.follows import AfterExit, Along, Follows, Then
from services.assistance.programmes.lookup import Programmes
from services.assistance.programmes.predicates import Candidate, reasons_against
from services.assistance.programmes.reasons import Reason
from services.casework.people.history import (
    EvaluationPoint,
    PersonStateChange,
    cause_of,
    evaluation_points,
    household_history,
    person_history,
)
from services.chassis.law.dated import NotInForce

DERIVED_FACTS: tuple[type[Fact], ...] = (
    facts.EntitlementTransferred, facts.EntitlementContinued, facts.EntitlementEndedAtStageChange,
    facts.EntitlementStopped, facts.OverpaidReviewOpened, AssistanceReactionRefused,
)  # fmt: skip
JUNE = 6
ENDS = (facts.EntitlementStopped, facts.EntitlementEndedAtStageChange)
History = Callable[[Sequence[Recorded], datetime | None], list[PersonStateChange]]
"""Facts about the unit's households, and an instant, which is excluded (``None``: now) → its changes, as known then."""
STOPPED_BY: Mapping[PovertyStatus, tuple[str, facts.StopReason]] = {
    PovertyStatus.REMOVED: ("removal", facts.StopReason.HOUSEHOLD_REMOVED),
    PovertyStatus.CANCELLED: ("end", facts.StopReason.HOUSEHOLD_CANCELLED),
    PovertyStatus.CANDIDATE: ("unregistered", facts.StopReason.NOT_REGISTERED),
}
"""Status → which part of ``Follows`` says what follows from it, and why it stops."""


def of_person(person: UUID) -> History:
    return lambda about, known_at: person_history(person, timeline(about, known_at=known_at))


def of_household(household: UUID) -> History:
    return lambda about, known_at: household_history(household, timeline(about, of=household, known_at=known_at))


def derive_facts_of_all(
    grants: Iterable[Grant], about: Sequence[Recorded], history_of: History, programmes: Programmes
) -> list[Fact]:
    """Every derived fact of all grants of one unit, which has each programme once: a grant that runs into a later one, what had
    stopped it being void by now, stops where that begins. ``about``: the registry's facts about the unit's households and their
    ancestors."""
    found: list[Fact] = []
    of_programme: dict[str, list[Grant]] = {}
    for grant in sorted(grants, key=lambda grant: (grant.granted.effective_on, grant.granted_at)):
        of_programme.setdefault(grant.granted.programme, []).append(grant)
    for in_order in of_programme.values():
        for grant, later in zip_longest(in_order, in_order[1:]):
            following = _until_term_over(derive_facts(grant, about, history_of, programmes), grant, programmes)
            found += following if later is None else _until_granted_anew(following, grant, later)
    return found


def _until_term_over(following: Sequence[Fact], grant: Grant, programmes: Programmes) -> Sequence[Fact]:
    """A grant that lasts for a period ends with it, and is applied for anew."""
    granted = grant.granted
    edition = programmes.found(granted.programme, granted.effective_on, granted.division)
    if edition is None or edition.lasts is None:
        return following
    over = term_over(edition, granted.effective_on)
    if any(isinstance(f, ENDS) and f.effective_on <= over for f in following):
        return following
    stopped = facts.EntitlementStopped(
        household_id=granted.household_id, unit_id=granted.unit_id, programme=granted.programme, case_id=granted.case_id,
        effective_on=over, entered_by=SYSTEM_ACTOR, caused_by=grant.fact_id or None, reason=facts.StopReason.TERM_OVER,
    )  # fmt: skip
    return [*(f for f in following if f.effective_on < over), stopped]


def term_over(programme: Programme, day: date) -> date:
    """The first day after the period in which it was granted on that day."""
    match programme.lasts:
        case Lasts.HALF_YEAR if day.month <= JUNE:
            return date(day.year, JUNE + 1, 1)
        case Lasts.SCHOOL_YEAR:
            month = programme.school_year_month
            return date(day.year + (day.month >= month), month, 1)
    return date(day.year + 1, 1, 1)


def _until_granted_anew(following: Sequence[Fact], grant: Grant, later: Grant) -> Sequence[Fact]:
    anew = later.granted
    if any(isinstance(f, ENDS) and f.effective_on <= anew.effective_on for f in following):
        return following
    stopped = facts.EntitlementStopped(
        household_id=anew.household_id, unit_id=anew.unit_id, programme=anew.programme, case_id=grant.granted.case_id,
        effective_on=anew.effective_on, entered_by=SYSTEM_ACTOR, caused_by=later.fact_id,
        reason=facts.StopReason.GRANTED_ANEW,
    )  # fmt: skip
    return [*(f for f in following if f.effective_on < anew.effective_on), stopped]


def derive_facts(grant: Grant, about: Sequence[Recorded], history_of: History, programmes: Programmes) -> list[Fact]:
    """Every derived fact of this grant."""
    if not about:
        return []
    found: list[Fact] = list(_Evaluation(grant, about, programmes).derived(history_of(about, None)))
    stop = next((f for f in found if isinstance(f, facts.EntitlementStopped)), None)
    if stop is None:
        return found
    cause = next(r for r in about if r.id == stop.caused_by)
    before = _Evaluation(grant, about, programmes).derived(history_of(about, cause.recorded_at))
    end_known_before = next((f.effective_on for f in before if isinstance(f, ENDS)), None)
    opened = review(grant, stop, cause, end_known_before, programmes)
    return [*found, opened] if opened else found


class _Evaluation:
    """Evaluates a grant along the unit's history, from its first day on."""

    def __init__(self, grant: Grant, about: Sequence[Recorded], programmes: Programmes) -> None:
        self._grant, self._about, self._programmes = grant, about, programmes
        granted = grant.granted
        self._stage, self._from = granted.stage, granted.effective_on
        self._residence: tuple[UUID, str] = (granted.household_id, granted.division)

    def derived(self, history: Sequence[PersonStateChange]) -> Iterator[HouseholdFact]:
        for point in evaluation_points(history, self._from):
            state, programme = point.state, self._programme(point)
            reason, field = self._stop_reason(point, programme)
            if reason is not None:
                yield facts.EntitlementStopped(**self._common_fields(point, field), reason=reason)
                return
            follows = programme.follows if programme else None
            if state.stage is not self._stage and (follows is None or follows.stage_change is Then.STOPS):
                common = self._common_fields(point, "stage")
                yield facts.EntitlementEndedAtStageChange(**common, from_stage=self._stage, to_stage=state.stage)
                return
            if point.is_exit:
                yield self._continuation(point, follows)
            if state.household_id and state.division and (state.household_id, state.division) != self._residence:
                yield self._transfer(point, state.household_id, state.division)

    def _programme(self, point: EvaluationPoint) -> Programme | None:
        """The edition in force where the unit is on that day; ``None``: none is."""
        try:
            return self._programmes.in_force(self._grant.granted.programme, point.day, point.state.division or "")
        except NotInForce:
            return None

    def _stop_reason(self, point: EvaluationPoint, programme: Programme | None) -> tuple[facts.StopReason | None, str]:
        """Why it stops, and the field of the state that says so. Where no edition is in force, what can only be a stop is one."""
        state, follows = point.state, programme.follows if programme else None
        if not state.alive and _stops(follows, "death"):
            return facts.StopReason.DIED, "alive"
        if state.status is None:
            left = state.alive and _stops(follows, "leaving")
            return (facts.StopReason.LEFT_HOUSEHOLD, "household_id") if left else (None, "")
        if state.status in STOPPED_BY:
            part, reason = STOPPED_BY[state.status]
            if _stops(follows, part):
                return reason, "status"
        if state.status is PovertyStatus.EXITED and self._exit_stops(point, follows):
            before = point.previous is None
            return (facts.StopReason.EXITED_BEFORE_GRANT if before else facts.StopReason.NO_CONTINUATION), "status"
        if programme is not None:
            return self._change_of_place(point, programme.follows) or self._lapse(point, programme)
        return None, ""

    def _exit_stops(self, point: EvaluationPoint, follows: Follows | None) -> bool:
        if follows is not None and follows.exit is AfterExit.CONTINUES:
            return False
        if point.previous is None:
            return True
        return point.is_exit and self._goes_on_after_exit(point, follows) is False

    def _goes_on_after_exit(self, point: EvaluationPoint, follows: Follows | None) -> bool | None:
        """``None``: no rule is in force; then nothing is stopped, and the reaction is refused for somebody to look at."""
        if follows is None:
            return None if point.state.enjoys_policies else False
        if follows.exit is AfterExit.CONTINUES:
            return True
        return point.state.enjoys_policies and follows.exit is AfterExit.CONTINUES_IN_STAGE

    def _change_of_place(self, point: EvaluationPoint, follows: Follows) -> tuple[facts.StopReason, str] | None:
        state, (household, division) = point.state, self._residence
        if state.household_id != household and Along.STOPS in (follows.split, follows.merge):
            return facts.StopReason.CHANGED_HOUSEHOLD, "household_id"
        if state.division != division and follows.move is Along.STOPS:
            return facts.StopReason.MOVED, "division"
        return None

    def _lapse(self, point: EvaluationPoint, programme: Programme) -> tuple[facts.StopReason | None, str]:
        """What the programme asked of the unit held before, and holds no longer."""
        if programme.follows.re_evaluation is Then.CONTINUES or point.state.stage is not self._stage:
            return None, ""
        for reason, field in self._lapsed(point, programme):
            boarder = reason is Reason.NOT_A_BOARDER
            return (facts.StopReason.NO_LONGER_BOARDER if boarder else facts.StopReason.NO_LONGER_ELIGIBLE), field
        return None, ""

    def _lapsed(self, point: EvaluationPoint, programme: Programme) -> Iterator[tuple[Reason, str]]:
        granted = {amount.component for amount in self._grant.granted.amounts}
        components = [c for c in programme.components if c.key in granted and c.pays_on(point.day)]
        asked = tuple(p for p in programme.eligibility if type(p).FIELD) + tuple(
            p for c in components for p in c.only if type(p).FIELD
        )
        now = Candidate(point.state, point.day)
        before = None if point.previous is None else Candidate(point.previous, point.day)
        for predicate in asked:
            against = reasons_against((predicate,), now)
            if against and (before is None or not reasons_against((predicate,), before)):
                yield against[0], type(predicate).FIELD

    def _continuation(self, point: EvaluationPoint, follows: Follows | None) -> HouseholdFact:
        common = self._common_fields(point, "status")
        if self._goes_on_after_exit(point, follows):
            return facts.EntitlementContinued(**common, stage=self._stage)
        del common["case_id"], common["programme"]
        unit = common.pop("unit_id")
        return AssistanceReactionRefused(
            **common, reaction=Reaction.CONTINUE_AID, code=RULE_NOT_IN_FORCE.code, subject=str(unit)
        )

    def _transfer(self, point: EvaluationPoint, household: UUID, division: str) -> facts.EntitlementTransferred:
        from_household, from_division = self._residence
        common = self._common_fields(point, "household_id" if household != from_household else "division")
        self._residence = household, division
        return facts.EntitlementTransferred(
            **{**common, "household_id": household}, from_household_id=from_household, from_division=from_division,
            to_division=division,
        )  # fmt: skip

    def _common_fields(self, point: EvaluationPoint, field: str) -> dict[str, Any]:
        granted = self._grant.granted
        return {
            "household_id": self._residence[0], "unit_id": granted.unit_id, "programme": granted.programme,
            "case_id": granted.case_id, "effective_on": point.day, "entered_by": SYSTEM_ACTOR,
            "caused_by": cause_of(point, field, self._about, self._grant.granted_at).id,
        }  # fmt: skip


def _stops(follows: Follows | None, part: str) -> bool:
    return follows is None or getattr(follows, part) is Then.STOPS
