"""Whether every day of a household is legal: a walk along its timeline.

A command effective in the past must leave every later day legal; so the whole timeline is checked again with the new
facts in it, and the first fact that is not legal refuses the command.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from contracts.facts import Fact, Recorded
from contracts.registry.households import HouseholdSplit
from contracts.registry.members import MemberJoined, MemberLeft
from services.chassis.ground.refusals import Refused, Rule
from services.registry.households.monitoring_status import MONITORING_FORBIDS
from services.registry.households.next_steps import correction_of
from services.registry.households.rules import (
    ALREADY_A_MEMBER,
    ALREADY_RECORDED,
    HEAD_NOT_BY_CORRECTION,
    HOUSEHOLD_ENDED,
    LATER_FACT_IMPOSSIBLE,
    LATER_FACT_OF_RELATED_HOUSEHOLD,
    NO_HEAD,
    NO_SUCH_MEMBER,
    NOBODY_STAYS,
    NOT_IN_THAT_VILLAGE,
    NOT_YET_BORN,
    NOT_YET_RECORDED,
    PERSON_DIED,
    RETURNS_ON_DAY_OF_LEAVING,
    STATUS_FORBIDS,
    STILL_MEMBERS,
    WITHOUT_MEMBERS,
    end_of_day_violation,
    violated_rule,
)
from services.registry.households.state import Household, evolve


class LaterFactInTheWay(Refused):
    """``recorded``: the fact that would be impossible. Its household may lie in an area that whoever asks does not cover, so
    the refusal names it only where somebody has looked (``named``)."""

    def __init__(self, recorded: Recorded) -> None:
        super().__init__(LATER_FACT_OF_RELATED_HOUSEHOLD)
        self.recorded = recorded

    def named(self) -> Refused:
        named = Refused(
            LATER_FACT_IMPOSSIBLE, fact=self.recorded.id, effective_on=self.recorded.fact.effective_on.isoformat()
        )
        named.others, named.next = self.others, self.next
        household = getattr(self.recorded.fact, "household_id", None)
        return named if household is None else named.advising(correction_of(self.recorded, household))


class Illegal(Refused):
    """``recorded``: the new fact, which breaks the rule."""

    def __init__(self, broken: Rule, recorded: Recorded) -> None:
        super().__init__(broken)
        self.recorded = recorded


LEGALITY = (
    ALREADY_RECORDED, NOT_YET_RECORDED, STATUS_FORBIDS, MONITORING_FORBIDS, HOUSEHOLD_ENDED, NO_SUCH_MEMBER, ALREADY_A_MEMBER, NO_HEAD,
    PERSON_DIED, NOT_YET_BORN, WITHOUT_MEMBERS, STILL_MEMBERS, NOBODY_STAYS, NOT_IN_THAT_VILLAGE,
    RETURNS_ON_DAY_OF_LEAVING, HEAD_NOT_BY_CORRECTION, LATER_FACT_IMPOSSIBLE, LATER_FACT_OF_RELATED_HOUSEHOLD,
)  # fmt: skip
"""The rules that every day of a timeline is checked by."""


def require_legal(timeline: Sequence[Recorded], new: Iterable[str], before: Household | None = None) -> None:
    """Raises ``Illegal`` with the rule that a new fact breaks, ``LaterFactInTheWay`` with the older fact that it would make
    illegal.

    ``new``: ids of the new facts. ``before``: the state at the start of the timeline, if that is not its first fact."""
    new_ids = set(new)
    state = Household() if before is None else before
    for _, group in groupby(timeline, key=lambda r: r.fact.effective_on):
        cause, of_day = None, list(group)
        for recorded in of_day:
            if (broken := violated_rule(state, recorded.fact)) is not None:
                raise _refusal(_more_precisely(broken, recorded.fact, of_day), recorded, new_ids)
            # The cause is the last fact before which the invariant held, or a new one of the same day.
            if end_of_day_violation(state) is None or recorded.id in new_ids:
                cause = recorded
            state = evolve(state, recorded)
        if (broken := end_of_day_violation(state)) is not None:
            assert cause is not None  # the invariant held when the day began
            raise _refusal(broken, cause, new_ids)


def _more_precisely(broken: Rule, fact: Fact, of_day: Iterable[Recorded]) -> Rule:
    """Whoever leaves on the day of a joining is a member until its end: leavings come behind joinings."""
    if broken is not ALREADY_A_MEMBER or not isinstance(fact, MemberJoined):
        return broken
    for r in of_day:
        match r.fact:
            case MemberLeft(person_id=person) if person == fact.member.person_id:
                return RETURNS_ON_DAY_OF_LEAVING
            case HouseholdSplit(person_ids=persons) if fact.member.person_id in persons:
                return RETURNS_ON_DAY_OF_LEAVING
    return broken


def _refusal(broken: Rule, recorded: Recorded, new_ids: Collection[str]) -> Refused:
    if recorded.id not in new_ids:
        return LaterFactInTheWay(recorded)
    return Illegal(broken, recorded)
